"""Somebody without a password: calls the embedded backend directly, or sits at an old program without a login."""

from typing import Any

from flask import Flask

from tests.program import Program
from userapi_gw.embedded.accounts import end_token, issue_token
from userapi_gw.embedded.database import Database


def end_grant(program: Program) -> None:
    """Let the embedded backend, whatever it emulates, forget the token of a program's session."""
    rooms = program.gateway.extensions["userapi_gw"]
    with Database(rooms.settings.embedded_database).write() as db:
        end_token(db, rooms.state.sessions.find(program.sid).token)


class Person:
    """A person of the embedded world behind a gateway."""

    def __init__(self, gateway: Flask, user_id: int) -> None:
        self.user_id = user_id
        self._flask = gateway
        self._gateway = gateway.extensions["userapi_gw"]
        with Database(self._gateway.settings.embedded_database).write() as db:
            self._token = issue_token(db, user_id)

    def __call__(self, method: str, **parameters: Any) -> Any:
        """Call a method of the backend."""
        return self._gateway.client.call(method, self._token, write=True, **parameters)

    def program(self) -> Program:
        """An old program with a session of this person."""
        program = Program(self._flask)
        program.sid = self._gateway.state.sessions.open(self.user_id, self._token, 2).sid
        return program
