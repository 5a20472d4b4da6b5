"""Opens the signing screen on the screen that was asked for, and runs it until the team gives the PIN."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QStyle

from safelight.asking.flow import Flow
from safelight.asking.scene import READS_CARDS, Scene
from safelight.asking.signing_point import SigningPoint, Sitting
from safelight.domain.errors import ExitCode, SafelightError, WrongUsage
from safelight.qt.app import make_application, told_to_end
from safelight.qt.camera import Attach, Camera, attach_camera
from safelight.qt.jobs import Jobs
from safelight.qt.pages import warm

from .cover import IdleWatch
from .full_screen import FullScreen
from .input_watch import InputWatch
from .receipt_delivery import ReceiptDelivery
from .window import Window

CANCELLED = int(ExitCode.CANCELLED)
WINDOWED = QRect(40, 40, 1280, 800)


class Kiosk(QObject):
    """The signing screen of one session: window, flow and workers, held together."""

    def __init__(
        self,
        application: QApplication,
        desk: SigningPoint,
        *,
        letters: Path | None = None,
        still: bool | None = None,
        eye: Attach | None = None,
    ) -> None:
        super().__init__()
        self.application = application
        self.jobs = Jobs(self)
        self.input_watch = InputWatch()
        self.watch = IdleWatch(application)
        self.flow = Flow(desk, self.jobs, lambda: self.input_watch.mode)
        self.flow.stage.reduced_motion = _still(application) if still is None else still
        self.window = Window(self.flow, self.input_watch, self.watch)
        self.handing = ReceiptDelivery(self.flow, self.jobs, letters)
        self.window.print_asked.connect(self.handing.print)
        self.window.save_letter_asked.connect(self.handing.save_letter)
        self.flow.stage.confirmed.connect(self.handing.save_confirmation)
        self.camera = Camera(self.jobs, eye, self) if eye is not None else None
        if self.camera is not None:
            self.camera.seen.connect(self.flow.stage.read)
            self.camera.seen.connect(self.flow.admit)
            self.camera.changed.connect(self.flow.stage.offer_camera)
            self.flow.shown.connect(self._watch_for_cards)

    def open(self, screen: int | None, *, windowed: bool = False, first: Sitting | None = None) -> None:
        """Show the window on screen number ``screen`` (from 0), full screen unless ``windowed``.

        Without a number it is the second screen where there is one: the first is the team's.
        """
        self._screen = min(1, len(self.application.screens()) - 1) if screen is None else screen
        place = screen_number(self._screen)
        self.window.winId()
        handle = self.window.windowHandle()
        self.input_watch.listen(handle)
        handle.setScreen(place)
        if windowed:
            self.window.setGeometry(WINDOWED.translated(place.geometry().topLeft()))
            self.window.show()
        else:
            self.window.setGeometry(place.geometry())
            self.window.showFullScreen()
            self._full_screen = FullScreen(self.window, self._has_screen)
            self.application.screenAdded.connect(self._return)
        self.flow.wait()
        self.jobs.run(warm, lambda _: None, self._lame)
        if first is not None:
            self.flow.seat(first)

    def close(self) -> None:
        """Finish what is being kept, then let everything go."""
        self.input_watch.stop()
        self.watch.stop()
        if self.camera is not None:
            self.camera.close()
        self.jobs.close()
        self.flow.forget()

    def _watch_for_cards(self, scene: Scene) -> None:
        if self.camera is not None:
            self.camera.want(scene.page in READS_CARDS)

    @staticmethod
    def _lame(_: SafelightError) -> None:
        """What could not be prepared is tried, and told, when it is needed."""

    def _return(self, _: QScreen) -> None:
        # The tablet is back: the window, covered when it went, belongs there and not on the team's screen.
        if self._has_screen():
            place = self.application.screens()[self._screen]
            self.window.windowHandle().setScreen(place)
            self.window.setGeometry(place.geometry())
            self.window.showFullScreen()

    def _has_screen(self) -> bool:
        return self._screen < len(self.application.screens())


def screen_number(number: int) -> QScreen:
    """The screen called ``number``, from 0; raises :class:`WrongUsage` when there is none."""
    screens = QGuiApplication.screens()
    if not 0 <= number < len(screens):
        known = ", ".join(f"{index} ({each.name()})" for index, each in enumerate(screens))
        raise WrongUsage(f"There is no screen number {number}.", f"The screens here are: {known}.")
    return screens[number]


def run_kiosk(
    desk: SigningPoint,
    *,
    screen: int | None,
    windowed: bool = False,
    first: Sitting | None = None,
    letters: Path | None = None,
    camera: bool = False,
) -> int:
    """Run the signing screen until the team leaves it by PIN; returns the exit code.

    ``screen`` counts from 0, the last one when left out: a second screen is the person's. ``first`` is somebody already
    found by name; without it the screen waits for a card. ``letters`` is the folder that
    e-mails to people are saved in, the downloads of whoever runs the program when left out. With ``camera`` cards are
    also read by the camera while people are waited for.
    """
    application = make_application()
    kiosk = Kiosk(application, desk, letters=letters, eye=attach_camera if camera else None)
    kiosk.window.left.connect(application.quit)
    try:
        kiosk.open(screen, windowed=windowed, first=first)
        with told_to_end(lambda: application.exit(CANCELLED)):
            return application.exec()
    finally:
        kiosk.close()


def _still(application: QApplication) -> bool:
    """Whether the system asks for no motion: then its styles announce animations of no length."""
    return application.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
