"""Packs what was cleared: manifest, records, policies and photos as one plan for the bundle's writer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from safelight.bundle.originals import Original, OriginalsPlan
from safelight.bundle.plan import SmallMember
from safelight.documents.manifest import (
    Manifest,
    ManifestPhoto,
    ManifestRecipient,
    ManifestStudio,
    MemberRole,
    recipient_fingerprint,
    status_path,
)
from safelight.documents.policy import policy_bytes, policy_document
from safelight.documents.record import disclose, document_bytes
from safelight.domain.changes import Changes
from safelight.domain.clearance import Clearance
from safelight.domain.document_type import DocumentType
from safelight.domain.errors import DeviceFailure, SafelightError
from safelight.domain.ids import BundleId, Country, PhotoGuid, ReceiptId, RecordId, ScopeId, SubjectId
from safelight.domain.journal import GENESIS
from safelight.domain.jurisdiction import Cover
from safelight.domain.people import Recipient, age_on
from safelight.domain.photo import Photo
from safelight.domain.reads import Door
from safelight.domain.record import FIRST_LIST
from safelight.domain.scope import Catalogue
from safelight.domain.session import Session
from safelight.domain.term import Territory, TerritoryKind
from safelight.images.image_format import format_of
from safelight.images.rights_marks import Allowed, RightsMarks, marks_for
from safelight.keys.secrets import pseudonym
from safelight.keys.signing import ssh_fingerprint
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.consent_snapshots import Standing
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.originals import sealed_original
from safelight.studio.receipts import receipt_pdf
from safelight.studio.resting import Resting
from safelight.studio.retired_uses import as_signed, reading_catalogue
from safelight.studio.status_lists import signed_lists


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What an export is asked for. ``place`` is where the recipient will use the pictures.

    ``keep_metadata`` lets place and serial numbers go along, as the recipient's profile may ask. ``door`` is where it
    was asked for, as the read audit says. ``records_only``: what they were delivered before is renewed, without the
    photos themselves.
    """

    recipient: Recipient
    cover: Cover | None
    uses: tuple[ScopeId, ...]
    place: Country
    names: bool = False
    keep_metadata: bool = False
    door: Door = Door.TERMINAL
    records_only: bool = False

    @property
    def keep(self) -> frozenset[str]:
        """What cleaning leaves in a file."""
        return frozenset({"location", "serials"}) if self.keep_metadata else frozenset()


@dataclass(frozen=True, slots=True)
class ClearedPhoto:
    """One photo that leaves, with everybody on it and the records it leaves under."""

    photo: Photo
    people: tuple[Standing, ...]
    records: tuple[RecordId, ...]
    last_day: date
    clearances: tuple[Clearance, ...] = ()

    @property
    def receipts(self) -> tuple[SignedReceiptFile, ...]:
        """The signed receipts the records stand in, each once."""
        files = [who.receipt_of(each) for who in self.people for each in self.records if _holds(who, each)]
        return tuple({each.receipt.id: each for each in files}.values())


def _holds(who: Standing, record: RecordId) -> bool:
    return any(one.id == record for file in who.receipts for one in file.receipt.records)


def bundle_plan(
    studio: OpenStudio,
    session: Session,
    cleared: Sequence[ClearedPhoto],
    request: ExportRequest,
    sequence: int,
    now: datetime,
) -> tuple[OriginalsPlan, Changes]:
    """Everything the writer needs for one bundle; the photos are opened one by one when their turn comes,
    perhaps in another process.

    A receipt that goes along is issued if it was not yet.
    """
    files: dict[ReceiptId, SignedReceiptFile] = {}
    for each in cleared:
        files |= {one.receipt.id: one for one in each.receipts}
    pdfs, changes = _receipt_pdfs(studio, files, request)
    catalogue = reading_catalogue(studio, *request.uses)
    policies = {each.photo.guid: _policy(catalogue, each, request) for each in cleared}
    head = studio.archive.journal.head()
    resting = Resting(studio, session.id, [each.photo.guid for each in cleared], files)
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
            request.recipient.id,
            recipient_fingerprint(request.recipient.id),
            request.recipient.name,
            request.recipient.country,
        ),
        uses=tuple(each for each in catalogue.known_ids() if each in request.uses),
        territory=Territory(TerritoryKind.COUNTRY, frozenset({request.place})),
        names_included=request.names,
        journal_head=head.hash if head else GENESIS,
        journal_entries=head.number if head else 0,
        rules=studio.rules.version,
        photos=tuple(_manifest_photo(studio, each, request, resting) for each in cleared),
        records_only=request.records_only or None,
    )
    plan = OriginalsPlan(
        manifest,
        tuple(_small(studio, cleared, files, pdfs, policies, request, now)),
        () if request.records_only else _originals(studio, session, cleared, policies, request, now),
    )
    return plan, changes


def _receipt_pdfs(
    studio: OpenStudio, files: Mapping[ReceiptId, SignedReceiptFile], request: ExportRequest
) -> tuple[dict[ReceiptId, bytes], Changes]:
    """The PDFs that go along: they carry the name and every answer, so only where the person said it may be shown."""
    pdfs, changes = {}, Changes.NONE
    for id, file in files.items():
        if request.names and file.receipt.modifiers.credit_name:
            pdfs[id], issued = receipt_pdf(studio, file)
            changes |= issued
    return pdfs, changes


def member_path(photo: Photo) -> str:
    """The name of a photo inside a bundle: its id and kind, never what the camera or a person called it."""
    return f"photos/{photo.guid}.{format_of(photo.media_type).extension}"


