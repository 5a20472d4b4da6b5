"""Hands pictures on: decides photo by photo, says who is out and why, and packs what may leave for one recipient."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from safelight.bundle.credentials import CredentialSigner
from safelight.bundle.plan import BundlePlan, PhotoSource, SmallMember, WrittenBundle
from safelight.bundle.prepare import PreparedPhoto, prepare_photo
from safelight.bundle.writer import write_bundle
from safelight.domain.changes import Changes
from safelight.domain.clearance import Candidate, Clearance, clear_all
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import BundleId, Country, PhotoGuid, ReceiptId, RecordId, ScopeId, SubjectId
from safelight.domain.journal import GENESIS
from safelight.domain.jurisdiction import Cover
from safelight.domain.people import Recipient, age_on
from safelight.domain.photo import Photo
from safelight.domain.progress import Report, silent
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import in_language
from safelight.domain.session import Session
from safelight.domain.term import Territory, TerritoryKind
from safelight.formats.credentials import manifest_definition
from safelight.formats.manifest import (
    Manifest,
    ManifestPhoto,
    ManifestRecipient,
    ManifestStudio,
    MemberRole,
    recipient_fingerprint,
)
from safelight.formats.policy import policy_bytes, policy_document
from safelight.formats.record import disclose, document_bytes
from safelight.formats.rights_marks import Allowed, RightsMarks, marks_for
from safelight.formats.status import status_list, status_list_bytes
from safelight.keys.secrets import pseudonym
from safelight.keys.signing import ssh_fingerprint
from safelight.storage.rows import DisclosedPhoto, Disclosure, SignedReceiptFile
from safelight.studio.holdings import Standing, standing_of
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.receipts import issue_receipt

STATUS_DAYS = 30
"""So long an agency may rely on the status list of a bundle; after that it must ask for a fresh one."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What an export is asked for. ``place`` is where the recipient will use the pictures."""

    recipient: Recipient
    cover: Cover | None
    uses: tuple[ScopeId, ...]
    place: Country
    names: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What an export would do: the photos that may leave, and each photo and use that keeps one back, with the why."""

    cleared: tuple[PhotoGuid, ...]
    held: tuple[Clearance, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A bundle that was written, and what was left out of it."""

    bundle: WrittenBundle
    preview: Preview


@dataclass(frozen=True, slots=True)
class _Going:
    """One photo that leaves, with everybody on it and the records it leaves under."""

    photo: Photo
    people: tuple[Standing, ...]
    records: tuple[RecordId, ...]
    last_day: date

    @property
    def receipts(self) -> tuple[SignedReceiptFile, ...]:
        """The signed receipts the records stand in, each once."""
        files = [who.receipt_of(each) for who in self.people for each in self.records if _holds(who, each)]
        return tuple({each.receipt.id: each for each in files}.values())


def preview_export(studio: OpenStudio, session: Session, wish: Wish) -> Preview:
    """Decide for every photo of the session; nothing is written and nothing leaves."""
    _check_wish(studio, wish)
    going, held = _decide(studio, session, wish)
    return Preview(tuple(each.photo.guid for each in going), held)


def export_bundle(
    studio: OpenStudio, session: Session, wish: Wish, destination: Path, report: Report = silent
) -> tuple[Exported, Changes]:
    """Write the bundle for ``wish`` at ``destination`` and enter it in the ledger of disclosures.

    A photo leaves only when every use asked for is allowed to this recipient, there, today, by everybody on it. The
    ledger row is durable before the file appears under its name would be a lie the other way round: the file is
    finished first, then the row, and only then the acknowledgement; an unlisted file is removed on failure. Raises
    :class:`Refused` when nothing may leave.
    """
    _check_wish(studio, wish)
    if destination.exists():
        raise WrongUsage(f"'{destination.name}' exists already.", "Nothing was written; choose another name.")
    going, held = _decide(studio, session, wish)
    preview = Preview(tuple(each.photo.guid for each in going), held)
    if not going:
        why = ", ".join(sorted({each.why for each in held})) or "the session has no photos"
        raise Refused(f"Nothing may leave for {wish.recipient.name}: {why}.", "No bundle was written.")
    now = studio.now()
    with studio.archive.transaction(now) as writing:
        sequence = studio.archive.disclosures.next_sequence(writing, wish.recipient.id)
    plan = _plan(studio, session, going, wish, sequence, now)
    written = write_bundle(plan, destination, recipients=(wish.recipient.id,), signer=studio.signer, report=report)
    try:
        with studio.archive.transaction(now) as writing:
            studio.archive.disclosures.add(writing, _disclosure(written, going, wish, now))
            studio.archive.journal.append(writing, "bundle-exported", written.manifest.id, written.sha256.encode())
    except BaseException:
        # A bundle the ledger does not know must not exist: nobody could ever be told to remove it.
        destination.unlink(missing_ok=True)
        raise
    studio.acknowledge(written.manifest.id, written.sha256)
    return Exported(written, preview), Changes.BUNDLES | Changes.JOURNAL


