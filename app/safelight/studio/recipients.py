"""The organisations a studio hands pictures to: added by their card, known by their key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import RecipientId
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.people import Recipient
from safelight.formats.cards import Card, CardKind, read_card
from safelight.formats.countries import country_code
from safelight.keys.cards import check_card
from safelight.keys.signing import fingerprint_words
from safelight.studio.open_studio import OpenStudio


@dataclass(frozen=True, slots=True)
class AddedRecipient:
    """A recipient and the six words to compare with what the organisation says over the phone."""

    recipient: Recipient
    words: tuple[str, ...]


def add_recipient(
    studio: OpenStudio, untrusted_card: bytes, cover: Cover | None = None
) -> tuple[AddedRecipient, Changes]:
    """Add or renew a recipient from its card; ``cover`` is the transfer mechanism the studio checked, if any.

    Raises :class:`Refused` when the recipient is known by another key that does not vouch for the new one.
    """
    card = check_card(untrusted_card, CardKind.AGENCY)
    recipient = card.as_recipient()
    country_code(recipient.country, "Nothing was added; ask them for a card that names their country by its code.")
    for row in studio.archive.recipients.list():
        known = read_card(row.card)
        # An age recipient is public, so anybody can write it on a card: only the key that signed the first may renew.
        if row.recipient.id == recipient.id and known.ssh_public_key not in _keys_of(card):
            raise Refused(
                f"'{row.recipient.name}' is known by another key, and that key did not sign this card.",
                "Nothing was changed. Call them: a renewed card is signed by the old key as well.",
            )
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.recipients.put(writing, recipient, untrusted_card, cover)
        entry = studio.archive.journal.append(writing, "recipient-added", recipient.id, b"")
    studio.acknowledge(recipient.id, entry.hash)
    return AddedRecipient(recipient, fingerprint_words(card.ssh_public_key)), Changes.RECIPIENTS


def _keys_of(card: Card) -> tuple[str | None, ...]:
    return card.ssh_public_key, card.previous_ssh_public_key


def find_recipient(studio: OpenStudio, wanted: str) -> tuple[Recipient, Cover | None]:
    """The recipient with this id or, when only one has it, this name, and its transfer mechanism."""
    rows = studio.archive.recipients.list()
    found = [each for each in rows if wanted in (each.recipient.id, each.recipient.name)]
    if len(found) != 1:
        known = ", ".join(each.recipient.name for each in rows) or "none yet"
        raise WrongUsage(f"There is no single recipient called '{wanted[:60]}'.", f"Known: {known}.")
    return found[0].recipient, found[0].cover


def recipient_named(studio: OpenStudio, wanted: str) -> RecipientId | None:
    """The id of a recipient given by id or name; ``studio`` stands for the studio itself. None when unknown."""
    if wanted == "studio":
        return RecipientId(studio.secrets.age().recipient)
    found = [each for each in studio.archive.recipients.list() if wanted in (each.recipient.id, each.recipient.name)]
    return found[0].recipient.id if len(found) == 1 else None


def studio_as_recipient(studio: OpenStudio) -> Recipient:
    """The studio as a named recipient of its own (AI retouching in house, for example)."""
    own = studio.identity
    own_id = RecipientId(studio.secrets.age().recipient)
    return Recipient(own_id, own.name, own.country, own.contact, "studio", own.address)


def read_cover(mechanism: str, checked_on: date) -> Cover:
    """A transfer mechanism by its short name; raises :class:`WrongUsage` for another."""
    try:
        return Cover(Mechanism(mechanism), checked_on)
    except ValueError:
        known = ", ".join(each.value for each in Mechanism)
        raise WrongUsage(f"'{mechanism[:40]}' is not a transfer mechanism.", f"Known: {known}.") from None
