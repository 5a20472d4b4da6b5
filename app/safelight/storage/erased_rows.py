"""Counts the rows of one person that an erasure takes out: what a check afterwards looks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.storage.key_store import BATCH
from safelight.storage.rows import FileId
from safelight.storage.tables import attendance, code_tag, held, photo, photo_owner, receipt, seat, subject

_PORTRAIT = (photo_owner.c.owner, held.c.subject, seat.c.subject)
_EVIDENCE = (subject.c.id, receipt.c.subject, attendance.c.subject, code_tag.c.subject)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be gone of ``person``: keys by purpose, photos and files."""

    person: SubjectId
    purposes: frozenset[str]
    photos: tuple[PhotoGuid, ...]
    files: tuple[FileId, ...]


def rows_left(connection: Connection, wanted: Wanted) -> tuple[int, int]:
    """For how many photos and kinds of rows it was looked, and how many rows are there."""
    columns = (_PORTRAIT if "portrait" in wanted.purposes else ()) + (
        _EVIDENCE if "evidence" in wanted.purposes else ()
    )
    left = 0
    for column in columns:
        query = select(func.count()).select_from(column.table).where(column == wanted.person)
        left += int(connection.execute(query).scalar_one())
    return len(columns) + len(wanted.photos), left + _photos(connection, wanted.photos)


def _photos(connection: Connection, photos: Sequence[PhotoGuid]) -> int:
    found = 0
    for start in range(0, len(photos), BATCH):
        some = select(func.count()).select_from(photo).where(photo.c.guid.in_(photos[start : start + BATCH]))
        found += int(connection.execute(some).scalar_one())
    return found
