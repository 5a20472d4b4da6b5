"""Identity cards: what a studio or an agency shows of itself, so that others can pin its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, RecipientId
from safelight.domain.people import Recipient

from .jcs import canonical
from .plain import from_plain, to_plain
from .reading import Faults, parse_json, validate

FORMAT = "safelight-card/1"
WHAT = "card"
SCHEMA = "card"
_SIGNATURES = ("signature", "previous_signature")


class CardKind(StrEnum):
    """Whose card it is."""

    STUDIO = "studio"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class IdentityCard:
    """A public identity (``safelight-card/1``); signatures are carried, checking them is the keys' business.

    A studio's card has ``ca_certificate`` (PEM); an agency's has ``recipient`` (``age1…``). After a key change
    ``previous_ssh_public_key`` names the old key and ``previous_signature`` is made with it. Public keys are in
    OpenSSH form without a comment (``ssh-ed25519 AAAA…``), signatures armored SSHSIG, namespace safelight-card.
    """

    kind: CardKind
    id: str
    name: str
    country: Country
    contact: str
    address: str
    ssh_public_key: str
    issued_at: datetime
    ca_certificate: str | None = None
    recipient: RecipientId | None = None
    previous_ssh_public_key: str | None = None
    previous_signature: str | None = None
    signature: str | None = None

    def as_recipient(self) -> Recipient:
        """The recipient this card describes; raises :class:`WrongUsage` for a studio's card."""
        if self.recipient is None:
            raise WrongUsage(f"This is the card of a studio ('{self.name[:80]}'), not of an agency.")
        return Recipient(self.recipient, self.name, self.country, self.contact, address=self.address)


def _written(card: IdentityCard) -> dict[str, Any]:
    return {"format": FORMAT, **{name: value for name, value in to_plain(card).items() if value is not None}}


def signed_part(card: IdentityCard) -> bytes:
    """The bytes both signatures cover: the RFC 8785 form of the card without ``signature`` and ``previous_signature``.

    A member that has no value is left out, not written as null.
    """
    return canonical({name: value for name, value in _written(card).items() if name not in _SIGNATURES})


def card_bytes(card: IdentityCard) -> bytes:
    """The RFC 8785 bytes of the card; raises :class:`Malformed` while it is unsigned or not of the schema's form."""
    written = _written(card)
    validate(SCHEMA, written, WHAT)
    return canonical(written)


def read_card(untrusted: bytes | Mapping[str, Any]) -> IdentityCard:
    """The card in ``untrusted``; raises :class:`Malformed` with every fault. Its signatures are still to be checked."""
    raw = parse_json(untrusted, WHAT, max_bytes=64 * 1024) if isinstance(untrusted, bytes) else untrusted
    validate(SCHEMA, raw, WHAT)
    card = from_plain(IdentityCard, {name: value for name, value in raw.items() if name != "format"}, "", WHAT)
    faults = Faults(WHAT)
    if card.previous_ssh_public_key == card.ssh_public_key:
        faults.add("/previous_ssh_public_key", "is the same as the new key")
    faults.raise_any()
    return card
