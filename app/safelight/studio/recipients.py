"""The organisations a studio hands pictures to: added by their card and known by their key, or named without one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from safelight.documents.countries import country_code
from safelight.documents.identity_cards import CardKind, IdentityCard, read_card
from safelight.domain.changes import Changes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import KEYLESS, Country, RecipientId
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.names import name_key
from safelight.domain.people import Recipient
from safelight.keys.cards import check_card
from safelight.keys.signing import fingerprint_words
from safelight.storage.rows import RecipientRow
from safelight.studio.open_studio import OpenStudio, new_id

SHORTEST_TYPED = 8
"""So many characters of an id somebody must type for it to be looked for as the beginning of one."""
ROLES = ("client", "employer", "agency")
"""What an organisation can be to the people in the pictures."""
LONGEST_NAME = 200
"""Characters, as on a card."""


@dataclass(frozen=True, slots=True)
class AddedRecipient:
    """A recipient, and the six words to compare with what the organisation says over the phone.

    ``words`` is empty for one without keys. ``same_name`` are others that bear exactly this name.
    """

    recipient: Recipient
    words: tuple[str, ...]
    same_name: tuple[Recipient, ...] = ()


def add_recipient(
    studio: OpenStudio, untrusted_card: bytes, cover: Cover | None = None, role: str | None = None
) -> tuple[AddedRecipient, Changes]:
    """Add or renew a recipient from its card; ``cover`` is the transfer mechanism the studio checked, if any.

    ``role`` is what it is to the people in the pictures; None keeps the one it had (at first: an agency). An employer
    is told that something ended, never why.

    Raises :class:`Refused` when the recipient is known by another key that does not vouch for the new one, or its name
    looks like another's, and :class:`Malformed` when nothing can be encrypted to it.
    """
    if role is not None:
        _check_role(role)
    card = check_card(untrusted_card, CardKind.AGENCY)
    recipient = card.as_recipient()
    country_code(recipient.country, "Nothing was added; ask them for a card that names their country by its code.")
    with studio.archive.transaction(studio.now()) as writing:
        same_name = _others_called(studio, recipient)
        known = {row.recipient.id: row for row in studio.archive.recipients.list()}
        before = known.get(recipient.id)
        recipient = replace(recipient, role=role or (before.recipient.role if before else recipient.role))
        for row in known.values():
            # An age recipient is public, so anybody can write it on a card: only the key that signed the first may
            # renew.
            if row.recipient.id == recipient.id and read_card(row.card).ssh_public_key not in _keys_of(card):
                raise Refused(
                    f"'{row.recipient.name}' is known by another key, and that key did not sign this card.",
                    "Nothing was changed. Call them: a renewed card is signed by the old key as well.",
                )
        studio.archive.recipients.put(writing, recipient, untrusted_card, cover)
        entry = studio.archive.journal.append(writing, "recipient-added", recipient.id, b"")
    studio.acknowledge(recipient.id, entry.hash)
    added = AddedRecipient(recipient, fingerprint_words(card.ssh_public_key), same_name)
    return added, Changes.RECIPIENTS | Changes.JOURNAL


def look_at_card(studio: OpenStudio, untrusted_card: bytes) -> AddedRecipient:
    """What :func:`add_recipient` would say of this card, without adding it: whom it names, and the words to compare.

    Raises as :func:`add_recipient` does, except for a key that does not vouch: only adding compares it.
    """
    card = check_card(untrusted_card, CardKind.AGENCY)
    recipient = card.as_recipient()
    country_code(recipient.country, "Nothing was added; ask them for a card that names their country by its code.")
    return AddedRecipient(recipient, fingerprint_words(card.ssh_public_key), _others_called(studio, recipient))


def add_keyless(
    studio: OpenStudio, name: str, country: Country, role: str, contact: str = "", cover: Cover | None = None
) -> tuple[AddedRecipient, Changes]:
    """Add a client or an employer by name alone: people can say yes to it; a bundle for it needs its card.

    Raises :class:`WrongUsage` for an empty name or another role, :class:`Refused` for a name that is taken: a second
    one without keys could not be told from the first.
    """
    if not name_key(name) or len(name) > LONGEST_NAME:
        raise WrongUsage("A recipient needs a name to be known by.", f"At most {LONGEST_NAME} characters.")
    _check_role(role)
    country_code(country, "Nothing was added.")
    recipient = Recipient(RecipientId(f"{KEYLESS}{new_id()}"), name.strip(), country, contact, role)
    with studio.archive.transaction(studio.now()) as writing:
        same_name = _others_called(studio, recipient)
        if same_name:
            raise Refused(
                f"There is a recipient called '{same_name[0].name}' already ({told_apart(same_name[0])}).",
                "Nothing was added. Use that one, or a name that tells them apart.",
            )
        studio.archive.recipients.put(writing, recipient, b"", cover)
        entry = studio.archive.journal.append(writing, "recipient-added", recipient.id, b"")
    studio.acknowledge(recipient.id, entry.hash)
    return AddedRecipient(recipient, ()), Changes.RECIPIENTS | Changes.JOURNAL


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise WrongUsage(f"'{role[:40]}' is not a role of a recipient.", "Known: " + ", ".join(ROLES) + ".")


def _others_called(studio: OpenStudio, wanted: Recipient) -> tuple[Recipient, ...]:
    """Others of exactly this name; raises :class:`Refused` for one that only looks the same."""
    others = [each.recipient for each in studio.archive.recipients.list() if each.recipient.id != wanted.id]
    others.append(studio_as_recipient(studio))
    for each in others:
        if name_key(each.name) == name_key(wanted.name) and each.name != wanted.name:
            raise Refused(
                f"'{wanted.name}' looks like '{each.name}' ({told_apart(each)}), but is not spelled the same.",
                "Nothing was added. Somebody may want to pass for them: call both, and ask for another name.",
            )
    return tuple(each for each in others if each.name == wanted.name)


def _keys_of(card: IdentityCard) -> tuple[str | None, ...]:
    return card.ssh_public_key, card.previous_ssh_public_key


def told_apart(recipient: Recipient) -> str:
    """What tells a recipient from another of its name: role, country, and the beginning of its id."""
    id = recipient.id if recipient.keyless else f"{recipient.id[:12]}…"
    return f"{recipient.role}, {recipient.country}, {id}"


def words_of(row: RecipientRow) -> tuple[str, ...]:
    """The six words of a recipient's card; none without a card."""
    return fingerprint_words(read_card(row.card).ssh_public_key) if row.card else ()


