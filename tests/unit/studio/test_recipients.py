"""Recipients: what cannot be encrypted to and what looks like another is refused; a name stays usable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import Country, ScopeId
from safelight.domain.names import name_key
from safelight.keys.age_identity import age_recipient, new_age_identity, recipient_point
from safelight.keys.signing import allowed_signers_line, fingerprint_words
from safelight.studio import recipients
from safelight.studio.exports import export_bundle
from safelight.studio.packing import ExportRequest
from safelight.studio.queries.lookup import find_session
from safelight.studio.recipients import add_keyless, add_recipient, find_recipient, recipient_named
from support.shoot import Shoot, agency, said_yes

USE = ScopeId("use.portfolio")
SECOND_READER = Path(__file__).parents[2] / "end_to_end" / "second_reader.py"

LOW_ORDER = {
    "zero": "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
    "one": "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
    "of order eight": "age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9",
    "p": "age1ahlllllllllllllllllllllllllllllllllllllllllllllllalsn46ayy",
    "p - 1": "age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m",
}


@pytest.mark.parametrize("point", LOW_ORDER)
def test_a_key_to_which_nothing_can_be_encrypted_is_refused_when_it_is_added(shoot: Shoot, point: str) -> None:
    card = shoot.agencies["Prenzel"].card(name="Other", recipient=LOW_ORDER[point])
    before = shoot.studio.archive.recipients.list()
    with pytest.raises(Malformed, match="nothing can be encrypted"):
        add_recipient(shoot.studio, card)
    assert shoot.studio.archive.recipients.list() == before


@pytest.mark.parametrize("text", ["age1" + "q" * 58, "age1" + "z" * 20, LOW_ORDER["zero"][:-1] + "q"])
def test_what_is_no_age_recipient_is_refused_when_it_is_added(shoot: Shoot, text: str) -> None:
    with pytest.raises(Malformed):
        add_recipient(shoot.studio, shoot.agencies["Prenzel"].card(name="Other", recipient=text))


def test_every_key_somebody_really_has_is_taken() -> None:
    for _ in range(50):
        recipient_point(age_recipient(new_age_identity()))


ALIKE = ["PRENZEL", "Prenzel\u200b", "\u202ePrenzel\u202c", "Pren\u00adzel", "Prenzel ", "Ｐrenzel", "Pre\u2060nzel"]


@pytest.mark.parametrize("name", ALIKE)
def test_a_name_that_only_looks_the_same_is_refused(shoot: Shoot, name: str) -> None:
    assert name_key(name) == name_key("Prenzel")
    with pytest.raises(Refused, match="looks like 'Prenzel'"):
        add_keyless(shoot.studio, name if name.strip() == name else f"{name}\u200b", Country("DE"), "client")


def test_so_is_one_on_a_card(shoot: Shoot) -> None:
    other = agency("Lumiere", 9)
    with pytest.raises(Refused, match="looks like 'Prenzel'"):
        add_recipient(shoot.studio, other.card(name="prenzel"))


@given(st.text(max_size=20))
def test_what_a_name_looks_like_is_stable_and_blind_to_case_and_hidden_characters(name: str) -> None:
    seen = name_key(name)
    assert name_key(seen) == seen
    assert name_key("\u200e".join(name)) == seen and name_key(f" {name}\u2066") == seen


def test_a_second_card_of_one_name_leaves_both_usable(shoot: Shoot) -> None:
    first, second = shoot.agencies["Prenzel"], agency("Lumiere", 9)
    added, _ = add_recipient(shoot.studio, second.card(name="Prenzel", country="FR"))
    assert [each.id for each in added.same_name] == [first.id]
    with pytest.raises(WrongUsage, match="2 recipients match 'Prenzel'") as caught:
        find_recipient(shoot.studio, "Prenzel")
    for one in (first, second):
        words = fingerprint_words(one.key.public_ssh)
        assert " ".join(words) in caught.value.title and one.id[:12] in caught.value.title
        for wanted in (one.id, one.id[:14], " ".join(words), "-".join(words).upper()):
            assert find_recipient(shoot.studio, wanted)[0].id == one.id
    with pytest.raises(WrongUsage, match="2 recipients match"):
        recipient_named(shoot.studio, "Prenzel")
    assert find_recipient(shoot.studio, "gotham")[0].name == "Gotham"


def client(shoot: Shoot, name: str = "Nordwind GmbH") -> Any:
    return add_keyless(shoot.studio, name, Country("DE"), "employer", "hr@nordwind.example")[0].recipient


def test_a_yes_may_name_a_client_and_only_an_export_needs_its_card(shoot: Shoot) -> None:
    nordwind = client(shoot)
    assert nordwind.keyless and nordwind.id.startswith("org:")
    ada = shoot.person()
    receipt = shoot.ask(ada, said_yes(USE, nordwind.id)).receipt
    assert [(each.id, each.name, each.role) for each in receipt.recipients] == [
        (nordwind.id, "Nordwind GmbH", "employer")
    ]
    shoot.photo(ada)
    wish = ExportRequest(nordwind, None, (USE,), Country("DE"))
    with pytest.raises(WrongUsage, match="added without a card") as caught:
        export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / "out.age")
    assert "needs its card" in caught.value.hint and not (shoot.scratch / "out.age").exists()
    shoot.reopen()
    assert shoot.studio.archive.recipients.get(nordwind.id).card == b""


def test_an_agency_reads_a_record_that_names_a_client_beside_it(shoot: Shoot, tmp_path: Path) -> None:
    nordwind = client(shoot)
    ada = shoot.person()
    shoot.ask(ada, said_yes(USE, nordwind.id, shoot.agencies["Prenzel"]))
    shoot.photo(ada)
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish("Prenzel", USE), shoot.scratch / "out.age")
    assert len(done.preview.cleared) == 1
    key, signers = tmp_path / "key.txt", tmp_path / "signers"
    key.write_text(shoot.agencies["Prenzel"].identity)
    studio, spaces = shoot.studio.identity.id, ("safelight-bundle", "safelight-record", "safelight-status")
    signers.write_text(allowed_signers_line(studio, shoot.studio.signer.public_ssh, spaces))
    (photo,) = done.preview.cleared
    question = {"photo": photo, "use": USE, "place": "DE", "day": shoot.studio.today().isoformat()}
    told = subprocess.run(
        [sys.executable, SECOND_READER, key, signers, studio, shoot.scratch / "out.age"],
        input=json.dumps(question), text=True, capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)["allowed"] is True


def test_a_session_may_name_a_client(shoot: Shoot) -> None:
    nordwind = client(shoot)
    assert shoot.new_session(USE, recipients=("Nordwind GmbH",)).recipients == (nordwind.id,)
    with pytest.raises(WrongUsage, match="not among the studio's recipients"):
        shoot.new_session(USE, recipients=("Nobody",))


def test_a_card_that_comes_later_is_another_one_and_that_is_said(shoot: Shoot) -> None:
    nordwind = client(shoot)
    ada = shoot.person()
    shoot.ask(ada, said_yes(USE, nordwind.id))
    shoot.photo(ada)
    carded = agency("Lumiere", 9)
    added, _ = add_recipient(shoot.studio, carded.card(name="Nordwind GmbH", country="DE"))
    assert [each.id for each in added.same_name] == [nordwind.id]
    # An export can only mean the one with a card; the yes to the other is not its own.
    assert find_recipient(shoot.studio, "Nordwind GmbH")[0].id == carded.id
    with pytest.raises(WrongUsage, match="2 recipients match"):
        recipient_named(shoot.studio, "Nordwind GmbH")
    wish = ExportRequest(added.recipient, None, (USE,), Country("DE"))
    with pytest.raises(Refused, match="allowed it to others, not to them"):
        export_bundle(shoot.studio, shoot.session, wish, shoot.scratch / "out.age")


def test_a_client_needs_a_name_a_known_role_and_a_name_of_its_own(shoot: Shoot) -> None:
    for name, role in (("", "client"), ("\u200b ", "client"), ("N" * 201, "client"), ("New", "friend")):
        with pytest.raises(WrongUsage):
            add_keyless(shoot.studio, name, Country("DE"), role)
    client(shoot)
    for taken in ("Nordwind GmbH", "Prenzel", shoot.studio.identity.name):
        with pytest.raises(Refused, match="already"):
            add_keyless(shoot.studio, taken, Country("DE"), "client")
    assert recipients.told_apart(find_recipient(shoot.studio, "Nordwind GmbH")[0]).startswith("employer, DE, org:")
    assert find_session(shoot.studio, "Spring")
