"""The real desk on a real studio, and what stands in for what ``bootstrap`` would hand in."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from safelight.desk.demonstration import DeskDemonstration
from safelight.desk.opening import Opening
from safelight.desk.preferences import Preferences
from safelight.desk.signing_screen import SigningScreens
from safelight.domain.people import Role
from safelight.domain.progress import Report
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio.founding import Founding, found_studio
from safelight.studio.signing_point import StudioSigningPoint
from safelight.studio.sitting import StudioSitting
from safelight.studio.staff import add_staff

P = TypeVar("P", bound=QWidget)
PASSPHRASE = "correct horse battery staple"


class SigningDouble:
    """Remembers what it was opened with, and can be left like the real one."""

    def __init__(self) -> None:
        self.point: StudioSigningPoint | None = None
        self.first: StudioSitting | None = None
        self._left: Callable[[], None] | None = None

    @property
    def is_open(self) -> bool:
        return self.point is not None

    @property
    def busy(self) -> bool:
        return self.first is not None

    def open(
        self, point: StudioSigningPoint, first: StudioSitting | None, left: Callable[[], None], screen: int | None
    ) -> None:
        self.point, self.first, self._left = point, first, left

    def close(self) -> None:
        self.point = self.first = None

    def leave(self) -> None:
        """The team gives the PIN there."""
        left, self._left = self._left, None
        self.close()
        if left is not None:
            left()


def no_demonstration(folder: Path, report: Report) -> DeskDemonstration:
    raise AssertionError("no demonstration is played here")


def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Let the window work until ``true()``."""
    latest = time.monotonic() + seconds
    while not true():
        QCoreApplication.processEvents()
        assert time.monotonic() < latest, "it never came"
        time.sleep(0.001)


def found(folder: Path, *, staffed: bool = False) -> None:
    """A new studio in ``folder``, opened by PASSPHRASE, with nobody in it, or with Kim (2468) and Robin (1357).

    Tests take a copy of it by the fixture ``copied``: founding one takes a second.
    """
    wanted = Founding("Lampe & Söhne", "DE", "rights@lampe.example", "Lindenallee 4, Berlin")
    with found_studio(folder, wanted, PASSPHRASE, cost=FLOOR_COST) as studio:
        if staffed:
            add_staff(studio, "Kim", frozenset({Role.PHOTOGRAPHER}), "2468")
            add_staff(studio, "Robin", frozenset({Role.REVIEWER}), "1357")


class AtDesk:
    """One desk that is open; closed again at the end, with every window gone."""

    def __init__(
        self,
        folder: Path,
        choose: Callable[[str], Path | None] | None = None,
        screens: SigningScreens | None = None,
    ) -> None:
        """``screens`` are the real signing screens; without them somebody stands in for them."""
        self.signing = SigningDouble()
        self.preferences = Preferences(folder.parent / "desk.ini")
        self.opening = Opening(
            screens or self.signing, no_demonstration, folder, self.preferences, choose=choose or (lambda _: None)
        )
        self.ready: list[bool] = []
        self.opening.ready.connect(lambda: self.ready.append(True))

    @property
    def window(self) -> QWidget:
        return self.opening.window

    def open(self, width: int = 1280, height: int = 720) -> None:
        self.opening.open()
        self.opening.window.resize(width, height)
        until(lambda: not self.opening.jobs.busy and self.opening.window.isVisible())

    def page(self, kind: type[P]) -> P:
        """The page of this kind, once it is shown."""
        until(lambda: isinstance(self.opening.window.stack.currentWidget(), kind))
        QCoreApplication.processEvents()
        page = self.opening.window.stack.currentWidget()
        assert isinstance(page, kind)
        return page

    def close(self) -> None:
        self.opening.close()
        self.opening.window.deleteLater()
        self.opening.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
