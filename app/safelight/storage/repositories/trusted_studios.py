"""Repository of studios an agency trusts: their cards, and what their status lists ever said."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update

from safelight.domain.ids import StudioId
from safelight.domain.later import ADDED_LATER
from safelight.domain.record import FIRST_LIST
from safelight.storage.catalogue_rows import Agency, StandingOfList, StandingOfStudio, TrustedStudio
from safelight.storage.catalogue_tables import own, pin, status
from safelight.storage.sealed_store import SealedStore, decoded, encoded, next_version
from safelight.storage.transaction import Transaction

_OWN = "agency"


@dataclass(frozen=True, slots=True)
class _Pin:
    studio: StudioId
    name: str
    ssh_public_key: str
    card_issued_at: datetime
    card: str
    former_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Status:
    studio: StudioId
    valid_from: datetime
    valid_until: datetime
    bits: str
    number: int | None = field(default=None, metadata=ADDED_LATER)


_SEVERAL: Any = tuple[_Status, ...]
"""The form of a row once a studio has a second list; before, and in every catalogue of before, it is the one list."""


class TrustedStudiosRepository:
    """Studios by id, and the agency itself; all of it sealed under the agency's key."""

    def __init__(self, store: SealedStore) -> None:
        self._store = store

    def put_own(self, t: Transaction, agency: Agency) -> None:
        """Write or replace what the agency is called."""
        self._put(t, own, "name", _OWN, encoded(agency))

    def own(self) -> Agency:
        """The agency itself."""
        return decoded(Agency, self._get(own, "name", _OWN) or b"null", "the agency")

    def put(self, t: Transaction, kept: TrustedStudio) -> None:
        """Trust a studio, or follow it to a new card."""
        card = base64.b64encode(kept.card).decode()
        row = _Pin(kept.studio, kept.name, kept.ssh_public_key, kept.card_issued_at, card, kept.former_keys)
        self._put(t, pin, "studio", kept.studio, encoded(row))

    def get(self, studio: StudioId) -> TrustedStudio | None:
        """The trusted studio with this id; None for one nobody has trusted."""
        content = self._get(pin, "studio", studio)
        return None if content is None else _trusted(content)

    def list(self) -> tuple[TrustedStudio, ...]:
        """All trusted studios, by id."""
        with self._store.database.reading() as connection:
            rows = connection.execute(select(pin).order_by(pin.c.studio)).all()
        return tuple(_trusted(self._store.open_own("pin", row.studio, row.version, row.sealed)) for row in rows)

    def learn(self, t: Transaction, heard: Sequence[StandingOfList]) -> bool:
        """Add what status lists of one studio say; returns whether anything was new. Bits are never unset."""
        studio = heard[0].studio
        known = self.standing(studio)
        before = {} if known is None else dict(known.lists)
        after = before.copy()
        for each in heard:
            after[each.number] = each if each.number not in after else after[each.number].joined(each)
        if after == before:
            return False
        rows = tuple(_row(after[number]) for number in sorted(after))
        self._put(t, status, "studio", studio, encoded(rows[0] if after.keys() == {FIRST_LIST} else rows))
        return True

    def standing(self, studio: StudioId) -> StandingOfStudio | None:
        """What the studio's status lists said; None when none was ever seen."""
        content = self._get(status, "studio", studio)
        if content is None:
            return None
        what = "a status list"
        several = content.startswith(b"[")
        rows = decoded(_SEVERAL, content, what) if several else (decoded(_Status, content, what),)
        return StandingOfStudio({each.number: each for each in map(_list, rows)})

    def _get(self, table: Table, key: str, id: str) -> bytes | None:
        query = select(table.c.version, table.c.sealed).where(table.c[key] == id)
        with self._store.database.reading() as connection:
            row = connection.execute(query).first()
        return None if row is None else self._store.open_own(table.name, id, row.version, row.sealed)

    def _put(self, t: Transaction, table: Table, key: str, id: str, content: bytes) -> None:
        version = next_version(t.connection, table, key, id)
        values = {"version": version, "sealed": self._store.seal_own(table.name, id, version, content)}
        if version == 1:
            t.connection.execute(insert(table).values({key: id, **values}))
        else:
            t.connection.execute(update(table).where(table.c[key] == id).values(values))


def _row(known: StandingOfList) -> _Status:
    bits = base64.b64encode(known.bits).decode()
    number = None if known.number == FIRST_LIST else known.number
    return _Status(known.studio, known.valid_from, known.valid_until, bits, number)


def _list(row: _Status) -> StandingOfList:
    bits = base64.b64decode(row.bits)
    return StandingOfList(row.studio, row.valid_from, row.valid_until, bits, row.number or FIRST_LIST)


def _trusted(content: bytes) -> TrustedStudio:
    row = decoded(_Pin, content, "a pin")
    card = base64.b64decode(row.card)
    return TrustedStudio(row.studio, row.name, row.ssh_public_key, row.card_issued_at, card, row.former_keys)
