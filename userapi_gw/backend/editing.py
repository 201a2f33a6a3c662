"""The viewer's own page: what is stored, and changes to it."""

from dataclasses import asdict
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.looking import Happened, happened
from userapi_gw.backend.model import Education, OwnSettings, Profile, ProfileChanges
from userapi_gw.backend.people import People
from userapi_gw.errors import Failure, Kind

HIDDEN, WHOLE, WITHOUT_YEAR = range(3)
"""VK's bdate_visibility."""
NAMES = ("first_name", "last_name")
DECLINED = "declined"


class Editing(People):
    """The writing side of section `account`, and section `education` of the embedded server."""

    __slots__ = ()

    def own_settings(self) -> OwnSettings:
        """What the viewer's page keeps for the viewer alone; only the embedded server has these fields."""

        def own(row: Any) -> OwnSettings:
            return OwnSettings(row.get("mobile_phone"), row.get("notify_friends"), row.get("notify_messages"))

        return self.read("account.getProfileInfo", own)

    def save_profile(self, changes: ProfileChanges) -> None:
        """Change the viewer's profile with one call, so that all of it is taken or nothing.

        Servers pass over parts that are none of `ServerDialect.profile_parts`. What is sent has to differ from what is
        stored: a server that changed nothing then did not want to. Raises `Failure(UNSUPPORTED)` for what it cannot
        store, `BAD_INPUT` for a name it declined.
        """
        values = given(changes)
        for part, value in self.client.dialect.passed_over.items():
            if part in values and values[part] == value:
                raise Failure(Kind.UNSUPPORTED, f"the backend cannot set {part} so")
        names = {name: values.pop(name) for name in NAMES if name in values}
        for some in (names, values) if self.client.dialect.judges_names else (names | values,):
            if some:
                self._save(some)

    def _save(self, values: dict[str, Any]) -> None:
        form = dict(values)
        form |= self._birth(*form.pop("birth")) if "birth" in form else {}
        if "relation" in form:
            form["relation"] = self.client.dialect.relation.get(form["relation"], form["relation"])
        if not self.write("account.saveProfileInfo", _saved, took_effect=lambda: self._shows(values), **form):
            raise Failure(Kind.UNSUPPORTED, "the backend changed nothing")

    def _shows(self, values: dict[str, Any]) -> Happened:
        """Tell whether the viewer's profile is as it was told to become."""
        now = self.freshly()
        stored = stored_parts(now.profile(self.viewer))
        stored |= asdict(now.own_settings()) if values.keys() - stored.keys() else {}
        return happened(all(stored[name] == value for name, value in values.items()))

    def _birth(self, day: int, month: int, year: int) -> dict[str, Any]:
        if not day:
            return {"bdate_visibility": HIDDEN}
        visibility = WHOLE if year else WITHOUT_YEAR
        if not year and self.client.dialect.dates_need_years:
            year = self._own_year()
        return {
            "bdate": ".".join(map(str, (day, month, year) if year else (day, month))),
            "bdate_visibility": visibility,
        }

    def _own_year(self) -> int:
        """The year the viewer was born, which the viewer is told also when it is hidden."""
        year = self.read("account.getProfileInfo", lambda row: parse.birth(row.get("bdate"))[2])
        if not year:
            raise Failure(Kind.UNSUPPORTED, "the backend wants a year of birth")
        return year

    def add_school(self, school_id: int, year: int) -> None:
        """Note that the viewer learned at a school until `year` (0 not told); `Failure(NOT_FOUND)` for no school."""
        school: dict[str, Any] = {"school_id": school_id, "year": year}
        self.write("education.add", took_effect=lambda: happened(self._learned(**school)), **school)

    def delete_school(self, school_id: int, year: int) -> None:
        """Take such a note back; `Failure(NOT_FOUND)` when there is none."""
        school: dict[str, Any] = {"school_id": school_id, "year": year}
        self.write("education.delete", took_effect=lambda: happened(not self._learned(**school)), **school)

    def _learned(self, school_id: int, year: int) -> bool:
        rows: tuple[Education, ...] = self.freshly().profile(self.viewer).education
        return any((row.school_id, row.year) == (school_id, year) for row in rows)


def given(changes: ProfileChanges) -> dict[str, Any]:
    """Return the parts that are to be changed."""
    return {name: value for name, value in asdict(changes).items() if value is not None}


def stored_parts(profile: Profile) -> dict[str, Any]:
    """Return what a profile shows of the parts of `ProfileChanges`, in VK's codes."""
    names = ("maiden_name", "home_town", "relation", "political", "birth", "city_id")
    shown = {name: getattr(profile, name) for name in names}
    user = profile.user
    return shown | {"first_name": user.first_name, "last_name": user.last_name, "sex": user.sex}


def _saved(answer: Any) -> bool:
    """Read an answer of account.saveProfileInfo. VK and OpenVK judge names."""
    if (answer.get("name_request") or {}).get("status") == DECLINED:
        raise Failure(Kind.BAD_INPUT, "name declined")
    return bool(answer["changed"])
