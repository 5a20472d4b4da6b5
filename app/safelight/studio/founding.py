"""Founds a studio and opens it again: folder, master key, secrets, card, and what to do when one is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from safelight.documents.countries import country_code
from safelight.documents.identity_cards import CardKind, IdentityCard, card_bytes, signed_part
from safelight.documents.rules import shipped_rules
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, NeedsPassphrase, SafelightError, WrongUsage
from safelight.domain.ids import StudioId
from safelight.domain.people import Studio
from safelight.keys.keychain import load_from_keyring, store_in_keyring
from safelight.keys.master import MasterKey, new_master
from safelight.keys.passphrases import DEFAULT_COST, KdfCost, check_new_passphrase
from safelight.keys.process import harden
from safelight.keys.recovery import make_recovery_shares, master_from_shares
from safelight.keys.secrets import StudioSecrets, load_studio_secrets, new_studio_secrets, roll_over, save_secrets
from safelight.keys.signing import fingerprint_words
from safelight.keys.wrapping import (
    change_passphrase,
    create_wrapped,
    open_with_master,
    reset_passphrase,
    unlock_with_passphrase,
)
from safelight.storage.archive import Archive
from safelight.storage.folder import StudioFolder, create_folder, read_identity
from safelight.studio.open_studio import (
    AUTHORITY,
    Acknowledge,
    Clock,
    OpenStudio,
    acknowledge_nobody,
    new_id,
    system_clock,
)
from safelight.studio.restoring import note_restored
from safelight.studio.rules import keep_current, rules_at_work


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new studio is called and where it stands; ``authority`` where the rules file names the wrong one."""

    name: str
    country: str
    contact: str
    address: str = ""
    authority: str = ""


def found_studio(
    path: Path,
    wanted: Founding,
    passphrase: str,
    *,
    clock: Clock = system_clock,
    acknowledge: Acknowledge = acknowledge_nobody,
    cost: KdfCost = DEFAULT_COST,
    keyring: bool = False,
) -> OpenStudio:
    """Make a new studio in ``path`` and open it; the folder must not exist or be empty.

    The passphrase wraps the master key (Argon2id); with ``keyring`` the operating system keeps a second copy. Raises
    :class:`WrongUsage` for a missing name or unknown country, :class:`CannotOpen` for an unusable keyring or a weak
    passphrase; nothing is left behind then.
    """
    for what, value in (("name", wanted.name), ("contact", wanted.contact)):
        if not value.strip():
            raise WrongUsage(f"A studio needs a {what}.", "People must know who asks them and how to reach them.")
    country = country_code(wanted.country, "Nothing was founded.")
    _check_region(wanted.authority.strip())
    check_new_passphrase(passphrase)
    harden()
    now = clock()
    identity = Studio(
        StudioId(new_id()), wanted.name.strip(), country, wanted.contact.strip(), wanted.address.strip()
    )
    master = new_master()
    if keyring:
        store_in_keyring(identity.id, master)  # first, because it is what most often refuses
    folder = create_folder(path, identity.id, now)
    create_wrapped(folder.master, master, passphrase, identity.id, cost)
    secrets = new_studio_secrets(identity.name, identity.country, now)
    save_secrets(folder.secrets, master, identity.id, secrets)
    archive = Archive.create(folder, identity.id, master, now, sign=_head_signer(secrets))
    opened = _opened(identity, archive, master, secrets, clock, acknowledge)
    with archive.transaction(now) as writing:
        archive.studio.put(writing, identity)
        if wanted.authority.strip():
            archive.studio.set_setting(writing, AUTHORITY, wanted.authority.strip())
        entry = archive.journal.append(writing, "studio-founded", identity.id, b"")
        keep_current(opened, writing)
    acknowledge(identity.id, entry.hash)
    return opened


def _check_region(authority: str) -> None:
    """What looks like the code of a region is one whose authority is known."""
    regions = shipped_rules().jurisdictions.regions
    if re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", authority) and authority not in regions:
        known = ", ".join(sorted(regions))
        raise WrongUsage(f"No authority is known for the region '{authority}'.", f"Write its name, or one of: {known}.")


def open_studio(
    path: Path,
    passphrase: str | None,
    *,
    clock: Clock = system_clock,
    acknowledge: Acknowledge = acknowledge_nobody,
) -> OpenStudio:
    """Open the studio in ``path`` with its passphrase, or from the OS keyring when ``passphrase`` is None."""
    harden()
    studio, _ = read_identity(path)
    folder = StudioFolder(path)
    if passphrase is not None:
        master = unlock_with_passphrase(folder.master, passphrase, studio)
    else:
        master = _from_keyring(folder, studio)
    return _open_with(folder, studio, master, clock, acknowledge)


def open_with_shares(
    path: Path,
    shares: Sequence[str],
    new_passphrase: str,
    *,
    clock: Clock = system_clock,
    cost: KdfCost = DEFAULT_COST,
) -> OpenStudio:
    """Open a studio whose passphrase is lost with two of its three recovery shares, and set a new passphrase."""
    studio, _ = read_identity(path)
    folder = StudioFolder(path)
    master = master_from_shares(shares)
    reset_passphrase(folder.master, master, new_passphrase, studio, cost)
    return _open_with(folder, studio, open_with_master(folder.master, master, studio), clock, acknowledge_nobody)


