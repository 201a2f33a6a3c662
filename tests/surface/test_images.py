"""Pictures over plain HTTP: what answers name can be had, under every name the gateway is reached by."""

import re
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import MakeGateway
from tests.files import size_of
from tests.program import Program

LISTS = [
    ("friends", {"id": 1, "to": 5}),
    ("friends_online", {"id": 1, "to": 5}),
    ("friends_mutual", {"id": 6, "to": 5}),
    ("friends_new", {"to": 5}),
    ("photos", {"id": 1, "to": 5}),
    ("photos_with", {"id": 1, "to": 5}),
    ("photos_new", {"to": 5}),
    ("wall", {"id": 1, "to": 5}),
    ("message", {"id": 10, "to": 5}),
    ("inbox", {"to": 5}),
    ("outbox", {"to": 5}),
    ("fave", {"to": 5}),
    ("fave_online", {"to": 5}),
    ("faved", {"to": 5}),
    ("quick_search", {"q": "durov", "to": 5}),
    ("updates_friends", {"to": 5}),
    ("updates_photos", {"to": 5}),
    ("updates_tagged_photos", {"to": 5}),
    ("photos_comments", {"id": 1, "parent": -1, "to": 5}),
    ("photos_comments", {"parent": "1_79435064", "to": 5}),
    ("profile", {"id": 1}),
    ("profile", {"id": 5}),
    ("history", {"inbox": 2, "fave": 2, "friends_new": 2, "profile": -1}),
    ("add_wall", {"id": 1, "message": "x"}),
    ("add_message", {"id": 5, "message": "x"}),
]


def fetch(gateway: Flask, address: str, **headers: str) -> TestResponse:
    """Ask for an address as a program without a session does."""
    url = urlsplit(address)
    return gateway.test_client().get(url.path, base_url=f"{url.scheme}://{url.netloc}", headers=headers)


@pytest.mark.parametrize(("act", "parameters"), LISTS, ids=lambda value: value if isinstance(value, str) else "")
def test_no_answer_names_a_picture_of_the_backend(pavel: Program, act: str, parameters: dict[str, object]) -> None:
    answer = pavel.get(act, **parameters)
    text = str(answer)
    assert re.findall(r"http://cs\d+\.userapi\.com\S+", text) == []
    named = re.findall(r"http://userapi\.com/u\d{5,}/[abcsmx]_[0-9a-f]{16}\.jpg", text)
    assert named or act == "add_message" or answer == [] or answer["d"] == []


def test_the_thumbnail_lies_beside_the_picture(pavel: Program, gateway: Flask) -> None:
    """Programs take the folder of position 2, the name of position 3 and `.jpg`."""
    sender = pavel.get("wall", id=1, to=1)["d"][0][3]
    assert re.fullmatch(r"http://userapi\.com/u00001/b_[0-9a-f]{16}\.jpg", sender[2])
    folder = sender[2].rpartition("/")[0]
    thumb = fetch(gateway, f"{folder}/{sender[3]}.jpg")
    assert (thumb.status_code, thumb.content_type) == (200, "image/jpeg")
    assert size_of(thumb.get_data()) == ("JPEG", 50, 50)
    assert size_of(fetch(gateway, sender[2]).get_data()) == ("JPEG", 100, 100)


def test_every_size_of_a_profile_and_of_photos(pavel: Program, gateway: Flask) -> None:
    profile = pavel.get("profile", id=1)
    photo = profile["ph"]["d"][0]
    sizes = [size_of(fetch(gateway, address).get_data()) for address in (profile["bp"], photo[1], photo[2])]
    assert sizes == [("JPEG", 200, 200), ("JPEG", 130, 97), ("JPEG", 604, 453)]
    small = fetch(gateway, photo[1].replace("/m_", "/s_"))
    assert size_of(small.get_data()) == ("JPEG", 75, 56)


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "userapi.com", "localhost", "gateway.example:81"])
def test_the_address_is_the_one_the_program_used(pavel: Program, gateway: Flask, host: str) -> None:
    row = pavel.raw(f"act=friends&id=1&to=1&sid={pavel.sid}", host=host).get_json()[0]
    assert row[2].startswith(f"http://{host}/u00003/b_")
    assert fetch(gateway, row[2]).status_code == 200


