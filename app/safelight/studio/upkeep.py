"""Keeps a studio sound: the check after a crash, backups that are verified, and the change of the master key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from safelight.documents.jcs import sha256_hex
from safelight.documents.times import rfc3339
from safelight.domain.changes import Changes
from safelight.domain.consent import EventKind
from safelight.domain.errors import CannotOpen, Malformed, SafelightError
from safelight.domain.ids import PhotoGuid, ReceiptId, RecordId, StudioId
from safelight.domain.photo import PhotoMark
from safelight.domain.progress import Report, silent
from safelight.domain.record import StatusPosition
from safelight.keys.master import MasterKey
from safelight.keys.secrets import content_tag, load_studio_secrets, save_secrets
from safelight.keys.signing import verify_sshsig
from safelight.keys.tags import image_tag
from safelight.keys.wrapping import rotate_master
from safelight.storage.backup import back_up, read_back
from safelight.storage.findings import Accepted as Accepted
from safelight.storage.findings import CheckReport as CheckReport
from safelight.storage.folder import StudioFolder, read_identity
from safelight.storage.key_copy import is_key_place, place_of, read_key_copy
from safelight.storage.key_store import KeyStore
from safelight.storage.lock import FolderLock
from safelight.storage.permissions import loose_places
from safelight.storage.vault import ClockAhead
from safelight.studio.accepting import accepted_findings
from safelight.studio.contradictions import AskedAgain, journal_faults, noted_of_photos
from safelight.studio.counted_validations import CountedValidations
from safelight.studio.erasing import carry_out
from safelight.studio.exhibits import exhibit_problems
from safelight.studio.held import erase_expired
from safelight.studio.key_places import backups_of_before, behind, drop_key_place, note_key_place
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.subjects import SIGNED

_ENDED = (EventKind.WITHDRAWN, EventKind.INVALIDATED)
"""What must set a record's bit in the status list; a term that ran out may, as everybody sees it in the record."""


def check_studio(
    studio: OpenStudio, acknowledged: Sequence[tuple[str, str]] = (), report: Report = silent
) -> tuple[CheckReport, Changes]:
    """Tidy up after a crash, verify everything, and look for each acknowledged (id, sha256): none may be lost."""
    keys = (studio.signer.public_ssh, *studio.secrets.previous_public_keys)
    changes = Changes.NONE
    with suppress(Malformed, ClockAhead):  # then nothing is written here at all, and what is wrong is named below
        _, changes = erase_expired(studio)
        _, more = carry_out(studio, proof=False)  # what a crash interrupted
        changes |= more

    def problems() -> Iterator[str]:
        if (older := studio.archive.older_than_known()) is not None:
            yield older.title
        signed: dict[str, list[PhotoMark]] = {}
        yield from _signature_problems(studio, keys, signed)
        yield from _lost(studio, acknowledged)
        yield from _status_problems(studio)
        yield from _photo_problems(studio, signed)
        yield from journal_faults(studio)

    found = studio.archive.check(report, keys, problems)
    copies = tuple(str(each.folder) for each in behind(studio))
    older = tuple(map(str, backups_of_before(studio)))
    loose = loose_places(studio.archive.folder.path, everything=True)
    newest = studio.archive.statuses.newest()
    nearly_full = newest if newest.nearly_full else None
    accepted = tuple(accepted_findings(studio))
    found = replace(found, accepted=accepted, old_key_copies=copies, old_backups=older)
    return replace(found, loose=loose, nearly_full=nearly_full), changes


def _signature_problems(studio: OpenStudio, keys: Sequence[str], signed: dict[str, list[PhotoMark]]) -> list[str]:
    """Every signed statement against the studio's keys and its subject's one-time key, and what was kept with it.

    How they name photos is put into ``signed``, photo by photo.
    """
    problems = []
    checks = CountedValidations(studio)
    for receipt, _ in studio.archive.consents.receipt_ids():
        try:
            file = studio.archive.consents.receipt(receipt)
            verify_sshsig(file.subject_public, file.statement, file.subject_signature, "safelight-receipt")
            for key in keys:
                try:
                    verify_sshsig(key, file.statement, file.studio_signature, "safelight-record")
                    break
                except SafelightError:
                    continue
            else:
                problems.append(f"Receipt {receipt}: none of the studio's keys signed this statement.")
            for mark in file.receipt.photos:
                signed.setdefault(mark.guid, []).append(mark)
            problems += [*exhibit_problems(studio, file), *checks.problems(file)]
        except SafelightError as error:
            problems.append(f"Receipt {receipt}: {error.title}")
    return problems


def _status_problems(studio: OpenStudio) -> Iterator[str]:
    """Where a list agencies are told to trust, or a person's state, says something else than the signed events."""
    revoked = studio.archive.statuses.revoked()
    signed, whose = set(), dict[StatusPosition, RecordId]()
    again = AskedAgain()
    for receipt, subject in studio.archive.consents.receipt_ids():
        signed.add(subject)
        try:
            records = studio.archive.consents.receipt(receipt).receipt.records
            events = studio.archive.consents.events_of(subject)
        except SafelightError:
            continue  # the archive's own check has named it
        ordered = sorted(events, key=lambda each: each.sequence)
        last = {each.record: each.kind for each in ordered}
        may_end = (*_ENDED, EventKind.EXPIRED)
        ended = {each.record: rfc3339(each.at) for each in reversed(ordered) if each.kind in may_end}
        for record in records:
            yield from again.faults(subject, record, last)
            kind, at = last.get(record.id), revoked.get(record.status_position)
            other = whose.setdefault(record.status_position, record.id)
            if other != record.id:
                yield f"Records {other} and {record.id} have one place in the status lists (table status)."
            if kind in _ENDED and at is None:
                yield f"Record {record.id} has ended, but the status list would not say so (table status)."
            elif kind not in (*may_end, None) and at is not None:
                yield f"Record {record.id} has not ended, but the status list would say so (table status)."
            elif at is not None and at != ended.get(record.id):
                yield f"Record {record.id} did not end when the status list would say it did (table status)."
    for line in studio.archive.subjects.names():
        if (line.state == SIGNED) is not (line.id in signed):
            yield f"The state of subject {line.id} is not what was signed (table subject)."


