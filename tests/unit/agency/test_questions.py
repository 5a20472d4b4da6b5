"""What an agency is told: by whom, for what, where, when, and after which withdrawals, in whatever order they came."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.founding import open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, check, may, may_all
from safelight.agency.reports import report_rows
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import StudioId
from safelight.domain.term import Term, TermKind
from safelight.domain.usage import Blocker
from safelight.storage.catalogue_rows import StandingOfList
from support import deliveries

USE, OTHER = "use.directory", "use.social"
PASSPHRASE = "four unrelated words here"


def told(agency: OpenAgency, photo: Any, use: str = USE, place: str = "FR", day: date | None = None) -> Any:
    return may(agency, photo.guid, use, place, day)[0]


def test_a_yes_says_what_it_stands_on(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any) -> None:
    photo, receipt = shot(), studio.receipt([USE, OTHER])
    written = studio.deliver(tmp_path / "b.age", 1, [(photo, [receipt])], [USE])
    import_bundle(agency, tmp_path / "b.age")
    answer = told(agency, photo)
    assert answer.decision.allowed and answer.decision.records == (receipt.records[0].id,)
    assert receipt.records[0].id in answer.decision.clause
    assert answer.studio == studio.identity.name and answer.bundle == written.manifest.id
    # The term runs a year, but nobody vouches for longer than the status list says.
    assert answer.decision.expires == answer.fresh_until == date(2026, 12, 2)
    assert answer.today == clock.at.date()
    # A use the person allowed but this bundle is not for was not disclosed, so it is not granted.
    assert told(agency, photo, OTHER).decision.blocker is Blocker.NOT_ASKED
    assert told(agency, photo, place="US").decision.blocker is Blocker.TERRITORY


def test_what_nobody_knows_is_a_no(agency: OpenAgency, shot: Any) -> None:
    assert told(agency, shot()).decision.blocker is Blocker.NOBODY
    answer = may(agency, None, USE, "FR")[0]
    assert answer.decision.blocker is Blocker.NOBODY and answer.studio == ""
    for photo, use, place in ((shot().guid, "use.anything", "FR"), ("../../etc", USE, "FR"), (shot().guid, USE, "Fr")):
        with pytest.raises(WrongUsage):
            may(agency, photo, use, place)


def test_the_bundle_narrows_where(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE], territory=deliveries.country("DE"))
    import_bundle(agency, tmp_path / "1.age")
    assert told(agency, photo, place="DE").decision.allowed
    no = told(agency, photo, place="FR").decision
    assert no.blocker is Blocker.TERRITORY and "bundle" in no.clause
    # A second bundle of the same photo for another place adds that place and takes none away.
    studio.deliver(tmp_path / "2.age", 2, [(photo, [receipt])], [USE], territory=deliveries.country("FR"))
    import_bundle(agency, tmp_path / "2.age")
    assert told(agency, photo, place="DE").decision.allowed and told(agency, photo, place="FR").decision.allowed
    assert told(agency, photo, place="AT").decision.blocker is Blocker.TERRITORY


def test_everybody_on_a_group_photo_must_allow_it(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    anna, ben = deliveries.Person(), deliveries.Person()
    hers, his = studio.receipt([USE, OTHER]), studio.receipt([USE])
    together, alone = shot(anna, ben), shot(anna)
    studio.deliver(tmp_path / "1.age", 1, [(together, [hers, his]), (alone, [hers])], [USE, OTHER])
    import_bundle(agency, tmp_path / "1.age")
    assert told(agency, together).decision.records == (hers.records[0].id, his.records[0].id)
    assert told(agency, alone, OTHER).decision.allowed
    assert told(agency, together, OTHER).decision.blocker is Blocker.NOT_ASKED
    studio.end(his, USE)
    studio.deliver(tmp_path / "2.age", 2, [(alone, [hers])], [USE], at=deliveries.START + timedelta(minutes=5))
    import_bundle(agency, tmp_path / "2.age")
    assert told(agency, together).decision.blocker is Blocker.WITHDRAWN
    assert told(agency, alone).decision.allowed


def test_who_is_on_a_photo_is_what_the_newest_bundle_says(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, founded: Path, clock: Any
) -> None:
    """Somebody overlooked at first was found on it later: her missing yes counts, in whichever order bundles come."""
    anna, zoe = deliveries.Person(), deliveries.Person()
    hers, zoes = studio.receipt([USE]), studio.receipt([OTHER])
    photo = shot(anna)
    seen_again = deliveries.Shot((anna, zoe), photo.data, guid=photo.guid)
    studio.deliver(tmp_path / "1.age", 1, [(photo, [hers])], [USE])
    studio.deliver(tmp_path / "2.age", 2, [(seen_again, [hers, zoes])], [USE, OTHER])
    import_bundle(agency, tmp_path / "1.age")
    assert told(agency, photo).decision.allowed
    import_bundle(agency, tmp_path / "2.age")
    assert told(agency, photo).decision.blocker is Blocker.NOT_ASKED


@pytest.fixture
def fresh(tmp_path: Path, founded: Path, agency: OpenAgency, clock: Any) -> Callable[[], OpenAgency]:
    """``fresh()``: the same agency with the pins it has and nothing imported, as often as wanted."""
    agency.catalogue.close()
    numbers = itertools.count()
    return lambda: open_agency(
        shutil.copytree(agency.catalogue.folder.path, tmp_path / f"fresh-{next(numbers)}"), PASSPHRASE, clock=clock
    )


def answers_of(agency: OpenAgency, photos: Sequence[Any], days: Sequence[date]) -> list[Any]:
    wanted = [Wanted(photo.guid, use, "FR", day) for photo in photos for use in (USE, OTHER) for day in days]
    return [(each.decision, each.fresh_until) for each in may_all(agency, wanted)[0]]


def test_a_withdrawal_is_not_rolled_back_in_any_order(
    studio: Any, shot: Any, tmp_path: Path, fresh: Callable[[], OpenAgency], clock: Any
) -> None:
    """{grant 1, withdrawal 2, new grant 3}, all six orders and with repeats: the same answers in the end."""
    day = timedelta(days=1)
    photo, other = shot(), shot()
    first, second = studio.receipt([USE, OTHER]), studio.receipt([USE, OTHER])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [first]), (other, [second])], [USE, OTHER])
    studio.end(first, USE)
    studio.end(second, USE)
    studio.deliver(tmp_path / "2.age", 2, [(other, [second])], [OTHER], at=deliveries.START + day)
    renewed = studio.receipt([USE], at=deliveries.START + 2 * day)
    studio.deliver(tmp_path / "3.age", 3, [(photo, [renewed])], [USE], at=deliveries.START + 2 * day)
    clock.at = deliveries.START + 3 * day
    days = [clock.at.date(), deliveries.START.date(), clock.at.date() + 40 * day]
    ends = []
    for order in itertools.permutations("123"):
        with fresh() as agency:
            for number in (*order, order[0]):
                import_bundle(agency, tmp_path / f"{number}.age")
                if {"1", "2"} <= set(order[: order.index(number) + 1]):
                    assert told(agency, other).decision.blocker is Blocker.WITHDRAWN
                if set(order[: order.index(number) + 1]) == {"1", "2"}:
                    assert told(agency, photo).decision.blocker is Blocker.WITHDRAWN
            ends.append(answers_of(agency, [photo, other], days))
            assert agency.catalogue.check().problems == ()
            assert told(agency, photo).decision.records == (renewed.records[0].id,)
    assert all(each == ends[0] for each in ends)


def test_an_old_list_does_not_freeze_what_a_newer_one_said(
    studio: Any, shot: Any, tmp_path: Path, fresh: Callable[[], OpenAgency], clock: Any
) -> None:
    """An old list that claims to hold for long neither unsets a bit nor stretches what the newest one vouches for."""
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE], valid_for=timedelta(days=300))
    studio.deliver(
        tmp_path / "2.age", 2, [(shot(), [studio.receipt([USE])])], [USE], at=deliveries.START + timedelta(days=2),
        valid_for=timedelta(days=5),
    )  # fmt: skip
    clock.at = deliveries.START + timedelta(days=3)
    for order in ("12", "21"):
        with fresh() as agency:
            for number in order:
                import_bundle(agency, tmp_path / f"{number}.age")
            assert told(agency, photo).fresh_until == date(2026, 11, 9)
            assert told(agency, photo, day=date(2026, 11, 10)).decision.blocker is Blocker.STALE


def test_an_expired_list_comes_in_with_a_warning_and_answers_no(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any
) -> None:
    photo = shot()
    studio.deliver(tmp_path / "1.age", 1, [(photo, [studio.receipt([USE])])], [USE], valid_for=timedelta(days=1))
    clock.at = deliveries.START + timedelta(days=10)
    done, _ = import_bundle(agency, tmp_path / "1.age")
    assert any("status list" in each for each in done.warnings)
    assert told(agency, photo).decision.blocker is Blocker.STALE
    assert told(agency, photo, day=date(2026, 11, 3)).decision.allowed


def test_setting_the_clock_back_revives_nothing(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any
) -> None:
    photo = shot()
    term = Term(TermKind.UNTIL, until=date(2026, 12, 31))
    studio.deliver(tmp_path / "1.age", 1, [(photo, [studio.receipt([USE], term=term)])], [USE],
                   valid_for=timedelta(days=365))  # fmt: skip
    import_bundle(agency, tmp_path / "1.age")
    assert told(agency, photo).decision.allowed and not agency.clock_set_back()
    clock.forward(days=90)
    assert told(agency, photo).decision.blocker is Blocker.OVER
    clock.forward(days=-60)
    assert agency.clock_set_back() and told(agency, photo).decision.blocker is Blocker.OVER
    # A question about a day gone by is answered as that, and says so.
    answer = told(agency, photo, day=date(2026, 12, 1))
    assert answer.decision.allowed and answer.today == date(2027, 1, 31) and answer.question.day != answer.today


def test_a_bundle_moves_time_forward(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path, clock: Any) -> None:
    """The clock was behind all along; the bundle shows it."""
    photo = shot()
    made_at = clock.at + timedelta(hours=20)
    studio.deliver(tmp_path / "1.age", 1, [(photo, [studio.receipt([USE])])], [USE], at=made_at)
    done, _ = import_bundle(agency, tmp_path / "1.age")
    assert any("from the future" in each for each in done.warnings)
    assert agency.now() == made_at and agency.clock_set_back() and agency.today() == date(2026, 11, 3)


def test_minors_stop_when_they_come_of_age(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo = shot()
    receipt = studio.receipt([USE], minor=True, adult_on=date(2026, 11, 20))
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    assert told(agency, photo).decision.expires == date(2026, 11, 19)
    assert told(agency, photo, day=date(2026, 11, 20)).decision.blocker is Blocker.GROWN_UP


def test_a_withheld_photo_stays_withheld(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> None:
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE])
    studio.deliver(tmp_path / "2.age", 2, [(photo, [receipt])], [USE], at=deliveries.START + timedelta(minutes=1))
    import_bundle(agency, tmp_path / "1.age")
    with agency.catalogue.transaction(agency.now()) as writing:
        assert agency.catalogue.received.withhold(writing, [photo.guid, shot().guid]) == 1
        assert agency.catalogue.received.withhold(writing, [photo.guid]) == 0
    agency.standings.forget()
    assert told(agency, photo).decision.blocker is Blocker.WITHHELD
    import_bundle(agency, tmp_path / "2.age")
    assert told(agency, photo).decision.blocker is Blocker.WITHHELD


def test_the_same_picture_from_two_studios_needs_both(
    agency: OpenAgency, studio: Any, new_studio: Any, shot: Any, tmp_path: Path
) -> None:
    """A studio that passes another's picture off as its own allows nothing the other's people did not."""
    photo = shot()
    studio.deliver(tmp_path / "1.age", 1, [(photo, [studio.receipt([USE])])], [USE])
    other = new_studio("Other")
    copied = shot(data=photo.data)
    other.deliver(tmp_path / "2.age", 1, [(copied, [other.receipt([USE, OTHER])])], [USE, OTHER])
    import_bundle(agency, tmp_path / "1.age")
    import_bundle(agency, tmp_path / "2.age")
    assert told(agency, copied).decision.allowed
    no = told(agency, copied, OTHER).decision
    assert no.blocker is Blocker.NOT_ASKED and "another studio" in no.clause


def test_every_question_is_in_the_journal_without_a_person(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    photo, receipt = shot(), studio.receipt([USE])
    studio.deliver(tmp_path / "1.age", 1, [(photo, [receipt])], [USE])
    import_bundle(agency, tmp_path / "1.age")
    before = len(agency.catalogue.journal.entries())
    told(agency, photo)
    told(agency, photo, place="US")
    may_all(agency, [Wanted(photo.guid, USE, "FR"), Wanted(None, USE, "DE")])
    entries = agency.catalogue.journal.entries()[before:]
    assert [each.kind for each in entries] == ["asked"] * 3
    assert [each.reference for each in entries] == [photo.guid, photo.guid, "2 questions"]
    rows = json.loads(agency.catalogue.journal.payload(entries[1].number))
    assert rows == [[photo.guid, USE, "US", "2026-11-02", "2026-11-02", False, "territory"]]
    payload = agency.catalogue.journal.payload(entries[0].number).decode()
    assert receipt.subject not in payload and photo.people[0].pseudonym not in payload
    assert agency.catalogue.check(signers=[agency.signer.public_ssh]).problems == ()


def test_lists_joined_in_any_order_are_the_same() -> None:
    day = timedelta(days=1)
    lists = [
        StandingOfList(StudioId("s"), deliveries.START + start * day, deliveries.START + end * day, bits)
        for start, end, bits in ((0, 30, b"\x80\x00"), (2, 5, b"\x00\x01\x01"), (2, 9, b"\x10"), (1, 90, b"\x00"))
    ]
    ends = set()
    for order in itertools.permutations(lists):
        joined = order[0]
        for each in order[1:]:
            joined = joined.joined(each)
        ends.add(joined)
    (only,) = ends
    assert only.bits == b"\x90\x01\x01" and only.valid_until == deliveries.START + 5 * day
    assert only.ended(0) and only.ended(3) and not only.ended(1) and only.ended(24) and only.ended(-1)


def test_a_use_the_rules_no_longer_know_is_decided_by_what_was_signed(
    agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path
) -> None:
    receipt, other = studio.receipt([USE], minor=True, adult_on=date(2026, 11, 25)), studio.receipt([OTHER])
    yes, no = shot(), shot()
    studio.deliver(tmp_path / "1.age", 1, [(yes, [receipt]), (no, [other])], [USE, OTHER])
    import_bundle(agency, tmp_path / "1.age")
    catalogue = agency.rules.catalogue
    kept = tuple(each for each in catalogue.scopes if each.id != USE)
    later = replace(agency, rules=replace(agency.rules, catalogue=replace(catalogue, scopes=kept)))
    assert [told(later, each).decision.allowed for each in (yes, no)] == [True, False]
    for photo in (yes, no):
        ours, theirs = told(agency, photo).decision, told(later, photo).decision
        assert (ours.expires, ours.blocker, ours.records) == (theirs.expires, theirs.blocker, theirs.records)
    assert told(later, yes).decision.expires == date(2026, 11, 24)
    assert {each.use for each in report_rows(later)[0]} == {USE, OTHER}
    check(later, Wanted(yes.guid, USE, "FR"))
    with pytest.raises(WrongUsage, match="no use called"):
        check(later, Wanted(yes.guid, "use.never", "FR"))
