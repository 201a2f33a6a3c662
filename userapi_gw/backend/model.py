"""What the modern shore hands to the acts: typed objects in plain text, free of VK's spelling and of UserAPI's.

All times are unix seconds, all ids positive integers but for communities beside people, which have minus their number,
all texts plain (nothing is HTML-escaped here).
"""

from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

Row = TypeVar("Row")
PhotoName = tuple[int, int]
"""Owner and id of a photo."""

STRANGERS, VIEWER_ASKED, INVITED_VIEWER, FRIENDS = range(4)
"""VK's friend_status between the viewer and somebody."""

Corners = tuple[float, float, float, float]
"""Left, top, right and bottom of a part of a photo, in percent of its sides."""


@dataclass(frozen=True, slots=True)
class Window:
    """Entries `start` up to, not including, `stop` of a list, newest (or lowest id) first."""

    start: int
    stop: int

    @property
    def count(self) -> int:
        """How many entries the window asks for; 0 asks for the total alone."""
        return max(0, self.stop - self.start)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A part of a list: `total` entries exist, `rows` are those of the window asked for.

    A list of comments may be gathered from some `photos` alone, and says nothing of others; None: from all there are.
    """

    total: int
    rows: list[Row]
    photos: "frozenset[PhotoName] | None" = None


class User(NamedTuple):
    """A person as lists and messages show them. Photo addresses are empty when there is no photo.

    A tuple, because lists are long and a frozen dataclass takes three times as long to make.
    """

    id: int
    first_name: str
    last_name: str
    photo_50: str = ""
    photo_100: str = ""
    sex: int = 0  # 1 female, 2 male, 0 not told
    online: bool = False

    @property
    def name(self) -> str:
        """First and last name with one blank between, also when the last name is empty, as UserAPI wrote it."""
        return f"{self.first_name} {self.last_name}"

    def pictured(self, photo_50: str, photo_100: str) -> "User":
        """Return the person with other photo addresses."""
        return User(self.id, self.first_name, self.last_name, photo_50, photo_100, self.sex, self.online)


@dataclass(frozen=True, slots=True)
class Education:
    """One school of a person; `kind` as in `reference.School`, `university_id` for a part of a university, else 0."""

    school_id: int
    university_id: int
    kind: int
    name: str
    year: int = 0  # of graduation, 0 not told


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything a profile page shows about a person, apart from lists."""

    user: User
    photo_200: str = ""
    maiden_name: str = ""
    home_town: str = ""
    country_id: int = 0
    country_code: str = ""
    city_id: int = 0
    city_name: str = ""
    birth: tuple[int, int, int] = (0, 0, 0)  # day, month, year; 0 for what is hidden
    relation: int = 0  # VK's code, 0 not told
    political: int = 0  # VK's code, 0 not told
    closed: bool = False
    wall_open: bool = True
    messages_open: bool = True
    friend_status: int = STRANGERS
    is_bookmarked: bool = False
    education: tuple[Education, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What only the viewer sees of their own page. None where the server keeps no such thing."""

    mobile_phone: str | None = None
    notify_friends: int | None = None  # 1 or 0: tell by e-mail about friend requests
    notify_messages: int | None = None


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """New values for parts of the viewer's profile; None leaves a part as it is."""

    first_name: str | None = None
    last_name: str | None = None
    maiden_name: str | None = None
    home_town: str | None = None
    sex: int | None = None
    relation: int | None = None  # VK's code
    political: int | None = None  # VK's code
    birth: tuple[int, int, int] | None = None  # day, month, year; year 0 hides the year, all 0 the whole date
    city_id: int | None = None  # 0 takes the city away
    mobile_phone: str | None = None
    notify_friends: int | None = None
    notify_messages: int | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture with its addresses at the widths UserAPI knows (pixels)."""

    owner_id: int
    id: int
    date: int
    url_75: str = ""
    url_130: str = ""
    url_604: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """The one attachment UserAPI can show: kind 1 photo, 2 graffiti, 3 video, 4 audio."""

    kind: int
    title: str
    thumb: str
    url: str
    owner_id: int
    id: int


@dataclass(frozen=True, slots=True)
class Post:
    """A wall message."""

    owner_id: int
    id: int
    date: int
    author: User
    text: str
    attachment: Attachment | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a photo."""

    id: int
    date: int
    photo: Photo
    author: User
    text: str
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A name on a part of a photo. `user_id` is 0 for what is not a user."""

    id: int
    placer_id: int
    user_id: int
    name: str
    corners: Corners
    confirmed: bool = True

    def waits_for(self, user_id: int) -> bool:
        """Tell whether a user was tagged by somebody else and has not said yes so far."""
        return self.user_id == user_id and not self.confirmed


@dataclass(frozen=True, slots=True)
class News(Generic[Row]):
    """Something friends did. `id` rises with `date`, unlike the ids of users and photos that `content` has."""

    id: int
    date: int
    content: Row


@dataclass(frozen=True, slots=True)
class Look(Generic[Row]):
    """What one friend shows of one kind. `whole` says that `rows` are everything, not the newest alone."""

    rows: list[Row]
    whole: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A private message between the viewer and one other person."""

    id: int
    date: int
    sender: User
    recipient: User
    text: str
    read: bool
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class MessageHead:
    """What tells one message from others."""

    id: int
    date: int
    outgoing: bool


@dataclass(frozen=True, slots=True)
class Conversation:
    """A viewer's correspondence with one person: its latest message, and up to which ids both sides have read."""

    peer_id: int
    last: MessageHead
    in_read: int
    out_read: int
    unread: int  # how many messages of the other side are not read; OpenVK: 1 when the latest of either side is not


@dataclass(frozen=True, slots=True)
class Status:
    """One line of a person's status history."""

    id: int
    user: User
    date: int
    text: str


@dataclass(frozen=True, slots=True)
class Counters:
    """What waits for the viewer: unread messages, friend requests, unconfirmed photo tags."""

    messages: int = 0
    friends: int = 0
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """What a backend gives for a right password: whose token it is, the token, and the e-mail address it came with."""

    user_id: int
    token: str = field(repr=False)
    email: str = field(default="", repr=False)
