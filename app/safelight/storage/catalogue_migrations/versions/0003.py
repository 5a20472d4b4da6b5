"""Digests over the rows, so that a row removed, put back, moved or planted behind the program's back is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table; whoever runs this fills it in the same transaction, because the key is not here."""
    op.create_table(
        "digest",
        sa.Column("part", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part"),
        **ROWS_IN_KEY_ORDER,
    )
