"""How OpenVK sends texts: escaped, and with mentions in brackets. Statuses it sends as they were written."""

import re
from html import escape

_MENTION = re.compile(r"(?<![\w\[|@*])[@*](\w+)(?: \(([^()]{1,70})\))?")


def formatted(text: str) -> str:
    """Escape & < >; `@id3` becomes `[id3|@id3]`, and `@id3 (Anna)` or `*id3 (Anna)` become `[id3|Anna]`."""
    plain = escape(text.replace("\r\n", "\n"), quote=False)
    return _MENTION.sub(lambda found: f"[{found[1]}|{found[2] or f'@{found[1]}'}]", plain)
