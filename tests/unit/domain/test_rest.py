"""Terms, ages, transfers, notices, the journal, the clock and the rules an answer must keep."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.choice import Answer, Choice, Grant, ReplicaTerms, faults_of
from safelight.domain.clearance import Candidate, ReasonToStay, Validation, clear
from safelight.domain.clock import ratchet
from safelight.domain.consent import ConsentEvent, EventKind, fold, limits_of_yes
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import (
    Country,
    EventId,
    Language,
    NoticeId,
    PersonId,
    PhotoGuid,
    ReceiptId,
    RecipientId,
    RecordId,
    ScopeId,
    Sha256,
    SubjectId,
)
from safelight.domain.journal import GENESIS, entry_hash, next_entry, verify_chain
from safelight.domain.jurisdiction import Cover, Mechanism, read_adequacy, read_jurisdictions, transfer
from safelight.domain.notice import assemble, items_for
from safelight.domain.people import Guardian, Recipient, Role, Subject, adult_on, age_on, is_minor
from safelight.domain.scope import Mark, read_catalogue
from safelight.domain.term import ONE_YEAR, Term, TermKind, Territory, TerritoryKind, add_months
from safelight.domain.usage import ConsentSnapshot
from safelight.settings.resources import read_json

CATALOGUE = read_catalogue(read_json("rules/scopes.json"))
ADEQUACY = read_adequacy(read_json("rules/adequacy.json"))
PLACES = read_jurisdictions(read_json("rules/jurisdictions.json"))
DAY = dt.date(2026, 6, 1)
DE = Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")}))
AGENCY = Recipient(RecipientId("age1agency"), "Agency", Country("FR"), "rights@agency.example")
ANNA = Subject(SubjectId("s"), "Anna", Language("de"), Country("DE"))


# --- terms and ages


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-11-22", 14, "2028-01-22"),
    ],
)
def test_months_end_on_the_last_day_there_is(start: str, months: int, end: str) -> None:
    assert add_months(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)


def test_a_term_is_one_of_three_and_never_forever() -> None:
    for wrong in (
        {"kind": TermKind.MONTHS},
        {"kind": TermKind.UNTIL},
        {"kind": TermKind.WITHDRAWN, "months": 3},
        {"kind": TermKind.MONTHS, "months": 0},
    ):
        with pytest.raises(WrongUsage):
            Term(**wrong)
    assert Term(TermKind.UNTIL, until=dt.date(2099, 1, 1)).last_day(DAY, 24) == dt.date(2028, 6, 1)


def test_a_territory_names_what_it_needs() -> None:
    for kind in (TerritoryKind.COUNTRY, TerritoryKind.LISTED):
        with pytest.raises(WrongUsage):
            Territory(kind)
    with pytest.raises(WrongUsage):
        Territory(TerritoryKind.EEA, frozenset({Country("DE")}))


def test_coming_of_age() -> None:
    leap = dt.date(2008, 2, 29)
    assert adult_on(leap, 18) == dt.date(2026, 3, 1)
    assert is_minor(leap, dt.date(2026, 2, 28), 18)
    assert not is_minor(leap, dt.date(2026, 3, 1), 18)
    assert age_on(leap, dt.date(2026, 2, 28)) == 17
    assert not is_minor(None, DAY, 18), "nobody's age is guessed"


@given(st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)), st.integers(14, 21))
def test_the_day_of_majority_is_the_first_with_that_age(born: dt.date, majority: int) -> None:
    day = adult_on(born, majority)
    assert age_on(born, day) == majority
    assert age_on(born, day - dt.timedelta(days=1)) == majority - 1


# --- the answers


def faults(choice: Choice, subject: Subject = ANNA, taught: bool = True, place: str = "DE") -> tuple[str, ...]:
    return faults_of((choice,), CATALOGUE, subject, DAY, PLACES.of(place), taught, frozenset({AGENCY.id}))


def yes(scope: str, **changes: Any) -> Choice:
    grant = dataclasses.replace(Grant(ONE_YEAR, DE, (AGENCY.id,), mark=CATALOGUE.scope(scope).mark), **changes)
    return Choice(ScopeId(scope), Answer.YES, grant)


def test_an_ai_use_without_a_named_recipient_cannot_be_signed() -> None:
    for scope in CATALOGUE.asked():
        if scope.id.startswith("ai."):
            assert any("must be named" in each for each in faults(yes(scope.id, recipients=()))), scope.id
    assert not faults(yes("ai.train-generative"))
    assert faults(yes("ai.train-generative", recipients=(RecipientId("age1other"),)))


def test_marks_questions_and_the_contract_page() -> None:
    assert any("initials" in each for each in faults(yes("use.advertising", mark=Mark.NONE)))
    assert any("signature of its own" in each for each in faults(yes("bio.template", mark=Mark.NONE)))
    assert any("questions" in each for each in faults(yes("ai.retouch"), taught=False))
    assert any("not filled in" in each for each in faults(yes("ai.replica")))
    page = ReplicaTerms("two adverts for shoes", "EUR 500", "counsel: M. Lee", "made with AI")
    assert not faults(yes("ai.replica", replica=page))
    for name in ("uses", "pay", "represented_by", "label"):
        assert any(name in each for each in faults(yes("ai.replica", replica=dataclasses.replace(page, **{name: " "}))))


def test_a_minor_needs_a_guardian_and_some_uses_are_blocked() -> None:
    child = dataclasses.replace(ANNA, born=dt.date(2012, 1, 1))
    assert any("guardian" in each for each in faults(yes("use.portfolio"), child))
    with_guardian = dataclasses.replace(child, guardians=(Guardian("Eva", "mother"),))
    assert not faults(yes("use.portfolio"), with_guardian)
    assert any("everybody" in each for each in faults(yes("use.portfolio"), with_guardian, place="FR"))
    sole = dataclasses.replace(child, guardians=(Guardian("Eva", "mother", sole=True),))
    assert not faults(yes("use.portfolio"), sole, place="FR")
    blocked = {each.id for each in CATALOGUE.asked() if any("minor" in f for f in faults(yes(each.id), with_guardian))}
    raw = {each["id"]: each["minors"] for each in read_json("rules/scopes.json")["scopes"]}
    assert blocked == {each for each, rule in raw.items() if rule.startswith("blocked")}
    assert not faults(Choice(ScopeId("ai.replica")), child), "a refusal is never at fault"


def test_a_notice_is_not_a_question_and_the_past_is_no_term() -> None:
    assert any("notice" in each for each in faults(yes("session.deliver")))
    assert any(
        "already be over" in each
        for each in faults(yes("use.social", term=Term(TermKind.UNTIL, until=dt.date(2026, 5, 31))))
    )
    with pytest.raises(Refused):
        Choice(ScopeId("use.social"), Answer.YES)


def test_every_question_starts_at_no() -> None:
    raw = read_json("rules/scopes.json")["scopes"]
    assert {each.id for each in CATALOGUE.asked()} == {each["id"] for each in raw if each["kind"] != "notice"}
    assert {each["default"] for each in raw if each["kind"] != "notice"} == {"no"}
    assert all(Choice(each.id).answer is Answer.NO for each in CATALOGUE.asked())
    # A use of an AI group, or one named so, gets what AI uses get: two questions before it, somebody named.
    assert {each.id for each in CATALOGUE.asked() if each.ai} == {each["id"] for each in raw if each["group"] == "g4"}


# --- transfers


def test_every_listed_country_from_three_views() -> None:
    raw = read_json("rules/adequacy.json")
    for view, sender in (("EU", "DE"), ("UK", "GB"), ("CH", "CH")):
        entries = raw["views"][view]
        for entry in entries if isinstance(entries, list) else entries["list"]:
            if entry["to"] == sender:
                continue
            answer = transfer(ADEQUACY, Country(sender), Country(entry["to"]), DAY, None, frozenset())
            assert answer.allowed == (entry["to"] != "US"), (view, entry["to"])
    for nowhere in ("IN", "CN", "ZA", "RU", "XX"):
        for sender in ("DE", "GB", "CH", "IN" if nowhere != "IN" else "CN"):
            assert not transfer(ADEQUACY, Country(sender), Country(nowhere), DAY, None, frozenset()).allowed


def test_the_united_states_need_a_fresh_look_at_the_list_or_a_safeguard() -> None:
    def us(cover: Cover | None, agreed: frozenset[Country] = frozenset()) -> bool:
        return transfer(ADEQUACY, Country("DE"), Country("US"), DAY, cover, agreed).allowed

    assert us(Cover(Mechanism.DPF, DAY))
    assert us(Cover(Mechanism.DPF, DAY - dt.timedelta(days=31)))
    assert not us(Cover(Mechanism.DPF, DAY - dt.timedelta(days=32)))
    assert not us(Cover(Mechanism.DPF, DAY + dt.timedelta(days=1)))
    assert us(Cover(Mechanism.SCC, dt.date(2025, 1, 1)))
    assert not us(Cover(Mechanism.UK_IDTA, dt.date(2025, 1, 1)))
    assert not us(Cover(Mechanism.CONSENT, DAY))
    assert us(Cover(Mechanism.CONSENT, DAY), frozenset({Country("US")}))
    assert not us(None, frozenset({Country("US")}))


def test_a_lapsed_decision_does_not_count() -> None:
    assert transfer(ADEQUACY, Country("DE"), Country("GB"), dt.date(2031, 12, 27), None, frozenset()).allowed
    assert not transfer(ADEQUACY, Country("DE"), Country("GB"), dt.date(2031, 12, 28), None, frozenset()).allowed


# --- clearance


def snapshot(scope: str) -> ConsentSnapshot:
    grant = Grant(ONE_YEAR, Territory(TerritoryKind.WORLDWIDE), (AGENCY.id,))
    at = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    event = ConsentEvent(
        EventId("e"),
        RecordId("r"),
        SubjectId("s"),
        ScopeId(scope),
        EventKind.GIVEN,
        1,
        at,
        Role.SUBJECT,
        grant,
        limits=limits_of_yes(CATALOGUE.scope(scope), grant, at.date()),
    )
    return ConsentSnapshot({ScopeId(scope): fold([event])})


@pytest.mark.parametrize(
    ("scope", "validation", "country", "hold"),
    [
        ("use.portfolio", None, "FR", None),
        ("use.stock", None, "FR", ReasonToStay.NOT_VALIDATED),
        ("use.stock", ("kim", "lee", 0), "FR", None),
        ("use.stock", ("lee", "lee", 0), "FR", ReasonToStay.SELF_VALIDATED),
        ("use.stock", ("kim", "lee", 1), "FR", ReasonToStay.NOT_VALIDATED),
        ("use.portfolio", None, "IN", ReasonToStay.TRANSFER),
        ("use.social", None, "FR", ReasonToStay.CONSENT),
    ],
)
def test_what_may_leave(
    scope: str, validation: tuple[str, str, int] | None, country: str, hold: ReasonToStay | None
) -> None:
    held = scope if scope != "use.social" else "use.portfolio"
    checked = validation and Validation(
        ReceiptId("q"), PersonId(validation[0]), PersonId(validation[1]), DAY + dt.timedelta(days=validation[2])
    )
    candidate = Candidate(PhotoGuid("p"), (snapshot(held),), (checked or None,), (frozenset(),))
    to = dataclasses.replace(AGENCY, country=Country(country))
    result = clear(candidate, ScopeId(scope), to, Country("DE"), DAY, Country("DE"), CATALOGUE, ADEQUACY, None)
    assert (result.hold, result.cleared) == (hold, hold is None)
    assert result.cleared or result.why


def test_a_photo_of_nobody_stays() -> None:
    nobody = Candidate(PhotoGuid("p"), (), (), ())
    result = clear(
        nobody, ScopeId("use.portfolio"), AGENCY, Country("DE"), DAY, Country("DE"), CATALOGUE, ADEQUACY, None
    )
    assert result.hold is ReasonToStay.UNBOUND


# --- places, notices


def test_an_unlisted_place_gets_the_careful_default() -> None:
    unknown = PLACES.of("ZZ")
    assert (unknown.majority, unknown.all_guardians, unknown.known) == (18, True, False)
    assert PLACES.of("FR").all_guardians
    assert PLACES.of("KR").majority == 19
    assert (PLACES.of("KR").access_days, PLACES.of("BR").access_days) == (10, 15)


def test_the_twenty_seven_items_each_have_a_place() -> None:
    ids = {each["id"] for each in read_json("rules/notice_items.json")["items"]}
    assert len(ids) == 27
    everywhere = items_for(["DE", "US-IL", "IN", "KR", "CN", "CH", "GB", "CA-QC"], face_data=True)
    assert set(everywhere) == ids
    assert set(items_for(["DE"], face_data=True)) - set(items_for(["DE"], face_data=False)) == {
        "bipa-1",
        "bipa-2",
        "bipa-3",
    }


def test_a_notice_with_a_hole_is_never_made_and_facts_are_only_data() -> None:
    wording = {"13-1-a": ("Who", "{studio} asks.")}
    notice = assemble(NoticeId("n"), Language("en"), "1", "Notice", wording, {"studio": "{x} <b> Studio"}, ["13-1-a"])
    assert b"{x} <b> Studio asks." in notice.text
    with pytest.raises(WrongUsage, match="no wording"):
        assemble(NoticeId("n"), Language("en"), "1", "Notice", wording, {}, ["13-1-b"])
    with pytest.raises(WrongUsage, match="studio"):
        assemble(NoticeId("n"), Language("en"), "1", "Notice", wording, {}, ["13-1-a"])
    other = assemble(NoticeId("n"), Language("en"), "1", "Notice", wording, {"studio": "{x} <b> studio"}, ["13-1-a"])
    assert other.sha256 != notice.sha256


# --- journal and clock


def test_the_journal_names_what_was_touched() -> None:
    at = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    entries = []
    last = None
    for number in range(5):
        last = next_entry(last, at, "kind", f"ref-{number}", Sha256("a" * 64))
        entries.append(last)
    assert entries[0].previous == GENESIS
    assert verify_chain(entries) == entries[-1]
    for field in dataclasses.fields(entries[2]):
        value = getattr(entries[2], field.name)
        changed: Any = (
            value + 1
            if isinstance(value, int)
            else (value + dt.timedelta(seconds=1) if isinstance(value, dt.datetime) else "f" * 64)
        )
        tampered = [*entries[:2], dataclasses.replace(entries[2], **{field.name: changed}), *entries[3:]]
        with pytest.raises(Refused, match=r"entry 3|entry 4"):
            verify_chain(tampered)
    with pytest.raises(Refused, match="entry 3 is missing"):
        verify_chain([*entries[:2], *entries[3:]])
    # Whole in itself and with the right number, but made to follow another one: put in, or everything before exchanged.
    for stranger in (None, next_entry(entries[0], at, "kind", "other", Sha256("a" * 64))):
        made = next_entry(stranger, at, "kind", "ref-2", Sha256("a" * 64))
        if made.number != 3:
            made = dataclasses.replace(made, number=3)
            digest = entry_hash(3, at, made.kind, made.reference, made.payload_sha256, made.previous)
            made = dataclasses.replace(made, hash=digest)
        with pytest.raises(Refused, match="entry 3 does not follow the one before it"):
            verify_chain([*entries[:2], made])
    with pytest.raises(ValueError, match="single line"):
        next_entry(None, at, "a\nb", "", Sha256("a" * 64))


def test_time_never_runs_backwards() -> None:
    seen = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    assert ratchet(seen, None).at == seen
    back = ratchet(dt.datetime(2026, 12, 1, tzinfo=dt.UTC), seen)
    assert (back.at, back.set_back) == (seen, True)
    assert not ratchet(seen - dt.timedelta(minutes=5), seen).set_back
    assert ratchet(seen + dt.timedelta(days=1), seen).at == seen + dt.timedelta(days=1)


def test_the_rules_files_are_read_as_they_are() -> None:
    json.dumps(read_json("rules/scopes.json"))
    assert {each.id for each in CATALOGUE.scopes} == {each["id"] for each in read_json("rules/scopes.json")["scopes"]}
