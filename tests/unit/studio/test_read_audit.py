"""Who looked is noted, once in ten minutes, for whoever is asked later; nobody at work waits for it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure
from safelight.domain.ids import SubjectId
from safelight.domain.reads import WINDOW, Door, Looked, Reader, Reads
from safelight.studio import upkeep
from safelight.studio.exports import export_bundle
from safelight.studio.read_audit import count_read, reads_by_entry, reads_of, write_reads
from safelight.studio.waiting_reads import WaitingReads
from support.shoot import START, Shoot, said_yes

KIM, ROBIN = Reader("kim", Door.DESK), Reader("robin", Door.TERMINAL)


def test_looks_are_counted_and_written_once_in_ten_minutes(shoot: Shoot) -> None:
    studio = shoot.studio
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    before = studio.archive.journal.end().number
    for _ in range(50):
        assert not count_read(studio, [ada.id, ben.id], Looked.ANSWERS, KIM)
    count_read(studio, [ada.id], Looked.PAGE, ROBIN)
    assert write_reads(studio) == (0, Changes.NONE) and studio.archive.journal.end().number == before
    shoot.clock.on(minutes=10)
    assert count_read(studio, [ada.id], Looked.PAGE, KIM)
    assert write_reads(studio) == (3, Changes.JOURNAL)
    kim, robin = reads_of(studio, ada.id)
    assert (kim.reader, kim.counts) == (KIM, {Looked.ANSWERS: 50, Looked.PAGE: 1})
    assert (robin.counts, robin.since, kim.until) == ({Looked.PAGE: 1}, START, START + WINDOW)
    assert [each.counts for each in reads_of(studio, ben.id)] == [{Looked.ANSWERS: 50}]
    shoot.clock.on(minutes=1)
    count_read(studio, [ben.id], Looked.ANSWERS, ROBIN)
    shoot.reopen()
    assert [each.reader for each in reads_of(shoot.studio, ben.id)] == [KIM, ROBIN], "what waits is written at the end"
    assert upkeep.check_studio(shoot.studio)[0].problems == ()


def test_commands_one_after_the_other_write_one_entry(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    for minutes, what in ((0, Looked.PAGE), (2, Looked.PAGE), (2, Looked.ANSWERS), (7, Looked.PAGE), (1, Looked.PAGE)):
        shoot.clock.on(minutes=minutes)
        count_read(shoot.studio, [ada.id], what, ROBIN)
        shoot.reopen()
    told = [(each.since - START, *each.counts) for each in reads_of(shoot.studio, ada.id)]
    minute = timedelta(minutes=1)
    assert told == [(0 * minute, Looked.PAGE), (4 * minute, Looked.ANSWERS), (11 * minute, Looked.PAGE)]


def test_a_look_that_cannot_be_written_waits(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    studio, ada = shoot.studio, shoot.person("Ada")

    def full(*_: object) -> None:
        raise DeviceFailure("The disk is full.")

    count_read(studio, [ada.id], Looked.PAGE, KIM)
    with monkeypatch.context() as broken:
        broken.setattr(studio.archive, "transaction", full)
        with pytest.raises(DeviceFailure):
            write_reads(studio, everything=True)
    count_read(studio, [ada.id], Looked.PAGE, KIM)
    assert write_reads(studio, everything=True)[0] == 1
    assert [each.counts for each in reads_of(studio, ada.id)] == [{Looked.PAGE: 2}]


def test_it_goes_with_the_person(shoot: Shoot) -> None:
    studio, ada = shoot.studio, shoot.person("Ada")
    for _ in range(2):
        count_read(studio, [ada.id], Looked.PAGE, KIM)
        write_reads(studio, everything=True)
        shoot.clock.on(minutes=11)
    assert len(reads_by_entry(studio, ada.id)) == 2
    count_read(studio, [ada.id], Looked.PAGE, KIM)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.erase(writing, ada.id, portrait=True, evidence=True)
    assert write_reads(studio, everything=True)[0] == 0 and reads_by_entry(studio, ada.id) == {}
    assert upkeep.check_studio(studio)[0].problems == ()


def test_what_leaves_in_a_bundle_is_noted_with_it(shoot: Shoot) -> None:
    studio, to = shoot.studio, shoot.agencies["Prenzel"]
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    for each in (ada, ben):
        shoot.ask(each, said_yes("use.portfolio", *((to,) if each is ada else ())))
        shoot.photo(each)
    export_bundle(studio, shoot.session, shoot.wish("Prenzel", "use.portfolio"), shoot.scratch / "out.age")
    (read,) = reads_of(studio, ada.id)
    assert (read.counts, read.reader.door) == ({Looked.EXPORT: 1}, Door.TERMINAL) and reads_of(studio, ben.id) == ()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(list(Looked)), st.integers(0, 30)), max_size=30))
def test_no_look_is_lost_or_counted_twice(looks: list[tuple[str, Looked, int]]) -> None:
    waiting, at = WaitingReads(), START
    told: list[Reads] = []
    for number, (who, what, minutes) in enumerate(looks):
        at += timedelta(minutes=minutes)
        waiting.add([SubjectId(who)], what, KIM, at)
        if number % 3 == 0:
            taken = waiting.take(at)
            assert all(each.over(at) for each in taken)
            waiting.put_back(taken) if number % 2 else told.extend(taken)
    told.extend(waiting.take())
    counted = sorted(what for each in told for what, times in each.counts.items() for _ in range(times))
    assert counted == sorted(what for _, what, _ in looks) and waiting.take() == ()


def test_several_threads_lose_no_look() -> None:
    waiting = WaitingReads()

    def look() -> None:
        for _ in range(500):
            waiting.add([SubjectId("a")], Looked.PAGE, KIM, START)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    (read,) = waiting.take()
    assert read.counts == {Looked.PAGE: 2000}
