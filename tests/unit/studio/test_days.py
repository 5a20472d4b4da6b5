"""Days are days at the place of signing: receipt, record, fold and a slow reading of the calendar agree everywhere."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.documents.record import read_document, receipt_document
from safelight.domain.choice import Choice
from safelight.domain.consent import fold
from safelight.domain.days import PlaceTime
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import Country, Language, PhotoGuid, ScopeId, Sha256
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.people import Role, Subject, is_minor
from safelight.domain.record import Method, SignatureKind, Signing, StatusPosition, first_event
from safelight.domain.session import Session
from safelight.domain.term import Term, TermKind
from safelight.domain.usage import Blocker, ConsentSnapshot, Question, may
from safelight.studio import sessions
from safelight.studio.drafts import draw_page
from safelight.studio.notices import make_notice
from safelight.studio.queries.consents import consent_rows
from safelight.studio.queries.permissions import who_allows
from safelight.studio.rosters import import_roster
from safelight.studio.seating import open_ceremony
from safelight.studio.stating import Said, complete, state_receipt
from safelight.studio.subject_changes import SubjectChange, change_subject
from safelight.studio.upkeep import check_studio
from support.shoot import GUARDIAN, Shoot, said, said_yes

ZONES = ("UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo", "Pacific/Auckland",
         "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Cairo",
         "America/Santiago", "Asia/Kathmandu", "America/St_Johns")  # fmt: skip
CHANGES = ("2026-03-29T01:00", "2026-10-25T01:00", "2026-11-01T09:00", "2027-04-04T03:00", "2011-12-30T10:00",
           "2028-02-29T00:00", "2028-02-29T10:00", "2026-12-31T11:00", "2027-01-01T08:00")  # fmt: skip
"""Around these instants clocks change somewhere, or a month or a year ends."""
NEAR = st.builds(
    lambda at, seconds: datetime.fromisoformat(at).replace(tzinfo=UTC) + timedelta(seconds=seconds),
    st.sampled_from(CHANGES), st.integers(-100_000, 100_000),
)  # fmt: skip
INSTANTS = NEAR | st.integers(160_000_000, 3_700_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def months_later(day: date, months: int) -> date:
    """Month by month; a day that month does not have is its last."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for wanted in range(day.day, 0, -1):
        try:
            return date(year, month, wanted)
        except ValueError:
            continue
    raise AssertionError


EVERYWHERE_AND_ALWAYS = given(zone=st.sampled_from(ZONES), at=INSTANTS, number=st.integers(0, 60))
MANY = settings(max_examples=100)


def test_receipt_record_and_fold_agree_with_the_calendar_there(shoot: Shoot) -> None:
    studio, catalogue = shoot.studio, shoot.studio.rules.catalogue
    person = shoot.person()

    @MANY
    @EVERYWHERE_AND_ALWAYS
    def agree(zone: str, at: datetime, number: int) -> None:
        at = at.replace(microsecond=0)
        session = replace(shoot.session, zone=zone)
        here = studio.place_time(at, session)
        there, utc = at.astimezone(zoneinfo.ZoneInfo(zone)).date(), at.date()
        term = Term(TermKind.MONTHS, months=number + 1)
        told = _said(shoot, session, person, *(said_yes(use, term=term) for use in ("use.portfolio", "ai.retouch")))
        positions = [StatusPosition(1 + index % 3, index) for index in range(len(told.choices))]
        ids = iter(_ids())
        receipt = state_receipt(studio, told, _signing(here), positions, here, lambda: next(ids), lambda: "00" * 16)
        read = read_document(receipt_document(receipt, catalogue)).receipt
        assert (read.records, read.signing) == (receipt.records, receipt.signing)
        assert (read.signing.zone, read.signing.utc_offset_minutes) == (zone, here.offset_minutes)
        for use in ("use.portfolio", "ai.retouch"):
            record, scope = read.record_for(ScopeId(use)), catalogue.scope(use)
            assert record is not None
            cap = min(number + 1, scope.cap_months or number + 1)
            assert (record.day, record.last_day) == (there, months_later(there, cap))
            reviewed = months_later(there, 12) if scope.ai else None
            sleeps = reviewed + timedelta(days=30) if reviewed else None
            assert (record.review_due, record.sleeps_after) == (reviewed, sleeps)
            state = fold([first_event(record, read, "1", person.id)])
            assert (state.last_day, state.review_due, state.sleeps_after) == (record.last_day, reviewed, sleeps)
            first = min(there, utc)
            for day in {first - timedelta(days=1), first, there, utc}:
                question = Question(PhotoGuid("p"), scope.id, Country("DE"), day)
                answer = may(question, [ConsentSnapshot({scope.id: state})], catalogue, frozenset())
                assert (answer.blocker is Blocker.NOT_YET) == (day < first), (day, answer)

    agree()


