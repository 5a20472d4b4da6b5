"""Which keys a restore takes, and what is known of erasures by everything that lies beside the backup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from safelight.domain.errors import CannotOpen, Malformed, Refused, SafelightError
from safelight.domain.ids import OrganisationId
from safelight.storage.backup_manifest import KEYS, STORE, Backup, Member, copied, read_backup
from safelight.storage.destroyed import KnownErasures, together
from safelight.storage.folder import StudioFolder
from safelight.storage.key_copy import folder_in, place_of, read_key_copy
from safelight.storage.key_names import names_in, opened
from safelight.storage.key_rows import DestroyedKey, gone
from safelight.storage.repositories.erasures import SealedErasure
from safelight.storage.tables import erasure


class OlderKeys(Refused):
    """The copy of the keys that would be restored is older than an erasure, or than the backup itself."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"This copy of the keys is older than what is known here: {why}.",
            "Nothing was restored. Use the newest copy of the keys. If there is none, say that you know: what is known "
            "to be erased is erased again.",
        )


@dataclass(frozen=True, slots=True)
class ChosenKeys:
    """The keys a restore takes: what they must be and where they lie; ``made_at`` says of when they are."""

    made_at: datetime
    files: tuple[tuple[Member, Path], ...]


def choose_keys(source: Path, made: Backup) -> ChosenKeys:
    """The newest keys there are for a backup: its own, or the key copy of the place it lies in.

    Raises :class:`CannotOpen` where there are none.
    """
    found: list[ChosenKeys] = []
    for place in _places(source):
        with suppress(CannotOpen):
            copy = read_key_copy(place, made.studio)
            found.append(ChosenKeys(copy.made_at, tuple((each, copy.lies(each)) for each in copy.members)))
    if made.has_keys:
        own = tuple((each, source / made.lies(each)) for each in made.members if each.path in KEYS)
        found.append(ChosenKeys(made.made_at, own))
    if not found:
        raise CannotOpen(
            f"The copy of the keys is not beside this backup (folder “{folder_in(source, made.studio).name}”).",
            "Nothing was restored. Put the folder with the keys into the folder that the backup lies in.",
        )
    return max(found, key=lambda each: each.made_at)  # of the same second: the key copy, which erasures write last


def require_newest(made: Backup, keys: ChosenKeys, store: Path, known: KnownErasures) -> None:
    """Raise :class:`OlderKeys` if ``store`` (a copy of the key store) has a key that is known to be destroyed.

    Or if the keys were copied before the backup was made: those made in between are missing.
    """
    there = names_in(store)
    if back := known.pairs & there:
        raise OlderKeys(f"{len(back)} of its keys were destroyed since")
    if keys.made_at < made.made_at:
        raise OlderKeys("the backup was made after it")


def known_around(source: Path, made: Backup, scratch: Path) -> KnownErasures:
    """The erasures that are known by a backup, by the key copies near it and by the other backups of its place.

    ``scratch`` is a folder for copies of older key stores, which are read there: nothing is written beside a backup.
    """
    found = [made.known]
    for place in _places(source):
        with suppress(CannotOpen, Malformed):
            found.append(read_key_copy(place, made.studio).known)
    for folder, other in _backups_near(source, made.studio):
        found.append(other.known)
        if other.has_keys and not other.known:
            store = next(each for each in other.members if each.path == STORE)
            with suppress(SafelightError, OSError):
                found.append(_known_by_store(folder / other.lies(store), scratch))
    return together(found)


def known_here(folder: StudioFolder) -> KnownErasures:
    """The erasures that the studio in ``folder`` knows of; others are kept out by the caller."""
    destroyed: tuple[DestroyedKey, ...] = ()
    rows: tuple[SealedErasure, ...] = ()
    with suppress(SafelightError), opened(folder.key_store) as database, database.reading() as connection:
        destroyed = _destroyed(connection.execute(select(gone)).all())
    with suppress(SafelightError), opened(folder.database) as database, database.reading() as connection:
        if database.engine.has_table(connection, erasure.name):
            columns = (erasure.c.id, erasure.c.person, erasure.c.at, erasure.c.version, erasure.c.sealed)
            rows = tuple(SealedErasure(*each) for each in connection.execute(select(*columns)))
    return KnownErasures(destroyed, rows)


def _known_by_store(store: Path, scratch: Path) -> KnownErasures:
    copy = scratch / "store.sqlite"
    copied(store, copy, STORE)
    try:
        with opened(copy) as database, database.reading() as connection:
            if database.engine.stored_format(connection) < _PROVEN:
                return KnownErasures()  # nobody can tell who wrote down what was destroyed
            return KnownErasures(_destroyed(connection.execute(select(gone)).all()))
    finally:
        for each in scratch.glob(f"{copy.name}*"):
            each.unlink()


_PROVEN = 2
"""The first format of the key store in which a destroyed key is noted with a proof."""


def _destroyed(rows: Sequence[Row[Any]]) -> tuple[DestroyedKey, ...]:
    return tuple(DestroyedKey(each.owner, each.purpose, each.at, each.proof) for each in rows)


def _places(source: Path) -> tuple[Path, ...]:
    return tuple(dict.fromkeys((source.absolute(), place_of(source))))


def backups_with_keys(place: Path, studio: OrganisationId) -> tuple[tuple[Path, datetime], ...]:
    """The backups in ``place`` that carry keys of their own, as those of before did, and when each was made."""
    found = _backups_in(_folders_in(place), studio)
    return tuple((folder, made.made_at) for folder, made in found if made.has_keys and not made.turn)


def _folders_in(place: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(each for each in place.iterdir() if each.is_dir())
    return []


def _backups_near(source: Path, studio: OrganisationId) -> Iterator[tuple[Path, Backup]]:
    return _backups_in((source.absolute(), *_folders_in(place_of(source))), studio)


def _backups_in(folders: Iterable[Path], studio: OrganisationId) -> Iterator[tuple[Path, Backup]]:
    for folder in dict.fromkeys(folders):
        with suppress(CannotOpen, Malformed, OSError):
            made = read_backup(folder)
            if made.studio == studio:
                yield folder, made
