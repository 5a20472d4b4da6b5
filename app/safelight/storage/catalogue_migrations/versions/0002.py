"""The journal is found by what an entry is about, as the archive's is."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index; nothing that is kept changes."""
    op.create_index("journal_by_reference", "journal_entry", ["reference", "number"])
