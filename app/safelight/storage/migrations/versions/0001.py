"""The first form of the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER, Engine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All tables, and the triggers that keep two of them append-only."""
    op.create_table(
        "consent_event",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("record", sa.String(length=36), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("record", "sequence", name="event_order"),
    )
    op.create_index("event_by_subject", "consent_event", ["subject", "ordinal"], unique=False)
    op.create_table(
        "file",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
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
        "notice",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "recipient",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "session",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "staff",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "status",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revoked_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "disclosure",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("bundle", sa.String(length=45), nullable=False),
        sa.Column("recipient", sa.String(length=128), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipient"],
            ["recipient.id"],
        ),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("bundle"),
        sa.UniqueConstraint("recipient", "sequence", name="disclosure_order"),
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
        "photo",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("guid", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("original", sa.String(length=64), nullable=False),
        sa.Column("content_tag", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.String(length=20), nullable=True),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original"],
            ["file.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("guid"),
    )
    op.create_index(op.f("ix_photo_content_tag"), "photo", ["content_tag"], unique=False)
    op.create_index("photo_by_session", "photo", ["session", "ordinal"], unique=False)
    op.create_table(
        "subject",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session"],
            ["session.id"],
        ),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("subject_by_session", "subject", ["session", "ordinal"], unique=False)
    op.create_table(
        "disclosed_photo",
        sa.Column("photo", sa.String(length=36), nullable=False),
        sa.Column("bundle", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(
            ["bundle"],
            ["disclosure.bundle"],
        ),
        sa.PrimaryKeyConstraint("photo", "bundle"),
        **ROWS_IN_KEY_ORDER,
    )
    op.create_table(
        "photo_owner",
        sa.Column("photo", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["photo"], ["photo.guid"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subject"],
            ["subject.id"],
        ),
        sa.PrimaryKeyConstraint("photo", "position"),
        **ROWS_IN_KEY_ORDER,
    )
    op.create_index("photo_by_owner", "photo_owner", ["owner"], unique=False)
    op.create_table(
        "picture",
        sa.Column("photo", sa.String(length=36), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo"], ["photo.guid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("photo"),
    )
    op.create_table(
        "receipt",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("issued_at", sa.String(length=20), nullable=False),
        sa.Column("pdf", sa.String(length=64), nullable=True),
        sa.Column("ink_purpose", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ink", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pdf"],
            ["file.id"],
        ),
        sa.ForeignKeyConstraint(
            ["session"],
            ["session.id"],
        ),
        sa.ForeignKeyConstraint(
            ["subject"],
            ["subject.id"],
        ),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("receipt_by_session", "receipt", ["session", "ordinal"], unique=False)
    op.create_index("receipt_by_subject", "receipt", ["subject", "ordinal"], unique=False)
    op.create_table(
        "validation",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("receipt", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt"],
            ["receipt.id"],
        ),
        sa.PrimaryKeyConstraint("ordinal"),
    )
    op.create_index("validation_by_receipt", "validation", ["receipt", "ordinal"], unique=False)

    engine: Engine = context.config.attributes["engine"]
    for table in ("consent_event", "journal_entry"):
        for trigger in engine.append_only_triggers(table):
            for statement in trigger.statements:
                op.execute(statement)
