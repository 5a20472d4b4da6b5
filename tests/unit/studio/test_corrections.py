"""What was put right supersedes what was known and overwrites nothing: not the past, not a signed receipt."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.corrections import Correction, known_then
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.people import Guardian
from safelight.domain.requests import RequestKind, RequestState
from safelight.studio import requests, upkeep
from safelight.studio.corrections import as_signed, correction_rows
from safelight.studio.queries.person import person_page
from safelight.studio.receipts import receipt_pdf
from safelight.studio.subject_changes import SubjectChange, change_subject, correct_subject
from support.shoot import START, Shoot, said_yes

FIELDS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 5), min_size=3, max_size=3)


@given(st.lists(FIELDS, min_size=1, max_size=8), st.integers(0, 9))
def test_what_was_known_then_is_known_still(past: list[dict[str, object]], wanted: int) -> None:
    made = []
    for number, (before, after) in enumerate(pairwise(past), 1):
        fields = tuple(each for each in after if before[each] != after[each])
        was, now = ({each: values[each] for each in fields} for values in (before, after))
        made.append(Correction(number, START, PersonId("p"), "", fields, was, now))
    assert known_then(past[-1], reversed(made), wanted) == past[min(wanted, len(past) - 1)]


def test_a_receipt_stays_as_signed_and_the_page_says_so(shoot: Shoot) -> None:
    studio, kim = shoot.studio, shoot.staff["Kim"].id
    mother = Guardian("Olga Lind", "mother", sole=True)
    ada = shoot.person("Ada Falck", mother, born=date(2014, 5, 1))
    asked, _ = requests.new_request(studio, requests.NewRequest(ada.id, RequestKind.CORRECTION))
    shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    with pytest.raises(WrongUsage):
        correct_subject(studio, ada.id, SubjectChange(name="Ada Falk"), " ", kim)
    change_subject(studio, ada.id, SubjectChange(phone="040 1"), kim)
    correct_subject(studio, ada.id, SubjectChange(name="Ada Falk", born=date(2014, 1, 5)), "misheard", kim)
    shoot.ask(studio.archive.subjects.get(ada.id), said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    correct_subject(studio, ada.id, SubjectChange(born=date(2014, 5, 1)), "it was right", kim)
    first, second = studio.archive.consents.receipts_of(ada.id)
    rows = correction_rows(studio, ada.id)
    assert [each.receipts for each in rows] == [(), (first.receipt.id,), (first.receipt.id, second.receipt.id)]
    assert [each.correction.reason for each in rows] == ["", "misheard", "it was right"]
    assert person_page(studio, ada.id).corrections == rows
    assert (as_signed(studio, first).name, as_signed(studio, second).name) == ("Ada Falck", "Ada Falk")
    assert as_signed(studio, first).phone == "" and as_signed(studio, first).guardians == (mother,)
    # Drawn for the first time only now, it still says what was signed.
    for file, name in ((first, "Ada Falck"), (second, "Ada Falk")):
        pages = pypdfium2.PdfDocument(receipt_pdf(studio, file)[0])
        assert name in "".join(each.get_textpage().get_text_range() for each in pages)
    assert studio.archive.requests.get(asked.id).state is RequestState.ANSWERED
    assert studio.archive.subjects.get(ada.id).born == date(2014, 5, 1)
    assert upkeep.check_studio(studio)[0].problems == ()


def test_what_was_known_before_goes_with_the_person(shoot: Shoot) -> None:
    studio, ada = shoot.studio, shoot.person("Ada Falck")
    change_subject(studio, ada.id, SubjectChange(name="Ada Falk"), shoot.staff["Kim"].id)
    (entry, _), = studio.archive.journal.told_about("subject-changed", ada.id)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    assert list(studio.archive.journal.payloads([entry.number])) == []
