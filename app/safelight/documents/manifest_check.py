"""What a schema cannot say of a manifest: that its parts agree with each other."""

from __future__ import annotations

import base64
import binascii
import hashlib

from safelight.domain.errors import Malformed
from safelight.domain.ids import RecipientId
from safelight.domain.journal import GENESIS

from .manifest_parts import (
    MAX_BEFORE_PHOTOS,
    MAX_JSON,
    MAX_PHOTO,
    README_PATH,
    WHAT,
    Manifest,
    Member,
    MemberRole,
    order_of,
    status_path,
)
from .reading import Faults

_MOST_BYTES = {
    MemberRole.README: 64 * 1024,
    MemberRole.STATUS_SIGNATURE: 4096,
    MemberRole.RECORD_SIGNATURE: 4096,
    MemberRole.SUBJECT_SIGNATURE: 4096,
    MemberRole.NOTICE: 1024 * 1024,
    MemberRole.RECEIPT: 16 * 1024 * 1024,
    MemberRole.PHOTO: MAX_PHOTO,
    MemberRole.SIDECAR: 16 * 1024 * 1024,
}
"""The largest size of a member; :data:`MAX_JSON` for the rest."""


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


def check(manifest: Manifest, faults: Faults | None = None) -> None:
    """What a schema cannot say: that the parts of the manifest agree with each other."""
    faults = faults or Faults(WHAT)
    if recipient_fingerprint(manifest.recipient.id) != manifest.recipient.fingerprint:
        faults.add("/recipient/fingerprint", "not that of the recipient")
    if key_fingerprint(manifest.studio.ssh_public_key) != manifest.studio.fingerprint:
        faults.add("/studio/fingerprint", "not that of the key")
    by_path = _check_members(manifest, faults)
    _check_photos(manifest, by_path, faults)
    _check_journal(manifest, faults)
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
        if fault := _misplaced(members, index):
            faults.add(f"{at}/path", fault)
    if before_photos > MAX_BEFORE_PHOTOS:
        faults.add("/members", f"more than {MAX_BEFORE_PHOTOS} bytes before the photos")
    lists = [each.path for each in members if each.role is MemberRole.STATUS]
    # Numbered from 1 without a gap: a record in any of them finds its list.
    wanted = [status_path(number) for number in range(1, max(len(lists), 1) + 1)]
    for path in (README_PATH, *wanted, *(f"{each}.sig" for each in wanted)):
        if path not in by_path:
            faults.add("/members", f"{path} is missing")
    if lists and lists != wanted:
        faults.add("/members", "the status lists are not those numbered from 1, in their order")
    return by_path


def _misplaced(members: tuple[Member, ...], index: int) -> str:
    """What is wrong with the name or the neighbours of one member; empty when nothing is."""
    member = members[index]
    before = members[index - 1].path if index else ""
    if member.role in (MemberRole.RECORD_SIGNATURE, MemberRole.STATUS_SIGNATURE):
        return "" if member.path == f"{before}.sig" else "must follow what it signs"
    if member.role is MemberRole.SUBJECT_SIGNATURE:
        fits = before == member.path.replace(".subject.sig", ".sig")
        return "" if fits else "must follow the studio's signature of its record"
    if member.role is MemberRole.NOTICE:
        return "" if member.path == f"notices/{member.sha256}.txt" else "not named by its hash"
    if member.role is MemberRole.RECORD:
        following = [each.path for each in members[index + 1 : index + 3]]
        both = [f"{member.path}.sig", f"{member.path}.subject.sig"]
        return "" if following == both else "is not followed by the studio's and the subject's signature"
    return ""


def _check_journal(manifest: Manifest, faults: Faults) -> None:
    if manifest.journal_entries is not None and (manifest.journal_entries == 0) != (manifest.journal_head == GENESIS):
        faults.add("/journal_entries", "is not the number of an entry with this hash")


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
        member = by_path.get(photo.path)
        if photo.path.split(".")[0] != f"photos/{photo.guid}":
            faults.add(f"{at}/path", "not named by its guid")
        if manifest.records_only:
            if photo.sidecars:
                faults.add(f"{at}/sidecars", "lie beside no photo here")
        elif member is None or member.role is not MemberRole.PHOTO:
            faults.add(f"{at}/path", "is not among the members")
        elif member.media_type != photo.media_type:
            faults.add(f"{at}/media_type", "not that of the member")
        wanted += () if manifest.records_only else (photo.path, *photo.sidecars)
        for number, sidecar in enumerate(photo.sidecars):
            if sidecar.split(".")[0] != f"photos/{photo.guid}":
                faults.add(f"{at}/sidecars/{number}", "belongs to another photo")
        if photo.policy != f"policies/{photo.guid}.jsonld" or photo.policy not in by_path:
            faults.add(f"{at}/policy", "is not among the members")
        if photo.seen is not None and len(photo.seen) != len(photo.receipts):
            faults.add(f"{at}/seen", "does not say one thing of each receipt")
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
