"""The whole life of one person at an old program, from the registration to a login by cookie."""

import re

import pytest
from flask import Flask

from tests.files import jpeg, size_of
from tests.letters import letters
from tests.program import Program, sid_of
from tests.surface.test_images import fetch
from tests.surface.test_upload import Uploader, one

pytestmark = pytest.mark.usefixtures("database")

EMAIL, PASSWORD = "alisa@example.org", "through the glass"
LENINGRAD, SCHOOL = 2, 3378


def activation_code(gateway: Flask) -> str:
    """What the link in the only mail so far ends with."""
    (letter,) = letters(gateway)
    assert letter["To"] == EMAIL
    return re.search(r"http://durov\.ru/#;confirm=([0-9a-f]{32})", letter.get_content())[1]  # type: ignore[index]


def test_a_whole_life(gateway: Flask, nikolay: Program) -> None:
    alisa = Program(gateway)

    # Registration: the captcha's picture is fetched, and read by somebody with eyes.
    assert alisa.raw("act=captcha&csid=0.2462").get_data().startswith(b"\x89PNG")
    wish = {"fn": "Алиса", "ln": "Лиддел", "email": EMAIL, "pass": PASSWORD, "sex": 1, "site": 2}
    wish |= {"s": SCHOOL, "year": 2004}
    assert alisa.get("register", **wish, csid="0.2462", ccode="wrong") == -1
    code = gateway.extensions["userapi_gw"].state.captchas.issue("0.2463")
    assert alisa.get("register", **wish, csid="0.2463", ccode=code) == 1
    assert sid_of(alisa.auth(login="force", site=2, email=EMAIL, **{"pass": PASSWORD})) == "-1"

    # The link in the mail logs in, once.
    cid = activation_code(gateway)
    alisa.sid = sid_of(alisa.auth(login="confirm", site=2, cid=cid))
    assert sid_of(Program(gateway).auth(login="confirm", site=2, cid=cid)) == "-1"
    me = alisa.get("history", us=-1)["us"]

    # A profile, a school more, one less.
    assert alisa.get("edit_page", fs=1, pv=4, bd=4, bm=5, by=1984, cii=LENINGRAD, mo="7777777", nf=1, nm=0) == {"ok": 1}
    assert alisa.get("add_school", school=SCHOOL, year=2005) == {"ok": 1}
    assert alisa.get("delete_school", school=SCHOOL, year=2005) == {"ok": 1}
    page = alisa.get("profile")
    assert {name: page[name] for name in ("id", "fn", "ln", "sx", "bd", "bm", "by", "fs", "pv", "cii", "bp")} == {
        "id": me, "fn": "Алиса", "ln": "Лиддел", "sx": 1, "bd": 4, "bm": 5, "by": 1984, "fs": 1, "pv": 4, "cii": 2,
        "bp": "0",
    }  # fmt: skip
    assert [(row[0], row[4]) for row in page["edu"]] == [(SCHOOL, 2004)]

    # One picture for the page, six for the album, and they can be looked at.
    uploads = Uploader(alisa)
    uploads.send(uploads.main, one())
    uploads.send(uploads.album, [(f"file{place}", jpeg(300 + place, 200), "p.jpg") for place in range(1, 7)])
    page = alisa.get("profile")
    assert size_of(fetch(gateway, page["bp"]).get_data())[:2] == ("JPEG", 200)
    photos = alisa.get("photos")
    assert len(photos) == 6
    photo = photos[0][0]

    # A tag on one of them, a comment on it, and what the tagged person makes of both.
    (tag,) = alisa.get("put_tag", id=6, parent=photo, x1=10, y1=10, x2=50, y2=50)
    assert (tag["id"], tag["placer_id"]) == (6, me)
    assert [row[0] for row in nikolay.get("photos_new")] == [photo]
    assert nikolay.get("confirm_tag", tid=tag["tid"], parent=photo) == [tag]
    assert photo in [row[0] for row in nikolay.get("photos_with")]
    commented = nikolay.get("add_photos_comments", id=me, parent=photo, message="What a fine hat")
    assert commented["ok"] == 1
    told = alisa.get("photos_comments", parent=photo)
    assert (told["n"], told["d"][0][2], told["author"]) == (1, ["What a fine hat"], [me, "Алиса Лиддел"])

    # A friend.
    assert alisa.get("add_friend", id=6) == {"ok": 1}
    assert me in [row[0] for row in nikolay.get("friends_new")]
    assert nikolay.get("add_friend", id=me) == {"ok": 3}
    assert [row[0] for row in alisa.get("friends")] == [6]

    # Letters to and fro, noticed by polling.
    version = alisa.version("inbox")
    sent = nikolay.get("add_message", id=me, message="Do you like cats?")
    poll = alisa.get("history", message=version)
    assert [(action, row[:3]) for _, action, row in poll["message"]["h"]] == [("add", sent["h"][0][2][:3])]
    assert poll["nm"] == 1
    assert alisa.get("history", read=sent["h"][0][2][0])["nm"] == 0
    assert alisa.get("add_message", id=6, message="I do")["ok"] == 1
    assert nikolay.get("message", id=me, to=1)["d"][0][2] == ["I do"]

    # Out, and in again by password and by cookie.
    alisa.auth(login="logout", site=2, sid=alisa.sid)
    assert alisa.get("friends") == {"ok": -1}
    assert sid_of(alisa.auth(login="auto", site=2)) == "-1"
    alisa.log_in(EMAIL, PASSWORD)
    alisa.sid = sid_of(alisa.auth(login="auto", site=2))
    assert [row[0] for row in alisa.get("friends")] == [6]
