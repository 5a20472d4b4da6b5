"""Makes the shoot screen for a desk: its widgets, where their bytes come from, and the presenter that joins them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from PySide6.QtWidgets import QWidget

from safelight.desk.desk import Desk
from safelight.desk.pictures.frame_source import FrameSource
from safelight.desk.pictures.thumbnails import Thumbnails
from safelight.desk.shoot.delivering import Delivering
from safelight.desk.shoot.pictures_panel import PicturesPanel
from safelight.desk.shoot.presenter import ShootPresenter
from safelight.desk.shoot.second_windows import SecondWindows
from safelight.desk.shoot.view import ShootView
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PhotoGuid
from safelight.qt import theme
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.pictures import preview, region, thumbnails


class ShootScreen:
    """The screen as the window knows it."""

    key = "shoot"

    def __init__(self, desk: Desk) -> None:
        self._desk, studio = desk, desk.studio
        small = Thumbnails(desk.jobs, lambda guids: thumbnails(studio, guids), desk)
        source = FrameSource(
            desk.jobs, lambda guid: preview(studio, guid),
            lambda guid, box, scale: region(studio, desk.decoders, guid, box, scale), desk,
        )  # fmt: skip
        self.panel = PicturesPanel(small, source, desk.words, desk.preferences.hand, desk)
        self.view = ShootView(desk.words, self.panel.large, self.panel.shots, self.panel.strip)
        self.view.lowered.connect(self.panel.set_low)
        self.panel.large.looks_changed.connect(lambda looks: self.view.show_picture_only(looks.picture_only))
        shown = Thumbnails(desk.jobs, lambda guids: _previews(studio, guids), desk)
        self.windows = SecondWindows(desk, shown, lambda: theme.tokens_of(self.view), desk)
        self.presenter = ShootPresenter(desk, self.view, self.panel, self.windows, desk)
        delivering = Delivering(desk, self.view.ask_delivery, self.presenter)
        self.view.deliver_asked.connect(lambda: delivering.ask(self.presenter.set.on_set))
        self._set_hand()
        desk.preferences.changed.connect(self._set_hand)
        self.view.destroyed.connect(self.presenter.close)
        self.view.destroyed.connect(self.presenter.deleteLater)  # another screen may be made for the same desk

    def _set_hand(self) -> None:
        self.view.hand = self._desk.preferences.hand
        self.panel.set_hand(self.view.hand)

    @property
    def widget(self) -> QWidget:
        """What the window shows."""
        return self.view

    def opened(self) -> None:
        """It is on screen."""
        self.presenter.opened()

    def left(self) -> None:
        """Another screen is shown."""
        self.presenter.left()

    def forget(self) -> None:
        """Drop every pixmap, name and answer."""
        self.presenter.forget()


def _previews(studio: OpenStudio, guids: Sequence[PhotoGuid]) -> Mapping[PhotoGuid, bytes]:
    """For the client's window, where a few frames are seen large; those that do not open are left out."""
    found: dict[PhotoGuid, bytes] = {}
    for guid in guids:
        with suppress(SafelightError):
            found[guid] = preview(studio, guid)
    return found


def open_screen(desk: Desk) -> ShootScreen:
    """The screen for this desk; a studio is open."""
    return ShootScreen(desk)
