"""Ways to choose: yes or no without a lean, one of several, some of many. Nothing is chosen beforehand."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from .controls import Button, TextLabel
from .flow_layout import FlowLayout


class ChoicePair(QWidget):
    """Yes and No, two widgets of the same kind, size and weight. Neither is the default; a choice can be changed.

    ``about`` is what the answer is about, spoken with each button. Below the pair stands in words what was chosen
    (``yes_chosen``, ``no_chosen``) or that nothing is (``still_open``), so that no colour has to be understood.
    """

    chosen = Signal(bool)

    def __init__(
        self,
        yes: str,
        no: str,
        about: str,
        yes_chosen: str = "",
        no_chosen: str = "",
        still_open: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._value: bool | None = None
        self._painting = False
        self.yes, self.no, self.state = Button(yes), Button(no), TextLabel("", "muted")
        # The same fill and size for both; the mark tells a chosen no from a chosen yes at a glance.
        self.no.chosen_icon = "close"
        row = QGridLayout()
        row.setSpacing(12)
        for column, button in enumerate((self.yes, self.no)):
            button.setCheckable(True)
            button.toggled.connect(self._toggled)
            policy = button.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)  # the room is halved, whatever the words ask for
            button.setSizePolicy(policy)
            row.addWidget(button, 0, column)
            row.setColumnStretch(column, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(row)
        rows.addWidget(self.state)
        self.set_words(yes, no, about, yes_chosen, no_chosen, still_open)

    def set_words(
        self, yes: str, no: str, about: str, yes_chosen: str = "", no_chosen: str = "", still_open: str = ""
    ) -> None:
        """The same pair in other words; what was chosen stays."""
        self.yes.set_words(yes, f"{yes}: {about}")
        self.no.set_words(no, f"{no}: {about}")
        self._said = {True: yes_chosen, False: no_chosen, None: still_open}
        self.setAccessibleName(about)
        self._show()

    @property
    def value(self) -> bool | None:
        """True for yes, False for no, None while neither was chosen."""
        return self._value

    def set_value(self, value: bool | None) -> None:
        """Show a choice made elsewhere; nothing is signalled."""
        self._value = value
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_alike()

    def event(self, event: QEvent) -> bool:
        told = super().event(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.LayoutRequest):
            self._make_alike()
        return told

    def _make_alike(self) -> None:
        # Neither answer may be larger because its word is longer.
        both = (self.yes, self.no)
        least = max(button.minimumSizeHint().width() for button in both)
        wide = max(least, (self.width() - 12) // 2)
        tall = max(button.heightForWidth(wide) for button in both)
        for button in both:
            button.set_least(least, tall)

    def _toggled(self) -> None:
        # A screen reader toggles a button without clicking it; to toggle what is chosen chooses it again.
        if self._painting:
            return
        value = self.sender() is self.yes
        changed = value is not self._value
        self.set_value(value)
        if changed:
            self.chosen.emit(value)

    def _show(self) -> None:
        self._painting = True
        self.yes.setChecked(self._value is True)
        self.no.setChecked(self._value is False)
        self._painting = False
        said = self._said[self._value]
        self.state.setText(said)
        self.state.setVisible(any(self._said.values()))
        self.yes.setAccessibleDescription(said if self._value is True else "")
        self.no.setAccessibleDescription(said if self._value is False else "")


class _Toggles(QWidget):
    """Buttons that run on over as many lines as they need; ``name`` is what is chosen, spoken with each."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, Button] = {}
        self._painting = False
        self._flow = FlowLayout(12, self)
        self.setAccessibleName(name)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons in order."""
        return tuple(self._buttons.values())

    def _lay(self, choices: Sequence[tuple[str, str]]) -> None:
        shown = self.isVisible()
        if shown:
            self.hide()  # or every button that appears would lay out the whole page anew
        for button in self._buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for key, words in choices:
            button = Button(words, about=f"{self.accessibleName()}: {words}", parent=self)
            button.setCheckable(True)
            button.toggled.connect(self._toggled)
            self._buttons[key] = button
            self._flow.addWidget(button)
            button.show()
        if shown:
            self.show()

    def _check(self, keys: Collection[str]) -> None:
        self._painting = True
        for each, button in self._buttons.items():
            button.setChecked(each in keys)
        self._painting = False

    def _toggled(self) -> None:
        if not self._painting:
            self._choose(next(each for each, button in self._buttons.items() if button is self.sender()))

    def _choose(self, key: str) -> None:
        raise AssertionError(f"{type(self).__name__} does not say what choosing {key} means")


class OneOf(_Toggles):
    """One of several."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._value: str | None = None

    def offer(self, choices: Sequence[tuple[str, str]], chosen: str | None = None) -> None:
        """Offer ``choices`` (key, words) instead of what was there."""
        self._lay(choices)
        self.set_value(chosen)

    @property
    def value(self) -> str | None:
        """The key that is chosen, None while none is."""
        return self._value

    def set_value(self, key: str | None) -> None:
        """Show a choice made elsewhere; nothing is signalled."""
        self._value = key if key in self._buttons else None
        self._check(() if self._value is None else (self._value,))

    def _choose(self, key: str) -> None:
        changed = key != self._value
        self.set_value(key)
        if changed:
            self.chosen.emit(key)


class SeveralOf(_Toggles):
    """At least one of several: the last that is chosen stays chosen."""

    chosen = Signal(frozenset)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._value: frozenset[str] = frozenset()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer ``choices`` (key, words) instead of what was there; none is chosen."""
        self._lay(choices)
        self.set_value(())

    @property
    def value(self) -> frozenset[str]:
        """The keys that are chosen."""
        return self._value

    def set_value(self, keys: Collection[str]) -> None:
        """Show choices made elsewhere; nothing is signalled."""
        self._value = frozenset(keys) & self._buttons.keys()
        self._check(self._value)

    def _choose(self, key: str) -> None:
        before = self._value
        self.set_value(self._after(key))
        if self._value != before:
            self.chosen.emit(self._value)

    def _after(self, key: str) -> frozenset[str]:
        """What is chosen after one more tap on ``key``."""
        return (self._value ^ {key}) or self._value


class AnyOf(SeveralOf):
    """Any number of several, none too."""

    def _after(self, key: str) -> frozenset[str]:
        return self._value ^ {key}
