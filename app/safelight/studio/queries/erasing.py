"""What is known of a person before they are erased, and the plan that follows from it; nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from safelight.domain.consent import Status, fold
from safelight.domain.erasure import (
    CopiesHeld,
    Erasure,
    ErasureFacts,
    ErasurePlan,
    SignedOnce,
    end_of,
    plan_erasure,
)
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PhotoGuid, RecordId, SubjectId, may_begin_id
from safelight.domain.record import SignatureKind
from safelight.storage.rows import ExhibitKind, SignedReceiptFile
from safelight.studio.consent_snapshots import histories_of, signed_limits
from safelight.studio.key_places import key_places
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import same_people


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """An erasure that was asked for; ``holds`` are the ids of those it waits for."""

    erasure: Erasure
    holds: tuple[str, ...]


def erasure_plan(studio: OpenStudio, person: SubjectId) -> ErasurePlan:
    """What erasing ``person`` today would do; :class:`Refused` when everything of theirs is gone already."""
    studio.archive.rely_on((person,), ("erasure",))
    return plan_erasure(facts_of(studio, person), studio.today())


def facts_of(studio: OpenStudio, person: SubjectId) -> ErasureFacts:
    """Everything the decision rests on, as it is now."""
    archive = studio.archive
    files = archive.consents.receipts_of(person)
    photos = tuple((each.guid, each.subjects) for each in archive.photos.of_subject(person))
    owned = archive.files.owned_by(person)
    exhibits = [each for file in files for each in file.exhibits]
    signed, yeses = _signed(studio, person, files)
    return ErasureFacts(
        person=person,
        photos=photos,
        ink=sum(file.receipt.signing.kind is SignatureKind.INK and not file.evidence_erased for file in files),
        handwriting=sum(each.purpose == "portrait" and each.kind == "other" for each in owned),
        receipts=len(files),
        scans=sum(each.what is ExhibitKind.SCAN for each in exhibits),
        yeses=yeses,
        signed=signed,
        recipients=_recipients(studio, [guid for guid, _ in photos], files),
        linked=same_people(studio, person),
        holds=archive.holds.of([person]),
        others_holds=archive.holds.of(archive.photos.beside([person])),
        key_places=tuple(str(each.folder) for each in key_places(studio)),
        waiting=archive.erasures.of(person),
    )


def _signed(
    studio: OpenStudio, person: SubjectId, files: Iterable[SignedReceiptFile]
) -> tuple[tuple[SignedOnce, ...], int]:
    """Each record with when it ends and how long it is argued about there, and how many yeses stand."""
    receipts = [each.receipt for each in files]
    country = {record.id: each.country for each in receipts for record in each.records}
    histories = histories_of(studio.archive.consents.events_of(person), signed_limits(receipts))
    places, signed, yeses = studio.rules.jurisdictions, [], 0
    for record, events in histories.items():
        state = fold(events)
        yeses += state.status is Status.GIVEN
        ((said, ended),) = end_of([state], studio.today())
        signed.append(SignedOnce(said, ended, places.of(country[record]).limitation_years))
    return tuple(signed), yeses


def _recipients(
    studio: OpenStudio, photos: Iterable[PhotoGuid], files: Iterable[SignedReceiptFile]
) -> tuple[CopiesHeld, ...]:
    archive, mine = studio.archive, set(photos)
    records: set[RecordId] = {record.id for each in files for record in each.receipt.records}
    bundles = {each.bundle: each for each in archive.disclosures.of_records(sorted(records))}
    bundles |= {each.bundle: each for each in archive.disclosures.of_photos(sorted(mine))}
    held: dict[str, set[PhotoGuid]] = {}
    for made in bundles.values():
        theirs = {each.guid for each in made.photos if each.guid in mine or records & set(each.records)}
        if not theirs and records & set(made.records):  # of before records were kept by photo
            theirs = {each.guid for each in made.photos if not each.records}
        if theirs:
            held.setdefault(made.recipient, set()).update(theirs)
    names = {each.recipient.id: each.recipient.name for each in archive.recipients.list()}
    return tuple(CopiesHeld(each, names.get(each, ""), len(held[each])) for each in names if each in held)


def erasure_rows(studio: OpenStudio) -> tuple[ErasureRow, ...]:
    """Every erasure that was asked for, in order, with the holds that those which are not whole wait for."""
    rows = []
    for each in studio.archive.erasures.list():
        holds: tuple[str, ...] = ()
        if each.evidence_at is None:
            beside = studio.archive.photos.beside([each.person]) if each.portrait_at is None else ()
            standing = studio.archive.holds.of([each.person, *beside])
            holds = tuple(one.id for one in standing if one.standing)
        rows.append(ErasureRow(each, holds))
    return tuple(rows)


def find_erasure(studio: OpenStudio, wanted: str) -> Erasure:
    """The erasure with this id, or of the person with this id (or their beginning); :class:`WrongUsage` otherwise."""
    found = [each for each in studio.archive.erasures.list() if wanted in (each.id, each.person) or
             may_begin_id(wanted) and (each.id.startswith(wanted) or each.person.startswith(wanted))]  # fmt: skip
    if len(found) != 1:
        raise WrongUsage(f"'{wanted[:60]}' does not name one erasure.", "Nothing was changed. Look up the right id.")
    return found[0]
