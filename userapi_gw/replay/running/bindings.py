"""Which value of the new server stands for which of the capture."""

import re
from collections import Counter
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field, replace

from userapi_gw.replay.exchange import AUTH, Exchange
from userapi_gw.replay.parameters import changed_fields, changed_pairs
from userapi_gw.replay.running.minted import KINDS, VERSION, Minted, kind_of, minted, pairs, value_of

SID = "sid"
REMIXPASSWORD = "remixpassword"
SECRETS = (SID, REMIXPASSWORD, "hash")
"""Kinds whose values are found wherever they stand, as in an address inside of an address."""

Binding = tuple[str, str, str, str]
"""Kind, whose (of which user's list, by which session), old value, new value."""

_HEX = re.compile(r"[0-9a-f]{32,}")
_SID_IN_ADDRESS = re.compile(r"[#;&?]sid=([^&;#]*)")
_COOKIE = re.compile(r"([^=;\s]+)=([^;]*)")
_FILE = re.compile(rb'filename="[^"]')
_OF_PHOTOS = ("put_tag", "delete_tag", "confirm_tag")


@dataclass
class Bindings:
    """Values of the capture with those that take their places. The newest counts."""

    _of: MutableMapping[tuple[str, ...], str] = field(default_factory=dict)
    _any: MutableMapping[tuple[str, ...], str] = field(default_factory=dict)
    _uploaded: Counter[str] = field(default_factory=Counter)

    def take(self, bindings: Iterable[Binding]) -> None:
        """Remember bindings."""
        for kind, whose, old, new in bindings:
            self._of[kind, whose, old] = self._any[kind, old] = new

    def new(self, kind: str, whose: str, old: str) -> str | None:
        """Return what takes the place of an old value, that of another list's when this one's is not known."""
        return self._of.get((kind, whose, old), self._any.get((kind, old)))

    def has(self, kind: str, old: str) -> bool:
        """Tell whether something takes the place of an old value."""
        return (kind, old) in self._any

    def learn(self, old: Exchange, new: Exchange) -> list[Binding]:
        """Compare what two servers answered to the same request, remember what belongs together, and return it."""
        if old.act == "upload":
            self._uploaded[old.parameters.get("oid", "")] += len(_FILE.findall(old.request_body))
        found = [*_cookies_and_sids(old, new), *self._objects(old, new)]
        told = [binding for binding in found if binding[2] != binding[3] or self.has(binding[0], binding[2])]
        self.take(told)
        return told

    def _objects(self, old: Exchange, new: Exchange) -> Iterable[Binding]:
        act = old.act
        if old.body == new.body or act in ("auth", "upload", "captcha") or not (kind_of(act) or act in _TELLING):
            return
        from_start = old.parameters.get("from", "0") in ("", "0")
        before, after = (self._marked(minted(act, value_of(one)), from_start) for one in (old, new))
        for kind, was, now in pairs(before, after):
            yield kind, _whose(kind, old), was, now
            if kind == "photo":
                self._uploaded.pop(was.partition("_")[0], None)

    def _marked(self, objects: Iterable[Minted], from_start: bool) -> list[Minted]:
        """Photos say nothing, but those uploaded on the way stand first in both lists: let them say that."""
        return [replace(one, like="uploaded") if from_start and self._is_uploaded(one) else one for one in objects]

    def _is_uploaded(self, one: Minted) -> bool:
        return any(kind == "photo" and one.index < self._uploaded[value.partition("_")[0]] for kind, value in one.ids)

    def rebound(self, exchange: Exchange, instead: dict[str, str] | None = None) -> Exchange:
        """Return a request with new values in the places of old ones; `instead` are parameters said otherwise."""

        def change(name: str, value: str) -> str | None:
            if instead and name in instead:
                return instead[name]
            return self._parameter(exchange, name, value)

        base, mark, query = exchange.url.partition("?")
        body = exchange.request_body
        if exchange.request_header("Content-Type").lower().startswith("multipart/"):
            body = changed_fields(body, change)
        elif body:
            body = changed_pairs(body.decode("latin-1"), change).encode("latin-1")
        headers = tuple((name, self._header(name, value)) for name, value in exchange.request_headers)
        return replace(
            exchange, url=base + mark + changed_pairs(query, change), request_headers=headers, request_body=body
        )

    def _header(self, name: str, value: str) -> str:
        if name.lower() == "cookie":
            return _COOKIE.sub(lambda found: f"{found[1]}={self.new(found[1], '', found[2]) or found[2]}", value)
        return self._in_text(value) if name.lower() == "referer" else value

    def _in_text(self, text: str) -> str:
        return _HEX.sub(lambda found: self._secret(found[0]) or found[0], text)

    def _secret(self, old: str) -> str | None:
        return next((new for kind in SECRETS if (new := self.new(kind, "", old)) is not None), None)

    def _parameter(self, exchange: Exchange, name: str, value: str) -> str | None:
        """The new value of a parameter, None when it stays."""
        kind = _named(exchange.act, name)
        if not kind:
            changed = self._in_text(value)
            return changed if changed != value else None
        owner, separator, last = value.rpartition("_") if name == "wid" else ("", "", value)
        new = self.new(kind, _whose(kind, exchange), last)
        return None if new is None else f"{owner}{separator}{new}"


_TELLING = frozenset({"history", "data", "profile", *_OF_PHOTOS})


def _named(act: str, name: str) -> str:
    """What kind of value a parameter names, `""` for one that no answer gave out."""
    kind = kind_of(act)
    if name in (SID, REMIXPASSWORD):
        return name
    if name in ("wid", "ts"):
        return kind and (kind if name == "wid" else VERSION + kind)
    if name == "parent":
        return "photo" if kind == "comment" or act in _OF_PHOTOS else ""
    if name in KINDS and act in ("history", "data"):
        return VERSION + KINDS[name]
    return {"tid": "tag", "aid": "album", "photo": "photo"}.get(name, "")


def _whose(kind: str, exchange: Exchange) -> str:
    """Whose list it is: that of a user, or what the viewer of a session has."""
    user = exchange.parameters.get("id", "")
    if user.isdecimal() and int(user) and kind not in ("message", f"{VERSION}message"):
        return user
    return exchange.parameters.get("sid", "")


def sid_of(exchange: Exchange) -> str:
    """The sid a login ended with, or the number that stands for none; `""` when the answer tells neither."""
    found = _SID_IN_ADDRESS.search(exchange.header("Location"))
    return found[1] if found else ""


def _cookies_and_sids(old: Exchange, new: Exchange) -> Iterable[Binding]:
    before, after = sid_of(old), sid_of(new)
    if is_sid(before) and is_sid(after):
        yield SID, "", before, after
    if old.path == AUTH:
        cookies = cookies_of(new)
        for name, value in cookies_of(old).items():
            if name in cookies:
                yield name, "", value, cookies[name]


def is_sid(text: str) -> bool:
    """Tell whether this is a sid, and no number or word in its place."""
    return len(text) >= 8 and text.isascii() and text.isalnum()


def cookies_of(exchange: Exchange) -> dict[str, str]:
    """Return the cookies an answer sets, by name."""
    lines = [value for name, value in exchange.headers if name.lower() == "set-cookie"]
    return {name: value for line in lines for name, value in _COOKIE.findall(line)[:1] if value != "deleted"}
