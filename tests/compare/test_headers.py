"""Redirects and cookies of logins: what programs read of them, and nothing that opens an account in a report."""

import pytest

from tests.compare.sides import knowledge, told
from userapi_gw.compare.answers import Judged, judge
from userapi_gw.replay.exchange import Exchange

SID, OTHER = "a1" * 16, "b2" * 16
SITE = "http://durov.ru/index.html"
COOKIE = f"remixpassword={SID}; expires=Mon, 29 Nov 2027 12:00:00 GMT; path=/; domain=login.userapi.com"


def login(
    location: str = f"{SITE}#0;sid={SID}", *cookies: str, number: int = 1, host: str = "login.userapi.com"
) -> Exchange:
    headers = (("Location", location), *(("Set-Cookie", cookie) for cookie in cookies or (COOKIE,)))
    return Exchange(number, None, "GET", f"http://{host}/auth?login=force&site=2", (), b"", 302, headers)


def compared(old: Exchange, new: Exchange) -> Judged:
    return judge(old, new, knowledge())


@pytest.mark.parametrize(
    ("new", "found"),
    [
        (login(f"{SITE}#0;sid={OTHER}", COOKIE.replace(SID, OTHER).replace("29 Nov", "30 Nov")), []),
        (login(f"{SITE}#0;sid=-1"), [("Location.sid", "redirect")]),
        (login(f"{SITE}#5;sid={SID}"), [("Location.page", "value")]),
        (login(SITE), [("Location.fragment", "redirect")]),
        (login(f"http://evil.example/#0;sid={SID}"), [("Location", "redirect")]),
        (login("http://[/"), [("Location", "redirect"), ("Location.fragment", "redirect")]),
        (
            login(f"{SITE}#0;sid={SID}", "remixmid=1"),
            [("Set-Cookie.remixpassword", "cookie"), ("Set-Cookie.remixmid", "cookie")],
        ),
        (login(f"{SITE}#0;sid={SID}", COOKIE.replace(SID, "deleted")), [("Set-Cookie.remixpassword", "cookie")]),
        (login(f"{SITE}#0;sid={SID}", COOKIE, COOKIE.replace("remixpassword", "spy")), [("Set-Cookie.spy", "cookie")]),
    ],
)
def test_a_login_is_compared(new: Exchange, found: list[tuple[str, str]]) -> None:
    judged = compared(login(), new)
    assert told(judged) == found
    assert not any(secret in one.told() for one in judged.findings.differences for secret in (SID, OTHER))
    assert told(compared(login(), login())) == []


def test_one_sid_stands_for_one_sid() -> None:
    known = knowledge()
    assert told(judge(login(), login(f"{SITE}#0;sid={OTHER}"), known)) == []
    judged = judge(login(number=2), login(f"{SITE}#0;sid={'c3' * 16}"), known)
    assert [one.told() for one in judged.findings.differences] == [
        "Location.sid: mapping: *** | *** (sid *** stands for *** at 1 auth Location.sid)"
    ]


def test_a_gateway_names_itself() -> None:
    """A redirect to the gateway's own site carries its address, which is another in each run."""
    old = login("http://127.0.0.1:8080/index.html#0;sid=-1", host="127.0.0.1:8080")
    new = login("http://127.0.0.1:8081/index.html#0;sid=-1", COOKIE.partition("; domain")[0], host="127.0.0.1:8081")
    assert told(compared(old, new)) == []


def test_attributes_of_cookies_are_spelling() -> None:
    known = knowledge()
    old, new = login(), login(f"{SITE}#0;sid={SID}", f"remixpassword={SID}; domain=login.userapi.com")
    assert told(judge(old, new, known)) == []
    assert told(judge(old, old, known)) == [("Set-Cookie.remixpassword", "mapping")]
