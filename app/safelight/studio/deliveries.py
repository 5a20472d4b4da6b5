"""Gives people their own pictures, whatever they allowed or refused: they are theirs to have (GDPR Art. 15)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from safelight.bundle.credentials import CredentialSigner
from safelight.bundle.prepare import PreparedPhoto, prepare_photo
from safelight.domain.changes import Changes
from safelight.domain.errors import Cancelled, DeviceFailure, Refused, SafelightError, WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.people import Subject
from safelight.domain.photo import Photo, shot_of
from safelight.domain.progress import Report, silent
from safelight.domain.seen import exchanged
from safelight.images.cleaning import can_clean
from safelight.images.credentials import manifest_definition
from safelight.images.image_format import format_of
from safelight.images.media_type import MediaType
from safelight.images.rights_marks import RightsMarks, personal_marks
from safelight.images.source_type import source_type
from safelight.keys.durable import TEMPORARY_PREFIX, DurableFile, device_failure, durable_write, fsync_folder
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.file_names import safe_name
from safelight.studio.open_studio import OpenStudio
from safelight.studio.originals import original_of
from safelight.studio.queries.ledger import DELIVERED
from safelight.studio.queries.people import same_people
from safelight.studio.receipts import receipt_pdf, staff_name

MOST_TRIES = 4


class GivenAs(StrEnum):
    """What a person gets of a photo."""

    WHOLE = "whole"
    COPY = "copy"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class GivenPhoto:
    """One photo of the person: the files it became (none when it was left out), and why not the whole of it."""

    photo: PhotoGuid
    name: str
    given: GivenAs
    files: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A folder with a person's pictures and receipts."""

    folder: Path
    photos: tuple[GivenPhoto, ...]
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What a person is to be given, as it was when it was looked up."""

    photos: tuple[Photo, ...]
    receipts: tuple[SignedReceiptFile, ...]
    kept: Mapping[str, str]
    """Shots that stay whoever asks, and why."""


def deliver(studio: OpenStudio, subject: Subject, folder: Path, report: Report = silent) -> tuple[Delivered, Changes]:
    """Write a new ``folder`` with everything the person is on and their receipts, also after a session was closed.

    Neither a refusal nor a withdrawal keeps anything from the person themself. A frame with others on it is given
    unless one of them, or the person, struck it out. What the photographer rejected or hid is not given, nor is what
    nobody settled yet: it may show somebody else. Every file is cleaned of place and serial numbers, and marked as
    a personal copy that allows nothing. What this program cannot clean, mark or open whole is given as a smaller
    JPEG, and what is left out is listed with the reason. Linked entries of the same person are looked at too.

    The files are written into a folder of no meaning beside it, the journal keeps that they were handed out, then the
    folder gets its name: a power cut leaves it whole or not at all. Raises :class:`WrongUsage` when there is
    something of that name, :class:`Refused` when there is nothing to give or it went on changing.
    """
    if os.path.lexists(folder):
        raise WrongUsage(f"'{folder.name}' exists already.", "Nothing was written; choose another name.")
    if not folder.parent.is_dir():
        raise WrongUsage(f"There is no folder '{folder.parent}'.", "Nothing was written; make the folder first.")
    everything = Changes.NONE
    for _ in range(MOST_TRIES):
        chosen = _choose(studio, subject.id)
        if not chosen.photos and not chosen.receipts:
            raise Refused(f"There is nothing of {subject.name} to give yet.", "No folder was written.")
        done, changes = _written(studio, subject, chosen, folder, report)
        everything |= changes
        if done is not None:
            return done, everything
    raise Refused("The photos changed each time they were being written.", "No folder was written; try again.")


def _choose(studio: OpenStudio, subject: SubjectId) -> _Chosen:
    studio.archive.rely_on((subject,))
    everybody = (subject, *same_people(studio, subject))
    photos = {one.guid: one for each in everybody for one in studio.archive.photos.of_subject(each)}
    receipts = tuple(one for each in everybody for one in studio.archive.consents.receipts_of(each))
    sessions = (studio.archive.subjects.line(each).session for each in everybody)
    studio.archive.rely_on((*everybody, *sessions, *(each.session for each in photos.values())), ("culling",))
    culled = studio.archive.culling.of_shots({shot_of(each) for each in photos.values()})
    kept = {shot_of(each): "it is not settled yet who is on it" for each in photos.values() if each.flagged}
    kept |= {
        shot_of(each): "another picture was signed about under its name"
        for each in photos.values()
        if any(exchanged(each, file.receipt.photos) for file in receipts)
    }
    kept |= {shot: "the photographer rejected it" for shot, each in culled.items() if each.rejected}
    kept |= {shot: "the photographer put it in the bin" for shot, each in culled.items() if each.hidden}
    return _Chosen(tuple(photos.values()), receipts, kept)


def _written(
    studio: OpenStudio, subject: Subject, chosen: _Chosen, folder: Path, report: Report
) -> tuple[Delivered | None, Changes]:
    """The folder in its place; None, and nothing left behind, when photos were changed while it was written."""
    waiting = folder.with_name(f"{TEMPORARY_PREFIX}{folder.name}")
    try:
        # A folder of this name was left by a power cut in the middle of the same delivery: nobody was given it.
        shutil.rmtree(waiting, ignore_errors=True)
        waiting.mkdir(0o700)
        done, changes = _fill(studio, subject, chosen, waiting, report)
        fsync_folder(waiting)
        with studio.archive.transaction(studio.now()) as writing:
            # Somebody may have struck a frame out, or been found not to be on it, since the photos were chosen.
            now = _choose(studio, subject.id)
            if (now.photos, now.kept) != (chosen.photos, chosen.kept):
                return None, changes
            given = [each.photo for each in done.photos if each.given is not GivenAs.NOTHING]
            payload = json.dumps({"photos": given, "receipts": len(done.receipts)}).encode()
            entry = studio.archive.journal.append(writing, DELIVERED, subject.id, payload, subject.id)
        waiting.rename(folder)
        fsync_folder(folder.parent)
    except OSError as error:
        raise device_failure(error, folder) from error
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(waiting, ignore_errors=True)
    studio.acknowledge(subject.id, entry.hash)
    return replace(done, folder=folder), changes | Changes.SUBJECTS | Changes.JOURNAL


def _fill(
    studio: OpenStudio, subject: Subject, chosen: _Chosen, folder: Path, report: Report
) -> tuple[Delivered, Changes]:
    signer = CredentialSigner(studio.documents)
    mine = {subject.id, *same_people(studio, subject.id)}
    taken: list[str] = []
    given = []
    struck: dict[str, set[SubjectId]] = {}
    for photo in chosen.photos:
        struck.setdefault(shot_of(photo), set()).update(photo.vetoed_by)
    for number, photo in enumerate(chosen.photos):
        report(number, len(chosen.photos), photo.name)
        why = chosen.kept.get(shot_of(photo)) or struck_out_for(photo, struck[shot_of(photo)], mine)
        if why:
            given.append(GivenPhoto(photo.guid, photo.name, GivenAs.NOTHING, (), why))
        else:
            given.append(_give(studio, photo, signer, folder, taken))
    receipts, changes = [], Changes.NONE
    for file in chosen.receipts:
        pdf, issued = receipt_pdf(studio, file)
        changes |= issued
        name = safe_name(f"receipt-{file.receipt.signing.day}", "pdf", taken)
        durable_write(folder / name, pdf)
        taken.append(name)
        receipts.append(name)
    report(len(chosen.photos), len(chosen.photos), "done")
    return Delivered(folder, tuple(given), tuple(receipts)), changes


def struck_out_for(photo: Photo, by: set[SubjectId], mine: set[SubjectId]) -> str:
    """Why what people said of the shot keeps it back; empty if it does not."""
    others = set(photo.subjects) - mine
    if by - mine or (by and others):
        return "somebody on it struck it out" if others else "somebody who was on it struck it out"
    return ""


def _give(
    studio: OpenStudio, photo: Photo, signer: CredentialSigner, folder: Path, taken: list[str]
) -> GivenPhoto:
    made, media_type, why = personal_copy(studio, photo, signer)
    if made is None:
        return GivenPhoto(photo.guid, photo.name, GivenAs.NOTHING, (), why)
    name = safe_name(photo.name, format_of(media_type).extension, taken)
    files = [(name, made.parts)]
    files += [(f"{name}.{each.ending}", (each.data,)) for each in made.sidecars]
    for each, parts in files:
        with DurableFile(folder / each) as file:
            for part in parts:
                file.write(bytes(part))
        taken.append(each)
    given = GivenAs.COPY if why else GivenAs.WHOLE
    return GivenPhoto(photo.guid, photo.name, given, tuple(each for each, _ in files), why)


def personal_copy(studio: OpenStudio, photo: Photo, signer: CredentialSigner) -> tuple[PreparedPhoto | None, str, str]:
    """The photo cleaned and marked, its media type, and why it is not the whole one; None if nothing can be given."""
    if not can_clean(photo.media_type) and photo.removable:
        why = f"its kind of file cannot be cleaned of {', '.join(photo.removable[:3])}"
    else:
        try:
            original = original_of(studio, photo)
            return _prepared(studio, photo, original, photo.media_type, signer), photo.media_type, ""
        except (Cancelled, DeviceFailure):
            raise
        except SafelightError as error:
            why = error.phrase
    try:
        small = studio.archive.photos.preview(photo.guid)
        return _prepared(studio, photo, small, MediaType.JPEG.value, signer), MediaType.JPEG.value, why
    except (Cancelled, DeviceFailure):
        raise
    except SafelightError:
        return None, "", why


def _prepared(
    studio: OpenStudio, photo: Photo, image: bytes, media_type: str, signer: CredentialSigner
) -> PreparedPhoto:
    marks = _marks(studio, photo, source_type(image, media_type, photo.said_made, photo.camera))
    title = f"{photo.guid}.{format_of(media_type).extension}"
    definition = manifest_definition(marks, media_type, title, version("safelight"))
    return prepare_photo(memoryview(image), media_type, marks, definition, signer)


def _marks(studio: OpenStudio, photo: Photo, made: str) -> RightsMarks:
    session = studio.archive.sessions.get(photo.session)
    taken = studio.place_time(photo.taken_at or studio.now(), session).day
    return personal_marks(
        photo.guid,
        studio.identity,
        photographer=staff_name(studio.archive.staff.list(), session.photographer),
        year=taken.year,
        source_type=made,
    )
