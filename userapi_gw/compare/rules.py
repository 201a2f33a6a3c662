"""Rules of the user's own, from a TOML file: what may differ at which position of which act.

[[rule]]
act = "updates_*"               # which acts; without it all
position = "d[*].sender.**"     # `*` stands for a part of a name, `[*]` for any row, `**` for anything
do = "ignore"                   # or "map", "vary", "tolerance" with `by`, "exact"
"""

import re
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from userapi_gw.compare.difference import pattern_of

_ROW = re.compile(r"\[\d+\]")
REMEMBERED = 20_000


class RulesError(ValueError):
    """A rules file that cannot be used; the text is one line."""


class Rule(BaseModel):
    """One rule. `ignore`: any difference is left out, lost rows too. `map`: an old value has always the same new one.

    `vary`: any value of the same type may stand there. `tolerance`: numbers may differ by `by`. `exact`: what is known
    to vary must not vary here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    position: str
    do: Literal["ignore", "map", "vary", "tolerance", "exact"]
    act: str = "*"
    by: float = Field(default=0, ge=0, allow_inf_nan=False)
    name: str = ""

    @model_validator(mode="after")
    def _check(self) -> "Rule":
        if (self.do == "tolerance") != (self.by > 0):
            raise ValueError("`by` goes with tolerance, and tolerance with a `by` above 0")
        return self

    @property
    def title(self) -> str:
        """How reports call the rule."""
        return self.name or f"{self.do} {self.act} {self.position}"

    def fits(self, act: str, position: str) -> bool:
        """Tell whether the rule speaks of a position (`d[3].time`, or `d[*].time`) of an act."""
        return fnmatchcase(act, self.act) and _expression(self.position).fullmatch(position) is not None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rule: list[Rule] = []


class Rules:
    """Rules in their order; the first that fits a position counts. Found ones are remembered."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.rules = [*rules]
        self._known = lru_cache(REMEMBERED)(self._find)
        self._names_rows = any(_ROW.search(rule.position) for rule in rules)

    def add(self, rules: Sequence[Rule]) -> None:
        """Put more rules behind those that are there."""
        self.rules += rules
        self._names_rows |= any(_ROW.search(rule.position) for rule in rules)
        self._known.cache_clear()

    def find(self, act: str, position: str) -> Rule | None:
        """Return the rule for a position, if there is one."""
        if not self.rules:
            return None
        return self._known(act, position if self._names_rows else pattern_of(position))

    def _find(self, act: str, position: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.fits(act, position)), None)


def load(path: Path) -> Rules:
    """Read a rules file. Raises RulesError, which tells the file and what is wrong."""
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        return Rules(_File.model_validate(values).rule)
    except OSError as error:
        raise RulesError(f"cannot read {path}: {error.strerror}") from None
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"]))
        raise RulesError(f"{path}: {where}: {fault['msg'].removeprefix('Value error, ')}") from None
    except ValueError as error:  # not UTF-8, not TOML
        raise RulesError(f"{path} is not a TOML file: {error}") from None


@cache
def _expression(position: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*|\[\*\]|\[\d+\]|\*)", position)
    meanings = {"**": ".*", "[*]": r"\[[\d*]+\]", "*": r"[^.\[\]]*"}
    return re.compile("".join(meanings.get(part) or re.escape(part) for part in parts))
