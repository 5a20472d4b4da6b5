"""Founds a studio or an agency on a worker, proves that its recovery sheets are kept, and takes in its first people."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safelight.desk.failures import told
from safelight.desk.founding.rows import Proof, Team, WhoYouAre
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.people import Role, StaffMember
from safelight.domain.progress import Report
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import DeskTexts

if TYPE_CHECKING:
    from safelight.studio.open_studio import OpenStudio

Made = tuple["OpenStudio", tuple[str, ...], bytes]


class StudioFounding(QObject):
    """One studio that is being set up in ``folder``; the passphrase is dropped as soon as it has been used."""

    founded = Signal(object, object)
    """The :class:`OpenStudio` and the :class:`Proof` to ask for; whoever hears it closes the studio."""
    staffed = Signal(object)
    """The :class:`StaffMember` who photographs: everything is there."""
    sheets_kept = Signal()
    """The word that was typed back is the right one."""
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, words: DeskTexts, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._words, self._folder = jobs, words, folder
        self._shares: tuple[str, ...] = ()
        self._sheets = b""
        self._proof = Proof(1, 1)

    @property
    def sheets(self) -> bytes:
        """The three recovery sheets as one PDF; empty once the word was typed back."""
        return self._sheets

    def found(self, who: WhoYouAre) -> None:
        """Make the studio and its recovery sheets."""
        folder, language = self._folder, self._words.language

        def work(report: Report) -> Made:
            from safelight.studio.card_sheets import recovery_sheets
            from safelight.studio.founding import Founding, found_studio, recovery_shares

            wanted = Founding(who.name, who.country, who.contact, who.address)
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            studio = found_studio(folder, wanted, who.passphrase, keyring=who.keyring)
            report(1, 2, "")
            shares = recovery_shares(folder, who.passphrase)
            return studio, shares, recovery_sheets(shares, who.name, language)

        self._jobs.read(work, self._founded, self._failed)

    def prove(self, typed: str) -> None:
        """Whether the sheets are kept: ``typed`` must be the word that was asked for."""
        words = self._shares[self._proof.sheet - 1].split()
        if typed.strip().casefold() == words[self._proof.word - 1].casefold():
            self._shares, self._sheets = (), b""
            self.sheets_kept.emit()
        else:
            self.failed.emit(self._words.get("founding.wrong_word"), "")

    def staff(self, studio: OpenStudio, team: Team) -> None:
        """Take in the first people, each with their PIN."""

        def work(_: Report) -> tuple[StaffMember, Changes]:
            from safelight.studio.queries.staff import staff_rows
            from safelight.studio.staff import add_staff

            known = {each.member.name: each.member for each in staff_rows(studio)}
            first = known.get(team.photographer)  # after a second PIN was refused, the first person is there already
            changes = Changes.NONE
            if first is None:
                first, changes = add_staff(
                    studio, team.photographer, frozenset({Role.PHOTOGRAPHER}), team.photographer_pin
                )
            if team.reviewer:
                changes |= add_staff(studio, team.reviewer, frozenset({Role.REVIEWER}), team.reviewer_pin)[1]
            return first, changes

        self._jobs.write(work, self.staffed.emit, self._failed)

    def _founded(self, made: Made) -> None:
        studio, self._shares, self._sheets = made
        sheet = secrets.randbelow(len(self._shares))
        self._proof = Proof(sheet + 1, secrets.randbelow(len(self._shares[sheet].split())) + 1)
        self.founded.emit(studio, self._proof)

    def _failed(self, error: SafelightError) -> None:
        self.failed.emit(*told(self._words, error))


def found_agency(folder: Path, who: WhoYouAre) -> None:
    """Make an agency in ``folder``; it is opened by the terminal until it has screens of its own."""
    from safelight.agency import founding as agencies

    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    wanted = agencies.Founding(who.name, who.country, who.contact, who.address)
    with agencies.found_agency(folder, wanted, who.passphrase, keyring=who.keyring):
        pass
