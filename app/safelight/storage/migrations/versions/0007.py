"""Changing one's mind: codes, notices and answers, requests, restrictions, holds, and what was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER, Engine

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOVE_ON = "UPDATE change SET number = number + 1"


def upgrade() -> None:
    """The two indexes (codes, records) are filled by whoever looks something up in them: that needs keys."""
    op.create_table(
        "code_tag",
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["receipt"], ["receipt.id"]),
        sa.PrimaryKeyConstraint("tag"),
        sa.UniqueConstraint("receipt"),
    )
    op.create_table(
        "disclosed_record",
        sa.Column("record", sa.String(length=36), nullable=False),
        sa.Column("bundle", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(["bundle"], ["disclosure.bundle"]),
        sa.PrimaryKeyConstraint("record", "bundle"),
        **ROWS_IN_KEY_ORDER,
    )
    for name, order in (("withdrawal_notice", "notice_order"), ("acknowledgement", "acknowledgement_order")):
        op.create_table(
            name,
            sa.Column("ordinal", sa.Integer(), nullable=False),
            sa.Column("id", sa.String(length=36), nullable=False),
            sa.Column("recipient", sa.String(length=128), nullable=False),
            sa.Column("number", sa.Integer(), nullable=False),
            sa.Column("at", sa.String(length=20), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["recipient"], ["recipient.id"]),
            sa.PrimaryKeyConstraint("ordinal"),
            sa.UniqueConstraint("id"),
            sa.UniqueConstraint("recipient", "number", name=order),
        )
    op.create_table(
        "rights_request",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("request_by_subject", "rights_request", ["subject", "ordinal"])
    op.create_table(
        "restriction",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"]),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_table(
        "legal_hold",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("hold_by_subject", "legal_hold", ["subject", "ordinal"])
    op.create_table(
        "erasure",
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("erasure_by_person", "erasure", ["person"])
    engine: Engine = context.config.attributes["engine"]
    for trigger in engine.change_triggers("restriction", _MOVE_ON):
        for statement in trigger.statements:
            op.execute(statement)
