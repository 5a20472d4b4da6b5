"""How a start goes: the demonstration, the real signing screen beside the desk, and what is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from safelight.bootstrap import SigningScreenBeside
from safelight.demo import spring_day
from safelight.demo.desk_studio import PIN, DeskStudio, found_desk_studio
from safelight.desk.opening import Opening
from safelight.desk.preferences import Preferences
from safelight.desk.unlock.recovery_view import RecoveryView
from safelight.desk.unlock.view import UnlockView
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, Refused
from safelight.domain.ids import Sha256
from safelight.domain.journal_stretch import Head
from safelight.domain.progress import Report
from safelight.kiosk.window import Window
from safelight.storage import clock
from safelight.storage.anchoring import Anchoring
from safelight.studio.founding import open_studio, recovery_shares
from safelight.studio.presence import who_works
from safelight.studio.queries.board import PersonState, session_board
from safelight.studio.staff import add_staff
from support.desk.at_desk import PASSPHRASE, AtDesk, until


class FoundOnce:
    """Founds the demonstration's studio, with four people, for whoever asks first; whoever comes later gets a copy."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._made: DeskStudio | None = None

    def __call__(self, folder: Path, report: Report) -> DeskStudio:
        if self._made is None:
            made = found_desk_studio(folder, report, people=4)
            shutil.copytree(folder, self._kept)  # nobody writes to it before it is handed over
            self._made = made
            return made
        shutil.copytree(self._kept, folder, dirs_exist_ok=True)
        studio = open_studio(folder / "studio", PASSPHRASE)
        return replace(self._made, studio=studio, hot_folder=folder / "hot-folder")


@pytest.fixture(scope="module")
def found_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FoundOnce]:
    with pytest.MonkeyPatch.context() as patch:  # a copy is opened by the passphrase that is else thrown away
        patch.setattr(spring_day, "secrets", SimpleNamespace(token_urlsafe=lambda _: PASSPHRASE))
        yield FoundOnce(tmp_path_factory.mktemp("demonstration") / "kept")


@pytest.fixture
def demo(qtbot: QtBot, tmp_path: Path, found_once: FoundOnce):
    """The desk on the demonstration's studio, with four people, and the real signing screen."""
    opening = Opening(
        SigningScreenBeside(), found_once, tmp_path / "none", Preferences(tmp_path / "desk.ini"), demo=True
    )
    ready: list[bool] = []
    opening.ready.connect(lambda: ready.append(True))
    opening.open()
    until(lambda: bool(ready), 60)
    yield opening
    opening.close()
    opening.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_demonstration_is_a_day_under_way(demo: Opening) -> None:
    desk = demo.desk
    assert desk.session is not None and desk.by.name == "Kim Sandberg" and desk.demonstration is not None
    board = session_board(desk.studio, desk.session)
    states = {each.name: (each.state, each.shots > 0) for each in board.people}
    assert states["Anna Lindqvist"] == (PersonState.SIGNED, True)
    assert (PersonState.REGISTERED, True) in states.values()
    assert who_works(desk.studio, PIN) == desk.by
    frame = desk.demonstration.photograph(1)
    assert frame.parent == desk.demonstration.hot_folder and frame.stat().st_size > 50_000


def test_nothing_of_the_demonstration_is_left(demo: Opening) -> None:
    folder = demo.desk.demonstration.hot_folder.parent  # type: ignore[union-attr]
    assert folder.is_dir()
    demo.close()
    assert not folder.exists() and not demo.window.isVisible()


