"""The bars tell of long jobs, and what was done can be taken back in its order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from safelight.desk.status import Status
from safelight.desk.undo import Undo
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError, WrongUsage
from safelight.qt.jobs import Jobs
from support.desk.at_desk import until


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def test_a_long_job_is_shown_while_it_runs_and_can_be_stopped(jobs: Jobs) -> None:
    status = Status(jobs)
    told: list[object] = []

    def work(report) -> tuple[None, Changes]:
        while True:
            report(3, 10, "a name nobody shows")

    status.long("Export", work, told.append, told.append, cancelled=lambda: told.append("stopped"))
    until(lambda: status.running[0].done == 3)
    assert (status.running[0].label, status.running[0].total) == ("Export", 10)
    assert "name" not in repr(status.running[0])
    assert status.cancel()
    until(lambda: told == ["stopped"])
    assert status.running == [] and not status.cancel()


def test_a_long_job_that_fails_is_off_the_bar(jobs: Jobs) -> None:
    status = Status(jobs)
    told: list[SafelightError] = []

    def work(_) -> tuple[None, Changes]:
        raise WrongUsage("No.")

    status.long("Export", work, lambda _: None, told.append)
    until(lambda: bool(told))
    assert status.running == []


def test_acts_are_taken_back_in_their_order_and_done_again(qtbot: QtBot) -> None:
    undo, said = Undo(), []
    undo.push("rate", lambda: said.append("unrate"), lambda: said.append("rate"))
    undo.push("move", lambda: said.append("unmove"), lambda: said.append("move"))
    assert undo.label == "move"
    assert (undo.undo(), undo.undo(), undo.undo()) == ("move", "rate", "")
    assert (undo.redo(), undo.redo(), undo.redo()) == ("rate", "move", "")
    assert said == ["unmove", "unrate", "rate", "move"]


def test_a_new_act_ends_what_could_be_done_again(qtbot: QtBot) -> None:
    undo, said = Undo(), []
    undo.push("rate", lambda: None, lambda: said.append("rate"))
    undo.undo()
    undo.push("move", lambda: None)
    assert undo.redo() == "" and said == []
