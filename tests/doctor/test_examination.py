"""Servers looked at: the embedded one, an OpenVK, and some that are no good."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import responses

from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.dialects import DIALECTS
from userapi_gw.backend.in_process import InProcessAdapter
from userapi_gw.doctor import Examination, as_json, as_text, examine
from userapi_gw.doctor.examination import Finding, kind_of, viewer_of
from userapi_gw.doctor.facts import LACKS
from userapi_gw.doctor.needs import NEEDS
from userapi_gw.doctor.ways import ways
from userapi_gw.embedded import create_backend
from userapi_gw.errors import NoAnswer

URL = "http://backend.example"
UNTRIED = {need.method: Finding.UNTRIED for need in NEEDS if need.trial is None}


@pytest.fixture(params=["embedded", "openvk"])
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def world(world_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(world_file, tmp_path / "world.sqlite3"))


@pytest.fixture
def client(kind: str, world: Path) -> Iterator[Client]:
    adapter = InProcessAdapter(create_backend(world, emulate=None if kind == "embedded" else kind))
    client = Client(URL, Transports(adapter, adapter), 5, DIALECTS[kind])
    yield client
    client.close()


@pytest.fixture
def remote() -> Iterator[Client]:
    client = Client(URL, Transports.over_http(), 5)
    yield client
    client.close()


def dump(world: Path) -> list[str]:
    with sqlite3.connect(world) as connection:
        lines = list(connection.iterdump())
    connection.close()
    return lines


def test_what_is_known_of_a_server_is_what_is_seen(client: Client, kind: str) -> None:
    token = client.grant("test@test.com", "7777777").token
    found = examine(client, URL, kind, viewer_of(client, token), token)
    seen = {method for method, finding in found.methods.items() if finding is Finding.LACKING}
    assert seen == LACKS[kind] - UNTRIED.keys()
    assert {name: one for name, one in found.methods.items() if one is not Finding.LACKING} == {
        **{need.method: Finding.THERE for need in NEEDS if need.method not in seen},
        **UNTRIED,
    }
    assert found.acts == ways(lambda method: method not in LACKS[kind])
    assert (found.viewer, found.missing, found.token_refused) == (1, [], False)


def test_without_a_login_the_same_acts_are_expected(client: Client, kind: str) -> None:
    found = examine(client, URL, kind)
    assert found.acts == ways(lambda method: method not in LACKS[kind])
    assert found.missing == []
    assert Finding.LOGIN in found.methods.values()
    assert "Not logged in" in as_text(found)


def test_nothing_is_changed(client: Client, kind: str, world: Path) -> None:
    """Apart from the address for an upload that is asked for, and from being online."""
    token = client.grant("test@test.com", "7777777").token
    before = dump(world)
    examine(client, URL, kind, 1, token)
    changed = set(dump(world)) ^ set(before)
    expected = ('INSERT INTO "uploads"', 'INSERT INTO "people" VALUES(1,')
    assert [line for line in changed if not line.startswith(expected)] == []


def test_a_kind_of_server_tells_itself(client: Client, kind: str) -> None:
    assert kind_of(client) == kind


def test_a_token_nobody_has(client: Client, kind: str) -> None:
    assert viewer_of(client, "nonsense") == 0
    found = examine(client, URL, kind, 0, "nonsense")
    assert found.missing == ["a valid token"]
    assert "The server does not take the token." in as_text(found)


def refuse(code: int) -> dict[str, Any]:
    return {"error": {"error_code": code, "error_msg": "no"}}


@responses.activate
def test_every_finding_has_its_place(remote: Client) -> None:
    for need in NEEDS:
        responses.post(f"{URL}/method/{need.method}", json=refuse(100))
    for method, body in (
        ("messages.getHistory", refuse(15)),
        ("messages.get", refuse(3)),
        ("users.search", refuse(29)),
        ("execute", {"response": 1}),
        ("utils.getServerTime", {"response": 1}),
        ("ovk.version", refuse(3)),
    ):
        responses.upsert("POST", f"{URL}/method/{method}", json=body)
    responses.upsert("POST", f"{URL}/method/account.getCounters", body="<html>", status=500)
    found = examine(remote, URL, "vk", 5, "token")
    assert found.methods == {
        **{need.method: Finding.THERE for need in NEEDS},
        **UNTRIED,
        "messages.getHistory": Finding.DENIED,
        "messages.get": Finding.LACKING,
        "users.search": Finding.UNSURE,
        "account.getCounters": Finding.BROKEN,
    }
    assert (found.version, found.execute, found.missing) == ("", Finding.THERE, ["account.getCounters"])
    assert found.clock is not None
    text = as_text(found)
    assert "\ninbox                    not possible  no messages.get\n" in text
    assert "\nmessage                  not possible  no messages.getHistory\n" in text
    assert "\nDenied to this account or program: messages.getHistory\n" in text
    assert f"\nIts clock differs from ours by {found.clock} seconds.\n" in text
    assert text.endswith("\nThe gateway cannot do without: account.getCounters")


@responses.activate
def test_a_server_that_stops_answering_ends_it(remote: Client) -> None:
    with pytest.raises(NoAnswer):
        examine(remote, URL, "vk")


def test_json_tells_the_same(client: Client, kind: str) -> None:
    found: Examination = examine(client, URL, kind)
    told = json.loads(as_json(found))
    assert told.pop("acts") == {name: {"way": one.way.value, "note": one.note} for name, one in found.acts.items()}
    assert told.pop("methods") == {name: one.value for name, one in found.methods.items()}
    assert told == {
        "backend": URL,
        "kind": kind,
        "version": "Altair Preview (cff21778-nightly)" if kind == "openvk" else "",
        "viewer": 0,
        "clock_seconds": found.clock,
        "execute": "lacking" if kind == "openvk" else "there",
        "missing": [],
    }
