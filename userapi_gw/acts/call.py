"""What an act gets to see of a request: who asks, for what, and the rooms it may use. Never Flask's request."""

from dataclasses import dataclass, replace

from userapi_gw.acts.counters import CounterCache
from userapi_gw.acts.gate import Gate
from userapi_gw.acts.histories import Histories
from userapi_gw.acts.parameters import Parameters, number
from userapi_gw.acts.registrar import Registrar
from userapi_gw.acts.upload_hashes import UploadForms
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Window
from userapi_gw.dialect import Dialect
from userapi_gw.errors import Failure, Kind
from userapi_gw.notify.announcer import Announcer
from userapi_gw.pictures import Pictures

SCHOOL_YEARS = range(1920, 2067)
"""Years of graduation. UserAPI documentation, "Searching users by school and graduation year"."""

VIEWER = -1
"""What VkOpt sends as `id` for whoever is logged in."""

MOST_DIGITS = 17
"""No number of this many digits is stored anywhere."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request for one act, in the name of one viewer."""

    viewer: int
    parameters: Parameters
    window: Window
    dialect: Dialect
    backend: Backend
    histories: Histories
    counters: CounterCache
    gate: Gate
    registrar: Registrar
    announcer: Announcer
    pictures: Pictures
    uploads: UploadForms

    @property
    def user_id(self) -> int:
        """The user asked about: `id`, or the viewer where it is missing, 0 or negative."""
        asked = self.parameters.number("id")
        return asked if asked > 0 else self.viewer

    @property
    def owner_id(self) -> int:
        """Whose wall, photos or messages: as `user_id`, but below -1 it is a community, as VK numbers owners.

        VkOpt says -1 for the viewer, so community 1 cannot be asked about.
        """
        asked = self.parameters.number("id")
        return self.viewer if asked in (0, VIEWER) else asked

    @property
    def peer_id(self) -> int:
        """To whom a message goes: a user, or minus a community; raises `Failure(BAD_INPUT)` when `id` names none."""
        asked = self.parameters.number("id")
        if asked in (0, VIEWER):
            raise Failure(Kind.BAD_INPUT, "id")
        return asked

    @property
    def other_id(self) -> int:
        """The other user of an act that has no sense without one; raises `Failure(BAD_INPUT)` when `id` is missing."""
        asked = self.parameters.number("id")
        if asked < 1:
            raise Failure(Kind.BAD_INPUT, "id")
        return asked

    @property
    def ts(self) -> int | None:
        """The version of the list the program has; None when it did not say."""
        return self.version("ts")

    @property
    def message(self) -> str:
        """The text to send; raises `Failure(BAD_INPUT)` when there is none."""
        return self.required("message")

    @property
    def parent_id(self) -> int:
        """The country, city or school asked about; raises `Failure(BAD_INPUT)` when `parent` names none."""
        asked = self.parameters.number("parent")
        if asked < 1:
            raise Failure(Kind.BAD_INPUT, "parent")
        return asked

    @property
    def year(self) -> int:
        """A year of graduation, 1920 to 2066, or 0 when missing; raises `Failure(BAD_INPUT)` for any other."""
        year = self.exact("year", range(SCHOOL_YEARS.stop)) if self.parameters.has("year") else 0
        if year and year not in SCHOOL_YEARS:
            raise Failure(Kind.BAD_INPUT, "year")
        return year

    @property
    def wid(self) -> tuple[int, int]:
        """Owner (0 when not told) and object of `wid={user id}_{object id}`."""
        owner, item = self.parameters.object_id("wid")
        if item < 1:
            raise Failure(Kind.BAD_INPUT, "wid")
        return owner, item

    def version(self, name: str) -> int | None:
        """The version number in the parameter `name`; what is not a number is a stamp nobody gave out (-1)."""
        text = self.parameters.text(name)
        return number(text, -1) if text else None

    def required(self, name: str) -> str:
        """The text of the parameter `name`; raises `Failure(BAD_INPUT)` when it holds nothing but blanks."""
        text = self.parameters.text(name).strip()
        if not text:
            raise Failure(Kind.BAD_INPUT, name)
        return text

    def exact(self, name: str, allowed: range) -> int:
        """The number in the parameter `name`; raises `Failure(BAD_INPUT)` unless it is a whole one of `allowed`.

        For what is going to be stored, where the lenient reading of other parameters would store something else.
        """
        text = self.parameters.text(name).strip()
        found = int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else -1
        if found not in allowed:
            raise Failure(Kind.BAD_INPUT, name)
        return found

    def over(self, window: Window) -> "Call":
        """The same call for another part of the list."""
        return replace(self, window=window)

    def about(self, user_id: int) -> "Call":
        """The same call asking about another user."""
        return replace(self, parameters=Parameters({**self.parameters.values, "id": str(user_id)}))
