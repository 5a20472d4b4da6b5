"""The middle of the shoot screen: the banner, the newest frame beside this person's shots, the line of last frames."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from safelight.desk.shoot.banner import Banner
from safelight.desk.shoot.dressing import dress
from safelight.desk.shoot.key_button import KeyButton
from safelight.qt import theme
from safelight.qt.controls import TextLabel
from safelight.settings.desk_texts import DeskTexts

SHOTS, SHOTS_LOW, STRIP, STRIP_LOW = 332, 172, 134, 76


class Middle(QWidget):
    """Places what it is handed; everything gives way to the newest frame."""

    def __init__(self, words: DeskTexts, large: QWidget, shots: QWidget, strip: QWidget) -> None:
        super().__init__()
        self._large, self._shots, self._strip = large, shots, strip
        self.banner = Banner(words)
        self.fold = KeyButton("☰", "")
        self.fold.setAccessibleName(words.get("shoot.roster-fold"))
        self.follow = QPushButton(words.get("shoot.follow"))
        self.follow.setProperty("kind", "chip")
        self.follow.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        hint = TextLabel(words.get("shoot.last-frames"), "step")
        hint.setToolTip(words.get("shoot.last-frames-hint"))
        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(hint)
        head.addWidget(self.follow)
        head.addStretch(1)
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addWidget(self.fold)
        top.addWidget(self.banner, 1)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        pictures.addWidget(large, 1)
        pictures.addWidget(shots)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._head)
        foot.addWidget(strip, 1)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(self._top)
        self._rows.addLayout(pictures, 1)
        self._rows.addLayout(foot)

    def arrange(self, *, low: bool, only: bool, person: bool, folded: bool) -> None:
        """For a ``low`` window, the picture ``only``, a ``person`` on set or nobody, the roster ``folded`` or not."""
        px = theme.tokens_of(self).px
        self._strip.setVisible(not only)
        self._top.setVisible(not only)
        self._shots.setVisible(person and not only)
        self.fold.setVisible(folded)
        self._strip.setFixedHeight(px(STRIP_LOW if low else STRIP))
        self._shots.setFixedWidth(px(SHOTS_LOW if low else SHOTS))
        self._large.setMinimumSize(px(120), px(120))  # in large type there is less of it, and nothing is covered
        self._head.setVisible(not low and not only)
        self._rows.setContentsMargins(px(8 if low else 20), px(0 if low else 8), px(8), px(0 if low else 8))
        self._rows.setSpacing(px(0 if low else 10))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Polish, QEvent.Type.StyleChange):
            tokens = theme.tokens_of(self)
            self.follow.setMinimumHeight(tokens.px(tokens.density.chip))
            dress(self.follow, "small")
        return super().event(event)
