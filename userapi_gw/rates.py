"""How often writing acts may be done before a captcha is asked for, and how such a limit is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

OTHERS = "default"
"""The limit of writing acts that have none of their own."""

UPLOAD = "upload"
"""The limit of `upload.php`, where every file counts."""

OFF = "off"

RATES: Mapping[str, str] = {
    OTHERS: "60/60",
    "add_wall": "20/60",
    "add_message": "60/60",
    "add_photos_comments": "20/60",
    "add_friend": "40/3600",
    "captcha": "300/600",
    "register": "20/3600",
    UPLOAD: "200/3600",
}
"""Limits as they are unless given: far above what somebody does by hand, far below what a flood needs."""

_RATE = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    count: int
    seconds: int


def parse(text: str) -> Rate | None:
    """Read `count/seconds`, or `off` as None. Raises ValueError for anything else."""
    if text == OFF:
        return None
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError("write count/seconds, such as 20/60, or off")
    return Rate(int(found[1]), int(found[2]))


def complete(given: Mapping[str, str]) -> dict[str, str]:
    """Return `given` limits over `RATES`. Raises ValueError that names the one that is no limit."""
    for name, text in given.items():
        try:
            parse(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return {**RATES, **given}


def rate_of(act: str, limits: Mapping[str, str]) -> Rate | None:
    """The limit of an act in the table of `complete`; None when it has none."""
    return parse(limits.get(act, limits[OTHERS]))
