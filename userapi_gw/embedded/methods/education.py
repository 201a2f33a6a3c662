"""Methods `education.*`. VK has none like them; UserAPI edits schools one by one. `users.get` shows what is stored."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from userapi_gw.embedded.education import YEARS
from userapi_gw.embedded.errors import VkError, bad_parameter
from userapi_gw.embedded.registry import Call, method
from userapi_gw.embedded.schema import education, schools


@method("education.add", writes=True)
def add(call: Call) -> int:
    """Note that the viewer learned at `school_id` (a university or a part of one, too) and left it in `year`, 0 untold.

    Once more changes nothing. VK error 104 for an unknown school, 100 for a year outside 1920 to 2066.
    """
    row = {"user_id": call.viewer, **_school_and_year(call)}
    if call.db.scalar(select(schools.c.id).where(schools.c.id == row["school_id"])) is None:
        raise VkError(104)
    call.db.execute(insert(education).values(row).on_conflict_do_nothing())
    return 1


@method("education.delete", writes=True)
def remove(call: Call) -> int:
    """Take back exactly one such note. VK error 104 when there is none."""
    row = _school_and_year(call)
    mine = (education.c.user_id == call.viewer, education.c.school_id == row["school_id"])
    if not call.db.execute(delete(education).where(*mine, education.c.year == row["year"])).rowcount:
        raise VkError(104)
    return 1


def _school_and_year(call: Call) -> dict[str, int]:
    school_id, year = call.params.integer("school_id", minimum=1), call.params.integer("year", 0)
    if year and year not in YEARS:
        raise bad_parameter(f"year should be 0 or between {min(YEARS)} and {max(YEARS)}")
    return {"school_id": school_id, "year": year}
