"""Reads what is posted to `/callback/{site}`. Document "Callback API", section 2; API 5.103 added to it."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

CONFIRMATION = "confirmation"
"""The type that asks whether a server belongs to the community."""

SAME_BODY_SECONDS = 600.0
"""An event without a number that comes again word by word within so long is the same one: numbers are from 2020."""


class _Envelope(BaseModel):
    """What all events have. `object` is whatever the type says; more names may come with it."""

    model_config = ConfigDict(extra="ignore", strict=True)

    type: str = Field(pattern=r"^[0-9A-Za-z_.-]{1,64}$")
    object: dict[str, Any] = {}
    group_id: int | None = None
    event_id: str | None = Field(default=None, max_length=200)
    secret: str = Field(default="", max_length=200)


class NotAnEventError(Exception):
    """What was posted is no event; the text says why, without repeating anything of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its type, whose it is (`group`, 0 when it does not say), what tells it from others, what it is about.

    `about` is the object as JSON in ASCII, which every database keeps as it is. `secret` goes no further.
    """

    kind: str
    group: int
    key: str
    about: str = field(repr=False)
    secret: str = field(repr=False)


def read(body: bytes, now: float) -> Event:
    """Read an event that came at `now` (unix seconds). Raises `NotAnEventError`."""
    try:
        envelope = _Envelope.model_validate(json.loads(body))
    except (ValueError, RecursionError) as error:  # of ValueError: bad JSON, bad UTF-8, and pydantic's own
        raise NotAnEventError(_reason(error)) from None
    return Event(
        kind=envelope.type,
        group=envelope.group_id or 0,
        key=_key(envelope.event_id, body, now),
        about=json.dumps(envelope.object),
        secret=envelope.secret,
    )


def _key(event_id: str | None, body: bytes, now: float) -> str:
    if event_id:
        return hashlib.sha256(b"id " + event_id.encode()).hexdigest()
    moment = str(int(now // SAME_BODY_SECONDS)).encode()
    return hashlib.sha256(b"body " + moment + b" " + body).hexdigest()


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = first["loc"][0] if first["loc"] else "the event"
        return f"{name if name in _Envelope.model_fields else 'the event'}: wrong or missing"
    return "not JSON"
