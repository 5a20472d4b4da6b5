"""The person's own photos, one large at a time: keep it, or not this one, side by side and alike."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from safelight.asking import wishes
from safelight.asking.answers import judged
from safelight.asking.step_state import Footer, StepState
from safelight.asking.wording import say
from safelight.domain.ids import PhotoGuid
from safelight.kiosk.view import StepView
from safelight.qt.choices import ChoicePair
from safelight.qt.controls import TextLabel
from safelight.qt.picture import PictureView
from safelight.qt.theme import tokens_of

from .page import Spread


class PhotosView(StepView):
    """Next turns to the next photo and, after the last, leads on; a photo nobody judged is kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: StepState | None = None
        self._at = 0
        self._painted: PhotoGuid | None = None
        self.picture = PictureView()
        frame = QWidget()
        framed = QVBoxLayout(frame)
        framed.setContentsMargins(20, 20, 20, 8)
        framed.addWidget(self.picture)
        self._panel = Spread(frame)
        self._number = TextLabel("", "muted")
        self.pair = ChoicePair("", "", "")
        self._panel.body.addWidget(self._number)
        self._panel.body.addStretch(1)
        below = QHBoxLayout()
        below.setContentsMargins(20, 12, 20, 12)
        below.addStretch(1)
        below.addWidget(self.pair, 1000)
        below.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._panel, 1)
        rows.addLayout(below)
        self.pair.chosen.connect(self._judge)

    def show_step(self, state: StepState) -> None:
        """The photo looked at, with what was said about it."""
        self._state = state
        photos = state.person.photos
        if not photos:
            return
        self._at = min(self._at, len(photos) - 1)
        shown, words = photos[self._at], state.texts.ceremony
        self._panel.say(words["photos_title"], words["photos_lead"])
        name = say(state.texts, "photo_name", number=str(self._at + 1), count=str(len(photos)))
        self._number.setText(name)
        keep, veto = words["photo_keep"], words["photo_veto"]
        self.pair.set_words(keep, veto, name, keep, veto)
        self.pair.set_value(judged(state.ceremony, shown.guid))
        if self._painted != shown.guid:
            self._painted = shown.guid
            self.picture.show_jpeg(shown.jpeg, name)
        self.picture.setAccessibleName(name)
        self.footer_changed.emit()

    def footer(self) -> Footer:
        """Back turns to the photo before."""
        return Footer(back=self._at > 0)

    def forward(self) -> None:
        """The next photo, or on."""
        if self._state is None or self._at + 1 >= len(self._state.person.photos):
            self.wish(wishes.NEXT)
        else:
            self._at += 1
            self.show_step(self._state)

    def backward(self) -> None:
        """The photo before."""
        if self._at > 0 and self._state is not None:
            self._at -= 1
            self.show_step(self._state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep it and not this one stand close together, also on a wide screen."""
        super().resizeEvent(event)
        self.pair.setMaximumWidth(tokens_of(self).px(640))

    def forget(self) -> None:
        """Drop the picture."""
        self.picture.clear()
        self._state = self._painted = None

    def _judge(self, keep: bool) -> None:
        if self._state is not None:
            self.wish(wishes.JUDGE, self._state.person.photos[self._at].guid, keep)
