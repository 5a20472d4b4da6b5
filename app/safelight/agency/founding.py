"""Founds an agency and opens it again: folder, master key, the identity bundles are encrypted to, and its card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from safelight.agency.open_agency import OpenAgency
from safelight.agency.standings import Standings
from safelight.documents.countries import country_code
from safelight.documents.identity_cards import CardKind, IdentityCard, card_bytes, signed_part
from safelight.documents.reading import printable
from safelight.documents.rules import shipped_rules
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, Malformed, NeedsPassphrase, WrongUsage
from safelight.domain.ids import AgencyId, RecipientId
from safelight.keys.keychain import load_from_keyring, store_in_keyring
from safelight.keys.master import MasterKey, new_master
from safelight.keys.passphrases import DEFAULT_COST, KdfCost, check_new_passphrase
from safelight.keys.process import harden
from safelight.keys.secrets import OrganisationSecrets, load_secrets, new_organisation_secrets, save_secrets
from safelight.keys.wrapping import create_wrapped, open_with_master, unlock_with_passphrase
from safelight.storage.catalogue import PhotoCatalogue
from safelight.storage.catalogue_folder import AgencyFolder, read_agency_identity
from safelight.storage.catalogue_rows import Agency
from safelight.storage.clock import Acknowledge, Clock, acknowledge_nobody, new_id, system_clock
from safelight.storage.folder import create_folder


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new agency is called and where it stands."""

    name: str
    country: str
    contact: str
    address: str = ""


def found_agency(
    path: Path,
    wanted: Founding,
    passphrase: str,
    *,
    clock: Clock = system_clock,
    acknowledge: Acknowledge = acknowledge_nobody,
    cost: KdfCost = DEFAULT_COST,
    keyring: bool = False,
    identity: str | None = None,
) -> OpenAgency:
    """Make a new agency in ``path`` and open it; the folder must not exist or be empty.

    The passphrase wraps the master key (Argon2id); with ``keyring`` the operating system keeps a second copy.
    ``identity`` is an age identity that exists already: what was sent to it opens here (None: a new one). Raises
    :class:`WrongUsage` for a missing name, an unknown country or a passphrase that is too short, :class:`CannotOpen`
    for an unusable keyring.
    """
    for what, value in (("name", wanted.name), ("contact", wanted.contact)):
        if not value.strip():
            raise WrongUsage(f"An agency needs a {what}.", "Studios must know whom they hand pictures to.")
    country = country_code(wanted.country, "Nothing was founded.")
    check_new_passphrase(passphrase)
    harden()
    now = clock()
    own = Agency(AgencyId(new_id()), wanted.name.strip(), country, wanted.contact.strip(), wanted.address.strip())
    with _told_to_agencies():
        create_folder(path, own.id, now, AgencyFolder)
        folder = AgencyFolder(path)
        master = new_master()
        create_wrapped(folder.master, master, passphrase, own.id, cost)
        secrets = new_organisation_secrets(identity)
        save_secrets(folder.secrets, master, own.id, secrets)
        if keyring:
            store_in_keyring(own.id, master)
        catalogue = PhotoCatalogue.create(folder, own.id, master, now, sign=_head_signer(secrets))
    try:
        with catalogue.transaction(now) as writing:
            catalogue.trusted_studios.put_own(writing, own)
            entry = catalogue.journal.append(writing, "agency-founded", own.id, b"")
    except BaseException:
        catalogue.close()
        raise
    acknowledge(own.id, entry.hash)
    return _opened(own, catalogue, secrets, clock, acknowledge)


def open_agency(
    path: Path,
    passphrase: str | None,
    *,
    clock: Clock = system_clock,
    acknowledge: Acknowledge = acknowledge_nobody,
) -> OpenAgency:
    """Open the agency in ``path`` with its passphrase, or from the OS keyring when ``passphrase`` is None.

    Raises :class:`CannotOpen` for a wrong passphrase, an empty keyring, or when another process has the agency open.
    """
    harden()
    with _told_to_agencies():
        agency, _ = read_agency_identity(path)
        folder = AgencyFolder(path)
        if passphrase is not None:
            master = unlock_with_passphrase(folder.master, passphrase, agency)
        else:
            master = _from_keyring(folder, agency)
        secrets = load_secrets(folder.secrets, master, agency)
        catalogue = PhotoCatalogue.open(folder, agency, master, sign=_head_signer(secrets), digested=secrets.digested)
    try:
        if not secrets.digested:
            # After the digests are durable: whoever is killed in between finds them, and notes it then.
            secrets = replace(secrets, digested=True)
            save_secrets(folder.secrets, master, agency, secrets)
        return _opened(catalogue.trusted_studios.own(), catalogue, secrets, clock, acknowledge)
    except BaseException:
        catalogue.close()
        raise


def agency_card(agency: OpenAgency) -> bytes:
    """The signed public identity that studios add as a recipient (``safelight-card/1``)."""
    agency.catalogue.rely_on(["own"])
    own = agency.identity
    card = IdentityCard(
        kind=CardKind.AGENCY,
        id=own.id,
        name=own.name,
        country=own.country,
        contact=own.contact,
        address=own.address,
        ssh_public_key=agency.signer.public_ssh,
        issued_at=agency.dated(),
        recipient=agency.recipient,
    )
    return card_bytes(replace(card, signature=agency.signer.sign(signed_part(card), "safelight-card")))


def agency_identity(agency: OpenAgency) -> tuple[bytes, Changes]:
    """The agency's age identity as an identity file **in clear**, with a warning in it; that it was written is noted.

    Whoever has it opens every bundle that was or will be sent to the agency, so it goes nowhere but to a file only its
    owner can read.
    """
    agency.catalogue.rely_on(["own"])
    identity = agency.secrets.age()
    with agency.catalogue.transaction(agency.dated()) as writing:
        agency.catalogue.journal.append(writing, "identity-written", agency.identity.id, b"")
    lines = (
        f"# The age identity of {printable(agency.identity.name, 200)}.",
        "# Whoever has this file opens every bundle that was or will be sent to this agency: keep it as you keep keys.",
        f"# public key: {identity.recipient}",
        identity.exposed_secret,
    )
    return "".join(f"{line}\n" for line in lines).encode(), Changes.JOURNAL


def _opened(
    identity: Agency, catalogue: PhotoCatalogue, secrets: OrganisationSecrets, clock: Clock, acknowledge: Acknowledge
) -> OpenAgency:
    return OpenAgency(
        identity=identity,
        catalogue=catalogue,
        secrets=secrets,
        rules=shipped_rules(),
        signer=secrets.signing_key(),
        recipient=RecipientId(secrets.age().recipient),
        standings=Standings(catalogue),
        clock=clock,
        acknowledge=acknowledge,
    )


def _head_signer(secrets: OrganisationSecrets) -> Callable[[bytes], str]:
    key = secrets.signing_key()
    return lambda head: key.sign(head, "safelight-journal")


def _from_keyring(folder: AgencyFolder, agency: AgencyId) -> MasterKey:
    master = load_from_keyring(agency)
    if master is None:
        raise NeedsPassphrase(
            "The keyring of this machine does not hold the key of this agency.",
            "Open it with --passphrase-file; nothing was changed.",
        )
    return open_with_master(folder.master, master, agency)


@contextmanager
def _told_to_agencies() -> Iterator[None]:
    """The keys and the lock are shared with studios and speak of one; an agency is told of itself."""
    try:
        yield
    except (CannotOpen, Malformed) as error:
        told = [text.replace("a studio", "an agency").replace("studio", "agency") for text in (error.title, error.hint)]
        raise type(error)(told[0], told[1]) from error
