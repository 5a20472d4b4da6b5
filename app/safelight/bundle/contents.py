"""What an opened bundle says, as values, and the checks that its parts say the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from safelight.documents.manifest import Manifest, MemberRole, status_path
from safelight.documents.policy import Policy, read_policy
from safelight.documents.record import SignedReceipt, read_document
from safelight.documents.status import StatusList, read_status_list
from safelight.documents.times import rfc3339
from safelight.domain.errors import Malformed, Refused
from safelight.domain.ids import PhotoGuid, ReceiptId, RecordId, Sha256
from safelight.domain.photo import PhotoMark
from safelight.domain.record import Record
from safelight.domain.seen import agrees, exchanged, mark_of
from safelight.keys.signing import Namespace, signer_of, verify_sshsig

T = TypeVar("T")
_KEPT_NOTHING = "Nothing of the bundle was kept. Ask the studio for a fresh copy."


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle whose signature and parts were checked.

    ``signed_by`` is the studio's public SSH key, ``pinned`` whether the caller knew it beforehand. ``files`` are the
    members before the photos as they lie in the bundle, by path. ``status_lists`` are all lists of the studio, from the
    first on. ``complete`` is False while the photos were not read.
    """

    manifest: Manifest
    manifest_sha256: Sha256
    signed_by: str
    pinned: bool
    status_lists: tuple[StatusList, ...]
    receipts: Mapping[ReceiptId, SignedReceipt]
    policies: Mapping[PhotoGuid, Policy]
    notices: Mapping[Sha256, str]
    files: Mapping[str, bytes]
    complete: bool = False

    def ended(self, record: Record) -> bool:
        """Whether the list that ``record`` names says it has ended."""
        position = record.status_position
        return self.status_lists[position.list - 1].ended(position.index)

    @property
    def vouched_until(self) -> datetime:
        """Until when every list vouches."""
        return min(each.valid_until for each in self.status_lists)

    def warnings(self, now: datetime) -> tuple[str, ...]:
        """What the owner should hear although the bundle is in order, one sentence each."""
        found = []
        if not self.pinned:
            found.append(
                f"Nobody has vouched for the signing key ({self.manifest.studio.fingerprint}): compare it with the "
                "studio's card."
            )
        if now > self.vouched_until:
            found.append(
                f"The status list is vouched for until {rfc3339(self.vouched_until)} only: ask the studio for a "
                "newer one before any use."
            )
        if now < self.manifest.created_at:
            found.append("The bundle is from the future: this computer's clock, or the studio's, is wrong.")
        return tuple(found)


def open_contents(
    manifest: Manifest, files: Mapping[str, bytes], signed_by: str, pinned: bool, manifest_sha256: Sha256
) -> OpenedBundle:
    """Read every member before the photos and check that manifest, records, policies and status list agree.

    ``files`` hold what the manifest lists, with the hashes it lists. Raises :class:`Malformed` or :class:`Refused` with
    the member's path first.
    """
    lists = _status_lists(manifest, files)
    notices = _notices(manifest, files)
    receipts: dict[ReceiptId, SignedReceipt] = {}
    for member in manifest.members:
        if member.role is MemberRole.RECORD:
            signed = _named(member.path, lambda path=member.path: _record(manifest, files, path))  # type: ignore[misc]
            if signed.receipt.notice.sha256 not in notices:
                raise Malformed(f"{member.path}: the notice it names is not in the bundle.", _KEPT_NOTHING)
            if any(each.status_position.list > len(lists) for each in signed.receipt.records):
                raise Malformed(f"{member.path}: the status list it names is not in the bundle.", _KEPT_NOTHING)
            receipts[signed.receipt.id] = signed
    policies: dict[PhotoGuid, Policy] = {}
    for photo in manifest.photos:
        policy = _named(photo.policy, lambda path=photo.policy: read_policy(files[path]))  # type: ignore[misc]
        if policy.photo != photo.guid or policy.assignee != manifest.recipient.id:
            raise Refused(f"{photo.policy}: it is about another photo or for somebody else.", _KEPT_NOTHING)
        policies[photo.guid] = policy
    _check_photos(manifest, receipts)
    return OpenedBundle(manifest, manifest_sha256, signed_by, pinned, lists, receipts, policies, notices, dict(files))


def _status_lists(manifest: Manifest, files: Mapping[str, bytes]) -> tuple[StatusList, ...]:
    """Every list, the first one first; the manifest's check has seen that they are numbered without a gap."""
    many = sum(each.role is MemberRole.STATUS for each in manifest.members)
    return tuple(
        _named(status_path(number), lambda number=number: _status(manifest, files, number))  # type: ignore[misc]
        for number in range(1, many + 1)
    )


