"""Repository of wrong guesses: how many at one secret, and when the last one was made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from safelight.documents.times import parse_time, rfc3339
from safelight.storage.database import Database
from safelight.storage.rows import WrongGuesses
from safelight.storage.tables import guess
from safelight.storage.transaction import Transaction


class GuessesRepository:
    """Numbers and times by an id that the caller makes of what is guessed where; nothing of the guesses is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, id: str) -> WrongGuesses | None:
        """What is counted under ``id``; None for nothing."""
        with self._database.reading() as connection:
            row = connection.execute(select(guess.c.wrong, guess.c.at).where(guess.c.id == id)).first()
        return None if row is None else WrongGuesses(row.wrong, parse_time(row.at))

    def put(self, t: Transaction, id: str, wrong: int, at: datetime) -> None:
        """Note that there were so many, the last one at ``at``."""
        values = {"wrong": wrong, "at": rfc3339(at)}
        if not t.connection.execute(update(guess).where(guess.c.id == id).values(**values)).rowcount:
            t.connection.execute(insert(guess).values(id=id, **values))

    def remove(self, t: Transaction, id: str) -> None:
        """Start over at none."""
        t.connection.execute(delete(guess).where(guess.c.id == id))
