"""A client library written for VK itself works against the embedded server."""

import threading
from collections.abc import Iterator
from io import BytesIO

import pytest
import requests
import vk_api
from flask import Flask
from jconfig.memory import MemoryConfig
from requests.adapters import HTTPAdapter
from werkzeug.serving import make_server

from tests.files import jpeg

from .conftest import AsUser, Caller


class Redirected(HTTPAdapter):
    """Sends what is meant for VK's servers to a local address."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        """Send with the host replaced."""
        assert request.url
        request.url = request.url.replace("https://api.vk.ru", self.address)
        return super().send(request, *args, **kwargs)  # type: ignore[arg-type]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of a server on a port the system chose."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def session(address: str) -> Iterator[requests.Session]:
    """A session that takes the embedded server for VK."""
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://api.vk.ru", Redirected(address))
        yield session


@pytest.fixture
def api(session: requests.Session, as_user: AsUser, monkeypatch: pytest.MonkeyPatch) -> vk_api.VkApi:
    """The library, logged in as person 1, without its pauses between calls."""
    monkeypatch.setattr(vk_api.VkApi, "RPS_DELAY", 0)
    return vk_api.VkApi(token=as_user(1).token, session=session, config=MemoryConfig)


def test_methods(api: vk_api.VkApi) -> None:
    vk = api.get_api()
    assert vk.users.get(user_ids="1,6", fields="online")[1]["last_name"] == "Durov"
    message_id = vk.messages.send(user_id=6, message="hi", random_id=vk_api.utils.get_random_id())
    assert vk.messages.getById(message_ids=message_id)["items"][0]["text"] == "hi"
    assert vk.wall.get(count=1)["count"] == 22459


def test_iterating_over_pages(api: vk_api.VkApi) -> None:
    # The quick iterator of the library sends VK's `execute`, which this server has not.
    photos = list(vk_api.VkTools(api).get_all_slow_iter("photos.getAll", 10))
    assert (len(photos), photos[0]["id"]) == (34, 115456905)


def test_errors(api: vk_api.VkApi) -> None:
    with pytest.raises(vk_api.exceptions.ApiError) as caught:
        api.get_api().messages.send(user_id=302, message="x", random_id=0)
    assert caught.value.code == 902


def test_login_over_the_wire(address: str, session: requests.Session) -> None:
    login = {"username": "nikolay@test.com", "password": "7777777", "grant_type": "password"}
    grant = session.post(f"{address}/token", data=login).json()
    answer = session.get(
        f"{address}/method/account.getProfileInfo", headers={"Authorization": f"Bearer {grant['access_token']}"}
    )
    assert (grant["user_id"], answer.json()["response"]["id"]) == (6, 6)


def test_pictures_are_uploaded_by_the_library(api: vk_api.VkApi, one: Caller) -> None:
    upload = vk_api.VkUpload(api)
    upload.http.trust_env = False
    try:
        photos = upload.photo([BytesIO(jpeg(700, 700)), BytesIO(jpeg(30, 30))], album_id=25797999)
        assert [(photo["owner_id"], photo["album_id"]) for photo in photos] == [(1, 25797999)] * 2
        assert upload.photo_profile(BytesIO(jpeg(400, 400)))["saved"] == 1
    finally:
        upload.http.close()
    assert api.get_api().photos.getAll()["count"] == one("photos.getAll")["count"] + 2
