"""VK's user long poll: `/longpoll?act=a_check&key=...&ts=...&wait=...&mode=...&version=...`.

https://dev.vk.com/api/user-long-poll/getting-started: a request waits until something happens or `wait` seconds are
over, and answers `{"ts": next, "updates": [...]}`, or `{"failed": 1 to 4}`.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from flask import Flask, Response, request
from sqlalchemy import Connection, Row, select

from userapi_gw.embedded import events
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.params import MAX_ID
from userapi_gw.embedded.people import plain_to_html
from userapi_gw.embedded.schema import messages

LONGEST_WAIT: Final = 25
"""In seconds; more is cut down to this, as VK advises programs not to ask for more."""

_LOOK_EVERY = 0.2  # seconds: processes share nothing but the database
_MOST = 200  # events in one answer
_NEWEST_VERSION = 3
_ATTACHMENTS, _PTS, _RANDOM_ID = 2, 32, 128  # bits of `mode`
_Found = TypeVar("_Found")


def add_route(app: Flask, database: Database) -> None:
    """Serve the long poll at `/longpoll`."""

    def poll() -> Response:
        body = _answer(database, {**request.args.to_dict(), **request.form.to_dict()})
        return Response(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")

    app.add_url_rule("/longpoll", "longpoll", poll, methods=["GET", "POST"])


def wait_for(database: Database, look: Callable[[Connection], _Found], seconds: float) -> _Found:
    """Return what `look` finds in the database as soon as it is true, or the last time after so many seconds."""
    deadline = time.monotonic() + min(seconds, LONGEST_WAIT)
    while True:
        with database.read() as db:
            found = look(db)
        left = deadline - time.monotonic()
        if found or left <= 0:
            return found
        time.sleep(min(_LOOK_EVERY, left))


def number(values: Mapping[str, str], name: str, default: int) -> int:
    """Return a parameter of a long poll that is a natural number, else the default."""
    value = values.get(name, "")
    return min(int(value), MAX_ID) if value.isascii() and value.isdigit() and len(value) < 20 else default


def _answer(database: Database, values: Mapping[str, str]) -> dict[str, Any]:
    if number(values, "version", 0) > _NEWEST_VERSION:
        return {"failed": 4, "min_version": 0, "max_version": _NEWEST_VERSION}
    with database.read() as db:
        key, newest = events.key_row(db, values.get("key", "")), events.newest(db)
        ts = number(values, "ts", newest)
        stale = ts > newest or not events.is_kept(db, ts)
    if key is None:
        return {"failed": 3}
    if key.created < time.time() - events.KEY_SECONDS:
        return {"failed": 2}
    if stale:
        return {"failed": 1, "ts": newest}
    return _updates(database, key.user_id, ts, values)


def _updates(database: Database, viewer: int, ts: int, values: Mapping[str, str]) -> dict[str, Any]:
    mode = number(values, "mode", 0)
    found = wait_for(database, lambda db: events.after(db, viewer, ts, _MOST), number(values, "wait", LONGEST_WAIT))
    with database.read() as db:
        updates = [update(db, row, mode) for row in found]
    ts = found[-1].id if found else ts
    return {"ts": ts, **({"pts": ts} if mode & _PTS else {}), "updates": updates}


def update(db: Connection, row: Row[Any], mode: int) -> list[Any]:
    """Return one update as VK's version 3 has it: a code, then numbers, and for messages the text as HTML."""
    if row.code in (events.READ_IN, events.READ_OUT, events.CLEARED):
        return [row.code, row.object_id, row.number]
    if row.code == events.TYPING:
        return [row.code, row.object_id, 1]
    short = [row.code, row.object_id, row.number, row.peer_id]
    return [*short, *_message(db, row.object_id, mode)] if row.code in (events.NEW_MESSAGE, events.EDITED) else short


def _message(db: Connection, message_id: int, mode: int) -> list[Any]:
    message = db.execute(select(messages).where(messages.c.id == message_id)).one()
    text = plain_to_html(message.text).replace("\n", "<br>")
    attachments: list[Any] = [{}] if mode & _ATTACHMENTS else []
    random_id = [message.random_id or 0] if mode & _RANDOM_ID else []
    return [message.date, text, {"title": " ... "}, *attachments, *random_id]
