"""Keeps a copy of the master key in the operating system's keyring: a convenience, never the only copy."""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from safelight.domain.errors import CannotOpen, NeedsPassphrase
from safelight.domain.ids import OrganisationId
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
    found: list[type[Exception]] = [OSError, RuntimeError]
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