def _manifest_photo(
    studio: OpenStudio, cleared: ClearedPhoto, request: ExportRequest, resting: Resting
) -> ManifestPhoto:
    photo = cleared.photo
    return ManifestPhoto(
        guid=photo.guid,
        path=member_path(photo),
        media_type=photo.media_type,
        image_hash_kind=photo.image_hash_kind,
        image_sha256=photo.image_sha256,
        subjects=tuple(SubjectId(pseudonym(studio.secrets, request.recipient.id, each)) for each in photo.subjects),
        receipts=tuple(each.receipt.id for each in cleared.receipts),
        records=cleared.records,
        policy=f"policies/{photo.guid}.jsonld",
        seen=tuple(resting.seen(photo, each.receipt) for each in cleared.receipts),
    )


def _small(
    studio: OpenStudio,
    cleared: Sequence[ClearedPhoto],
    files: Mapping[ReceiptId, SignedReceiptFile],
    pdfs: Mapping[ReceiptId, bytes],
    policies: Mapping[PhotoGuid, bytes],
    request: ExportRequest,
    now: datetime,
) -> Iterator[SmallMember]:
    """The members before the photos: what an agency reads to answer questions without decrypting one picture."""
    for number, status in enumerate(signed_lists(studio, now), FIRST_LIST):
        path, signed = status_path(number), status.signature.encode()
        yield SmallMember(path, MemberRole.STATUS, DocumentType.STATUS_LIST.value, status.list)
        yield SmallMember(f"{path}.sig", MemberRole.STATUS_SIGNATURE, DocumentType.SSH_SIGNATURE.value, signed)
    for notice in sorted({each.receipt.notice.sha256 for each in files.values()}):
        text = studio.archive.notices.text(notice)
        yield SmallMember(f"notices/{notice}.txt", MemberRole.NOTICE, DocumentType.TEXT.value, text)
    records = {one for each in cleared for one in each.records}
    for file in files.values():
        yield from _record_members(file, records, request, pdfs.get(file.receipt.id))
    for guid, policy in policies.items():
        yield SmallMember(f"policies/{guid}.jsonld", MemberRole.POLICY, DocumentType.JSON_LD.value, policy)


def _record_members(
    file: SignedReceiptFile, records: Collection[RecordId], request: ExportRequest, pdf: bytes | None
) -> Iterator[SmallMember]:
    receipt = file.receipt
    # Only the records photos leave under: of one that a later receipt replaced, nobody outside needs to know.
    shown = document_bytes(disclose(json.loads(file.document), request.uses, records))
    base = f"records/{receipt.id}.jsonld"
    yield SmallMember(base, MemberRole.RECORD, DocumentType.JSON_LD.value, shown)
    signed = file.studio_signature.encode()
    yield SmallMember(f"{base}.sig", MemberRole.RECORD_SIGNATURE, DocumentType.SSH_SIGNATURE.value, signed)
    once = file.subject_signature.encode()
    yield SmallMember(f"{base}.subject.sig", MemberRole.SUBJECT_SIGNATURE, DocumentType.SSH_SIGNATURE.value, once)
    if pdf is not None:
        yield SmallMember(f"receipts/{receipt.id}.pdf", MemberRole.RECEIPT, DocumentType.PDF.value, pdf)


def _policy(catalogue: Catalogue, cleared: ClearedPhoto, request: ExportRequest) -> bytes:
    receipts = [each.receipt for each in cleared.receipts]
    uses = [each for each in catalogue.known_ids() if each in request.uses]
    # What may be done for a use is what the people on the photo were told it is, whatever it has become since.
    catalogue = as_signed(catalogue, cleared.receipts, cleared.records)
    return policy_bytes(
        policy_document(cleared.photo.guid, receipts, uses, request.recipient, catalogue, frozenset(cleared.records))
    )


def _marks(
    studio: OpenStudio, session: Session, cleared: ClearedPhoto, request: ExportRequest, policy: bytes, now: datetime
) -> RightsMarks:
    catalogue = reading_catalogue(studio, *request.uses)
    people = [studio.archive.subjects.get(each) for each in cleared.photo.subjects]
    named = request.names and all(each.receipt.modifiers.credit_name for each in cleared.receipts)
    taken = studio.place_time(cleared.photo.taken_at or now, session)
    photographer = next((each.name for each in studio.archive.staff.list() if each.id == session.photographer), "")
    return marks_for(
        cleared.photo.guid,
        studio.identity,
        Allowed(
            uses=frozenset(request.uses),
            titles=tuple(catalogue.title(each, "en") for each in request.uses),
            place=request.place,
            last_day=cleared.last_day,
            recipient=request.recipient.name,
        ),
        photographer=photographer,
        subjects=tuple(pseudonym(studio.secrets, request.recipient.id, each) for each in cleared.photo.subjects),
        receipts=tuple(each.receipt.id for each in cleared.receipts),
        ages=tuple(age_on(each.born, taken.age_day) if each.born else None for each in people),
        person_names=tuple(each.name for each in people) if named else (),
        policy=policy,
        year=taken.day.year,
    )


def _originals(
    studio: OpenStudio,
    session: Session,
    cleared: Sequence[ClearedPhoto],
    policies: Mapping[PhotoGuid, bytes],
    request: ExportRequest,
    now: datetime,
) -> Iterator[Original]:
    """Each photo with what opens it and what is written on it, made when its turn comes."""
    program = version("safelight")
    for each in cleared:
        photo, refused, sealed = each.photo, "", None
        try:
            sealed = sealed_original(studio, photo)
        except DeviceFailure:
            raise
        except SafelightError as error:  # of this photo: the writer goes on to learn of all such photos
            refused = error.title
        marks = _marks(studio, session, each, request, policies[photo.guid], now)
        yield Original(
            photo.guid, member_path(photo), photo.media_type, photo.size, photo.sha256, sealed, refused,
            marks, request.keep, photo.said_made, photo.camera, program,
        )  # fmt: skip
