"""Reads withdrawal notices from files, folders and encrypted archives, and checks whose they are and for whom."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from safelight.agency.acceptance import NO_CHANGE, check_known, not_from_the_future, signer_of_its_time
from safelight.agency.open_agency import OpenAgency
from safelight.bundle.ustar import UstarReader
from safelight.documents.withdrawal_notices import MOST_BYTES, WithdrawalNotice, read_notice
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import Sha256, StudioId
from safelight.keys.age_identity import AgeIdentity
from safelight.keys.input_files import legible, read_input_file
from safelight.keys.sealing import open_file
from safelight.keys.signing import signer_of, verify_sshsig
from safelight.storage.catalogue_rows import TrustedStudio

LARGEST_SIGNATURE = 16 * 1024
LARGEST_SEALED = MOST_BYTES + 1024 * 1024
"""No encrypted notice is longer, in bytes."""
MOST_AT_ONCE = 10_000
"""So many notices are taken in at once."""
NOTICE_FILE, SIGNATURE_FILE = "notice.json", "notice.json.sig"
_SEALED = b"age-encryption.org/"
_NOT_NOTICES = ("feed.json", "list.json", "list-")
_AGAIN = f"{NO_CHANGE} Ask the studio for the notice again."


@dataclass(frozen=True, slots=True)
class SignedNotice:
    """A notice as it came: its bytes and the signature beside it; nothing of it was checked."""

    text: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class CheckedNotice:
    """A notice that ``studio``, which is trusted, signed for this agency; ``signed_by`` is the key."""

    notice: WithdrawalNotice
    sha256: Sha256
    text: str
    signature: str
    studio: TrustedStudio
    signed_by: str


def read_notices(identity: AgeIdentity, path: Path) -> tuple[SignedNotice, ...]:
    """The notices at ``path``: ``notice.json`` with its ``.sig`` beside it, an encrypted one, or a folder of such.

    Raises :class:`Malformed` or :class:`Refused` for what is none, :class:`CannotOpen` for one encrypted to others.
    """
    if not path.is_dir():
        return (_read(identity, path),)
    found = sorted(each for each in path.iterdir() if _may_be(each))
    if not found:
        raise WrongUsage(f"There is no notice in '{legible(path.name)}'.", f"{NO_CHANGE} Name the notice itself.")
    if len(found) > MOST_AT_ONCE:
        raise WrongUsage(f"There are more than {MOST_AT_ONCE} notices.", f"{NO_CHANGE} Take them in several parts.")
    return tuple(_read(identity, each) for each in found)


def opened_notice(identity: AgeIdentity, untrusted: bytes) -> SignedNotice:
    """The notice in a tar archive encrypted to this agency, as a published folder has it."""
    clear = io.BytesIO()
    open_file(io.BytesIO(untrusted), clear, [identity])
    clear.seek(0)
    archive, files = UstarReader(clear), {}
    while (entry := archive.next_entry()) is not None:
        if entry.name not in (NOTICE_FILE, SIGNATURE_FILE):
            raise Malformed("The encrypted notice holds other files than a notice and its signature.", _AGAIN)
        files[entry.name] = archive.content(MOST_BYTES if entry.name == NOTICE_FILE else LARGEST_SIGNATURE)
    if len(files) != 2:
        raise Malformed("The encrypted notice lacks the notice or its signature.", _AGAIN)
    return SignedNotice(files[NOTICE_FILE], _signature(files[SIGNATURE_FILE]))


def checked_notices(agency: OpenAgency, signed: Iterable[SignedNotice]) -> list[CheckedNotice]:
    """The notices, if studios that are trusted signed them for this agency in our time; :class:`Refused` otherwise."""
    now = agency.now()
    keys: set[str] = set()
    known: dict[StudioId, TrustedStudio | None] = {}
    found = []
    for each in signed:
        key = signer_of(each.signature)
        if key not in keys:
            check_known(agency, key, "notice")
            keys.add(key)
        verify_sshsig(key, each.text, each.signature, "safelight-notice")
        notice = read_notice(each.text)
        if notice.studio not in known:
            known[notice.studio] = agency.catalogue.trusted_studios.get(notice.studio)
        studio = signer_of_its_time(known[notice.studio], key, notice.issued_at, "notice")
        found.append(_checked(agency, each, notice, studio, key, now))
    return found


def _checked(
    agency: OpenAgency, signed: SignedNotice, notice: WithdrawalNotice, studio: TrustedStudio, key: str, now: datetime
) -> CheckedNotice:
    if notice.recipient != agency.recipient:
        raise Refused(
            f"Notice {notice.number} of {studio.name} is addressed to somebody else.",
            f"{NO_CHANGE} Ask the studio for the notices that are for you.",
        )
    not_from_the_future(notice.issued_at, now, "notice")
    digest = Sha256(hashlib.sha256(signed.text).hexdigest())
    return CheckedNotice(notice, digest, signed.text.decode(), signed.signature, studio, key)


def _may_be(path: Path) -> bool:
    name = path.name
    return name.endswith(".age") or (name.endswith(".json") and not name.startswith(_NOT_NOTICES))


def _read(identity: AgeIdentity, path: Path) -> SignedNotice:
    untrusted = read_input_file(path, LARGEST_SEALED, kept=NO_CHANGE)
    if untrusted.startswith(_SEALED):
        return opened_notice(identity, untrusted)
    beside = path.with_name(f"{path.name}.sig")
    return SignedNotice(untrusted, _signature(read_input_file(beside, LARGEST_SIGNATURE, kept=NO_CHANGE)))


def _signature(untrusted: bytes) -> str:
    try:
        return untrusted.decode("ascii")
    except UnicodeDecodeError:
        raise Refused("The signature beside the notice is none.", _AGAIN) from None
