"""The flow tests of the room ``asking`` once more, with the workers and the event loop a window brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication

from safelight.qt.jobs import Jobs
from unit.asking.test_flow import *  # noqa: F403 - every test of that file, with the fixture below


class PumpedJobs(Jobs):
    """Delivers from the event loop."""

    def pump(self) -> None:
        QCoreApplication.processEvents()


@pytest.fixture  # type: ignore[no-redef]
def work(qapp: Callable[[], object]) -> Iterator[PumpedJobs]:
    jobs = PumpedJobs()
    yield jobs
    jobs.close()
    jobs.deleteLater()
