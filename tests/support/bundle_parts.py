"""Makes whole, honest bundles for tests: a studio, two people with their answers, and photos that are only copied."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from safelight.bundle.plan import BundlePlan, PhotoSource, SmallMember, WrittenBundle
from safelight.bundle.prepare import PreparedPhoto, Sidecar
from safelight.bundle.writer import write_bundle
from safelight.documents.manifest import (
    MEDIA_TYPES,
    Manifest,
    ManifestPhoto,
    ManifestRecipient,
    ManifestStudio,
    MemberRole,
    key_fingerprint,
    recipient_fingerprint,
)
from safelight.documents.policy import policy_bytes, policy_document
from safelight.documents.record import disclose, document_bytes, receipt_document, statement_of
from safelight.documents.status import status_list, status_list_bytes
from safelight.domain.choice import Grant, Modifiers
from safelight.domain.consent import EventKind
from safelight.domain.ids import (
    BundleId,
    Country,
    Language,
    NoticeId,
    PhotoGuid,
    ReceiptId,
    RecipientId,
    RecordId,
    ScopeId,
    SessionId,
    Sha256,
    StudioId,
    SubjectId,
)
from safelight.domain.people import Recipient, Role, Studio
from safelight.domain.record import ConsentReceipt, Method, NoticeMark, Record, SignatureKind, Signing
from safelight.domain.scope import read_catalogue
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind
from safelight.images.imagehash import image_data_sha256
from safelight.keys.sealing import age_recipient, file_identity
from safelight.keys.signing import SigningKey
from safelight.settings import resources

NOW = datetime(2026, 5, 1, 10, 14, 32, tzinfo=UTC)
USE, OTHER_USE = ScopeId("use.directory"), ScopeId("use.social")
SIGNER = SigningKey(b"a studio's seed for tests only, 1"[:32])
OTHER_SIGNER = SigningKey(b"somebody else's seed, tests only"[:32])
IDENTITY = file_identity(b"tests only, this opens nothing!!").exposed_secret
OTHER_IDENTITY = file_identity(b"tests only, another, nothing too").exposed_secret
NOTICE = "We photograph you for the directory. You may say no.\nSüß.\n".encode()
LD, SSH = "application/ld+json", "application/x-ssh-signature"
CATALOGUE = read_catalogue(resources.read_json("rules/scopes.json"))


def identifier(*what: object) -> str:
    """The same version-4 UUID for the same words."""
    return str(uuid.UUID(bytes=hashlib.sha256(repr(what).encode()).digest()[:16], version=4))


STUDIO = Studio(
    StudioId(identifier("studio")), "Atelier Ümlaut & Söhne", Country("DE"), "hello@example.org", "Hauptstr. 1"
)


@dataclass(frozen=True)
class Picture:
    """A photo to put in: its bytes or, to save memory, only where they are."""

    data: bytes | Path
    media_type: str = "image/jpeg"
    ending: str = "jpg"
    sidecars: tuple[Sidecar, ...] = ()

    def bytes(self) -> bytes:
        return self.data if isinstance(self.data, bytes) else self.data.read_bytes()


def distinct(jpeg: bytes, count: int) -> list[Picture]:
    """``count`` files of the same picture that differ in a comment."""
    return [Picture(jpeg[:2] + b"\xff\xfe\x00\x06%04d" % number + jpeg[2:]) for number in range(count)]


def receipt_of(person: str, recipient: Recipient) -> ConsentReceipt:
    """One person's signing: yes to the directory by this recipient, no to social media."""
    grant = Grant(ONE_YEAR, Territory(TerritoryKind.EEA), (recipient.id,))
    until = date(2027, 5, 1)

    def record(scope: ScopeId, number: int, kind: EventKind, given: Grant | None) -> Record:
        at = NOW - timedelta(hours=1)
        salt = hashlib.md5(f"{person}{scope}".encode()).hexdigest()
        return Record(
            RecordId(identifier(person, scope)),
            scope,
            kind,
            at,
            given,
            until if given else None,
            None,
            None,
            number,
            salt,
        )

    digits = hashlib.sha256(person.encode()).hexdigest()
    signing = Signing(
        Method.DEMONSTRATION,
        SignatureKind.TYPED,
        NOW - timedelta(hours=2),
        NOW - timedelta(hours=1),
        "desk",
        Language("en"),
        Sha256(digits),
        Sha256(digits),
        (Role.SUBJECT,),
    )
    return ConsentReceipt(
        ReceiptId(identifier(person, "receipt")),
        NOW - timedelta(hours=1),
        STUDIO,
        SubjectId(identifier(person, "pseudonym")),
        SessionId(identifier("session")),
        Country("DE"),
        Language("en"),
        NoticeMark(NoticeId(identifier("notice")), "1", Language("en"), Sha256(hashlib.sha256(NOTICE).hexdigest())),
        (recipient,),
        (record(USE, 11, EventKind.GIVEN, grant), record(OTHER_USE, 12, EventKind.REFUSED, None)),
        Modifiers(),
        signing,
        (),
        "The authority",
        "https://example.org/withdraw",
        CATALOGUE.version,
    )