def test_nobody_is_of_age_before_the_day_has_come_there_and_by_utc(shoot: Shoot) -> None:
    person = shoot.person()

    @MANY
    @EVERYWHERE_AND_ALWAYS
    def strict(zone: str, at: datetime, number: int) -> None:
        there = at.astimezone(zoneinfo.ZoneInfo(zone)).date()
        birthday = there + timedelta(days=number % 5 - 2)
        if (birthday.month, birthday.day) == (2, 29):
            birthday += timedelta(days=1)
        teen = replace(person, born=birthday.replace(year=birthday.year - 18))
        here = shoot.studio.place_time(at, replace(shoot.session, zone=zone))
        assert is_minor(teen.born, here.age_day, 18) == (there < birthday or at.date() < birthday)

    strict()


def _said(shoot: Shoot, session: Session, person: Subject, *choices: Choice) -> Said:
    answers = said(*choices)
    notice = make_notice(shoot.studio, session, (), {}, Language("en"), person)
    return Said(session, person, answers, complete(session, answers, ()), notice, ())


def _signing(here: PlaceTime) -> Signing:
    return Signing(
        Method.PAPER, SignatureKind.TYPED, here.at, here.at, "test", Language("en"), Sha256("0" * 64), Sha256("0" * 64),
        (Role.SUBJECT,), zone=here.zone, utc_offset_minutes=here.offset_minutes,
    )  # fmt: skip


def _ids() -> list[str]:
    return [f"{number:08x}-0000-4000-8000-000000000000" for number in range(200)]


EVENING = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)
"""Half past six in the evening of the 27th in Los Angeles."""


def in_the_evening(shoot: Shoot) -> Session:
    shoot.clock.at = EVENING
    wanted = sessions.NewSession("Evening", "", "", "US", None, shoot.staff["Kim"].id, zone="America/Los_Angeles")
    return sessions.new_session(shoot.studio, wanted)[0]


def test_who_comes_of_age_tomorrow_does_not_sign_alone_tonight(shoot: Shoot) -> None:
    session = in_the_evening(shoot)
    assert session.day == date(2026, 11, 27)
    teen = shoot.person(born=date(2008, 11, 28), session=session)
    with pytest.raises(Refused, match="minor and no guardian"):
        shoot.ask(teen, said_yes("use.portfolio"), session=session, signed_by=(Role.SUBJECT,))
    with pytest.raises(Refused, match="guardian did not sign"):
        shoot.ask(replace(teen, guardians=(replace(GUARDIAN, sole=True),)), said_yes("use.portfolio"),
                  session=session, signed_by=(Role.SUBJECT,))  # fmt: skip
    assert open_ceremony(shoot.studio, session, teen).parties == (Role.GUARDIAN, Role.SUBJECT)
    grown = shoot.person("Ben", born=date(2008, 11, 27), session=session)
    recorded = shoot.ask(grown, said_yes("use.portfolio"), session=session, signed_by=(Role.SUBJECT,))
    assert not recorded.receipt.signed_as_minor
    signing, record = recorded.receipt.signing, recorded.receipt.record_for(ScopeId("use.portfolio"))
    assert (signing.zone, signing.utc_offset_minutes) == ("America/Los_Angeles", -480)
    assert record is not None and (record.day, record.last_day) == (date(2026, 11, 27), date(2027, 11, 27))


def test_sessions_of_before_there_were_zones_count_by_utc(shoot: Shoot) -> None:
    shoot.clock.at = EVENING
    old = replace(shoot.session, zone=None)
    receipt = shoot.ask(shoot.person(), said_yes("use.portfolio"), session=old).receipt
    assert (receipt.signing.zone, receipt.signing.utc_offset_minutes) == ("UTC", 0)
    assert receipt.records[0].day == date(2026, 11, 28)


def test_the_page_before_the_signature_says_the_day_there_and_stays_the_same_all_day(shoot: Shoot) -> None:
    session = in_the_evening(shoot)
    told = _said(shoot, session, shoot.person(session=session), said_yes("use.portfolio"))
    page = draw_page(shoot.studio, told, "tablet")
    shoot.clock.at += timedelta(hours=5)  # half past eleven
    assert draw_page(shoot.studio, told, "tablet") == page
    shoot.clock.at += timedelta(hours=1)
    assert draw_page(shoot.studio, told, "tablet") != page


