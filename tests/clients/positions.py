"""What programs of the time read by position, as patterns an answer must have: types all the way down."""

from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]


def flag(value: Any) -> bool:
    """0 or 1 as a number."""
    return value in (0, 1) and type(value) is int


def whole(value: Any) -> bool:
    """A number without quotes."""
    return type(value) is int


def text(value: Any) -> bool:
    """A text, never null."""
    return isinstance(value, str)


def row(*checks: Check) -> Check:
    """An array with exactly these places."""
    return lambda value: isinstance(value, list) and len(value) == len(checks) and all(
        check(item) for check, item in zip(checks, value, strict=True)
    )  # fmt: skip


def rows(check: Check) -> Check:
    """An array of any length."""
    return lambda value: isinstance(value, list) and all(map(check, value))


def either(*checks: Check) -> Check:
    """Any of several forms."""
    return lambda value: any(check(value) for check in checks)


def keys(**checks: Check) -> Check:
    """An object with at least these keys."""
    return lambda value: (
        isinstance(value, dict) and all(name in value and check(value[name]) for name, check in checks.items())
    )


def counted(check: Check, **more: Check) -> Check:
    """`{n, d}`."""
    return keys(n=whole, d=rows(check), **more)


FRIEND = row(whole, text, text, flag)
PERSON = row(whole, text, text, text, whole, flag)
CONTENT = either(row(text), row(text, whole, text, text, text, text, text))
POST = row(whole, whole, CONTENT, PERSON, row(whole))
MESSAGE = row(whole, whole, CONTENT, PERSON, either(PERSON, row(whole)), flag)
STATUS = row(text, whole, whole, text, whole, text)
PHOTO = row(text, text, text)
COMMENT = row(whole, whole, CONTENT, PERSON, row(whole), whole, whole, either(row(whole), row(whole, text)))
DELETED = either(row(whole), row(text), row(whole, whole, text, row(whole), row(whole)))
ENTRY = row(whole, text, either(POST, MESSAGE, STATUS, DELETED))
H = either(whole, rows(ENTRY))
OK = keys(ok=whole)
CHANGED = keys(ok=whole, h=rows(ENTRY))

ANSWERS: dict[str, Check] = {
    **dict.fromkeys(("friends", "friends_online", "friends_mutual", "friends_new"), rows(FRIEND)),
    **dict.fromkeys(("photos", "photos_with", "photos_new"), rows(PHOTO)),
    **dict.fromkeys(("fave", "fave_online", "faved", "quick_search"), counted(FRIEND)),
    **dict.fromkeys(("message", "inbox", "outbox"), counted(MESSAGE, h=either(H, flag))),
    "wall": counted(POST, h=H),
    "activity": counted(STATUS, h=H),
    "photos_comments": counted(COMMENT, parent=text, h=H),
    "profile": keys(
        id=whole, fn=text, ln=text, mn=text, sx=whole, bp=text, bd=whole, bm=whole, by=whole, fs=whole, pv=whole,
        fr=counted(FRIEND), fro=counted(FRIEND), frm=counted(FRIEND), ph=counted(PHOTO), phw=counted(PHOTO),
        wa=counted(POST, h=H), pr=keys(pa=flag, wa=flag, ms=flag), us=whole, on=flag, isf=flag, isi=flag, f=flag,
        actv=either(STATUS, row()), mts=whole,
    ),
    "history": keys(nm=whole, nf=whole, nph=whole),
    "updates_activity": counted(STATUS, h=H),
    "updates_friends": counted(FRIEND, h=H),
    "updates_photos": counted(PHOTO, h=H),
    "prepare_updates": OK,
    **dict.fromkeys(("add_wall", "del_wall", "restore_wall", "set_activity"), CHANGED),
    **dict.fromkeys(("add_message", "del_message", "restore_message"), CHANGED),
    **dict.fromkeys(("add_friend", "del_friend", "add_fave", "del_fave"), OK),
}  # fmt: skip