def find_recipient(studio: OpenStudio, wanted: str) -> tuple[Recipient, Cover | None]:
    """The recipient with this id (or its beginning), these six words, or this name, and its transfer mechanism.

    Of several with one name, the only one with a card: a bundle can be made for no other. Raises :class:`WrongUsage`
    that names all that match.
    """
    row = _found(studio, wanted, keyed_first=True)
    return row.recipient, row.cover


def recipient_named(studio: OpenStudio, wanted: str) -> RecipientId | None:
    """The id of a recipient that a yes names; ``studio`` stands for the studio itself. None when nobody is meant.

    Raises :class:`WrongUsage` when several bear the name: whom somebody said yes to is never guessed.
    """
    if wanted == "studio":
        return RecipientId(studio.secrets.age().recipient)
    if not _matching(studio, wanted):
        return None
    return _found(studio, wanted, keyed_first=False).recipient.id


def _found(studio: OpenStudio, wanted: str, keyed_first: bool) -> RecipientRow:
    found = _matching(studio, wanted)
    keyed = [each for each in found if not each.recipient.keyless]
    if keyed_first and len(keyed) == 1:
        return keyed[0]
    if len(found) == 1:
        return found[0]
    if not found:
        known = ", ".join(each.recipient.name for each in studio.archive.recipients.list()) or "none yet"
        raise WrongUsage(f"There is no recipient called '{wanted[:60]}'.", f"Known: {known}.")
    told = "; ".join(
        f"{told_apart(each.recipient)}" + (f", words: {' '.join(words_of(each))}" if each.card else "")
        for each in found
    )
    raise WrongUsage(
        f"{len(found)} recipients match '{wanted[:60]}': {told}.", "Give the id, or the six words, instead of the name."
    )


def _matching(studio: OpenStudio, wanted: str) -> list[RecipientRow]:
    """Who is meant: an exact id or name before the beginning of an id, six words, or a name typed in other letters."""
    rows = studio.archive.recipients.list()
    words = tuple(wanted.lower().replace("-", " ").split())
    for meant in (
        [each for each in rows if wanted in (each.recipient.id, each.recipient.name)],
        [each for each in rows if len(wanted) >= SHORTEST_TYPED and each.recipient.id.startswith(wanted)],
        [each for each in rows if words and words == words_of(each)],
        [each for each in rows if name_key(each.recipient.name) == name_key(wanted)],
    ):
        if meant:
            return meant
    return []


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
