"""A counter that moves with every write that can change whether a photo may leave: an export looks at it twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context, op

from safelight.storage.engine.interface import Engine

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DECIDING = (
    "setting",
    "staff",
    "recipient",
    "session",
    "subject",
    "photo",
    "photo_owner",
    "consent_event",
    "receipt",
    "validation",
    "status",
)
_MOVE_ON = "UPDATE change SET number = number + 1"


def upgrade() -> None:
    """One table with one row, and three triggers for each table that decides; triggers, so no writer can forget it."""
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name="one_change"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO change (id, number) VALUES (1, 0)")
    engine: Engine = context.config.attributes["engine"]
    for table in _DECIDING:
        for trigger in engine.change_triggers(table, _MOVE_ON):
            for statement in trigger.statements:
                op.execute(statement)
