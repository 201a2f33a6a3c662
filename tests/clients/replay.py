"""Plays back what an original program sent, with the values a program takes from answers taken from ours.

Recordings are JSON lines: method, host, path, query, body, headers, as the program sent them to a stub. Rebound are
the sid, the cookies, versions and ids of messages the program had learned from answers. Values programs make up
themselves (unix time as `ts`, `message=305000012`, `sid=null`) stay.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from werkzeug.test import TestResponse

FOLDER = Path(__file__).parent.parent.parent / "fixtures" / "clients"
LEARNED = {
    "670000055": "wall",
    "670000056": "wall",
    "670000057": "wall",
    "433000024": "message",
    "299000002": "activity",
}
"""Versions the stub gave out, and of which list."""

LISTS = {"inbox": "message", "outbox": "message"}


@dataclass
class Exchange:
    """One request of the program with our answer."""

    parameters: dict[str, str]
    host: str
    path: str
    response: TestResponse
    logged_in: bool
    answer: Any = None

    @property
    def act(self) -> str:
        """The act asked for, `""` for several lists at once."""
        return self.parameters.get("act", "")


@dataclass
class Replay:
    """One program against one gateway."""

    gateway: Flask
    sid: str = ""
    logged_in: bool = False
    versions: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)

    def run(self, name: str) -> list[Exchange]:
        """Play a recording and return all exchanges in order."""
        self.client = self.gateway.test_client()
        lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [self._send(json.loads(line)) for line in lines]

    def _send(self, row: dict[str, Any]) -> Exchange:
        query, body = (self._rebind(row.get(part, "")) for part in ("query", "body"))
        headers = {name: value for name, value in row["headers"].items() if name not in ("cookie", "accept-encoding")}
        response = self.client.open(
            row["path"],
            method=row["method"],
            base_url=f"http://{row['host']}",
            environ_overrides={"QUERY_STRING": query},
            data=body.encode("latin-1"),
            headers=headers,
        )
        sent = {key: values[-1] for key, values in parse_qs(body or query, encoding="utf-8").items()}
        exchange = Exchange(sent, row["host"], row["path"], response, self.logged_in)
        if row["path"] == "/auth":
            self._learn_sid(response)
            self.logged_in = self.logged_in and sent["login"] != "logout"
        else:
            exchange.answer = self._read(response, sent.get("back", ""))
            self._learn(exchange)
        return exchange

    def _rebind(self, text: str) -> str:
        text = re.sub(r"sid=(?!deadbeef)[0-9a-f]{32}", f"sid={self.sid}", text)
        for recorded, kind in LEARNED.items():
            text = re.sub(rf"=({recorded})\b", lambda _, kind=kind: f"={self.versions[kind]}", text)
        kind = "wall" if "_wall" in text else "message"
        return re.sub(r"(wid=\d+)_\d+", lambda found: f"{found[1]}_{self.ids[kind]}", text)

    def _learn_sid(self, response: TestResponse) -> None:
        sid = response.headers.get("Location", "").rpartition("sid=")[2]
        if re.fullmatch("[0-9a-f]{32}", sid):
            self.sid = sid
            self.logged_in = True

    def _learn(self, exchange: Exchange) -> None:
        kind = exchange.act.removeprefix("add_").removeprefix("del_").removeprefix("restore_").removeprefix("set_")
        kind = LISTS.get(kind, kind)
        answer = exchange.answer
        if exchange.act == "profile":
            self._take("wall", answer["wa"]["h"])
            self.versions["message"] = answer["mts"]
        elif exchange.act == "history":
            for name in ("wall", "message", "activity"):
                self._take(name, answer.get(name, {}).get("h"))
        elif isinstance(answer, dict):
            self._take(kind, answer.get("h"))
            if exchange.act.startswith("add_") and answer.get("h"):
                self.ids[kind] = answer["h"][-1][2][0]

    def _take(self, kind: str, h: Any) -> None:
        if isinstance(h, int) and h:
            self.versions[kind] = h
        elif h:
            self.versions[kind] = h[-1][0]

    @staticmethod
    def _read(response: TestResponse, back: str) -> Any:
        """Read an answer as the program does: a picture, or the callback it named around JSON, and nothing else."""
        if response.mimetype.startswith("image/"):
            return response.get_data()
        text = response.get_data(as_text=True)
        if back:
            assert text.startswith(f"{back}(")
            assert text.endswith(");")
            text = text[len(back) + 1 : -2]
        return json.loads(text)
