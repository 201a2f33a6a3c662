"""OpenVK's long poll, `/nim<person>?act=a_check&key=...&wait=...`. It tells only what happens while somebody waits.

`ts` is the clock and nobody reads the one passed; the first event ends the waiting, and one that comes between two
requests is never told. It stands in `messages.getLongPollHistory` all the same.
"""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, Row, select

from userapi_gw.embedded import events
from userapi_gw.embedded.database import Database
from userapi_gw.embedded.longpoll import LONGEST_WAIT, number, wait_for
from userapi_gw.embedded.openvk.text import formatted
from userapi_gw.embedded.schema import messages


def add_routes(app: Flask, database: Database) -> None:
    """Serve the long poll of each person."""

    def poll(user_id: int) -> Response:
        values = {**request.args.to_dict(), **request.form.to_dict()}
        status, body = _answer(database, user_id, values)
        text = json.dumps(body, separators=(",", ":")) if body else ""
        return Response(text, status, content_type="application/json")

    app.add_url_rule("/nim<int:user_id>", "longpoll", poll, methods=["GET", "POST"])


def _answer(database: Database, user_id: int, values: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    if values.get("act") != "a_check":
        return 400, {}
    if "key" not in values:
        return 403, {}
    with database.read() as db:
        key, since = events.key_row(db, values["key"]), events.newest(db)
    if key is None or key.user_id != user_id:
        return 200, {"failed": 3}
    wait = number(values, "wait", LONGEST_WAIT)
    found = wait_for(database, lambda db: incoming(db, user_id, since), wait)
    with database.read() as db:
        return 200, {"ts": int(time.time()), "updates": [update(db, row) for row in found[:1]]}


def incoming(db: Connection, user_id: int, since: int) -> Sequence[Row[Any]]:
    """Return what OpenVK tells a person of the events after a number: messages that came in, and who is writing.

    It says nothing about messages sent, read or deleted.
    """
    told = events.events.c
    message = (told.code == events.NEW_MESSAGE) & (told.number.bitwise_and(events.OUTBOX) == 0)
    mine = told.user_id == user_id, told.id > since, message | (told.code == events.TYPING)
    return db.execute(select(events.events).where(*mine).order_by(told.id)).all()


def update(db: Connection, row: Row[Any]) -> list[Any]:
    """Return an event as OpenVK writes it."""
    if row.code == events.TYPING:
        return [row.code, row.object_id, 1]
    message = db.execute(select(messages).where(messages.c.id == row.object_id)).one()
    head = [row.code, message.id, 256, row.peer_id, message.date, formatted(message.text)]
    return [*head, {}, {}, message.id << 2, row.peer_id, 0]
