"""Commands about the keyring, the rules, a card that is only looked at, and how far the second place is."""

from __future__ import annotations

from pathlib import Path

from safelight.agency import founding as agencies
from safelight.documents.rules import shipped_rules
from safelight.keys.passphrases import FLOOR_COST


def test_the_keyring_is_asked_and_refuses_with_a_sentence(desk) -> None:
    said = desk("--json", "studio", "keyring")
    assert said.code == 1 and said.document["usable"] is False and said.document["kept"] is False
    assert desk("studio", "keyring", "--on").code == 3, "this machine has none"
    assert desk("studio", "keyring", "--on", "--off").code == 2


def test_the_rules_say_when_they_were_looked_up(desk) -> None:
    told = desk("--json", "studio", "rules").document
    assert told["rules"] == shipped_rules().version and told["time_authority"] is None
    assert {each["name"] for each in told["lists"]} >= {"scopes", "jurisdictions", "adequacy"}
    assert all(len(each["looked_up"]) == 7 for each in told["lists"])
    assert desk("studio", "stamps", "--authority", "https://time.example/tsa").code == 0
    assert desk("--json", "studio", "rules").document["time_authority"] == "https://time.example/tsa"
    assert "time authority: https://time.example/tsa" in desk("studio", "rules").out


def test_a_card_is_looked_at_without_being_added(desk, tmp_path: Path) -> None:
    wanted = agencies.Founding("Lumière", "FR", "a@l.example")
    with agencies.found_agency(tmp_path / "agency", wanted, "a passphrase of theirs", cost=FLOOR_COST) as agency:
        card = desk.file("agency.json", agencies.agency_card(agency))
    before = desk("--json", "recipient", "list").document
    seen = desk("--json", "recipient", "add", card, "--look").document
    assert seen["name"] == "Lumière" and len(seen["words"]) == 6 and seen["added"] is False
    assert desk("--json", "recipient", "list").document == before
    assert desk("--json", "recipient", "add", card).document["words"] == seen["words"]
    assert desk("recipient", "add", "--look", "--name", "X", "--country", "DE", "--role", "client").code == 2


def test_the_second_place_says_how_far_it_is(desk, tmp_path: Path) -> None:
    assert desk("--json", "studio", "second-place", tmp_path / "drive").code == 0
    told = desk("--json", "studio", "second-place").document
    assert told["attached"] is True and told["done"] <= told["total"]
    assert desk("studio", "copy").code == 0
    after = desk("--json", "studio", "second-place").document
    assert after["done"] == after["total"]
    (tmp_path / "drive").rename(tmp_path / "elsewhere")
    assert desk("--json", "studio", "second-place").document["attached"] is False
