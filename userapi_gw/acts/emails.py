"""What an e-mail address that is written to may look like."""

import re

LONGEST = 254

_EMAIL = re.compile(
    r"(?!.*=\?)[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", re.I | re.A
)
"""What HTML's e-mail fields take, with a dot in the host name, and nothing mail programs decode (`=?utf-8?q?...`)."""


def is_email(text: str) -> bool:
    """Tell whether a text is an address a letter can be sent to."""
    return len(text) <= LONGEST and _EMAIL.fullmatch(text) is not None
