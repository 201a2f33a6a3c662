"""The first tables: sessions, login failures, unknown acts, streams."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    _sessions()
    _counters()
    _streams()


def _sessions() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("viewer", sa.BigInteger, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_table(
        "sids",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("grant_id", sa.BigInteger, nullable=False),
        sa.Column("site", sa.BigInteger, nullable=False),
        sa.Column("used_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sids"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name="fk_sids_grant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_sids_grant_id", "sids", ["grant_id"])
    op.create_index("ix_sids_used_at", "sids", ["used_at"])
    op.create_table(
        "remixpasswords",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("grant_id", sa.BigInteger, nullable=False),
        sa.Column("issued_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_remixpasswords"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name="fk_remixpasswords_grant_id", ondelete="CASCADE"),
    )
    op.create_index("ix_remixpasswords_grant_id", "remixpasswords", ["grant_id"])
    op.create_index("ix_remixpasswords_expires_at", "remixpasswords", ["expires_at"])


def _counters() -> None:
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("pair", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("failed_at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_failed_at", "login_failures", ["failed_at"])
    op.create_index("ix_login_failures_pair_failed_at", "login_failures", ["pair", "failed_at"])
    op.create_index("ix_login_failures_address_failed_at", "login_failures", ["address", "failed_at"])
    op.create_table(
        "unknown_acts",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_unknown_acts"),
    )


def _streams() -> None:
    op.create_table(
        "streams",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("viewer", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("refreshed_at", sa.Double, nullable=False),
        sa.Column("newest", sa.BigInteger),
        sa.Column("bottom", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_streams"),
        sa.UniqueConstraint("viewer", "kind", "owner", name="uq_streams_viewer_kind_owner"),
    )
    op.create_table(
        "entries",
        sa.Column("stream_id", sa.Integer, nullable=False),
        sa.Column("number", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("action", sa.String(5), nullable=False),
        sa.Column("object_id", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "number", name="pk_entries"),
        sa.ForeignKeyConstraint(["stream_id"], ["streams.id"], name="fk_entries_stream_id"),
    )
    op.create_table(
        "seen_objects",
        sa.Column("stream_id", sa.Integer, nullable=False),
        sa.Column("object_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("read", sa.Boolean, nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("stream_id", "object_id", name="pk_seen_objects"),
        sa.ForeignKeyConstraint(["stream_id"], ["streams.id"], name="fk_seen_objects_stream_id"),
    )
