"""What is wrong with settings, in one line."""

import difflib
from collections.abc import Iterable


class SettingsError(Exception):
    """Something is wrong with the settings; the text is one line for the operator and holds no secret."""


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """Return what to tell about a name that does not exist, with the nearest one that does."""
    nearest = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"unknown {what} {name!r}" + (f", did you mean {nearest[0]!r}?" if nearest else "")
