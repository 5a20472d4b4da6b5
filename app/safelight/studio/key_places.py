"""The places that hold a copy of the keys: after every erasure each one is written anew, or it is said which was not.

A copy of before an erasure still has the key that was destroyed. So the studio keeps a list of the places, and of each
how many keys were destroyed when it was written last.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safelight.documents.times import rfc3339
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.storage.key_copy import is_key_place, put_key_copy
from safelight.storage.restore_keys import backups_with_keys
from safelight.storage.second_place import is_place, last_rows
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio
from safelight.studio.second_place import copy_rows_now, second_place

KEY_PLACES = "key-places"
"""Setting: by the place's id its folder and how many keys were destroyed when its copy was written."""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """A place with a copy of the keys. ``behind``: the copy is of before the newest erasure."""

    id: str
    folder: Path
    second: bool
    behind: bool


def key_places(studio: OpenStudio) -> tuple[KeyPlace, ...]:
    """Every place there is a copy of the keys in: those of backups, then the second place."""
    noted, destroyed = _noted(studio), _destroyed(studio)
    found = [
        KeyPlace(id, Path(str(told["folder"])), False, int(told["destroyed"]) < destroyed)
        for id, told in noted.items()
        if not told["second"]
    ]
    if (place := second_place(studio)) is not None:
        # What lies there says so itself while its drive is attached.
        at = int(noted[place.id]["destroyed"]) if place.id in noted else 0
        if at < destroyed and is_place(place.folder, studio.identity.id, place.id):
            at = last_rows(place.folder).destroyed
        found.append(KeyPlace(place.id, place.folder, True, at < destroyed))
    return tuple(found)


def behind(studio: OpenStudio) -> tuple[KeyPlace, ...]:
    """The places whose copy still has a key that was destroyed."""
    return tuple(each for each in key_places(studio) if each.behind)


def backups_of_before(studio: OpenStudio) -> tuple[Path, ...]:
    """Backups in the places that were reached that carry keys of their own and were made before an erasure.

    Backups have none any more; those of before open whoever was erased since. They are named, never changed.
    """
    newest = max((each.at for each in studio.archive.keys.destroyed()), default="")
    found: list[Path] = []
    for place in key_places(studio):
        if not place.second and newest:
            with_keys = backups_with_keys(place.folder, studio.identity.id)
            found += (folder for folder, at in with_keys if rfc3339(at) <= newest)
    return tuple(found)


def note_key_place(
    studio: OpenStudio, writing: Transaction, id: str, folder: Path, destroyed: int, second: bool = False
) -> None:
    """Write down that the copy in a place knows of so many destroyed keys."""
    told = {"folder": str(folder), "destroyed": destroyed, "second": second}
    studio.archive.studio.set_setting(writing, KEY_PLACES, json.dumps(_noted(studio) | {id: told}))


def forget_key_place(studio: OpenStudio, folder: Path) -> tuple[bool, Changes]:
    """There is no copy in this folder any more, whoever may have taken it; whether the place was known."""
    with studio.archive.transaction(studio.now_seen()) as writing:
        known = drop_key_place(studio, writing, folder.resolve())
    return known, Changes.COPIES | Changes.JOURNAL if known else Changes.NONE


def drop_key_place(studio: OpenStudio, writing: Transaction, folder: Path) -> bool:
    """Take a place off the list; whether it was on it."""
    noted = _noted(studio)
    kept = {id: told for id, told in noted.items() if told["second"] or told["folder"] != str(folder)}
    if len(kept) == len(noted):
        return False
    studio.archive.studio.set_setting(writing, KEY_PLACES, json.dumps(kept))
    studio.archive.journal.append(writing, "key-place-forgotten", studio.identity.id, str(folder).encode())
    return True


def rewrite_key_copies(studio: OpenStudio) -> tuple[tuple[KeyPlace, ...], Changes]:
    """Write every copy anew that is of before the newest erasure; returns the places that could not be reached."""
    missed, changes, destroyed = [], Changes.NONE, _destroyed(studio)
    for place in behind(studio):
        try:
            if place.second:
                changes |= copy_rows_now(studio)
            elif is_key_place(place.folder, studio.identity.id, place.id):
                put_key_copy(studio.archive, place.folder, place.id, studio.now())
            else:
                missed.append(place)
                continue
            with studio.archive.transaction(studio.now_seen()) as writing:
                note_key_place(studio, writing, place.id, place.folder, destroyed, place.second)
            changes |= Changes.COPIES
        except (SafelightError, OSError):
            missed.append(place)
    return tuple(missed), changes


def _noted(studio: OpenStudio) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = json.loads(studio.archive.studio.setting(KEY_PLACES) or "{}")
    return told


def _destroyed(studio: OpenStudio) -> int:
    return len({(each.owner, each.purpose) for each in studio.archive.keys.destroyed()})
