"""Every parameter of the login, of registration, of captchas and of `upload.php`."""

from dataclasses import replace
from typing import Any

from tests.walk.reading import NIKOLAY, data, public
from tests.walk.stage import BACK, NOW, H
from tests.walk.values import (
    MISSING,
    NO_SESSION,
    NUMBERS,
    REFUSED,
    RIGHT,
    Expected,
    Like,
    Row,
    Walk,
    as_it_is,
    idle,
    needed,
    optional,
    text,
    values,
)

LOGIN = "Authorisation by submitting email and password (Login)"
COOKIE = "Authorisation by means of 'remixpassword' cookie"
CONFIRM = "First-use one-time authorisation by registration identifier"
LOGOUT = "Session ID removal (Logout)"
EXPIRED = "Expired session handling"
CAPTCHAS = "CAPTCHA handling (flood control)"

HOME = "http://durov.ru/index.html"
NO_SUCH_SITE = "404 text/plain; charset=utf-8"
TAKEN_AWAY = ("remixmid=deleted", "remixpassword=deleted")
CAPTCHA_NAMES = (("fcsid", "fccode"), ("csid", "ccode"))


def to(address: str, *cookies: str, files: int = 0, session: bool = True) -> dict[str, Any]:
    """A redirect, the cookies that come with it, how many files are kept, and whether Pavel is still logged in."""
    return {"to": address, "cookies": list(cookies), "files": files, "session": session}


def back(sid: str, *cookies: str) -> dict[str, Any]:
    """A redirect to page 5 of the site with a sid, or a number in its place."""
    return to(f"{HOME}#5;sid={sid}", *cookies)


def welcome(user_id: int) -> dict[str, Any]:
    """The redirect of a login."""
    return back("...", f"remixmid={user_id}", "remixpassword=...")


REFUSED_LOGIN = back("-1")


def auth(section: str, login: str, answer: Any, rows: dict[str, Row], **more: Any) -> Walk:
    """A request to `/auth`. `id`, which programs send and the documentation does not tell, is a page."""
    far = Like("1" + "0" * 15)
    common = {
        "login": needed(login, REFUSED_LOGIN),
        "site": needed("2", NO_SUCH_SITE),
        "id": Row("5", values(MISSING, huge=far, overflow=far), Like("0")),
    }
    name = more.pop("name", f"login={login}")
    return Walk(section, name, answer, {**common, **rows}, **{"path": "/auth", "changes": "world", **more})


def _logins() -> list[Walk]:
    gone = to(HOME, *TAKEN_AWAY, session=False)
    logout = auth(LOGOUT, "logout", gone, {"sid": needed("{pavel_sid}", to(HOME, *TAKEN_AWAY))}, changes="state")
    return [
        auth(LOGIN, "force", welcome(1), {
            "email": needed("test@test.com", REFUSED_LOGIN),
            "pass": needed("7777777", REFUSED_LOGIN),
        }),
        auth(COOKIE, "auto", back("..."), {
            "remixpassword": optional("{remixpassword}", back("-1", *TAKEN_AWAY), REFUSED_LOGIN),
        }, changes="state"),
        auth(CONFIRM, "confirm", welcome(20175185), {"cid": needed("{cid}", REFUSED_LOGIN)}),
        replace(logout, rows={**logout.rows, "id": idle("5", read=False)}),
    ]  # fmt: skip


def captcha(csid: str, code: str, wrong: Expected, missing: Expected) -> dict[str, Row]:
    """The name of a captcha and what was read, under the names a program uses; 0 says that there is none."""
    answers = values(wrong, empty=MISSING, nul=MISSING, zero=MISSING)
    return {csid: Row("{csid}", answers, missing), code: Row("{code}", answers, missing)}


def _captchas() -> list[Walk]:
    """Nikolay may neither log in nor write on walls without one."""
    post = [48776841, NOW]
    flood = {"ok": -2}

    def told(said: str) -> dict[str, Any]:
        return {"ok": 1, "h": [[H + 3, "add", [*post, [said], NIKOLAY, [6]]]]}

    walks = [
        public(CAPTCHAS, "captcha", "200 image/png", {
            "csid": needed("{csid}", RIGHT, **dict.fromkeys(("empty", "nul", "long", "huge"), REFUSED)),
        }, changes="state"),
    ]  # fmt: skip
    for csid, code in CAPTCHA_NAMES:
        login = {"email": needed("nikolay@test.com", back("-4")), "pass": needed("7777777", back("-3"))}
        login |= captcha(csid, code, back("-2"), back("-3"))
        walks.append(auth(EXPIRED, "force", welcome(6), login, name=f"login with {csid}"))
        write = {"sid": needed("{nikolay_sid}", NO_SESSION), "message": text("hello", told, "long")}
        write |= captcha(csid, code, flood, flood)
        walks.append(
            data(
                CAPTCHAS, "add_wall", told("hello"), write, name=f"add_wall with {csid}", lists=MISSING, changes="world"
            )
        )
    return walks


def _registration() -> Walk:
    def name(right: str, missing: int) -> Row:
        return needed(right, RIGHT, **dict.fromkeys(("empty", "nul", "huge", "long"), missing))

    rows = {
        "fn": name("Iwan", -2),
        "ln": name("Smirnow", -3),
        "email": needed("iwan-sm100@mail.ru", -4),
        "pass": needed("777777777", -5, overflow=1),
        "sex": idle("2"),
        "site": needed("2", 0),
        "school": idle("397539"),
        "s": idle("397539"),
        "year": idle("2013"),
        "csid": needed("{csid}", -1),
        "ccode": needed("{code}", -1),
    }
    return public("Registration of new users", "register", 1, rows, changes="world")


LOST = to(BACK)
"""Whatever happens, the program is sent back; of wrong hashes, people and pictures nothing is kept."""


def upload(act: str, title: str, files: int, rows: dict[str, Row]) -> Walk:
    """A request to `upload.php`, after which that many files are kept."""
    common = {"act": needed(act, LOST), "sid": needed("{pavel_sid}", LOST), "back": needed(BACK, to(HOME, files=files))}
    return Walk(
        "Uploading photos", title, to(BACK, files=files), {**common, **rows}, path="/upload.php", changes="world"
    )


def _uploads() -> list[Walk]:
    viewer = Row("1", values(RIGHT, **dict.fromkeys(("zero", "negative", *NUMBERS), LOST)), RIGHT)
    main = {"id": viewer, "hash": needed("{pr_hash}", LOST), "rhash": needed("{pr_rhash}", LOST)}
    album = {"hash": needed("{ph_hash}", LOST), "rhash": needed("{ph_rhash}", LOST), "aid": needed("{aid}", LOST)}
    others = {name: as_it_is(row) for name, row in album.items()}
    pictures = {f"file{number}": Row("jpeg", values(LOST), to(BACK, files=15)) for number in range(1, 7)}
    six = upload("lphotos", "lphotos of six files", 18, {**others, **pictures})
    return [
        upload("lprofile", "lprofile", 3, {**main, "file": needed("jpeg", LOST)}),
        upload(
            "lphotos", "lphotos of one file", 3, {"id": viewer, "oid": viewer, **album, "file1": needed("jpeg", LOST)}
        ),
        replace(
            six, rows={name: as_it_is(row) if name in ("act", "sid", "back") else row for name, row in six.rows.items()}
        ),
    ]


WALKS = [*_logins(), *_captchas(), _registration(), *_uploads()]
