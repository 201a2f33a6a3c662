"""The addresses of an OpenVK's pictures as programs get them; other tests see the documentation's in their place."""

import pytest
from flask import Flask

from tests.backends import OPENVK_HOST, emulate_openvk
from tests.conftest import MakeGateway
from tests.files import size_of
from tests.program import Program
from tests.surface.test_images import fetch
from userapi_gw.embedded.openvk.pictures import main_photo_number

START = f"http://{OPENVK_HOST}/photos/thumbnails/"
MAIN_PHOTO = main_photo_number(6, "http://cs1024.userapi.com/u00006/a_37a43719.jpg")


@pytest.fixture
def gateway(make_gateway: MakeGateway, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A gateway in front of an OpenVK; programs of site 2 get its addresses, those of site 1 the gateway's own."""
    emulate_openvk(monkeypatch)
    sites = {1: {"url": "self"}, 2: {"url": "http://durov.ru", "options": {"own_pictures": False}}}
    return make_gateway(sites=sites)


def test_as_the_server_names_them(gateway: Flask) -> None:
    pavel = Program(gateway).log_in()
    assert pavel.get("photos", to=1) == [
        ["1_115456905", f"{START}115456905_tiny.jpeg", f"{START}115456905_normal.jpeg"]
    ]
    assert pavel.get("add_fave", id=6) == {"ok": 1, "id": 6}
    assert pavel.get("fave")["d"] == [[6, "Nikolay Durov", f"{START}{MAIN_PHOTO}_tiny.jpeg", 1]]
    assert pavel.get("profile", id=6)["bp"] == f"{START}{MAIN_PHOTO}_normal.jpeg"
    pavel.get("add_message", id=6, message="hello")
    recipient = pavel.get("outbox", to=1)["d"][0][4]
    assert recipient[2:4] == [f"{START}{MAIN_PHOTO}_tiny.jpeg", f"{MAIN_PHOTO}_miniscule"]
    assert pavel.get("quick_search", q="Анна Петрова")["d"] == [[309, "Анна Петрова", "0", 0]]


def test_under_the_gateways_own_addresses(gateway: Flask) -> None:
    pavel = Program(gateway).log_in(site=1)
    _, small, large = pavel.get("photos", to=1)[0]
    sizes = [size_of(fetch(gateway, address).get_data())[1] for address in (small, large, pavel.get("profile")["bp"])]
    assert sizes == [130, 604, 200]
