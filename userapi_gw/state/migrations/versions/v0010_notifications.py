"""What people are told outside of UserAPI, and the e-mail addresses they logged in with."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table, the columns and the index by which the logins of a user are found."""
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("state", sa.String(9), nullable=False, server_default="waiting"),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.Column("due_at", sa.Double, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_by", sa.String(32), nullable=False, server_default=""),
        sa.Column("claimed_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("ended_at", sa.Double, nullable=True),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("key", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("recipient", sa.BigInteger, nullable=False),
        sa.Column("count", sa.Integer, nullable=False, server_default="1"),
        sa.Column("letter", sa.Text, nullable=True),
        sa.Column("passed", sa.String(64), nullable=False, server_default=""),
        sa.Column("channel", sa.String(16), nullable=False, server_default=""),
        sa.Column("tried_at", sa.Double, nullable=True),
        sa.Column("outside_id", sa.String(64), nullable=True),
        sa.Column("status", sa.String(16), nullable=False, server_default=""),
        sa.Column("answered_at", sa.Double, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("key", name="uq_notifications_key"),
    )
    op.create_index("ix_notifications_state_due_at", "notifications", ["state", "due_at"])
    op.create_index("ix_notifications_recipient_kind", "notifications", ["recipient", "kind"])
    op.create_index("ix_notifications_outside_id", "notifications", ["outside_id"])
    op.add_column("grants", sa.Column("email", sa.Text, nullable=True))
    op.create_index("ix_grants_viewer", "grants", ["viewer"])
    op.add_column("registrations", sa.Column("email", sa.Text, nullable=True))
