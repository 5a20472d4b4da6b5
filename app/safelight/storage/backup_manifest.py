"""The list of a backup: every file it has, where it lies, and what it must be; read with care, written in one form."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safelight.documents.jcs import canonical
from safelight.documents.times import parse_time, rfc3339
from safelight.domain.errors import CannotOpen, Malformed
from safelight.domain.ids import OrganisationId, Sha256, StudioId, is_sha256, is_uuid4
from safelight.domain.journal_stretch import Head
from safelight.keys.durable import DurableFile, device_failure
from safelight.storage.destroyed import NOTHING_KNOWN, KnownErasures, known_document, read_known

FORMAT = "safelight-backup/1"
"""Every file lies where it belongs in the studio."""
IN_TURNS = "safelight-backup/2"
"""Rows and keys lie in a folder of their own (``rows/<32 hexadecimal digits>``), so that they are exchanged whole."""
WITHOUT_KEYS = "safelight-backup/3"
"""As the first, but the keys lie beside it, in the one key copy of its place."""
MANIFEST = "backup.json"
STORE = "keys/subjects.sqlite"
KEYS = ("keys/master.json", STORE, "keys/studio.sealed")
ROWS = ("studio.json", "archive.sqlite", *KEYS)
PIECE = 1024 * 1024

_LARGEST = 256 * 1024 * 1024
_SEALED = re.compile(r"files/([0-9a-f]{2})/\1[0-9a-f]{62}\.age")
_TURN = re.compile(r"rows/[0-9a-f]{32}")
_REQUIRED = frozenset({"studio.json", "archive.sqlite"})


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a backup: its place in the studio's folder, and what it must be."""

    path: str
    size: int
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself; ``turn`` is the folder in it that rows and keys lie in (empty: at their place)."""

    studio: OrganisationId
    made_at: datetime
    members: tuple[Member, ...]
    turn: str = ""
    head: Head | None = None
    """The end of the journal in it; None in backups of before that was written down."""
    known: KnownErasures = NOTHING_KNOWN
    """The erasures it knows of; nothing in backups of before that was written down."""

    @property
    def has_keys(self) -> bool:
        """Whether it carries keys of its own."""
        return any(each.path == STORE for each in self.members)

    def lies(self, member: Member) -> str:
        """Where in the backup's folder ``member`` is to be found."""
        return f"{self.turn}/{member.path}" if self.turn and member.path in ROWS else member.path


def manifest_bytes(
    studio: OrganisationId,
    at: datetime,
    members: Sequence[Member],
    head: Head | None,
    turn: str = "",
    known: KnownErasures = NOTHING_KNOWN,
) -> bytes:
    """The list as it is written; ``head`` is the end of the journal that is copied, ``known`` what was erased."""
    listed = [{"path": each.path, "size": each.size, "sha256": each.sha256} for each in members]
    form = FORMAT if any(each.path == STORE for each in members) else WITHOUT_KEYS
    content: dict[str, object] = {"format": form, "studio": studio, "made_at": rfc3339(at), "members": listed}
    content |= known_document(known)
    if head is not None:
        content["journal"] = {"number": head.number, "hash": head.hash}
    if turn:
        content |= {"format": IN_TURNS, "rows": turn}
    return canonical(content) + b"\n"


def note_of(made: Backup) -> bytes:
    """What the journal notes of a restore: when the backup was made, and the end of the journal in it."""
    content: dict[str, object] = {"made_at": rfc3339(made.made_at)}
    if made.head is not None:
        content["journal"] = {"number": made.head.number, "hash": made.head.hash}
    return canonical(content)


def read_backup(source: Path) -> Backup:
    """The manifest of a backup; :class:`CannotOpen` if there is none, :class:`Malformed` if it is not one of ours."""
    untrusted = read_list(source / MANIFEST, _LARGEST, f"There is no finished backup in “{source.name}”.")
    try:
        content = json.loads(untrusted)
        if content["format"] not in (FORMAT, IN_TURNS, WITHOUT_KEYS):
            raise CannotOpen("This backup was made by a version this program does not know.", "Use a newer Safelight.")
        turn = str(content["rows"]) if content["format"] == IN_TURNS else ""
        members = tuple(Member(each["path"], each["size"], Sha256(each["sha256"])) for each in content["members"])
        at = parse_time(content["made_at"])
        known = read_known(content)
        made = Backup(StudioId(content["studio"]), at, members, turn, _head(content.get("journal")), known)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _not_a_backup("it cannot be read") from error
    paths = [each.path for each in members]
    # The grammar has no "..", no absolute path and no link: nothing outside the folder can be named.
    bad = [path for path in paths if path not in ROWS and not _SEALED.fullmatch(str(path))]
    if bad or len(set(paths)) != len(paths) or not set(paths) >= _REQUIRED or not is_uuid4(made.studio):
        raise _not_a_backup("it names files that do not belong to a studio, or leaves some out")
    if made.has_keys is (content["format"] == WITHOUT_KEYS) or any(p in KEYS for p in paths) is not made.has_keys:
        raise _not_a_backup("it names keys, or leaves them out, as its format does not")
    if made.turn and not _TURN.fullmatch(made.turn):
        raise _not_a_backup("its rows lie where none are")
    if not all(is_sha256(str(each.sha256)) for each in members):
        raise _not_a_backup("a hash is none")
    return made


def read_list(path: Path, most: int, missing: str) -> bytes:
    """The bytes of a list; :class:`CannotOpen` saying ``missing`` where there is none."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise CannotOpen(
            missing, "Nothing was changed. Name a folder that “studio backup” made, or the studio's second place."
        ) from error


def _head(told: dict[str, object] | None) -> Head | None:
    if told is None:
        return None
    number, digest = told["number"], told["hash"]
    if type(number) is not int or number < 0 or not is_sha256(str(digest)):
        raise ValueError("no head of a journal")
    return Head(number, Sha256(str(digest)))


def copied(source: Path, target: Path, path: str) -> Member:
    """Copy one file durably; what is returned describes the bytes that were written, as the member ``path``."""
    digest = hashlib.sha256()
    with source.open("rb", buffering=0) as reading:
        try:
            target.parent.mkdir(exist_ok=True, mode=0o700)  # not what that lies in: a drive may have been pulled
        except OSError as error:
            raise device_failure(error, target.parent) from error
        with DurableFile(target) as writing:
            while piece := reading.read(PIECE):
                digest.update(piece)
                writing.write(piece)
    return Member(path, writing.size, Sha256(digest.hexdigest()))


def _not_a_backup(why: str) -> Malformed:
    return Malformed(f"The list of this backup is not as this program writes it: {why}.", "Nothing was restored.")
