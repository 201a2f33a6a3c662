"""The channel of Devino, which brings messages of a VK group to telephone numbers. Document 002."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from userapi_gw.notify.devino_http import DevinoHttp, Reply
from userapi_gw.notify.devino_model import Result, batches, results
from userapi_gw.notify.outcome import LOST, Fate, Outcome, sent
from userapi_gw.notify.parcel import Parcel
from userapi_gw.settings.notify import Devino, DevinoTemplate

log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
"""Messages in one request."""
DAY = 86400.0

ERRORS: Mapping[str, Outcome] = {
    "service.not.found": Outcome(Fate.NEXT, "service.not.found", alarm=True),
    "billing.error": Outcome(Fate.NEXT_OR_LATER, "billing.error", alarm=True),
    "message.contains.invalid.templateId": Outcome(Fate.NEXT, "message.contains.invalid.templateId", alarm=True),
    "is.spam": Outcome(Fate.NEXT, "is.spam", alarm=True),
    "too.many.messages": Outcome(Fate.LATER, "too.many.messages"),
    "login.must.be.not.null": Outcome(Fate.NEXT_OR_LATER, "login.must.be.not.null", alarm=True),
}
"""What becomes of a message by its error code; by others it goes to the next channel, and the operator is told."""


class Reserve(Protocol):
    """Takes a turn of a name if there is one within `patience`; see `CallRates.reserve`."""

    def __call__(self, most: int, token: str, patience: float, *, seconds: float = 1.0) -> float | None:
        """Return the seconds until the turn; None without one."""


class DevinoChannel:
    """Sends to users whose telephone number is known. `callbacks` is where Devino tells of statuses, `""` nowhere."""

    name = "devino"
    carries_letters = False

    def __init__(self, account: Devino, http: DevinoHttp, reserve: Reserve, callbacks: str) -> None:
        self._account, self._http, self._reserve, self._callbacks = account, http, reserve, callbacks

    def send(self, parcels: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome]]:
        """Send as many at once as may be; those over the limit of a second come later, of a day by another channel."""
        ready: list[Parcel] = []
        for parcel in parcels:
            refused = self._refused(parcel)
            if refused is None:
                ready.append(parcel)
            else:
                yield parcel, refused
        for batch in batches(ready, MOST_AT_ONCE):
            yield from self._send(batch)

    def _refused(self, parcel: Parcel) -> Outcome | None:
        """Return why a parcel cannot be sent now, else None: then its turn is taken."""
        account, person = self._account, parcel.person
        if person is None or parcel.kind not in account.templates:
            return Outcome(Fate.NO_WAY, "no template")
        if not person.phone:
            return Outcome(Fate.NO_WAY, "no usable telephone number")
        if self._reserve(account.per_second, f"devino {account.service}", 0) is None:
            return Outcome(Fate.LATER, "too many in a second", after=1.0)
        day = f"devino {account.service} {person.phone}"
        if self._reserve(account.per_day, day, 0, seconds=DAY) is None:
            return Outcome(Fate.NEXT, "too many today")
        return None

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[Parcel, Outcome]]:
        begun = [parcel for parcel in batch if parcel.begin(self.name, repeatable=False)]
        yield from ((parcel, LOST) for parcel in batch if parcel not in begun)
        if begun:
            reply = self._http.post([self._message(parcel) for parcel in begun])
            yield from zip(begun, _outcomes(reply, len(begun)), strict=True)

    def _message(self, parcel: Parcel) -> dict[str, Any]:
        """Return one message of a request. Document 002, "Request parameters"."""
        account, person = self._account, parcel.person
        assert person is not None  # noqa: S101 - those without were refused
        template = account.templates[parcel.kind]  # type: ignore[index]
        message: dict[str, Any] = {
            "phone": person.phone,
            "service": account.service,
            "routes": list(account.routes),
            "ttl": account.ttl,
            "tmpl_data": {"count": str(parcel.job.row["count"]), "link": person.link},
            "callbackData": {"notification": parcel.job.id},
            **_named(template),
        }
        if account.delivery_policy:
            message["delivery_policy"] = account.delivery_policy
        if self._callbacks and account.callback_secret:
            message["status_url"] = (
                f"{self._callbacks}/{person.site}/{account.callback_secret.get_secret_value()}/status"
            )
        return message


def _named(template: DevinoTemplate) -> dict[str, Any]:
    by_id = {"templateId": template.id} if template.id is not None else {}
    return by_id | ({"tmpl": template.name} if template.name else {})


def _outcomes(reply: Reply | None, count: int) -> list[Outcome]:
    """Return what became of the messages of a request, by their place. What may have been sent is uncertain."""
    if reply is None:
        return [Outcome(Fate.UNCERTAIN, "no answer")] * count
    if reply.status == 0:
        return [Outcome(Fate.NEXT_OR_LATER, "no connection")] * count
    if reply.status == 429:
        return [Outcome(Fate.LATER, "HTTP 429")] * count
    if reply.status >= 500:
        return [Outcome(Fate.UNCERTAIN, f"HTTP {reply.status}")] * count
    if reply.status in (401, 403):
        return [Outcome(Fate.NEXT_OR_LATER, f"HTTP {reply.status}: is the key right?", alarm=True)] * count
    found = results(reply.body, count) if reply.is_whole else [Result()] * count
    return [_outcome(result, reply.status) for result in found]


def _outcome(result: Result, status: int) -> Outcome:
    if result.message_id:
        return sent(result.message_id)
    if result.errors:
        unknown = Outcome(Fate.NEXT, f"refused: {result.errors[0]}", alarm=True)
        return next((ERRORS[code] for code in result.errors if code in ERRORS), unknown)
    if status >= 300:
        return Outcome(Fate.NEXT, f"HTTP {status}", alarm=True)
    return Outcome(Fate.UNCERTAIN, "an answer without sense")
