"""Trusts studios: pins the key on a studio's card, and follows it to a new key only when the old one vouches for it."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.agency.open_agency import OpenAgency
from safelight.documents.countries import country_code
from safelight.documents.identity_cards import CardKind, IdentityCard, read_card
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused
from safelight.domain.ids import StudioId
from safelight.keys.cards import check_card
from safelight.keys.signing import fingerprint_words
from safelight.storage.catalogue_rows import TrustedStudio


@dataclass(frozen=True, slots=True)
class Trusted:
    """A studio that is trusted from now on, and the six words to compare with what it says over the phone.

    ``replaced``: it was trusted before under another key, and that key signed the new card.
    """

    card: IdentityCard
    words: tuple[str, ...]
    replaced: bool = False


def trust_studio(agency: OpenAgency, untrusted_card: bytes) -> tuple[Trusted, Changes]:
    """Pin the studio of ``untrusted_card``. An older card than the one known changes nothing.

    Raises :class:`Refused` when the studio is known by another key that did not sign this card: somebody else may be
    using its name.
    """
    card = check_card(untrusted_card, CardKind.STUDIO)
    country_code(card.country, "Nothing was trusted; ask the studio for a card with the code of its country.")
    studio = StudioId(card.id)
    trusted = Trusted(card, fingerprint_words(card.ssh_public_key))
    with agency.catalogue.transaction(agency.dated()) as writing:
        # Read here: of two cards that are trusted at once, by two programs, the newer one stays.
        agency.catalogue.rely_on(["pin"])
        known = agency.catalogue.trusted_studios.get(studio)
        if known is not None:
            if known.ssh_public_key != card.ssh_public_key:
                _check_follows(known, card)
                trusted = Trusted(card, trusted.words, replaced=True)
            elif card.issued_at <= known.card_issued_at:
                return trusted, Changes.NONE
        former = former_keys(known) if known is not None else ()
        before = (known.ssh_public_key if known is not None else None, card.previous_ssh_public_key)
        former = tuple(dict.fromkeys(each for each in (*former, *before) if each and each != card.ssh_public_key))
        kept = TrustedStudio(studio, card.name, card.ssh_public_key, card.issued_at, untrusted_card, former)
        agency.catalogue.trusted_studios.put(writing, kept)
        kind = "studio-key-followed" if trusted.replaced else "studio-trusted"
        entry = agency.catalogue.journal.append(writing, kind, studio, card.ssh_public_key.encode())
    agency.standings.forget()
    agency.acknowledge(studio, entry.hash)
    return trusted, Changes.RECIPIENTS | Changes.JOURNAL


def former_keys(trusted: TrustedStudio) -> tuple[str, ...]:
    """The keys the studio had before, as far as its cards tell; the newest last."""
    # Pins of the first version keep no list; the older key named on their card has signed that card.
    named = read_card(trusted.card).previous_ssh_public_key
    return tuple(dict.fromkeys((*trusted.former_keys, *([named] if named else []))))


def _check_follows(known: TrustedStudio, card: IdentityCard) -> None:
    # check_card has verified that the older key named on the card signed it; here it must be the one we pinned.
    if card.previous_ssh_public_key == known.ssh_public_key:
        return
    pinned, offered = (" ".join(fingerprint_words(key)) for key in (known.ssh_public_key, card.ssh_public_key))
    raise Refused(
        f"{known.name} is trusted by another key than the one on this card, and that key did not sign the card.",
        f"Nothing was changed. Trusted: {pinned}. On this card: {offered}. Call the studio on a number you know; if it "
        "renewed its key more than once, ask for the cards in between and trust them one after the other.",
    )
