"""Makes up people, always the same ones: every choice is a checksum of what it is for, nothing is random."""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any, Final, TypeVar
from zlib import crc32

Row = dict[str, Any]
Choice = TypeVar("Choice")

DUROVS: Final = 1187
"""With persons 1 and 6 they are the 1189 of the sample in "Searching users by name"."""
STRANGERS: Final = 2600

_PLACES: Final = ((1, 1), (1, 2), (1, 49), (2, 314), (None, None))  # country and city


def read_facts(name: str) -> dict[str, Any]:
    """Return a JSON file of this folder."""
    facts: dict[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
    return facts


def draw(limit: int, *key: object) -> int:
    """Return a number from 0 up to, not including, `limit`, always the same for the same key."""
    return crc32(repr(key).encode()) % limit


def pick(options: Sequence[Choice], *key: object) -> Choice:
    """Return one of `options`, always the same for the same key."""
    return options[draw(len(options), *key)]


def picture(user_id: int, digest: str) -> str:
    """Return the address of a person's picture, 100 pixels wide, as the servers of 2008 spelled it."""
    return f"http://cs{1 + draw(1600, 'server', user_id)}.userapi.com/u{user_id:05d}/b_{digest}.jpg"


def stranger_ids(taken: set[int]) -> list[int]:
    """Return the ids of the people with ordinary names."""
    return [number for number in range(700, 700 + 7103 * STRANGERS, 7103) if number not in taken]


def durov_ids() -> range:
    """Return the ids of the people named Durov whom no sample names."""
    return range(501, 501 + 16_001 * DUROVS, 16_001)


def made_up_people(ids: Sequence[int], last_names: Sequence[str], words: dict[str, Any]) -> Iterator[Row]:
    """Return people with first names of `words` and one of `last_names` (male forms)."""
    for place, user_id in enumerate(ids):
        sex = 1 + draw(2, "sex", user_id)
        yield {
            "id": user_id,
            "sex": sex,
            "first_name": pick(words["female" if sex == 1 else "male"], "first", user_id),
            "last_name": pick(last_names, "last", user_id) + ("a" if sex == 1 else ""),
            "online": int(place % 10 == 3),
            **_picture_or_none(user_id),
            **_details(user_id),
        }


def privacy(place: int) -> Row:
    """Return what the stranger at `place` lets others do: most people everything."""
    return {"closed": int(place % 97 == 96), "wall_open": int(place % 89 != 88), "messages_open": int(place % 83 != 82)}


def _picture_or_none(user_id: int) -> Row:
    if draw(12, "has photo", user_id) == 0:
        return {}
    return {"photo": picture(user_id, f"{crc32(str(user_id).encode()):08x}")}


def _details(user_id: int) -> Row:
    country, city = pick(_PLACES, "place", user_id)
    return {
        "birth_day": 1 + draw(28, "day", user_id),
        "birth_month": 1 + draw(12, "month", user_id),
        "birth_year": 1970 + draw(23, "year", user_id),
        "bdate_visibility": draw(3, "visibility", user_id),
        "country_id": country,
        "city_id": city,
        "relation": draw(7, "relation", user_id),
        "political": draw(9, "political", user_id),
    }
