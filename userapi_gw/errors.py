"""The one table of failures: what each means on the old wire and how loudly it is logged.

Every failure inside the gateway is raised as `Failure` with one `Kind`. The surface turns it into an `ok` code (or a
redirect code at the login), nothing else decides about codes.
"""

import logging
from dataclasses import dataclass, replace
from enum import Enum

from sqlalchemy.exc import DBAPIError


class Kind(Enum):
    """What went wrong, in the words of this project."""

    NO_SESSION = "no_session"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a label, not a secret
    FLOOD = "flood"
    CAPTCHA = "captcha"
    PERSON_NEEDED = "person_needed"
    FORBIDDEN = "forbidden"
    RIGHT_LACKING = "right_lacking"
    NOT_FOUND = "not_found"
    BAD_INPUT = "bad_input"
    UNKNOWN_ACT = "unknown_act"
    UNSUPPORTED = "unsupported"
    BACKEND_AWAY = "backend_away"
    BACKEND_BROKEN = "backend_broken"
    STATE_AWAY = "state_away"
    TAKEN = "taken"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a label, not a secret
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a failure shows: `ok` in `/data` answers, `sid` in login redirects, and the level it is logged at."""

    ok: int
    redirect: int
    level: int


TABLE: dict[Kind, Outcome] = {
    Kind.NO_SESSION: Outcome(ok=-1, redirect=-1, level=logging.DEBUG),
    Kind.TOKEN_REFUSED: Outcome(ok=-1, redirect=-1, level=logging.INFO),
    Kind.FLOOD: Outcome(ok=-2, redirect=-3, level=logging.INFO),
    Kind.CAPTCHA: Outcome(ok=-2, redirect=-3, level=logging.INFO),  # the backend's
    Kind.PERSON_NEEDED: Outcome(ok=0, redirect=-1, level=logging.WARNING),  # what only the login page can do
    Kind.FORBIDDEN: Outcome(ok=-3, redirect=-1, level=logging.DEBUG),
    Kind.RIGHT_LACKING: Outcome(ok=-3, redirect=-1, level=logging.DEBUG),  # of a token, as its launch told
    Kind.NOT_FOUND: Outcome(ok=0, redirect=-1, level=logging.DEBUG),
    Kind.BAD_INPUT: Outcome(ok=0, redirect=-1, level=logging.DEBUG),
    Kind.UNKNOWN_ACT: Outcome(ok=0, redirect=-1, level=logging.DEBUG),
    Kind.UNSUPPORTED: Outcome(ok=0, redirect=-1, level=logging.INFO),
    Kind.BACKEND_AWAY: Outcome(ok=0, redirect=-1, level=logging.WARNING),
    Kind.BACKEND_BROKEN: Outcome(ok=0, redirect=-1, level=logging.ERROR),
    Kind.STATE_AWAY: Outcome(ok=0, redirect=-1, level=logging.ERROR),  # the gateway's own database
    Kind.TAKEN: Outcome(ok=0, redirect=-1, level=logging.DEBUG),
    Kind.WRONG_PASSWORD: Outcome(ok=-1, redirect=-1, level=logging.INFO),
    Kind.INTERNAL: Outcome(ok=0, redirect=-1, level=logging.ERROR),
}

VK_CODES: dict[int, Kind] = {
    1: Kind.BACKEND_BROKEN,  # unknown error
    3: Kind.UNSUPPORTED,  # unknown method
    5: Kind.TOKEN_REFUSED,
    6: Kind.FLOOD,  # too many requests per second
    7: Kind.FORBIDDEN,
    8: Kind.BAD_INPUT,
    9: Kind.FLOOD,
    10: Kind.BACKEND_BROKEN,
    14: Kind.CAPTCHA,
    15: Kind.FORBIDDEN,
    17: Kind.CAPTCHA,  # a page of VK's has to be opened
    18: Kind.NOT_FOUND,  # deleted or banned
    23: Kind.UNSUPPORTED,  # the method is gone from this version of the API
    27: Kind.FORBIDDEN,  # not with the key of a community
    28: Kind.WRONG_PASSWORD,  # OpenVK: invalid username or password
    29: Kind.FLOOD,
    30: Kind.FORBIDDEN,  # private profile
    100: Kind.BAD_INPUT,
    104: Kind.NOT_FOUND,
    113: Kind.NOT_FOUND,  # invalid user id
    114: Kind.NOT_FOUND,  # invalid album id
    121: Kind.BAD_INPUT,  # hash of an upload
    125: Kind.NOT_FOUND,  # invalid community id
    129: Kind.BAD_INPUT,  # invalid photo
    174: Kind.BAD_INPUT,  # cannot befriend oneself
    175: Kind.FORBIDDEN,
    176: Kind.FORBIDDEN,
    177: Kind.NOT_FOUND,
    200: Kind.FORBIDDEN,
    201: Kind.FORBIDDEN,
    203: Kind.FORBIDDEN,
    210: Kind.FORBIDDEN,
    212: Kind.FORBIDDEN,
    213: Kind.FORBIDDEN,
    214: Kind.FORBIDDEN,
    219: Kind.FLOOD,
    220: Kind.FLOOD,
    242: Kind.FORBIDDEN,  # too many friends
    300: Kind.FORBIDDEN,  # the album is full
    501: Kind.UNSUPPORTED,  # OpenVK: the method is there, but does nothing yet
    900: Kind.FORBIDDEN,  # the recipient has blocked the sender
    901: Kind.FORBIDDEN,
    902: Kind.FORBIDDEN,
    914: Kind.BAD_INPUT,  # message too long
    924: Kind.FORBIDDEN,
    945: Kind.FORBIDDEN,
    946: Kind.UNSUPPORTED,  # OpenVK cannot hide a date of birth
    983: Kind.FORBIDDEN,
    1004: Kind.TAKEN,
    1110: Kind.NOT_FOUND,  # incorrect confirmation code
    1260: Kind.BAD_INPUT,
    2000: Kind.FORBIDDEN,  # a community has ten callback servers
}
"""VK's error codes. A code that is missing here counts as `BACKEND_BROKEN`."""

