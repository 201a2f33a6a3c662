"""Devino's words: what is sent, and what its answers and callbacks say. Document 002.

The document contradicts itself (a messageId is an array, a number and a text; `result.id` is the same), so all of that
is taken. Ids are texts here: they are above 2^53.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from userapi_gw.state.notifications import STATUSES

LONGEST_ID = 64
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[}\]])', re.DOTALL)
MOST_STATUSES = 10_000


@dataclass(frozen=True, slots=True)
class Result:
    """What the answer says of one message: its id, or the codes of errors. Neither: it says nothing one can read."""

    message_id: str = ""
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """One status of one message. `number` is what `callbackData` says of ours, if that came along."""

    message_id: str
    status: str
    number: int | None = None


def lenient(body: bytes) -> Any:
    """Read JSON, also with a comma too many, as the document writes it. Raises ValueError, RecursionError."""
    try:
        return json.loads(body)
    except ValueError:
        text = body.decode()
        return json.loads(_STRING_OR_COMMA.sub(lambda found: found[1] or "", text))


def identifier(value: Any) -> str:
    """Return an id as text: of a text, a number, or the first of a list; empty when there is none."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if 0 <= value < 10**LONGEST_ID else ""
    text = value.strip() if isinstance(value, str) else ""
    return text if text.isascii() and text.isprintable() and len(text) <= LONGEST_ID else ""


def results(answer: Any, count: int) -> list[Result]:
    """Return what an answer says of `count` messages, by their place. An error of the whole request is one of each.

    Of messages it passes over it says nothing.
    """
    if not isinstance(answer, dict):
        return [Result()] * count
    rows = answer.get("result")
    if isinstance(rows, dict):
        rows = [rows]
    if not isinstance(rows, list):
        return [Result(errors=_errors(answer))] * count
    read = [_result(row) for row in rows]
    if len(read) == 1 < count and read[0].errors:
        return read * count
    return [*read, *[Result()] * count][:count]


def statuses(body: Any) -> list[Told]:
    """Return what a status callback tells, one or a list of them; what cannot be read of it is left out."""
    rows = body if isinstance(body, list) else [body]
    return [told for row in rows[:MOST_STATUSES] if isinstance(row, dict) and (told := _told(row)) is not None]


def answered_message(event: Any) -> str:
    """Return the id of the message that an incoming one answers; empty when it does not say."""
    inner = event.get("object") if isinstance(event, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return identifier(message.get("message_tag")) if isinstance(message, dict) else ""


def _result(row: Any) -> Result:
    if not isinstance(row, dict):
        return Result()
    found = identifier(row.get("messageId")) or identifier(row.get("id"))
    if row.get("code") == "OK":
        return Result(found)
    return Result(errors=_errors(row))


def _errors(row: Mapping[str, Any]) -> tuple[str, ...]:
    reasons = row.get("reasons")
    keys = [reason.get("key") for reason in reasons if isinstance(reason, dict)] if isinstance(reasons, list) else []
    codes = [key for key in keys if isinstance(key, str)]
    if not codes and isinstance(row.get("code"), str):
        codes = [row["code"]]
    return tuple(_tame(code) for code in codes)


def _tame(code: str) -> str:
    """Return a code for the log and the outbox: it is somebody else's text."""
    return "".join(letter for letter in code[:60] if letter.isascii() and (letter.isalnum() or letter in "._-")) or "?"


def _told(row: Mapping[str, Any]) -> Told | None:
    message_id, status = identifier(row.get("messageId")), str(row.get("status")).upper()
    if not message_id or status not in STATUSES:
        return None
    data = row.get("callbackData")
    number = data.get("notification") if isinstance(data, dict) else None
    is_number = isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**31
    return Told(message_id, status, number if is_number else None)


def batches(values: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """Part values into lists of at most `size`."""
    return [values[start : start + size] for start in range(0, len(values), size)]
