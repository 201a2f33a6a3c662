"""The pages of HTML that an OpenVK shows instead of an answer."""

from typing import Final

from flask import Response

_CRASHED: Final = (
    "<!DOCTYPE html><!-- \"' --></textarea></script></style></pre></xmp></a></audio></button></canvas></datalist>"
    '</details></dialog></iframe><meta charset="utf-8"><title>Server Error</title>'
    "<h1>Server Error</h1><p>We're sorry! The server encountered an internal error.</p>"
)
_NOT_FOUND: Final = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
    '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en">\n'
    "<head><title>404</title></head><body><p>Not found</p></body></html>"
)
HTML: Final = "text/html; charset=UTF-8"


def crashed() -> Response:
    """Return the page of a program that broke."""
    return Response(_CRASHED, 500, content_type=HTML)


def not_found() -> Response:
    """Return the page for an address that is none."""
    return Response(_NOT_FOUND, 404, content_type=HTML)
