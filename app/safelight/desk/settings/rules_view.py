"""The section about rules: when each list was looked up, this version, and who stamps the time of receipts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from safelight.qt.controls import Button, EntryField, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .blocks import Block, Page, narrow
from .rows import RuleLine, RulesState


class RulesView(Page):
    """Shows a :class:`RulesState`; asks for a time authority."""

    authority_given = Signal(str)
    """Stamp receipts by the one at this address; empty: by none."""

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.rules"))
        self.rules, self.stamps = _RulesBlock(words), _StampsBlock(words)
        self.put(self.rules, self.stamps)
        self.finish()
        self.stamps.given.connect(self.authority_given)

    def show_rules(self, state: RulesState) -> None:
        """How it stands."""
        self.rules.show_state(state)
        self.stamps.show_authority(state.authority)

    def forget(self) -> None:
        """Nothing that happened is told."""
        self.stamps.say("")


class _RulesBlock(Block):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.rules_dates"), words.get("settings.rules_told"))
        self.warning, self.version = TextLabel("", "warning"), TextLabel("", "muted")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._shown: tuple[RuleLine, ...] = ()
        self.lines: list[tuple[TextLabel, TextLabel]] = []
        self.put(self.warning)
        self.body.addLayout(self._grid)
        self.put(self.version)
        self.finish()
        self.warning.hide()

    def show_state(self, state: RulesState) -> None:
        """The lists with their dates, and what to do when one is old."""
        self.warning.setText(state.warning)
        self.warning.setVisible(bool(state.warning))
        self.version.setText(state.version)
        self._show_lines(state.lines)

    def _show_lines(self, lines: Sequence[RuleLine]) -> None:
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        for name, day in self.lines:
            for label in (name, day):
                self._grid.removeWidget(label)
                label.hide()
                label.deleteLater()
        self.lines = []
        for row, each in enumerate(lines):
            role = "warning" if each.stale else "body"
            pair = TextLabel(each.name, "body"), TextLabel(each.looked_up, role)
            for column, label in enumerate(pair):
                self._grid.addWidget(label, row, column)
            self.lines.append(pair)


class _StampsBlock(Block):
    given = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.stamps"), words.get("settings.stamps_told"))
        self._words = words
        self.state = TextLabel("", "body")
        self.address = EntryField(words.get("settings.stamps_address"))
        self.on, self.off = Button(words.get("settings.stamps_on")), Button(words.get("settings.stamps_off"))
        self.put(self.state, narrow(self.address))
        self.put_row(self.on, self.off)
        self.finish()
        self.on.clicked.connect(self._give)
        self.address.entered.connect(self._give)
        self.off.clicked.connect(lambda: self.given.emit(""))
        self.show_authority("")

    def show_authority(self, address: str) -> None:
        """Who stamps receipts; empty for nobody."""
        told = self._words.get("settings.stamps_by", address=address) if address else ""
        self.state.setText(told or self._words.get("settings.stamps_none"))
        if not address and self.off.hasFocus():
            self.address.setFocus()
        self.off.setVisible(bool(address))

    def _give(self) -> None:
        if self.address.text():
            self.given.emit(self.address.text())
            return
        self.fail(self._words.get("settings.stamps_missing"))
        self.address.setFocus()
