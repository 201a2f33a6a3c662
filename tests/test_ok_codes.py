"""Every code the UserAPI documentation tells of, each in a scene in which it really happens.

`DOCUMENTED` is what the documentation says, the scenes show how each of it comes about. A code is the `ok` of an
answer, the bare number of a registration, what stands for the sid after a login, and what becomes of an upload.
"""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.files import jpeg
from tests.letters import texts
from tests.person import Person
from tests.program import Program, answer_of, sid_of
from userapi_gw.acts import ACTS

Code = int | str

SID, NO_SID, KEPT, LOST = "a sid", "no sid", "back, and the picture is kept", "back, and nothing is kept"
"""Codes that are no numbers: what redirects bring."""

ANY = "any act"
POSTING = "Posting new messages and comments"
REMOVING = "Removing messages and comments"
UNDELETING = "Undeleting messages and comments"
LISTS = ("wall", "message", "inbox", "outbox", "photos_comments")

DOCUMENTED: dict[str, dict[str, tuple[Code, ...]]] = {
    "Authorisation by submitting email and password (Login)": {"force": (SID,)},
    "Authorisation by means of 'remixpassword' cookie": {"auto": (SID, -1)},
    "First-use one-time authorisation by registration identifier": {"confirm": (SID,)},
    "Session ID removal (Logout)": {"logout": (NO_SID,)},
    "CAPTCHA handling (flood control)": {"add_wall": (-2, 1)},
    "Expired session handling": {ANY: (-1,), "force": (-1, -2, -3, -4)},
    "Registration of new users": {"register": (1, -1, -2, -3, -4, -5, -6, -7)},
    "Editing user's profile": {"edit_page": (1,)},
    "Editing friends": {"add_friend": (1, 2, 3), "del_friend": (0, 4)},
    "Editing bookmarks": {"add_fave": (1,), "del_fave": (0,)},
    "Editing education": {"add_school": (1, 0), "delete_school": (1, 0)},
    POSTING: dict.fromkeys(("add_wall", "add_message", "add_photos_comments"), (1, 0, -1, -2, -3)),
    REMOVING: {f"del_{name}": (1, 0) for name in LISTS},
    UNDELETING: {f"restore_{name}": (1, 0) for name in LISTS},
    "Uploading photos": dict.fromkeys(("lprofile", "lphotos"), (KEPT, LOST)),
    "Removing photos": {"delete_photo": (1, 0), "delete_page_photo": (1, 0)},
    "Editing current status": dict.fromkeys(("set_activity", "clear_activity", "del_activity"), (1, 0)),
}
"""The codes in the documentation's tables, by section and act (or value of `login`)."""

SETTINGS: dict[str, Any] = {
    "limits": dict.fromkeys(("add_wall", "add_message", "add_photos_comments"), "1/3600"),
    "login_failures": 2,
    "banned_emails": ["*@spam.example"],
}
RIGHT = {"login": "force", "site": 2, "email": "test@test.com", "pass": "7777777"}
WRONG = RIGHT | {"pass": "wrong"}
IWAN = {"fn": "Iwan", "ln": "Smirnow", "email": "iwan@mail.ru", "pass": "777777777", "site": 2}
CSID = "0.615638748369059"
BACK = "http://durov.ru/#1"
PHOTO, CLOSED_PHOTO_OF = "1_79435064", 308
FRIEND, WAITING, STRANGER, SILENT, NO_WALL = 10, 18369759, 309, 302, 303
NOBODY = 777_777_777


class Stage:
    """A fresh world with Pavel in it, in which everybody may post once of each kind."""

    def __init__(self, gateway: Flask, patch: pytest.MonkeyPatch) -> None:
        self.gateway, self.patch = gateway, patch
        self.rooms = gateway.extensions["userapi_gw"]
        self.pavel = Program(gateway).log_in()

    def ok(self, act: str, program: Program | None = None, /, **sent: Any) -> int:
        """Let Pavel (or another program) do something; return the code of the answer, which has nothing strange."""
        answer = (program or self.pavel).get(act, **sent)
        assert answer.keys() <= {"ok", "h", "id"}
        assert "h" not in answer or answer["ok"] == 1
        return int(answer["ok"])

    def nikolay(self) -> Program:
        """User 6 at another program."""
        return Program(self.gateway).log_in("nikolay@test.com")

    def captcha(self) -> dict[str, str]:
        """A captcha read rightly; drawn under `CSID`."""
        return {"fcsid": CSID, "fccode": self.rooms.state.captchas.issue(CSID)}

    def register(self, **changes: Any) -> Any:
        """Register Iwan, apart from some changes."""
        read = self.captcha()
        sent = {"act": "register", **IWAN, "csid": CSID, "ccode": read["fccode"], **changes}
        return answer_of(Program(self.gateway).raw(urlencode(sent)))

    def auth(self, program: Program | None = None, /, **sent: Any) -> Code:
        """Send a login and return what stands for the sid."""
        response = (program or Program(self.gateway)).auth(**sent)
        if "sid=" not in response.headers["Location"]:
            return NO_SID
        sid = sid_of(response)
        return SID if re.fullmatch("[0-9a-f]{32}", sid) else int(sid)

    def upload(self, act: str, **changes: Any) -> Code:
        """Send a picture with the hashes of Pavel's profile, and see where that leads."""
        before = self.pavel.get("profile")
        form = before["pr" if act == "lprofile" else "ph"]
        sent = {"act": act, "id": 1, "oid": 1, "aid": form.get("aid", 0), "hash": form["hash"], "rhash": form["rhash"]}
        sent |= {"sid": self.pavel.sid, "back": BACK, **changes}
        data = {"file" if act == "lprofile" else "file1": (BytesIO(jpeg()), "photo.jpg")}
        response = self.pavel.client.post("/upload.php?" + urlencode(sent), data=data)
        assert response.headers["Location"] == BACK
        return LOST if self.pavel.get("profile") == before else KEPT


