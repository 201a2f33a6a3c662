"""Wall posts, private messages and statuses."""

import json
from collections.abc import Iterator
from typing import Any

from userapi_gw.embedded.world.filler import Row, pick


def posts(facts: dict[str, Any], words: dict[str, Any], strangers: list[int]) -> Iterator[Row]:
    """Return the walls. UserAPI documentation, "Getting wall message list for a user"."""
    for post in facts["posts"]:
        yield {**post, "attachments": json.dumps(post.get("attachments", []))}
    oldest = facts["posts"][-1]
    for place in range(1, facts["wall_of_1_total"] - len(facts["posts"]) + 1):
        yield _post(oldest, place, 0, 1, pick(strangers, "author", place), words)
    for place, owner in enumerate(facts["other_walls"] * 7, 1):
        author = pick([owner, *strangers[:9]], "author", owner, place)
        yield _post(oldest, place * 50, 1, owner, author, words)  # one up: ids are unique over all walls


def messages(facts: dict[str, Any], words: dict[str, Any]) -> Iterator[Row]:
    """Return the private messages; all made-up ones are older than those of the samples, and read."""
    yield from facts["messages"]
    number = 0
    for first, second, total in facts["talks"]:
        known = sum({message["from_id"], message["to_id"]} == {first, second} for message in facts["messages"])
        for _ in range(total - known):
            number += 1
            yield _message(number, *pick([(first, second), (second, first)], "sender", number), words)


def statuses(facts: dict[str, Any], words: dict[str, Any], friends: list[int]) -> Iterator[Row]:
    """Return the statuses; person 1 and their friends together have what the samples count."""
    yield from facts["statuses"]
    for number, user_id in enumerate(_status_authors(facts, friends), 1):
        text = pick(words["status"], "status", number)
        yield {"id": 139_700_000 - 100 * number, "user_id": user_id, "date": 1224520000 - 300 * number, "text": text}


def _status_authors(facts: dict[str, Any], friends: list[int]) -> Iterator[int]:
    """Whose status each made-up one is, newest first."""
    known = [status["user_id"] for status in facts["statuses"]]
    for user_id, total in facts["status_totals"]:
        yield from [user_id] * (total - known.count(user_id))
    of_friends = sum(user_id in friends for user_id in known)
    for place in range(facts["statuses_of_friends_total"] - of_friends):
        yield friends[place % len(friends)]


def _post(oldest: Row, place: int, shift: int, owner: int, author: int, words: dict[str, Any]) -> Row:
    return {
        "id": oldest["id"] - 2000 * place + shift,
        "owner_id": owner,
        "from_id": author,
        "date": oldest["date"] - 2800 * place,
        "text": pick(words["wall"], "post", owner, place),
        "attachments": "[]",
    }


def _message(number: int, from_id: int, to_id: int, words: dict[str, Any]) -> Row:
    return {
        "id": 106_000_000 - 1000 * number,
        "from_id": from_id,
        "to_id": to_id,
        "date": 1224500000 - 4000 * number,
        "text": pick(words["talk"], "message", number),
        "read": 1,
    }
