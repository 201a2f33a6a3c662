"""The tables. All times are unix seconds; texts are plain, the writer of answers escapes them."""

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()


def _id(counted: bool = False) -> Column[int]:
    # A counted id is never given twice, also when the newest row was taken away.
    return Column("id", Integer, primary_key=True, autoincrement=counted)


def _number(name: str, default: int = 0, index: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=False, default=default, index=index)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, default="")


def _person(name: str) -> Column[int]:
    return Column(name, Integer, ForeignKey("people.id"), nullable=False)


countries = Table("countries", metadata, _id(), _text("title"), _text("code"))
cities = Table(
    "cities",
    metadata,
    _id(),
    _text("title"),
    _text("title_key"),  # folded for search, as the names of people are
    Column("country_id", Integer, ForeignKey("countries.id"), nullable=False, index=True),
    _number("kind", 1),  # UserAPI's city type: 1 city, 2 village
    _number("large"),
    _number("lower_id"),  # the county or district, 0 where none is known
    _text("lower"),
    _number("higher_id"),  # the state or region
    _text("higher"),
)
schools = Table(
    "schools",
    metadata,
    _id(),
    _text("title"),
    _text("title_key"),
    Column("city_id", Integer, ForeignKey("cities.id"), nullable=False, index=True),
    _number("kind"),  # 0 to 20 schools, 100 a university, 110 a part of one
    Column("university_id", Integer, ForeignKey("schools.id"), index=True),
)

people = Table(
    "people",
    metadata,
    _id(),
    _text("first_name"),
    _text("last_name"),
    _text("first_key"),  # names folded for search: SQLite itself folds ASCII letters only
    _text("last_key"),
    _number("sex"),
    _text("photo_50"),
    _text("photo_100"),
    _text("photo_200"),
    _number("birth_day"),
    _number("birth_month"),
    _number("birth_year"),
    _number("bdate_visibility"),  # 0 hidden, 1 whole date, 2 day and month
    Column("country_id", Integer, ForeignKey("countries.id")),
    Column("city_id", Integer, ForeignKey("cities.id")),
    _text("home_town"),
    _text("maiden_name"),
    _number("relation"),
    _number("political"),
    _text("mobile_phone"),
    _number("notify_friends", 1),  # tell by e-mail about friend requests
    _number("notify_messages", 1),
    Column("status_id", Integer),  # the status shown now, unless it is deleted
    _number("online"),  # 1: always online, as the samples show it
    _number("last_seen"),
    _number("closed"),
    _number("wall_open", 1),
    _number("messages_open", 1),
    _text("deactivated"),  # "", "deleted" or "banned"
)
education = Table(
    "education",
    metadata,
    _person("user_id"),
    Column("school_id", Integer, ForeignKey("schools.id"), nullable=False),
    _number("year"),  # of graduation; 0 not told
    PrimaryKeyConstraint("user_id", "school_id", "year"),
    Index("education_school", "school_id", "year", "user_id"),
)
accounts = Table(
    "accounts", metadata, Column("email", Text, primary_key=True), _person("user_id"), _text("password_hash")
)
signups = Table(  # people who registered; `user_id` is null until they confirm it
    "signups",
    metadata,
    Column("email", Text, primary_key=True),
    Column("code_digest", Text, unique=True),
    _text("password_hash"),
    _text("first_name"),
    _text("last_name"),
    _number("sex"),
    _number("school_id"),
    _number("school_year"),
    _number("date"),
    Column("user_id", Integer, ForeignKey("people.id")),
)
tokens = Table("tokens", metadata, Column("digest", Text, primary_key=True), _person("user_id"), _number("created"))

