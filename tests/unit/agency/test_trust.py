"""Whom an agency trusts: by card, by the words, and to a new key only when the old one says so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import may
from safelight.agency.trust import trust_studio
from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, Refused
from safelight.keys.signing import fingerprint_words
from support import deliveries

USE = "use.directory"


def test_trust_gives_the_words_and_pins_by_id(agency: OpenAgency, new_studio: Any) -> None:
    studio = new_studio(trusted=False)
    trusted, changes = trust_studio(agency, studio.card())
    assert trusted.words == fingerprint_words(studio.key.public_ssh) and not trusted.replaced
    assert changes is not Changes.NONE
    pin = agency.catalogue.trusted_studios.get(studio.identity.id)
    assert pin is not None and pin.ssh_public_key == studio.key.public_ssh and pin.card == studio.card()
    again, changes = trust_studio(agency, studio.card())
    assert again == trusted and changes is Changes.NONE


def test_an_older_card_changes_nothing(agency: OpenAgency, new_studio: Any) -> None:
    """Of the same key: what it says of the studio is older than what is known."""
    studio = new_studio(trusted=False)
    newer = studio.card(at=deliveries.START + timedelta(days=2))
    trust_studio(agency, newer)
    _, changes = trust_studio(agency, studio.card(at=deliveries.START))
    pin = agency.catalogue.trusted_studios.get(studio.identity.id)
    assert changes is Changes.NONE and pin is not None and pin.card == newer
    _, changes = trust_studio(agency, studio.card(at=deliveries.START + timedelta(days=3)))
    assert changes is not Changes.NONE


def test_another_key_for_a_known_studio_is_refused(agency: OpenAgency, new_studio: Any) -> None:
    studio = new_studio()
    pinned = studio.key
    studio.key = studio.new_key()
    with pytest.raises(Refused, match="trusted by another key") as refused:
        trust_studio(agency, studio.card())
    assert " ".join(fingerprint_words(pinned.public_ssh)) in refused.value.hint
    # A card that names as its older key one we never trusted: signed all right, but not by the pinned one.
    with pytest.raises(Refused, match="trusted by another key"):
        trust_studio(agency, studio.card(previous=studio.new_key()))
    pin = agency.catalogue.trusted_studios.get(studio.identity.id)
    assert pin is not None and pin.ssh_public_key == pinned.public_ssh


def test_the_pin_follows_a_key_the_old_one_vouched_for(
    agency: OpenAgency, new_studio: Any, shot: Any, tmp_path: Path
) -> None:
    studio = new_studio()
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    old_card, old = studio.card(), studio.key
    studio.deliver(tmp_path / "late.age", 2, [(shot(), [studio.receipt([USE])])], [USE])
    studio.key = studio.new_key()
    trusted, _ = trust_studio(agency, studio.card(previous=old, at=deliveries.START + timedelta(days=1)))
    assert trusted.replaced
    # What came before still holds; a bundle with records signed by the old key comes in under the new one.
    assert may(agency, photo.guid, USE, "FR")[0].decision.allowed
    studio.deliver(tmp_path / "2.age", 3, [(shot(), [studio.receipt([USE])])], [USE], former=(old,))
    assert import_bundle(agency, tmp_path / "2.age")[0].new_photos == 1
    # The old key no longer speaks for the studio, and its card does not come back.
    with pytest.raises(Refused, match="another key"):
        import_bundle(agency, tmp_path / "late.age")
    with pytest.raises(Refused, match="trusted by another key"):
        trust_studio(agency, old_card)


@pytest.mark.parametrize("name", ["name", "id", "contact", "ssh_public_key", "issued_at", "ca_certificate"])
def test_a_changed_card_is_refused(agency: OpenAgency, new_studio: Any, name: str) -> None:
    studio = new_studio(trusted=False)
    card = json.loads(studio.card())
    other = json.loads(new_studio(trusted=False).card())
    card[name] = (
        other[name]
        if name in ("id", "ssh_public_key")
        else str(card[name]).replace("0", "1", 1) + "x" * (name in ("name", "contact", "ca_certificate"))
    )
    with pytest.raises((Refused, Malformed)):
        trust_studio(agency, canonical(card))
    assert agency.catalogue.trusted_studios.list() == ()
