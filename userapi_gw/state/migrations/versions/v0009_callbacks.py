"""Events that communities push, how their sites are doing, and whom communities may write to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "callback_events",
        sa.Column("site", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(9), nullable=False, server_default="waiting"),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.String(32), nullable=False, server_default=""),
        sa.Column("claimed_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("ended_at", sa.Double, nullable=True),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_callback_events"),
        sa.UniqueConstraint("site", "key", name="uq_callback_events_site_key"),
    )
    op.create_index("ix_callback_events_state_due_at", "callback_events", ["state", "due_at"])
    op.create_table(
        "callback_sites",
        sa.Column("site", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("confirmation", sa.String(64), nullable=False, server_default=""),
        sa.Column("secret", sa.Text, nullable=False, server_default=""),
        sa.Column("received", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_event_at", sa.Double, nullable=True),
        sa.Column("last_event", sa.String(64), nullable=False, server_default=""),
        sa.Column("retries", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("last_success_at", sa.Double, nullable=True),
        sa.Column("last_fault_at", sa.Double, nullable=True),
        sa.Column("last_fault", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("site", name="pk_callback_sites"),
    )
    op.create_table(
        "community_mail",
        sa.Column("group_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("told_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "user_id", name="pk_community_mail"),
    )
