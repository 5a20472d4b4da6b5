"""Commands that look into a bundle with nothing but an age identity: no studio, no agency folder."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

from safelight.bundle.contents import OpenedBundle
from safelight.bundle.credentials import verify_credentials
from safelight.bundle.folder import extract_to_folder
from safelight.bundle.reader import IN_MEMORY, extract, read_metadata
from safelight.cli.opening import read_input
from safelight.cli.output import Output
from safelight.documents.identity_cards import CardKind, IdentityCard
from safelight.documents.manifest import Member, MemberRole
from safelight.documents.plain import to_plain
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode, Refused
from safelight.domain.ids import PhotoGuid
from safelight.domain.plurals import counted
from safelight.keys.cards import check_card
from safelight.keys.sealing import identities_in_file
from safelight.keys.signing import fingerprint_words
from safelight.storage.clock import system_clock

_SMALL = 64 * 1024
_ITS_OWN_WORD = (
    "Without --card this checked only what the bundle says of itself: that it is of one piece, not who made it."
)
_PROVED = {"Trusted": "signed under the studio's authority", "Valid": "sound, by a signer not on the card"}


def run_verify(given: argparse.Namespace, output: Output) -> ExitCode:
    """``bundle verify``."""
    identities, card = _identities(given), _card(given)
    credentials = _Credentials(card)
    opened = extract(given.bundle, identities, _pin(card), credentials, output.report)
    _check_studio(opened, card)
    credentials.finish()
    _notes(opened, output)
    checks = _checks(opened, credentials)
    lines = [f"ok  {each}" for each in checks]
    if card is None:
        lines.append(_ITS_OWN_WORD)
    output.result(_document(opened) | {"verified": True, "whose_checked": card is not None, "checks": checks}, *lines)
    return ExitCode.DONE


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``bundle list``."""
    card = _card(given)
    opened = read_metadata(given.bundle, _identities(given), _pin(card))
    _check_studio(opened, card)
    _notes(opened, output)
    manifest = opened.manifest
    lines = [
        f"{manifest.studio.name} to {manifest.recipient.name}, number {manifest.sequence}, "
        f"{rfc3339(manifest.created_at)}",
        f"uses: {', '.join(manifest.uses)}",
        f"status list: until {rfc3339(opened.vouched_until)}",
    ]
    for photo in manifest.photos:
        allowed = ", ".join(f"{use} until {until}" for use, until in _allowed(opened, photo.guid).items())
        lines.append(f"{photo.guid}  {photo.path}  {allowed or 'nothing any more'}")
    output.result(_document(opened), *lines)
    return ExitCode.DONE


def run_extract(given: argparse.Namespace, output: Output) -> ExitCode:
    """``bundle extract``."""
    card = _card(given)
    if card is not None:
        # Before a single file appears: the card may be another studio's with the same key.
        _check_studio(read_metadata(given.bundle, _identities(given), _pin(card)), card)
    opened = extract_to_folder(given.bundle, _identities(given), given.output, _pin(card), output.report)
    _notes(opened, output)
    count = len(opened.manifest.members)
    output.result(
        _document(opened) | {"folder": str(given.output), "files": count},
        f"{counted(count, 'file')} written to {given.output}.",
    )
    return ExitCode.DONE


def _identities(given: argparse.Namespace) -> tuple[str, ...]:
    """The keys of the identity file; each is tried, as ``age -i`` does."""
    path: Path = given.identity
    return identities_in_file(read_input(path, _SMALL))


def _card(given: argparse.Namespace) -> IdentityCard | None:
    return None if given.card is None else check_card(read_input(given.card, 1 << 20), CardKind.STUDIO)


def _pin(card: IdentityCard | None) -> str | None:
    return None if card is None else card.ssh_public_key


def _check_studio(opened: OpenedBundle, card: IdentityCard | None) -> None:
    if card is not None and opened.manifest.studio.id != card.id:
        raise Refused("The bundle is from another studio than the card.", "Nothing was kept. Ask for the right card.")


def _notes(opened: OpenedBundle, output: Output) -> None:
    for warning in opened.warnings(system_clock()):
        output.note(warning)
    if not opened.pinned:
        output.note(f"The signing key in six words: {' '.join(fingerprint_words(opened.signed_by))}")


