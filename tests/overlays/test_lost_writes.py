"""Writes whose answers got lost, on a server with all methods: told as done when they were, as failed when not."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.faults import Faulty, faulty_backend, html_500, html_500_after
from tests.program import Program
from userapi_gw.acts import LIMITED
from userapi_gw.backend.dialects import EMBEDDED
from userapi_gw.embedded import create_backend

PHOTO, MINE = "1_79435064", "1_90710441"
BOX = {"x1": 31, "y1": 6, "x2": 81, "y2": 34}

Prepare = Callable[[Program, Program], dict[str, Any]]


def nothing(**parameters: Any) -> Prepare:
    return lambda _, __: parameters


def post(pavel: Program, _: Program) -> dict[str, Any]:
    return {"wid": pavel.get("add_wall", message="one")["h"][0][2][0]}


def deleted_post(pavel: Program, nikolay: Program) -> dict[str, Any]:
    wid = post(pavel, nikolay)
    pavel.get("del_wall", **wid)
    return wid


def comment(pavel: Program, _: Program) -> dict[str, Any]:
    number = pavel.get("add_photos_comments", parent=PHOTO, message="one")["h"][0][2][0]
    return {"parent": PHOTO, "wid": f"1_{number}"}


def deleted_comment(pavel: Program, nikolay: Program) -> dict[str, Any]:
    wid = comment(pavel, nikolay)
    pavel.get("del_photos_comments", **wid)
    return wid


def message(pavel: Program, _: Program) -> dict[str, Any]:
    return {"wid": pavel.get("add_message", id=6, message="one")["h"][0][2][0]}


def deleted_message(pavel: Program, nikolay: Program) -> dict[str, Any]:
    wid = message(pavel, nikolay)
    pavel.get("del_message", **wid)
    return wid


def status(pavel: Program, _: Program) -> dict[str, Any]:
    return {"wid": pavel.get("set_activity", text="one")["h"][0][2][0]}


def deleted_status(pavel: Program, nikolay: Program) -> dict[str, Any]:
    wid = status(pavel, nikolay)
    pavel.get("del_activity", **wid)
    return wid


def tag(pavel: Program, _: Program) -> dict[str, Any]:
    return {"parent": MINE, "tid": pavel.get("put_tag", parent=MINE, **BOX, id=6)[-1]["tid"]}


def request(pavel: Program, nikolay: Program) -> dict[str, Any]:
    nikolay.get("add_friend", id=1)
    return {"id": 6}


def school(pavel: Program, _: Program) -> dict[str, Any]:
    pavel.get("add_school", school=3378, year=2004)
    return {"school": 3378, "year": 2004}


WRITES: list[tuple[str, str, Prepare, int]] = [
    ("add_friend", "friends.add", nothing(id=6), 1),
    ("add_friend", "friends.add", request, 3),
    ("del_friend", "friends.delete", request, 4),
    ("set_activity", "status.set", nothing(text="hello & <b>"), 1),
    ("del_activity", "status.delete", status, 1),
    ("restore_activity", "status.restore", deleted_status, 1),
    ("clear_activity", "status.clear", status, 1),
    ("del_wall", "wall.delete", post, 1),
    ("restore_wall", "wall.restore", deleted_post, 1),
    ("add_photos_comments", "photos.createComment", nothing(parent=PHOTO, message="hello & <b>"), 1),
    ("del_photos_comments", "photos.deleteComment", comment, 1),
    ("restore_photos_comments", "photos.restoreComment", deleted_comment, 1),
    ("del_message", "messages.delete", message, 1),
    ("restore_message", "messages.restore", deleted_message, 1),
    ("delete_photo", "photos.delete", nothing(photo=MINE), 1),
    ("edit_page", "account.saveProfileInfo", nothing(fs=4, pv=8, mo="7", by=0, cii=1515864, fn="Anna"), 1),
    ("add_school", "education.add", nothing(school=3378, year=2004), 1),
    ("delete_school", "education.delete", school, 1),
    ("add_fave", "fave.addUser", nothing(id=43433), 1),
]


@pytest.fixture
def backend(tmp_path: Path, world_file: Path) -> Iterator[Faulty]:
    server_file = tmp_path / "behind.sqlite3"
    shutil.copy(world_file, server_file)
    with faulty_backend(create_backend(server_file)) as served:
        yield served


@pytest.fixture
def gateway(make_gateway: MakeGateway, backend: Faulty) -> Flask:
    vk: dict[str, Any] = {"backend": "vk", "backend_url": backend.url, "calls_per_second": 0}
    sites = {1: {"url": "self"}, 2: {"url": "http://durov.ru"}}
    app = make_gateway(**vk, sites=sites, limits=dict.fromkeys(LIMITED, "off"))
    app.extensions["userapi_gw"].client.dialect = EMBEDDED
    return app


@pytest.mark.parametrize(
    ("act", "method", "prepare", "done"), WRITES, ids=lambda value: getattr(value, "__name__", value)
)
@pytest.mark.parametrize("lost", ["answer", "call"])
def test_a_lost_write(
    backend: Faulty,
    pavel: Program,
    nikolay: Program,
    lost: str,
    act: str,
    method: str,
    prepare: Prepare,
    done: int,
) -> None:
    parameters = prepare(pavel, nikolay)
    backend.hit(html_500_after if lost == "answer" else html_500, method)
    answer = pavel.get(act, **parameters)
    assert answer["ok"] == (done if lost == "answer" else 0)
    assert [call.method for call in backend.seen].count(method) == 1


@pytest.mark.parametrize("lost", ["answer", "call"])
def test_a_lost_tag(backend: Faulty, pavel: Program, nikolay: Program, lost: str) -> None:
    fault = html_500_after if lost == "answer" else html_500
    new = pavel.get("photos_new")[0][0]
    number = pavel.get("photos_comments", parent=new)["new_tag"]["tid"]
    mine = tag(pavel, nikolay)
    backend.hit(fault, "photos.putTag", "photos.confirmTag", "photos.removeTag")
    answers = [
        pavel.get("put_tag", parent=MINE, **BOX, id=0, name="somebody"),
        pavel.get("confirm_tag", parent=new, tid=number),
        pavel.get("delete_tag", **mine),
    ]
    if lost == "call":
        assert answers == [{"ok": 0}] * 3
    else:
        assert [answer if isinstance(answer, dict) else "told" for answer in answers] == ["told"] * 3


@pytest.mark.parametrize("lost", ["answer", "call"])
def test_a_lost_unbookmarking(backend: Faulty, pavel: Program, lost: str) -> None:
    pavel.get("add_fave", id=43433)
    backend.hit(html_500_after if lost == "answer" else html_500, "fave.removeUser")
    assert pavel.get("del_fave", id=43433) == ({"ok": 0, "id": 43433} if lost == "answer" else {"ok": 0})
