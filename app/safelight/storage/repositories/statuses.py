"""Repository of status positions: which bit of the published list stands for which record, and which are set."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import func, insert, select, update

from safelight.documents.times import rfc3339
from safelight.domain.errors import Refused
from safelight.storage.sealed_store import SealedStore, unknown
from safelight.storage.tables import status
from safelight.storage.transaction import Transaction

POSITIONS = 131_072
"""Bits in the list (W3C Bitstring Status List, section 6.1: the least that hides one among many)."""


class StatusesRepository:
    """Positions are drawn at random, so that their order tells nothing, and never given out twice."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def allocate(self, t: Transaction, count: int) -> tuple[int, ...]:
        """``count`` distinct positions that nobody had; :class:`Refused` when too few are left."""
        used = int(t.connection.execute(select(func.count()).select_from(status)).scalar_one())
        if used + count > POSITIONS:
            raise Refused("The status list of this studio is full.", "Nothing was changed. Start a new studio folder.")
        drawn: list[int] = []
        while len(drawn) < count:
            wanted = {secrets.randbelow(POSITIONS) for _ in range(min(count - len(drawn), 500))} - set(drawn)
            taken = t.connection.execute(select(status.c.position).where(status.c.position.in_(wanted))).scalars()
            # Not in the order of the set: that would follow the numbers.
            drawn += sorted(wanted - set(taken), key=lambda _: secrets.randbits(64))
        if drawn:
            t.connection.execute(insert(status), [{"position": each, "revoked_at": None} for each in drawn])
        return tuple(drawn)

    def revoke(self, t: Transaction, position: int, at: datetime) -> None:
        """Set the bit; it is never reset, and a second time changes nothing."""
        query = select(status.c.revoked_at).where(status.c.position == position)
        row = t.connection.execute(query).first()
        if row is None:
            raise unknown("status position", str(position))
        if row.revoked_at is None:
            changed = update(status).where(status.c.position == position).values(revoked_at=rfc3339(at))
            t.connection.execute(changed)

    def set_bits(self) -> tuple[int, ...]:
        """The positions whose bit is set, rising."""
        return tuple(self.revoked())

    def revoked(self) -> dict[int, str]:
        """When each bit that is set was set (RFC 3339, to the second), by rising position."""
        query = select(status.c.position, status.c.revoked_at).where(status.c.revoked_at.is_not(None))
        with self._store.database.reading() as connection:
            rows = connection.execute(query.order_by(status.c.position)).all()
        return {row.position: row.revoked_at for row in rows}
