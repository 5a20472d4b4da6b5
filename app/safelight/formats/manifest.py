"""The manifest of a bundle: whom it is from and for, what it allows, every file in it, and who is on each photo."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from safelight.domain.errors import Malformed
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
from safelight.domain.term import Territory

from .jcs import canonical
from .plain import from_plain, to_plain
from .reading import Faults, parse_json, validate

FORMAT = "safelight-bundle/1"
MANIFEST_PATH = "manifest.json"
SIGNATURE_PATH = "manifest.json.sig"
SUMS_PATH = "SHA256SUMS"
README_PATH = "README.txt"
STATUS_PATH = "status/list.json"
"""The first two and SHA256SUMS are not listed in the manifest: two cannot be, the third follows from what is."""

MAX_MEMBERS = 20_000
MAX_JSON = 4 * 1024 * 1024
MAX_PHOTO = 512 * 1024 * 1024
MAX_BEFORE_PHOTOS = 128 * 1024 * 1024
"""All members before the first photo together."""
_WHAT = "manifest"


class MemberRole(StrEnum):
    """What a member is, in the order the members lie in the file."""

    README = "readme"
    STATUS = "status"
    STATUS_SIGNATURE = "status-signature"
    NOTICE = "notice"
    RECORD = "record"
    RECORD_SIGNATURE = "record-signature"
    POLICY = "policy"
    RECEIPT = "receipt"
    PHOTO = "photo"
    SIDECAR = "sidecar"


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
    the signings and the answers the policy rests on; ``policy`` is the path of the policy.
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


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a bundle says of itself; the studio signs these bytes.

    ``sequence`` counts the bundles for one recipient from 1. ``territory`` narrows what the records allow (None: it
    adds nothing). ``journal_head`` is the hash of the studio's newest journal entry, ``rules`` the version of the
    catalogue of uses. ``members`` lists every file in order, except the manifest, its signature and SHA256SUMS.
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


def write_manifest(manifest: Manifest) -> bytes:
    """The RFC 8785 bytes of ``manifest``; raises :class:`Malformed` for what :func:`read_manifest` would refuse."""
    raw = to_plain(manifest)
    data = canonical(raw)
    if len(data) > MAX_JSON:
        raise Malformed("The bundle is too large for one manifest.", "Export the photos in several bundles.")
    validate("manifest", raw, _WHAT)
    _check(manifest)
    return data


def read_manifest(untrusted: bytes) -> Manifest:
    """The manifest in ``untrusted``; raises :class:`Malformed` with every fault. Its signature is still to be checked.

    Bytes that are not the RFC 8785 form are refused, so that one manifest has one hash.
    """
    raw = parse_json(untrusted, _WHAT, MAX_JSON)
    validate("manifest", raw, _WHAT)
    manifest = from_plain(Manifest, raw, "", _WHAT)
    faults = Faults(_WHAT)
    if canonical(raw) != untrusted:
        faults.add("", "not in canonical form (RFC 8785)")
    _check(manifest, faults)
    return manifest


def recipient_fingerprint(recipient: RecipientId) -> str:
    """``SHA256:`` and the unpadded Base64 of the SHA-256 of the recipient's text (``age1…``)."""
    return _fingerprint(recipient.encode())


def key_fingerprint(ssh_public_key: str) -> str:
    """The same over the key's blob, as ``ssh-keygen -l`` prints it; raises :class:`Malformed` for what is no key."""
    try:
        return _fingerprint(base64.b64decode(ssh_public_key.split(" ")[1], validate=True))
    except (IndexError, binascii.Error) as error:
        raise Malformed("This is not an SSH public key.") from error


