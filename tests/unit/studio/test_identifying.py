"""Whoever asks shows who they are by a code and a fact; wrong answers are slowed, look alike and lock nobody out."""

from __future__ import annotations

from datetime import date

import pytest

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.identity import Fact
from safelight.domain.requests import RequestKind
from safelight.studio import identifying, requests, upkeep
from safelight.studio.subject_changes import SubjectChange, change_subject, link_subjects
from support.shoot import Shoot, said_yes


def test_a_code_and_a_fact_that_no_receipt_shows(shoot: Shoot) -> None:
    studio, kim = shoot.studio, shoot.staff["Kim"].id
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    change_subject(studio, ada.id, SubjectChange(born=date(1990, 1, 2), phone="040 123456"), kim)
    for each in (ada, ben):
        shoot.ask(each, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    code, others = (studio.archive.consents.receipts_of(each.id)[0].withdrawal_code for each in (ada, ben))
    asked, _ = requests.new_request(studio, requests.NewRequest(ada.id, RequestKind.ACCESS))
    told = set()
    for wrong in ((code, Fact.BORN, "1990-01-03"), (others, Fact.BORN, "1990-01-02"), ("ABCD", Fact.EMAIL, ada.email)):
        with pytest.raises(Refused) as raised:
            identifying.show_by_code(studio, asked.id, *wrong, None)
        told.add(str(raised.value))
    assert len(told) == 1 and "do not show" in told.pop(), "nobody learns which of the two was wrong"
    with pytest.raises(Refused, match="too many wrong answers"):
        identifying.show_by_code(studio, asked.id, code, Fact.BORN, "1990-01-02", None)
    assert studio.archive.requests.get(asked.id).identity == ""
    shoot.clock.on(seconds=2)
    shown, _ = identifying.show_by_code(studio, asked.id, code.lower(), Fact.BORN, "1990-01-02", None)
    assert shown.identity == "code of a receipt, and birth date"
    with pytest.raises(WrongUsage):
        identifying.show_by_code(studio, asked.id, code, Fact.BORN, "January", None)
    seen, _ = identifying.show_in_person(studio, asked.id, kim)
    assert seen.identity == identifying.IN_PERSON
    assert len(studio.archive.journal.told_about("request-identified", ada.id)) == 2
    assert upkeep.check_studio(studio)[0].problems == ()


def test_a_receipt_of_another_session_of_the_same_person_counts(shoot: Shoot) -> None:
    studio, kim = shoot.studio, shoot.staff["Kim"].id
    ada = shoot.person("Ada")
    again = shoot.person("Ada", session=shoot.new_session())
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    code = studio.archive.consents.receipts_of(ada.id)[0].withdrawal_code
    asked, _ = requests.new_request(studio, requests.NewRequest(again.id, RequestKind.ACCESS))
    with pytest.raises(Refused):
        identifying.show_by_code(studio, asked.id, code, Fact.EMAIL, again.email, kim)
    link_subjects(studio, ada.id, again.id, kim)
    assert identifying.show_by_code(studio, asked.id, code, Fact.EMAIL, again.email, kim)[0].identity
    assert identifying.facts_that_count(studio, again.id) == {Fact.EMAIL}
