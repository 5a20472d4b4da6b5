"""Keeps things in the operating system's keyring: a copy of the master key, and how far the journal was.

The copy of the key is a convenience, never the only copy. How far the journal was tells a folder that was put back to
an earlier day, which nothing in the folder does. It is asked for and kept without ever opening a prompt.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import sys
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from safelight.domain.errors import CannotOpen, NeedsPassphrase
from safelight.domain.ids import OrganisationId, Sha256
from safelight.domain.journal_stretch import Head
from safelight.keys.master import KEY_SIZE, MasterKey

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

ALLOWED_BACKENDS = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""The stores that encrypt what they hold; any other (null, plain text, third-party files) is refused by name."""

_CHAINER = "keyring.backends.chainer.ChainerBackend"
_SERVICE = "Safelight"
_PREFIX = "safelight-master-1:"
_HEAD = re.compile(r"safelight-head-1:(\d{1,15}):([0-9a-f]{64})")
_ALWAYS_OPEN = ("keyring.backends.macOS.Keyring", "keyring.backends.Windows.WinVaultKeyring")
_SECRET_SERVICE = ("keyring.backends.SecretService.Keyring", "keyring.backends.libsecret.Keyring")
_PASSPHRASE = "Open the studio with its passphrase; nothing was stored and nothing was changed."


@dataclass(frozen=True, slots=True)
class KeyringState:
    """Whether the system's keyring may be used: ``backend`` is its name, ``why`` a sentence for a person."""

    usable: bool
    backend: str
    why: str


def keyring_state(backend: KeyringBackend | None = None) -> KeyringState:
    """Whether a keyring that encrypts is here, without asking it for anything (that could open an unlock prompt).

    ``backend`` stands in for the system's own; leave it out except in tests.
    """
    try:
        name = _name(_usable(backend))
    except CannotOpen as refusal:
        return KeyringState(False, _safe_name(backend), str(refusal))
    return KeyringState(True, name, f"The keyring of this account is used ({name}).")


def store_in_keyring(studio: OrganisationId, master: MasterKey, backend: KeyringBackend | None = None) -> None:
    """Put ``master`` into the keyring and read it back; :class:`CannotOpen` if that store would not really keep it."""
    store = _usable(backend)
    text = _PREFIX + base64.b64encode(master.exposed_bytes).decode()
    try:
        store.set_password(_SERVICE, studio, text)
        back = store.get_password(_SERVICE, studio)
    except _failures() as error:
        raise _refusal(store, error) from error
    if back is None or not hmac.compare_digest(back.encode(), text.encode()):
        raise CannotOpen(f"The keyring ({_name(store)}) did not keep what was stored in it.", _PASSPHRASE)


def load_from_keyring(studio: OrganisationId, backend: KeyringBackend | None = None) -> MasterKey | None:
    """The master key the keyring holds for this studio, or None if it holds none.

    It may be out of date (rotation on another machine): ``wrapping.open_with_master`` tells. Raises
    :class:`CannotOpen` when the keyring is unusable, locked, or holds something that is not a key of ours.
    """
    store = _usable(backend)
    try:
        text = store.get_password(_SERVICE, studio)
    except _failures() as error:
        raise _refusal(store, error) from error
    if text is None:
        return None
    try:
        secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(_PREFIX) or len(secret) != KEY_SIZE:
        raise NeedsPassphrase(f"What the keyring ({_name(store)}) holds for this studio is not its key.", _PASSPHRASE)
    return MasterKey(secret)


def forget_in_keyring(studio: OrganisationId, backend: KeyringBackend | None = None) -> None:
    """Remove the copy from the keyring; nothing happens when there is none."""
    store = _usable(backend)
    try:
        if store.get_password(_SERVICE, studio) is not None:
            store.delete_password(_SERVICE, studio)
        left = store.get_password(_SERVICE, studio)
    except _failures() as error:
        raise _refusal(store, error) from error
    if left is not None:
        raise CannotOpen(
            f"The keyring ({_name(store)}) still holds the key after it was told to forget it.",
            "Remove the entry “Safelight” with the keyring program of this system.",
        )


def keyring_may_be_here() -> bool:
    """Whether it is worth asking at all, without loading anything: on Linux keyrings are asked over D-Bus."""
    if os.environ.get("PYTHON_KEYRING_BACKEND", "").startswith(("keyring.backends.fail.", "keyring.backends.null.")):
        return False
    if sys.platform in ("darwin", "win32"):
        return True
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ or Path(f"/run/user/{os.getuid()}/bus").exists()


def load_head(studio: OrganisationId, folder: Path, backend: KeyringBackend | None = None) -> Head | None:
    """The newest end of this studio's journal, in this folder, that the keyring knows; None where it knows none.

    A keyring that is missing, locked or does not answer knows none: it is no fault, and nobody is asked to unlock it.
    """
    try:
        store = _usable(backend)
        text = store.get_password(_SERVICE, _head_name(studio, folder)) if _opens_by_itself(store) else None
    except _refusals():
        return None
    found = _HEAD.fullmatch(text or "")
    return None if found is None else Head(int(found[1]), Sha256(found[2]))


