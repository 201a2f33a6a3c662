"""Compares the headers old programs read: where a login leads, its cookies, and the content type."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from userapi_gw.compare.judge import Judge
from userapi_gw.compare.kinds import PLAIN, USER, Kind
from userapi_gw.replay.exchange import Exchange

SID = Kind("sid", "same", hidden=True)
COOKIE = Kind("cookie", "same", hidden=True)
GONE = ("", "deleted")
"""Values of cookies that are taken away, in dialects 2008 and 2009."""

_FRAGMENT = re.compile(r"(?P<page>[^;]*);sid=(?P<sid>.*)", re.DOTALL)
_SID = re.compile(r"(sid=)[^&;#]{3,}")
_CODE = re.compile(r"-?\d{1,2}")


@dataclass(frozen=True)
class Cookie:
    """One `Set-Cookie`: its value and attributes, whose names are in small letters."""

    value: str
    attributes: dict[str, str]


def compare_headers(judge: Judge, old: Exchange, new: Exchange) -> None:
    """Compare `Location`, `Set-Cookie` and, where there is a body, `Content-Type`."""
    _compare_types(judge, old, new)
    _compare_redirects(judge, old, new)
    left, right = _cookies(old), _cookies(new)
    for name in [*left, *(name for name in right if name not in left)]:
        _compare_cookies(judge, name, left.get(name), right.get(name), same_host=old.host == new.host)


def _compare_types(judge: Judge, old: Exchange, new: Exchange) -> None:
    left, right = (exchange.header("Content-Type").lower().replace(" ", "") for exchange in (old, new))
    if left != right and (old.body or new.body):
        judge.differ("Content-Type", "content type", left, right)


def _compare_redirects(judge: Judge, old: Exchange, new: Exchange) -> None:
    left, right = (exchange.header("Location").partition("#") for exchange in (old, new))
    pages = [_page(where[0], exchange.host) for where, exchange in ((left, old), (right, new))]
    if pages[0] != pages[1]:
        judge.differ("Location", "redirect", *(_SID.sub(r"\1***", where[0]) for where in (left, right)))
    one, other = (_FRAGMENT.fullmatch(where[2]) for where in (left, right))
    if one is None or other is None:
        if left[2] != right[2]:
            judge.differ("Location.fragment", "redirect", *(_SID.sub(r"\1***", where[2]) for where in (left, right)))
        return
    judge.style("page before ;sid=", bool(one["page"]), bool(other["page"]), "Location.page")
    if one["page"] and other["page"]:
        judge.leaf(PLAIN, one["page"], other["page"], "Location.page")
    _compare_sids(judge, one["sid"], other["sid"])


def _compare_sids(judge: Judge, old: str, new: str) -> None:
    """Compare sids; a number such as -1 stands for a login that failed."""
    if old != new and (_CODE.fullmatch(old) or _CODE.fullmatch(new)):
        judge.differ("Location.sid", "redirect", *(sid if _CODE.fullmatch(sid) else "a sid" for sid in (old, new)))
    elif not _CODE.fullmatch(old):
        _compare_secrets(judge, SID, old, new, "Location.sid")


def _compare_secrets(judge: Judge, kind: Kind, old: str, new: str, position: str) -> None:
    if judge.is_exact and len(old) != len(new):
        judge.differ(position, "value", f"{len(old)} characters", f"{len(new)} characters")
    else:
        judge.leaf(kind, old, new, position)


def _page(address: str, host: str) -> str:
    """Return an address; one on the answering server itself without its host, which is the run's."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return parts.path if host and parts.netloc.lower() == host else address


def _cookies(exchange: Exchange) -> dict[str, Cookie]:
    lines = (value for name, value in exchange.headers if name.lower() == "set-cookie")
    found = {}
    for line in lines:
        first, *rest = line.split(";")
        name, _, value = first.strip().partition("=")
        pairs = (part.strip().partition("=") for part in rest)
        found[name] = Cookie(value, {key.lower(): value for key, _, value in pairs})
    return found


def _compare_cookies(judge: Judge, name: str, old: Cookie | None, new: Cookie | None, *, same_host: bool) -> None:
    position = f"Set-Cookie.{name}"
    if old is None or new is None:
        if judge.across_dialects and name == "remixmid":
            judge.ignore("dialects: long_cookies")
        else:
            judge.differ(position, "cookie", _told(old), _told(new), "lost" if new is None else "new")
        return
    if (old.value in GONE) != (new.value in GONE):
        judge.differ(position, "cookie", _told(old), _told(new))
    elif old.value in GONE:
        judge.style("cookies taken away", old.value, new.value, position)
    elif name == "remixmid":
        judge.leaf(USER, _number(old.value), _number(new.value), position)
    else:
        _compare_secrets(judge, COOKIE, old.value, new.value, position)
    judge.style("cookie attributes", _attributes(old, same_host), _attributes(new, same_host), position)


def _attributes(cookie: Cookie, same_host: bool) -> str:
    """Return what a cookie has besides its value: the names, and values but for the expiry, which is the run's.

    The domain is told only to programs that reached the server under that name.
    """
    skipped = () if same_host else ("domain",)
    kept = {name: value for name, value in sorted(cookie.attributes.items()) if name not in skipped}
    return "; ".join(name if name in ("expires", "max-age") else f"{name}={value}" for name, value in kept.items())


def _number(text: str) -> int | str:
    return int(text) if text.isdecimal() and len(text) < 20 else text


def _told(cookie: Cookie | None) -> str:
    """Say whether there is a cookie; its value is a secret."""
    return "" if cookie is None else "taken away" if cookie.value in GONE else "set"
