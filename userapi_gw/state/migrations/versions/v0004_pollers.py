"""Which process listens to the backend for whom."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "pollers",
        sa.Column("viewer", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("healthy", sa.Boolean, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("viewer", name="pk_pollers"),
    )
    op.create_index("ix_pollers_expires_at", "pollers", ["expires_at"])