friendships = Table(  # two rows for each pair of friends
    "friendships",
    metadata,
    _person("user_id"),
    _person("friend_id"),
    _number("date"),
    PrimaryKeyConstraint("user_id", "friend_id"),
)
requests = Table(
    "requests",
    metadata,
    _id(counted=True),
    _person("from_id"),
    _person("to_id"),
    _number("date"),
    UniqueConstraint("from_id", "to_id"),
    Index("requests_to", "to_id", "id"),
    sqlite_autoincrement=True,
)
blocks = Table("blocks", metadata, _person("owner_id"), _person("user_id"), PrimaryKeyConstraint("owner_id", "user_id"))
bookmarks = Table(
    "bookmarks",
    metadata,
    _id(counted=True),
    _person("owner_id"),
    _person("user_id"),
    UniqueConstraint("owner_id", "user_id"),
    Index("bookmarks_user", "user_id", "id"),
    sqlite_autoincrement=True,
)

albums = Table(
    "albums",
    metadata,
    _person("owner_id"),
    _number("id"),
    _text("title"),
    _number("created"),
    PrimaryKeyConstraint("owner_id", "id"),
)
photos = Table(
    "photos",
    metadata,
    _id(counted=True),
    _person("owner_id"),
    _number("album_id"),
    _number("date"),
    _text("text"),
    _text("url_75"),
    _text("url_130"),
    _text("url_604"),
    Index("photos_owner", "owner_id", "date", "id"),
    sqlite_autoincrement=True,
)
files = Table(  # pictures that were uploaded; those of the world are drawn when they are asked for
    "files",
    metadata,
    Column("address", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
uploads = Table(  # addresses given out for uploads
    "uploads",
    metadata,
    Column("ticket", Text, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    _person("user_id"),
    _number("album_id"),  # 0: the main photo
    _number("created"),
)
received = Table(  # what came in and waits to be saved
    "received",
    metadata,
    Column("ticket", Text, ForeignKey("uploads.ticket", ondelete="CASCADE"), nullable=False),
    _number("place"),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("ticket", "place"),
)
tags = Table(
    "tags",
    metadata,
    _id(counted=True),
    Column("photo_id", Integer, ForeignKey("photos.id"), nullable=False, index=True),
    Column("user_id", Integer, ForeignKey("people.id"), index=True),  # null: the tag names something else
    _text("name"),
    _person("placer_id"),
    _number("date"),
    *(Column(side, Float, nullable=False) for side in ("x", "y", "x2", "y2")),  # percent of the photo's sides
    _number("confirmed", 1),
    sqlite_autoincrement=True,
)
comments = Table(
    "comments",
    metadata,
    _id(counted=True),
    Column("photo_id", Integer, ForeignKey("photos.id"), nullable=False, index=True),
    _person("from_id"),
    _number("date"),
    _text("text"),
    _number("deleted_by"),  # 0: not deleted; else who did it and may undo it
    sqlite_autoincrement=True,
)
posts = Table(
    "posts",
    metadata,
    _id(counted=True),
    _person("owner_id"),
    _person("from_id"),
    _number("date"),
    _text("text"),
    Column("attachments", Text, nullable=False, default="[]"),  # JSON, as the answer shows it
    _number("deleted"),
    Index("posts_owner", "owner_id", "deleted", "id"),
    sqlite_autoincrement=True,
)
messages = Table(
    "messages",
    metadata,
    _id(counted=True),
    _person("from_id"),
    _person("to_id"),
    _number("date"),
    _text("text"),
    _number("read"),
    Column("random_id", Integer),
    _number("sender_deleted"),
    _number("recipient_deleted"),
    Index("messages_from", "from_id", "to_id", "id"),
    Index("messages_to", "to_id", "from_id", "id"),
    Index("messages_random", "from_id", "random_id"),
    sqlite_autoincrement=True,
)
statuses = Table(
    "statuses",
    metadata,
    _id(counted=True),
    _person("user_id"),
    _number("date"),
    _text("text"),
    _number("deleted"),
    Index("statuses_user", "user_id", "deleted", "id"),
    sqlite_autoincrement=True,
)
