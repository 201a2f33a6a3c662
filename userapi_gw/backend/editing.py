"""The viewer's own page: what is stored, and changes to it."""

from dataclasses import asdict
from typing import Any

from userapi_gw.backend.calls import Calls
from userapi_gw.backend.model import OwnSettings, ProfileChanges
from userapi_gw.errors import Failure, Kind

HIDDEN, WHOLE, WITHOUT_YEAR = range(3)
"""VK's bdate_visibility."""


class Editing(Calls):
    """The writing side of section `account`, and section `education` of the embedded server."""

    __slots__ = ()

    def own_settings(self) -> OwnSettings:
        """What the viewer's page keeps for the viewer alone; only the embedded server has these fields."""

        def own(row: Any) -> OwnSettings:
            return OwnSettings(row.get("mobile_phone"), row.get("notify_friends"), row.get("notify_messages"))

        return self.read("account.getProfileInfo", own)

    def save_profile(self, changes: ProfileChanges) -> None:
        """Change the viewer's profile with one call, so that all of it is taken or nothing.

        `political`, `mobile_phone` and the two `notify_` fields are the embedded server's own; others pass over what
        they do not know. Raises `Failure(UNSUPPORTED)` when the server changed nothing at all.
        """
        values = {name: value for name, value in asdict(changes).items() if value is not None}
        values |= _birth(*values.pop("birth")) if "birth" in values else {}
        if "relation" in values:
            values["relation"] = self.client.dialect.relation.get(values["relation"], values["relation"])
        if not self.write("account.saveProfileInfo", lambda answer: bool(answer["changed"]), **values):
            raise Failure(Kind.UNSUPPORTED, "the backend changed nothing")

    def add_school(self, school_id: int, year: int) -> None:
        """Note that the viewer learned at a school until `year` (0 not told); `Failure(NOT_FOUND)` for no school."""
        self.write("education.add", school_id=school_id, year=year)

    def delete_school(self, school_id: int, year: int) -> None:
        """Take such a note back; `Failure(NOT_FOUND)` when there is none."""
        self.write("education.delete", school_id=school_id, year=year)


def _birth(day: int, month: int, year: int) -> dict[str, Any]:
    if not day:
        return {"bdate_visibility": HIDDEN}
    if not year:
        return {"bdate": f"{day}.{month}", "bdate_visibility": WITHOUT_YEAR}
    return {"bdate": f"{day}.{month}.{year}", "bdate_visibility": WHOLE}
