"""What another program writes to the open studio is noticed by the desk; what the desk writes itself is not news."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from safelight.desk.other_programs import OtherPrograms
from safelight.domain.ids import Sha256
from safelight.domain.people import Role
from safelight.domain.session import Session
from safelight.studio.founding import open_studio
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.latest import latest_of, written_by_others
from safelight.studio.rules import keep_current
from safelight.studio.sessions import NewSession, close_session, new_session
from safelight.studio.staff import add_staff
from support.desk.at_desk import PASSPHRASE

SOON_MS = 20_000


@pytest.fixture
def session(studio: OpenStudio) -> Session:
    kim, _ = add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}))
    wanted = NewSession("Autumn", "Nordwind", "Berlin", "DE", studio.today(), kim.id, ("use.portfolio",))
    return new_session(studio, wanted)[0]


def test_what_others_write_is_heard_of_with_the_session_as_it_is_now(
    qtbot: QtBot, studio: OpenStudio, session: Session, tmp_path: Path
) -> None:
    heard: list[tuple[Any, Any]] = []
    others = OtherPrograms(look_every_s=0.02)
    others.wrote.connect(lambda *told: heard.append(told))
    others.start(studio, lambda: session)
    try:
        add_staff(studio, "Robin", frozenset({Role.PHOTOGRAPHER}))
        qtbot.wait(200)
        assert heard == []
        with open_studio(tmp_path / "studio", PASSPHRASE) as other:
            close_session(other, session)
            qtbot.waitUntil(lambda: len(heard) == 1, timeout=SOON_MS)
            now, shown = heard[0]
            assert now is studio and shown == other.archive.sessions.get(session.id) != session
            others.stop()
            add_staff(other, "Lou", frozenset({Role.PHOTOGRAPHER}))
            qtbot.wait(100)
        assert len(heard) == 1
    finally:
        others.stop()


def test_rules_that_another_program_adopted_are_those_of_now(studio: OpenStudio, tmp_path: Path) -> None:
    before = written_by_others(studio)
    assert latest_of(studio, None) == (studio, None)
    with open_studio(tmp_path / "studio", PASSPHRASE) as other:
        with other.archive.transaction(other.now()) as writing:
            keep_current(other, writing)
        assert written_by_others(studio) == before + 1
        assert latest_of(studio, None)[0] is studio  # the same rules, kept now
        stale = replace(studio, rules=replace(studio.rules, sha256=Sha256("0" * 64)))
        assert latest_of(stale, None)[0].rules == studio.rules