Scene = Callable[[Stage], Code]


def _expired(stage: Stage) -> Code:
    stage.pavel.auth(login="logout", site=2, sid=stage.pavel.sid)
    answers = {name: stage.pavel.get(name) for name, act in ACTS.items() if act.login}
    assert answers == {name: {"ok": -1} for name in answers}
    return -1


def _confirmed(stage: Stage) -> Code:
    stage.register()
    (text,) = texts(stage.rooms.state)
    found = re.search("confirm=([0-9a-f]{32})", text)
    assert found
    return stage.auth(login="confirm", site=2, cid=found[1])


def _refused_twice(stage: Stage, **sent: Any) -> Code:
    """A login after two wrong passwords."""
    assert [stage.auth(**WRONG), stage.auth(**WRONG)] == [-1, -3]
    return stage.auth(**sent)


def _flooded(act: str, **sent: Any) -> Scene:
    return lambda stage: (stage.ok(act, **sent), stage.ok(act, **sent))[1]


def _cleared(stage: Stage) -> Code:
    stage.ok("clear_activity")
    return stage.ok("del_activity")


def _away(stage: Stage) -> Code:
    """There is always something to clear: only a backend that is not there keeps it from happening."""
    stage.patch.setattr(stage.rooms.client._writes, "_url", "ftp://nowhere")
    return stage.ok("clear_activity")


def _no_main_photo(stage: Stage) -> Code:
    stage.ok("delete_page_photo")
    return stage.ok("delete_page_photo")


def _closed_photo(stage: Stage) -> Code:
    photo = Person(stage.gateway, CLOSED_PHOTO_OF)("photos.getAll", owner_id=CLOSED_PHOTO_OF)["items"][0]["id"]
    return stage.ok("add_photos_comments", stage.nikolay(), parent=f"{CLOSED_PHOTO_OF}_{photo}", message="hello")


def _posting(act: str, closed: Scene, **sent: Any) -> dict[Code, Scene]:
    """The five codes of an act that posts."""
    return {
        1: lambda stage: stage.ok(act, **sent),
        0: lambda stage: stage.ok(act, **sent | {"message": " "}),
        -1: lambda stage: stage.ok(act, Program(stage.gateway), **sent),
        -2: _flooded(act, **sent),
        -3: closed,
    }


def _undone(name: str, wid: str, **sent: Any) -> dict[tuple[str, str], dict[Code, Scene]]:
    """Removing something and bringing it back."""

    def restored(stage: Stage) -> Code:
        assert stage.ok(f"del_{name}", wid=wid, **sent) == 1
        return stage.ok(f"restore_{name}", wid=wid, **sent)

    removing: dict[Code, Scene] = {
        1: lambda stage: stage.ok(f"del_{name}", wid=wid, **sent),
        0: lambda stage: stage.ok(f"del_{name}", wid=NOBODY, **sent),
    }
    undeleting: dict[Code, Scene] = {
        1: restored,
        0: lambda stage: stage.ok(f"restore_{name}", wid=NOBODY, **sent),
    }
    return {(REMOVING, f"del_{name}"): removing, (UNDELETING, f"restore_{name}"): undeleting}


