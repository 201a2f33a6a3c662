"""What the stub backend knows: a hundred friends, a wall, mail; all canned, so that it costs next to nothing."""

import json
from typing import Any

FRIENDS = 100
ROWS = 30
MEDIA_HOST = "media.example"


def user(number: int) -> dict[str, Any]:
    """A user object with the fields the gateway asks for."""
    pictures = {f"photo_{size}": f"http://{MEDIA_HOST}/{number}/{size}.jpg" for size in (50, 100, 200)}
    person = {"id": number, "first_name": "Имя", "last_name": f"Фамилия{number}", "sex": 1 + number % 2}
    return person | {"online": number % 3 % 2, "has_photo": 1, "friend_status": 3, "bdate": "10.10.1984"} | pictures


def _listing(items: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"count": len(items), "items": items, **more}


def _photo(number: int) -> dict[str, Any]:
    sizes = [{"type": letter, "url": f"http://{MEDIA_HOST}/p{number}{letter}.jpg"} for letter in "smx"]
    return {"owner_id": 1, "id": number, "date": 1_200_000_000 + number, "sizes": sizes}


def _post(number: int) -> dict[str, Any]:
    return {"owner_id": 1, "id": number, "date": 1_200_000_000 + number, "from_id": number, "text": f"Запись {number}"}


def _message(number: int) -> dict[str, Any]:
    row = {"id": number, "date": 1_200_000_000 + number, "user_id": 2, "read_state": 1, "text": f"Привет {number}"}
    return row | {"from_id": 2, "peer_id": 2}


_PEOPLE = [user(number) for number in range(2, 2 + FRIENDS)]
_PHOTOS = [_photo(number) for number in range(ROWS, 0, -1)]
_NUMBERS = range(ROWS, 1, -1)

ANSWERS: dict[str, Any] = {
    "friends.get": _listing(_PEOPLE),
    "friends.getRequests": _listing([]),
    "photos.getAll": _listing(_PHOTOS),
    "photos.getUserPhotos": _listing(_PHOTOS),
    "photos.getAlbums": _listing([{"id": 7, "owner_id": 1, "title": "UserAPI"}]),
    "wall.get": _listing([_post(number) for number in _NUMBERS], profiles=_PEOPLE[:ROWS]),
    "status.getHistory": _listing([{"id": 1, "date": 1_200_000_000, "text": "На работе"}]),
    "status.getFriends": _listing([]),
    "newsfeed.get": {"items": [], "total_count": 0},
    "messages.get": _listing([_message(number) for number in _NUMBERS], profiles=_PEOPLE[:ROWS]),
    "messages.getConversations": _listing([]),
    "messages.getHistory": _listing([_message(number) for number in _NUMBERS], profiles=_PEOPLE[:ROWS]),
    "account.getProfileInfo": {"relation": 1, "home_town": "Москва"},
    "account.getCounters": {"messages": 1, "friends": 2, "photos": 3},
    "utils.getServerTime": 1_300_000_000,
}
"""The `response` of each method, whatever its parameters. `users.get`, `execute` and `/token` depend on theirs."""


def _short(answer: Any) -> Any:
    """The same answer with one row and one person."""
    rows = ("items", "profiles")
    whole = not isinstance(answer, dict)
    return answer if whole else {name: value[:1] if name in rows else value for name, value in answer.items()}


SHORT = {method: json.dumps({"response": _short(answer)}).encode() for method, answer in ANSWERS.items()}
"""The bytes of answers to who wants one row."""

SPELLED = {method: json.dumps({"response": answer}).encode() for method, answer in ANSWERS.items()}
"""The same as the bytes that are sent."""