def test_the_signing_screen_is_handed_over_and_taken_back(demo: Opening, qtbot: QtBot) -> None:
    desk, told, changed = demo.desk, [], []
    desk.signing.given.connect(lambda who: told.append(("given", who)))
    desk.signing.taken_back.connect(lambda who: told.append(("back", who)))
    desk.jobs.changed.connect(lambda changes, _: changed.append(changes))
    assert desk.session is not None
    person = next(each for each in session_board(desk.studio, desk.session).people if not each.signed)
    desk.signing.give(person.id)
    until(lambda: desk.signing.busy)
    (kiosk,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, Window)]
    assert told == [("given", person.id)] and kiosk.isVisible()
    assert desk.signing._screens._kiosk.flow._point._session.photographer == desk.by.id  # type: ignore[attr-defined]
    desk.signing.give(None)  # it is open already
    desk.signing._screens._kiosk.flow.give_pin(PIN)  # type: ignore[attr-defined]
    until(lambda: not desk.signing.is_open)
    assert told[-1] == ("back", person.id) and demo.window.isVisible()
    assert all(isinstance(each, Changes) for each in changed)
    until(lambda: kiosk not in QApplication.topLevelWidgets() or not kiosk.isVisible())
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_taken_back_in_mid_ceremony_what_was_answered_is_kept(demo: Opening) -> None:
    desk = demo.desk
    assert desk.session is not None
    person = next(each for each in session_board(desk.studio, desk.session).people if not each.signed)
    desk.signing.give(person.id)
    until(lambda: desk.signing.busy)
    flow = desk.signing._screens._kiosk.flow  # type: ignore[attr-defined]
    assert not demo.window.isVisible(), "on the only screen, nothing of the desk is behind the signing screen"
    flow.start()
    until(lambda: not demo.desk.signing._screens._kiosk.jobs.busy)  # type: ignore[attr-defined]
    desk.signing.take_back()
    assert not desk.signing.is_open and demo.window.isVisible()
    board = session_board(desk.studio, desk.session)
    assert [each.state for each in board.people if each.id == person.id] == [PersonState.ANSWERING]
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_wrong_passphrase_is_told_in_two_sentences_and_not_kept(
    desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path,
    shoot: Callable[[QWidget, str], object],
) -> None:  # fmt: skip
    copied(tmp_path / "studio", staffed=True)
    Preferences(tmp_path / "desk.ini").keep("language", "de")
    at = desks(tmp_path / "studio")
    at.open()
    page = at.page(UnlockView)
    until(page.unlock.isEnabled)
    page.passphrase.edit.setText("not it at all")
    page.unlock.click()
    until(lambda: bool(page.said.text()) and page.unlock.isEnabled())
    assert page.passphrase.text() == "" and "Passwort" in page.said.text(), page.said.text()
    shoot(at.window, "desk-unlock-wrong")
    page.passphrase.edit.setText(PASSPHRASE)
    page.unlock.click()
    until(lambda: bool(at.ready))
    assert at.opening.desk.by.name == "Kim"
    assert at.window.windowTitle() == ""
    kept = (tmp_path / "desk.ini").read_text() if (tmp_path / "desk.ini").exists() else ""
    assert "Kim" not in kept and str(tmp_path) not in kept


def test_a_folder_that_was_put_back_is_told_when_it_is_opened(
    desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Anchoring, "newer", lambda _: Head(4711, Sha256("ab" * 32)))
    copied(tmp_path / "studio", staffed=True)
    at = desks(tmp_path / "studio")
    at.open()
    said: list[str] = []
    monkeypatch.setattr(at.opening.desk, "say", lambda *told: said.extend(told))
    until(lambda: at.page(UnlockView).unlock.isEnabled())
    at.page(UnlockView).passphrase.edit.setText(PASSPHRASE)
    at.page(UnlockView).unlock.click()
    until(lambda: bool(at.ready))
    assert "lacks entry 4711 of then" in said[0] and "Restore the newest backup" in said[1]


