"""Takes in what is dropped or chosen: files, folders, a card; with a bar and a cancel, and one sentence at the end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl

from safelight.desk.desk import Desk
from safelight.desk.failures import told_reason
from safelight.domain.changes import Changes
from safelight.domain.progress import Report
from safelight.domain.session import Session
from safelight.studio.frame_binding import BySwitchLog
from safelight.studio.intake import Intake, capture_photos


class TakeIn(QObject):
    """Only files and folders of this computer: an address of the network is refused, nothing is ever fetched."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def drop(self, session: Session | None, urls: Sequence[QUrl]) -> None:
        """Take in what was dropped."""
        words = self._desk.words
        paths = [Path(each.toLocalFile()) for each in urls if each.isLocalFile() and each.toLocalFile()]
        if len(paths) < len(urls) or not paths:
            self._desk.say(words.get("shoot.drop.url"), words.get("shoot.drop.url-hint"))
        if paths and session is None:
            self._desk.say(words.get("shoot.no-session"), words.get("shoot.choose-session"))
        elif paths and session is not None:
            self.take(session, paths)

    def take(self, session: Session, paths: Sequence[Path]) -> None:
        """Take in everything at ``paths``; the sources are only read."""
        studio, decoders, by, chosen = self._desk.studio, self._desk.decoders, self._desk.by.id, tuple(paths)

        def work(report: Report) -> tuple[Intake, Changes]:
            binder = BySwitchLog(studio, session, by)
            return capture_photos(studio, session, chosen, None, decoders, report, binder=binder)

        self._desk.status.long(self._desk.words.get("shoot.intake.label"), work, self._done, self._desk.failed)

    def _done(self, intake: Intake) -> None:
        words = self._desk.words
        told = [words.get("shoot.intake.done", n=len(intake.added))]
        if intake.known:
            told.append(words.get("shoot.intake.known", n=len(intake.known)))
        hint = ""
        if intake.left_out:
            why = told_reason(words, intake.left_out[0][1])
            told.append(words.get("shoot.intake.left-out", n=len(intake.left_out), why=why))
            hint = words.get("shoot.source.left-out-hint")
        self._desk.say(" ".join(part for part in told if part), hint)
