"""The two windows beside the desk: the client's view, and the clock card that cameras photograph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from safelight.desk.desk import Desk
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.shoot.client_view import ClientFrame, ClientView
from safelight.desk.shoot.clock_window import ClockWindow
from safelight.qt import theme
from safelight.qt.theme import Tokens
from safelight.studio.queries.cameras import CameraRow
from safelight.studio.queries.clock_code import clock_code


class SecondWindows(QObject):
    """Opens each of them once, on the second screen where there is one; a covered desk shows nothing in either."""

    picked = Signal(str)
    """The person on set wants this shot."""

    def __init__(
        self, desk: Desk, pictures: Thumbnails, tokens: Callable[[], Tokens], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._pictures, self._tokens = desk, pictures, tokens
        self._client: ClientView | None = None
        self._clock: ClockWindow | None = None

    @property
    def client_is_open(self) -> bool:
        """Whether somebody is shown their frames."""
        return self._client is not None

    @property
    def open_windows(self) -> tuple[ClientView | ClockWindow, ...]:
        """Those that are open, the client's first."""
        return tuple(each for each in (self._client, self._clock) if each is not None)

    def open_client(self, frames: Sequence[ClientFrame]) -> None:
        """Show the client their frames, or close it again."""
        if self._client is not None:
            self._client.close()
            return
        window = self._client = ClientView(self._pictures, self._desk.words)
        self._dress(window)
        window.tapped.connect(self.picked)
        window.shut.connect(self._client_shut)
        window.show_frames(frames)
        screens = QGuiApplication.screens()
        if len(screens) > 1:
            window.setGeometry(screens[1].geometry())
            window.showFullScreen()
        else:
            window.resize(1024, 720)
            window.show()

    def show_client(self, frames: Sequence[ClientFrame]) -> None:
        """Other frames, or another person's."""
        if self._client is not None:
            self._client.show_frames(frames)

    def tap_number(self, number: int) -> bool:
        """As a tap on the frame with this number."""
        return self._client is not None and self._client.tap_number(number)

    def open_clock(self, cameras: Sequence[CameraRow]) -> None:
        """Show the code; once it is open it is only brought to the front."""
        if self._clock is None:
            window = self._clock = ClockWindow(self._desk.words, lambda: clock_code(self._desk.studio))
            self._dress(window)
            window.shut.connect(self._clock_shut)
        self.show_cameras(cameras)
        self._clock.show()
        self._clock.activateWindow()

    def show_cameras(self, cameras: Sequence[CameraRow]) -> None:
        """Which cameras photographed it."""
        if self._clock is not None:
            known = [each.name or each.short for each in cameras if each.known and not each.contradicted]
            unknown = [each.name or each.short for each in cameras if not each.known or each.contradicted]
            self._clock.show_cameras(known, unknown)

    def forget(self) -> None:
        """Show nobody."""
        if self._client is not None:
            self._client.forget()
        self._pictures.forget()

    def close(self) -> None:
        """Close both."""
        for each in self.open_windows:
            each.close()

    def _dress(self, window: ClientView | ClockWindow) -> None:
        theme.apply(window, self._tokens())
        theme.speak(window, self._desk.words.language)

    def _client_shut(self) -> None:
        window, self._client = self._client, None
        self._pictures.forget()
        if window is not None:
            window.deleteLater()

    def _clock_shut(self) -> None:
        window, self._clock = self._clock, None
        if window is not None:
            window.deleteLater()
