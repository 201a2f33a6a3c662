"""Captchas, flood counts, registrations that wait for their activation."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "captchas",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_captchas"),
    )
    op.create_index("ix_captchas_expires_at", "captchas", ["expires_at"])
    op.create_table(
        "flood_counts",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_flood_counts"),
    )
    op.create_index("ix_flood_counts_ends_at", "flood_counts", ["ends_at"])
    op.create_table(
        "registrations",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_registrations"),
    )
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"])