def _check_wish(studio: OpenStudio, wish: Wish) -> None:
    exportable = [each.id for each in studio.rules.catalogue.exportable()]
    for use in wish.uses:
        if studio.rules.catalogue.scope(use).id not in exportable:
            raise WrongUsage(f"'{use}' stays inside the studio; pictures are not handed on for it.")
    if not wish.uses:
        raise WrongUsage("An export needs at least one use.", "Known uses: " + ", ".join(exportable) + ".")


def _decide(studio: OpenStudio, session: Session, wish: Wish) -> tuple[tuple[_Going, ...], tuple[Clearance, ...]]:
    standings: dict[SubjectId, Standing] = {}
    going: list[_Going] = []
    held: list[Clearance] = []
    today = studio.today()
    for photo in studio.archive.photos.of_session(session.id):
        people = tuple(
            standings.setdefault(each, standing_of(studio, each)) if each not in standings else standings[each]
            for each in photo.subjects
        )
        results = clear_all(
            (_candidate(studio, photo, people),),
            wish.uses,
            wish.recipient,
            wish.place,
            today,
            studio.identity.country,
            studio.rules.catalogue,
            studio.rules.adequacy,
            wish.cover,
        )
        if all(each.cleared for each in results):
            records = tuple(dict.fromkeys(one for each in results for one in each.decision.records))
            last_day = min(each.decision.expires for each in results if each.decision.expires)
            going.append(_Going(photo, people, records, last_day))
        else:
            held += [each for each in results if not each.cleared]
    return tuple(going), tuple(held)


def _candidate(studio: OpenStudio, photo: Photo, people: Sequence[Standing]) -> Candidate:
    return Candidate(
        photo.guid,
        tuple(each.holding for each in people),
        tuple(studio.archive.validations.of(each.latest.id) if each.latest else None for each in people),
        tuple(each.cross_border for each in people),
    )


def _holds(who: Standing, record: RecordId) -> bool:
    return any(one.id == record for file in who.receipts for one in file.receipt.records)


def _plan(
    studio: OpenStudio, session: Session, going: Sequence[_Going], wish: Wish, sequence: int, now: datetime
) -> BundlePlan:
    catalogue = studio.rules.catalogue
    files: dict[ReceiptId, SignedReceiptFile] = {}
    for each in going:
        files |= {one.receipt.id: one for one in each.receipts}
    policies = {each.photo.guid: _policy(studio, each, wish) for each in going}
    head = studio.archive.journal.head()
    manifest = Manifest(
        id=BundleId(new_id()),
        sequence=sequence,
        created_at=now,
        studio=ManifestStudio(
            studio.identity.id,
            studio.identity.name,
            studio.identity.country,
            studio.identity.contact,
            studio.signer.public_ssh,
            ssh_fingerprint(studio.signer.public_ssh),
            studio.secrets.previous_public_keys,
        ),
        recipient=ManifestRecipient(
            wish.recipient.id, recipient_fingerprint(wish.recipient.id), wish.recipient.name, wish.recipient.country
        ),
        uses=tuple(each for each in catalogue.asked_ids() if each in wish.uses),
        territory=Territory(TerritoryKind.COUNTRY, frozenset({wish.place})),
        names_included=wish.names,
        journal_head=head.hash if head else GENESIS,
        rules=studio.rules.version,
        photos=tuple(_manifest_photo(studio, each, wish) for each in going),
    )
    return BundlePlan(
        manifest,
        tuple(_small(studio, files, policies, wish, now)),
        _sources(studio, session, going, policies, wish, now),
    )


def _path(photo: Photo) -> str:
    return f"photos/{photo.guid}{Path(photo.name).suffix.lower() or '.bin'}"


def _manifest_photo(studio: OpenStudio, going: _Going, wish: Wish) -> ManifestPhoto:
    photo = going.photo
    return ManifestPhoto(
        guid=photo.guid,
        path=_path(photo),
        media_type=photo.media_type,
        image_hash_kind=photo.image_hash_kind,
        image_sha256=photo.image_sha256,
        subjects=tuple(SubjectId(pseudonym(studio.secrets, wish.recipient.id, each)) for each in photo.subjects),
        receipts=tuple(each.receipt.id for each in going.receipts),
        records=going.records,
        policy=f"policies/{photo.guid}.jsonld",
    )


def _disclosed(receipt: ConsentReceipt, records: Sequence[RecordId]) -> tuple[ScopeId, ...]:
    return tuple(each.scope for each in receipt.records if each.id in records)


