"""The table of methods of the emulated OpenVK, filled by the modules of `methods/`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, func, select

from userapi_gw.embedded import registry as embedded
from userapi_gw.embedded.openvk.given import Given, php_int
from userapi_gw.embedded.openvk.variant import Emulation


@dataclass(frozen=True)
class Call(embedded.Call):
    """One call of a method of OpenVK: `given` are its parameters as PHP reads them.

    `address` is made of the Host header of the request, as all addresses in answers are.
    """

    given: Given = field(default_factory=lambda: Given({}))
    emulation: Emulation = field(default_factory=Emulation)

    def number(self, name: str, default: int | None = None) -> int:
        """Return a number that was passed; error 100 when it is missing and there is no default."""
        return self.given.number(name, default)

    def version(self) -> tuple[int, int]:
        """Return the version of the API the caller speaks, `(5, 131)`; OpenVK takes any text for one."""
        major, _, minor = self.given.text("v", "5.9999").partition(".")
        return php_int(major), php_int(minor)


def size_of(db: Connection, query: Select[Any]) -> int:
    """Return how many rows a query has."""
    return db.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


Handler = Callable[[Call], object]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: its function, whether it needs a token, changes data, and counts as a write for the limit.

    Parameters in `needs` are missed before a token is.
    """

    name: str
    run: Handler
    auth: bool
    writes: bool
    limited: bool
    needs: tuple[str, ...]


METHODS: dict[str, Method] = {}
"""Every method of the emulated OpenVK, by its name in small letters: OpenVK does not tell them apart."""


def method(
    name: str, *needs: str, auth: bool = True, writes: bool = False, limited: bool = False
) -> Callable[[Handler], Handler]:
    """Declare a function as the method `name`, with its required parameters.

    `limited` ones are writes that the limit counts.
    """

    def declare(run: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, run, auth, writes or limited, limited, needs)
        return run

    return declare
