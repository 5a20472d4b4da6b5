"""Withdrawal: notices and what they ended, where pictures were used, feeds, and answers that were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables alone; nothing that is there changes."""
    op.create_table(
        "withdrawal_notice",
        sa.Column("studio", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("studio", "number"),
        **ROWS_IN_KEY_ORDER,
    )
    for name, key in (("ended_record", "record"), ("photo_notice", "photo")):
        op.create_table(
            name,
            sa.Column(key, sa.String(length=36), nullable=False),
            sa.Column("studio", sa.String(length=36), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint(key),
            **ROWS_IN_KEY_ORDER,
        )
    op.create_table(
        "registered_use",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("photo", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
    )
    op.create_index("use_by_photo", "registered_use", ["photo", "ordinal"])
    for name in ("feed", "sent_ack"):
        op.create_table(
            name,
            sa.Column("studio", sa.String(length=36), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("studio"),
        )
