"""Reads VK's objects into the model: tolerant of what servers leave out, strict about ids and times."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from userapi_gw.backend.model import (
    STRANGERS,
    Attachment,
    Comment,
    Conversation,
    Education,
    Message,
    MessageHead,
    Photo,
    Post,
    Profile,
    Status,
    Tag,
    User,
)
from userapi_gw.reference import COUNTRIES, PART, UNIVERSITY

USER_FIELDS = "sex,online,has_photo,photo_50,photo_100"
PROFILE_FIELDS = (
    f"{USER_FIELDS},photo_200,photo_max,bdate,city,country,home_town,maiden_name,relation,personal,"
    "can_see_all_posts,can_write_private_message,is_friend,friend_status,is_favorite,schools,universities"
)

Json = Mapping[str, Any]
NO_CODES: Mapping[int, int] = MappingProxyType({})
NO_TALKS: Mapping[int, Json] = MappingProxyType({})


MENTION = re.compile(r"\[(?:id|club|public|event)[0-9]+\|([^\[\]]+)\]")


def text(value: Any) -> str:
    """Return plain text from what VK delivers HTML-escaped; null becomes the empty text.

    Of a mention (`[id3|Boris]`) the part for people is left: old programs show texts as they come.
    """
    return MENTION.sub(r"\1", html.unescape(str(value))) if value else ""


def rows_of(answer: Any) -> list[Json]:
    """Return the rows of an answer that is a list; OpenVK makes an object of it when it leaves people out."""
    return list(answer.values()) if isinstance(answer, Mapping) else list(answer)


def user(row: Json) -> User:
    """Read a user object; a person without a picture gets empty photo addresses."""
    pictured = bool(row.get("has_photo", 1))
    return User(
        id=int(row["id"]),
        first_name=str(row.get("first_name") or ""),
        last_name=str(row.get("last_name") or ""),
        photo_50=str(row.get("photo_50") or "") if pictured else "",
        photo_100=str(row.get("photo_100") or "") if pictured else "",
        sex=int(row.get("sex") or 0),
        online=bool(row.get("online")),
    )


def users_by_id(rows: Any) -> dict[int, User]:
    """Read the people of `users.get`, or the `profiles` of an extended answer."""
    return {person.id: person for person in map(user, rows_of(rows))}


def group_rows(answer: Any) -> list[Json]:
    """Return the communities of groups.getById: a list, from API 5.139 on an object."""
    return rows_of(answer["groups"] if isinstance(answer, Mapping) and "groups" in answer else answer)


def community(row: Json) -> User:
    """Read a community as somebody who writes and is written to: its number is negative, it has one name."""
    pictures = (str(row.get(name) or "") for name in ("photo_50", "photo_100"))
    return User(-int(row["id"]), text(row.get("name")), "", *(pictures if row.get("has_photo", 1) else ()))


def everybody(answer: Json) -> dict[int, User]:
    """Read the people and communities that come with an extended answer."""
    communities = map(community, answer.get("groups") or ())
    return users_by_id(answer.get("profiles") or []) | {one.id: one for one in communities}


def nobody(user_id: int) -> User:
    """Return the person an id stands for when the server told nothing else about them."""
    return User(user_id, "", "")


def birth(bdate: Any) -> tuple[int, int, int]:
    """Read VK's `D.M` or `D.M.YYYY` into day, month, year; what is hidden is 0."""
    parts = [int(part) for part in str(bdate or "").split(".") if part.isdecimal()]
    day, month, year = [*parts, 0, 0, 0][:3]
    return day, month, year


def is_closed(row: Json) -> bool:
    """Tell whether the viewer is shown little more of a person than the name: a page for friends, or a blacklist."""
    return not row.get("can_access_closed", not row.get("is_closed"))