def in_the_morning(shoot: Shoot) -> Session:
    """Half past eight in the morning of the 28th in Tokyo, when it is the 27th by UTC."""
    shoot.clock.at = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    return shoot.new_session(zone="Asia/Tokyo")


def test_a_check_of_this_evening_counts_this_evening(shoot: Shoot) -> None:
    session = in_the_evening(shoot)
    session = shoot.new_session("ai.retouch", zone=str(session.zone))
    ada = shoot.person(session=session)
    shoot.ask(ada, said_yes("ai.retouch", shoot.agencies["Prenzel"]), session=session)
    photo = shoot.photo(ada, session=session)
    assert shoot.check(ada).on == date(2026, 11, 27), "it is the 28th by UTC"
    checked = consent_rows(shoot.studio, ada.id).validated
    assert checked is not None and checked.on == date(2026, 11, 27)
    cleared = shoot.preview("Prenzel", "ai.retouch", session=session).cleared
    assert list(cleared) == [photo.guid]
    assert check_studio(shoot.studio)[0].problems == ()


def test_a_cover_of_today_by_utc_counts_this_evening(shoot: Shoot) -> None:
    session = in_the_evening(shoot)
    ada = shoot.person(session=session)
    shoot.ask(ada, said_yes("use.editorial", shoot.agencies["Gotham"]), session=session)
    photo = shoot.photo(ada, session=session)
    cover = Cover(Mechanism.SCC, shoot.studio.today())
    cleared = shoot.preview("Gotham", "use.editorial", session=session, cover=cover).cleared
    assert list(cleared) == [photo.guid]


@pytest.mark.parametrize("last", [27, 28])
def test_the_last_day_is_the_one_at_the_place(shoot: Shoot, last: int) -> None:
    until = Term(TermKind.UNTIL, until=date(2026, 11, last))
    for zone, at, there in (
        ("Asia/Tokyo", datetime(2026, 11, 27, 23, 30, tzinfo=UTC), 28),
        ("America/Los_Angeles", EVENING, 27),
    ):
        shoot.clock.at = datetime(2026, 11, 20, 12, tzinfo=UTC) if zone == "Asia/Tokyo" else shoot.clock.at
        session = shoot.new_session("use.portfolio", zone=zone)
        ada = shoot.person(session=session)
        shoot.ask(ada, said_yes("use.portfolio", shoot.agencies["Prenzel"], term=until), session=session)
        shoot.photo(ada, session=session)
        shoot.clock.at = at
        seen = shoot.preview("Prenzel", "use.portfolio", session=session)
        assert bool(seen.cleared) == (there <= last), zone
        (row,) = who_allows(shoot.studio, ScopeId("use.portfolio"), Country("DE"), within=session)
        assert row.allowed == (there <= last), zone


def test_who_was_born_this_morning_can_be_photographed(shoot: Shoot, tmp_path: Path) -> None:
    session = in_the_morning(shoot)
    born = date(2026, 11, 28)
    baby = shoot.person("Ada", GUARDIAN, born=born, session=session)
    other = shoot.person("Ben", GUARDIAN, session=session)
    change = SubjectChange(born=born)
    assert change_subject(shoot.studio, other.id, change, shoot.staff["Kim"].id)[0][0].born == baby.born == born
    (tmp_path / "list.csv").write_text("Name,Born,Guardian\nCleo Lind,2026-11-28,Olga Lind\n")
    taken, _ = import_roster(shoot.studio, session, tmp_path / "list.csv", None, True)
    assert [each.born for each in taken.added] == [born] and taken.bad == ()
    with pytest.raises(WrongUsage):
        shoot.person("Dora", born=born + timedelta(days=1), session=session)


def test_a_zone_nobody_knows_is_refused_with_the_one_that_was_meant(shoot: Shoot) -> None:
    before = shoot.studio.archive.sessions.ids()
    with pytest.raises(WrongUsage, match="'europe/berlin' is not a time zone") as caught:
        shoot.new_session(zone="europe/berlin")
    assert "Europe/Berlin?" in caught.value.hint
    with pytest.raises(WrongUsage):
        shoot.new_session(zone="")
    assert shoot.studio.archive.sessions.ids() == before
    with pytest.raises(Malformed, match="time zone nobody knows"):
        shoot.studio.now_at(replace(shoot.session, zone="Europe/Atlantis"))
