"""Checks identity cards: whose they are, and that the key they name signed them."""

from __future__ import annotations

from safelight.documents.identity_cards import CardKind, IdentityCard, read_card, signed_part
from safelight.domain.errors import Refused, WrongUsage
from safelight.keys.age_identity import recipient_point
from safelight.keys.signing import verify_sshsig


def check_card(untrusted: bytes, kind: CardKind) -> IdentityCard:
    """The card in ``untrusted`` with its own signature checked, and the older key's where it names one.

    A card vouches for itself alone: whether its key is the right one, people compare by the six words. Raises
    :class:`Refused`, :class:`Malformed` (also for a recipient to which nothing can be encrypted), or
    :class:`WrongUsage` for a card of the other kind.
    """
    card = read_card(untrusted)
    if card.kind is not kind:
        raise WrongUsage(f"This is the card of {_a(card.kind)}, not of {_a(kind)}.", "Nothing was added.")
    if card.recipient is not None:
        recipient_point(card.recipient)
    if card.signature is None:
        raise Refused("This card is not signed.", "Nothing was added; ask for a new card.")
    verify_sshsig(card.ssh_public_key, signed_part(card), card.signature, "safelight-card")
    if card.previous_ssh_public_key is not None:
        if card.previous_signature is None:
            raise Refused("This card names an older key but that key did not sign it.", "Ask for a new card.")
        verify_sshsig(card.previous_ssh_public_key, signed_part(card), card.previous_signature, "safelight-card")
    return card


def _a(kind: CardKind) -> str:
    return "an agency" if kind is CardKind.AGENCY else "a studio"
