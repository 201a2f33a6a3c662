"""Text and addresses as old pages can take them: they put what they get into innerHTML."""

import html
import re
from posixpath import basename, splitext
from urllib.parse import quote, urlsplit

NO_PHOTO = "0"
"""What UserAPI sent in place of the address of a missing picture."""

_UNSAFE = re.compile(r"[\x00-\x20\"'<>\\^`{|}\x7f]")


def escape(text: str) -> str:
    """Escape & < > and double quotes; apostrophes stay, as the documentation's samples have them."""
    return html.escape(text, quote=False).replace('"', "&quot;")


def multiline(text: str) -> str:
    """Escape a text of several lines; line ends become `<br>`, which old programs turn back."""
    return escape(text.replace("\r\n", "\n")).replace("\n", "<br>")


def address(url: str) -> str:
    """Return an address made harmless inside HTML attributes; `"0"` for none, and for what is not on the web."""
    if not url.startswith(("http://", "https://")):
        return NO_PHOTO
    return _UNSAFE.sub(lambda found: quote(found[0]), url)


def thumb_name(url: str) -> str:
    """Return the file name without folder and ending, as position 3 of a person wants it (`c_015fd76c`)."""
    if not url:
        return NO_PHOTO
    return splitext(basename(urlsplit(address(url)).path))[0]
