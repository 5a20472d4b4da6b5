"""Work in the background: lanes, progress, stopping, one refresh signal, and nothing of a person held afterwards."""

from __future__ import annotations

import gc
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from safelight.domain.changes import Changes
from safelight.domain.errors import Cancelled, Refused, SafelightError
from safelight.domain.progress import Report
from safelight.qt.jobs import EVERYTHING, Jobs
from safelight.qt.lanes import REPORT_EVERY_S, Job


class Answers:
    """Somebody's answers, which must be gone when they are done with."""


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def fail(error: SafelightError) -> None:
    raise AssertionError(error)


def test_work_is_done_elsewhere_and_its_outcome_comes_here(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work() -> threading.Thread:
        return threading.current_thread()

    jobs.run(work, lambda thread: seen.extend((thread, threading.current_thread())), fail)
    assert jobs.busy
    assert seen == [], "not before the event loop runs"
    with qtbot.waitSignal(jobs.idle):
        pass
    assert seen[0] is not threading.main_thread()
    assert seen[1] is threading.main_thread()
    assert not jobs.busy


def test_the_writer_keeps_the_order(jobs: Jobs, qtbot: QtBot) -> None:
    done: list[int] = []
    heard: list[int] = []
    for number in range(50):
        jobs.run(lambda number=number: done.append(number) or number, heard.append, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert done == heard == list(range(50))


def test_a_refusal_arrives_as_it_was_said(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[SafelightError] = []

    def work() -> None:
        raise Refused("This cannot be.", "Everything is kept.")

    jobs.run(work, fail, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert (type(heard[0]), heard[0].title, heard[0].hint) == (Refused, "This cannot be.", "Everything is kept.")


def test_a_fault_of_the_program_becomes_two_sentences_without_the_data(
    jobs: Jobs, qtbot: QtBot, expect_log: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    expect_log(r"failed unexpectedly: KeyError at .*test_jobs\.py:\d+")
    heard: list[SafelightError] = []
    nobody: dict[str, int] = {}
    jobs.run(lambda: nobody["Anneliese"], fail, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0].title
    assert heard[0].hint
    assert "Anneliese" not in str(heard[0]) + caplog.text


def test_closing_waits_for_what_was_handed_in_and_tells_nobody(qtbot: QtBot) -> None:
    jobs = Jobs()
    started, go_on = threading.Event(), threading.Event()
    kept: list[int] = []

    def slow() -> None:
        started.set()
        go_on.wait(5)
        kept.append(1)

    jobs.run(slow, fail, fail)
    jobs.run(lambda: kept.append(2), fail, fail)
    jobs.write(lambda _: (kept.append(3), Changes.PHOTOS), fail, fail)
    jobs.changed.connect(fail)
    assert started.wait(5)
    threading.Timer(0.05, go_on.set).start()
    jobs.close()
    assert kept == [1, 2, 3], "answers are not lost because somebody closed the window"
    for _ in range(3):
        QCoreApplication.processEvents()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("job-")]
    jobs.close()
    jobs.tell(Changes.PHOTOS)
    for hand_in in (lambda: jobs.run(lambda: None, fail, fail), lambda: jobs.read(lambda _: None, fail, fail)):
        with pytest.raises(RuntimeError):
            hand_in()


def test_an_outcome_may_hand_in_more_work(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[int] = []

    def again(number: int) -> None:
        heard.append(number)
        if number < 3:
            jobs.run(lambda: number + 1, again, fail)

    jobs.run(lambda: 1, again, fail)
    qtbot.waitUntil(lambda: heard == [1, 2, 3])


# Lanes.


class Gate:
    """Work that tells when it began and goes on when it may, asking at every report whether to stop."""

    def __init__(self) -> None:
        self.began, self.go_on = threading.Event(), threading.Event()

    def __call__(self, report: Report) -> None:
        self.began.set()
        until = time.monotonic() + 5
        while not self.go_on.wait(0.002) and time.monotonic() < until:
            report(0, 0, "")

    def verb(self, report: Report) -> tuple[None, Changes]:
        self(report)
        return None, Changes.PHOTOS


def test_two_read_beside_the_writer_and_beside_what_is_long(jobs: Jobs, qtbot: QtBot) -> None:
    meet = threading.Barrier(4, timeout=5)
    heard: list[int] = []
    jobs.run(meet.wait, heard.append, fail)
    jobs.long(lambda _: (meet.wait(), Changes.NONE), heard.append, fail)
    for _ in range(2):
        jobs.read(lambda _: meet.wait(), heard.append, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert sorted(heard) == [0, 1, 2, 3]


def test_a_third_reader_and_a_second_writer_wait(jobs: Jobs, qtbot: QtBot) -> None:
    gates = [Gate() for _ in range(7)]
    for gate in gates[:3]:
        jobs.read(gate, lambda _: None, fail)
    for gate in gates[3:5]:
        jobs.write(gate.verb, lambda _: None, fail)
    for gate in gates[5:]:
        jobs.long(gate.verb, lambda _: None, fail)
    for gate in (gates[0], gates[1], gates[3], gates[5]):
        assert gate.began.wait(5)
    time.sleep(0.05)
    assert [gate.began.is_set() for gate in gates] == [True, True, False, True, False, True, False]
    for gate in gates:
        gate.go_on.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert all(gate.began.is_set() for gate in gates)


def test_the_writer_is_one_thread_for_run_and_write(jobs: Jobs, qtbot: QtBot, tmp_path: Path) -> None:
    heard: list[int] = []

    def founded() -> sqlite3.Connection:
        made = sqlite3.connect(tmp_path / "a.db")  # which only the thread that opened it may use
        made.execute("create table t (n)")
        return made

    opened: list[sqlite3.Connection] = []
    jobs.run(founded, opened.append, fail)
    qtbot.waitUntil(lambda: bool(opened))

    def insert(number: int) -> int:
        opened[0].execute("insert into t values (?)", (number,))
        return number

    for number in range(50):
        if number % 2:
            jobs.run(lambda number=number: insert(number), heard.append, fail)
        else:
            jobs.write(lambda _, number=number: (insert(number), Changes.PHOTOS), heard.append, fail)
    jobs.run(lambda: opened[0].close(), lambda _: None, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == list(range(50))


def test_a_hundred_answers_of_readers_all_arrive(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[int] = []
    for number in range(200):
        jobs.read(lambda _, number=number: number, heard.append, fail)
    gc.collect()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert sorted(heard) == list(range(200))


def test_no_lane_has_threads_before_it_has_work(jobs: Jobs, qtbot: QtBot) -> None:
    def names() -> list[str]:
        return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith("job-"))

    assert names() == []
    jobs.run(lambda: None, lambda _: None, fail)
    assert names() == ["job-writer-0"]
    jobs.read(lambda _: None, lambda _: None, fail)
    jobs.long(lambda _: (None, Changes.NONE), lambda _: None, fail)
    assert names() == ["job-long-0", "job-reader-0", "job-reader-1", "job-writer-0"]
    qtbot.waitUntil(lambda: not jobs.busy)


# Progress.


def test_progress_is_heard_here_in_order_and_before_the_outcome(jobs: Jobs, qtbot: QtBot) -> None:
    seen: list[object] = []

    def work(report: Report) -> str:
        report(1, 3, "one")
        time.sleep(2 * REPORT_EVERY_S)
        report(2, 3, "two")
        report(3, 3, "three")
        return "done"

    def progressed(done: int, total: int, what: str) -> None:
        seen.append((done, total, what, threading.current_thread() is threading.main_thread()))

    jobs.read(work, seen.append, fail, progressed=progressed)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == [(1, 3, "one", True), (2, 3, "two", True), (3, 3, "three", True), "done"]


def test_a_hasty_worker_does_not_flood_the_window(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[tuple[int, int]] = []
    began = time.monotonic()

    def work(report: Report) -> tuple[None, Changes]:
        for number in range(20_000):
            report(number, 0, "how many there are nobody knows")
        report(20_000, 20_000, "")
        return None, Changes.NONE

    jobs.long(work, lambda _: None, fail, progressed=lambda done, total, _: heard.append((done, total)))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert len(heard) <= 3 + (time.monotonic() - began) / REPORT_EVERY_S
    assert heard[-1] == (20_000, 20_000), "the bar ends where the work did"


def test_the_window_is_alive_while_everybody_works(jobs: Jobs, qtbot: QtBot) -> None:
    ticks: list[float] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start()

    def work(_: object) -> None:
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            sum(range(1000))

    for _ in range(2):
        jobs.read(work, lambda _: None, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    timer.stop()
    assert len(ticks) > 5


# Stopping.


def test_cancelling_stops_the_work_at_its_next_report(jobs: Jobs, qtbot: QtBot) -> None:
    gate = Gate()
    heard: list[str] = []
    job = jobs.long(gate.verb, fail, fail, cancelled=lambda: heard.append("stopped"))
    assert gate.began.wait(5)
    assert not job.is_cancelled
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == ["stopped"]
    assert job.is_cancelled


def test_what_is_cancelled_before_its_turn_never_begins(jobs: Jobs, qtbot: QtBot) -> None:
    first, second = Gate(), Gate()
    heard: list[object] = []
    jobs.changed.connect(lambda changes, _: heard.append(changes))
    jobs.write(first.verb, lambda _: heard.append("done"), fail)
    job = jobs.write(second.verb, fail, fail, cancelled=lambda: heard.append("stopped"))
    job.cancel()
    first.go_on.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == ["done", Changes.PHOTOS, "stopped"]
    assert not second.began.is_set()


def test_an_answer_nobody_waits_for_any_more_is_not_told(jobs: Jobs, qtbot: QtBot) -> None:
    def find(report: Report) -> str:
        report(1, 1, "an old search")
        return "an old search"

    def refuse(_: Report) -> None:
        raise Refused("No.")

    heard: list[str] = []
    for work in (find, refuse):
        job = jobs.read(
            work, fail, fail, progressed=lambda *_: heard.append("found"), cancelled=lambda: heard.append("stopped")
        )
        time.sleep(0.05)  # done, but not delivered
        job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == ["stopped", "stopped"]


def test_what_was_written_all_the_same_is_told(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[object] = []
    jobs.changed.connect(lambda changes, _: heard.append(changes))
    job = jobs.write(lambda _: ("kept", Changes.CONSENTS), heard.append, fail, cancelled=lambda: fail(Cancelled()))
    time.sleep(0.05)
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == ["kept", Changes.CONSENTS]


def test_work_that_stops_by_itself_is_told_to_whoever_cannot_stop_it(jobs: Jobs, qtbot: QtBot) -> None:
    def work() -> None:
        raise Cancelled

    heard: list[type[SafelightError]] = []
    jobs.run(work, fail, lambda error: heard.append(type(error)))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == [Cancelled]


def test_closing_stops_what_reads_and_what_is_long(qtbot: QtBot) -> None:
    jobs = Jobs()
    running, waiting = [Gate() for _ in range(3)], [Gate() for _ in range(2)]
    for gate in (*running[:2], waiting[0]):
        jobs.read(gate, fail, fail)
    for gate in (running[2], waiting[1]):
        jobs.long(gate.verb, fail, fail)
    for gate in running:
        assert gate.began.wait(5)
    began = time.monotonic()
    jobs.close()
    assert time.monotonic() - began < 2
    assert not any(gate.began.is_set() for gate in waiting)
    assert not jobs.busy
    for _ in range(3):
        QCoreApplication.processEvents()


# What changed.


def test_the_refresh_signal_follows_the_outcome_and_names_who_asked(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[object] = []
    view = object()
    jobs.changed.connect(lambda changes, initiator: heard.append((changes, initiator)))
    jobs.write(lambda _: (7, Changes.SUBJECTS | Changes.JOURNAL), heard.append, fail, initiator=view)
    jobs.write(lambda _: (8, Changes.NONE), heard.append, fail, initiator=view)
    jobs.long(lambda _: (9, Changes.BUNDLES), heard.append, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert sorted(map(str, heard)) == sorted(
        map(str, [7, (Changes.SUBJECTS | Changes.JOURNAL, view), 8, 9, (Changes.BUNDLES, None)])
    )
    assert heard.index((Changes.BUNDLES, None)) == heard.index(9) + 1


@pytest.mark.parametrize("how", ["stopped", "refused"])
def test_what_ended_half_way_may_have_changed_anything(jobs: Jobs, qtbot: QtBot, how: str) -> None:
    heard: list[object] = []
    jobs.changed.connect(lambda changes, initiator: heard.append((changes, initiator)))

    def work(_: Report) -> tuple[None, Changes]:
        raise Cancelled if how == "stopped" else Refused("No.")

    jobs.long(work, fail, lambda _: heard.append("refused"), initiator="me", cancelled=lambda: heard.append("stopped"))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == [how, (EVERYTHING, "me")]
    assert all(kind in EVERYTHING for kind in Changes)


def test_what_others_changed_is_told_here_from_any_thread(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[object] = []
    jobs.changed.connect(lambda changes, initiator: heard.append((changes, initiator, threading.current_thread().name)))
    other = threading.Thread(target=lambda: (jobs.tell(Changes.CONSENTS, "tablet"), jobs.tell(Changes.NONE)))
    other.start()
    other.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(Changes.CONSENTS, "tablet", threading.main_thread().name)]
    assert not jobs.busy


# Later.


def test_a_call_comes_later_unless_it_is_called_off(jobs: Jobs, qtbot: QtBot) -> None:
    heard: list[str] = []
    jobs.later(0.01, lambda: heard.append("first"))
    call_off = jobs.later(0.01, lambda: heard.append("never"))
    jobs.later(0.03, lambda: heard.append("last"))
    call_off()
    call_off()
    qtbot.waitUntil(lambda: "last" in heard)
    assert heard == ["first", "last"]


def test_nothing_comes_later_after_closing(qtbot: QtBot) -> None:
    jobs = Jobs()
    jobs.later(0.01, lambda: fail(Cancelled()))
    jobs.close()
    qtbot.wait(30)


# Nothing is kept.

EVERY_END = [
    (lane, how)
    for lane in ("run", "read", "write", "long")
    for how in ("done", "refused", "failed", "stopped", "never begun")
    if (lane, how) != ("run", "never begun")  # nobody can stop it
]


@pytest.mark.parametrize(("lane", "how"), EVERY_END)
def test_nothing_of_a_person_is_held_once_the_outcome_was_told(
    jobs: Jobs, qtbot: QtBot, expect_log: Callable[[str], None], lane: str, how: str
) -> None:
    if how == "failed":
        expect_log("failed unexpectedly: KeyError")
    told: list[object] = []
    handles: list[Job | None] = []

    def hand_in() -> list[weakref.ref[Answers]]:
        given, made, heard = Answers(), Answers(), Answers()

        def work(report: Report = lambda *_: None) -> object:
            inside = given  # in the frame that an error would carry
            report(1, 2, "somebody's name")
            if how == "stopped":
                raise Cancelled
            if how == "refused":
                try:
                    raise KeyError(inside)
                except KeyError as error:
                    raise Refused("No.", "") from error
            if how == "failed":
                raise KeyError(inside)
            return made if lane in ("run", "read") else (made, Changes.PHOTOS)

        def keep(outcome: object, listener: Answers = heard) -> None:
            told.append(type(outcome) if isinstance(outcome, Answers) else outcome)

        def stopped(listener: Answers = heard) -> None:
            told.append("stopped")

        def progressed(done: int, total: int, what: str, listener: Answers = heard) -> None:
            assert (done, total) == (1, 2)

        if lane == "run":
            handles.append(jobs.run(work, keep, keep))
        else:
            job = getattr(jobs, lane)(work, keep, keep, progressed=progressed, cancelled=stopped)
            if how == "never begun":
                job.cancel()
            handles.append(job)
        return [weakref.ref(each) for each in (given, made, heard)]

    refs = hand_in()
    qtbot.waitUntil(lambda: not jobs.busy)
    # The garbage collector is not asked: what is held in a circle is held until it happens to run. The error, which a
    # window goes on showing, and the handle, which a window keeps, stay alive meanwhile.
    assert len(told) == len(handles) == 1
    assert [ref() for ref in refs] == [None, None, None]


def test_a_call_for_later_is_let_go_when_it_was_made_or_called_off(jobs: Jobs, qtbot: QtBot) -> None:
    def hand_in() -> list[weakref.ref[Answers]]:
        made, off = Answers(), Answers()
        jobs.later(0.01, lambda made=made: print(made))
        jobs.later(0.01, lambda off=off: print(off))()
        return [weakref.ref(made), weakref.ref(off)]

    refs = hand_in()
    assert refs[1]() is None
    qtbot.waitUntil(lambda: refs[0]() is None)
