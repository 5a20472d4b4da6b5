"""What signs and what does not, whichever way it comes in."""

from __future__ import annotations

import math
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.capture.ink import SHORTEST, InkPoint, inkml
from safelight.domain.errors import Refused
from safelight.domain.ids import Country, Language, SubjectId
from safelight.domain.people import Guardian, Role, Subject, same_name
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence
from safelight.studio.handwriting import check_signature, legible
from support.shoot import GUARDIAN, Shoot, said_yes

ADA = Subject(
    SubjectId("a"), "Ada Müller-Falk", Language("en"), Country("DE"), guardians=(Guardian("Olga Lind", "mother"),)
)


def typed(name: str) -> Evidence:
    return Evidence(SignatureKind.TYPED, name.encode())


def line(length: float) -> Evidence:
    return Evidence(SignatureKind.INK, inkml(((InkPoint(0, 0, 0.5, 0), InkPoint(length, 0, 0.5, 9)),)))


@given(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.sampled_from([str.upper, str.lower, str.title]),
       st.text(" \t\u00a0\u3000", min_size=1, max_size=3))  # fmt: skip
def test_one_name_however_it_is_spelled(form: str, case: object, gap: str) -> None:
    spelled = unicodedata.normalize(form, case(ADA.name)).replace(" ", gap)  # type: ignore[operator, arg-type]
    check_signature(typed(f"{gap}{spelled}{gap}"), ADA, Role.SUBJECT)
    assert same_name("Straße", "STRASSE") and same_name("Ａｄａ", "ada") and not same_name("Ada Falk", "AdaFalk")


@given(st.text(max_size=30).filter(lambda name: not any(same_name(name, each) for each in (ADA.name, "Olga Lind"))))
def test_any_other_name_signs_nothing(name: str) -> None:
    with pytest.raises(Refused):
        check_signature(Evidence(SignatureKind.TYPED, name.encode("utf-8", "replace")), ADA, Role.SUBJECT)


@given(st.floats(0, 200).filter(lambda length: not math.isclose(length, SHORTEST, abs_tol=0.02)))
def test_ink_counts_from_a_length_on(length: float) -> None:
    if length > SHORTEST:
        return legible(line(length))
    with pytest.raises(Refused, match="too short"):
        legible(line(length))
    return None


def test_a_guardian_signs_in_their_own_name(shoot: Shoot) -> None:
    child = shoot.person("Nils", GUARDIAN, born=date(2010, 6, 1))
    with pytest.raises(Refused, match="not the person's name or the guardian's"):
        shoot.ask(child, said_yes("use.portfolio"), evidence=typed("Per Lind"))
    assert shoot.studio.archive.consents.receipts_of(child.id) == ()
    shoot.ask(child, said_yes("use.portfolio"), evidence=typed("olga lind"))
