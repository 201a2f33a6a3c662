"""The tables. Times are unix seconds; ids from outside (viewers, owners, objects) are 64-bit.

A change here needs a new file in `migrations/versions`; a test compares the two.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from userapi_gw.state.jobs import job_columns

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

grants = Table(
    "grants",
    metadata,
    # Random, so never given twice: a late revoke of an ended grant must not hit a new one.
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("viewer", BigInteger, nullable=False, index=True),
    Column("token", Text, nullable=False),  # encrypted, see vault.py
    Column("rights", BigInteger),  # VK's bit mask of what the token may do; NULL where nobody said
    Column("email", Text),  # the backend took a password for, encrypted; NULL where it was none
)

sids = Table(
    "sids",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("grant_id", ForeignKey("grants.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("site", BigInteger, nullable=False),
    Column("used_at", Double, nullable=False, index=True),
)

remixpasswords = Table(
    "remixpasswords",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("grant_id", ForeignKey("grants.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("issued_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False, index=True),
)

login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pair", String(64), nullable=False),  # keyed hash of account and address
    Column("address", String(64), nullable=False),  # keyed hash
    Column("failed_at", Double, nullable=False, index=True),
    Index(None, "pair", "failed_at"),
    Index(None, "address", "failed_at"),
)

captchas = Table(
    "captchas",
    metadata,
    Column("name", String(64), primary_key=True),  # keyed hash of the csid
    Column("answer", String(64), nullable=False),  # keyed hash of csid and characters
    Column("expires_at", Double, nullable=False, index=True),
)

challenges = Table(
    "challenges",
    metadata,
    Column("subject", String(64), primary_key=True),  # keyed hash of who is to solve it, or of the csid it was shown as
    Column("name", String(64), nullable=False, index=True),  # keyed hash of what the backend knows it as
    Column("facts", Text, nullable=False),  # JSON, encrypted
    Column("expires_at", Double, nullable=False, index=True),
)

unlocked = Table(
    "unlocked",
    metadata,
    Column("viewer", BigInteger, primary_key=True, autoincrement=False),
    Column("account", String(64), nullable=False, unique=True),  # keyed hash of the e-mail address
    Column("password", Text, nullable=False),  # argon2
    Column("token", Text, nullable=False),  # encrypted
    Column("expires_at", Double, nullable=False, index=True),
)

community_keys = Table(
    "community_keys",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("token", Text, nullable=False),  # encrypted
    Column("rights", BigInteger, nullable=False),
    Column("giver", BigInteger, nullable=False),  # the manager who gave it
    Column("given_at", Double, nullable=False),
)

launches = Table(
    "launches",
    metadata,
    Column("hash", String(64), primary_key=True),  # keyed hash of site and signature
    Column("expires_at", Double, index=True),  # NULL: never
)

flood_counts = Table(
    "flood_counts",
    metadata,
    Column("subject", String(64), primary_key=True),  # keyed hash of what is limited and for whom
    Column("count", BigInteger, nullable=False),
    Column("ends_at", Double, nullable=False, index=True),
)

call_rates = Table(
    "call_rates",
    metadata,
    Column("subject", String(64), primary_key=True),  # keyed hash of a backend token
    Column("starts", JSON, nullable=False),  # when its latest calls began or are going to, oldest first
    Column("ends_at", Double, nullable=False, index=True),
)

registrations = Table(
    "registrations",
    metadata,
    Column("hash", String(64), primary_key=True),  # of the cid
    Column("code", Text, nullable=False),  # the backend's, encrypted
    Column("email", Text),  # encrypted
    Column("expires_at", Double, nullable=False, index=True),
)

unknown_acts = Table(
    "unknown_acts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_seen", Double, nullable=False),
)

streams = Table(
    "streams",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("viewer", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("owner", BigInteger, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("counter", BigInteger, nullable=False),  # always even
    Column("revision", BigInteger, nullable=False),  # raised by every write, so that a stale page is noticed
    Column("refreshed_at", Double, nullable=False),
    Column("looked_at", Double, nullable=False, server_default="0"),  # when the last page taken in was asked for
    Column("newest", BigInteger),  # highest object id a page has shown; NULL before the first page
    Column("bottom", BigInteger, nullable=False),  # from this object id upward nothing is missing in `seen_objects`
    UniqueConstraint("viewer", "kind", "owner"),
)

entries = Table(
    "entries",
    metadata,
    Column("stream_id", ForeignKey("streams.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("action", String(5), nullable=False),
    Column("object_id", BigInteger, nullable=False),
    Column("payload", JSON, nullable=False),
)

seen_objects = Table(
    "seen_objects",
    metadata,
    Column("stream_id", ForeignKey("streams.id"), primary_key=True),
    Column("object_id", BigInteger, primary_key=True, autoincrement=False),
    Column("read", Boolean, nullable=False),
    Column("payload", JSON, nullable=False),
)

news_lists = Table(
    "news_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("viewer", BigInteger, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("round_at", Double, nullable=False, index=True),  # when the last round of looks began
    Column("friends_at", Double, nullable=False),  # when the viewer's friends were listed
    UniqueConstraint("viewer", "kind"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("list_id", ForeignKey("news_lists.id"), primary_key=True),
    Column("friend_id", BigInteger, primary_key=True, autoincrement=False),
    Column("due_at", Double, nullable=False),
    Column("revision", BigInteger, nullable=False),  # raised by every claim, so that a late look is noticed
    Column("shown", JSON(none_as_null=True)),  # NULL before the first look, and while the friend shows nothing
    Index(None, "list_id", "due_at"),
)

found_news = Table(
    "found_news",
    metadata,
    Column("list_id", ForeignKey("news_lists.id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # rises with the time it was found
    Column("friend_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),  # of the thing among those of the friend
    Column("found_at", BigInteger, nullable=False),
    Column("date", BigInteger, nullable=False),
    Column("thing", JSON, nullable=False),
)

notifications = Table(
    "notifications",
    metadata,
    *job_columns(),
    Column("key", String(64), unique=True),  # while it gathers what it is to tell, or for good: told once
    Column("kind", String(16), nullable=False),
    Column("recipient", BigInteger, nullable=False),  # the user, 0 for somebody who is none yet
    Column("count", Integer, nullable=False, server_default="1"),  # how much it tells of
    Column("letter", Text),  # the whole e-mail with its link, encrypted; NULL where it is written when it is sent
    Column("passed", String(64), nullable=False, server_default=""),  # channels that could not, separated by blanks
    Column("channel", String(16), nullable=False, server_default=""),  # the one tried last
    Column("tried_at", Double),  # when that was tried first
    Column("outside_id", String(64), index=True),  # what the other side calls it
    Column("status", String(16), nullable=False, server_default=""),  # what the other side told afterwards
    Column("answered_at", Double),
    Index(None, "recipient", "kind"),
)

pollers = Table(
    "pollers",
    metadata,
    Column("viewer", BigInteger, primary_key=True, autoincrement=False),
    Column("owner", String(32), nullable=False),  # the process, by a random name
    Column("expires_at", Double, nullable=False, index=True),
    Column("healthy", Boolean, nullable=False),
    Column("events", BigInteger, nullable=False),  # how often something happened
)

callback_events = Table(
    "callback_events",
    metadata,
    Column("site", BigInteger, nullable=False),
    Column("key", String(64), nullable=False),  # hash of what tells one event from others
    Column("kind", String(64), nullable=False),
    Column("body", Text, nullable=False),  # the event as JSON without its secret; empty once it is done
    *job_columns(),
    UniqueConstraint("site", "key"),
)

callback_sites = Table(
    "callback_sites",
    metadata,
    Column("site", BigInteger, primary_key=True, autoincrement=False),
    Column("confirmation", String(64), nullable=False, server_default=""),  # what `callback setup` was told to answer
    Column("secret", Text, nullable=False, server_default=""),  # encrypted
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("last_event_at", Double),
    Column("last_event", String(64), nullable=False, server_default=""),
    Column("retries", BigInteger, nullable=False, server_default="0"),  # X-Retry-Counter of the last event
    Column("last_success_at", Double),
    Column("last_fault_at", Double),
    Column("last_fault", Text, nullable=False, server_default=""),
)

community_mail = Table(
    "community_mail",
    metadata,
    Column("group_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("allowed", Boolean, nullable=False),
    Column("told_at", Double, nullable=False),
)
