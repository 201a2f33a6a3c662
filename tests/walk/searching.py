"""Every parameter of the searches for places, schools and people."""

from tests.walk.reading import NIKOLAY, data, public, window
from tests.walk.values import MISSING, NUMBERS, REFUSED, RIGHT, Like, Walk, idle, needed, optional

CITIES = "Getting information about cities in a country"
SCHOOLS = "Getting information about schools (educational institutes) in a city"
BY_SCHOOL, BY_NAME = "Searching users by school and graduation year", "Searching users by name"
NOBODY: dict[str, object] = {"n": 0, "d": []}


def _places() -> list[Walk]:
    boston = [[4978585, "Boston", 1, 0, 1], [4979613, "Highland County", 22], [5066570, "Ohio", 21], [9]]
    cities = {"n": 63, "d": [boston]}
    schools = {"n": 4, "d": [[2151441, "GLK", 0]]}
    nowhere = dict.fromkeys(NUMBERS, NOBODY)
    return [
        public(CITIES, "cities", cities, {
            "parent": needed("9", **nowhere),
            "q": optional("bosto", NOBODY, Like(""), long=REFUSED, huge=REFUSED),
            **window(cities),
        }),
        public(SCHOOLS, "schools", schools, {"parent": needed("1516340", **nowhere), **window(schools)}),
        public(SCHOOLS, "get_school_num", {"num": 938, "n": 938}, {"s": idle("1", read=False)}),
    ]  # fmt: skip


def _people() -> list[Walk]:
    maxim = [164069, "Maxim Vorobyov", "http://cs22.userapi.com/u164069/b_ddbeab96.jpg", 1]
    graduates = {"belongs": -1, "n": 18, "d": [maxim]}
    nobody = {"belongs": -1, "n": 0, "d": []}
    durov = {"n": 1189, "d": [[*NIKOLAY[:3], 1]]}
    nowhere = dict.fromkeys(NUMBERS, nobody)
    query = {"long": REFUSED, "huge": REFUSED}
    return [
        data(BY_SCHOOL, "search_results", graduates, {
            "parent": needed("2289", **nowhere),
            "q": optional("M", nobody, Like(""), **query),
            "year": optional("2004", REFUSED, Like("0"), zero=MISSING),
            **window(graduates),
        }),
        data(BY_NAME, "quick_search", durov, {
            "q": optional("durov", NOBODY, NOBODY, **query),
            "parent": optional("0", MISSING, RIGHT, negative=REFUSED, **nowhere),
            "year": idle("2004"),  # without a school it has no meaning
            **window(durov),
        }),
        data(BY_SCHOOL, "quick_search", graduates, {
            "q": optional("M", nobody, Like(""), **query),
            "parent": optional("2289", Like("0"), Like("0"), negative=REFUSED, **nowhere),
            "year": optional("2004", REFUSED, Like("0"), zero=MISSING),
            **window(graduates),
        }, name="quick_search of a school"),
    ]  # fmt: skip


WALKS = [*_places(), *_people()]
