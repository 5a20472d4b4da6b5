"""The one current copy of a studio's keys in the place that its backups lie in, and what a restore knows by it.

Backups are many and of many days; each would keep the keys of whoever was erased since. So they have none: beside them
lies one copy of the key store, the wrapped master key and the studio's own sealed keys, exchanged whole at every backup
and at every erasure. Killed at any point, the list that is there describes files that are there.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from safelight.documents.jcs import canonical
from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import CannotOpen, Malformed, SafelightError
from safelight.domain.ids import OrganisationId, Sha256, is_sha256, is_uuid4
from safelight.keys.durable import device_failure, durable_write, fsync_folder, unfinished_name
from safelight.storage.archive import Archive
from safelight.storage.backup_manifest import KEYS, STORE, Member, read_list
from safelight.storage.destroyed import KnownErasures, known_document, read_known
from safelight.storage.key_names import keys_in
from safelight.storage.second_place import carried, overwrite_all

FORMAT = "safelight-keys/1"
LIST = "keys.json"
_BUSY = CannotOpen("Another program is writing the key copies.", "Nothing was changed. Try again when it has finished.")
_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeyCopy:
    """A key copy: whose, the place's own id, when it was made, its files, and the erasures it knows of."""

    studio: OrganisationId
    place: str
    made_at: datetime
    turn: str
    members: tuple[Member, ...]
    known: KnownErasures
    folder: Path

    def lies(self, member: Member) -> Path:
        """Where a file of it is to be found; ``path`` is its place in the studio's folder."""
        return self.folder / self.turn / Path(member.path).name


def place_of(target: Path) -> Path:
    """The place that a backup in ``target`` lies in: the folder around it, or the drive itself if it is one's root."""
    return target if os.path.ismount(target) else target.absolute().parent


def folder_in(place: Path, studio: OrganisationId) -> Path:
    """The folder of a studio's key copy in ``place``."""
    return place / f"safelight-keys-{studio}"


def known_by(archive: Archive) -> KnownErasures:
    """The erasures an open archive knows of."""
    return KnownErasures(archive.keys.destroyed(), archive.erasures.rows())


class NewerKeys(CannotOpen):
    """The key copy in a place has keys of people this studio does not know: it was made from an older copy."""

    def __init__(self, place: Path) -> None:
        super().__init__(
            f"The keys in “{place.name}” are of a newer state than this studio.",
            "Nothing was changed there. This studio was made from an older backup: keep its backups in another folder. "
            "If the newer one is lost, say that you know.",
        )


def put_key_copy(archive: Archive, place: Path, fresh_id: str, now: datetime, i_know: bool = False) -> KeyCopy:
    """Exchange the key copy in ``place`` for the keys as they are now, durably; what was there is overwritten.

    One program at a time, and what is copied is read after its turn came: an older state never follows a newer one.
    Raises :class:`NewerKeys` where that would lose somebody's keys, unless ``i_know``: a studio that was restored to
    look at it must not take the keys of the one that goes on.
    """
    with archive.one_at_a_time("key-copies", _BUSY):
        folder = folder_in(place, archive.studio_id)
        before = _before(place, archive.studio_id)
        if before is not None:
            fresh_id = before.place
            if not i_know and _has_others(archive, before):
                raise NewerKeys(place)
        turn = token_hex(16)
        snapshot = archive.folder.path / f"{unfinished_name()}-keys"
        try:
            (folder / turn).mkdir(parents=True, mode=0o700)
            known = known_by(archive)
            archive.keys.copy_to(snapshot)
            sources = {path: archive.folder.path / path for path in KEYS} | {"keys/subjects.sqlite": snapshot}
            members = [
                Member(path, made.size, made.sha256)
                for path, lies in sources.items()
                if lies.exists()
                for made in [carried(lies, folder / turn, Path(path).name)]
            ]
            made = KeyCopy(archive.studio_id, fresh_id, now, turn, tuple(members), known, folder)
            for each in (folder / turn, folder, place):
                fsync_folder(each)
            durable_write(folder / LIST, _list_bytes(made))
        except BaseException as error:
            if not _is_named(place, archive.studio_id, turn):
                shutil.rmtree(folder / turn, ignore_errors=True)
            if isinstance(error, OSError):
                raise device_failure(error, place) from error
            raise
        finally:
            snapshot.unlink(missing_ok=True)
        _clear(folder, turn)
        return made


def read_key_copy(place: Path, studio: OrganisationId) -> KeyCopy:
    """The key copy of ``studio`` in ``place``; :class:`CannotOpen` where there is none."""
    folder = folder_in(place, studio)
    untrusted = read_list(folder / LIST, _LARGEST, f"There is no copy of the keys in “{place.name}”.")
    try:
        content = json.loads(untrusted)
        if content["format"] != FORMAT:
            raise CannotOpen("This copy of the keys was made by a newer version.", "Use a newer Safelight.")
        members = tuple(Member(each["path"], each["size"], Sha256(each["sha256"])) for each in content["members"])
        made = KeyCopy(
            content["studio"], content["place"], parse_time(content["made_at"]), content["turn"], members,
            read_known(content), folder,
        )  # fmt: skip
        paths = [each.path for each in members]
        right = {
            "studio": made.studio == studio,
            "place": is_uuid4(made.place),
            "turn": len(made.turn) == 32 and set(made.turn) <= set("0123456789abcdef"),
            "members": "keys/subjects.sqlite" in paths and len(set(paths)) == len(paths) and set(paths) <= set(KEYS),
            "hashes": all(is_sha256(str(each.sha256)) for each in members),
        }
        if not all(right.values()):
            raise ValueError("not as it is written")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Malformed("The list of this copy of the keys is not as this program writes it.", _NOTHING) from error
    return made


def _before(place: Path, studio: OrganisationId) -> KeyCopy | None:
    with suppress(CannotOpen, Malformed):
        return read_key_copy(place, studio)
    return None


def _has_others(archive: Archive, before: KeyCopy) -> bool:
    """Whether there are keys in the copy of people who are not known here and were not erased here."""
    store = next(before.lies(each) for each in before.members if each.path == STORE)
    try:
        there = keys_in(store, archive.folder.path / unfinished_name())
    except (SafelightError, OSError):
        return False  # a copy that does not open saves nobody
    here = {each.owner for each in archive.keys.names() if each.purpose == "evidence"} | {*archive.keys.gone()}
    # Keys of files nobody is assigned to come and go: they have no evidence key.
    return bool({owner for owner, purpose in there if purpose == "evidence"} - here)


def is_key_place(place: Path, studio: OrganisationId, id: str) -> bool:
    """Whether the place with this id lies there now: a drive that was pulled leaves an empty folder, or none."""
    with suppress(CannotOpen, Malformed):
        return read_key_copy(place, studio).place == id
    return False


_NOTHING = "Nothing was restored."


def _list_bytes(made: KeyCopy) -> bytes:
    listed = [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in made.members]
    content = {"format": FORMAT, "studio": made.studio, "place": made.place, "made_at": rfc3339(made.made_at),
               "turn": made.turn, "members": listed, **known_document(made.known)}  # fmt: skip
    return canonical(content) + b"\n"


def _is_named(place: Path, studio: OrganisationId, turn: str) -> bool:
    try:
        return read_key_copy(place, studio).turn == turn
    except CannotOpen:
        return False
    except Malformed:
        return True  # nobody can tell, so nothing is taken away


def _clear(folder: Path, turn: str) -> None:
    """Overwrite and remove the keys of before; what fails is tried next time."""
    for each in folder.iterdir():
        if each.is_dir() and each.name != turn:
            overwrite_all(each)