def _checks(opened: OpenedBundle, credentials: _Credentials) -> list[str]:
    """What was checked, in the order it was."""
    manifest = opened.manifest
    roles = Counter(each.role for each in manifest.members)
    whose = "the card's key" if opened.pinned else f"a key nobody has vouched for ({manifest.studio.fingerprint})"
    found = [
        "opens with this identity",
        f"the manifest is signed with {whose}",
        f"it is addressed to this identity ({manifest.recipient.name})",
        f"as the manifest lists: {counted(len(manifest.members), 'file')}",
        f"signed, and vouched for until {rfc3339(opened.vouched_until)}: "
        + counted(len(opened.status_lists), "status list"),
        f"signed and of one piece: {counted(roles[MemberRole.RECORD], 'consent receipt')}",
        f"what the receipts say was shown: {counted(roles[MemberRole.NOTICE], 'notice')}",
        f"about these photos and this recipient: {counted(roles[MemberRole.POLICY], 'policy', 'policies')}",
        f"showing what the manifest says: {counted(len(manifest.photos), 'photo')}",
    ]
    for state, what in _PROVED.items():
        if credentials.states[state]:
            found.append(f"with content credentials, {what}: {counted(credentials.states[state], 'photo')}")
    return found


def _allowed(opened: OpenedBundle, photo: PhotoGuid) -> dict[str, str]:
    """Per use the last day the policy gives, without what the status list has ended since."""
    known = {each.id: each for one in opened.receipts.values() for each in one.receipt.records}
    found: dict[str, str] = {}
    ended: set[str] = set()
    for each in opened.policies[photo].permissions:
        if each.record not in known or opened.ended(known[each.record]):
            ended.add(each.use)
        until = each.until.date().isoformat()
        found[each.use] = min(found.get(each.use, until), until)
    return {use: until for use, until in found.items() if use not in ended}


def _document(opened: OpenedBundle) -> dict[str, Any]:
    manifest = opened.manifest
    return {
        "id": manifest.id,
        "sequence": manifest.sequence,
        "created_at": rfc3339(manifest.created_at),
        "studio": {
            "id": manifest.studio.id,
            "name": manifest.studio.name,
            "fingerprint": manifest.studio.fingerprint,
            "words": fingerprint_words(opened.signed_by),
            "pinned": opened.pinned,
        },
        "recipient": {"id": manifest.recipient.id, "name": manifest.recipient.name},
        "uses": manifest.uses,
        "territory": None if manifest.territory is None else to_plain(manifest.territory),
        "names_included": manifest.names_included,
        "status_until": rfc3339(opened.vouched_until),
        "manifest_sha256": opened.manifest_sha256,
        "photos": [
            {
                "photo": each.guid,
                "path": each.path,
                "media_type": each.media_type,
                "people": len(each.subjects),
                "image_hash_kind": each.image_hash_kind,
                "image_sha256": each.image_sha256,
                "allowed_until": _allowed(opened, each.guid),
            }
            for each in manifest.photos
        ],
    }


class _Credentials:
    """Checks the content credentials of the photos as they come by; those beside a photo come right after it."""

    def __init__(self, card: IdentityCard | None) -> None:
        self._root = card.ca_certificate.encode() if card is not None and card.ca_certificate else None
        self._waiting: tuple[Member, bytes] | None = None
        self.states: Counter[str] = Counter()

    def __call__(self, member: Member, stream: BinaryIO, /) -> None:
        if member.role is MemberRole.SIDECAR:
            if member.path.endswith(".c2pa") and self._waiting is not None:
                self._check(stream.read())
            return
        self.finish()
        if member.size <= IN_MEMORY:
            self._waiting = (member, stream.read())

    def finish(self) -> None:
        """Check the last photo, which nothing lies beside."""
        if self._waiting is not None:
            self._check(None)

    def _check(self, store: bytes | None) -> None:
        if self._waiting is None:
            return
        (member, image), self._waiting = self._waiting, None
        state = verify_credentials(image, member.media_type, self._root, store)
        if state.state == "Invalid":
            raise Refused(
                f"The content credentials of {member.path} do not hold ({', '.join(state.problems) or 'unreadable'}).",
                "The bundle itself is as the studio signed it; ask the studio about this photo.",
            )
        self.states[state.state] += 1
