"""The section about keys: the passphrase, the keyring, new recovery sheets, the studio's card, the signing screen."""

from __future__ import annotations

from PySide6.QtCore import Signal

from safelight.qt.controls import Button, TextLabel
from safelight.settings.desk_texts import DeskTexts

from .blocks import Block, NewPassphrase, Page, PinForm, SecretField
from .rows import KeyState


class KeysView(Page):
    """Every field is empty again before what was typed is used."""

    passphrase_given = Signal(str, str)
    """The old one and the new one."""
    keyring_asked = Signal(bool)
    """Keep a copy of the key there, or none any more."""
    sheets_asked = Signal(str)
    """New recovery sheets, with this passphrase."""
    card_asked = Signal()
    pin_given = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.keys"))
        self.passphrase, self.keyring = _PassphraseBlock(words), _KeyringBlock(words)
        self.sheets, self.card, self.leaving = _SheetsBlock(words), _StudioCardBlock(words), _ScreenBlock(words)
        self.put(self.card, self.passphrase, self.keyring, self.sheets, self.leaving)
        self.finish()
        self.passphrase.given.connect(self.passphrase_given)
        self.keyring.asked.connect(self.keyring_asked)
        self.sheets.given.connect(self.sheets_asked)
        self.card.write.clicked.connect(self.card_asked)
        self.leaving.pins.given.connect(self.pin_given)

    def show_keys(self, state: KeyState | None) -> None:
        """How it stands; None while nobody looks."""
        self.card.words.setText(state.words if state else "")
        self.keyring.show_state(state)
        self.leaving.state.setText(state.screen_pin if state else "")

    def forget(self) -> None:
        """Nothing typed is kept."""
        self.show_keys(None)
        for secret in self.findChildren(SecretField):
            secret.clear()
        for block in (self.passphrase, self.keyring, self.sheets, self.card, self.leaving):
            block.say("")


class _PassphraseBlock(Block):
    given = Signal(str, str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.passphrase"), words.get("settings.passphrase_told"))
        self._words = words
        self.old, self.new = SecretField(words.get("settings.passphrase_old")), NewPassphrase(words)
        self.change = Button(words.get("settings.passphrase_change"))
        self.put(self.old, self.new)
        self.put_row(self.change)
        self.finish()
        self.old.entered.connect(self.new.first.setFocus)
        self.new.entered.connect(self._give)
        self.change.clicked.connect(self._give)

    def _give(self) -> None:
        if not self.old.edit.text():
            self.fail(self._words.get("settings.passphrase_missing"))
            self.old.setFocus()
            return
        if fault := self.new.fault():
            self.fail(fault)
            return
        self.given.emit(self.old.take(), self.new.take())


class _KeyringBlock(Block):
    asked = Signal(bool)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.keyring"), words.get("settings.keyring_told"))
        self.state = TextLabel("", "body")
        self.keep, self.drop = Button(words.get("settings.keyring_on")), Button(words.get("settings.keyring_off"))
        self.put(self.state)
        self.put_row(self.keep, self.drop)
        self.finish()
        self.keep.clicked.connect(lambda: self.asked.emit(True))
        self.drop.clicked.connect(lambda: self.asked.emit(False))

    def show_state(self, state: KeyState | None) -> None:
        """What the keyring does; the button that makes sense."""
        self.state.setText(state.keyring if state else "")
        had = self.keep.hasFocus() or self.drop.hasFocus()
        self.keep.setVisible(state is not None and state.can_keep and not state.kept)
        self.drop.setVisible(state is not None and state.kept)
        if had:
            (self.drop if state is not None and state.kept else self.keep).setFocus()


class _SheetsBlock(Block):
    given = Signal(str)

    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("founding.sheets_title"), words.get("settings.sheets_told"))
        self._words = words
        self.passphrase = SecretField(words.get("unlock.passphrase"))
        self.save = Button(words.get("founding.save"))
        self.put(self.passphrase)
        self.put_row(self.save)
        self.finish()
        self.passphrase.entered.connect(self._give)
        self.save.clicked.connect(self._give)

    def _give(self) -> None:
        if typed := self.passphrase.take():
            self.given.emit(typed)
            return
        self.fail(self._words.get("settings.passphrase_missing"))
        self.passphrase.setFocus()


class _StudioCardBlock(Block):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.card"), words.get("settings.card_told"))
        self.words, self.write = TextLabel("", "heading"), Button(words.get("settings.card_write"))
        self.put(self.words)
        self.put_row(self.write)
        self.finish()


class _ScreenBlock(Block):
    def __init__(self, words: DeskTexts) -> None:
        super().__init__(words.get("settings.screen"), words.get("settings.screen_told"))
        self.state, self.pins = TextLabel("", "body"), PinForm(words, words.get("settings.set_pin"))
        self.put(self.state, self.pins)
        self.finish()
        self.pins.refused.connect(self.fail)
