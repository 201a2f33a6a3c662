"""Communities, against the embedded backend."""

from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from userapi_gw.backend.client import Client
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.groups import Community, Groups
from userapi_gw.backend.model import User, Window
from userapi_gw.embedded import make_community_key
from userapi_gw.errors import Failure, Kind

GROUP = 5


@pytest.fixture
def app(make_gateway: MakeGateway) -> Flask:
    return make_gateway()


@pytest.fixture
def client(app: Flask) -> Client:
    client: Client = app.extensions["userapi_gw"].client
    return client


@pytest.fixture
def key(app: Flask, client: Client) -> Groups:
    """The community with its key."""
    settings = app.extensions["userapi_gw"].settings
    return Groups(client, -GROUP, make_community_key(settings.embedded_database, GROUP) or "")


@pytest.fixture
def nikolay(client: Client) -> Groups:
    grant = client.grant("nikolay@test.com", "7777777")
    return Groups(client, grant.user_id, grant.token)


def test_communities_and_their_managers(key: Groups, nikolay: Groups) -> None:
    seen = Community(5, "UserAPI programs", "userapi", "https://vk.com/images/community_50.png")
    assert nikolay.community(GROUP) == seen
    assert key.managers(GROUP) == {1: "creator"}
    assert (key.belongs(GROUP, 7), key.belongs(GROUP, 6)) == (True, False)
    with pytest.raises(Failure) as failed:
        nikolay.managers(GROUP)
    assert failed.value.kind is Kind.FORBIDDEN
    with pytest.raises(Failure) as failed:
        nikolay.community(999)
    assert failed.value.kind is Kind.NOT_FOUND


def test_who_may_be_written_to(key: Groups, nikolay: Groups) -> None:
    assert not key.may_message(GROUP, 6)
    with pytest.raises(Failure) as failed:
        key.message_from_community(6, "hello")
    assert failed.value.kind is Kind.FORBIDDEN
    nikolay.allow_messages(GROUP)
    assert key.may_message(GROUP, 6)
    message_id = key.message_from_community(6, "hello")
    mail = Backend(nikolay.client, 6, nikolay.token)
    message = mail.message(message_id)
    assert (message.sender.id, message.sender.first_name, message.text) == (-5, "UserAPI programs", "hello")
    assert mail.correspondence(-5, Window(0, 9)).rows == [message]
    nikolay.deny_messages(GROUP)
    assert not key.may_message(GROUP, 6)


def test_a_wall_with_posts_of_the_community(key: Groups, nikolay: Groups) -> None:
    wall = Backend(nikolay.client, 6, nikolay.token)
    own = wall.add_wall_post(-GROUP, "hello")
    by_key = key.post_from_community(GROUP, "welcome")
    rows = wall.wall(-GROUP, Window(0, 9)).rows
    assert [(post.id, post.owner_id, post.author.id, post.author.first_name) for post in rows] == [
        (by_key, -5, -5, "UserAPI programs"),
        (own, -5, 6, "Nikolay"),
    ]


def test_people_and_communities_side_by_side(nikolay: Groups) -> None:
    assert {user.id: user.name for user in nikolay.users([6, -5, 999999, -999]).values()} == {
        6: "Nikolay Durov",
        -5: "UserAPI programs ",
    }
    assert nikolay.users([-5]) == {-5: User(-5, "UserAPI programs", "")}


def test_a_server_without_communities_has_people(make_gateway: MakeGateway) -> None:
    client = make_gateway(lacks=("groups.",)).extensions["userapi_gw"].client
    grant = client.grant("nikolay@test.com", "7777777")
    assert Groups(client, 6, grant.token).users([6, -5]).keys() == {6}


def test_there_is_no_key_of_a_community_that_is_none(tmp_path: Path) -> None:
    assert make_community_key(tmp_path / "new.sqlite3", 999) is None
