"""Where an upload sends the program back to: places we know, never anywhere else."""

import re
import string
from urllib.parse import quote

from flask import Request, Response

from userapi_gw.gateway import Gateway
from userapi_gw.settings import SELF, Site
from userapi_gw.surface.hosts import own_address

LONGEST = 4096
"""Longer addresses than this, in characters, are no `back`."""

# No user names, backslashes, blanks or control characters: browsers and servers read those in different ways.
_ADDRESS = re.compile(
    r"https?://([a-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9a-f:.]+\](?::[0-9]{1,5})?)(?=[/?#]|$)[!-\[\]-~]*", re.I
)


def allowed(back: str, gateway: Gateway, request: Request) -> str:
    """Return `back`, written in ASCII, if its host is that of a registered site or the gateway itself; else `""`."""
    address = quote(back, safe=string.printable)
    found = _ADDRESS.fullmatch(address) if len(address) <= LONGEST else None
    return address if found and found[1].lower() in _hosts(gateway, request) else ""


def site_address(site: Site | None, request: Request) -> str:
    """Return the address of a site without a trailing slash; the gateway's own for the site `self` and for none."""
    return own_address(request) if site is None or site.url == SELF else site.url


def redirect(address: str) -> Response:
    """302 with an empty body; the address stands in the header as it is."""
    response = Response(status="302 Found")
    response.autocorrect_location_header = False
    response.headers["Location"] = address
    response.headers["Cache-Control"] = "no-store"
    del response.headers["Content-Type"]
    return response


def _hosts(gateway: Gateway, request: Request) -> set[str]:
    sites = [*gateway.settings.sites.values(), None]
    return {site_address(site, request).partition("://")[2].partition("/")[0].lower() for site in sites}
