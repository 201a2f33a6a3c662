"""`act=history`: what changed, what waits, and what will be needed soon, in one poll.

UserAPI documentation, "Periodically obtaining updates history for an object" and "Pre-loading data".
"""

from collections.abc import Iterator
from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.histories import MAILBOX
from userapi_gw.acts.parameters import number
from userapi_gw.acts.parents import parent_of
from userapi_gw.acts.profile import profile
from userapi_gw.acts.registry import ACTS, act, served
from userapi_gw.backend.model import Window
from userapi_gw.shapes.text import escape
from userapi_gw.state import StreamKey

UPDATES = ("updates_photos", "updates_tagged_photos", "updates_friends", "updates_activity")
COMMENTS = "photos_comments"
STREAMS = ("wall", "activity", "message", *UPDATES, COMMENTS)
"""Parameters whose value is the version the program has of that list."""

PRELOADS = {
    "inbox": ("inbox",),
    "outbox": ("outbox",),
    "friends_new": ("friends_new",),
    "fave": ("fave", "fave_online", "faved"),
}
"""Parameters whose value is a number of rows, and the lists that come for it."""

MOST_READ = 500


@act("history", "Periodically obtaining updates history for an object", form="whole")
def history(call: Call) -> dict[str, Any]:
    """Histories since the versions sent, counters, and lists loaded beforehand."""
    _mark_read(call)
    answer = _histories(call) | dict(_preloads(call))
    counters = call.counters.of(call.backend)
    if not answer:
        answer = {"nm": counters.messages, "nf": counters.friends, "nph": counters.photos}
    else:
        answer |= {"nf": counters.friends, "nm": counters.messages}
        answer |= {"nph": counters.photos} if call.dialect.counters_always else {}
    return answer | _facts(call)


@act("prepare_updates", "Periodically obtaining updates history for an object", form="whole")
def prepare_updates(call: Call) -> dict[str, Any]:
    """Announce that lists will be asked for soon. They are made when asked for, so there is nothing to prepare."""
    return {"ok": 1}


def _mark_read(call: Call) -> None:
    """Mark the messages of `read={id}_{id}_...` as read; the mailbox's history shows it at once."""
    ids = [number(part) for part in call.parameters.text("read").split("_")[:MOST_READ]]
    ids = [message_id for message_id in ids if message_id > 0]
    if ids:
        call.backend.mark_read(ids)
        call.counters.forget(call.viewer)
        call.histories.refresh(call.histories.key("message", MAILBOX), 0)


def _histories(call: Call) -> dict[str, Any]:
    asked = {name: ts for name in STREAMS if (ts := call.version(name)) is not None}
    keys = {name: _key(call, name) for name in asked}
    histories = call.histories
    if COMMENTS in asked:
        histories = histories.of_photo(parent_of(call.parameters, call.owner_id).photo_id)
    found = histories.poll({keys[name]: ts for name, ts in asked.items()})
    answer: dict[str, Any] = {name: {"h": found[key]} for name, key in keys.items()}
    if COMMENTS in answer:
        answer[COMMENTS]["parent"] = escape(call.parameters.text("parent"))
    return answer


def _key(call: Call, name: str) -> StreamKey:
    if name == COMMENTS:
        parent = parent_of(call.parameters, call.owner_id)
        return call.histories.key(parent.kind, parent.owner_id)
    owners = {"wall": call.owner_id, "activity": call.user_id}
    return call.histories.key(name, owners.get(name, call.viewer))


def _preloads(call: Call) -> Iterator[tuple[str, Any]]:
    for parameter, names in PRELOADS.items():
        rows = call.parameters.number(parameter)
        for name in names if rows > 0 else ():
            yield name, preload(call, name, rows)
    if call.parameters.has("profile"):
        yield "profile", profile(call.about(call.viewer))


def preload(call: Call, name: str, rows: int) -> Any:
    """The first `rows` rows of one list as `{n, d}`."""
    declared = ACTS[name]
    part = call.over(Window(0, min(rows, declared.most)))
    return served(lambda: declared.function(part).counted(with_history=False), {"n": 0, "d": []})


def _facts(call: Call) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if call.parameters.has("frnum"):
        facts["frnum"] = call.backend.friends(call.viewer, Window(0, 0)).total
    if call.parameters.has("us"):
        facts["us"] = call.viewer
    return facts
