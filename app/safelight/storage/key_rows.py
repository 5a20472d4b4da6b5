"""The rows of the key store: wrapped keys by owner and purpose, and a note of those that were destroyed on purpose."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    select,
    update,
)

from safelight.documents.times import rfc3339
from safelight.domain.ids import OrganisationId
from safelight.keys.framing import framed
from safelight.keys.master import MasterKey, derive_key
from safelight.keys.subject_keys import SubjectKeyPurpose, new_subject_keys, subject_key_aad, wrap_key

METADATA = MetaData()
key = Table(
    "subject_key",
    METADATA,
    Column("owner", String(36), primary_key=True),
    Column("purpose", String(8), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("created_at", String(20), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
)
gone = Table(
    "gone",
    METADATA,
    Column("owner", String(36), primary_key=True),
    Column("purpose", String(8), primary_key=True),
    Column("at", String(20), nullable=False),
    Column("proof", String(64), nullable=False, server_default=""),
)
"""``proof`` is a keyed hash of the rest: pictures are erased because of such a row, so nobody else may write one."""

PROVE = "ALTER TABLE gone ADD COLUMN proof VARCHAR(64) DEFAULT '' NOT NULL"
"""What a store of before needs."""


@dataclass(frozen=True, slots=True)
class KeyName:
    """One key in the store: whose, for what, since when (RFC 3339)."""

    owner: str
    purpose: SubjectKeyPurpose
    since: str


@dataclass(frozen=True, slots=True)
class DestroyedKey:
    """A note that a key was destroyed on purpose; it counts where ``proof`` is right."""

    owner: str
    purpose: SubjectKeyPurpose
    at: str
    proof: str


def overwritten(connection: Connection, some: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Take out the keys ``some`` is true of; returns owner and purpose of each."""
    names = [(each.owner, each.purpose) for each in connection.execute(select(key.c.owner, key.c.purpose).where(some))]
    # Overwritten in place first: deleting alone would lean on the engine only.
    connection.execute(update(key).where(some).values(wrapped=bytes(60)))
    connection.execute(delete(key).where(some))
    return names


def proof(own: bytes, owner: str, purpose: str, at: str) -> str:
    """What makes a row of ``gone`` count; ``own`` is the studio's own key."""
    content = framed(owner.encode(), purpose.encode(), at.encode())
    return hmac.digest(derive_key(own, "destroyed-keys"), content, hashlib.sha256).hex()


def combined(keys: Sequence[bytes]) -> bytes:
    """One key that takes all of ``keys`` (in this order) to make; a single key is itself."""
    # HKDF over the concatenation of equally long random keys: uniform as long as one of them is unknown.
    return keys[0] if len(keys) == 1 else derive_key(b"".join(keys), f"shared-by-{len(keys)}")


def fresh(studio: OrganisationId, master: MasterKey, owners: Sequence[str], now: datetime) -> list[dict[str, object]]:
    """Rows with two fresh keys for each of ``owners``, wrapped by ``master``."""
    since = rfc3339(now)
    rows = []
    for owner in owners:
        keys = new_subject_keys()
        rows.append(row(studio, master, owner, "portrait", keys.portrait, since))
        rows.append(row(studio, master, owner, "evidence", keys.evidence, since))
    return rows


def row(
    studio: OrganisationId, master: MasterKey, owner: str, purpose: SubjectKeyPurpose, key: bytes, since: str
) -> dict[str, object]:
    """The row that keeps ``key`` wrapped by ``master``."""
    wrapped = wrap_key(master, key, subject_key_aad(studio, owner, purpose, 1))
    return {"owner": owner, "purpose": purpose, "version": 1, "created_at": since, "wrapped": wrapped}


def as_document(rows: Iterable[Row[Any]], owners: Collection[str]) -> bytes:
    """The wrapped keys of ``owners`` among ``rows`` as JSON; who has the master key could put them back."""
    kept = [dict(each._mapping) | {"wrapped": each.wrapped.hex()} for each in rows if each.owner in owners]
    return json.dumps(kept, indent=1, sort_keys=True).encode()
