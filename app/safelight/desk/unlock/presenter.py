"""Opens the studio on a worker, so that the window goes on living while a passphrase is turned into a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safelight.desk.failures import told
from safelight.domain.errors import NeedsPassphrase, SafelightError
from safelight.domain.progress import Report
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import DeskTexts

if TYPE_CHECKING:
    from safelight.studio.open_studio import OpenStudio


class Unlocking(QObject):
    """One studio folder that is to be opened; ends in ``opened``, once."""

    opened = Signal(object)
    """The :class:`OpenStudio`; whoever hears it closes it."""
    failed = Signal(str, str)
    asked = Signal()
    """The keyring does not know this studio: a passphrase is needed."""

    def __init__(self, jobs: Jobs, words: DeskTexts, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._words, self._folder = jobs, words, folder

    def open(self, passphrase: str | None) -> None:
        """Open with ``passphrase``, or from the keyring (None)."""
        folder = self._folder

        def work(_: Report) -> OpenStudio:
            from safelight.studio.founding import open_studio  # a second of loading, on a worker

            return open_studio(folder, passphrase)

        self._jobs.read(work, self.opened.emit, self._failed)

    def recover(self, sheets: tuple[str, ...], passphrase: str) -> None:
        """Open with the words of two recovery sheets; ``passphrase`` opens it from now on."""
        folder = self._folder

        def work(_: Report) -> OpenStudio:
            from safelight.studio.founding import open_with_shares  # as above

            return open_with_shares(folder, sheets, passphrase)

        self._jobs.read(work, self.opened.emit, self._failed)

    def _failed(self, error: SafelightError) -> None:
        if isinstance(error, NeedsPassphrase):
            self.asked.emit()
        else:
            self.failed.emit(*told(self._words, error))