def _fingerprint(data: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode("ascii").rstrip("=")


_RANKS = {
    MemberRole.STATUS_SIGNATURE: MemberRole.STATUS,
    MemberRole.RECORD_SIGNATURE: MemberRole.RECORD,
    MemberRole.SIDECAR: MemberRole.PHOTO,
}
_ORDER = tuple(MemberRole)


def order_of(role: MemberRole) -> int:
    """Where members of this role lie: lower first; a signature or sidecar shares the place of what it belongs to."""
    return _ORDER.index(_RANKS.get(role, role))


_MOST_BYTES = {
    MemberRole.README: 64 * 1024,
    MemberRole.STATUS_SIGNATURE: 4096,
    MemberRole.RECORD_SIGNATURE: 4096,
    MemberRole.NOTICE: 1024 * 1024,
    MemberRole.RECEIPT: 16 * 1024 * 1024,
    MemberRole.PHOTO: MAX_PHOTO,
    MemberRole.SIDECAR: 16 * 1024 * 1024,
}
"""The largest size of a member; :data:`MAX_JSON` for the rest."""


def _check(manifest: Manifest, faults: Faults | None = None) -> None:
    """What a schema cannot say: that the parts of the manifest agree with each other."""
    faults = faults or Faults(_WHAT)
    if recipient_fingerprint(manifest.recipient.id) != manifest.recipient.fingerprint:
        faults.add("/recipient/fingerprint", "not that of the recipient")
    if key_fingerprint(manifest.studio.ssh_public_key) != manifest.studio.fingerprint:
        faults.add("/studio/fingerprint", "not that of the key")
    by_path = _check_members(manifest, faults)
    _check_photos(manifest, by_path, faults)
    faults.raise_any()


def _check_members(manifest: Manifest, faults: Faults) -> dict[str, Member]:
    members, by_path = manifest.members, {}
    before_photos = 0
    for index, member in enumerate(members):
        at = f"/members/{index}"
        if member.path in by_path:
            faults.add(f"{at}/path", "is there twice")
        by_path[member.path] = member
        if member.size > _MOST_BYTES.get(member.role, MAX_JSON):
            faults.add(f"{at}/size", "larger than such a member may be")
        if index and order_of(member.role) < order_of(members[index - 1].role):
            faults.add(f"{at}/role", "not where such a member lies")
        if order_of(member.role) < order_of(MemberRole.PHOTO):
            before_photos += member.size
        if member.role in (MemberRole.RECORD_SIGNATURE, MemberRole.STATUS_SIGNATURE):
            if not index or members[index - 1].path + ".sig" != member.path:
                faults.add(f"{at}/path", "must follow what it signs")
        elif member.role is MemberRole.NOTICE and member.path != f"notices/{member.sha256}.txt":
            faults.add(f"{at}/path", "not named by its hash")
        elif member.role is MemberRole.RECORD:
            following = members[index + 1].path if index + 1 < len(members) else ""
            if following != member.path + ".sig":
                faults.add(f"{at}/path", "is not followed by its signature")
    if before_photos > MAX_BEFORE_PHOTOS:
        faults.add("/members", f"more than {MAX_BEFORE_PHOTOS} bytes before the photos")
    for path in (README_PATH, STATUS_PATH, STATUS_PATH + ".sig"):
        if path not in by_path:
            faults.add("/members", f"{path} is missing")
    return by_path


def _check_photos(manifest: Manifest, by_path: dict[str, Member], faults: Faults) -> None:
    wanted: list[str] = []
    receipts: set[str] = set()
    guids: set[str] = set()
    for index, photo in enumerate(manifest.photos):
        at = f"/photos/{index}"
        if photo.guid in guids:
            faults.add(f"{at}/guid", "is there twice")
        guids.add(photo.guid)
        receipts.update(photo.receipts)
        wanted += (photo.path, *photo.sidecars)
        member = by_path.get(photo.path)
        if photo.path.split(".")[0] != f"photos/{photo.guid}":
            faults.add(f"{at}/path", "not named by its guid")
        if member is None or member.role is not MemberRole.PHOTO:
            faults.add(f"{at}/path", "is not among the members")
        elif member.media_type != photo.media_type:
            faults.add(f"{at}/media_type", "not that of the member")
        for number, sidecar in enumerate(photo.sidecars):
            if sidecar.split(".")[0] != f"photos/{photo.guid}":
                faults.add(f"{at}/sidecars/{number}", "belongs to another photo")
        if photo.policy != f"policies/{photo.guid}.jsonld" or photo.policy not in by_path:
            faults.add(f"{at}/policy", "is not among the members")
        for number, receipt in enumerate(photo.receipts):
            if f"records/{receipt}.jsonld" not in by_path:
                faults.add(f"{at}/receipts/{number}", "has no record among the members")
    lying = [each.path for each in manifest.members if order_of(each.role) == order_of(MemberRole.PHOTO)]
    if lying != wanted:
        faults.add("/members", "the photos are not those listed, in their order")
    _check_belonging(manifest, guids, receipts, faults)


def _check_belonging(manifest: Manifest, guids: set[str], receipts: set[str], faults: Faults) -> None:
    """Nobody's paper travels without a photo of theirs, and no name where names may not go."""
    for index, member in enumerate(manifest.members):
        stem = member.path.rpartition("/")[2].split(".")[0]
        owners = {MemberRole.POLICY: guids, MemberRole.RECORD: receipts, MemberRole.RECEIPT: receipts}.get(member.role)
        if owners is not None and stem not in owners:
            faults.add(f"/members/{index}/path", "belongs to no photo")
        if member.role is MemberRole.RECEIPT and not manifest.names_included:
            faults.add(f"/members/{index}/role", "carries names, which this bundle must not")