def prepared(picture: Picture) -> PreparedPhoto:
    """The picture as it is, neither marked nor signed."""
    data = picture.bytes()
    middle = len(data) // 2  # in two parts, as a marked one is
    parts = (memoryview(data)[:middle], memoryview(data)[middle:])
    return PreparedPhoto(parts, len(data), Sha256(hashlib.sha256(data).hexdigest()), picture.sidecars)


def plan_for(
    pictures: Sequence[Picture],
    identity: str = IDENTITY,
    names: bool = False,
    valid_for: timedelta = timedelta(days=30),
    signer: SigningKey = SIGNER,
    former: tuple[SigningKey, ...] = (),
) -> BundlePlan:
    """A plan with two people; each is on every second photo. Their records are signed by the oldest key."""
    recipient = Recipient(RecipientId(age_recipient(identity)), "Northwind Casting", Country("DE"), "in@example.org")
    receipts = [receipt_of(person, recipient) for person in ("anna", "ben")][: max(1, min(2, len(pictures)))]
    oldest = former[-1] if former else signer
    listed = status_list_bytes(status_list({7}, STUDIO.id, NOW, NOW + valid_for))
    small = [
        SmallMember("status/list.json", MemberRole.STATUS, MEDIA_TYPES[MemberRole.STATUS], listed),
        SmallMember("status/list.json.sig", MemberRole.STATUS_SIGNATURE, SSH, _sig(signer, listed, "safelight-status")),
        SmallMember(f"notices/{hashlib.sha256(NOTICE).hexdigest()}.txt", MemberRole.NOTICE, "text/plain", NOTICE),
    ]
    for each in receipts:
        document = disclose(receipt_document(each, CATALOGUE), {USE})
        signature = _sig(oldest, statement_of(document), "safelight-record")
        path = f"records/{each.id}.jsonld"
        small.append(SmallMember(path, MemberRole.RECORD, LD, document_bytes(document)))
        small.append(SmallMember(path + ".sig", MemberRole.RECORD_SIGNATURE, SSH, signature))
        once = _once(statement_of(document))
        small.append(SmallMember(path + ".subject.sig", MemberRole.SUBJECT_SIGNATURE, SSH, once))
        if names:
            pdf = b"%PDF-1.7\n" + each.id.encode() + b"\n%%EOF\n"
            small.append(SmallMember(f"receipts/{each.id}.pdf", MemberRole.RECEIPT, "application/pdf", pdf))
    photos, sources = [], []
    for number, picture in enumerate(pictures):
        guid = PhotoGuid(identifier("photo", number))
        receipt = receipts[number % len(receipts)]
        path = f"photos/{guid}.{picture.ending}"
        kind, digest = image_data_sha256(picture.bytes(), picture.media_type)
        policy = policy_bytes(policy_document(guid, [receipt], [USE], recipient, CATALOGUE))
        small.append(SmallMember(f"policies/{guid}.jsonld", MemberRole.POLICY, LD, policy))
        photos.append(
            ManifestPhoto(
                guid, path, picture.media_type, kind, digest,
                (SubjectId(f"urn:uuid:{identifier(receipt.id)}"),), (receipt.id,), (receipt.records[0].id,),
                f"policies/{guid}.jsonld",
            )
        )  # fmt: skip
        size = len(picture.bytes())
        sources.append(PhotoSource(guid, path, picture.media_type, size, partial(prepared, picture)))
    manifest = Manifest(
        id=BundleId(identifier("bundle")), sequence=1, created_at=NOW,
        studio=ManifestStudio(
            STUDIO.id, STUDIO.name, STUDIO.country, STUDIO.contact, signer.public_ssh,
            key_fingerprint(signer.public_ssh), tuple(each.public_ssh for each in former),
        ),
        recipient=ManifestRecipient(
            recipient.id, recipient_fingerprint(recipient.id), recipient.name, recipient.country
        ),
        uses=(USE,), territory=None, names_included=names, journal_head=Sha256("ab" * 32), rules=CATALOGUE.version,
        photos=tuple(photos),
    )  # fmt: skip
    return BundlePlan(manifest, tuple(small), tuple(sources))


def write(destination: Path, pictures: Sequence[Picture], **changes: object) -> WrittenBundle:
    """A bundle for :data:`IDENTITY`, or the one in ``changes``, at ``destination``."""
    plan = plan_for(pictures, **changes)  # type: ignore[arg-type]
    signer = changes.get("signer", SIGNER)
    assert isinstance(signer, SigningKey)
    return write_bundle(plan, destination, recipients=[plan.manifest.recipient.id], signer=signer)


def _sig(signer: SigningKey, message: bytes, namespace: str) -> bytes:
    return signer.sign(message, namespace).encode()  # type: ignore[arg-type]


def _once(statement: bytes) -> bytes:
    """A signature as by a one-time key; here the key follows from the statement, so that bundles are repeatable."""
    return SigningKey(hashlib.sha256(statement).digest()).sign(statement, "safelight-receipt").encode()
