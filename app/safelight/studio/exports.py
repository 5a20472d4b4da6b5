"""Hands pictures on: decides photo by photo, says who is out and why, and packs what may leave for one recipient."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from safelight.bundle.plan import WrittenBundle
from safelight.domain.changes import Changes
from safelight.domain.clearance import Candidate, Clearance, Hold, Validation, clear
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PhotoGuid, ScopeId, SubjectId
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.domain.session import Session
from safelight.formats.cleaning import can_clean
from safelight.keys.durable import TEMPORARY_PREFIX, device_failure, fsync_folder
from safelight.storage.rows import DisclosedPhoto, Disclosure
from safelight.studio.holdings import Standing, standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.packing import Going, Wish, member_path
from safelight.studio.writable import why_unwritable, write_what_can_be


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would do: the photos that may leave, and each photo and use that keeps one back, with the why."""

    cleared: tuple[PhotoGuid, ...]
    held: tuple[Clearance, ...]
    names: Mapping[PhotoGuid, str] = field(default_factory=dict)
    """What those who took it call each photo of the session."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle that was written, and what was left out of it."""

    bundle: WrittenBundle
    preview: Preview


def preview_export(studio: OpenStudio, session: Session, wish: Wish) -> Preview:
    """Decide for every photo of the session; nothing is written and nothing leaves."""
    _check_wish(studio, wish)
    return _preview(studio, session, *_decide(studio, session, wish))


def export_bundle(
    studio: OpenStudio, session: Session, wish: Wish, destination: Path, report: Report = silent
) -> tuple[Exported, Changes]:
    """Write the bundle for ``wish`` at ``destination`` and enter it in the ledger of disclosures.

    A photo leaves only when every use asked for is allowed to this recipient, there, today, by everybody on it. The
    file is finished under a name of no meaning, then the ledger row is made durable, then the file gets its name: a
    power cut may leave a row about a bundle that never left, never a bundle nobody could be told to remove. Raises
    :class:`Refused` when nothing may leave.
    """
    _check_wish(studio, wish)
    if destination.exists():
        raise WrongUsage(f"'{destination.name}' exists already.", "Nothing was written; choose another name.")
    if not destination.parent.is_dir():
        raise WrongUsage(f"There is no folder '{destination.parent}'.", "Nothing was written; make the folder first.")
    going, held = _decide(studio, session, wish)
    if not going:
        raise _nothing(wish, held)
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        sequence = studio.archive.disclosures.next_sequence(writing, wish.recipient.id)
    waiting = destination.with_name(f"{TEMPORARY_PREFIX}{destination.name}")
    written, rest, failed = write_what_can_be(studio, session, going, wish, sequence, now, waiting, report)
    late = [each for gone in going for each in gone.clearances if each.photo in failed]
    going, held = rest, (*held, *(each.stays(Hold.UNWRITABLE, failed[each.photo]) for each in late))
    if written is None:
        raise _nothing(wish, held)
    try:
        with studio.archive.transaction(now) as writing:
            studio.archive.disclosures.add(writing, _disclosure(written, going, wish, now))
            studio.archive.journal.append(writing, "bundle-exported", written.manifest.id, written.sha256.encode())
        os.replace(waiting, destination)
    except BaseException as error:
        with contextlib.suppress(OSError):
            waiting.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise device_failure(error, destination) from error
        raise
    fsync_folder(destination.parent)
    written = replace(written, path=destination)
    studio.acknowledge(written.manifest.id, written.sha256)
    return Exported(written, _preview(studio, session, going, held)), Changes.BUNDLES | Changes.JOURNAL


def _preview(studio: OpenStudio, session: Session, going: Sequence[Going], held: tuple[Clearance, ...]) -> Preview:
    names = {each.guid: each.name for each in studio.archive.photos.of_session(session.id)}
    return Preview(tuple(each.photo.guid for each in going), held, names)


def _nothing(wish: Wish, held: Sequence[Clearance]) -> Refused:
    why = ", ".join(sorted({each.why for each in held})) or "the session has no photos"
    return Refused(f"Nothing may leave for {wish.recipient.name}: {why}.", "No bundle was written.")


def _check_wish(studio: OpenStudio, wish: Wish) -> None:
    exportable = [each.id for each in studio.rules.catalogue.exportable()]
    for use in wish.uses:
        if studio.rules.catalogue.scope(use).id not in exportable:
            raise WrongUsage(
                f"'{use}' stays inside the studio; pictures are not handed on for it.",
                "Nothing was written. Pictures can be handed on for: " + ", ".join(exportable) + ".",
            )
    if not wish.uses:
        raise WrongUsage("An export needs at least one use.", "Known uses: " + ", ".join(exportable) + ".")


def _decide(studio: OpenStudio, session: Session, wish: Wish) -> tuple[tuple[Going, ...], tuple[Clearance, ...]]:
    standings: dict[SubjectId, Standing] = {}
    going: list[Going] = []
    held: list[Clearance] = []
    for photo in studio.archive.photos.of_session(session.id):
        for each in photo.subjects:
            if each not in standings:
                standings[each] = standing_of(studio, each)
        people = tuple(standings[each] for each in photo.subjects)
        results = [_clear(studio, photo, people, use, wish) for use in wish.uses]
        fit = all(each.cleared for each in results)
        if fit and (why := why_unwritable(studio, photo)):
            held += [each.stays(Hold.UNWRITABLE, why) for each in results]
        elif fit:
            records = tuple(dict.fromkeys(one for each in results for one in each.decision.records))
            last_day = min(each.decision.expires for each in results if each.decision.expires)
            going.append(Going(photo, people, records, last_day, tuple(results)))
        else:
            held += [each for each in results if not each.cleared]
    return tuple(going), tuple(held)


def _clear(studio: OpenStudio, photo: Photo, people: Sequence[Standing], use: ScopeId, wish: Wish) -> Clearance:
    candidate = Candidate(
        photo.guid,
        tuple(each.on(photo) for each in people),
        tuple(_validation(studio, each, use) for each in people),
        tuple(each.agreed_countries(use) for each in people),
        () if wish.keep_metadata or can_clean(photo.media_type) else photo.removable,
    )
    return clear(
        candidate,
        use,
        wish.recipient,
        wish.place,
        studio.today(),
        studio.identity.country,
        studio.rules.catalogue,
        studio.rules.adequacy,
        wish.cover,
    )


def _validation(studio: OpenStudio, who: Standing, use: ScopeId) -> Validation | None:
    """The check of the very receipt the use rests on; a check of another receipt of the same person says nothing."""
    state = who.holding.states.get(use)
    return studio.archive.validations.of(who.receipt_of(state.record).receipt.id) if state else None


def _disclosure(written: WrittenBundle, going: Sequence[Going], wish: Wish, now: datetime) -> Disclosure:
    members = {each.path: each.sha256 for each in written.manifest.members}
    return Disclosure(
        bundle=written.manifest.id,
        recipient=wish.recipient.id,
        sequence=written.manifest.sequence,
        at=now,
        uses=written.manifest.uses,
        territory=wish.place,
        photos=tuple(
            DisclosedPhoto(each.photo.guid, each.photo.image_sha256, members[member_path(each.photo)]) for each in going
        ),
        records=tuple(dict.fromkeys(one for each in going for one in each.records)),
        file_sha256=written.sha256,
    )