def store_head(studio: OrganisationId, folder: Path, head: Head, backend: KeyringBackend | None = None) -> None:
    """Keep ``head`` in place of what the keyring knew; where it is missing, locked or silent nothing happens."""
    try:
        store = _usable(backend)
        if _opens_by_itself(store):
            store.set_password(_SERVICE, _head_name(studio, folder), f"safelight-head-1:{head.number}:{head.hash}")
    except _refusals():
        return


def replace_head(
    studio: OrganisationId, folder: Path, head: Head | None, backend: KeyringBackend | None = None
) -> bool:
    """Keep ``head``, or nothing, because somebody decided so; a locked keyring may ask to be unlocked.

    False where a keyring is there and still knows what it knew before.
    """
    try:
        store = _usable(backend)
    except CannotOpen:
        return True
    name = _head_name(studio, folder)
    try:
        if head is not None:
            store.set_password(_SERVICE, name, f"safelight-head-1:{head.number}:{head.hash}")
        elif store.get_password(_SERVICE, name) is not None:
            store.delete_password(_SERVICE, name)
    except _failures():
        return False
    return True


def _head_name(studio: OrganisationId, folder: Path) -> str:
    # By place: a copy that is tried out elsewhere has a journal of its own from then on. Not resolved: whoever puts a
    # link in place of the folder would choose another name.
    place = hashlib.sha256(str(folder.absolute()).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{studio}/journal/{place[:16]}"


def _refusals() -> tuple[type[Exception], ...]:
    return CannotOpen, *_failures()


def _opens_by_itself(store: KeyringBackend) -> bool:
    """Whether asking this store opens no prompt; of one that cannot tell, no."""
    name = _name(store)
    if name in _SECRET_SERVICE:
        service = import_module("secretstorage")
        with closing(service.dbus_init()) as bus:
            return not service.Collection(bus).is_locked()
    return name in _ALWAYS_OPEN


def _usable(backend: KeyringBackend | None) -> KeyringBackend:
    """The store to use, or :class:`CannotOpen` with the reason why this one never is."""
    chosen = backend if backend is not None else _system_backend()
    name = _name(chosen)
    if name in ALLOWED_BACKENDS:
        return chosen
    if name == _CHAINER:
        members: list[KeyringBackend] = list(chosen.backends)  # type: ignore[attr-defined]
        foreign = [_name(member) for member in members if _name(member) not in ALLOWED_BACKENDS]
        if members and not foreign:
            # Not the chain: it moves on to the next store when one fails, and then two stores hold different keys.
            return members[0]
        reason = f"it would also use {', '.join(foreign)}" if foreign else "no store is behind it"
        raise NeedsPassphrase(f"The keyring of this machine is not used: {reason}.", _PASSPHRASE)
    if name.startswith("keyring.backends.fail."):
        raise NeedsPassphrase("This machine has no keyring.", _PASSPHRASE)
    if name.startswith("keyring.backends.null."):
        raise NeedsPassphrase("The keyring of this machine is switched off: it forgets what it is given.", _PASSPHRASE)
    raise NeedsPassphrase(
        f"The keyring of this machine is not used: {name} is not known to encrypt what it holds.", _PASSPHRASE
    )


def _system_backend() -> KeyringBackend:
    # Imported here: importing keyring reads the environment, starts backends and may fail on a wrong setting there.
    try:
        import keyring

        return keyring.get_keyring()
    except (ImportError, AttributeError, ValueError, RuntimeError, OSError) as error:
        raise NeedsPassphrase(
            f"The keyring of this machine does not start ({type(error).__name__}).", _PASSPHRASE
        ) from error


def _name(backend: KeyringBackend) -> str:
    # The exact class: a subclass of an allowed store may do anything.
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _safe_name(backend: KeyringBackend | None) -> str:
    try:
        return _name(backend if backend is not None else _system_backend())
    except CannotOpen:
        return "none"


def _failures() -> tuple[type[Exception], ...]:
    """What the allowed stores raise when they refuse or their daemon is gone, as far as they are installed."""
    found: list[type[Exception]] = [OSError, RuntimeError, ImportError]
    for module, name in (
        ("keyring.errors", "KeyringError"),
        ("secretstorage.exceptions", "SecretStorageException"),
        ("jeepney.wrappers", "DBusErrorResponse"),
        ("keyring.backends.macOS.api", "Error"),
    ):
        try:
            found.append(getattr(import_module(module), name))
        except (ImportError, AttributeError, OSError):
            continue  # that store is not of this system
    return tuple(found)


def _refusal(store: KeyringBackend, error: Exception) -> CannotOpen:
    from keyring.errors import KeyringLocked

    if isinstance(error, KeyringLocked):
        return NeedsPassphrase(
            f"The keyring of this account is locked ({_name(store)}).", f"Unlock it and try again. {_PASSPHRASE}"
        )
    return NeedsPassphrase(f"The keyring of this account does not answer ({type(error).__name__}).", _PASSPHRASE)
