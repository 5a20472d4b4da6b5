"""Which sitting may write for a person, and the guesses made on each screen, are known to every process and restart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables, both of ids, numbers and times alone; nobody sits anywhere while the schema changes."""
    op.create_table(
        "seat",
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("session", sa.String(length=36), nullable=False),
        sa.Column("sitting", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["session.id"]),
        sa.ForeignKeyConstraint(["subject"], ["subject.id"]),
        sa.PrimaryKeyConstraint("subject", "session"),
    )
    op.create_table(
        "guess",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