def recovery_shares(path: Path, passphrase: str) -> tuple[str, ...]:
    """Three printable shares of the master key (SLIP-39); any two open the studio, one alone says nothing."""
    studio, _ = read_identity(path)
    return make_recovery_shares(unlock_with_passphrase(StudioFolder(path).master, passphrase, studio))


def is_passphrase(studio: OpenStudio, untrusted_text: str) -> bool:
    """Whether this is the passphrase of the open studio; as slow as opening it."""
    try:
        unlock_with_passphrase(studio.archive.folder.master, untrusted_text, studio.identity.id)
    except CannotOpen:
        return False
    return True


def set_passphrase(path: Path, old: str, new: str, cost: KdfCost = DEFAULT_COST) -> None:
    """Replace the passphrase; the old one opens nothing afterwards."""
    studio, _ = read_identity(path)
    change_passphrase(StudioFolder(path).master, old, new, studio, cost)


def studio_words(studio: OpenStudio) -> tuple[str, ...]:
    """Six words for the studio's own key, to compare over the phone with what an agency sees on its card."""
    return fingerprint_words(studio.signer.public_ssh)


def studio_card(studio: OpenStudio) -> bytes:
    """The signed public identity that agencies pin (``safelight-card/1``)."""
    return card_bytes(_signed(studio, _card(studio, studio.secrets, studio.now_believed())))


def renew_keys(studio: OpenStudio) -> tuple[tuple[OpenStudio, bytes], Changes]:
    """Roll over to a new signing key; the new card is signed by the old key as well, so that pins can follow.

    Raises :class:`CannotOpen` while another program is in: it would go on signing with the old key.
    """
    with studio.archive.alone():
        return _renewed(studio)


def _renewed(studio: OpenStudio) -> tuple[tuple[OpenStudio, bytes], Changes]:
    now = studio.now_believed()
    roll = roll_over(studio.secrets, now)
    card = replace(_card(studio, roll.secrets, now), previous_ssh_public_key=roll.previous_public_ssh)
    part = signed_part(card)
    signed = replace(
        card,
        signature=roll.secrets.signing_key().sign(part, "safelight-card"),
        previous_signature=roll.countersign(part),
    )
    with studio.archive.transaction(now) as writing:
        studio.archive.journal.append(writing, "keys-renewed", studio.identity.id, card_bytes(signed))
    save_secrets(studio.archive.folder.secrets, studio.master, studio.identity.id, roll.secrets)
    renewed = replace(
        studio,
        secrets=roll.secrets,
        signer=roll.secrets.signing_key(),
        documents=roll.secrets.document_signer(),
    )
    return (renewed, card_bytes(signed)), Changes.STUDIO | Changes.JOURNAL


def _card(studio: OpenStudio, secrets: StudioSecrets, now: datetime) -> IdentityCard:
    own = studio.identity
    return IdentityCard(
        kind=CardKind.STUDIO,
        id=own.id,
        name=own.name,
        country=own.country,
        contact=own.contact,
        address=own.address,
        ssh_public_key=secrets.signing_key().public_ssh,
        issued_at=now,
        ca_certificate=secrets.certificates.ca_certificate_pem.decode(),
    )


def _signed(studio: OpenStudio, card: IdentityCard) -> IdentityCard:
    return replace(card, signature=studio.signer.sign(signed_part(card), "safelight-card"))


def _open_with(
    folder: StudioFolder, studio: StudioId, master: MasterKey, clock: Clock, acknowledge: Acknowledge
) -> OpenStudio:
    secrets = load_studio_secrets(folder.secrets, master, studio)
    archive = Archive.open(folder, studio, master, sign=_head_signer(secrets), digested=secrets.digested)
    try:
        if not secrets.digested:
            # After the digests are durable: whoever is killed in between finds them, and notes it then.
            secrets = replace(secrets, digested=True)
            save_secrets(folder.secrets, master, studio, secrets)
        opened = _opened(archive.studio.get(), archive, master, secrets, clock, acknowledge)
        # What is wrong with it is for the check to say, and that a clock far ahead of an old backup is right is said in
        # the studio that is open. What could not be noted now is noted at the next opening.
        with suppress(SafelightError):
            return note_restored(opened)
        return opened
    except BaseException:
        archive.close()
        raise


def _opened(
    identity: Studio,
    archive: Archive,
    master: MasterKey,
    secrets: StudioSecrets,
    clock: Clock,
    acknowledge: Acknowledge,
) -> OpenStudio:
    return OpenStudio(
        identity=identity,
        archive=archive,
        master=master,
        secrets=secrets,
        rules=rules_at_work(archive, secrets),
        signer=secrets.signing_key(),
        documents=secrets.document_signer(),
        clock=clock,
        acknowledge=acknowledge,
    )


def _head_signer(secrets: StudioSecrets) -> Callable[[bytes], str]:
    key = secrets.signing_key()
    return lambda head: key.sign(head, "safelight-journal")


def _from_keyring(folder: StudioFolder, studio: StudioId) -> MasterKey:
    master = load_from_keyring(studio)
    if master is None:
        raise NeedsPassphrase(
            "The keyring of this machine does not hold the key of this studio.",
            "Open it with --passphrase-file; nothing was changed.",
        )
    return open_with_master(folder.master, master, studio)
