"""Identity cards: what a studio or an agency shows of itself, so that others can pin its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from safelight.domain.ids import Country, RecipientId
from safelight.domain.people import Recipient, Studio


class CardKind(StrEnum):
    """Whose card it is."""

    STUDIO = "studio"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Card:
    """A public identity (``safelight-card/1``); signatures are carried, checking them is the keys' business.

    A studio's card has ``ca_certificate`` (PEM); an agency's has ``recipient`` (``age1…``). After a key change
    ``previous_ssh_public_key`` names the old key and ``previous_signature`` is made with it.
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

    def as_studio(self) -> Studio:
        """The studio this card describes; raises :class:`WrongUsage` for an agency's card."""
        ...

    def as_recipient(self) -> Recipient:
        """The recipient this card describes; raises :class:`WrongUsage` for a studio's card."""
        ...


def signed_part(card: Card) -> bytes:
    """The bytes both signatures cover: the RFC 8785 form of the card without ``signature`` and ``previous_signature``."""
    ...


def card_bytes(card: Card) -> bytes:
    """The RFC 8785 bytes of the card; raises :class:`WrongUsage` while it is not signed."""
    ...


def read_card(untrusted: bytes | Mapping[str, Any]) -> Card:
    """The card in ``untrusted``; raises :class:`Malformed` with every fault. Its signatures are still to be checked."""
    ...