def test_two_recovery_sheets_open_the_studio_and_set_another_passphrase(
    desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path,
    shoot: Callable[[QWidget, str], object],
) -> None:  # fmt: skip
    copied(tmp_path / "studio", staffed=True)
    one, two, _ = recovery_shares(tmp_path / "studio", PASSPHRASE)
    at, fresh = desks(tmp_path / "studio"), "another one altogether"
    at.open()
    until(lambda: at.page(UnlockView).lost.isEnabled())
    at.page(UnlockView).lost.click()
    page = at.page(RecoveryView)

    def give(first: str, second: str, passphrase: str = fresh, again: str = fresh) -> str:
        fields = (*page.sheets, page.passphrase, page.again)
        for field, typed in zip(fields, (first, second, passphrase, again), strict=True):
            field.edit.setText(typed)
        page.said.setText("")
        page.open.click()
        return page.said.text()

    def wrong(first: str, second: str) -> str:
        give(first, second)
        until(lambda: bool(page.said.text()))
        return page.said.text()

    assert "Take two of the three" in give(one, "")
    assert "Too short" in give(one, two, "short", "short")
    assert "not the same" in give(one, two, fresh, "another one altogethor")
    assert "Recovery share 2" in wrong(one, two.replace(two.split()[0], "acid", 1))
    assert page.passphrase.text() == "" and page.sheets[0].text() == one, "the words stay, to be put right"
    assert "Two different shares" in wrong(one, one)
    shoot(at.window, "desk-recovery")
    page.back.click()
    until(lambda: at.page(UnlockView).lost.isEnabled())
    at.page(UnlockView).lost.click()
    page = at.page(RecoveryView)
    give(two, one)
    until(lambda: bool(at.ready))
    at.opening.close()
    open_studio(tmp_path / "studio", fresh).archive.close()
    with pytest.raises(CannotOpen):
        open_studio(tmp_path / "studio", PASSPHRASE)


def test_a_clock_far_ahead_is_said_and_nothing_is_written_until_it_is_right(
    desks: Callable[..., AtDesk], copied: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class In2099(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return datetime(2099, 1, 1, tzinfo=tz)

    copied(tmp_path / "studio", staffed=True)
    at = desks(tmp_path / "studio")
    said: list[str] = []
    monkeypatch.setattr(at.opening.desk, "say", lambda *words: said.extend(words))
    with monkeypatch.context() as patch:
        patch.setattr(clock, "datetime", In2099)
        at.open()
        page = at.page(UnlockView)
        until(page.unlock.isEnabled)
        page.passphrase.edit.setText(PASSPHRASE)
        page.unlock.click()
        until(lambda: bool(at.ready))
        assert said[0] == "The clock of this computer shows a time far after anything this studio has seen."
        with pytest.raises(Refused, match="2099-01-01"):
            add_staff(at.opening.desk.studio, "Lou", frozenset())
    add_staff(at.opening.desk.studio, "Lou", frozenset())
    assert not at.opening.desk.studio.clock_set_back()


@pytest.mark.parametrize("arguments", [[], ["--demo"]])
def test_without_a_display_no_window_is_tried(arguments: list[str]) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "safelight", *arguments],
        env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if arguments:
        assert done.returncode == 3 and "There is no display here" in done.stderr
    else:
        assert done.returncode == 2 and "usage: safelight" in done.stdout


def test_the_program_ends_in_order_when_it_is_told_to(tmp_path: Path) -> None:
    """Started as people start it; what it leaves behind says where the window was and nothing else."""
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data"), "TMPDIR": str(tmp_path),
    }  # fmt: skip
    started = subprocess.Popen([sys.executable, "-m", "safelight"], env=environment, stderr=subprocess.PIPE)
    time.sleep(4)
    started.send_signal(signal.SIGTERM)
    _, said = started.communicate(timeout=20)
    assert started.returncode == 0, said
    left = [each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*") if each.is_file()]
    assert [each for each in left if "cache" not in each.lower()] == ["config/safelight/desk.ini"]
    lines = (tmp_path / "config" / "safelight" / "desk.ini").read_text().splitlines()
    assert [line.split("=")[0] for line in lines if "=" in line] == ["geometry"]


def test_esc_stops_the_long_job_unless_a_screen_wants_it(demo: Opening, qtbot: QtBot) -> None:
    told: list[str] = []

    def work(report) -> tuple[None, Changes]:
        while True:
            report(1, 2, "")

    status = demo.desk.status
    status.long("Export", work, lambda _: None, demo.desk.failed, cancelled=lambda: told.append("stopped"))
    until(lambda: status.running[0].total == 2)
    qtbot.keyClick(demo.window, Qt.Key.Key_Escape)
    until(lambda: told == ["stopped"])
