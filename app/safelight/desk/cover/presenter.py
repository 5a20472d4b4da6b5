"""Decides when the desk is covered and who may uncover it; intake, signing and long jobs go on behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from safelight.desk.absence import Absence
from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.domain.errors import SafelightError
from safelight.domain.people import StaffMember
from safelight.domain.progress import Report


class Covering(QObject):
    """Covers an unlocked desk; a PIN of the team uncovers it, after a sleep the passphrase alone."""

    covered = Signal(str, bool)
    """The studio's name, and whether the passphrase is needed."""
    uncovered = Signal()
    refused = Signal(str, str)
    """What was typed does not uncover: two sentences, empty for a wrong PIN or passphrase."""

    def __init__(self, desk: Desk, absence: Absence) -> None:
        super().__init__(desk)
        self._desk, self._absence = desk, absence
        self._passphrase = False
        absence.due.connect(self.cover)
        absence.slept.connect(self.cover_after_sleep)
        desk.worked.connect(absence.used)

    @property
    def needs_passphrase(self) -> bool:
        """Whether a PIN is not enough to uncover."""
        return self._passphrase

    def cover(self) -> None:
        """Cover the desk, if a studio is open."""
        if not self._desk.is_open or self._desk.is_covered:
            return
        self._absence.rest()
        self._desk.cover(True)
        self.covered.emit(self._desk.studio.identity.name, self._passphrase)

    def cover_after_sleep(self) -> None:
        """Cover the desk; also where it is covered already, a PIN does not uncover it any more."""
        if not self._desk.is_open:
            return
        again = self._desk.is_covered and not self._passphrase
        self._passphrase = self._desk.demonstration is None  # its passphrase was thrown away
        if again and self._passphrase:
            self.covered.emit(self._desk.studio.identity.name, True)
        self.cover()

    def give_pin(self, untrusted_pin: str) -> None:
        """Uncover for whoever of the team has this PIN; they are at the desk from then on."""
        studio = self._desk.studio

        def work(_: Report) -> StaffMember | None:
            from safelight.studio.presence import who_works

            return who_works(studio, untrusted_pin)

        def looked(found: StaffMember | None) -> None:
            if found is None or self._passphrase:  # a sleep may have come in between
                self.refused.emit("", "")
                return
            self._desk.take_over(found)
            self._uncover()

        self._ask(work, looked)

    def give_passphrase(self, untrusted_passphrase: str) -> None:
        """Uncover if this is the studio's passphrase."""
        studio = self._desk.studio

        def work(_: Report) -> bool:
            from safelight.studio.founding import is_passphrase

            return is_passphrase(studio, untrusted_passphrase)

        def looked(right: bool) -> None:
            if right:
                self._passphrase = False
                self._uncover()
            else:
                self.refused.emit("", "")

        self._ask(work, looked)

    def _ask(self, work: Callable[[Report], object], looked: Callable[..., None]) -> None:
        self._desk.jobs.read(work, looked, self._failed)

    def _uncover(self) -> None:
        if self._desk.is_covered:
            self.uncovered.emit()
            self._desk.cover(False)
            self._absence.start()

    def _failed(self, error: SafelightError) -> None:
        self.refused.emit(*told(self._desk.words, error))
