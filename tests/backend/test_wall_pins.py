"""Servers show a pinned post first; old programs know only the order of time."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from userapi_gw.backend.client import Client, Transports
from userapi_gw.backend.facade import Backend
from userapi_gw.backend.model import Window

URL = "http://openvk.example"


def post(number: int, pinned: int) -> dict[str, Any]:
    return {"id": number, "owner_id": 2, "from_id": 2, "date": number, "text": "", "is_pinned": int(number == pinned)}


def wall_of(ids: list[int], pinned: int) -> Any:
    """Answers `wall.get` as VK and OpenVK do."""
    shown = [pinned] * (pinned in ids) + [number for number in ids if number != pinned]

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        form = {name: int(values[0]) for name, values in parse_qs(request.body).items() if name in ("offset", "count")}
        part = shown[form["offset"] : form["offset"] + form["count"]]
        body = {"response": {"count": len(ids), "items": [post(number, pinned) for number in part], "profiles": []}}
        return 200, {}, json.dumps(body)

    return answer


@responses.activate
@pytest.mark.parametrize("pinned", [0, 1, 4, 6, 9])
@pytest.mark.parametrize("window", [Window(0, 9), Window(0, 3), Window(0, 0), Window(2, 5), Window(4, 9), Window(8, 9)])
def test_newest_first(pinned: int, window: Window) -> None:
    ids = list(range(9, 0, -1))
    responses.add_callback(responses.POST, f"{URL}/method/wall.get", wall_of(ids, pinned))
    page = Backend(Client(URL, Transports.over_http(), 5), 2, "token").wall(2, window)
    assert (page.total, [row.id for row in page.rows]) == (9, ids[window.start : window.stop])