def _status(manifest: Manifest, files: Mapping[str, bytes], number: int) -> StatusList:
    data = files[status_path(number)]
    check_signature((manifest.studio.ssh_public_key,), data, files[f"{status_path(number)}.sig"], "safelight-status")
    status = read_status_list(data)
    if status.studio != manifest.studio.id:
        raise Refused("it is another studio's.", _KEPT_NOTHING)
    if status.number != number:
        raise Refused(f"it is the studio's status list {status.number}.", _KEPT_NOTHING)
    return status


def _notices(manifest: Manifest, files: Mapping[str, bytes]) -> dict[Sha256, str]:
    found = {}
    for member in manifest.members:
        if member.role is MemberRole.NOTICE:
            try:
                found[member.sha256] = files[member.path].decode("utf-8")
            except UnicodeDecodeError as error:
                raise Malformed(f"{member.path}: it is not UTF-8 text.", _KEPT_NOTHING) from error
    return found


def _record(manifest: Manifest, files: Mapping[str, bytes], path: str) -> SignedReceipt:
    signed = read_document(files[path])
    # A record keeps the signature it was given with, so it may be by a key the studio has since replaced.
    keys = (manifest.studio.ssh_public_key, *manifest.studio.former_keys)
    check_signature(keys, signed.statement, files[path + ".sig"], "safelight-record")
    _named(f"{path}.subject.sig", lambda: _subject_key(signed, files[f"{path}.subject.sig"]))
    receipt = signed.receipt
    if path != f"records/{receipt.id}.jsonld":
        raise Refused("it holds another receipt than its name says.", _KEPT_NOTHING)
    if receipt.studio.id != manifest.studio.id:
        raise Refused("it is another studio's.", _KEPT_NOTHING)
    for record in receipt.records:
        if record.scope not in manifest.uses:
            raise Malformed("it tells of a use this bundle is not for.", _KEPT_NOTHING)
    return signed


def _subject_key(signed: SignedReceipt, untrusted: bytes) -> str:
    """The one-time key that signed in the subject's name; it exists nowhere any more, so nobody can sign again."""
    try:
        public = signer_of(untrusted.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Malformed("it is not text.", _KEPT_NOTHING) from error
    check_signature((public,), signed.statement, untrusted, "safelight-receipt")
    return public


def _check_photos(manifest: Manifest, receipts: Mapping[ReceiptId, SignedReceipt]) -> None:
    for index, photo in enumerate(manifest.photos):
        known: set[RecordId] = set()
        for number, id in enumerate(photo.receipts):
            receipt = receipts[id].receipt
            known.update(record.id for record in receipt.records)
            picture = PhotoMark(photo.guid, photo.image_hash_kind, photo.image_sha256, photo.media_type)
            if exchanged(picture, receipt.photos):
                raise Refused(f"manifest.json: /photos/{index} shows another picture than was signed.", _KEPT_NOTHING)
            if photo.seen is not None and not agrees(photo.seen[number], mark_of(photo.guid, receipt.photos)):
                raise Refused(f"manifest.json: /photos/{index}/seen is not what was signed.", _KEPT_NOTHING)
        if not known.issuperset(photo.records):
            raise Malformed(f"manifest.json: /photos/{index}/records names a record of nobody on it.", _KEPT_NOTHING)


def check_signature(keys: tuple[str, ...], message: bytes, untrusted: bytes, namespace: Namespace) -> None:
    """Return if one of ``keys`` (the present one first) made the armored signature; else raise the first's error."""
    try:
        signature = untrusted.decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed("The signature beside it is not text.", _KEPT_NOTHING) from error
    first: Refused | None = None
    for key in keys:
        try:
            return verify_sshsig(key, message, signature, namespace)
        except Refused as error:
            first = first or error
    if first is not None:
        raise first
    return None


def _named(path: str, read: Callable[[], T]) -> T:
    """What ``read`` gives; its error begins with the member's name."""
    try:
        return read()
    except Malformed as error:
        raise Malformed(f"{path}: {_inside(error.title)}", error.hint, error.faults) from error
    except Refused as error:
        raise Refused(f"{path}: {_inside(error.title)}", error.hint) from error


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def manifest_hash(data: bytes) -> Sha256:
    """The name of a bundle's manifest in a ledger: SHA-256 of its bytes."""
    return Sha256(hashlib.sha256(data).hexdigest())
