"""Photos with their tags and comments."""

from typing import Any
from zlib import crc32

from userapi_gw.embedded.world.filler import Row, draw

_TAGS_OF_1 = 8  # on the first photos of friends; the last two wait for confirmation, as in the sample of act=history


def photos(facts: dict[str, Any], friends: list[int]) -> list[Row]:
    """Return all photos: those of the samples, then of person 1, then of friends, each part newest first."""
    known = [_known(photo) for photo in facts["photos"]]
    owned = sum(photo["owner_id"] == 1 for photo in known)
    mine = [
        _made_up(1, 3_000_001 + 7919 * place, 1170000000 + 1_000_000 * place)
        for place in reversed(range(facts["photos_of_1_total"] - owned))
    ]
    wanted = facts["photos_of_friends_total"] - (len(known) - owned)
    theirs = [
        _made_up(friends[place % len(friends)], 116_000_000 - 13 * place, 1224756700 - 250 * place)
        for place in range(wanted)
    ]
    return known + mine + theirs


def albums(rows: list[Row]) -> list[Row]:
    """Return an album for every number that photos name; it is as old as its oldest photo."""
    oldest: dict[tuple[int, int], int] = {}
    for row in rows:
        key = row["owner_id"], row["album_id"]
        oldest[key] = min(row["date"], oldest.get(key, row["date"]))
    return [
        {"owner_id": owner, "id": album, "title": "Photos", "created": date} for (owner, album), date in oldest.items()
    ]


def tags(facts: dict[str, Any], friends: list[int], names: dict[int, str], rows: list[Row]) -> list[Row]:
    """Return the tags of the samples, eight of person 1 and some of friends, all on photos of friends."""
    theirs = rows[-(facts["photos_of_friends_total"] - 100) :]
    of_1 = [_tag(4_000_000 + place, photo, 1, names) for place, photo in enumerate(theirs[:_TAGS_OF_1])]
    of_friends = [
        _tag(4_100_000 + place, photo, friends[(place * 7 + 3) % len(friends)], names)
        for place, photo in enumerate(theirs[_TAGS_OF_1::5])
    ]
    waiting = [{**tag, "confirmed": 0} for tag in of_1[-2:]]
    return [*facts["tags"], *of_1[:-2], *waiting, *of_friends]


def _known(photo: Row) -> Row:
    folder = photo["folder"]
    album = int(folder.rstrip("/").rpartition("/")[2])
    return _photo(photo["owner_id"], photo["id"], photo["date"], folder, photo) | {"album_id": album}


def _made_up(owner_id: int, photo_id: int, date: int) -> Row:
    album = 1_000_000 + owner_id % 1_000_000
    folder = f"http://cs{1 + draw(1600, 'album', owner_id)}.userapi.com/u{owner_id:05d}/{album}/"
    return _photo(owner_id, photo_id, date, folder, {}) | {"album_id": album}


def _photo(owner_id: int, photo_id: int, date: int, folder: str, files: Row) -> Row:
    """A photo whose `files` may name its `m` and `x` picture; the smallest is called like the `m` one."""
    thumb = files.get("m") or "m_" + _digest("m", photo_id)
    large = files.get("x") or "x_" + _digest("x", photo_id)
    return {
        "id": photo_id,
        "owner_id": owner_id,
        "date": date,
        "url_75": f"{folder}s{thumb[1:]}.jpg",
        "url_130": f"{folder}{thumb}.jpg",
        "url_604": f"{folder}{large}.jpg",
    }


def _digest(letter: str, photo_id: int) -> str:
    return f"{crc32(f'{letter}{photo_id}'.encode()):08x}"


def _tag(tag_id: int, photo: Row, user_id: int, names: dict[int, str]) -> Row:
    left, top = 10 + draw(40, "x", tag_id), 5 + draw(40, "y", tag_id)
    return {
        "id": tag_id,
        "photo_id": photo["id"],
        "user_id": user_id,
        "name": names[user_id],
        "placer_id": photo["owner_id"],
        "date": photo["date"] + 60,
        "x": left,
        "y": top,
        "x2": left + 30.5,
        "y2": top + 40.25,
    }
