"""What every section is made of: cards that say what they are for, with fields, a button and what became of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from safelight.domain.passphrase_strength import Strength, strength
from safelight.qt import theme
from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.qt.frames import CardFrame
from safelight.qt.picker import Picker
from safelight.settings.desk_texts import DeskTexts

WIDE, NARROW = 920, 420
"""The widest a page is, and a line to type is, in pixels at scale 1."""
_DRESSED_BY = frozenset({QEvent.Type.Polish, QEvent.Type.StyleChange, QEvent.Type.ParentChange})


class Block(CardFrame):
    """A card with a heading; below its parts stands what happened, or what went wrong."""

    shown = Signal()
    """A sentence came that somebody should see."""

    def __init__(self, title: str, told: str = "") -> None:
        super().__init__()
        self.title, self.told = TextLabel(title, "heading"), TextLabel(told, "muted")
        self.said, self.fault = TextLabel("", "body"), TextLabel("", "warning")
        self._had: QWidget | None = None
        self._off: list[QWidget] = []
        self.body.addWidget(self.title)
        self.body.addWidget(self.told)
        self.told.setVisible(bool(told))
        self.setAccessibleName(title)
        self.say("")

    def put(self, *parts: QWidget) -> None:
        """Add ``parts`` one below the other."""
        for part in parts:
            self.body.addWidget(part)

    def put_row(self, *parts: QWidget) -> None:
        """Add ``parts`` side by side."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        self.body.addLayout(row)

    def finish(self) -> None:
        """Nothing more comes: what happened stands at the end."""
        self.put(self.said, self.fault)

    def say(self, sentence: str) -> None:
        """What became of it; empty to say nothing."""
        self._show(sentence, "")

    def fail(self, title: str, hint: str = "") -> None:
        """Why nothing became of it, and what to do."""
        self._show("", f"{title} {hint}".strip())

    def wait(self, waiting: bool) -> None:
        """Something is being done: nothing can be pressed or typed meanwhile, and the focus comes back afterwards."""
        if waiting == bool(self._off):
            return
        if waiting:
            self._had = QApplication.focusWidget()
            kinds = (Button, EntryField, Picker)
            self._off = [part for kind in kinds for part in self.findChildren(kind) if part.isEnabled()]
            for part in self._off:
                part.setEnabled(False)
            return
        off, self._off = self._off, []
        for part in off:
            part.setEnabled(True)
        had, self._had = self._had, None
        if had is not None and self.isAncestorOf(had) and had.isVisible():
            had.setFocus()

    def _show(self, said: str, fault: str) -> None:
        if (said or fault) and not self.isVisible():
            return  # nobody looks any more: the desk may be covered, and a sentence names people
        for label, text in ((self.said, said), (self.fault, fault)):
            label.setText(text)
            label.setVisible(bool(text))
        if said or fault:
            self.shown.emit()


class Page(QWidget):
    """One section: a title and its blocks, as wide as a page is read."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = TextLabel(title, "title")
        self._inside = inside = QWidget()
        self.rows = QVBoxLayout(inside)
        self.rows.setContentsMargins(20, 12, 20, 20)
        self.rows.setSpacing(16)
        self.rows.addWidget(self.title)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(inside, 100)
        across.addStretch(1)
        self.setAccessibleName(title)

    def event(self, event: QEvent) -> bool:
        if event.type() in _DRESSED_BY:
            self._inside.setMaximumWidth(theme.tokens_of(self).px(WIDE))
        return super().event(event)

    def put(self, *blocks: QWidget) -> None:
        """Add ``blocks`` in this order."""
        for block in blocks:
            self.rows.addWidget(block)

    def finish(self) -> None:
        """Nothing more comes."""
        self.rows.addStretch(1)


class SecretField(EntryField):
    """A line that shows dots; :meth:`take` empties it."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        narrow(self)

    def take(self) -> str:
        """What was typed; nothing of it stays here."""
        typed = self.edit.text()
        self.clear()
        return typed

    def clear(self) -> None:
        """Forget what was typed, the steps back to it too."""
        with QSignalBlocker(self.edit):
            self.edit.setText("")


class PinForm(QWidget):
    """A PIN typed twice; what differs or is none never leaves."""

    given = Signal(str)
    refused = Signal(str)
    """Why it cannot be one, as a sentence."""

    def __init__(self, words: DeskTexts, button: str) -> None:
        super().__init__()
        self._words = words
        self.first, self.again = SecretField(words.get("settings.pin")), SecretField(words.get("settings.pin_again"))
        self.set = Button(button)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.first, 1)
        row.addWidget(self.again, 1)
        row.addWidget(self.set, 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        lead(self.first, self.again)
        self.again.entered.connect(self.give)
        self.set.clicked.connect(self.give)

    def give(self) -> None:
        """Hand the PIN out, if the two are one."""
        first, again = self.first.take(), self.again.take()
        if first and first == again:
            self.given.emit(first)
            return
        self.refused.emit(self._words.get("settings.pin_differs" if first else "settings.pin_missing"))
        self.first.setFocus()

    def clear(self) -> None:
        """Forget what was typed."""
        self.first.clear()
        self.again.clear()


class NewPassphrase(QWidget):
    """A new passphrase with its meter in words, and once more."""

    entered = Signal()

    def __init__(self, words: DeskTexts) -> None:
        super().__init__()
        self._words = words
        self.first = SecretField(words.get("settings.passphrase_new"))
        self.meter = TextLabel("", "muted")
        self.again = SecretField(words.get("founding.again"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for part in (self.first, self.meter, self.again):
            rows.addWidget(part)
        lead(self.first, self.again)
        self.first.edited.connect(self._measure)
        self.again.entered.connect(self.entered)
        self._measure("")

    def fault(self) -> str:
        """Why it cannot be taken, as a sentence; empty where it can."""
        first, again = self.first.edit.text(), self.again.edit.text()
        if strength(first) is Strength.SHORT:
            self.first.setFocus()
            return self._words.get("founding.short")
        if first != again:
            self.again.clear()
            self.again.setFocus()
            return self._words.get("founding.differ")
        return ""

    def take(self) -> str:
        """What was typed; nothing of it stays here."""
        self.again.clear()
        typed = self.first.take()
        self._measure("")
        return typed

    def _measure(self, typed: str) -> None:
        meters = {
            Strength.SHORT: "founding.short",
            Strength.WEAK: "founding.weak",
            Strength.GOOD: "founding.good",
            Strength.STRONG: "founding.strong",
        }
        self.meter.setText(self._words.get(meters[strength(typed)] if typed else "founding.passphrase_told"))


def narrow(field: EntryField) -> EntryField:
    """A line that is not wider than what is typed into it, and keeps its height."""
    field.setMaximumWidth(NARROW)
    field.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return field


def lead(*fields: EntryField) -> None:
    """Enter in a field goes to the next one, as Tab does."""

    def to(field: EntryField) -> Callable[[], None]:
        return lambda: field.setFocus(Qt.FocusReason.TabFocusReason)

    for field, following in itertools.pairwise(fields):
        field.entered.connect(to(following))
