"""`execute`: several calls in one request, in the one form of script that reading programs need.

VK runs a language of its own (VKScript) there. This server knows `return [API.users.get({"user_ids":1}), ...];` alone:
a list of calls, whose parameters are JSON objects. Every other script is VK error 12.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from userapi_gw.embedded.errors import VkError

MOST_CALLS = 25
"""VK's limit of calls in one script."""

_START, _END = re.compile(r"\s*return\s*\[\s*"), re.compile(r"\s*\]\s*;?\s*")
_NAME, _CLOSE = re.compile(r"API\.([a-z]+\.[a-zA-Z]+)\(\s*"), re.compile(r"\s*\)\s*(,\s*|(?=\]))")
_DECODER = json.JSONDecoder()


def calls_of(code: str) -> list[tuple[str, dict[str, str]]]:
    """Return method and parameters of each call of a script.

    Raises VK error 12 for a script of another form and 13 for one of too many calls.
    """
    place, calls = _after(_START, code, 0).end(), list[tuple[str, dict[str, str]]]()
    while not _END.fullmatch(code, place):
        name = _after(_NAME, code, place)
        parameters, place = _object(code, name.end())
        place = _after(_CLOSE, code, place).end()
        calls.append((name[1], {key: _text(value) for key, value in parameters.items()}))
    if len(calls) > MOST_CALLS:
        raise VkError(13, "too many API calls")
    return calls


def run(calls: list[tuple[str, dict[str, str]]], call: Callable[[str, dict[str, str]], object]) -> dict[str, Any]:
    """Make each call and return VK's envelope: `false` stands for one that failed, its error in `execute_errors`."""
    response, errors = list[object](), list[dict[str, Any]]()
    for method, parameters in calls:
        try:
            response.append(call(method, parameters))
        except VkError as error:
            response.append(False)
            errors.append({"method": method, "error_code": error.code, "error_msg": error.message})
    return {"response": response, **({"execute_errors": errors} if errors else {})}


def _object(code: str, place: int) -> tuple[dict[str, Any], int]:
    try:
        value, end = _DECODER.raw_decode(code, place)
    except (json.JSONDecodeError, RecursionError):
        raise VkError(12) from None
    if not isinstance(value, dict):
        raise VkError(12)
    return value, end


def _after(pattern: re.Pattern[str], code: str, place: int) -> re.Match[str]:
    found = pattern.match(code, place)
    if found is None:
        raise VkError(12)
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
