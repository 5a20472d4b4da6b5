"""One writer transaction: everything written in it becomes durable together, or nothing of it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from safelight.domain.journal import JournalEntry


class Transaction:
    """Handed to every call that writes. ``now`` (UTC, whole seconds) dates whatever the transaction records."""

    __slots__ = ("_afterwards", "appended", "connection", "last", "now")

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.appended = 0
        """How many entries this transaction wrote into the journal."""
        self.last: JournalEntry | None = None
        """The last of those."""
        self._afterwards: list[Callable[[], None]] = []

    def afterwards(self, action: Callable[[], None]) -> None:
        """Run ``action`` once the transaction is durable; never if it is not.

        Only for what may also be lost (a crash in between skips it): the check catches up on it.
        """
        self._afterwards.append(action)

    def committed(self) -> None:
        """Run what was put off; called by the archive, after COMMIT."""
        for action in self._afterwards:
            action()
