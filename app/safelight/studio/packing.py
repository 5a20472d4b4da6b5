"""Packs what was cleared: manifest, records, policies and photos as one plan for the bundle's writer."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from importlib.metadata import version

from safelight.bundle.credentials import CredentialSigner
from safelight.bundle.plan import BundlePlan, PhotoSource, SmallMember
from safelight.bundle.prepare import PreparedPhoto, prepare_photo
from safelight.capture.sniff import MediaType
from safelight.domain.clearance import Clearance
from safelight.domain.ids import BundleId, Country, PhotoGuid, ReceiptId, RecordId, ScopeId, SubjectId
from safelight.domain.journal import GENESIS
from safelight.domain.jurisdiction import Cover
from safelight.domain.people import Recipient, age_on
from safelight.domain.photo import Photo
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
from safelight.formats.source_type import source_type
from safelight.keys.secrets import pseudonym
from safelight.keys.signing import ssh_fingerprint
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.holdings import Standing
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.receipts import receipt_pdf
from safelight.studio.status_lists import signed_status

SSH_SIGNATURE = "application/x-ssh-signature"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an export is asked for. ``place`` is where the recipient will use the pictures.

    ``keep_metadata`` lets place and serial numbers go along, as the recipient's profile may ask.
    """

    recipient: Recipient
    cover: Cover | None
    uses: tuple[ScopeId, ...]
    place: Country
    names: bool = False
    keep_metadata: bool = False

    @property
    def keep(self) -> frozenset[str]:
        """What cleaning leaves in a file."""
        return frozenset({"location", "serials"}) if self.keep_metadata else frozenset()


@dataclass(frozen=True, slots=True)
class Going:
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
    studio: OpenStudio, session: Session, going: Sequence[Going], wish: Wish, sequence: int, now: datetime
) -> BundlePlan:
    """Everything the writer needs for one bundle; the photos are opened one by one when their turn comes."""
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
        tuple(_small(studio, going, files, policies, wish, now)),
        _sources(studio, session, going, policies, wish, now),
    )


def member_path(photo: Photo) -> str:
    """The name of a photo inside a bundle: its id and kind, never what the camera or a person called it."""
    return f"photos/{photo.guid}.{MediaType(photo.media_type).extension}"


def _manifest_photo(studio: OpenStudio, going: Going, wish: Wish) -> ManifestPhoto:
    photo = going.photo
    return ManifestPhoto(
        guid=photo.guid,
        path=member_path(photo),
        media_type=photo.media_type,
        image_hash_kind=photo.image_hash_kind,
        image_sha256=photo.image_sha256,
        subjects=tuple(SubjectId(pseudonym(studio.secrets, wish.recipient.id, each)) for each in photo.subjects),
        receipts=tuple(each.receipt.id for each in going.receipts),
        records=going.records,
        policy=f"policies/{photo.guid}.jsonld",
    )


def _small(
    studio: OpenStudio,
    going: Sequence[Going],
    files: Mapping[ReceiptId, SignedReceiptFile],
    policies: Mapping[PhotoGuid, bytes],
    wish: Wish,
    now: datetime,
) -> Iterator[SmallMember]:
    """The members before the photos: what an agency reads to answer questions without decrypting one picture."""
    status = signed_status(studio, now)
    yield SmallMember("status/list.json", MemberRole.STATUS, "application/vc", status.list)
    signed = status.signature.encode()
    yield SmallMember("status/list.json.sig", MemberRole.STATUS_SIGNATURE, SSH_SIGNATURE, signed)
    for notice in sorted({each.receipt.notice.sha256 for each in files.values()}):
        text = studio.archive.notices.text(notice)
        yield SmallMember(f"notices/{notice}.txt", MemberRole.NOTICE, "text/plain", text)
    records = {one for each in going for one in each.records}
    for file in files.values():
        yield from _record_members(studio, file, records, wish)
    for guid, policy in policies.items():
        yield SmallMember(f"policies/{guid}.jsonld", MemberRole.POLICY, "application/ld+json", policy)


def _record_members(
    studio: OpenStudio, file: SignedReceiptFile, records: Collection[RecordId], wish: Wish
) -> Iterator[SmallMember]:
    receipt = file.receipt
    # Only the records photos leave under: of one that a later receipt replaced, nobody outside needs to know.
    shown = document_bytes(disclose(json.loads(file.document), wish.uses, records))
    base = f"records/{receipt.id}.jsonld"
    yield SmallMember(base, MemberRole.RECORD, "application/ld+json", shown)
    signed = file.studio_signature.encode()
    yield SmallMember(f"{base}.sig", MemberRole.RECORD_SIGNATURE, SSH_SIGNATURE, signed)
    once = file.subject_signature.encode()
    yield SmallMember(f"{base}.subject.sig", MemberRole.SUBJECT_SIGNATURE, SSH_SIGNATURE, once)
    if wish.names and receipt.modifiers.credit_name:
        # The PDF carries the name and every answer; it goes along only where the person said the name may be shown.
        pdf, _ = receipt_pdf(studio, file)
        yield SmallMember(f"receipts/{receipt.id}.pdf", MemberRole.RECEIPT, "application/pdf", pdf)


def _policy(studio: OpenStudio, going: Going, wish: Wish) -> bytes:
    receipts = [each.receipt for each in going.receipts]
    uses = [each for each in studio.rules.catalogue.asked_ids() if each in wish.uses]
    catalogue = studio.rules.catalogue
    return policy_bytes(
        policy_document(going.photo.guid, receipts, uses, wish.recipient, catalogue, frozenset(going.records))
    )


def _marks(studio: OpenStudio, session: Session, going: Going, wish: Wish, policy: bytes, now: datetime) -> RightsMarks:
    catalogue = studio.rules.catalogue
    people = [studio.archive.subjects.get(each) for each in going.photo.subjects]
    named = wish.names and all(each.receipt.modifiers.credit_name for each in going.receipts)
    taken = studio.place_time(going.photo.taken_at or now, session)
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
        ages=tuple(age_on(each.born, taken.age_day) if each.born else None for each in people),
        person_names=tuple(each.name for each in people) if named else (),
        policy=policy,
        year=taken.day.year,
    )


def _sources(
    studio: OpenStudio,
    session: Session,
    going: Sequence[Going],
    policies: Mapping[PhotoGuid, bytes],
    wish: Wish,
    now: datetime,
) -> Iterator[PhotoSource]:
    signer = CredentialSigner(studio.documents)
    for each in going:
        marks = _marks(studio, session, each, wish, policies[each.photo.guid], now)
        prepare = partial(_prepare, studio, each.photo, marks, signer, wish.keep)
        yield PhotoSource(each.photo.guid, member_path(each.photo), each.photo.media_type, each.photo.size, prepare)


def _prepare(
    studio: OpenStudio, photo: Photo, marks: RightsMarks, signer: CredentialSigner, keep: frozenset[str]
) -> PreparedPhoto:
    """The photo as it leaves: opened in memory, cleaned, marked and signed; called by the writer's threads."""
    original = studio.archive.files.read_bytes(studio.archive.photos.original(photo.guid))
    made = source_type(original, photo.media_type, photo.said_made, photo.camera)
    marks = replace(marks, source_type=made)
    definition = manifest_definition(marks, photo.media_type, member_path(photo), version("safelight"))
    return prepare_photo(memoryview(original), photo.media_type, marks, definition, signer, keep)
