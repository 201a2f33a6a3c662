"""When a list was last looked at; what friends were seen to have, and what was found to be new."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column and create the tables."""
    op.add_column("streams", sa.Column("looked_at", sa.Double, nullable=False, server_default="0"))
