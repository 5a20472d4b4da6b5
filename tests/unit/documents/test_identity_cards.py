"""Identity cards: what is signed, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.identity_cards import CardKind, IdentityCard, card_bytes, read_card, signed_part
from safelight.documents.jcs import canonical
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import Country, RecipientId
from safelight.domain.people import Recipient

GOLDEN = Path(__file__).with_name("golden") / "card.json"
SIGNATURE = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQ==\n-----END SSH SIGNATURE-----\n"
STUDIO = IdentityCard(
    kind=CardKind.STUDIO,
    id="00000000-0000-4000-8000-000000000002",
    name="Studio Ünlü & Töchter",
    country=Country("DE"),
    contact="hallo@studio.example",
    address="Musterstr. 1, 10115 Berlin",
    ssh_public_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBEREREREREREREREREREREREREREREREREREREREREREREREQ",
    issued_at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    ca_certificate="-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    signature=SIGNATURE,
)
AGENCY = replace(
    STUDIO, kind=CardKind.AGENCY, name="Acme", ca_certificate=None, recipient=RecipientId("age1" + "q" * 58)
)
ROLLED = replace(
    STUDIO,
    ssh_public_key=STUDIO.ssh_public_key.replace("ERER", "IiIi"),
    previous_ssh_public_key=STUDIO.ssh_public_key,
    previous_signature=SIGNATURE,
)


def test_the_bytes_are_those_of_version_1() -> None:
    assert card_bytes(STUDIO) == GOLDEN.read_bytes()


@pytest.mark.parametrize("card", [STUDIO, AGENCY, ROLLED], ids=["studio", "agency", "rolled over"])
def test_a_card_is_read_back(card: IdentityCard) -> None:
    assert read_card(card_bytes(card)) == card


def test_both_signatures_cover_everything_but_themselves() -> None:
    raw = json.loads(card_bytes(ROLLED))
    del raw["signature"], raw["previous_signature"]
    assert signed_part(ROLLED) == canonical(raw)
    assert signed_part(replace(ROLLED, signature=None, previous_signature=None)) == signed_part(ROLLED)
    for name in ("id", "name", "contact", "address", "country", "ssh_public_key", "previous_ssh_public_key"):
        changed: dict[str, Any] = {name: "other"}
        assert signed_part(replace(ROLLED, **changed)) != signed_part(ROLLED)


def test_a_card_is_the_party_it_names() -> None:
    assert AGENCY.as_recipient() == Recipient(
        RecipientId("age1" + "q" * 58), "Acme", Country("DE"), STUDIO.contact, address=AGENCY.address
    )
    with pytest.raises(WrongUsage):
        STUDIO.as_recipient()


@pytest.mark.parametrize(
    "card",
    [
        replace(STUDIO, signature=None),
        replace(STUDIO, ca_certificate=None),
        replace(AGENCY, recipient=None),
        replace(STUDIO, recipient=RecipientId("age1" + "q" * 58)),
        replace(AGENCY, ca_certificate=STUDIO.ca_certificate),
        replace(ROLLED, previous_signature=None),
        replace(ROLLED, previous_ssh_public_key=None),
        replace(STUDIO, country=Country("Germany")),
        replace(STUDIO, ssh_public_key="ssh-rsa AAAA"),
        replace(STUDIO, id="7"),
        replace(STUDIO, ssh_public_key=STUDIO.ssh_public_key + " me@here"),
        replace(STUDIO, name=""),
        replace(STUDIO, name="Acme\u202eoidutS"),
        replace(STUDIO, contact="a\nb"),
        replace(AGENCY, recipient=RecipientId("age-plugin-x")),
    ],
)
def test_a_card_that_makes_no_sense_is_not_written(card: IdentityCard) -> None:
    with pytest.raises(Malformed):
        card_bytes(card)


@pytest.mark.parametrize(("change", "path"), [
    ({"format": "safelight-card/2"}, "/format"), ({"kind": "bank"}, "/kind"), ({"extra": 1}, "/extra"),
    ({"issued_at": "2026-11-22"}, "/issued_at"), ({"issued_at": "2026-02-30T00:00:00Z"}, "/issued_at"),
    ({"previous_ssh_public_key": STUDIO.ssh_public_key, "previous_signature": SIGNATURE}, "/previous_ssh_public_key"),
])  # fmt: skip
def test_a_card_that_makes_no_sense_is_not_read(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_card({**json.loads(card_bytes(STUDIO)), **change})
    assert any(each.startswith(f"{path}:") for each in caught.value.faults)


def test_a_card_is_small() -> None:
    with pytest.raises(Malformed, match="larger"):
        read_card(b" " * 70_000)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_malformed(untrusted: bytes) -> None:
    with pytest.raises(Malformed):
        read_card(untrusted)
