"""Compares answers by their form: keys and types, not values."""

from collections.abc import Iterable
from typing import Any

OFTEN_MISSING = {"status", "online_mobile", "is_from_post_author"}
"""Keys OpenVK leaves out where there is nothing to tell."""

Form = frozenset[tuple[str, str]]
"""What may stand where: pairs of a path (`response.items[].id`) and a type (`int`)."""


def form(value: Any, path: str = "") -> Form:
    """Return all paths of a JSON value with their types. Items of a list share one path."""
    if isinstance(value, dict):
        inner = [form(one, f"{path}.{'#' if key.isdigit() else key}") for key, one in value.items()]
    elif isinstance(value, list):
        inner = [form(one, f"{path}[]") for one in value]
    else:
        return frozenset({(path, type(value).__name__)})
    return frozenset({(path, type(value).__name__)}).union(*inner)


def differences(recorded: Any, answered: Any) -> list[str]:
    """Tell how the form of an answer differs from the recorded one: paths one of them lacks, other types.

    A list that is empty on one side says nothing of its items; null may stand for anything that is not told.
    """
    expected, got = _types(form(recorded)), _types(form(answered))
    found = [f"no {path}" for path in _told(expected.keys() - got.keys(), got)]
    found += [f"too much: {path}" for path in _told(got.keys() - expected.keys(), expected)]
    for path in expected.keys() & got.keys():
        unexpected = got[path] - expected[path] - {"NoneType"}
        if unexpected and expected[path] != {"NoneType"}:
            found.append(f"{path} is {sorted(unexpected)}, not {sorted(expected[path])}")
    return sorted(found)


def _types(pairs: Form) -> dict[str, set[str]]:
    types: dict[str, set[str]] = {}
    for path, kind in pairs:
        types.setdefault(path, set()).add(kind)
    return types


def _told(paths: Iterable[str], others: dict[str, set[str]]) -> list[str]:
    return [
        path for path in paths if path.rpartition(".")[2] not in OFTEN_MISSING and not _in_list_unknown_to(path, others)
    ]


def _in_list_unknown_to(path: str, others: dict[str, set[str]]) -> bool:
    """Whether a path goes through a list that has no items on the other side, or through a null there."""
    starts = [path[:place] for place in range(len(path)) if path[place] in ".["]
    empty_list = any(path[len(start) :].startswith("[]") and f"{start}[]" not in others for start in starts)
    return empty_list or path.endswith("[]") or any(others.get(start) == {"NoneType"} for start in starts)
