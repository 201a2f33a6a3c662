"""What an OpenVK keeps and the embedded world has no place for. The tables are made when they are missing."""

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

extra = MetaData()

writes = Table(  # for the limits: who wrote when; `who` is an address, or an account that asked for a friendship
    "openvk_writes",
    extra,
    Column("id", Integer, primary_key=True),
    Column("who", Text, nullable=False),
    Column("date", Integer, nullable=False),
    Index("openvk_writes_who", "who", "date"),
)
pins = Table(  # the post that stands first on a wall
    "openvk_pins",
    extra,
    Column("owner_id", Integer, primary_key=True),
    Column("post_id", Integer, nullable=False),
)
post_comments = Table(  # comments on posts; ids are shared with comments on photos
    "openvk_post_comments",
    extra,
    Column("id", Integer, primary_key=True),
    Column("post_id", Integer, nullable=False, index=True),
    Column("from_id", Integer, nullable=False),
    Column("date", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("deleted", Integer, nullable=False, default=0),
)
