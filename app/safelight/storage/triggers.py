"""Which tables triggers watch: history that only grows, and a counter of changes no writer can forget to move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from safelight.storage.engine.interface import Engine

DECIDING = (
    "setting",
    "staff",
    "recipient",
    "session",
    "subject",
    "photo",
    "photo_owner",
    "culling",
    "consent_event",
    "receipt",
    "validation",
    "status",
    "restriction",
)
"""The tables that decide whether a photo may leave, or what is said about it when it does."""
APPEND_ONLY = ("consent_event", "journal_entry")

MOVE_ON = "UPDATE change SET number = number + 1"
"""What moves the counter of changes on."""


def trigger_faults(
    engine: Engine,
    connection: Connection,
    name: str,
    append_only: Iterable[str] = APPEND_ONLY,
    deciding: Iterable[str] = DECIDING,
) -> Iterator[str]:
    """The triggers that are missing from the database ``name`` or were changed, one sentence each."""
    wanted = [each for table in append_only for each in engine.append_only_triggers(table)]
    for each in engine.altered(connection, wanted):
        yield f"{name}: the trigger {each.name} that keeps {each.table} append-only is missing or was changed."
    wanted = [each for table in deciding for each in engine.change_triggers(table, MOVE_ON)]
    for each in engine.altered(connection, wanted):
        yield f"{name}: the trigger {each.name} by which an export sees changes is missing or was changed."
