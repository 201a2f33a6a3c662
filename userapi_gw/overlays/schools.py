"""Schools where the server does not let people tell theirs: VK and OpenVK."""

from dataclasses import replace
from functools import partial
from typing import Any

from userapi_gw.backend import parse
from userapi_gw.backend.calls import MOST_PEOPLE, batched
from userapi_gw.backend.model import Education, Page, Profile, User, Window
from userapi_gw.errors import Failure, Kind
from userapi_gw.overlays.base import Overlaid
from userapi_gw.reference import SCHOOLS, UNIVERSITY

MOST_MEMBERS = 5000
"""How many people of one school are looked through."""


class OverlaidSchools(Overlaid):
    """Schools by the list that comes with the gateway; those of others on this gateway are found by search."""

    __slots__ = ()

    def add_school(self, school_id: int, year: int) -> None:
        """Note that the viewer learned at a school until `year` (0 not told); `Failure(NOT_FOUND)` for no school."""
        asked = partial(super().add_school, school_id, year)
        self.instead("education.add", asked, lambda: self._enrol(school_id, year))

    def delete_school(self, school_id: int, year: int) -> None:
        """Take such a note back; `Failure(NOT_FOUND)` when there is none."""
        asked = partial(super().delete_school, school_id, year)
        self.instead("education.delete", asked, lambda: self._leave(school_id, year))

    def profile(self, user_id: int) -> Profile:
        """Everything about one person, with the schools kept here unless the page is closed."""
        found = super().profile(user_id)
        kept = [] if found.closed else [_education(*row) for row in self.kept.schools.of(user_id) if row[0] in SCHOOLS]
        known = {(school.school_id, school.year) for school in found.education}
        new = [school for school in kept if (school.school_id, school.year) not in known]
        return replace(found, education=tuple(sorted((*found.education, *new), key=_place))) if new else found

    def search(self, query: str, window: Window, school_id: int = 0, year: int = 0) -> Page[User]:
        """People whose names begin with the words of `query`, of one school and class unless 0."""
        if not school_id or self.client.dialect.searches_schools:
            return super().search(query, window, school_id, year)
        parts = [school.id for school in SCHOOLS.values() if school_id in (school.id, school.university_id)]
        words = query.casefold().split()
        members = self._open_pages(self.kept.schools.members(parts, year, MOST_MEMBERS))
        found = [person for person in members if all(_is_named(person, word) for word in words)]
        return Page(len(found), found[window.start : window.stop])

    def _enrol(self, school_id: int, year: int) -> None:
        if school_id not in SCHOOLS:
            raise Failure(Kind.NOT_FOUND, "school")
        self.kept.schools.add(self.viewer, school_id, year)

    def _leave(self, school_id: int, year: int) -> None:
        if not self.kept.schools.remove(self.viewer, school_id, year):
            raise Failure(Kind.NOT_FOUND, "school")

    def _open_pages(self, ids: list[int]) -> list[User]:
        """The people of `ids` who let the viewer see their pages: the others do not tell their schools."""

        def shown(answer: Any) -> list[User]:
            rows = parse.rows_of(answer)
            return [parse.user(row) for row in rows if not row.get("deactivated") and row.get("can_access_closed", 1)]

        found: list[User] = []
        for part in batched(ids, MOST_PEOPLE):
            found += self.read("users.get", shown, user_ids=",".join(map(str, part)), fields=parse.USER_FIELDS)
        return sorted(found, key=lambda person: person.id)


def _education(school_id: int, year: int) -> Education:
    school = SCHOOLS[school_id]
    return Education(school_id, school.university_id, school.kind, school.title, year)


def _place(school: Education) -> tuple[bool, int, int]:
    """Schools before universities, by year of graduation, as the embedded server shows them."""
    return school.kind >= UNIVERSITY, school.year, school.school_id


def _is_named(person: User, word: str) -> bool:
    return any(name.casefold().startswith(word) for name in (person.first_name, person.last_name))
