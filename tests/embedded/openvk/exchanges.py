"""What was recorded, and how it is asked again of the embedded world."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from userapi_gw.embedded.openvk.pictures import main_photo_number

ANNA, BORIS, CAROL, DMITRY, SYSOP = 1, 6, 10, 5, 7
"""Those who were at the recorded instance, as people of the embedded world: Carol is a friend of Anna and Boris."""

CLOSED, DELETED, BANNED, BLOCKING, NO_MESSAGES, NO_WALL = 301, 304, 305, 306, 302, 303
"""People of the embedded world made to try such pages; BLOCKING has Anna on the blacklist."""

POST, FOREIGN_POST, PHOTO, POST_COMMENT, PHOTO_COMMENT, ALBUM = (
    48776839,
    48771962,
    79435064,
    85935455,
    85935454,
    25797999,
)
MESSAGE, MESSAGE_TO_ANNA, FOREIGN_MESSAGE = 105825000, 105826000, 1
PHOTO_POST, STRANGER = 48776840, 14
MAIN_PHOTO = main_photo_number(ANNA, "http://cs137.userapi.com/u00001/a_6261d317.jpg")


@dataclass(frozen=True)
class Exchange:
    """One recorded request with its answer."""

    name: str
    verb: str
    path: str
    params: dict[str, Any]
    status: int
    content_type: str
    body: Any
    token: bool = False


@dataclass(frozen=True)
class Asked:
    """How an exchange is asked again: by whom, with which other parameters, after what."""

    viewer: int = ANNA
    params: dict[str, Any] = field(default_factory=dict)
    after: tuple[tuple[int, str, dict[str, Any]], ...] = ()


def recorded() -> dict[str, Exchange]:
    """Return all exchanges by name."""
    path = Path(__file__).parents[3] / "fixtures" / "openvk" / "recorded.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["name"]: Exchange(**row) for row in rows}


LEFT_OUT: Final = {
    **dict.fromkeys(("execute", "execute2", "execute_26", "execute_badmethod", "execute_combo"), "no VKScript"),
    **dict.fromkeys(("execute_err", "execute_noauth", "execute_nocode", "execute_syntax"), "no VKScript"),
    **dict.fromkeys(("likes.add", "likes.delete", "likes.getList", "likes.getList_ext", "likes.isLiked"), "no likes"),
    **dict.fromkeys(("wall.repost", "wall.get_repost", "notifications.get_archived0"), "no reposts, no news of likes"),
    **dict.fromkeys(("autoban", "noredis_longpoll", "noredis_messages.send"), "states of the machine, not of the API"),
    **dict.fromkeys(("account.saveProfileInfo_screen", "users.get_bdate"), "nobody has a short name"),
    **dict.fromkeys(("utils.resolveScreenName", "messages.send_domain"), "nobody has a short name"),
    **dict.fromkeys(("token_stale", "token_stale2", "token_stale_noclient"), "every login gives a new token"),
    **dict.fromkeys(("banned_token", "deleted_token"), "nobody whose page is gone has a password"),
    **dict.fromkeys(("longpoll_after", "longpoll_timeout", "longpoll_timeout2"), "the same as longpoll_first"),
    "photos.delete_noalbum": "the crash is of photos without album, which the embedded world deletes like others",
    "quirk_array": "parameters that are arrays: nothing sends them",
}
"""Exchanges that are not asked again, with the reason."""

APART: Final = frozenset(
    {
        *("badtoken_getProfileInfo", "badxff", "bearer", "friends.add_limit", "ratelimit_5", "ratelimit_6"),
        *("photos.save", "photos.saveOwnerPhoto", "photos.saveOwnerPhoto_badimage", "photos.saveWallPhoto"),
        *("photos.save_again", "photos.save_badhash", "messages.getLongPollHistory", "messages.getLongPollHistory_ts"),
        *(
            "longpoll_badkey",
            "longpoll_first",
            "longpoll_newmsg",
            "longpoll_noact",
            "longpoll_nokey",
            "longpoll_typing",
        ),
        *("token_2fa_badcode", "token_2fa_badpass", "token_2fa_nocode", "token_2fa_ok", "token_get_baduser"),
        *("token_get_ok", "token_nogrant", "token_post_badpass", "token_post_ok", "upload_album"),
        *("upload_album_wrongfield", "upload_owner", "upload_owner_badimage", "upload_owner_nofile", "upload_wall"),
    }
)
"""Exchanges that need more than parameters: they are asked again in the other modules."""

IDS: Final[dict[str, dict[str, str]]] = {
    "people": {"1": SYSOP, "2": ANNA, "3": BORIS, "4": CAROL, "5": DMITRY, "34": 273611},
    "post_id": {"1": POST, "2": FOREIGN_POST},
    "photo_id": {"1": PHOTO, "2": 79435059, "3": MAIN_PHOTO, "4": 118073657},
    "message": {"1": MESSAGE, "2": 105823000, "3": MESSAGE_TO_ANNA, "14": MESSAGE},
    "comment_id": {"1": POST_COMMENT, "4": PHOTO_COMMENT},
    "album_id": {"5": ALBUM},
    "q": {"Иванов": "Durov", "Анна Иванова": "Pavel Durov", "анна": "pavel", "Кузнецов": "Kuznetsov"},
}
KINDS: Final = {
    **dict.fromkeys(("user_id", "user_ids", "owner_id", "peer_id", "peer_ids"), "people"),
    **dict.fromkeys(("message_id", "message_ids", "start_message_id"), "message"),
    "post_id": "post_id",
    "photo_id": "photo_id",
    "comment_id": "comment_id",
    "album_id": "album_id",
    "q": "q",
}
PAIRS: Final = {"posts": "post_id", "photos": "photo_id", "attachment": "photo_id", "attachments": "photo_id"}


def asked_params(exchange: Exchange) -> dict[str, str]:
    """Return the parameters of an exchange with the ids of the embedded world in the place of the recorded ones."""
    return {name: _value(name, str(value)) for name, value in exchange.params.items()}


def _value(name: str, value: str) -> str:
    if name in PAIRS:
        return ",".join(_pair(word, PAIRS[name]) for word in value.split(","))
    known = IDS.get(KINDS.get(name, ""), {})
    if name == "q":
        return known.get(value, value)
    return ",".join(str(known.get(word.strip(), word)) for word in value.split(","))


def _pair(word: str, kind: str) -> str:
    owner, _, number = word.removeprefix("photo").partition("_")
    start = "photo" if word.startswith("photo") else ""
    return f"{start}{IDS['people'].get(owner, owner)}_{IDS[kind].get(number, number)}" if number else word