OPENVK_CODES: dict[int, Kind] = {
    -151: Kind.UNSUPPORTED,  # chats
    -66: Kind.BAD_INPUT,  # the post would be empty
    14: Kind.NOT_FOUND,  # "Invalid user"; it has nothing to do with captchas
    52: Kind.BAD_INPUT,  # an attachment is not there
    102: Kind.NOT_FOUND,  # invalid post
    125: Kind.BAD_INPUT,  # count is too big
    254: Kind.BAD_INPUT,  # invalid filter
    936: Kind.NOT_FOUND,  # no such peer
}
"""The codes to which OpenVK gives a meaning of its own. All others are VK's."""

OPENVK_METHOD_CODES: dict[tuple[str, int], Kind] = {
    ("friends.get", 100): Kind.NOT_FOUND,  # "Invalid user"
    ("messages.getHistory", 1): Kind.NOT_FOUND,  # there is no such person
    ("photos.createComment", 15): Kind.NOT_FOUND,  # also for a photo that is not there
    ("status.get", 15): Kind.NOT_FOUND,  # "Invalid user"
    ("wall.createComment", 100): Kind.NOT_FOUND,  # "Invalid post"
    ("wall.getComments", 100): Kind.NOT_FOUND,
}
"""What single methods of OpenVK mean by a code."""

METHOD_CODES = frozenset({3, 23})
"""VK's codes for a method that the server does not have, or no longer has."""


class Failure(Exception):  # noqa: N818 - the word the table uses
    """A failure of the table.

    `detail` is for the log and must never hold a password, a sid, a token or a cookie.
    """

    def __init__(self, kind: Kind, detail: str = "") -> None:
        super().__init__(f"{kind.value}: {detail}" if detail else kind.value)
        self.kind = kind

    @property
    def outcome(self) -> Outcome:
        """The row of the table for this failure."""
        return TABLE[self.kind]

    @property
    def uncertain(self) -> bool:
        """Whether a write that failed so may have taken effect all the same: an answer came, but told nothing."""
        return self.kind is Kind.BACKEND_BROKEN


class NoAnswer(Failure):
    """`BACKEND_AWAY`: nothing came back.

    `sent` tells whether the backend may have got the request, `passing` whether it may answer if asked again soon,
    `is_news` whether the log does not know yet that it is away.
    """

    def __init__(self, detail: str, *, sent: bool, passing: bool = False, is_news: bool = True) -> None:
        super().__init__(Kind.BACKEND_AWAY, detail)
        self.sent, self.passing, self.is_news = sent, passing, is_news

    @property
    def outcome(self) -> Outcome:
        """The row of the table for this failure."""
        return super().outcome if self.is_news else replace(super().outcome, level=logging.DEBUG)

    @property
    def uncertain(self) -> bool:
        """Whether a write that failed so may have taken effect all the same."""
        return self.sent


class CaptchaNeeded(Failure):
    """`CAPTCHA`: the backend wants to know that a person is there before it does what `method` asks.

    Either `picture` is the address of a picture to be read, known to the server as `sid`, or `page` that of a page to
    be opened in a browser; what there is not is empty.
    """

    def __init__(self, method: str, *, sid: str = "", picture: str = "", page: str = "") -> None:
        super().__init__(Kind.CAPTCHA, method)
        self.method, self.sid, self.picture, self.page = method, sid, picture, page


class PersonNeeded(Failure):
    """`PERSON_NEEDED`: a login takes a step that no old program knows.

    `asks_for_code` tells of a second factor; `phone` is the telephone number, mostly asterisks, its code was sent to,
    and `page` one of the backend's where the step can be taken instead. Empty where there is none.
    """

    def __init__(self, detail: str, *, asks_for_code: bool = False, phone: str = "", page: str = "") -> None:
        super().__init__(Kind.PERSON_NEEDED, f"{detail}; the login page (/login) helps")
        self.asks_for_code, self.phone, self.page = asks_for_code, phone, page


def from_vk_code(code: int, detail: str = "", kind: Kind | None = None) -> Failure:
    """Return the failure that VK's error `code` stands for; `kind` is what a server of another dialect means by it."""
    return Failure(kind or VK_CODES.get(code, Kind.BACKEND_BROKEN), f"VK error {code} {detail}".rstrip())


def explain(error: Exception) -> str:
    """Return kind and reason of a failure in one line, without the values that a failing SQL statement held.

    A missing module is told by its reason alone: what has to be installed.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error  # without the statement and its values
    text = str(cause).strip().partition("\n")[0]
    if text and isinstance(error, ImportError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
