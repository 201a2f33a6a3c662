"""What each position of each answer means: the one table of names behind `d[3].sender.name`.

Sections of the UserAPI documentation stand beside the acts in `userapi_gw.acts`, the rows are made in
`userapi_gw.shapes`; a test holds this table against both.
"""

from collections.abc import Mapping
from typing import Any

from userapi_gw.compare.forms import Either, Fields, Form, Joined, Row, Rows, fields, row
from userapi_gw.compare.kinds import (
    ALBUM,
    CITY,
    COMMENT,
    COUNTER,
    HASH,
    MEDIUM,
    MESSAGE,
    ONLINE,
    PHOTO,
    PICTURE,
    PLAIN,
    POST,
    PRIVACY,
    QUOTED_TAG,
    QUOTED_USER,
    SCHOOL,
    STATUS,
    TAG,
    TEXT,
    TIME,
    TOTAL,
    USER,
    Kind,
    version,
)

FRIEND = row(id=USER, name=TEXT, photo=PICTURE, online=ONLINE)
QUOTED_FRIEND = row(id=QUOTED_USER, name=TEXT, photo=PICTURE, online=ONLINE)
"""Bookmarks and updates quote the id in dialect 2008."""
PERSON = row(id=USER, name=TEXT, photo=PICTURE, thumbnail=PICTURE, sex=PLAIN, online=ONLINE)
CONTENT = row(text=TEXT, type=PLAIN, title=TEXT, thumbnail=PICTURE, url=PICTURE, owner=USER, object=MEDIUM, size=PLAIN)
KEPT_CONTENT = Either(lambda value: TEXT if isinstance(value, str) else CONTENT, (CONTENT, TEXT))
"""A deleted message has an empty text in place of its content."""
PHOTO_KEY = Joined(USER, PHOTO)
PHOTO_ROW = row(id=PHOTO_KEY, thumbnail=PICTURE, image=PICTURE)
POST_ROW = row(id=POST, time=TIME, content=CONTENT, sender=PERSON, owner=PERSON)
MESSAGE_ROW = row(id=MESSAGE, time=TIME, content=KEPT_CONTENT, sender=PERSON, recipient=PERSON, read=PLAIN)
STATUS_ROW = row(id=Joined(USER, STATUS), user=USER, sex=PLAIN, name=TEXT, time=TIME, text=TEXT)
COMMENT_ROW = row(
    id=COMMENT, time=TIME, content=CONTENT, sender=PERSON, owner=PERSON, reserved_5=PLAIN, reserved_6=PLAIN,
    photo=row(id=PHOTO, thumbnail=PICTURE),
)  # fmt: skip
SUBDIVISION = row(id=CITY, name=TEXT, type=PLAIN)
CITY_ROW = row(
    city=row(id=CITY, name=TEXT, type=PLAIN, large=PLAIN, word=PLAIN), lower=SUBDIVISION, higher=SUBDIVISION,
    country=row(id=PLAIN),
)  # fmt: skip
SCHOOL_ROW = row(id=SCHOOL, name=TEXT, type=PLAIN)
EDUCATION_ROW = row(id=SCHOOL, university=SCHOOL, type=PLAIN, name=TEXT, year=PLAIN)
TAG_FIELDS = fields(tid=TAG, placer_id=USER, id=QUOTED_USER, name=TEXT)
CHANGED_TAG_FIELDS = fields(tid=QUOTED_TAG, placer_id=QUOTED_USER, id=QUOTED_USER, name=TEXT)
"""Dialect 2008 quotes the id of who is tagged, in answers to a change all ids."""


def history_of(stream: str, entry: Form) -> Either:
    """Return the form of `h`: the version of a list, or entries `[number, action, row]`, or `false`."""
    number = version(stream)
    entries = Rows(row(number=number, action=PLAIN, row=entry))

    def choose(value: Any) -> Form:
        return entries if isinstance(value, list) else PLAIN if isinstance(value, bool) else number

    return Either(choose, (entries, number, PLAIN))


HISTORIES: Mapping[str, Form] = {
    "wall": history_of("wall", POST_ROW),
    "message": history_of("message", MESSAGE_ROW),
    "activity": history_of("activity", STATUS_ROW),
    "photos_comments": history_of("photos_comments", COMMENT_ROW),
    "updates_photos": history_of("updates_photos", PHOTO_ROW),
    "updates_tagged_photos": history_of("updates_tagged_photos", PHOTO_ROW),
    "updates_friends": history_of("updates_friends", QUOTED_FRIEND),
    "updates_activity": history_of("updates_activity", STATUS_ROW),
}
"""`h` by the name of its stream."""


def counted(entry: Form, stream: str = "", total: Kind = TOTAL, beside: Mapping[str, Form] | None = None) -> Fields:
    """Return `{n, d}`, with `h` for a list that has a history, and what else stands `beside`."""
    history = {"h": HISTORIES[stream]} if stream else {}
    return Fields({"n": total, "d": Rows(entry), **history, **(beside or {})})


