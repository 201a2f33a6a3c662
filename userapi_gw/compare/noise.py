"""What differs between two runs of one side tells nothing about another side."""

from collections.abc import Sequence

from userapi_gw.compare.difference import Difference
from userapi_gw.compare.rules import Rule

MOST_POSITIONS = 5000


class Noise:
    """Positions that were seen to differ, by act."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str]] = set()

    def take(self, act: str, differences: Sequence[Difference]) -> None:
        """Note where an exchange of the two runs differs."""
        if len(self._seen) < MOST_POSITIONS:
            self._seen.update((act, one.pattern) for one in differences)

    def rules(self) -> list[Rule]:
        """Return a rule for each position."""
        return [
            Rule(act=act, position=pattern, do="ignore", name=f"noise {act} {pattern}")
            for act, pattern in sorted(self._seen)
        ]
