"""Where a login ends: the site's index page with the sid behind `#`, and the cookies. UserAPI, "Authorisation"."""

from datetime import UTC, datetime, timedelta

from flask import Request, Response
from werkzeug.http import http_date

from userapi_gw.dialect import Dialect
from userapi_gw.state import Opened
from userapi_gw.surface.hosts import host_name

LOGIN_HOST = "login.userapi.com"
COOKIE_LIFETIME = timedelta(days=365)
LONG_AGO = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
IN_FRAME = "; SameSite=None; Secure; Partitioned"
"""What Chromium wants of a cookie that is set in a frame of another site: without all three it keeps none."""


def index_address(base: str, page: str, sid: str, dialect: Dialect) -> str:
    """Return `{base}/index.html#{page};sid={sid}`; the page is left out where programs do not know it."""
    return f"{base}/index.html#{page if dialect.page_in_fragment else ''};sid={sid}"


def is_framed(request: Request) -> bool:
    """Tell whether a browser of today asks in a frame. Programs of 2008 say nothing of the kind."""
    return request.headers.get("Sec-Fetch-Dest") == "iframe"


def welcome_cookies(response: Response, request: Request, dialect: Dialect, opened: Opened, *, framed: bool) -> None:
    """Hand out a login's cookies; `remixmid`, the user id, comes before `remixpassword`."""
    if opened.remixpassword is None:
        return
    if dialect.long_cookies:
        _set(response, request, dialect, "remixmid", str(opened.viewer), framed=framed)
    _set(response, request, dialect, "remixpassword", opened.remixpassword, framed=framed)


def forget_cookies(response: Response, request: Request, dialect: Dialect) -> None:
    """Take them away."""
    framed = is_framed(request)
    if not dialect.long_cookies:
        _set(response, request, dialect, "remixpassword", "", framed=framed)
        return
    for name in ("remixmid", "remixpassword"):
        _set(response, request, dialect, name, "deleted", LONG_AGO, framed=framed)


def _set(
    response: Response,
    request: Request,
    dialect: Dialect,
    name: str,
    value: str,
    expires: datetime | None = None,
    *,
    framed: bool,
) -> None:
    """Set a cookie. Its domain is told only to programs that reached the gateway under that name."""
    line = f"{name}={value}"
    if dialect.long_cookies:
        expires = expires or datetime.now(UTC) + COOKIE_LIFETIME
        line += f"; expires={http_date(expires)}; path=/"
    elif framed:
        line += "; path=/"
    if host_name(request) == LOGIN_HOST:
        line += f"; domain={LOGIN_HOST}"
    response.headers.add("Set-Cookie", line + (IN_FRAME if framed else ""))