def profile(row: Json, relations: Mapping[int, int] = NO_CODES) -> Profile:
    """Read a user object that was asked for with `PROFILE_FIELDS`; `relations` translates its codes to VK's."""
    person, relation, closed = user(row), int(row.get("relation") or 0), is_closed(row)
    city, country = row.get("city") or {}, row.get("country") or {}
    return Profile(
        user=person,
        photo_200=str(row.get("photo_200") or row.get("photo_max") or "") if person.photo_100 else "",
        maiden_name=str(row.get("maiden_name") or ""),
        home_town=str(row.get("home_town") or ""),
        country_id=int(country.get("id") or 0),
        country_code=str(country.get("code") or country_code(int(country.get("id") or 0))),
        city_id=int(city.get("id") or 0),
        city_name=str(city.get("title") or ""),
        birth=(0, 0, 0) if closed else birth(row.get("bdate")),  # of a closed page OpenVK tells 01.01.1970
        relation=relations.get(relation, relation),
        political=int((row.get("personal") or {}).get("political") or 0),
        closed=closed,
        wall_open=bool(row.get("can_see_all_posts", not closed)),
        messages_open=bool(row.get("can_write_private_message", 1)),
        friend_status=int(row.get("friend_status") or STRANGERS),
        is_bookmarked=bool(row.get("is_favorite")),
        education=(*map(school, row.get("schools") or ()), *map(university, row.get("universities") or ())),
    )


def own_profile(row: Json) -> Callable[[Profile], Profile]:
    """Read what account.getProfileInfo tells: returns what adds it to the viewer's profile.

    `relation` is the server's code.
    """
    relation, home_town = int(row.get("relation") or 0), str(row.get("home_town") or "")
    day, month, year = birth(row.get("bdate"))
    told = (day, month, 0 if row.get("bdate_visibility") else year)

    def add(known: Profile) -> Profile:
        return replace(
            known,
            relation=relation,
            home_town=known.home_town or home_town,
            birth=known.birth if any(known.birth) else told,
        )

    return add


def country_code(country_id: int) -> str:
    """Return the ISO 3166 code VK does not tell, `""` for an id nobody knows."""
    known = COUNTRIES.get(country_id)
    return known.code if known else ""


def school(row: Json) -> Education:
    """Read one of a person's `schools`."""
    kind, year = int(row.get("type") or 0), int(row.get("year_graduated") or 0)
    return Education(int(row["id"]), 0, kind, text(row.get("name")), year)


def university(row: Json) -> Education:
    """Read one of a person's `universities`: the faculty where one is told, else the university itself."""
    year = int(row.get("graduation") or 0)
    if row.get("faculty"):
        return Education(int(row["faculty"]), int(row["id"]), PART, text(row.get("faculty_name")), year)
    return Education(int(row["id"]), 0, UNIVERSITY, text(row.get("name")), year)


def photo(row: Json) -> Photo:
    """Read a photo with its `sizes` (VK's letters: s 75 px, m 130 px, x 604 px)."""
    sizes = {str(size["type"]): str(size["url"]) for size in row.get("sizes") or ()}
    return Photo(
        owner_id=int(row["owner_id"]),
        id=int(row["id"]),
        date=int(row.get("date") or 0),
        url_75=sizes.get("s", ""),
        url_130=sizes.get("m", ""),
        url_604=sizes.get("x", ""),
    )


def attachment(rows: list[Json] | None) -> Attachment | None:
    """Return the first attachment UserAPI has a number for."""
    for row in rows or ():
        read = _ATTACHMENTS.get(str(row.get("type")))
        if read:
            return read(row[row["type"]])
    return None


def _photo_attachment(row: Json) -> Attachment:
    picture = photo(row)
    return Attachment(1, text(row.get("text")), picture.url_130, picture.url_604, picture.owner_id, picture.id)


def _graffiti_attachment(row: Json) -> Attachment:
    url = str(row.get("url") or row.get("photo_604") or "")
    return Attachment(2, "", str(row.get("photo_130") or url), url, int(row["owner_id"]), int(row["id"]))


