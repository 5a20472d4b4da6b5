"""The steps that close a day: the bin, the report, the backup read back, and whether a card may be formatted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from safelight.desk.desk import Desk
from safelight.desk.failures import told_reason
from safelight.desk.undo import Call
from safelight.domain.changes import Changes
from safelight.domain.culling import Culled
from safelight.domain.ids import PhotoGuid
from safelight.domain.progress import Report
from safelight.domain.session import Session
from safelight.settings.locales import time_words
from safelight.settings.zones import at_place
from safelight.studio.card_report import CardReport, card_report
from safelight.studio.closing import close_with_report, closing_report
from safelight.studio.culling import put_back, unhide_photos
from safelight.studio.deleting import Deleted, delete_hidden_now, hidden_photos
from safelight.studio.queries.sessions import session_by_id
from safelight.studio.saved_files import save_file
from safelight.studio.upkeep import back_up_studio, read_back_backup

_MOST_NAMES = 5


class CloseSteps(QObject):
    """Each is long work with a bar and a cancel; what came of it is one sentence on the screen."""

    changed = Signal()
    """A step was taken."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.backed_up = self.read_back = False

    def begin(self) -> None:
        """Another session: nothing of it was done yet."""
        self.backed_up = self.read_back = False

    def close(self, findings: Sequence[str], anyway: bool) -> None:
        """Close the session that is open, ``anyway`` although points are; ``findings`` go into its report."""
        session = self._desk.session
        if session is None:
            return
        studio, by = self._desk.studio, self._desk.by.id
        language = self._desk.words.language

        def done(_: object) -> None:
            self._desk.say(self._desk.words.get("review.closed"))
            self._refresh_session(session)

        self._desk.status.long(
            self._desk.words.get("review.closing"),
            lambda report: close_with_report(studio, session, by, anyway, findings, language, report),
            done,
            self._desk.failed,
        )

    def _refresh_session(self, session: Session) -> None:
        studio = self._desk.studio
        self._desk.jobs.read(lambda _: session_by_id(studio, session.id), self._desk.open_session, self._desk.failed)

    def save_report(self, path: str) -> None:
        """Write the report of the close to this file."""
        session = self._desk.session
        if session is None:
            return
        studio = self._desk.studio

        def work() -> bool:
            found = closing_report(studio, session)
            if found is not None:
                save_file(Path(path), found.pdf)
            return found is not None

        def done(there: bool) -> None:
            self._desk.say(self._desk.words.get("review.report_saved" if there else "review.no_report"))

        self._desk.jobs.read(lambda _: work(), done, self._desk.failed)

    def take_out(self) -> None:
        """Everything in the bin stands among the other frames again; can be undone."""
        session = self._desk.session
        if session is None:
            return
        studio, by, words = self._desk.studio, self._desk.by.id, self._desk.words

        def undo(culled: Culled) -> Call:
            def act() -> None:
                self._desk.jobs.write(lambda _: put_back(studio, culled, by), lambda _: None, self._desk.failed)

            return act

        def done(culled: Culled) -> None:
            self._desk.say(words.get("review.bin_taken_out"))
            self._desk.undo.push(words.get("review.bin_take_out"), undo(culled))

        def work() -> tuple[Culled, Changes]:
            return unhide_photos(studio, hidden_photos(studio, session.id), by)

        self._desk.jobs.write(lambda _: work(), done, self._desk.failed)

    def delete_now(self, guids: Sequence[PhotoGuid]) -> None:
        """Delete these, which were shown in the bin, and say whether anything was found of them afterwards."""
        studio, by, words = self._desk.studio, self._desk.by.id, self._desk.words

        def done(deleted: tuple[Deleted, ...]) -> None:
            left = [each.name for each in deleted if not each.gone]
            if left:
                self._desk.say(words.get("review.bin_remains", names=", ".join(left[:_MOST_NAMES])))
            else:
                self._desk.say(words.get("review.bin_gone", n=len(deleted)), words.get("review.bin_backups"))

        def work(report: Report) -> tuple[tuple[Deleted, ...], Changes]:
            return delete_hidden_now(studio, guids, by, report)

        self._desk.status.long(words.get("review.bin_deleting"), work, done, self._desk.failed)

    def back_up(self, path: str) -> None:
        """Copy the studio into this new folder, and read the copy back."""
        studio, target = self._desk.studio, Path(path)

        def done(told: tuple[int, bool]) -> None:
            files, past_cache = told
            self.backed_up, self.read_back = True, past_cache
            hint = "" if past_cache else self._desk.words.get("review.cached")
            self._desk.say(self._desk.words.get("review.backed_up", n=files), hint)
            self.changed.emit()

        def work(report: Report) -> tuple[tuple[int, bool], Changes]:
            files, changes = back_up_studio(studio, target, report)
            return (files, read_back_backup(target, report)), changes

        self._desk.status.long(self._desk.words.get("review.backing_up"), work, done, self._desk.failed)

    def look_at_card(self, path: str) -> None:
        """Say whether the card at this folder may be formatted; nothing on it is changed."""
        session = self._desk.session
        if session is None:
            return
        studio, decoders = self._desk.studio, self._desk.decoders

        def work(report: Report) -> tuple[CardReport, Changes]:
            return card_report(studio, session, [Path(path)], decoders, report), Changes.NONE

        self._desk.status.long(
            self._desk.words.get("review.verifying_card"),
            work,
            lambda told: self._say_card(told, session),
            self._desk.failed,
        )

    def _say_card(self, told: CardReport, session: Session) -> None:
        words = self._desk.words
        time = time_words(words.language, session.country, at_place(session.zone or "UTC", told.at))
        if told.may_be_formatted:
            self._desk.say(words.get("review.card_safe", safe=told.safe, total=told.total, time=time))
            return
        listed = [
            words.get("review.card_list", name=name, why=told_reason(words, why))
            for name, why in told.missing[:_MOST_NAMES]
        ]
        hint = words.get("review.card_missing", names=", ".join(listed)) if listed else words.get("review.cached")
        self._desk.say(words.get("review.card_unsafe", safe=told.safe, total=told.total), hint)
