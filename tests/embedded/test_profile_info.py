"""account.saveProfileInfo: all parameters, all or none of them."""

import pytest

from .conftest import AsUser, Caller

FIELDS = "sex,bdate,city,country,home_town,maiden_name,relation,personal"


def profile(caller: Caller) -> dict[str, object]:
    (person,) = caller("users.get", fields=FIELDS)
    return {name: value for name, value in person.items() if name not in ("is_closed", "can_access_closed")}


def test_everything_at_once(as_user: AsUser) -> None:
    seven = as_user(7)
    sent = {
        "first_name": "Лёша", "last_name": "Кобылянский", "maiden_name": "N", "home_town": "Turin", "sex": 1,
        "relation": 8, "political": 9, "bdate": "29.2.1984", "bdate_visibility": 1, "city_id": 1516340,
        "mobile_phone": "+7", "notify_friends": 0, "notify_messages": 0,
    }  # fmt: skip
    assert seven("account.saveProfileInfo", **sent) == {"changed": 1}
    assert profile(seven) == {
        "id": 7, "first_name": "Лёша", "last_name": "Кобылянский", "sex": 1, "bdate": "29.2.1984",
        "city": {"id": 1516340, "title": "Matera"}, "country": {"id": 88, "title": "Italy", "code": "IT"},
        "home_town": "Turin", "maiden_name": "N", "relation": 8, "personal": {"political": 9},
    }  # fmt: skip
    info = seven("account.getProfileInfo")
    assert (info["mobile_phone"], info["notify_friends"], info["notify_messages"]) == ("+7", 0, 0)
    assert seven("account.saveProfileInfo", **sent) == {"changed": 0}
    assert [person["id"] for person in seven("users.search", q="кобыл лёш")["items"]] == [7]


def test_nothing_and_unknown_parameters(as_user: AsUser) -> None:
    seven = as_user(7)
    before = profile(seven)
    assert seven("account.saveProfileInfo") == {"changed": 0}
    assert seven("account.saveProfileInfo", status="x", first_name="", sex="") == {"changed": 0}
    assert profile(seven) == before


def test_empty_texts_clear_and_city_0_takes_the_country_along(as_user: AsUser) -> None:
    one = as_user(1)
    assert one("account.saveProfileInfo", home_town="", city_id=0) == {"changed": 1}
    assert profile(one) == {
        "id": 1, "first_name": "Pavel", "last_name": "Durov", "sex": 2, "bdate": "10.10.1984", "home_town": "",
        "relation": 1, "personal": {"political": 3},
    }  # fmt: skip


def test_the_year_stays_where_none_is_passed(as_user: AsUser) -> None:
    one = as_user(1)
    one("account.saveProfileInfo", bdate="11.12", bdate_visibility=2)
    assert one("users.get", fields="bdate")[0]["bdate"] == "11.12"
    one("account.saveProfileInfo", bdate_visibility=1)
    assert one("users.get", fields="bdate")[0]["bdate"] == "11.12.1984"
    one("account.saveProfileInfo", bdate_visibility=0)
    assert "bdate" not in one("users.get", fields="bdate")[0]


@pytest.mark.parametrize(
    "wrong",
    [
        *({"bdate": text} for text in ("31.4", "29.2.1985", "1.1.1899", "1.1.2101", "1.1.84", "1.1.0000", "1", "x")),
        {"sex": 3}, {"relation": 9}, {"political": 10}, {"bdate_visibility": 3}, {"notify_friends": 2}, {"sex": "x"},
        {"city_id": 424242}, {"city_id": "x"}, {"first_name": "x" * 65}, {"home_town": "x" * 256},
    ],
)  # fmt: skip
def test_one_wrong_value_and_nothing_is_changed(one: Caller, wrong: dict[str, object]) -> None:
    before = profile(one)
    assert one.error("account.saveProfileInfo", maiden_name="Changed", **wrong)[0] == 100
    assert profile(one) == before
