"""A day at the desk: frames known again by their image, shots, culling, attendance, cameras' clocks, a second place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from safelight.storage.engine.interface import Engine

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MOVE_ON = "UPDATE change SET number = number + 1"


def upgrade() -> None:
    """New columns are empty for photos of before: keys are not here, so nothing can be computed for them."""
    op.add_column("photo", sa.Column("image_tag", sa.String(length=64), nullable=True))
    op.add_column("photo", sa.Column("shot", sa.String(length=36), nullable=True))
    op.create_index("ix_photo_image_tag", "photo", ["image_tag"])
    op.create_index("ix_photo_shot", "photo", ["shot"])
    op.create_index("journal_by_reference", "journal_entry", ["reference", "number"])
    op.create_table(
        "culling",
        sa.Column("photo", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["photo"], ["photo.guid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("photo"),
    )
    op.create_table(
        "source_mark",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.ForeignKeyConstraint(["session"], ["session.id"]),
        sa.ForeignKeyConstraint(["photo"], ["photo.guid"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mark"),
    )
    op.create_index("source_mark_by_photo", "source_mark", ["photo"])
    op.create_table(
        "camera_clock",
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("camera", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"]),
        sa.PrimaryKeyConstraint("session", "camera"),
    )
    op.create_table(
        "attendance",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"]),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"]),
        sa.PrimaryKeyConstraint("subject", "session"),
    )
    op.create_table(
        "second_copy",
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["file.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file", "place"),
    )
    engine: Engine = context.config.attributes["engine"]
    for trigger in engine.change_triggers("culling", _MOVE_ON):
        for statement in trigger.statements:
            op.execute(statement)