SCENES: Mapping[tuple[str, str], dict[Code, Scene]] = {
    ("Authorisation by submitting email and password (Login)", "force"): {SID: lambda stage: stage.auth(**RIGHT)},
    ("Authorisation by means of 'remixpassword' cookie", "auto"): {
        SID: lambda stage: stage.auth(stage.pavel, login="auto", site=2),
        -1: lambda stage: stage.auth(login="auto", site=2, remixpassword="0" * 56),
    },
    ("First-use one-time authorisation by registration identifier", "confirm"): {SID: _confirmed},
    ("Session ID removal (Logout)", "logout"): {
        NO_SID: lambda stage: stage.auth(stage.pavel, login="logout", site=2, sid=stage.pavel.sid),
    },
    ("CAPTCHA handling (flood control)", "add_wall"): {
        -2: _flooded("add_wall", message="hello"),
        1: lambda stage: (
            stage.ok("add_wall", message="hello"), stage.ok("add_wall", message="hello", **stage.captcha())
        )[1],
    },
    ("Expired session handling", ANY): {-1: _expired},
    ("Expired session handling", "force"): {
        -1: lambda stage: stage.auth(**WRONG),
        -2: lambda stage: _refused_twice(stage, **RIGHT, fcsid=CSID, fccode="wrong"),
        -3: lambda stage: _refused_twice(stage, **RIGHT),
        -4: lambda stage: stage.auth(**WRONG, fcsid=0, fccode=0),
    },
    ("Registration of new users", "register"): {
        1: lambda stage: stage.register(),
        -1: lambda stage: stage.register(ccode="wrong"),
        -2: lambda stage: stage.register(fn=""),
        -3: lambda stage: stage.register(ln=""),
        -4: lambda stage: stage.register(email=""),
        -5: lambda stage: stage.register(**{"pass": "12345"}),
        -6: lambda stage: stage.register(email="test@test.com"),
        -7: lambda stage: stage.register(email="iwan@spam.example"),
    },
    ("Editing user's profile", "edit_page"): {1: lambda stage: stage.ok("edit_page", fs=4)},
    ("Editing friends", "add_friend"): {
        1: lambda stage: stage.ok("add_friend", id=STRANGER),
        2: lambda stage: stage.ok("add_friend", id=FRIEND),
        3: lambda stage: stage.ok("add_friend", id=WAITING),
    },
    ("Editing friends", "del_friend"): {
        0: lambda stage: stage.ok("del_friend", id=FRIEND),
        4: lambda stage: stage.ok("del_friend", id=WAITING),
    },
    ("Editing bookmarks", "add_fave"): {1: lambda stage: stage.ok("add_fave", id=STRANGER)},
    ("Editing bookmarks", "del_fave"): {0: lambda stage: stage.ok("del_fave", id=FRIEND)},
    ("Editing education", "add_school"): {
        1: lambda stage: stage.ok("add_school", school=3378, year=2004),
        0: lambda stage: stage.ok("add_school", school=NOBODY, year=2004),
    },
    ("Editing education", "delete_school"): {
        1: lambda stage: stage.ok("delete_school", school=9100014, year=2006),
        0: lambda stage: stage.ok("delete_school", school=9100014, year=2005),
    },
    (POSTING, "add_wall"): _posting(
        "add_wall", lambda stage: stage.ok("add_wall", id=NO_WALL, message="hello"), id=6, message="hello"
    ),
    (POSTING, "add_message"): _posting(
        "add_message", lambda stage: stage.ok("add_message", id=SILENT, message="hello"), id=6, message="hello"
    ),
    (POSTING, "add_photos_comments"): _posting("add_photos_comments", _closed_photo, parent=PHOTO, message="hello"),
    **_undone("wall", "1_48771962"),
    **_undone("message", "197_106183129"),
    **_undone("inbox", "197_106183129"),
    **_undone("outbox", "10_121444273"),
    **_undone("photos_comments", "12_85935454", parent=PHOTO),
    ("Uploading photos", "lprofile"): {
        KEPT: lambda stage: stage.upload("lprofile"),
        LOST: lambda stage: stage.upload("lprofile", hash="0" * 32),
    },
    ("Uploading photos", "lphotos"): {
        KEPT: lambda stage: stage.upload("lphotos"),
        LOST: lambda stage: stage.upload("lphotos", rhash="0" * 32),
    },
    ("Removing photos", "delete_photo"): {
        1: lambda stage: stage.ok("delete_photo", photo="1_118073657"),
        0: lambda stage: stage.ok("delete_photo", photo="7275620_117953590"),
    },
    ("Removing photos", "delete_page_photo"): {
        1: lambda stage: stage.ok("delete_page_photo"),
        0: _no_main_photo,
    },
    ("Editing current status", "set_activity"): {
        1: lambda stage: stage.ok("set_activity", text="hello"),
        0: lambda stage: stage.ok("set_activity", text=" "),
    },
    ("Editing current status", "clear_activity"): {1: lambda stage: stage.ok("clear_activity"), 0: _away},
    ("Editing current status", "del_activity"): {1: lambda stage: stage.ok("del_activity"), 0: _cleared},
}  # fmt: skip
CASES = [(*named, code, scene) for named, scenes in SCENES.items() for code, scene in scenes.items()]


@pytest.mark.parametrize(("section", "act", "code", "scene"), CASES, ids=[f"{case[1]} {case[2]}" for case in CASES])
def test_it_happens(
    make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch, section: str, act: str, code: Code, scene: Scene
) -> None:
    assert scene(Stage(make_gateway(**SETTINGS), monkeypatch)) == code, section


def test_every_documented_code_has_its_scene() -> None:
    wanted = {(section, act): set(codes) for section, acts in DOCUMENTED.items() for act, codes in acts.items()}
    assert {named: set(scenes) for named, scenes in SCENES.items()} == wanted
