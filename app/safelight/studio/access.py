"""Hands a person everything that is held about them: a ZIP given to them in person, or a locked PDF that is sent."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from safelight.bundle.credentials import CredentialSigner
from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, SafelightError, WrongUsage
from safelight.domain.ids import PersonId, RequestId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.photo import Photo, shot_of
from safelight.domain.progress import Report, silent
from safelight.domain.reads import Door, Looked
from safelight.domain.record import SignatureKind
from safelight.domain.requests import RequestKind
from safelight.domain.seen import exchanged
from safelight.images.image_format import format_of
from safelight.keys.durable import TEMPORARY_PREFIX, device_failure, fsync_folder
from safelight.keys.passphrases import new_words
from safelight.receipt.locked import locked_pdf
from safelight.receipt.page_documents import render_document
from safelight.rights.access import MACHINE_READABLE, PAGE, access_cover, access_pages
from safelight.rights.access_data import access_data
from safelight.rights.held import AccessContent, HeldPhoto
from safelight.rights.page_html import page_html
from safelight.rights.plain_zip import write_zip
from safelight.storage.rows import ExhibitKind, KeptExhibit, SignedReceiptFile
from safelight.studio.access_content import Known, access_content, at_utc, known_of
from safelight.studio.deliveries import MOST_TRIES, personal_copy, struck_out_for
from safelight.studio.exhibits import read_exhibit
from safelight.studio.journal_kinds import ACCESS_GIVEN
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.originals import original_of
from safelight.studio.read_audit import note_reads, reader_at
from safelight.studio.receipts import receipt_pdf
from safelight.studio.requests import close_request, waiting_of

LARGEST_SENT = 100 * 1024 * 1024
"""Bytes of photos: a PDF is locked in memory, and hardly any mail takes more than a tenth of it."""
_ANSWERED = RequestKind.ACCESS, RequestKind.PORTABILITY
_NOTHING = "No file was written."


@dataclass(frozen=True, slots=True)
class Accessed:
    """The file that was written; ``words`` open it where it is sent (else none): they are told apart, never in it."""

    path: Path
    content: AccessContent
    words: tuple[str, ...]
    answered: tuple[RequestId, ...]


def give_access(
    studio: OpenStudio, person: Subject, destination: Path, by: PersonId, report: Report = silent,
    door: Door = Door.TERMINAL,
) -> tuple[Accessed, Changes]:  # fmt: skip
    """Write everything held about ``person`` and answer the requests for it that wait.

    ``F.zip`` is handed over in person. ``F.pdf`` is sent: locked with six words, and refused while a request waits
    whose sender did not show who they are. Photos of them alone are their originals as they came in; a photo with
    others on it is given as a marked copy, unless one of them struck it out; one of which it is not settled whom it
    shows is named and not given. The reading is noted in the transaction that enters the handing over: without it
    nothing gets its name.
    """
    sent = _is_sent(destination)
    if os.path.lexists(destination):
        raise WrongUsage(f"'{destination.name}' exists already.", "Nothing was written; choose another name.")
    if not destination.parent.is_dir():
        raise WrongUsage(f"There is no folder '{destination.parent}'.", "Nothing was written; make the folder first.")
    changes = Changes.NONE
    for file in known_of(studio, person).files:  # issued before anything is looked at, because that changes rows
        changes |= receipt_pdf(studio, file)[1]
    for _ in range(MOST_TRIES):
        done, more = _written(studio, person, destination, by, sent, report, door)
        if done is not None:
            return done, changes | more
    raise Refused("What is held about this person changed each time it was being written.", f"{_NOTHING} Try again.")


def _is_sent(destination: Path) -> bool:
    ending = destination.suffix.casefold()
    if ending not in (".zip", ".pdf"):
        raise WrongUsage("An access file is a .zip, handed over in person, or a .pdf that is sent.", _NOTHING)
    return ending == ".pdf"


def _written(
    studio: OpenStudio, person: Subject, destination: Path, by: PersonId, sent: bool, report: Report, door: Door
) -> tuple[Accessed | None, Changes]:
    """The file in its place; None, and nothing left behind, when what is held changed while it was written."""
    waiting = destination.with_name(f"{TEMPORARY_PREFIX}{destination.name}")
    before = studio.archive.changes()
    known = known_of(studio, person)
    if sent:
        _may_be_sent(studio, known)
    made = _File(studio, known, report)
    words = new_words() if sent else ()
    try:
        waiting.unlink(missing_ok=True)  # left by a power cut in the middle of the same: nobody was given it
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(waiting, flags, 0o600), "w+b") as out:
            if sent:
                inside = io.BytesIO()
                made.write(inside)
                name = f"{destination.stem}.zip"
                cover = render_document(access_cover(made.content, name))
                out.write(locked_pdf(cover, name, inside.getvalue(), words))
            else:
                made.write(out)
            out.flush()
            os.fsync(out.fileno())
        with studio.archive.transaction(studio.now()) as writing:
            if studio.archive.changes() != before:
                return None, Changes.NONE
            told = {"by": by, "file": made.content.id, "sent": sent, "photos": len(made.content.photos)}
            entry = studio.archive.journal.append(writing, ACCESS_GIVEN, person.id, canonical(told), person.id)
            note_reads(studio, writing, known.entries, Looked.ACCESS, reader_at(door))
            how = "sent as a locked file" if sent else "handed over in person"
            asked = tuple(each.id for one in known.entries for each in waiting_of(studio, one, *_ANSWERED))
            for each in asked:
                close_request(studio, writing, each, refused=False, reason=how, by=by)
        os.replace(waiting, destination)
        fsync_folder(destination.parent)
    except OSError as error:
        raise device_failure(error, destination) from error
    finally:
        with contextlib.suppress(OSError):
            waiting.unlink(missing_ok=True)
    studio.acknowledge(person.id, entry.hash)
    changes = Changes.SUBJECTS | Changes.JOURNAL | (Changes.REQUESTS if asked else Changes.NONE)
    return Accessed(destination, made.content, words, asked), changes


def _may_be_sent(studio: OpenStudio, known: Known) -> None:
    waiting = [each for one in known.entries for each in waiting_of(studio, one, *_ANSWERED)]
    if any(not each.identity for each in waiting):
        raise Refused(
            "Nobody has shown yet that this request is the person's own.",
            f"{_NOTHING} Note how they showed it, or hand the file over in person.",
        )
    size = sum(each.size for one in known.entries for each in studio.archive.photos.of_subject(one))
    if size > LARGEST_SENT:
        raise Refused(
            f"The photos are too large to be sent ({size >> 20} MiB).", f"{_NOTHING} Hand a .zip over in person."
        )


class _File:
    """The members of one access file, read one by one while they are written; the pages about them come last."""

    content: AccessContent

    def __init__(self, studio: OpenStudio, known: Known, report: Report) -> None:
        self._studio, self._known, self._report = studio, known, report
        self._at, self._id = at_utc(studio.now()), new_id()
        self._photos: list[HeldPhoto] = []
        self._files: dict[str, list[str]] = {}
        self._notices: list[str] = []

    def write(self, out: BinaryIO) -> None:
        """All of it."""
        write_zip(out, self._members(), self._at)

    def _members(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        yield from self._pictures()
        for file in self._known.files:
            yield from self._of_signing(file)
        for sha256 in dict.fromkeys(each.receipt.notice.sha256 for each in self._known.files):
            self._notices.append(f"notices/{sha256}.txt")
            yield self._notices[-1], (self._studio.archive.notices.text(sha256),)
        self.content = access_content(
            self._studio, self._id, self._at, self._known, self._photos, self._files, self._notices
        )
        named = {one for each in self._photos for one in each.files} | {*self._notices}
        named |= {one for each in self._files.values() for one in each} | {MACHINE_READABLE}
        yield MACHINE_READABLE, (access_data(self.content),)
        yield PAGE, (page_html(access_pages(self.content), named),)

    def _of_signing(self, file: SignedReceiptFile) -> Iterator[tuple[str, Iterable[bytes]]]:
        id = file.receipt.id
        mine = self._files.setdefault(id, [])
        parts = [(f"receipts/{id}.jsonld", file.document)]
        if file.pdf is not None:  # all were issued before anything was looked at
            parts.insert(0, (f"receipts/{id}.pdf", self._studio.archive.files.read_bytes(file.pdf)))
        for number, kept in enumerate(file.exhibits, 1):
            with contextlib.suppress(Refused):  # handwriting that was erased with the pictures
                parts.append((f"receipts/{id}-{number}-{_exhibit_name(kept)}", read_exhibit(self._studio, kept)))
        for name, data in parts:
            mine.append(name)
            yield name, (data,)

    def _pictures(self) -> Iterator[tuple[str, Iterable[bytes]]]:
        mine = {*self._known.entries}
        photos = {one.guid: one for each in mine for one in self._studio.archive.photos.of_subject(each)}
        ordered = sorted(photos.values(), key=lambda each: (each.session, each.name, each.guid))
        struck: dict[str, set[SubjectId]] = {}
        for photo in ordered:
            struck.setdefault(shot_of(photo), set()).update(photo.vetoed_by)
        signer = CredentialSigner(self._studio.documents)
        for number, photo in enumerate(ordered, 1):
            self._report(number - 1, len(ordered), photo.name)
            others = len({*photo.subjects} - mine)
            files, why = self._picture(number, photo, mine, struck[shot_of(photo)], signer)
            own = bool(mine & {*photo.vetoed_by})
            names = tuple(name for name, _ in files)
            self._photos.append(HeldPhoto(photo.guid, photo.name, photo.taken_at, others, names, why, own))
            yield from files
        self._report(len(ordered), len(ordered), "done")

    def _picture(
        self, number: int, photo: Photo, mine: set[SubjectId], struck: set[SubjectId], signer: CredentialSigner
    ) -> tuple[list[tuple[str, Iterable[bytes]]], str]:
        """The files of one photo, and the key of why it is not given, or not as it came in."""
        if photo.flagged or any(exchanged(photo, each.receipt.photos) for each in self._known.files):
            return [], "unsettled"
        stem = f"photos/{number:04}-{photo.guid[:8]}"
        if {*photo.subjects} <= mine:
            with contextlib.suppress(SafelightError):
                ending = format_of(photo.media_type).extension
                return [(f"{stem}.{ending}", (original_of(self._studio, photo),))], ""
        elif struck_out_for(photo, struck, mine):
            return [], "withheld"
        made, media_type, why = personal_copy(self._studio, photo, signer)
        if made is None:
            return [], "damaged"
        name = f"{stem}.{format_of(media_type).extension}"
        parts: list[tuple[str, Iterable[bytes]]] = [(name, (bytes(each) for each in made.parts))]
        parts += [(f"{name}.{each.ending}", (each.data,)) for each in made.sidecars]
        return parts, "copy" if why else ""


def _exhibit_name(kept: KeptExhibit) -> str:
    if kept.what is ExhibitKind.PAGE:
        return "page.pdf"
    if kept.what is ExhibitKind.SCAN:
        return "scan"
    return f"{kept.what.value}.{'inkml' if kept.kind is SignatureKind.INK else 'txt'}"
