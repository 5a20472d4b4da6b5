"""Writes the signed status list for its section."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.filling import nearly_full_words
from safelight.domain.changes import Changes
from safelight.settings.locales import day_words
from safelight.studio.queries.status_lists import newest_list
from safelight.studio.status_lists import WrittenStatus, write_status

from .file_chooser import FileChooser
from .reading import Reading, act, write_file
from .status_view import StatusView

STATUS_FILE = "safelight-status.json"


class StatusPresenter(QObject):
    """Between the section and ``status_lists.write_status``."""

    def __init__(self, desk: Desk, view: StatusView, chooser: FileChooser) -> None:
        super().__init__(view)
        self._desk, self._view, self._chooser = desk, view, chooser
        view.write_asked.connect(self._choose)

        self._reading = Reading(
            desk,
            Changes.CONSENTS,
            lambda: newest_list(desk.studio),
            lambda newest: view.show_filling("\n".join(nearly_full_words(desk.words, newest))),
            self,
        )

    def open(self) -> None:
        """The section is on screen: how full the newest list is."""
        self._reading.open()

    def leave(self) -> None:
        """Another one is."""
        self._reading.leave()
        self._view.forget()

    def write(self, path: Path) -> None:
        """Write the list as it is now to ``path``."""
        studio, words, block = self._desk.studio, self._desk.words, self._view.block

        def work() -> tuple[WrittenStatus, Changes]:
            written, changes = write_status(studio)
            write_file(path, written.file)
            return written, changes

        def done(written: WrittenStatus) -> None:
            until = day_words(words.language, studio.identity.country, written.valid_until.date())
            block.say(words.get("settings.status_written", file=path.name, day=until, n=written.ended))

        act(self._desk, block, work, done)

    def _choose(self) -> None:
        title = self._desk.words.get("settings.status_write")
        self._chooser.save(self._view, title, STATUS_FILE, self.write)
