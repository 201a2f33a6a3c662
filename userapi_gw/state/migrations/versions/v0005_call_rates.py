"""How often the backend was called with each token."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "call_rates",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("starts", sa.JSON, nullable=False),
        sa.Column("ends_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_call_rates"),
    )
    op.create_index("ix_call_rates_ends_at", "call_rates", ["ends_at"])