def _photo_problems(studio: OpenStudio, signed: dict[str, list[PhotoMark]]) -> Iterator[str]:
    """Photos that would not be recognised when they come in again, or are not what was noted and ``signed`` of them."""
    noted, by_content = replace(noted_of_photos(studio), signed=signed), studio.archive.photos.by_content()
    for session in studio.archive.sessions.ids():
        tags = studio.archive.photos.image_tags(session)
        try:
            for photo in studio.archive.photos.of_session(session):
                kept, image = tags.get(photo.guid), image_tag(studio.secrets, photo.image_hash_kind, photo.image_sha256)
                # Photos of before there were image tags have none; whoever notes the first sight notes the tag as well.
                other = kept != image if kept is not None else photo.first_seen_ms is not None
                if other or by_content.get(content_tag(studio.secrets, photo.sha256)) != photo.guid:
                    yield f"Photo {photo.guid} would not be recognised again (table photo)."
                yield from noted.faults(photo, studio)
        except SafelightError:
            continue  # the archive's own check has named it


def _lost(studio: OpenStudio, acknowledged: Sequence[tuple[str, str]]) -> list[str]:
    """The acknowledged things that are not there any more, by id and, for records, by the hash that was promised."""
    if not acknowledged:
        return []
    # People of a roster share one entry of the journal, which names the session; they are looked for by themselves.
    there: set[str] = set(studio.archive.subjects.ids())
    heads = {"-"}
    for entry in studio.archive.journal.entries():
        there.add(entry.reference)
        heads.add(entry.hash)
    receipts = {receipt for receipt, _ in studio.archive.consents.receipt_ids()}
    files = {id for id, _ in studio.archive.files.on_disk()}
    problems = []
    for id, promised in acknowledged:
        kept = _kept(studio, id, id in receipts)
        if id not in there and id not in files:
            problems.append(f"{id} was acknowledged and is not there.")
        elif kept is not None and promised not in (kept, *heads):
            problems.append(f"{id} is there but is not what was acknowledged.")
    return problems


def _kept(studio: OpenStudio, id: str, is_receipt: bool) -> str | None:
    """The hash an acknowledgement of this thing promised, where the thing itself has one."""
    try:
        if is_receipt:
            return sha256_hex(studio.archive.consents.receipt(ReceiptId(id)).statement)
        return studio.archive.photos.get(PhotoGuid(id)).sha256
    except SafelightError:
        return None  # no photo, or a row that does not open, which the check has named already


def back_up_studio(
    studio: OpenStudio, target: Path, report: Report = silent, i_know: bool = False
) -> tuple[int, Changes]:
    """A consistent copy in a new folder, while others go on writing; returns how many files it has.

    The keys are written beside it, in the one key copy of the place (:func:`key_copy.place_of`), which every erasure
    writes anew from now on; ``i_know``: also over keys of a newer state of this studio, which is lost. Follow it by
    :func:`read_back_backup`: only that says what lies on the disk.
    """
    place, id = place_of(target).resolve(), new_id()
    with suppress(CannotOpen, Malformed):
        id = read_key_copy(place, studio.identity.id).place
    # Noted before as well, so that the studio a backup is restored to knows of the place from the first one on.
    _note_place(studio, id, place)
    try:
        files = back_up(studio.archive, target, studio.now(), report, id, i_know)
    except BaseException:
        if not is_key_place(place, studio.identity.id, id):
            with studio.archive.transaction(studio.now_seen()) as writing:
                drop_key_place(studio, writing, place)
        raise
    _note_place(studio, id, place)
    return files, Changes.COPIES


def _note_place(studio: OpenStudio, id: str, place: Path) -> None:
    known = 0
    with suppress(CannotOpen, Malformed):
        known = len(read_key_copy(place, studio.identity.id).known.pairs)
    with studio.archive.transaction(studio.now_seen()) as writing:  # a backup is made whatever the clock shows
        note_key_place(studio, writing, id, place, known)


def read_back_backup(source: Path, report: Report = silent) -> bool:
    """Read a backup from the device and compare it with its list; :class:`Malformed` names what differs.

    False when all is right, but the system could not be made to forget what it remembered of writing it.
    """
    return read_back(source, report)


def rotate_master_key(path: Path, passphrase: str) -> None:
    """Replace the master key and re-wrap everything under it; killed at any point, the old or the new one opens."""
    studio, _ = read_identity(path)
    folder = StudioFolder(path)
    lock = FolderLock(folder.lock, alone=True)
    try:
        rotate_master(folder.master, passphrase, studio, lambda old, new: _rewrap(folder, studio, old, new))
    finally:
        lock.release()


def _rewrap(folder: StudioFolder, studio: StudioId, old: MasterKey, new: MasterKey) -> None:
    # ``new`` opens what the old key wrapped too, so running this again after a crash is harmless.
    save_secrets(folder.secrets, new, studio, load_studio_secrets(folder.secrets, new, studio))
    store = KeyStore(folder.key_store, studio, new)
    try:
        store.rewrap(old, new)
    finally:
        store.close()
