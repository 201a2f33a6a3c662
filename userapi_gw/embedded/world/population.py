"""Everybody: the people of the samples, those made up to try things with, and filler."""

from dataclasses import dataclass
from typing import Any

from userapi_gw.embedded.world.filler import (
    Row,
    draw,
    durov_ids,
    made_up_people,
    privacy,
    read_facts,
    stranger_ids,
)

_LAST_DAY = 1224750000  # nobody was seen later; the samples were taken around this time


@dataclass(frozen=True, slots=True)
class Population:
    """All rows of `people`, and those of them that lists may be filled up with."""

    people: list[Row]
    strangers: list[int]


def build_population(relations: dict[str, Any]) -> Population:
    """Return everybody; `relations` names low ids that the friend list of person 1 needs."""
    facts, words = read_facts("people"), read_facts("words")
    known = facts["people"] + facts["more_people"]
    taken = {person["id"] for person in known}
    low = [number for number in relations["first_friends"] if number not in taken]
    strangers = stranger_ids(taken)
    filler = list(made_up_people(low + strangers, words["last"], words))
    for place, person in enumerate(filler[len(low) :]):
        person |= privacy(place)
    durovs = list(made_up_people(durov_ids(), ["Durov"], words))
    return Population([_complete(person) for person in known + filler + durovs], strangers)


def _complete(person: Row) -> Row:
    user_id = person["id"]
    return {
        "last_seen": _LAST_DAY - draw(5_000_000, "seen", user_id),
        **{name: value for name, value in person.items() if name not in ("photo", "small")},
        "first_key": person["first_name"].casefold(),
        "last_key": person["last_name"].casefold(),
        **_pictures(person.get("photo", ""), person.get("small", "")),
    }


def _pictures(photo: str, small: str) -> Row:
    """The three sizes lie in one folder; where only `b_` (100) is known, `c_` (50) and `a_` (200) share its name."""
    if not photo:
        return {}
    folder, _, name = photo.rpartition("/")
    return {
        "photo_50": f"{folder}/{small}.jpg" if small else f"{folder}/c{name[1:]}",
        "photo_100": photo,
        "photo_200": f"{folder}/a{name[1:]}",
    }
