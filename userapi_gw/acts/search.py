"""Search. UserAPI documentation, "Searching users by name" and "Searching users by school and graduation year"."""

from typing import Any

from userapi_gw.acts.call import Call
from userapi_gw.acts.registry import ALL, Listing, act, served
from userapi_gw.shapes.people import friend_row

NOBODY = Listing(0, [])


@act("quick_search", "Searching users by name", form="whole", window=ALL, recent=True)
def quick_search(call: Call) -> dict[str, Any]:
    """Users whose names begin with the words of `q`, of the school `parent` and class of `year` if told."""
    query = call.parameters.text("q").strip()
    if call.parameters.number("parent"):  # the sample network of 2008 sends parent=0 for any school
        return _of_school(call, query)
    return _people(call, query) if query else NOBODY.counted(with_history=False)


@act("search_results", "Searching users by school and graduation year", form="whole", window=ALL, recent=True)
def search_results(call: Call) -> dict[str, Any]:
    """Users of the school `parent` and the class of `year` (0 any); `belongs` is 1 if the viewer is one, else -1."""
    return _of_school(call, call.parameters.text("q").strip())


def _of_school(call: Call, query: str) -> dict[str, Any]:
    school_id, year = call.parent_id, call.year
    return {"belongs": 1 if _belongs(call, school_id) else -1, **_people(call, query, school_id, year)}


def _people(call: Call, query: str, school_id: int = 0, year: int = 0) -> dict[str, Any]:
    def search() -> Listing:
        page = call.pictures.own(call.backend.search(query, call.window, school_id, year))
        return Listing(page.total, [friend_row(user) for user in page.rows])

    found: Listing = served(search, NOBODY)
    return found.counted(with_history=False)


def _belongs(call: Call, school_id: int) -> bool:
    schools = call.backend.profile(call.viewer).education
    return any(school_id in (school.school_id, school.university_id) for school in schools)
