"""Work in the background: its outcome comes back here, errors become two sentences, and nothing of it is kept."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from safelight.domain.errors import Refused, SafelightError
from safelight.qt.jobs import Jobs


class Answers:
    """Somebody's answers, which must be gone when they are done with."""


@pytest.fixture
def jobs(qtbot: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def fail(error: SafelightError) -> None:
    raise AssertionError(error)


def test_work_is_done_elsewhere_and_its_outcome_comes_here(jobs: Jobs, qtbot: object) -> None:
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


def test_one_thread_keeps_the_order(jobs: Jobs, qtbot: object) -> None:
    done: list[int] = []
    heard: list[int] = []
    for number in range(50):
        jobs.run(lambda number=number: done.append(number) or number, heard.append, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert done == heard == list(range(50))


def test_a_refusal_arrives_as_it_was_said(jobs: Jobs, qtbot: object) -> None:
    heard: list[SafelightError] = []

    def work() -> None:
        raise Refused("This cannot be.", "Everything is kept.")

    jobs.run(work, fail, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert (type(heard[0]), heard[0].title, heard[0].hint) == (Refused, "This cannot be.", "Everything is kept.")


def test_a_fault_of_the_program_becomes_two_sentences_without_the_data(
    jobs: Jobs, qtbot: object, expect_log: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    expect_log(r"failed unexpectedly: KeyError at .*test_jobs\.py:\d+")
    heard: list[SafelightError] = []
    jobs.run(lambda: {}["Anneliese"], fail, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0].title
    assert heard[0].hint
    assert "Anneliese" not in str(heard[0]) + caplog.text


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_the_work_is_kept(jobs: Jobs, qtbot: object, fails: bool) -> None:
    heard: list[object] = []

    def hand_in() -> list[weakref.ref[Answers]]:
        given, made = Answers(), Answers()

        def work() -> Answers:
            inside = given  # in the frame that an error would carry
            if fails:
                try:
                    raise KeyError(inside)
                except KeyError as error:
                    raise Refused("No.", "") from error
            return made

        jobs.run(work, lambda result: heard.append(type(result)), lambda error: heard.append(type(error)))
        return [weakref.ref(given), weakref.ref(made)]

    refs = hand_in()
    qtbot.waitUntil(lambda: not jobs.busy)
    gc.collect()
    assert heard == [Refused if fails else Answers]
    assert [ref() for ref in refs] == [None, None]


def test_closing_waits_for_what_was_handed_in_and_tells_nobody(qtbot: object) -> None:
    jobs = Jobs()
    started, go_on = threading.Event(), threading.Event()
    kept: list[int] = []

    def slow() -> None:
        started.set()
        go_on.wait(5)
        kept.append(1)

    jobs.run(slow, fail, fail)
    jobs.run(lambda: kept.append(2), fail, fail)
    assert started.wait(5)
    threading.Timer(0.05, go_on.set).start()
    jobs.close()
    assert kept == [1, 2], "answers are not lost because somebody closed the window"
    for _ in range(3):
        QCoreApplication.processEvents()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("job-")]
    jobs.close()
    with pytest.raises(RuntimeError):
        jobs.run(lambda: None, fail, fail)


def test_several_threads_work_side_by_side(qtbot: object) -> None:
    jobs = Jobs(threads=2)
    meet = threading.Barrier(2, timeout=5)
    heard: list[int] = []
    for _ in range(2):
        jobs.run(meet.wait, heard.append, fail)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert sorted(heard) == [0, 1]
    jobs.close()


def test_an_outcome_may_hand_in_more_work(jobs: Jobs, qtbot: object) -> None:
    heard: list[int] = []

    def again(number: int) -> None:
        heard.append(number)
        if number < 3:
            jobs.run(lambda: number + 1, again, fail)

    jobs.run(lambda: 1, again, fail)
    qtbot.waitUntil(lambda: heard == [1, 2, 3])
