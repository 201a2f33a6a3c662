"""Status histories on a server that tells the current status alone."""

from typing import Any

import pytest
from flask import Flask

from tests.conftest import MakeGateway
from tests.program import Program

LACKS = ("status.getHistory", "status.delete", "status.restore", "status.clear")


@pytest.fixture
def gateway(make_gateway: MakeGateway) -> Flask:
    return make_gateway(lacks=LACKS)


def texts(program: Program, user_id: int) -> list[Any]:
    return [row[5] for row in program.get("activity", id=user_id)["d"]]


def test_a_history_begins_with_the_status_there_is(pavel: Program, nikolay: Program) -> None:
    first = texts(pavel, 6)
    assert len(first) == 1
    version = pavel.version("activity", id=6)
    added = nikolay.get("set_activity", text="a &lt; b")
    assert (added["ok"], added["h"][0][1:2]) == (1, ["add"])
    assert texts(pavel, 6) == ["a &amp;lt; b", *first]
    assert [entry[1] for entry in pavel.get("history", activity=version, id=6)["activity"]["h"]] == ["add"]


def test_changes_made_elsewhere_are_seen(gateway: Flask, pavel: Program) -> None:
    client = gateway.extensions["userapi_gw"].client
    token = client.grant("nikolay@test.com", "7777777").token
    first = texts(pavel, 6)
    for text in ("one", "one", "two", "one"):
        client.call("status.set", token, write=True, text=text)
        texts(pavel, 6)
    assert texts(pavel, 6) == ["one", "two", "one", *first]


def test_deleting_and_restoring(nikolay: Program) -> None:
    first = texts(nikolay, 6)
    wid = nikolay.get("set_activity", text="again")["h"][0][2][0]
    assert nikolay.get("del_activity", wid=wid)["ok"] == 1
    assert nikolay.get("del_activity", wid=wid) == {"ok": 0}
    assert texts(nikolay, 6) == first
    assert nikolay.get("profile", id=6)["actv"] != []
    assert nikolay.get("restore_activity", wid=wid)["ok"] == 1
    assert nikolay.get("restore_activity", wid=wid) == {"ok": 0}
    assert texts(nikolay, 6) == ["again", *first]
    assert nikolay.get("clear_activity")["ok"] == 1
    assert texts(nikolay, 6) == []


def test_the_status_of_others_stays(pavel: Program, nikolay: Program) -> None:
    wid = nikolay.get("set_activity", text="mine")["h"][0][2][0]
    assert pavel.get("del_activity", wid=wid) == {"ok": 0}
    assert texts(pavel, 6)[0] == "mine"
