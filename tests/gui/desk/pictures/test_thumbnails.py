"""Pictures come by the page, the newest wish first; what left the view is not read, what was forgotten not painted."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from safelight.desk.pictures.thumbnails import PAGE, Thumbnails, Wanted
from safelight.domain.errors import DeviceFailure
from safelight.domain.ids import PhotoGuid
from safelight.qt.jobs import Jobs

from .conftest import Source, finished_unseen


def wanted(*numbers: int, ratio: float = 1.0) -> list[Wanted]:
    return [Wanted(PhotoGuid(f"g{each}"), round(100 * ratio), round(120 * ratio), ratio) for each in numbers]


def settle(jobs: Jobs, qtbot: QtBot) -> None:
    QApplication.processEvents()
    if jobs.busy:
        with qtbot.waitSignal(jobs.idle, timeout=10_000):
            pass


def test_a_page_is_one_question_off_the_windows_thread(pictures, source, jobs, qtbot):
    pictures.wish("grid", wanted(*range(PAGE)))
    settle(jobs, qtbot)
    assert [len(each) for each in source.asked] == [PAGE]
    assert source.threads.isdisjoint({threading.get_ident()})
    shown = pictures.picture(wanted(0)[0])
    assert shown is not None and shown.pixmap is not None and (shown.width, shown.height) == (100, 117)
    pictures.wish("grid", wanted(*range(PAGE)))
    settle(jobs, qtbot)
    assert len(source.asked) == 1, "what is at hand is not read again"


def test_the_newest_wish_is_read_first_and_what_left_the_view_never(pictures, source, jobs, qtbot):
    source.hold()
    pictures.wish("grid", wanted(*range(2 * PAGE)))  # two pages are on their way
    qtbot.waitUntil(lambda: len(source.asked) == 2)
    for jump in range(1, 30):
        pictures.wish("grid", wanted(*range(jump * 1000, jump * 1000 + 30)))
    source.release()
    settle(jobs, qtbot)
    assert source.asked[2] == tuple(each.guid for each in wanted(*range(29_000, 29_030)))
    assert len(source.asked) == 3, "nothing of the places jumped over was read"
    assert pictures.picture(wanted(0)[0]) is None, "what left the view while it was read is not even decoded"
    assert pictures.picture(wanted(29_000)[0]) is not None


def test_whoever_wished_last_is_served_first_and_nobody_is_forgotten(pictures, source, jobs, qtbot):
    source.hold()
    pictures.wish("other", wanted(*range(500, 500 + 2 * PAGE)))
    qtbot.waitUntil(lambda: len(source.asked) == 2)
    pictures.wish("strip", wanted(*range(100, 130)))
    pictures.wish("grid", wanted(*range(200, 230)))
    source.release()
    settle(jobs, qtbot)
    assert source.asked[2][0] == "g200"
    assert {f"g{each}" for each in (*range(100, 130), *range(200, 230))} <= set(source.seen)


def test_what_was_asked_before_it_was_forgotten_is_never_shown(pictures, source, jobs, qtbot):
    heard: list[object] = []
    pictures.arrived.connect(heard.append)
    source.hold()
    pictures.wish("grid", wanted(1, 2, 3))
    qtbot.waitUntil(lambda: len(source.asked) == 1)
    pictures.forget()
    source.release()
    settle(jobs, qtbot)
    assert heard == [] and pictures.held_bytes == 0
    assert [pictures.picture(each) for each in wanted(1, 2, 3)] == [None] * 3
    pictures.wish("grid", wanted(1))
    settle(jobs, qtbot)
    assert pictures.picture(wanted(1)[0]) is not None
    pictures.forget()
    assert pictures.picture(wanted(1)[0]) is None and pictures.held_bytes == 0


def test_a_page_that_was_ready_when_everything_was_forgotten_is_dropped(pictures, jobs, qtbot):
    heard: list[object] = []
    pictures.arrived.connect(heard.append)
    pictures.wish("grid", wanted(1, 2, 3))
    finished_unseen(jobs)
    pictures.forget()
    settle(jobs, qtbot)
    assert heard == [] and pictures.held_bytes == 0


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_the_cache_is_limited_by_bytes_of_the_screen(jobs, source, qtbot, ratio):
    one = round(100 * ratio) * round(117 * ratio) * 4
    pictures = Thumbnails(jobs, source, cache_bytes=10 * one + one // 2)
    for number in range(30):
        pictures.wish("grid", wanted(number, ratio=ratio))
        settle(jobs, qtbot)
    kept = [number for number in range(30) if pictures.picture(wanted(number, ratio=ratio)[0]) is not None]
    assert pictures.held_bytes <= 10 * one + one // 2
    assert kept == list(range(30))[-len(kept) :] and len(kept) in (9, 10, 11)


def test_what_is_gone_is_known_and_asked_for_once(pictures, source, jobs, qtbot):
    source.gone = {PhotoGuid("g2")}
    pictures.wish("grid", wanted(1, 2))
    settle(jobs, qtbot)
    shown = pictures.picture(wanted(2)[0])
    assert shown is not None and shown.pixmap is None
    pictures.wish("grid", wanted(1, 2))
    settle(jobs, qtbot)
    assert len(source.asked) == 1
    source.gone = set()
    pictures.outdated([PhotoGuid("g2")])
    pictures.wish("grid", wanted(1, 2))
    settle(jobs, qtbot)
    again = pictures.picture(wanted(2)[0])
    assert again is not None and again.pixmap is not None


def test_after_a_failure_it_is_tried_again(jobs, small, qtbot):
    tries: list[int] = []

    class Failing(Source):
        def __call__(self, guids):
            tries.append(1)
            if len(tries) == 1:
                raise DeviceFailure("The disk is gone.", "Plug it in.")
            return super().__call__(guids)

    pictures = Thumbnails(jobs, Failing(small))
    pictures.wish("grid", wanted(1))
    qtbot.waitUntil(lambda: pictures.picture(wanted(1)[0]) is not None, timeout=5000)
    assert len(tries) == 2
