"""What tests of notifications share: Nikolay writes to Pavel, and what the outbox holds then."""

from flask import Flask

from tests.program import Program
from userapi_gw.gateway import Gateway

PAVEL = 1


def rooms(gateway: Flask) -> Gateway:
    found: Gateway = gateway.extensions["userapi_gw"]
    return found


def outcomes(gateway: Flask) -> list[tuple[str, int, str, str, str]]:
    notices = rooms(gateway).state.notifications.notices(with_done=True)
    return [(notice.kind, notice.count, notice.state, notice.channel, notice.reason) for notice in notices]


def wrote(program: Program, message: str = "hello") -> None:
    assert program.get("add_message", id=PAVEL, message=message)["ok"] == 1


def token_of(program: Program) -> str:
    session = rooms(program.gateway).state.sessions.find(program.sid)
    assert session is not None
    return session.token
