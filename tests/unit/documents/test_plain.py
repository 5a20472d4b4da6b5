"""The codec between domain values and JSON: round trips, strictness, and every fault at once."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents import plain
from safelight.domain import ceremony_state, choice, consent, journal, people, photo, record, session, term, turns
from safelight.domain.ceremony import Ceremony, Moment, begin, choose_language
from safelight.domain.choice import Choice, Grant, Modifiers
from safelight.domain.consent import ConsentEvent
from safelight.domain.errors import Malformed
from safelight.domain.ids import Country, Language, PhotoGuid, ScopeId
from safelight.domain.people import Guardian, Role, Subject
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Mark
from safelight.domain.term import Term

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SUBJECTS = st.builds(
    Subject, TEXT, TEXT, TEXT, TEXT, st.none() | st.dates(), TEXT, TEXT, TEXT,
    st.lists(st.builds(Guardian, TEXT, TEXT, TEXT, st.booleans()), max_size=3).map(tuple),
)  # fmt: skip


@given(SUBJECTS)
def test_a_subject_is_read_back(subject: Subject) -> None:
    assert plain.load(Subject, plain.dump(subject), "subject") == subject


def test_a_whole_receipt_is_read_back(receipt: ConsentReceipt, minor: ConsentReceipt) -> None:
    for each in (receipt, minor):
        written = plain.dump(each)
        assert plain.load(ConsentReceipt, written, "receipt") == each
        assert plain.dump(plain.load(ConsentReceipt, written, "receipt")) == written


def test_a_ceremony_in_progress_is_read_back() -> None:
    offered = (ScopeId("use.portfolio"), ScopeId("use.advertising"))
    now = begin(offered, frozenset(), 1, (PhotoGuid("a"),), {offered[1]: Mark.INITIALS}, eea=frozenset({Country("DE")}))
    now = choose_language(now, Language("de"), Moment(datetime(2026, 5, 1, tzinfo=UTC), Role.GUARDIAN, "touch"))
    written = plain.dump(now)
    assert plain.load(Ceremony, written, "ceremony") == now
    for needs in ([["use.advertising"]], [["use.advertising", "initials", "x"]], [["use.advertising", "blood"]], ["x"]):
        assert faults_of(Ceremony, json.loads(written) | {"needs": needs})


def test_the_forms_of_each_type() -> None:
    modifiers = Modifiers(cross_border=frozenset({Country("US"), Country("CH")}))
    assert plain.to_plain(modifiers)["cross_border"] == ["CH", "US"]
    assert plain.to_plain(modifiers)["alteration"] == "crop-and-tone"
    assert plain.to_plain((date(2026, 5, 1), datetime(2026, 5, 1, tzinfo=UTC), True, 3, None)) == [
        "2026-05-01", "2026-05-01T00:00:00Z", True, 3, None,
    ]  # fmt: skip
    assert type(plain.to_plain(term.TermKind.UNTIL)) is str


def test_every_domain_value_that_is_kept_has_a_plain_form() -> None:
    for module in (ceremony_state, choice, consent, journal, people, photo, record, session, term, turns):
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if not dataclasses.is_dataclass(kind):
                continue
            with pytest.raises(Malformed):
                plain.from_plain(kind, "not an object")
        for _, kind in inspect.getmembers(module, lambda each: inspect.isclass(each) and issubclass(each, Enum)):
            assert all(plain.from_plain(kind, plain.to_plain(each)) is each for each in kind)


def faults_of(kind: type, raw: Any) -> set[str]:
    with pytest.raises(Malformed) as caught:
        plain.load(kind, json.dumps(raw).encode(), "row")
    return set(caught.value.faults)


def test_all_faults_are_told_with_their_paths() -> None:
    raw = {"id": 7, "name": "A", "language": None, "country": "DE", "born": "1990-02-30", "nick/name": "x",
           "guardians": [{"name": "B", "relationship": True}, "C"]}  # fmt: skip
    assert faults_of(Subject, raw) == {
        "/id: must be text",
        "/language: must be text",
        "/born: must be a day like 2026-05-01",
        "/nick~1name: is not known here",
        "/guardians/0/relationship: must be text",
        "/guardians/1: must be an object",
    }
    assert faults_of(Subject, {}) == {f"/{name}: is missing" for name in ("id", "name", "language", "country")}
    assert faults_of(Term, {"kind": "forever"}) == {"/kind: must be one of months, until, until-withdrawn"}


@pytest.mark.parametrize(("raw", "fault"), [
    ({"kind": "months", "months": True}, "/months: must be a whole number"),
    ({"kind": "months", "months": 2.0}, "/months: must be a whole number"),
    ({"kind": "months", "months": 0}, "/: This duration makes no sense."),
    ({"kind": "until", "until": "2027-01-01", "months": 3}, "/: This duration makes no sense."),
    ([], "/: must be an object"),
])  # fmt: skip
def test_values_a_class_refuses_are_faults(raw: Any, fault: str) -> None:
    assert faults_of(Term, raw) == {fault}


def test_a_yes_without_limits_is_a_fault() -> None:
    assert faults_of(Choice, {"scope": "use.portfolio", "answer": "yes"}) == {
        "/: The answer to use.portfolio is incomplete."
    }


def test_a_set_names_nothing_twice(receipt: ConsentReceipt) -> None:
    raw = plain.to_plain(receipt.records[1].grant)
    raw["media"] = ["print", "print"]
    assert faults_of(Grant, raw) == {"/media: names something twice"}


def test_more_faults_than_are_told_still_refuse() -> None:
    raw = {"id": "a", "name": "b", "language": "c", "country": "d", "guardians": [{}] * 100}
    assert len(faults_of(Subject, raw)) == 50


@dataclasses.dataclass(frozen=True, slots=True)
class Wording:
    texts: Mapping[str, tuple[str, ...]]


def test_mappings() -> None:
    wording = Wording({"de": ("ja",), "en": ()})
    assert plain.load(Wording, plain.dump(wording), "wording") == wording
    assert faults_of(Wording, {"texts": {"de": [1]}}) == {"/texts/de/0: must be text"}


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_malformed(untrusted: bytes) -> None:
    with pytest.raises(Malformed):
        plain.load(ConsentEvent, untrusted, "event")


def test_types_without_a_plain_form_are_a_programming_error() -> None:
    with pytest.raises(TypeError):
        plain.to_plain(1.5)
    with pytest.raises(TypeError):
        plain.from_plain(float, 1.5)
