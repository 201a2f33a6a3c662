"""Captchas of the backend that wait to be solved, and accounts that need no second factor for a while."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "challenges",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_challenges"),
    )
    op.create_index("ix_challenges_name", "challenges", ["name"])
    op.create_index("ix_challenges_expires_at", "challenges", ["expires_at"])
    op.create_table(
        "unlocked",
        sa.Column("viewer", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("viewer", name="pk_unlocked"),
        sa.UniqueConstraint("account", name="uq_unlocked_account"),
    )
    op.create_index("ix_unlocked_expires_at", "unlocked", ["expires_at"])
