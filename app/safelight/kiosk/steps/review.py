"""Exactly what is signed: the real page, to scroll, pinch and enlarge, and a way back to every answer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from safelight.asking import wishes
from safelight.asking.step_state import Footer, StepState
from safelight.asking.wording import say
from safelight.kiosk.view import StepView
from safelight.qt.controls import Button, IconButton, TextLabel
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.page_view import PageView

from .page import Spread, fill_with


class ReviewView(StepView):
    """The PDF whose hash the signature will name; while it is made, a sentence says so."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: StepState | None = None
        self._shown: bytes = b""
        self._at = (0, 0)
        self.page = PageView()
        self._panel = Spread(self.page)
        fill_with(self, self._panel)
        self._number = TextLabel("", "muted")
        self.larger = IconButton("zoom_in", "")
        self.smaller = IconButton("zoom_out", "")
        self.change = Button("", "quiet", icon="back")
        tools = FlowLayout(12)
        for tool in (self.larger, self.smaller, self.change):
            tools.addWidget(tool)
        self._panel.body.addWidget(self._number)
        self._panel.body.addLayout(tools)
        self._panel.body.addStretch(1)
        self.larger.clicked.connect(self.page.zoom_in)
        self.smaller.clicked.connect(self.page.zoom_out)
        self.wish_by(self.change, wishes.BACK)
        self.page.page_shown.connect(self._turned)

    def show_step(self, state: StepState) -> None:
        """The page, or that it is being made."""
        self._state = state
        words = state.texts.ceremony
        self._panel.say(words["review_title"], words["review_lead"] if state.page else words["page_making"])
        for button, key in ((self.larger, "zoom_in"), (self.smaller, "zoom_out")):
            button.setAccessibleName(words[key])
            button.setToolTip(words[key])
            button.setEnabled(bool(state.page))
        self.change.set_words(words["change"])
        if state.page and state.page != self._shown:
            self._shown = state.page
            self.page.show_pdf(state.page, words["review_title"])
        elif not state.page and self._shown:
            self._shown = b""
            self.page.clear()
        self.page.setAccessibleName(words["review_title"])
        self._number.setVisible(bool(state.page))
        self._turned(*self._at)
        self.footer_changed.emit()

    def footer(self) -> Footer:
        """On to the signature once there is something to read."""
        return Footer(ready=self._state is not None and bool(self._state.page) and not self._state.busy)

    def forget(self) -> None:
        """Drop the page."""
        self.page.clear()
        self._state, self._shown = None, b""

    def _turned(self, number: int, count: int) -> None:
        self._at = (number, count)
        if self._state is not None and count:
            said = say(self._state.texts, "page_of", number=str(number), count=str(count))
            self._number.setText(said)
