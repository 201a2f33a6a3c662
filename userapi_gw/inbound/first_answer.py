"""The answer to the app's first request, which VK sends along. Document 000, 2.1 (`api_result`).

It may be unsigned, so all that is made of it is what the viewer's own page calls the viewer.
"""

import json
import unicodedata

LONGEST_NAME = 100


def name_of(api_result: str, viewer: int) -> str:
    """Return the viewer's name if `api_result` is what `users.get` says of the viewer, else `""`."""
    try:
        rows = json.loads(api_result)["response"]
        row = next(row for row in rows if row.get("id", row.get("uid")) == viewer)
        name = f"{row['first_name']} {row['last_name']}".strip()
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration, RecursionError):
        return ""
    is_plain = not any(unicodedata.category(character).startswith("C") for character in name)
    return name if is_plain and len(name) <= LONGEST_NAME else ""
