"""The folder of a session from choosing to the chip in the top bar; what comes of frames that do not come in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from safelight.desk.desk import Desk
from safelight.desk.failures import told_reason
from safelight.desk.shoot.intake_source import IntakeSource, SourceNews
from safelight.desk.shoot.reading import Day
from safelight.desk.shoot.wording import Wording
from safelight.domain.session import Session, SessionState
from safelight.studio.session_places import hot_folder_of, set_hot_folder


class SourcePresenter(QObject):
    """Watches what was chosen for the session, tells what is worth a sentence, keeps the chip right."""

    changed = Signal()
    """The folder is another one, went or came back."""
    frame_came = Signal()

    def __init__(self, desk: Desk, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._wording = desk, wording
        self._session: Session | None = None
        self._source = IntakeSource(desk, self)
        self._source.changed.connect(self.changed)
        self._source.frame_came.connect(self._came)
        self._source.left_out.connect(self._left_out)
        self._source.waits.connect(self._waits)

    @property
    def news(self) -> SourceNews | None:
        """How the folder is doing; None while none is watched."""
        return self._source.news

    def follow(self, session: Session | None) -> None:
        """Watch the folder of this session, while it is open."""
        before, self._session = self._session, session
        if session is None or session.state is not SessionState.OPEN:
            self._source.stop()
            self.changed.emit()
            return
        if before is None or (before.id, before.state) != (session.id, session.state):
            self._source.stop()
            self._read(session)

    def choose(self, folder: Path) -> None:
        """Watch this one from now on, and the next time the session is opened."""
        session = self._session
        if session is None:
            return
        studio, id = self._desk.studio, session.id
        self._desk.jobs.write(
            lambda _: set_hot_folder(studio, id, folder), lambda found: self._watch(session, found),
            self._desk.failed, initiator=self,
        )  # fmt: skip

    def show(self, day: Day) -> None:
        """Put the chip of the top bar right."""
        clocks_known = bool(day.cameras) and all(each.known and not each.contradicted for each in day.cameras)
        self._desk.status.show_source(*self._wording.source(self.news, clocks_known))

    def stop(self) -> None:
        """End it, before the studio is closed."""
        self._session = None
        self._source.stop()

    def _read(self, session: Session) -> None:
        studio, shown = self._desk.studio, self._desk.demonstration
        played = shown.hot_folder if shown is not None and shown.session.id == session.id else None
        self._desk.jobs.read(
            lambda _: hot_folder_of(studio, session.id) or played, lambda found: self._watch(session, found),
            self._desk.failed,
        )  # fmt: skip

    def _watch(self, session: Session, folder: Path | None) -> None:
        if self._session is not None and self._session.id == session.id:
            self._source.watch(session, folder)
            self.changed.emit()

    def _came(self) -> None:
        self._desk.worked.emit()
        self.frame_came.emit()

    def _left_out(self, name: str, why: str) -> None:
        words = self._desk.words
        why = told_reason(words, why)
        self._desk.say(words.get("shoot.source.left-out", name=name, why=why), words.get("shoot.source.left-out-hint"))

    def _waits(self, number: int, why: str) -> None:
        if number:
            words = self._desk.words
            told = words.get("shoot.source.waiting", n=number, why=told_reason(words, why))
            self._desk.say(told, words.get("shoot.source.waiting-hint"))
