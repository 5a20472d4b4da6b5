"""Looks for what is left of one erased person: rows, keys and files, in the studio and in the copies of its keys."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safelight.domain.errors import CannotOpen, Malformed, SafelightError
from safelight.keys.durable import unfinished_name
from safelight.storage.archive import Archive
from safelight.storage.backup_manifest import STORE, read_backup
from safelight.storage.erased_rows import Wanted
from safelight.storage.key_copy import read_key_copy
from safelight.storage.key_names import keys_in
from safelight.storage.second_place import sealed_place


@dataclass(frozen=True, slots=True)
class Left:
    """Of keys, rows and files: how many were looked for, and how many are still there."""

    keys: tuple[int, int]
    rows: tuple[int, int]
    files: tuple[int, int]


def look_for(archive: Archive, wanted: Wanted, places: Sequence[Path] = (), second: Path | None = None) -> Left:
    """Look for exactly this person's things; ``places`` have a key copy, ``second`` is the second place.

    A place that cannot be read is passed over: the caller knows which are reached.
    """
    stores = [found for place in places for found in _store_of(archive, place)]
    keys = [_present({(each.owner, each.purpose) for each in archive.keys.names()}, wanted)]
    files = [sum(archive.files.lies_at(each).exists() for each in wanted.files)]
    if second is not None:
        with suppress(CannotOpen, Malformed):
            made = read_backup(second)
            stores += [second / made.lies(each) for each in made.members if each.path == STORE]
            files.append(sum(sealed_place(second, each).exists() for each in wanted.files))
    for store in stores:
        with suppress(SafelightError, OSError):
            keys.append(_present(keys_in(store, archive.folder.path / unfinished_name()), wanted))
    return Left(
        (len(keys) * len(wanted.purposes), sum(keys)),
        archive.rows_left(wanted),
        (len(files) * len(wanted.files), sum(files)),
    )


def _store_of(archive: Archive, place: Path) -> list[Path]:
    try:
        copy = read_key_copy(place, archive.studio_id)
    except (CannotOpen, Malformed):
        return []
    return [copy.lies(each) for each in copy.members if each.path == STORE]


def _present(there: set[tuple[str, str]], wanted: Wanted) -> int:
    return sum((wanted.person, purpose) in there for purpose in wanted.purposes)
