"""Hands pictures on: packs what may leave for one recipient, and says by name who stays and why."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from safelight.bundle.originals import Pack
from safelight.bundle.originals import pack_here as pack_here
from safelight.bundle.packing_process import PackingProcess as PackingProcess
from safelight.bundle.plan import WrittenBundle
from safelight.bundle.writer import ENCRYPTING as ENCRYPTING
from safelight.domain.changes import Changes
from safelight.domain.clearance import Clearance
from safelight.domain.errors import Cancelled, DeviceFailure, Refused, SafelightError, WrongUsage
from safelight.domain.ids import PhotoGuid, Sha256
from safelight.domain.progress import Report, silent
from safelight.domain.reads import Looked
from safelight.domain.session import Session
from safelight.keys.durable import TEMPORARY_PREFIX, device_failure, fsync_folder
from safelight.storage.rows import DisclosedPhoto, Disclosure, RecipientRow
from safelight.studio.deciding import Decided, check_request, decide, rely_on_answers
from safelight.studio.journal_kinds import BUNDLE_EXPORTED
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import ClearedPhoto, ExportRequest, member_path
from safelight.studio.read_audit import note_reads, reader_at
from safelight.studio.staying import Staying, words_for
from safelight.studio.writable import write_what_can_be
from safelight.studio.wrong_person import tell_of_new_bundle

MOST_TRIES = 4
"""So often a bundle is packed while answers change under it; then somebody must wait for a quiet moment."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would do: the photos that may leave, and each photo and use that keeps one back, with the why.

    ``staying`` says the same of ``held`` by name: one row a photo, with every person and use that keeps it back.
    """

    cleared: tuple[PhotoGuid, ...]
    held: tuple[Clearance, ...]
    staying: tuple[Staying, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle that was written, and what was left out of it."""

    bundle: WrittenBundle
    preview: Preview


class NothingLeaves(Refused):
    """Every photo stays; ``preview`` says by name why."""

    def __init__(self, title: str, preview: Preview) -> None:
        super().__init__(title, "No bundle was written.")
        self.preview = preview


def preview_export(
    studio: OpenStudio, session: Session, request: ExportRequest, report: Report = silent
) -> Preview:
    """Decide for every photo of the session; nothing is written and nothing leaves."""
    check_request(studio, request)
    return _preview(decide(studio, session, request, report))


def export_bundle(
    studio: OpenStudio,
    session: Session,
    request: ExportRequest,
    destination: Path,
    report: Report = silent,
    pack: Pack = pack_here,
) -> tuple[Exported, Changes]:
    """Write the bundle for ``request`` at ``destination`` and enter it in the ledger of disclosures.

    A photo leaves only when every use asked for is allowed to this recipient, there, today, by everybody on it, and
    that is so when the ledger row is written, not only when packing began: whatever was changed in between is looked
    at inside the transaction that writes the row, and if a packed photo may not leave any more, the file is thrown
    away and everything is decided and packed again, :data:`MOST_TRIES` times.

    The file is finished under a name of no meaning, then the ledger row is made durable, then the file gets its name:
    a power cut may leave a row about a bundle that never left, never a bundle nobody could be told to remove. Raises
    :class:`NothingLeaves`, or :class:`Refused` when answers went on changing.

    ``pack`` makes the file: in this process when left out, in one of its own where somebody works at a window
    meanwhile. What is decided, the keys that sign, the ledger and the journal stay in this process.
    """
    check_request(studio, request)
    if request.records_only:
        pack = pack_here  # there is no picture to make ready
    if request.recipient.keyless:
        raise WrongUsage(
            f"{request.recipient.name} was added without a card, so nothing can be encrypted to it.",
            "No bundle was written. An export needs its card: ask them for one, then 'recipient add CARD'.",
        )
    if destination.exists():
        raise WrongUsage(f"'{destination.name}' exists already.", "Nothing was written; choose another name.")
    if not destination.parent.is_dir():
        raise WrongUsage(f"There is no folder '{destination.parent}'.", "Nothing was written; make the folder first.")
    known = studio.archive.recipients.get(request.recipient.id)
    everything = Changes.NONE
    for _ in range(MOST_TRIES):
        decided = decide(studio, session, request)
        if not decided.cleared:
            raise _nothing(request, decided)
        if studio.archive.recipients.get(request.recipient.id) != known:
            raise Refused(
                f"What is known of {request.recipient.name} was changed while the bundle was packed.",
                "No bundle was written. Look at the recipient, then export again.",
            )
        try:
            done, changes = _written(studio, session, request, decided, known, destination, report, pack)
            everything |= changes
        except (NothingLeaves, DeviceFailure, Cancelled):
            raise
        except SafelightError:
            if studio.archive.changes() == decided.changes:
                raise
            continue  # what was being packed was erased or given to somebody else meanwhile
        if done is not None:
            studio.acknowledge(done.bundle.manifest.id, done.bundle.sha256)
            return done, everything
    raise Refused(
        f"Answers changed each of the {MOST_TRIES} times while the bundle was packed.",
        "No bundle was written. Export again when nobody is signing.",
    )


