"""An old program: speaks UserAPI over WSGI, keeps a sid and cookies, reads answers as JSON or JSONP."""

import json
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import TestResponse

PASSWORD = "7777777"


class Program:
    """Sends requests as bytes of an address, so that tests decide about every byte."""

    def __init__(self, gateway: Flask, headers: dict[str, str] | None = None) -> None:
        self.gateway = gateway
        self.client = gateway.test_client()
        self.headers = headers or {}
        self.sid = ""
        self.viewer = 0

    def auth(self, query: str = "", host: str = "login.userapi.com", **parameters: Any) -> TestResponse:
        """Send a login request."""
        return self.client.get(
            "/auth", query_string=query or urlencode(parameters), headers=self.headers, base_url=f"http://{host}"
        )

    def log_in(self, email: str = "test@test.com", password: str = PASSWORD, site: int = 2) -> "Program":
        """Log in and keep the sid."""
        response = self.auth(login="force", site=site, email=email, **{"pass": password})
        self.sid = sid_of(response)
        assert len(self.sid) == 32, response.headers
        return self

    def raw(self, query: str, host: str = "userapi.com") -> TestResponse:
        """Send a query to `/data` exactly as it stands."""
        return self.client.get("/data", query_string=query, headers=self.headers, base_url=f"http://{host}")

    def get(self, act: str = "", /, **parameters: Any) -> Any:
        """Ask for an act, or for several lists without one, and return the answer."""
        named = {"act": act} if act else {}
        return answer_of(self.raw(urlencode({**named, **parameters, "sid": self.sid})))

    def version(self, act: str, **parameters: Any) -> int:
        """The version of a list, as a program asks for it before it polls."""
        return int(self.get(act, **parameters, **{"from": 0, "to": 0})["h"])


def sid_of(response: TestResponse) -> str:
    """The sid, or the code of a failed login, in a redirect."""
    assert response.status_code == 302, response.status
    return response.headers["Location"].rpartition("sid=")[2]


def answer_of(response: TestResponse) -> Any:
    """The value inside JSON or `name(json);`."""
    assert response.status_code == 200, response.status
    text = response.get_data(as_text=True)
    if text.endswith(");"):
        text = text[text.index("(") + 1 : -2]
    return json.loads(text)
