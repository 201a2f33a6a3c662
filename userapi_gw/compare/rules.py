"""Rules of the user's own, from a TOML file: what may differ at which position of which act.

[[rule]]
act = "updates_*"               # which acts; without it all
position = "d[*].sender.**"     # `*` stands for a part of a name, `[*]` for any row, `**` for anything
do = "ignore"                   # or "map", "tolerance" with `by`, "exact"
"""

import re
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator


class RulesError(ValueError):
    """A rules file that cannot be used; the text is one line."""


class Rule(BaseModel):
    """One rule. `ignore`: any difference is left out, lost rows too. `map`: an old value has always the same new one.

    `tolerance`: numbers may differ by `by`. `exact`: what is known to vary must not vary here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    position: str
    do: Literal["ignore", "map", "tolerance", "exact"]
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

    def fits(self, act: str, pattern: str) -> bool:
        """Tell whether the rule speaks of a position (`d[*].time`) of an act."""
        return fnmatchcase(act, self.act) and _expression(self.position).fullmatch(pattern) is not None


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    rule: list[Rule] = []


class Rules:
    """Rules in their order; the first that fits a position counts. Found ones are remembered."""

    def __init__(self, rules: Sequence[Rule] = ()) -> None:
        self.rules = [*rules]
        self.find = cache(self._find)

    def add(self, rules: Sequence[Rule]) -> None:
        """Put more rules behind those that are there."""
        self.rules += rules
        self.find.cache_clear()

    def _find(self, act: str, pattern: str) -> Rule | None:
        return next((rule for rule in self.rules if rule.fits(act, pattern)), None)


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
    meanings = {"**": ".*", "[*]": r"\[\*\]", "*": r"[^.\[\]]*"}
    return re.compile("".join(meanings.get(part) or re.escape(part) for part in parts))