def _written(
    studio: OpenStudio,
    session: Session,
    request: ExportRequest,
    decided: Decided,
    known: RecipientRow,
    destination: Path,
    report: Report,
    pack: Pack,
) -> tuple[Exported | None, Changes]:
    """The bundle of what was decided, listed and in its place; None, and no file, when that is out of date."""
    waiting = destination.with_name(f"{TEMPORARY_PREFIX}{destination.name}")
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        sequence = studio.archive.disclosures.next_sequence(writing, request.recipient.id)
    try:
        packed, changes = write_what_can_be(
            studio, session, decided.cleared, request, sequence, now, waiting, report, pack
        )
        if packed.failed and studio.archive.changes() != decided.changes:
            # Perhaps not the file's fault: what was being packed was erased or given to somebody else.
            return None, changes
        decided = decided.without(studio, packed.failed)
        if packed.bundle is None:
            raise _nothing(request, decided)
        written = packed.bundle
        with studio.archive.transaction(now) as writing:
            listed = _holds_still(studio, session, request, decided, known) and (
                studio.archive.disclosures.next_sequence(writing, request.recipient.id) == sequence
            )
            if listed:
                people = (one for each in decided.cleared for one in each.photo.subjects)
                note_reads(studio, writing, people, Looked.EXPORT, reader_at(request.door))
                studio.archive.disclosures.add(writing, _disclosure(studio, written, decided.cleared, request, now))
                left = [each.photo.guid for each in decided.cleared]
                tell_of_new_bundle(studio, writing, request.recipient.id, left)
                studio.archive.journal.append(writing, BUNDLE_EXPORTED, written.manifest.id, written.sha256.encode())
        if listed:
            os.replace(waiting, destination)
            fsync_folder(destination.parent)
    except OSError as error:
        raise device_failure(error, destination) from error
    finally:
        with contextlib.suppress(OSError):
            waiting.unlink(missing_ok=True)
    if not listed:
        return None, changes
    done = Exported(replace(written, path=destination), _preview(decided))
    return done, changes | Changes.BUNDLES | Changes.JOURNAL


def _holds_still(
    studio: OpenStudio, session: Session, request: ExportRequest, decided: Decided, known: RecipientRow
) -> bool:
    """Whether what was packed may still leave; inside the transaction, so that nothing can be written after this look.

    Most of what moves the counter is about somebody else, so the decision is made again rather than given up.
    """
    rely_on_answers(studio, session.id, decided.people)
    studio.archive.rely_on(own=("disclosure",))  # a bundle that is not listed any more leaves its number to this one
    if studio.archive.changes() == decided.changes:
        return True
    return studio.archive.recipients.get(request.recipient.id) == known and decide(studio, session, request).still_says(
        decided
    )


def _nothing(request: ExportRequest, decided: Decided) -> NothingLeaves:
    why = ", ".join(sorted({words_for(each) for each in decided.held})) or "the session has no photos"
    return NothingLeaves(f"Nothing may leave for {request.recipient.name}: {why}.", _preview(decided))


def _preview(decided: Decided) -> Preview:
    return Preview(tuple(each.photo.guid for each in decided.cleared), decided.held, decided.staying)


def _disclosure(
    studio: OpenStudio, written: WrittenBundle, cleared: Sequence[ClearedPhoto], request: ExportRequest, now: datetime
) -> Disclosure:
    members: dict[str, Sha256] = {each.path: each.sha256 for each in written.manifest.members}
    if request.records_only:  # what they have is the file they were delivered last
        for made in studio.archive.disclosures.list(request.recipient.id):
            members |= {each.guid: each.member_sha256 for each in made.photos}
    return Disclosure(
        bundle=written.manifest.id,
        recipient=request.recipient.id,
        sequence=written.manifest.sequence,
        at=now,
        uses=written.manifest.uses,
        territory=request.place,
        photos=tuple(
            DisclosedPhoto(
                each.photo.guid,
                each.photo.image_sha256,
                members[each.photo.guid if request.records_only else member_path(each.photo)],
                each.records,
                each.photo.image_hash_kind,
            )
            for each in cleared
        ),
        records=tuple(dict.fromkeys(one for each in cleared for one in each.records)),
        file_sha256=written.sha256,
        extra={"records_only": "yes"} if request.records_only else {},
        transfer=cleared[0].clearances[0].transfer,
    )
