"""Keeps a studio sound: the check after a crash, backups that are verified, and the change of the master key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from safelight.domain.errors import SafelightError
from safelight.domain.ids import PhotoGuid, ReceiptId, StudioId
from safelight.domain.progress import Report, silent
from safelight.formats.jcs import sha256_hex
from safelight.keys.master import MasterKey
from safelight.keys.secrets import load_studio_secrets, save_secrets
from safelight.keys.signing import verify_sshsig
from safelight.keys.wrapping import rotate_master
from safelight.storage.backup import back_up, restore
from safelight.storage.folder import StudioFolder, read_identity
from safelight.storage.key_store import KeyStore
from safelight.storage.lock import FolderLock
from safelight.storage.rows import CheckReport
from safelight.studio.open_studio import OpenStudio


def check_studio(
    studio: OpenStudio, acknowledged: Sequence[tuple[str, str]] = (), report: Report = silent
) -> CheckReport:
    """Tidy up after a crash, verify everything, and look for each acknowledged (id, sha256): none may be lost."""
    keys = (studio.signer.public_ssh, *studio.secrets.previous_public_keys)
    found = studio.archive.check(report, keys)
    problems = list(found.problems) + _signature_problems(studio, keys) + _lost(studio, acknowledged)
    return replace(found, problems=tuple(problems))


def _signature_problems(studio: OpenStudio, keys: Sequence[str]) -> list[str]:
    """Every signed statement against the studio's keys and against the one-time key of its subject."""
    problems = []
    for receipt, _ in studio.archive.consents.receipt_ids():
        try:
            file = studio.archive.consents.receipt(receipt)
            verify_sshsig(file.subject_public, file.statement, file.subject_signature, "safelight-receipt")
            for key in keys:
                try:
                    verify_sshsig(key, file.statement, file.studio_signature, "safelight-record")
                    break
                except SafelightError:
                    continue
            else:
                problems.append(f"Receipt {receipt}: none of the studio's keys signed this statement.")
        except SafelightError as error:
            problems.append(f"Receipt {receipt}: {error.title}")
    return problems


def _lost(studio: OpenStudio, acknowledged: Sequence[tuple[str, str]]) -> list[str]:
    """The acknowledged things that are not there any more, by id and, for records, by the hash that was promised."""
    if not acknowledged:
        return []
    there, heads = set(), {"-"}
    for entry in studio.archive.journal.entries():
        there.add(entry.reference)
        heads.add(entry.hash)
    receipts = {receipt for receipt, _ in studio.archive.consents.receipt_ids()}
    files = {id for id, _ in studio.archive.files.on_disk()}
    problems = []
    for id, promised in acknowledged:
        kept = _kept(studio, id, id in receipts)
        if id not in there and id not in files:
            problems.append(f"{id} was acknowledged and is not there.")
        elif kept is not None and promised not in (kept, *heads):
            problems.append(f"{id} is there but is not what was acknowledged.")
    return problems


def _kept(studio: OpenStudio, id: str, is_receipt: bool) -> str | None:
    """The hash an acknowledgement of this thing promised, where the thing itself has one."""
    try:
        if is_receipt:
            return sha256_hex(studio.archive.consents.receipt(ReceiptId(id)).statement)
        return studio.archive.photos.get(PhotoGuid(id)).sha256
    except SafelightError:
        return None  # no photo, or a row that does not open, which the check has named already


def back_up_studio(studio: OpenStudio, target: Path, report: Report = silent) -> int:
    """A consistent, verified copy of everything in a new folder; returns how many files it has."""
    return back_up(studio.archive, target, studio.now(), report)


def restore_studio(source: Path, target: Path) -> int:
    """Bring a backup back into a new folder; every file is compared with the hash noted when it was made."""
    return restore(source, target)


def rotate_master_key(path: Path, passphrase: str) -> None:
    """Replace the master key and re-wrap everything under it; killed at any point, the old or the new one opens."""
    studio, _ = read_identity(path)
    folder = StudioFolder(path)
    lock = FolderLock(folder.lock)
    try:
        rotate_master(folder.master, passphrase, studio, lambda old, new: _rewrap(folder, studio, old, new))
    finally:
        lock.release()


def _rewrap(folder: StudioFolder, studio: StudioId, old: MasterKey, new: MasterKey) -> None:
    # ``new`` opens what the old key wrapped too, so running this again after a crash is harmless.
    save_secrets(folder.secrets, new, studio, load_studio_secrets(folder.secrets, new, studio))
    store = KeyStore(folder.key_store, studio, new)
    try:
        store.rewrap(old, new)
    finally:
        store.close()
