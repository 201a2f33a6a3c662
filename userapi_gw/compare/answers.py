"""Compares two answers to one request: the whole bytes first, then status, redirect, cookies, content type and body."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from userapi_gw.acts import ACTS
from userapi_gw.compare.body import Body, is_spelled, read
from userapi_gw.compare.difference import Findings, shown
from userapi_gw.compare.headers import compare_headers
from userapi_gw.compare.judge import Judge, Knowledge
from userapi_gw.compare.positions import form_of
from userapi_gw.compare.scene import Scene, scene_of
from userapi_gw.compare.structure import Walk
from userapi_gw.imaging import size_of
from userapi_gw.replay.exchange import Exchange

Verdict = Literal["matched", "divergent", "unserved"]

CAPTCHA = "captcha"
NOT_SERVED = {"ok": 0}


@dataclass
class Judged:
    """What came of one exchange. `reason` tells why it is unserved, `whole` that both answers are the same bytes."""

    verdict: Verdict
    findings: Findings = field(default_factory=Findings)
    reason: str = ""
    whole: bool = False

    def excuse(self, kinds: frozenset[str]) -> None:
        """Leave out differences of these kinds, see `Knowledge.excused`."""
        excused = [one for one in self.findings.differences if one.what in kinds]
        self.findings.ignored.update(f"{one.what} of other data" for one in excused)
        self.findings.differences = [one for one in self.findings.differences if one.what not in kinds]
        if excused and not self.findings.differences:
            self.verdict = "matched"


def judge(old: Exchange, new: Exchange, knowledge: Knowledge, since: tuple[float, float] = (0, 0)) -> Judged:
    """Compare two answers to what should be one request; `since` is when the two runs began."""
    if old.status is None or new.status is None:
        return Judged("unserved", reason="no answer on the " + ("old side" if old.status is None else "new side"))
    findings = Findings()
    scene = scene_of(old.act, old.parameters, f"{old.number} {old.act}", since)
    judging = Judge(knowledge, scene, findings)
    whole = old.status == new.status and old.body == new.body
    key = _key(scene, old, new) if whole else None
    if key not in knowledge.seen:
        left, right = read(old.body), read(new.body)
        if _is_unserved(old.act, left.value, right.value):
            return Judged("unserved", reason="answered as an unknown act")
        if old.status != new.status:
            judging.differ("status", "status", str(old.status), str(new.status))
        _bodies(judging, old, new, left, right)
        if key and not findings.differences:
            knowledge.seen[key] = True
    compare_headers(judging, old, new)
    return Judged("divergent" if findings.differences else "matched", findings, whole=whole)


def _key(scene: Scene, old: Exchange, new: Exchange) -> tuple[str, ...]:
    """Return what two equal bodies are known by: once they were looked at, they tell nothing new."""
    asked = (one.parameters.get("back", "") for one in (old, new))
    return scene.act, scene.owner, scene.session, scene.listing, *asked, sha256(old.body).hexdigest()


def _is_unserved(act: str, old: Any, new: Any) -> bool:
    """Tell whether the new answer is that to an unknown act, and the old one is not.

    Where the old answer has an `ok`, 0 may be a failure of an act that is known.
    """
    may_fail = isinstance(old, dict) and "ok" in old and (act in ACTS or old == NOT_SERVED)
    return bool(new == NOT_SERVED) and not may_fail


def _bodies(judging: Judge, old: Exchange, new: Exchange, left: Body, right: Body) -> None:
    if "bytes" in (left.form, right.form):
        _raw(judging, old, new)
        return
    if left.form != right.form or _is_asked(old, left) != _is_asked(new, right):
        judging.differ("callback", "callback", _told(left), _told(right), "JSON alone, or in the callback of `back`")
    if left.spaced is not None and right.spaced is not None:
        judging.style("blanks in JSON", left.spaced, right.spaced, "body")
    judging.style("blanks around JSON", left.padded, right.padded, "body")
    judging.style("plain JSON", is_spelled(old.body, left), is_spelled(new.body, right), "body")
    Walk(judging).compare(form_of(old.act, left.value), left.value, right.value)


def _is_asked(exchange: Exchange, body: Body) -> bool:
    """Tell whether the callback around an answer is the one the request asked for."""
    return body.callback == exchange.parameters.get("back", "")


def _told(body: Body) -> str:
    return f"{body.callback}(...);" if body.form == "JSONP" else body.form


def _raw(judging: Judge, old: Exchange, new: Exchange) -> None:
    """Compare bodies of which one is no JSON. A captcha is another picture each time, of the same size."""
    if old.body == new.body:
        return
    sizes = [size_of(exchange.body) for exchange in (old, new)]
    if old.act == CAPTCHA and sizes[0] is not None and sizes[0] == sizes[1]:
        judging.ignore("captcha picture")
    else:
        judging.differ("body", "body", *(_sketch(exchange.body) for exchange in (old, new)))


def _sketch(body: bytes) -> str:
    return f"{len(body)} bytes beginning with {shown(body[:40])}"
