"""Compares the archive with what left it: receipts, bundles and backups know how far the journal was.

A whole folder that was put back to an earlier day fits together, signature and digests included. What shows it is
outside: each of these holds number and hash of the journal's last entry, and a receipt or bundle is named in an entry
of its own. An archive whose journal does not have them is older, or its journal was written anew from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from safelight.documents.journal_stretch import FORMAT as STRETCH
from safelight.documents.journal_stretch import read_stretch
from safelight.documents.manifest import FORMAT as MANIFEST_FORMAT
from safelight.documents.manifest import read_manifest
from safelight.documents.reading import parse_json
from safelight.documents.record import read_document
from safelight.domain.closing import CLOSING_FORMAT
from safelight.domain.errors import Malformed, SafelightError, WrongUsage
from safelight.domain.ids import Sha256, is_sha256
from safelight.keys.input_files import open_input, read_input_file
from safelight.receipt.issue import attached_head, attached_record, verify_receipt
from safelight.storage.backup_manifest import read_backup
from safelight.studio.journal_kinds import BUNDLE_EXPORTED, CONSENT_RECORDED
from safelight.studio.open_studio import OpenStudio

_LARGEST = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_BUNDLE = b"age-encryption.org/v1\n"


class Outcome(StrEnum):
    """What one file says of the archive."""

    FINE = "not-older"
    """The journal has everything the file knows of it."""
    OLDER = "older"
    """It has not: the archive is older than the file, or its journal is another one."""
    FOREIGN = "another-studio"
    UNREADABLE = "not-readable"
    """Nothing can be told by it."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One file, and what it says in one sentence."""

    file: str
    outcome: Outcome
    says: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What a file knows of the journal: its end, by hash and (if it says so) number; the entry about itself."""

    studio: str
    what: str
    hash: str = ""
    number: int | None = None
    kind: str = ""
    reference: str = ""


def compare_with(studio: OpenStudio, path: Path) -> Compared:
    """Whether the archive is older than what lies at ``path``.

    That is a receipt (PDF), a bundle, its manifest, the report of a closing, a stretch of the journal, or a backup.

    A bundle is encrypted for somebody else; it is found by its hash among those the journal says left the studio.
    """
    try:
        known = _backup(path) if path.is_dir() else _file(studio, path)
    except SafelightError as error:
        return Compared(str(path), Outcome.UNREADABLE, f"It cannot be compared. {error.title}")
    number = studio.archive.journal.number_of(Sha256(known.hash)) if known.hash else None
    if number is not None and known.number not in (None, number):  # the hash covers the number
        told = f"The end of the journal that this {known.what} names never was entry {known.number}."
        return Compared(str(path), Outcome.UNREADABLE, f"It cannot be compared. {told}")
    if known.studio != studio.identity.id:
        return Compared(str(path), Outcome.FOREIGN, f"This {known.what} is of another studio.")
    for says in _missing(studio, known, number):
        return Compared(str(path), Outcome.OLDER, says)
    return Compared(str(path), Outcome.FINE, f"The archive is not older than this {known.what}.")


def _missing(studio: OpenStudio, known: _Known, number: int | None) -> Iterator[str]:
    """What the file knows and the journal has not."""
    journal, end = studio.archive.journal, studio.archive.journal.end()
    older = f"This archive is older than this {known.what}"
    if known.hash and number is None:
        if known.number is None:
            yield f"{older}, or its journal is another one: the entry it names is not there."
        elif known.number > end.number:
            yield f"{older}: that was made at journal entry {known.number}, and the journal ends with {end.number}."
        else:
            yield f"The journal is another one than this {known.what} knows: entry {known.number} has another hash."
    if known.kind and not journal.has(known.kind, known.reference):
        yield f"{older}: the journal does not name it."


def _backup(path: Path) -> _Known:
    made = read_backup(path)
    if made.head is None:
        raise Malformed("This backup was made before backups said how far the journal was.", "Compare another one.")
    return _Known(made.studio, "backup", made.head.hash, made.head.number)


def _file(studio: OpenStudio, path: Path) -> _Known:
    try:
        with open_input(path) as file:
            start = file.read(len(_BUNDLE))
    except OSError as error:
        raise WrongUsage(f"'{path.name}' cannot be read: {error.strerror or 'it failed'}.", "") from error
    if start == _BUNDLE:
        return _sealed_bundle(studio, path)
    untrusted = read_input_file(path, _LARGEST)
    return _receipt(studio, untrusted) if start.startswith(b"%PDF-") else _document(untrusted)


def _sealed_bundle(studio: OpenStudio, path: Path) -> _Known:
    """The bundle with this hash; the journal says the hash of each."""
    digest = hashlib.sha256()
    with open_input(path) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    entries = {entry.number: entry.reference for entry, _ in studio.archive.journal.of_kinds(BUNDLE_EXPORTED)}
    for number, said in studio.archive.journal.payloads(entries):
        if said == digest.hexdigest().encode():
            return _Known(studio.identity.id, "bundle", kind=BUNDLE_EXPORTED, reference=entries[number])
    raise Malformed(
        "It is encrypted for somebody else, and the journal names no bundle with its hash: it is of another studio, or "
        "this archive is older.",
        "Compare the manifest.json that its recipient can take out of it.",
    )


def _receipt(studio: OpenStudio, untrusted: bytes) -> _Known:
    document = read_document(attached_record(untrusted)).receipt
    if document.studio.id == studio.identity.id:
        # Signed by this studio, so that nobody raises an alarm with a page of their own.
        verify_receipt(untrusted, studio.secrets.certificates.ca_certificate_pem)
    number, head = attached_head(untrusted) or (None, "")
    return _Known(document.studio.id, "receipt", head, number, CONSENT_RECORDED, document.id)


def _document(untrusted: bytes) -> _Known:
    raw = parse_json(untrusted, "file to compare with", _LARGEST)
    match raw:
        case {"format": str(kind), "studio": str(whose), "journal": {"number": int(number), "hash": str(head)}}:
            if kind == CLOSING_FORMAT and is_sha256(head):
                return _Known(whose, "report of a closing", head, number)
        case {"format": str(kind)} if kind == STRETCH:
            stretch = read_stretch(untrusted)
            return _Known(stretch.studio, "stretch of a journal", stretch.end.hash, stretch.end.number)
        case {"format": str(kind), "journal_head": str()} if kind == MANIFEST_FORMAT:
            made = read_manifest(untrusted)
            return _Known(made.studio.id, "bundle", made.journal_head, made.journal_entries, BUNDLE_EXPORTED, made.id)
    raise Malformed("It is no receipt, bundle, manifest, report of a closing, stretch of a journal or backup.", "")
