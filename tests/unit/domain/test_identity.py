"""What shows who somebody is: only what is on file and on no receipt, however it is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import WrongUsage
from safelight.domain.identity import Fact, confirms, counting_facts, readings
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Guardian, Subject

ADA = Subject(
    SubjectId("a"), "Ada", Language("en"), Country("DE"), date(1990, 1, 2), "Ada@Falk.example", "+49 (0)40 123456"
)
NOBODY = Subject(SubjectId("b"), "Ben", Language("en"), Country("DE"))
ADULT: Any = SimpleNamespace(adult_on=None)
MINOR: Any = SimpleNamespace(adult_on=date(2030, 1, 2))


def test_only_what_is_on_file_and_on_no_receipt_counts() -> None:
    assert counting_facts(ADA, [ADULT]) == set(Fact)
    assert counting_facts(ADA, [ADULT, MINOR]) == {Fact.EMAIL, Fact.PHONE}, "18 years before the day it says"
    assert counting_facts(NOBODY, []) == frozenset()
    of_a_parent = replace(NOBODY, guardians=(Guardian("Olga", "mother", "olga@lind.example"),))
    assert counting_facts(of_a_parent, []) == {Fact.EMAIL} and confirms(of_a_parent, Fact.EMAIL, "OLGA@lind.example")


@pytest.mark.parametrize(
    ("fact", "said", "right"),
    [
        (Fact.BORN, "1990-01-02", True), (Fact.BORN, "1990-02-01", False), (Fact.EMAIL, " ada@falk.EXAMPLE ", True),
        (Fact.EMAIL, "", False), (Fact.EMAIL, "@falk.example", False), (Fact.PHONE, "4040-123456", False),
        (Fact.PHONE, "0049 040 123456", True), (Fact.PHONE, "+49 040 123456", True), (Fact.PHONE, "040 123456", True),
        (Fact.PHONE, "3456", False), (Fact.PHONE, "123457", False), (Fact.PHONE, "0", False),
    ],
)  # fmt: skip
def test_it_is_compared_as_people_write_it(fact: Fact, said: str, right: bool) -> None:
    assert confirms(ADA, fact, said) is right


@given(st.sampled_from([Fact.EMAIL, Fact.PHONE]), st.text())
def test_of_whom_nothing_is_known_nothing_is_shown(fact: Fact, said: str) -> None:
    assert not confirms(NOBODY, fact, said)


def test_a_birth_date_is_a_day() -> None:
    with pytest.raises(WrongUsage):
        confirms(ADA, Fact.BORN, "2 January")


FALK = Subject(
    SubjectId("1"), "Ada Falk", Language("en"), Country("DE"), date(1990, 5, 1), "Ada@Falk.example", "+49 151 2345678",
    guardians=(Guardian("Olga Falk", "mother", "030/7654321"),),
)  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    ["1990-05-01", "1.5.1990", "05/01/1990", "01051990", "19900501", "1990年5月1日", "٠١/٠٥/١٩٩٠", " ada@falk.EXAMPLE ",
     "0151 2345678", "+49 151 2345678", "030 7654321", "٠١٥١٢٣٤٥٦٧٨"],
)  # fmt: skip
def test_one_line_typed_on_a_screen_is_read_in_every_usual_way(typed: str) -> None:
    assert any(confirms(FALK, fact, said) for fact, said in readings(typed))


@pytest.mark.parametrize(
    "typed",
    ["", " ", "1990", "1.5.90", "2.5.1990", "1.5", "31.2.1990", "ada@falk", "ada", "23456", "Ada Falk", "@", "²"],
)
def test_one_line_that_is_nothing_of_theirs_confirms_nothing(typed: str) -> None:
    assert not any(confirms(FALK, fact, said) for fact, said in readings(typed))


@given(st.text())
def test_whatever_is_typed_can_be_read(text: str) -> None:
    for fact, said in readings(text):
        confirms(FALK, fact, said)