BESIDE_COMMENTS: Mapping[str, Form] = {
    "parent": Joined(USER, PHOTO),
    "tags": Rows(TAG_FIELDS),
    "author": row(id=USER, name=TEXT),
    "new_tag": TAG_FIELDS,
}
FRIENDS, PHOTOS = counted(FRIEND), counted(PHOTO_ROW)
WALL = counted(POST_ROW, "wall")
MAIL = counted(MESSAGE_ROW, "message", COUNTER)
FAVES = counted(QUOTED_FRIEND, total=COUNTER)
COUNTED: Mapping[str, Fields] = {
    **dict.fromkeys(("friends", "friends_online", "friends_mutual", "friends_new"), FRIENDS),
    **dict.fromkeys(("photos", "photos_with", "photos_new"), PHOTOS),
    **dict.fromkeys(("message", "inbox", "outbox"), MAIL),
    **dict.fromkeys(("fave", "fave_online", "faved"), FAVES),
    "wall": WALL,
    "activity": counted(STATUS_ROW, "activity"),
    "photos_comments": counted(COMMENT_ROW, "photos_comments", beside=BESIDE_COMMENTS),
    "cities": counted(CITY_ROW),
    "schools": counted(SCHOOL_ROW),
    "quick_search": counted(FRIEND, beside={"belongs": PLAIN}),
    "search_results": counted(FRIEND, beside={"belongs": PLAIN}),
    **dict.fromkeys(("updates_activity", "updates_activities"), counted(STATUS_ROW, "updates_activity", COUNTER)),
    "updates_friends": counted(QUOTED_FRIEND, "updates_friends", COUNTER),
    "updates_photos": counted(PHOTO_ROW, "updates_photos", COUNTER),
    "updates_tagged_photos": counted(PHOTO_ROW, "updates_tagged_photos", COUNTER),
}  # fmt: skip
"""Every list as `{n, d}`, by the act that asks for it."""

UPLOAD_FORM: Mapping[str, Form] = {"url": PICTURE, "hash": HASH, "rhash": HASH}
PROFILE = fields(
    id=USER, fn=TEXT, ln=TEXT, mn=TEXT, ht=TEXT, cii=CITY, cin=TEXT, bp=PICTURE, us=USER, on=ONLINE,
    pr=fields(pa=PRIVACY, wa=PRIVACY, ms=PRIVACY, **UPLOAD_FORM), actv=STATUS_ROW, edu=Rows(EDUCATION_ROW),
    mts=version("message"), fr=FRIENDS, fro=FRIENDS, frm=FRIENDS, phw=PHOTOS, wa=WALL,
    ph=counted(PHOTO_ROW, beside={"aid": ALBUM, **UPLOAD_FORM}),
)  # fmt: skip

COUNTERS = {"nm": COUNTER, "nf": COUNTER, "nph": COUNTER}
PRELOADED = ("inbox", "outbox", "friends_new", "fave", "fave_online", "faved")
HISTORY = Fields(
    {
        **{name: fields(h=h) for name, h in HISTORIES.items()},
        "photos_comments": fields(h=HISTORIES["photos_comments"], parent=Joined(USER, PHOTO)),
        **{name: COUNTED[name] for name in PRELOADED},
        **COUNTERS,
        "profile": PROFILE,
        "frnum": COUNTER,
        "us": USER,
    }
)
"""`act=history`: histories by stream, lists loaded beforehand, counters."""

MULTI = Fields({**COUNTED, "my_friends": FRIENDS, "profile": PROFILE})
"""Several lists in one request without `act`."""

OK = fields(ok=PLAIN)
CHANGES = {
    **dict.fromkeys(("add_wall", "del_wall", "restore_wall"), "wall"),
    **dict.fromkeys(("add_message", "del_message", "del_inbox", "del_outbox"), "message"),
    **dict.fromkeys(("restore_message", "restore_inbox", "restore_outbox"), "message"),
    **dict.fromkeys(("add_photos_comments", "del_photos_comments", "restore_photos_comments"), "photos_comments"),
    **dict.fromkeys(("set_activity", "del_activity", "clear_activity", "restore_activity"), "activity"),
}
"""Acts that change a list and answer with its history."""

BARE = ("friends", "friends_online", "friends_mutual", "friends_new", "photos", "photos_with", "photos_new")
"""Acts that answer rows alone."""

ANSWERS: Mapping[str, Form] = {
    **COUNTED,
    **{name: COUNTED[name].field("d") for name in BARE},
    **{name: fields(ok=PLAIN, h=HISTORIES[stream]) for name, stream in CHANGES.items()},
    **dict.fromkeys(("put_tag", "delete_tag", "confirm_tag"), Rows(CHANGED_TAG_FIELDS)),
    **dict.fromkeys(("add_fave", "del_fave"), fields(ok=PLAIN, id=USER)),
    **dict.fromkeys(("add_friend", "del_friend", "add_school", "delete_school", "edit_page"), OK),
    **dict.fromkeys(("delete_photo", "delete_page_photo", "prepare_updates"), OK),
    "profile": PROFILE,
    "history": HISTORY,
    "get_school_num": fields(num=TOTAL, n=TOTAL),
    "register": PLAIN,
    "captcha": PLAIN,
}
"""The form of every act's answer. Where an act failed, the answer is `OK`."""


def form_of(act: str, answer: Any) -> Form:
    """Return the form of an answer: that of the act, of several lists without one, or of a failure."""
    form = ANSWERS.get(act, MULTI)
    if isinstance(answer, dict) and (not isinstance(form, Fields) or {*answer} == {"ok"}):
        return OK
    return form


__all__ = ["ANSWERS", "MULTI", "OK", "Row", "form_of"]
