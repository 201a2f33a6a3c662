"""A finished comparison as all reports see it: names of the sides, totals, and exchanges that did not match."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from userapi_gw.compare.answers import Verdict
from userapi_gw.compare.comparison import Comparison
from userapi_gw.compare.difference import HIDDEN
from userapi_gw.compare.results import Result, Totals
from userapi_gw.replay.exchange import Exchange

VERDICTS: tuple[Verdict, ...] = ("matched", "divergent", "unserved")
SECRET = frozenset({"sid", "pass", "remixpassword", "hash", "rhash", "cid", "fccode", "ccode"})
"""Parameters that open something; reports show that they were sent."""

LONGEST_REQUEST = 300


@dataclass(frozen=True)
class Report:
    """What to report. `old` and `new` are the sides as the user named them."""

    comparison: Comparison
    old: str
    new: str

    @property
    def totals(self) -> Totals:
        """All counts."""
        return self.comparison.results.totals

    @property
    def is_clean(self) -> bool:
        """Whether everything matched."""
        verdicts = self.totals.verdicts()
        return not verdicts["divergent"] and not verdicts["unserved"]

    def acts(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return for each act how many exchanges got which of `VERDICTS`, by name."""
        counts = sorted(self.totals.acts.items())
        return [(printable(act), tuple(count[verdict] for verdict in VERDICTS)) for act, count in counts]

    def fields(self) -> list[tuple[str, str, str, int]]:
        """Return act, position, kind and number of differences, the most frequent first."""
        return [
            (printable(act), printable(position) or "(answer)", what, count)
            for (act, position, what), count in self.totals.fields.most_common()
        ]

    def ignored(self) -> list[tuple[str, int]]:
        """Return what was left out: rule and number, the most frequent first."""
        return [(printable(rule), count) for rule, count in self.totals.ignored.most_common()]

    def unmatched(self) -> Iterator[tuple[Result, str]]:
        """Yield what did not match, with the request."""
        for result in self.comparison.results.unmatched():
            yield result, self.asked(result)

    def asked(self, result: Result) -> str:
        """Return the request of a result in one line, without its secrets."""
        old, new = self.comparison.exchanges(result.old, None if result.old is not None else result.new)
        exchange = old or new
        return request_line(exchange) if exchange else ""


def request_line(exchange: Exchange) -> str:
    """Return method, path and parameters of a request in one line; secrets are shown as `***`."""
    sent = "&".join(
        f"{quote(name)}={HIDDEN if name in SECRET and value else quote(value, safe='/:@,._-')}"
        for name, value in exchange.parameters.items()
    )
    line = printable(f"{exchange.method} {exchange.path}" + (f"?{sent}" if sent else ""))
    return line if len(line) <= LONGEST_REQUEST else f"{line[:LONGEST_REQUEST]}..."


def printable(text: str) -> str:
    """Return a text without line ends, escape sequences and the like: names in answers are hostile input, too."""
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
