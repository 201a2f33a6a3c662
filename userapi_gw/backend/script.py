"""Several reading calls as one script for VK's `execute`, and its answer taken apart again."""

import json
from typing import Any

MOST_CALLS = 25
"""VK's limit of calls in one script."""

Question = tuple[str, dict[str, Any]]
"""A method and its parameters; those that are None are left out."""


def script(questions: list[Question]) -> str:
    """Return the VKScript `return [API.users.get({...}),...];`, whose result has one place for each call."""
    return f"return [{','.join(_call(method, parameters) for method, parameters in questions)}];"


def parts_of(questions: list[Question], answer: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return for each call the envelope it would have got alone; None if nobody can tell.

    Where a call failed there is `false`, and the errors stand in the order of the calls in `execute_errors`.
    """
    results, errors = answer.get("response"), answer.get("execute_errors") or []
    if not isinstance(results, list) or len(results) != len(questions) or not isinstance(errors, list):
        return None
    failed = [method for (method, _), result in zip(questions, results, strict=True) if result is False]
    if failed != [error.get("method") if isinstance(error, dict) else None for error in errors]:
        return None
    rest = iter(errors)
    return [{"error": next(rest)} if result is False else {"response": result} for result in results]


def _call(method: str, parameters: dict[str, Any]) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"API.{method}({json.dumps(given, ensure_ascii=False, separators=(',', ':'))})"
