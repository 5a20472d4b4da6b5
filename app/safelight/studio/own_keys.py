"""What an open studio does with its own keys: another passphrase, new recovery sheets, the copy in the keyring."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen
from safelight.domain.progress import Report, silent
from safelight.domain.sheets import Paper
from safelight.keys.keychain import forget_in_keyring, keyring_state, load_from_keyring, store_in_keyring
from safelight.keys.passphrases import DEFAULT_COST, KdfCost
from safelight.keys.signing import fingerprint_words
from safelight.studio.card_sheets import recovery_sheets
from safelight.studio.founding import recovery_shares, set_passphrase
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class KeyringUse:
    """Whether the keyring of this account can keep the key, and whether it does; ``why`` is a sentence for people."""

    usable: bool
    kept: bool
    why: str


def keyring_use(studio: OpenStudio) -> KeyringUse:
    """Ask the keyring of this account; a key of before the last change of keys counts as none."""
    state = keyring_state()
    if not state.usable:
        return KeyringUse(False, False, state.why)
    try:
        found = load_from_keyring(studio.identity.id)
    except CannotOpen as refusal:
        return KeyringUse(False, False, str(refusal))
    return KeyringUse(True, found is not None and found.key_id == studio.master.key_id, state.why)


def keep_in_keyring(studio: OpenStudio) -> tuple[KeyringUse, Changes]:
    """Let the keyring of this account keep a copy of the key, read back; it opens without the passphrase from then on.

    Raises :class:`CannotOpen` for a keyring that is locked, missing or not known to encrypt what it holds.
    """
    store_in_keyring(studio.identity.id, studio.master)
    return keyring_use(studio), Changes.STUDIO


def drop_from_keyring(studio: OpenStudio) -> tuple[KeyringUse, Changes]:
    """Take the copy out of the keyring: only the passphrase, or two sheets, open the studio from then on."""
    forget_in_keyring(studio.identity.id)
    return keyring_use(studio), Changes.STUDIO


def replace_passphrase(studio: OpenStudio, old: str, new: str, cost: KdfCost = DEFAULT_COST) -> Changes:
    """Replace the passphrase of the open studio; the old one opens nothing afterwards, except copies made before.

    Raises :class:`CannotOpen` when ``old`` is not the passphrase, or ``new`` is too short.
    """
    set_passphrase(studio.archive.folder.path, old, new, cost)
    return Changes.STUDIO


def recovery_pdf(
    studio: OpenStudio, passphrase: str, language: str, paper: Paper = Paper.A4, report: Report = silent
) -> bytes:
    """New recovery sheets as PDF, three pages; those printed before go on to open the studio as well.

    Raises :class:`CannotOpen` when this is not the passphrase.
    """
    report(0, 2, "")
    shares = recovery_shares(studio.archive.folder.path, passphrase)
    report(1, 2, "")
    return recovery_sheets(shares, studio.identity.name, language, paper, studio.clock)


def key_words(studio: OpenStudio) -> tuple[str, ...]:
    """The studio's signing key in six words, which agencies compare before they trust its card."""
    return fingerprint_words(studio.signer.public_ssh)
