"""Times as captures write them."""

import math
from datetime import UTC, datetime


def seconds(text: str) -> float | None:
    """Return ISO 8601 in unix seconds; None for what is none, and for 1970, which stands for a time nobody knows."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() or None
    except (ValueError, OverflowError):
        return None


def iso(began: float | None) -> str:
    """Return unix seconds in ISO 8601 with microseconds; formats that must tell a time say 1970 when nobody knows."""
    if began is None or not math.isfinite(began):
        began = 0.0
    try:
        moment = datetime.fromtimestamp(began, UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.fromtimestamp(0, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