def _video_attachment(row: Json) -> Attachment:
    images = row.get("image") or row.get("first_frame") or [{}]
    thumb = str(row.get("photo_130") or images[0].get("url") or "")
    url = str(row.get("player") or "")
    return Attachment(3, text(row.get("title")), thumb, url, int(row["owner_id"]), int(row["id"]))


def _audio_attachment(row: Json) -> Attachment:
    title = f"{text(row.get('artist'))} - {text(row.get('title'))}"
    return Attachment(4, title, "", str(row.get("url") or ""), int(row["owner_id"]), int(row["id"]))


_ATTACHMENTS = {
    "photo": _photo_attachment,
    "graffiti": _graffiti_attachment,
    "video": _video_attachment,
    "audio": _audio_attachment,
}


def post(row: Json, people: Mapping[int, User]) -> Post:
    """Read a wall post; `people` are the profiles that came with it."""
    author = int(row["from_id"])
    return Post(
        owner_id=int(row["owner_id"]),
        id=int(row["id"]),
        date=int(row["date"]),
        author=people.get(author) or nobody(author),
        text=text(row.get("text")),
        attachment=attachment(row.get("attachments")),
        pinned=bool(row.get("is_pinned")),
    )


def comment(row: Json, people: Mapping[int, User], picture: Photo) -> Comment:
    """Read a comment on `picture`; `people` are the profiles of the authors."""
    author = int(row["from_id"])
    return Comment(
        id=int(row["id"]),
        date=int(row["date"]),
        photo=picture,
        author=people.get(author) or nobody(author),
        text=text(row.get("text")),
        attachment=attachment(row.get("attachments")),
    )


def tag(row: Json) -> Tag:
    """Read a tag on a photo. `viewed` tells whether the person tagged has agreed to it."""
    return Tag(
        id=int(row["id"]),
        placer_id=int(row.get("placer_id") or 0),
        user_id=int(row.get("user_id") or 0),
        name=str(row.get("tagged_name") or ""),
        corners=(float(row["x"]), float(row["y"]), float(row["x2"]), float(row["y2"])),
        confirmed=bool(row.get("viewed", 1)),
    )


def message(row: Json, people: Mapping[int, User], viewer: int, talks: Mapping[int, Json] = NO_TALKS) -> Message:
    """Read a private message as `viewer` has it; `people` are the profiles of both sides.

    `talks` are the conversations that came with it: since API 5.80 they alone tell what is read.
    """
    sender = int(row["from_id"])
    other = int(row.get("user_id") or row.get("peer_id") or 0)
    recipient = other if sender == viewer else viewer
    return Message(
        id=int(row["id"]),
        date=int(row["date"]),
        sender=people.get(sender) or nobody(sender),
        recipient=people.get(recipient) or nobody(recipient),
        text=text(row.get("body") or row.get("text")),  # OpenVK cuts `text` short in messages.getById
        read=bool(row["read_state"]) if "read_state" in row else _was_read(row, talks.get(other, {})),
        attachment=attachment(row.get("attachments")),
    )


def _was_read(row: Json, talk: Json) -> bool:
    return int(row["id"]) <= int(talk.get("out_read" if row.get("out") else "in_read") or 0)


def message_head(row: Json) -> MessageHead:
    """Read of a message what tells it from others."""
    return MessageHead(id=int(row["id"]), date=int(row["date"]), outgoing=bool(row.get("out")))


def conversation(row: Json) -> Conversation:
    """Read an item of messages.getConversations."""
    facts = row["conversation"]
    return Conversation(
        peer_id=int(facts["peer"]["id"]),
        last=message_head(row["last_message"]),
        in_read=int(facts.get("in_read") or 0),
        out_read=int(facts.get("out_read") or 0),
        unread=int(facts.get("unread_count") or 0),
    )


def status(row: Json, person: User) -> Status:
    """Read one line of a status history."""
    return Status(id=int(row["id"]), user=person, date=int(row["date"]), text=text(row.get("text")))
