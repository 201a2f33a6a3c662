"""When a list was last looked at; what friends were seen to have, and what was found to be new."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column and create the tables."""
    op.add_column("streams", sa.Column("looked_at", sa.Double, nullable=False, server_default="0"))
    op.create_table(
        "news_lists",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("viewer", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("round_at", sa.Double, nullable=False),
        sa.Column("friends_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_news_lists"),
        sa.UniqueConstraint("viewer", "kind", name="uq_news_lists_viewer_kind"),
    )
    op.create_index("ix_news_lists_round_at", "news_lists", ["round_at"])
    op.create_table(
        "snapshots",
        sa.Column("list_id", sa.Integer, nullable=False),
        sa.Column("friend_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("shown", sa.JSON),
        sa.PrimaryKeyConstraint("list_id", "friend_id", name="pk_snapshots"),
        sa.ForeignKeyConstraint(["list_id"], ["news_lists.id"], name="fk_snapshots_list_id"),
    )
    op.create_index("ix_snapshots_list_id_due_at", "snapshots", ["list_id", "due_at"])
    op.create_table(
        "found_news",
        sa.Column("list_id", sa.Integer, nullable=False),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("friend_id", sa.BigInteger, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("found_at", sa.BigInteger, nullable=False),
        sa.Column("date", sa.BigInteger, nullable=False),
        sa.Column("thing", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("list_id", "number", name="pk_found_news"),
        sa.ForeignKeyConstraint(["list_id"], ["news_lists.id"], name="fk_found_news_list_id"),
    )
