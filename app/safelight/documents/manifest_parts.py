"""What a manifest consists of, as values: studio, recipient, members and photos, and how large they may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from safelight.domain.document_type import DocumentType
from safelight.domain.ids import (
    BundleId,
    Country,
    PhotoGuid,
    ReceiptId,
    RecipientId,
    RecordId,
    ScopeId,
    Sha256,
    StudioId,
    SubjectId,
)
from safelight.domain.later import ADDED_LATER
from safelight.domain.record import FIRST_LIST
from safelight.domain.seen import Seen
from safelight.domain.term import Territory

FORMAT = "safelight-bundle/1"
MANIFEST_PATH = "manifest.json"
SIGNATURE_PATH = "manifest.json.sig"
SUMS_PATH = "SHA256SUMS"
"""The manifest, its signature and this are not listed in it: two cannot be, the third follows from what is."""
README_PATH = "README.txt"
STATUS_PATH = "status/list.json"
"""The studio's first status list; :func:`status_path` gives those after it."""


def status_path(number: int) -> str:
    """The path of the studio's status list ``number`` in a bundle and in a folder."""
    return STATUS_PATH if number == FIRST_LIST else f"status/list-{number}.json"


MAX_MEMBERS = 20_000
MAX_JSON = 4 * 1024 * 1024
MAX_PHOTO = 512 * 1024 * 1024
MAX_BEFORE_PHOTOS = 128 * 1024 * 1024
"""All members before the first photo together."""
WHAT = "manifest"


class MemberRole(StrEnum):
    """What a member is, in the order the members lie in the file."""

    README = "readme"
    STATUS = "status"
    STATUS_SIGNATURE = "status-signature"
    NOTICE = "notice"
    RECORD = "record"
    RECORD_SIGNATURE = "record-signature"
    SUBJECT_SIGNATURE = "subject-signature"
    POLICY = "policy"
    RECEIPT = "receipt"
    PHOTO = "photo"
    SIDECAR = "sidecar"


MEDIA_TYPES = {
    MemberRole.README: DocumentType.TEXT.value,
    MemberRole.STATUS: DocumentType.STATUS_LIST.value,
    MemberRole.STATUS_SIGNATURE: DocumentType.SSH_SIGNATURE.value,
    MemberRole.NOTICE: DocumentType.TEXT.value,
    MemberRole.RECORD: DocumentType.JSON_LD.value,
    MemberRole.RECORD_SIGNATURE: DocumentType.SSH_SIGNATURE.value,
    MemberRole.SUBJECT_SIGNATURE: DocumentType.SSH_SIGNATURE.value,
    MemberRole.POLICY: DocumentType.JSON_LD.value,
    MemberRole.RECEIPT: DocumentType.PDF.value,
}
"""The media type of every member that is no photo and no sidecar."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the bundle: size in bytes, SHA-256 of its content."""

    path: str
    size: int
    sha256: Sha256
    media_type: str
    role: MemberRole


@dataclass(frozen=True, slots=True)
class ManifestStudio:
    """Who made the bundle. ``fingerprint`` is that of ``ssh_public_key`` as ``ssh-keygen -l`` prints it.

    ``former_keys`` are the studio's earlier keys: records keep the signature they were given with.
    """

    id: StudioId
    name: str
    country: Country
    contact: str
    ssh_public_key: str
    fingerprint: str
    former_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ManifestRecipient:
    """Whom the bundle is for; ``fingerprint`` as :func:`recipient_fingerprint` makes it."""

    id: RecipientId
    fingerprint: str
    name: str
    country: Country


@dataclass(frozen=True, slots=True)
class ManifestPhoto:
    """One photo: its files, the hash of its image data, who is on it and what their answers are.

    ``subjects`` are pseudonyms that hold for this recipient alone (``urn:uuid:…``); ``receipts`` and ``records`` name
    the signings and the answers the policy rests on; ``policy`` is the path of the policy. ``seen`` says of each of
    ``receipts``, in their order, how that signing is about this photo; None in bundles of before that was stated.
    """

    guid: PhotoGuid
    path: str
    media_type: str
    image_hash_kind: str
    image_sha256: Sha256
    subjects: tuple[SubjectId, ...]
    receipts: tuple[ReceiptId, ...]
    records: tuple[RecordId, ...]
    policy: str
    sidecars: tuple[str, ...] = ()
    seen: tuple[Seen, ...] | None = field(default=None, metadata=ADDED_LATER)


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a bundle says of itself; the studio signs these bytes.

    ``sequence`` counts the bundles for one recipient from 1. ``territory`` narrows what the records allow (None: it
    adds nothing). ``journal_head`` is the hash of the studio's newest journal entry and ``journal_entries`` its number,
    how many there were (None in bundles of before that was stated); ``rules`` is the version of the catalogue of uses.
    ``members`` lists every file in order, except the manifest, its signature and SHA256SUMS. ``records_only``: the
    photos were delivered before and are not in it (None: they are).
    """

    id: BundleId
    sequence: int
    created_at: datetime
    studio: ManifestStudio
    recipient: ManifestRecipient
    uses: tuple[ScopeId, ...]
    territory: Territory | None
    names_included: bool
    journal_head: Sha256
    rules: str
    photos: tuple[ManifestPhoto, ...]
    members: tuple[Member, ...] = ()
    format: str = FORMAT
    journal_entries: int | None = field(default=None, metadata=ADDED_LATER)
    records_only: bool | None = field(default=None, metadata=ADDED_LATER)


_RANKS = {
    MemberRole.STATUS_SIGNATURE: MemberRole.STATUS,
    MemberRole.RECORD_SIGNATURE: MemberRole.RECORD,
    MemberRole.SUBJECT_SIGNATURE: MemberRole.RECORD,
    MemberRole.SIDECAR: MemberRole.PHOTO,
}
_ORDER = tuple(MemberRole)


def order_of(role: MemberRole) -> int:
    """Where members of this role lie: lower first; a signature or sidecar shares the place of what it belongs to."""
    return _ORDER.index(_RANKS.get(role, role))