def test_entries_of_histories_name_own_addresses_for_whoever_asks(make_gateway: MakeGateway) -> None:
    """Streams keep the backend's addresses: programs of both kinds read the same one."""
    options = {"url": "http://durov.ru", "options": {"own_pictures": False}}
    gateway = make_gateway(sites={1: {"url": "self"}, 2: options})
    own, other = Program(gateway).log_in(site=1), Program(gateway).log_in(site=2)
    before = own.version("wall", id=1)
    first = own.get("add_wall", id=1, message="x", ts=before)["h"][0][2][3]
    second = other.get("history", id=1, wall=before)["wall"]["h"][0][2][3]
    third = own.get("history", id=1, wall=before)["wall"]["h"][0][2][3]
    assert second[2:4] == ["http://cs137.userapi.com/u00001/b_6261d317.jpg", "c_015fd76c"]
    assert first == third
    assert re.fullmatch(r"http://userapi\.com/u00001/b_[0-9a-f]{16}\.jpg", first[2])


@pytest.mark.parametrize(
    ("address", "size"),
    [
        ("http://cs137.userapi.com/u00001/b_6261d317.jpg", (100, 100)),
        ("http://cs137.userapi.com/u00001/c_015fd76c.jpg", (50, 50)),
        ("http://cs137.userapi.com/u00001/a_6261d317.jpg", (200, 200)),
        ("http://cs93.userapi.com/u00001/25797999/m_f9af6bf6.jpg", (130, 97)),
        ("http://CS93.userapi.com/u00001/25797999/x_be594ecc.jpg", (604, 453)),
    ],
)
def test_addresses_of_the_documentation_by_proxy(gateway: Flask, address: str, size: tuple[int, int]) -> None:
    assert size_of(fetch(gateway, address).get_data()) == ("JPEG", *size)


@pytest.mark.parametrize(
    "address",
    [
        "http://userapi.com/u00001/b_6261d317.jpg",
        "http://127.0.0.1/u00001/b_6261d317.jpg",
        "http://cs138.userapi.com/u00001/b_6261d317.jpg",
        "http://cs137.userapi.com/u00002/b_6261d317.jpg",
        "http://cs137.userapi.com/u00001/1/b_6261d317.jpg",
        "http://cs137.userapi.com/u00001/z_6261d317.jpg",
        "http://cs137.evil.example/u00001/b_6261d317.jpg",
        "http://embedded.invalid/method/users.get",
        "http://userapi.com/u00001/b_0000000000000000.jpg",
        "http://userapi.com/u99999999999999999999999/b_1.jpg",
        "http://cs1.userapi.com/u99999999999999999999999/b_1.jpg",
        "http://userapi.com/u00001/%2e%2e%2fsecret_key.jpg",
        "http://userapi.com/u00001/b_%00.jpg",
        "http://userapi.com/u-1/b_1.jpg",
    ],
)
def test_unknown_pictures(gateway: Flask, address: str, caplog: pytest.LogCaptureFixture) -> None:
    response = fetch(gateway, address)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert response.status_code == 404
    assert b"secret" not in response.get_data()


def test_programs_keep_pictures_and_ask_whether_they_changed(pavel: Program, gateway: Flask) -> None:
    address = pavel.get("friends", id=1, to=1)[0][2]
    first = fetch(gateway, address)
    assert first.headers["Cache-Control"] == "public, max-age=86400"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    again = fetch(gateway, address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert fetch(gateway, address, **{"If-None-Match": '"other"'}).get_data() == first.get_data()


def test_pictures_outlive_a_restart(make_gateway: MakeGateway) -> None:
    program = Program(make_gateway()).log_in()
    address = program.get("friends", id=1, to=1)[0][2]
    assert size_of(fetch(make_gateway(), address).get_data()) == ("JPEG", 100, 100)


def test_pictures_lie_in_the_data_folder(pavel: Program, gateway: Flask, tmp_path: Path) -> None:
    fetch(gateway, pavel.get("friends", id=1, to=1)[0][2])
    assert sorted(path.name for path in (tmp_path / "data" / "pictures").iterdir()) == ["addresses", "files"]


@pytest.mark.parametrize("name", ["x" * 5000, "b_" + "0" * 33, "b_1/..", "b_%3F1", "b", "_"])
def test_addresses_no_picture_has_are_not_asked_for(gateway: Flask, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(gateway.extensions["userapi_gw"].media, "fetch", Mock(side_effect=AssertionError))
    assert fetch(gateway, f"http://cs1.userapi.com/u00001/{name}.jpg").status_code == 404
