"""What works for a window in the background gives way to it."""

from __future__ import annotations

import os
import sys
import threading

import pytest
from pytestqt.qtbot import QtBot

from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.qt.jobs import Jobs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a thread has a priority of its own on Linux alone")


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_reading_writing_and_long_work_step_back_and_the_window_does_not(qtbot: QtBot) -> None:
    jobs, before, found = Jobs(), priority(), list[int]()

    def failed(error: SafelightError) -> None:
        raise error

    jobs.read(lambda _: priority(), found.append, failed)
    jobs.write(lambda _: (priority(), Changes.NONE), found.append, failed)
    jobs.long(lambda _: (priority(), Changes.NONE), found.append, failed)
    qtbot.waitUntil(lambda: len(found) == 3)
    jobs.close()
    assert min(found) > before == priority()
