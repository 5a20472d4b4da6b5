"""The studio's own keys for their section; what was typed goes straight into one verb and is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.progress import Report
from safelight.studio.founding import studio_card
from safelight.studio.own_keys import (
    KeyringUse,
    drop_from_keyring,
    keep_in_keyring,
    key_words,
    keyring_use,
    recovery_pdf,
    replace_passphrase,
)
from safelight.studio.screen_pin import has_screen_pin, set_screen_pin

from .file_chooser import FileChooser
from .keys_view import KeysView
from .reading import Reading, act, write_file
from .rows import KeyState

CARD_FILE = "safelight-card.json"


@dataclass(frozen=True, slots=True)
class _Keys:
    words: tuple[str, ...]
    keyring: KeyringUse
    screen_pin: bool


class KeysPresenter(QObject):
    """Between the section and the verbs of ``studio.own_keys``."""

    def __init__(self, desk: Desk, view: KeysView, chooser: FileChooser) -> None:
        super().__init__(view)
        self._desk, self._view, self._chooser = desk, view, chooser
        self.reading = Reading(desk, Changes.STUDIO, self._read, self._show, self)
        view.passphrase_given.connect(self._change)
        view.keyring_asked.connect(self._use_keyring)
        view.sheets_asked.connect(self._make_sheets)
        view.card_asked.connect(self._choose_card)
        view.pin_given.connect(self._set_pin)

    def open(self) -> None:
        """The section is on screen."""
        self.reading.open()

    def leave(self) -> None:
        """Another one is."""
        self.reading.leave()
        self._view.forget()

    def _read(self) -> _Keys:
        studio = self._desk.studio
        return _Keys(key_words(studio), keyring_use(studio), has_screen_pin(studio))

    def _show(self, keys: _Keys) -> None:
        words, use = self._desk.words, keys.keyring
        told = words.get("settings.keyring_kept" if use.kept else "settings.keyring_free")
        if not use.usable:
            told = words.get("settings.keyring_unusable")
        pin = words.get("settings.screen_set" if keys.screen_pin else "settings.screen_unset")
        self._view.show_keys(KeyState(" ".join(keys.words), told, use.usable, use.kept, pin))

    def _change(self, old: str, new: str) -> None:
        studio, block = self._desk.studio, self._view.passphrase

        def work() -> tuple[None, Changes]:
            return None, replace_passphrase(studio, old, new)

        def changed(_: None) -> None:
            block.say(self._desk.words.get("settings.passphrase_changed"))

        act(self._desk, block, work, changed)

    def _use_keyring(self, keep: bool) -> None:
        studio, verb = self._desk.studio, keep_in_keyring if keep else drop_from_keyring
        act(self._desk, self._view.keyring, lambda: verb(studio), lambda _: None)

    def _make_sheets(self, passphrase: str) -> None:
        studio, words, block = self._desk.studio, self._desk.words, self._view.sheets
        block.say("")
        block.wait(True)

        def work(report: Report) -> bytes:
            return recovery_pdf(studio, passphrase, words.language, report=report)

        def made(sheets: bytes) -> None:
            block.wait(False)
            if not self.reading.shown:
                return
            title, name = words.get("founding.save"), words.get("founding.file_name")
            self._chooser.save(block, title, name, lambda path: self._write_sheets(path, sheets))

        self._desk.jobs.read(work, made, self._failed_at_sheets)

    def _failed_at_sheets(self, error: SafelightError) -> None:
        self._view.sheets.wait(False)
        self._view.sheets.fail(*told(self._desk.words, error))

    def _write_sheets(self, path: Path, sheets: bytes) -> None:
        block, written = self._view.sheets, self._desk.words.get("founding.saved")
        self._desk.jobs.read(
            lambda _: write_file(path, sheets, secret=True), lambda _: block.say(written), self._failed_at_sheets
        )

    def _choose_card(self) -> None:
        title = self._desk.words.get("settings.card_write")
        self._chooser.save(self._view, title, CARD_FILE, self._write_card)

    def _write_card(self, path: Path) -> None:
        studio, block = self._desk.studio, self._view.card
        written = self._desk.words.get("settings.card_written", file=path.name)
        self._desk.jobs.read(
            lambda _: write_file(path, studio_card(studio)), lambda _: block.say(written),
            lambda error: block.fail(*told(self._desk.words, error)),
        )  # fmt: skip

    def _set_pin(self, pin: str) -> None:
        studio, block = self._desk.studio, self._view.leaving

        def work() -> tuple[None, Changes]:
            return None, set_screen_pin(studio, pin)

        act(self._desk, block, work, lambda _: block.say(self._desk.words.get("settings.screen_changed")))
