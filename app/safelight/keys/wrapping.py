"""The key file of a studio: its master key wrapped by a passphrase, changed, rotated and recovered without a gap.

Every field of the file is authenticated by the wrap itself, so a changed field and a wrong passphrase look the same:
the file does not open. At every moment of every change the file on the disk opens with the old or the new passphrase.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from safelight.domain.errors import CannotOpen, NeedsPassphrase, WrongUsage
from safelight.domain.ids import OrganisationId
from safelight.keys.durable import durable_write
from safelight.keys.master import KEY_SIZE, MasterKey, new_master
from safelight.keys.passphrases import (
    DEFAULT_COST,
    FLOOR_COST,
    KdfCost,
    check_new_passphrase,
    passphrase_key,
    read_passphrase_file,
)
from safelight.keys.recovery import make_recovery_shares, master_from_shares
from safelight.keys.secret_files import MARK

__all__ = [
    "DEFAULT_COST",
    "FLOOR_COST",
    "KdfCost",
    "Rewrap",
    "change_passphrase",
    "create_wrapped",
    "make_recovery_shares",
    "master_from_shares",
    "open_with_master",
    "read_passphrase_file",
    "reset_passphrase",
    "rotate_master",
    "rotation_unfinished",
    "unlock_with_passphrase",
]

FORMAT = "safelight-master/1"
_LARGEST = 16 * 1024
_NONCE, _SALT = 12, 16
_RESTORE = "Nothing was changed. Restore the key file from a backup."

Rewrap = Callable[[MasterKey, MasterKey], None]
"""``rewrap(old, new)``: make everything wrapped or sealed under ``old`` open under ``new``, durably, before returning.

