"""Communities: keys their managers gave, launches of their apps that were used, what a launch's token may do."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables and the column."""
    op.create_table(
        "community_keys",
        sa.Column("group_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("rights", sa.BigInteger, nullable=False),
        sa.Column("giver", sa.BigInteger, nullable=False),
        sa.Column("given_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name="pk_community_keys"),
    )
    op.create_table(
        "launches",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_launches"),
    )
    op.create_index("ix_launches_expires_at", "launches", ["expires_at"])
    op.add_column("grants", sa.Column("rights", sa.BigInteger, nullable=True))