def _small(
    studio: OpenStudio,
    files: Mapping[ReceiptId, SignedReceiptFile],
    policies: Mapping[PhotoGuid, bytes],
    wish: Wish,
    now: datetime,
) -> Iterator[SmallMember]:
    """The members before the photos: what an agency reads to answer questions without decrypting one picture."""
    status = status_list_bytes(
        status_list(studio.archive.statuses.set_bits(), studio.identity.id, now, now + timedelta(days=STATUS_DAYS))
    )
    yield SmallMember("status/list.json", MemberRole.STATUS, "application/vc", status)
    signed = studio.signer.sign(status, "safelight-status").encode()
    yield SmallMember("status/list.json.sig", MemberRole.STATUS_SIGNATURE, "application/x-ssh-signature", signed)
    for notice in sorted({each.receipt.notice.sha256 for each in files.values()}):
        text = studio.archive.notices.text(notice)
        yield SmallMember(f"notices/{notice}.txt", MemberRole.NOTICE, "text/plain", text)
    for file in files.values():
        yield from _record_members(studio, file, wish)
    for guid, policy in policies.items():
        yield SmallMember(f"policies/{guid}.jsonld", MemberRole.POLICY, "application/ld+json", policy)


def _record_members(studio: OpenStudio, file: SignedReceiptFile, wish: Wish) -> Iterator[SmallMember]:
    receipt = file.receipt
    shown = document_bytes(disclose(json.loads(file.document), wish.uses))
    base = f"records/{receipt.id}.jsonld"
    yield SmallMember(base, MemberRole.RECORD, "application/ld+json", shown)
    signed = studio.signer.sign(shown, "safelight-record").encode()
    yield SmallMember(f"{base}.sig", MemberRole.RECORD_SIGNATURE, "application/x-ssh-signature", signed)
    if wish.names and receipt.modifiers.credit_name:
        # The PDF carries the name and every answer; it goes along only where the person said the name may be shown.
        pdf, _ = issue_receipt(studio, file.subject)
        yield SmallMember(f"receipts/{receipt.id}.pdf", MemberRole.RECEIPT, "application/pdf", pdf)


def _policy(studio: OpenStudio, going: _Going, wish: Wish) -> bytes:
    receipts = [each.receipt for each in going.receipts]
    uses = [each for each in studio.rules.catalogue.asked_ids() if each in wish.uses]
    return policy_bytes(policy_document(going.photo.guid, receipts, uses, wish.recipient, studio.rules.catalogue))


def _marks(
    studio: OpenStudio, session: Session, going: _Going, wish: Wish, policy: bytes, now: datetime
) -> RightsMarks:
    catalogue = studio.rules.catalogue
    people = [studio.archive.subjects.get(each) for each in going.photo.subjects]
    named = wish.names and all(who.latest and who.latest.modifiers.credit_name for who in going.people)
    taken = (going.photo.taken_at or now).date()
    photographer = next((each.name for each in studio.archive.staff.list() if each.id == session.photographer), "")
    return marks_for(
        going.photo.guid,
        studio.identity,
        Allowed(
            uses=frozenset(wish.uses),
            titles=tuple(in_language(catalogue.scope(each).title, "en") for each in wish.uses),
            place=wish.place,
            last_day=going.last_day,
            recipient=wish.recipient.name,
        ),
        photographer=photographer,
        subjects=tuple(pseudonym(studio.secrets, wish.recipient.id, each) for each in going.photo.subjects),
        receipts=tuple(each.receipt.id for each in going.receipts),
        ages=tuple(age_on(each.born, taken) if each.born else None for each in people),
        person_names=tuple(each.name for each in people) if named else (),
        policy=policy,
        year=taken.year,
    )


def _sources(
    studio: OpenStudio,
    session: Session,
    going: Sequence[_Going],
    policies: Mapping[PhotoGuid, bytes],
    wish: Wish,
    now: datetime,
) -> Iterator[PhotoSource]:
    signer = CredentialSigner(studio.documents)
    for each in going:
        marks = _marks(studio, session, each, wish, policies[each.photo.guid], now)
        prepare = partial(_prepare, studio, each.photo, marks, signer)
        yield PhotoSource(each.photo.guid, _path(each.photo), each.photo.media_type, each.photo.size, prepare)


def _prepare(studio: OpenStudio, photo: Photo, marks: RightsMarks, signer: CredentialSigner) -> PreparedPhoto:
    """The photo as it leaves: opened in memory, cleaned, marked and signed; called by the writer's threads."""
    original = studio.archive.files.read_bytes(studio.archive.photos.original(photo.guid))
    definition = manifest_definition(marks, photo.media_type, _path(photo), version("safelight"))
    return prepare_photo(memoryview(original), photo.media_type, marks, definition, signer)


def _disclosure(written: WrittenBundle, going: Sequence[_Going], wish: Wish, now: datetime) -> Disclosure:
    members = {each.path: each.sha256 for each in written.manifest.members}
    return Disclosure(
        bundle=written.manifest.id,
        recipient=wish.recipient.id,
        sequence=written.manifest.sequence,
        at=now,
        uses=written.manifest.uses,
        territory=wish.place,
        photos=tuple(
            DisclosedPhoto(each.photo.guid, each.photo.image_sha256, members[_path(each.photo)]) for each in going
        ),
        records=tuple(dict.fromkeys(one for each in going for one in each.records)),
        file_sha256=written.sha256,
    )
