"""The first form of the catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER, Engine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All tables, and the triggers that keep the journal append-only."""
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("studio", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("newest_seen", sa.String(length=20), nullable=False),
        sa.CheckConstraint("id = 1", name="one_mark"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "file",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "file_owner",
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["file.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file", "owner"),
    )
    op.create_index("file_by_owner", "file_owner", ["owner"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("payload_sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "journal_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_head"),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, key, length in (("own", "name", 16), ("pin", "studio", 36), ("status", "studio", 36)):
        op.create_table(
            name,
            sa.Column(key, sa.String(length=length), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint(key),
        )
    op.create_table(
        "bundle",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=45), nullable=False),
        sa.Column("studio", sa.String(length=36), nullable=False),
        sa.Column("front", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["front"], ["file.id"]),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("bundle_by_studio", "bundle", ["studio", "ordinal"], unique=False)
    op.create_table(
        "photo",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(length=36), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("guid"),
    )
    op.create_index("ix_photo_tag", "photo", ["tag"], unique=False)
    op.create_table(
        "record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **ROWS_IN_KEY_ORDER,
    )
    engine: Engine = context.config.attributes["engine"]
    for trigger in engine.append_only_triggers("journal_entry"):
        for statement in trigger.statements:
            op.execute(statement)
