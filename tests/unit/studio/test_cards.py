"""Keys are renewed with the word of the old key, and nobody takes another's place by writing its name on a card."""

from __future__ import annotations

import pytest

from safelight.documents.identity_cards import CardKind
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.keys.cards import check_card
from safelight.keys.signing import SigningKey
from safelight.studio import founding, recipients, upkeep
from safelight.studio.receipts import issue_receipt
from support.shoot import Shoot, agency, said_yes


def lived_in(shoot: Shoot) -> None:
    ada = shoot.person()
    shoot.photo(ada)
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    issue_receipt(shoot.studio, ada.id)
    shoot.check(ada)


def problems(shoot: Shoot, *more: tuple[str, str]) -> tuple[str, ...]:
    return upkeep.check_studio(shoot.studio, [*shoot.acks, *more])[0].problems


def test_a_new_signing_key_is_vouched_for_by_the_old_one(shoot: Shoot) -> None:
    lived_in(shoot)
    old = shoot.studio.signer.public_ssh
    first = check_card(founding.studio_card(shoot.studio), CardKind.STUDIO)
    assert first.ssh_public_key == old and first.previous_ssh_public_key is None
    (renewed, card), _ = founding.renew_keys(shoot.studio)
    shoot.studio = renewed
    read = check_card(card, CardKind.STUDIO)
    assert read.previous_ssh_public_key == old and read.ssh_public_key != old
    lived_in(shoot)
    shoot.reopen()
    assert shoot.studio.signer.public_ssh == read.ssh_public_key
    lived_in(shoot)
    assert problems(shoot) == ()
    with pytest.raises(Refused):
        check_card(card.replace(b"Lindenallee 4", b"Lindenallee 5"), CardKind.STUDIO)


def test_an_agency_with_a_new_key_is_the_same_recipient(shoot: Shoot) -> None:
    old = shoot.agencies["Prenzel"]
    new = type(old)(old.name, old.country, old.identity, SigningKey(b"\x55" * 32))
    added, _ = recipients.add_recipient(shoot.studio, new.card(old=old.key))
    assert added.recipient.id == old.id and len(added.words) == 6
    assert sum(each.recipient.id == old.id for each in shoot.studio.archive.recipients.list()) == 1


def test_a_card_that_is_not_what_it_says_is_refused(shoot: Shoot) -> None:
    stranger = agency("Prenzel", 77)
    card = stranger.card()
    with pytest.raises(Refused):
        recipients.add_recipient(shoot.studio, card.replace(b"1 Main Street", b"2 Main Street"))
    with pytest.raises(WrongUsage, match="card of a studio, not of an agency"):
        recipients.add_recipient(shoot.studio, founding.studio_card(shoot.studio))
    with pytest.raises(Malformed):
        recipients.add_recipient(shoot.studio, b"{}")
    with pytest.raises(Malformed):
        recipients.add_recipient(shoot.studio, card[:-10])
    assert len(shoot.studio.archive.recipients.list()) == len(shoot.agencies)


def test_a_stranger_cannot_take_the_place_of_a_recipient_by_naming_its_key(shoot: Shoot) -> None:
    """Whoever can read a bundle is named by its age key; a card signed by another key must not rename that key."""
    real = shoot.agencies["Prenzel"]
    thief = type(real)("Thief", "US", real.identity, SigningKey(b"\x66" * 32))
    with pytest.raises(Refused, match="another key"):
        recipients.add_recipient(shoot.studio, thief.card())
    assert recipients.find_recipient(shoot.studio, "Prenzel")[0].id == real.id


def test_who_a_recipient_is(shoot: Shoot) -> None:
    assert recipients.find_recipient(shoot.studio, shoot.agencies["Gotham"].id)[0].name == "Gotham"
    with pytest.raises(WrongUsage, match=r"Known: .+Gotham"):
        recipients.find_recipient(shoot.studio, "Nobody")
    recipients.add_recipient(shoot.studio, agency("Gotham", 78).card())
    with pytest.raises(WrongUsage, match="2 recipients match 'Gotham'"):
        recipients.find_recipient(shoot.studio, "Gotham")
    with pytest.raises(WrongUsage, match="the six words, instead of the name"):
        recipients.recipient_named(shoot.studio, "Gotham")
    with pytest.raises(WrongUsage, match="not a transfer mechanism"):
        recipients.read_cover("WISHFUL", shoot.studio.today())