It may be called again after a crash, when part of it is done already, so it must be repeatable: open each item with
``new`` (whose ``predecessor`` is ``old``, so ``unwrap_key`` tries both) and write it under ``new``.
"""


@dataclass(frozen=True, slots=True)
class _KeyFile:
    """The parsed file; ``header`` is every field but ``wrapped`` and is what the wrap authenticates."""

    header: dict[str, Any]
    cost: KdfCost
    salt: bytes
    wrapped: bytes
    previous: bytes | None


def create_wrapped(
    path: Path, master: MasterKey, passphrase: str, studio: OrganisationId, cost: KdfCost = DEFAULT_COST
) -> None:
    """Write the key file of a new studio; refuses to replace one, which would lock the archive for ever."""
    check_new_passphrase(passphrase)
    if path.exists():
        raise WrongUsage("There is a key file here already.", "Nothing was changed. Choose another folder.")
    durable_write(path, _encoded(master, passphrase, studio, cost))


def unlock_with_passphrase(path: Path, passphrase: str, studio: OrganisationId) -> MasterKey:
    """The master key; :class:`CannotOpen` for a wrong passphrase, a changed or weakened file, another studio's file.

    While a rotation is unfinished its ``predecessor`` is set and :func:`rotation_unfinished` says so.
    """
    file = _read(path, studio)
    try:
        return _opened(file, passphrase)
    except CannotOpen:
        if passphrase.startswith(MARK):
            raise
        # Before marks were left out, a file with one founded a studio whose passphrase began with it.
        with contextlib.suppress(CannotOpen):
            return _opened(file, MARK + passphrase)
        raise


def open_with_master(path: Path, master: MasterKey, studio: OrganisationId) -> MasterKey:
    """``master`` (from the keyring or from shares) if it is the one of this file, completed as by a passphrase.

    Raises :class:`CannotOpen` if it is an earlier one or another studio's.
    """
    file = _read(path, studio)
    if file.header["key_id"] != master.key_id:
        raise NeedsPassphrase(
            "The key from the keyring or the recovery shares is not the present key of this studio.",
            "It was replaced since. Open the studio with its passphrase, then store or print the key again.",
        )
    return _with_predecessor(file, master)


def rotation_unfinished(path: Path, studio: OrganisationId) -> bool:
    """True if a rotation was interrupted; :func:`rotate_master` finishes it."""
    return _read(path, studio).previous is not None


def change_passphrase(path: Path, old: str, new: str, studio: OrganisationId, cost: KdfCost = DEFAULT_COST) -> None:
    """Wrap the same master under another passphrase. Afterwards the old one opens nothing in this file.

    A *copy* of the old file still opens with the old passphrase: if that one leaked, use :func:`rotate_master`.
    """
    check_new_passphrase(new)
    durable_write(path, _encoded(unlock_with_passphrase(path, old, studio), new, studio, cost))


def reset_passphrase(
    path: Path, master: MasterKey, new: str, studio: OrganisationId, cost: KdfCost = DEFAULT_COST
) -> MasterKey:
    """Set a new passphrase with the master from recovery shares or the keyring; returns that master, completed.

    If the key file is there the master must be its own; if it is lost it is written anew (then the archive itself
    shows whether the shares were this studio's).
    """
    check_new_passphrase(new)
    complete = open_with_master(path, master, studio) if path.exists() else master
    durable_write(path, _encoded(complete, new, studio, cost))
    return complete


def rotate_master(
    path: Path,
    passphrase: str,
    studio: OrganisationId,
    rewrap: Rewrap,
    new_passphrase: str | None = None,
    cost: KdfCost = DEFAULT_COST,
) -> MasterKey:
    """Replace the master key, have everything re-wrapped, and forget the old one. Returns the new master.

    Three durable steps: the file comes to hold the new master and, sealed under it, the old; ``rewrap`` moves every
    key; the file drops the old. Killed anywhere, the file opens (with the old passphrase before the first step, with
    the new one after it) and everything unwraps. Calling it again finishes what was interrupted, without making yet
    another key. Keyring copy and recovery shares of the old master are void afterwards: store and print anew.
    """
    present = unlock_with_passphrase(path, passphrase, studio)
    chosen = passphrase if new_passphrase is None else new_passphrase
    if new_passphrase is not None:
        check_new_passphrase(new_passphrase)
    if present.predecessor is None:
        present = MasterKey(new_master().exposed_bytes, predecessor=present)
        durable_write(path, _encoded(present, chosen, studio, cost))
    retiring = present.predecessor
    if retiring is None:
        raise AssertionError("set just above")
    rewrap(retiring, present)
    fresh = MasterKey(present.exposed_bytes)
    durable_write(path, _encoded(fresh, chosen, studio, cost))
    return fresh


def _canonical(value: dict[str, Any]) -> bytes:
    # ASCII text and small integers only: for those this is the RFC 8785 form.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _encoded(master: MasterKey, passphrase: str, studio: OrganisationId, cost: KdfCost) -> bytes:
    salt, nonce = token_bytes(_SALT), token_bytes(_NONCE)
    header: dict[str, Any] = {
        "format": FORMAT,
        "studio": studio,
        "key_id": master.key_id,
        "kdf": {
            "name": "argon2id",
            "memory_kib": cost.memory_kib,
            "passes": cost.passes,
            "lanes": cost.lanes,
            "salt": _b64(salt),
        },
    }
    if master.predecessor is not None:
        inner = token_bytes(_NONCE)
        sealed = AESGCM(master.derive("predecessor")).encrypt(inner, master.predecessor.exposed_bytes, studio.encode())
        header["previous"] = _b64(inner + sealed)
    key = passphrase_key(passphrase, salt, cost)
    wrapped = nonce + AESGCM(key).encrypt(nonce, master.exposed_bytes, _canonical(header))
    return _canonical({**header, "wrapped": _b64(wrapped)})


def _damaged(why: str) -> CannotOpen:
    return CannotOpen(f"The key file of the studio is damaged: {why}.", _RESTORE)


def _read(path: Path, studio: OrganisationId) -> _KeyFile:
    try:
        with path.open("rb") as stream:
            untrusted = stream.read(_LARGEST + 1)
    except OSError as error:
        raise CannotOpen(
            f"The key file of the studio cannot be read ({error.strerror}).",
            "Nothing was changed. Check that this is a studio's folder, or restore the file from a backup.",
        ) from error
    try:
        parsed = json.loads(untrusted.decode("ascii")) if len(untrusted) <= _LARGEST else None
    except (ValueError, RecursionError) as error:
        raise _damaged("it is not JSON") from error
    if not isinstance(parsed, dict) or _canonical(parsed) != untrusted:
        raise _damaged("it is not in the form this program writes")
    if parsed.get("format") != FORMAT:
        raise CannotOpen("The key file is of a version this program does not know.", "Use a newer Safelight.")
    required = {"format", "studio", "key_id", "kdf", "wrapped"}
    kdf = parsed.get("kdf")
    if set(parsed) - {"previous"} != required or not isinstance(kdf, dict):
        raise _damaged("a field is missing or unknown")
    numbers = [kdf.get("memory_kib"), kdf.get("passes"), kdf.get("lanes")]
    if set(kdf) != {"name", "memory_kib", "passes", "lanes", "salt"} or kdf["name"] != "argon2id":
        raise _damaged("its passphrase parameters are not the known ones")
    if any(type(number) is not int for number in numbers):
        raise _damaged("its passphrase parameters are not numbers")
    if parsed["studio"] != studio:
        raise CannotOpen("The key file belongs to another studio.", _RESTORE)
    cost = KdfCost(kdf["memory_kib"], kdf["passes"], kdf["lanes"])
    cost.check()
    sealed_size = _NONCE + KEY_SIZE + 16
    return _KeyFile(
        header={name: value for name, value in parsed.items() if name != "wrapped"},
        cost=cost,
        salt=_bytes(kdf["salt"], _SALT),
        wrapped=_bytes(parsed["wrapped"], sealed_size),
        previous=_bytes(parsed["previous"], sealed_size) if "previous" in parsed else None,
    )


def _bytes(untrusted: Any, size: int) -> bytes:
    try:
        data = base64.b64decode(untrusted, validate=True) if isinstance(untrusted, str) else b""
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != size:
        raise _damaged("a field has not the right size")
    return data


def _opened(file: _KeyFile, passphrase: str) -> MasterKey:
    key = passphrase_key(passphrase, file.salt, file.cost)
    try:
        secret = AESGCM(key).decrypt(file.wrapped[:_NONCE], file.wrapped[_NONCE:], _canonical(file.header))
    except InvalidTag as error:
        raise CannotOpen(
            "The passphrase does not open this studio.",
            "Nothing was changed. Try again; if it is right, the key file is damaged: restore it from a backup.",
        ) from error
    return _with_predecessor(file, MasterKey(secret))


def _with_predecessor(file: _KeyFile, master: MasterKey) -> MasterKey:
    if file.previous is None:
        return master
    try:
        old = AESGCM(master.derive("predecessor")).decrypt(
            file.previous[:_NONCE], file.previous[_NONCE:], file.header["studio"].encode()
        )
    except InvalidTag as error:
        raise _damaged("what an unfinished key change left in it was changed") from error
    return MasterKey(master.exposed_bytes, predecessor=MasterKey(old))
