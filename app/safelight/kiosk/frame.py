"""What stays around every step: the head of the window with whom, how far and in which language, and its foot."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from safelight.asking.scene import Page, Scene, steps_of
from safelight.asking.step_state import Footer
from safelight.domain.ceremony import Step
from safelight.qt.controls import Button, IconButton, TextLabel
from safelight.qt.frames import Steps
from safelight.settings.texts import native_names


class Head(QWidget):
    """Studio, progress, language, text size, contrast, and the team's way out."""

    language_asked = Signal()
    size_asked = Signal()
    contrast_asked = Signal()
    pin_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.studio = TextLabel("", "heading")
        self.studio.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.language = Button("", "quiet", "globe")
        self.size_button = IconButton("text_size", "")
        self.contrast = IconButton("contrast", "")
        self.pin = IconButton("lock", "")
        self.steps = Steps()
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.studio, 1)
        for each in (self.language, self.size_button, self.contrast, self.pin):
            top.addWidget(each)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 12, 24, 6)
        rows.setSpacing(4)
        rows.addLayout(top)
        rows.addWidget(self.steps)
        self.language.clicked.connect(self.language_asked)
        self.size_button.clicked.connect(self.size_asked)
        self.contrast.clicked.connect(self.contrast_asked)
        self.pin.clicked.connect(self.pin_asked)

    def show_scene(self, scene: Scene, scale: int) -> None:
        """The studio where it is known, and step x of y as words and as a bar."""
        words = scene.texts.ceremony
        session = "" if scene.page is Page.WAITING else scene.session  # there it is the heading of the page
        self.studio.setText(scene.state.person.studio_name if scene.state else session)
        name = native_names().get(scene.texts.language, scene.texts.language)
        self.language.set_words(name, f"{words['language_button']}: {name}")
        self.size_button.set_name(f"{words['text_size']}: {scale} %")
        self.contrast.set_name(words["contrast"])
        self.pin.set_name(words["pin_title"])
        asked = scene.page is Page.STEP and scene.state is not None and scene.step is not None
        steps = steps_of(scene.state.ceremony, scene.step) if scene.state and scene.step else ()
        self.steps.setVisible(asked and bool(steps))
        if asked and steps and scene.step is not None:
            number = steps.index(scene.step) + 1
            said = words["progress"].replace("{step}", str(number)).replace("{steps}", str(len(steps)))
            self.steps.show_step(number, len(steps), said.replace("{name}", scene.texts.ceremony_steps[scene.step]))


class Foot(QFrame):
    """Back, stop, no to everything, next: always at the same places, the last two always of the same size."""

    back_asked = Signal()
    stop_asked = Signal()
    refuse_all_asked = Signal()
    forward_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.back = Button("", "quiet", "back")
        self.stop = Button("", "quiet", "stop")
        self.refuse = Button("", "choice")
        self.forward = Button("", "primary", "next")
        for each in (self.back, self.refuse, self.forward, self.stop):
            policy = each.sizePolicy()
            policy.setRetainSizeWhenHidden(True)  # what goes leaves its place empty, nothing else moves
            each.setSizePolicy(policy)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(24, 12, 24, 12)
        self._grid.setSpacing(12)
        self._narrow: bool | None = None
        self.back.clicked.connect(self.back_asked)
        self.stop.clicked.connect(self.stop_asked)
        self.refuse.clicked.connect(self.refuse_all_asked)
        self.forward.clicked.connect(self.forward_asked)
        self._arrange()

    def show_scene(self, scene: Scene, footer: Footer) -> None:
        """What this step offers."""
        words = scene.texts.ceremony
        state = scene.state
        self.back.set_words(words["back"])
        self.stop.set_words(words["stop"])
        self.refuse.set_words(words["no_to_everything"])
        self.forward.set_words(words[footer.forward or "next"])
        self.back.setVisible(footer.back)
        self.stop.setVisible(scene.step is not Step.RECEIPT)
        self.refuse.setVisible(scene.refusable)
        self.forward.setVisible(bool(footer.forward))
        self.forward.setEnabled(footer.ready and not (state is not None and state.busy and not footer.ready))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two rows where one is too narrow."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        buttons = (self.back, self.stop, self.refuse, self.forward)
        wide = max(self.refuse.sizeHint().width(), self.forward.sizeHint().width(), 200)
        needed = 2 * wide + self.back.sizeHint().width() + self.stop.sizeHint().width() + 48 + 3 * 12
        narrow = needed > self.width()
        for each in (self.refuse, self.forward):
            each.setMinimumWidth(min(wide, max(120, (self.width() - 60) // 2)))
        if narrow == self._narrow:
            return
        self._narrow = narrow
        for each in buttons:
            self._grid.removeWidget(each)
        for column in range(5):
            self._grid.setColumnStretch(column, 0)
        if narrow:
            self._grid.addWidget(self.refuse, 0, 0)
            self._grid.addWidget(self.forward, 0, 1)
            self._grid.addWidget(self.back, 1, 0, Qt.AlignmentFlag.AlignLeading)
            self._grid.addWidget(self.stop, 1, 1, Qt.AlignmentFlag.AlignTrailing)
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(1, 1)
        else:
            self._grid.addWidget(self.back, 0, 0)
            self._grid.addWidget(self.stop, 0, 1)
            self._grid.setColumnStretch(2, 1)
            self._grid.addWidget(self.refuse, 0, 3)
            self._grid.addWidget(self.forward, 0, 4)
        order = (self.refuse, self.forward, self.back, self.stop) if narrow else buttons
        for first, second in itertools.pairwise(order):
            QWidget.setTabOrder(first, second)
