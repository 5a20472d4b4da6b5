"""What Alembic runs for every upgrade: on the open connection it is handed, never on one of its own."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
