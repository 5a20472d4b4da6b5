"""The triggers of the archive: history that only grows, and a counter no writer can forget to move."""

from __future__ import annotations

DECIDING = (
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
"""The tables that decide whether a photo may leave, or what is said about it when it does."""
APPEND_ONLY = ("consent_event", "journal_entry")


_MOVE_ON = "UPDATE change SET number = number + 1"


def change_triggers(table: str) -> dict[str, str]:
    """The triggers by which every write to ``table`` moves the counter of changes on, by name."""
    return {
        f"{table}_changed_by_{action.lower()}": (
            f"CREATE TRIGGER {table}_changed_by_{action.lower()} AFTER {action} ON {table} "
            f"BEGIN {_MOVE_ON}; END"
        )
        for action in ("INSERT", "UPDATE", "DELETE")
    }


def append_only_triggers(table: str) -> dict[str, str]:
    """The triggers that keep ``table`` append-only, by name."""
    return {
        f"{table}_no_{action.lower()}": (
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        for action in ("UPDATE", "DELETE")
    }
