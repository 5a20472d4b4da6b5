"""Repository of status positions: which bit of which published list stands for which record, and which are set."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from safelight.documents.status import MOST_LISTS
from safelight.documents.times import rfc3339
from safelight.domain.errors import Refused
from safelight.domain.record import FIRST_LIST, StatusPosition
from safelight.storage.rows import ListFill
from safelight.storage.sealed_store import SealedStore, unknown
from safelight.storage.tables import status
from safelight.storage.transaction import Transaction

POSITIONS = 131_072
"""Bits in a list (W3C Bitstring Status List, section 6.1: the least that hides one among many)."""
CAPACITY = POSITIONS - POSITIONS // 64
"""So many of them are given to records; then the next list begins. The last free ones are slow to find by chance."""
_FEWEST, _MOST = 16, 500
"""How many positions are looked up at once."""


def number_of(position: StatusPosition) -> int:
    """The position's number in the table, which counts through all lists."""
    return (position.list - FIRST_LIST) * POSITIONS + position.index


def position_of(number: int) -> StatusPosition:
    """The other way."""
    return StatusPosition(number // POSITIONS + FIRST_LIST, number % POSITIONS)


class StatusesRepository:
    """Positions are drawn at random, so that their order tells nothing, and never given out twice.

    A list whose capacity is used up is followed by another; the records in it stay where they are.
    """

    capacity: int = CAPACITY
    """How many positions of each list are given to records; tests make it small."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def newest(self) -> ListFill:
        """How full the list is from which the next record gets its position."""
        with self._store.database.reading() as connection:
            return self._newest(connection)

    def allocate(self, t: Transaction, count: int, newest: ListFill | None = None) -> tuple[StatusPosition, ...]:
        """``count`` distinct positions that nobody had; :class:`Refused` when the last list is full.

        The lists are looked at inside the transaction that writes, so two programs never draw the same. ``newest`` is
        what :meth:`newest` said within this transaction, where it was asked already.
        """
        drawn: list[StatusPosition] = []
        fill = newest or self._newest(t.connection)
        while len(drawn) < count:
            if not fill.room:
                fill = ListFill(fill.number + 1, 0, self.capacity)
            if fill.number > MOST_LISTS:
                raise Refused(
                    "All status lists of this studio are full.", "Nothing was changed. Start a new studio folder."
                )
            wanted = min(count - len(drawn), fill.room)
            drawn += self._draw(t, fill, wanted)
            fill = ListFill(fill.number, fill.used + wanted, fill.capacity)
        return tuple(drawn)

    def _newest(self, connection: Connection) -> ListFill:
        last = connection.execute(select(func.max(status.c.position))).scalar()
        number = FIRST_LIST if last is None else position_of(last).list
        mine = status.c.position >= number_of(StatusPosition(number, 0))
        used = connection.execute(select(func.count()).select_from(status).where(mine)).scalar_one()
        return ListFill(number, int(used), self.capacity)

    def _draw(self, t: Transaction, fill: ListFill, count: int) -> list[StatusPosition]:
        drawn: list[int] = []
        start = number_of(StatusPosition(fill.number, 0))
        while len(drawn) < count:
            # So many that, by chance, enough of them are free.
            many = (count - len(drawn)) * POSITIONS // max(1, POSITIONS - fill.used)
            looked_at = min(max(many, _FEWEST), _MOST)
            wanted = {start + secrets.randbelow(POSITIONS) for _ in range(looked_at)} - set(drawn)
            taken = t.connection.execute(select(status.c.position).where(status.c.position.in_(wanted))).scalars()
            # Not in the order of the set: that would follow the numbers.
            free = sorted(wanted - set(taken), key=lambda _: secrets.randbits(64))
            drawn += free[: count - len(drawn)]
        t.connection.execute(insert(status), [{"position": each, "revoked_at": None} for each in drawn])
        return [position_of(each) for each in drawn]

    def revoke(self, t: Transaction, position: StatusPosition, at: datetime) -> None:
        """Set the bit; it is never reset, and a second time changes nothing."""
        mine = status.c.position == number_of(position)
        row = t.connection.execute(select(status.c.revoked_at).where(mine)).first()
        if row is None:
            raise unknown("status position", f"{position.index} in list {position.list}")
        if row.revoked_at is None:
            t.connection.execute(update(status).where(mine).values(revoked_at=rfc3339(at)))

    def all(self) -> frozenset[StatusPosition]:
        """Every position that was ever given to a record."""
        with self._store.database.reading() as connection:
            return frozenset(map(position_of, connection.execute(select(status.c.position)).scalars()))

    def revoked(self) -> dict[StatusPosition, str]:
        """When each bit that is set was set (RFC 3339, to the second), by rising position."""
        query = select(status.c.position, status.c.revoked_at).where(status.c.revoked_at.is_not(None))
        with self._store.database.reading() as connection:
            rows = connection.execute(query.order_by(status.c.position)).all()
        return {position_of(row.position): row.revoked_at for row in rows}
