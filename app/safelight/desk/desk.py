"""What every screen of the desk is given: the open studio, the session, who works here, and how to do slow things.

A screen's presenter asks ``studio/queries`` in ``desk.jobs.read``, acts by a verb in ``desk.jobs.write``, and looks
again when ``desk.jobs.changed`` says so; nothing else refreshes anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from safelight.desk.demonstration import DeskDemonstration
from safelight.desk.failures import told
from safelight.desk.hand_over import HandOver
from safelight.desk.other_programs import OtherPrograms
from safelight.desk.preferences import Preferences
from safelight.desk.second_copies import SecondCopies
from safelight.desk.signing_screen import SigningScreens
from safelight.desk.status import Status
from safelight.desk.undo import Undo
from safelight.domain.changes import Changes
from safelight.domain.errors import SafelightError
from safelight.domain.people import StaffMember
from safelight.domain.session import Session
from safelight.qt.jobs import EVERYTHING, Jobs
from safelight.settings.desk_texts import DeskTexts

if TYPE_CHECKING:
    from safelight.studio.decoding import DecoderPool
    from safelight.studio.open_studio import OpenStudio


class Desk(QObject):
    """One studio unlocked at this desk; made by ``opening``, shared by all screens."""

    session_changed = Signal(object)
    """Another :class:`Session` is worked on (None: none), or the same one changed."""
    by_changed = Signal(object)
    """Another :class:`StaffMember` works at the desk."""
    said = Signal(str, str)
    """One sentence and what to do about it, for the strip of the window."""
    covered = Signal(bool)
    """True: nothing of anybody is to be seen from now on; False: somebody of the team is back."""
    scanned = Signal(str)
    """What a scanner read, whatever has the focus; never while the desk is covered."""
    went = Signal(str)
    """The screen with this key is wanted (:meth:`go`)."""
    worked = Signal()
    """Somebody or something is at work (a key, a scan, a frame): the desk is not idle."""

    def __init__(
        self,
        jobs: Jobs,
        words: DeskTexts,
        screens: SigningScreens,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.jobs, self.words, self.preferences = jobs, words, preferences
        self.undo, self.status = Undo(self), Status(jobs, self)
        self.signing = HandOver(self, jobs, screens)
        self.copies = SecondCopies(jobs, self)
        self.copies.counted.connect(self._show_copies)
        self.copies.failed.connect(self.failed)
        self.others = OtherPrograms(self)
        self.others.wrote.connect(self._others_wrote)
        self.compact = False
        """Whether the window is low (800 pixels or less): screens fold what they can."""
        self.is_covered = False
        self.demonstration: DeskDemonstration | None = None
        """What is being played, so that screens can take its hot folder."""
        self._studio: OpenStudio | None = None
        self._session: Session | None = None
        self._by: StaffMember | None = None
        self._decoders: DecoderPool | None = None

    @property
    def is_open(self) -> bool:
        """Whether a studio is unlocked."""
        return self._studio is not None

    @property
    def studio(self) -> OpenStudio:
        """The open studio; raises RuntimeError before it is unlocked and after it is closed."""
        if self._studio is None:
            raise RuntimeError("the studio is locked")
        return self._studio

    @property
    def by(self) -> StaffMember:
        """Who works at the desk, for what acts record; raises RuntimeError while nobody of the team is known."""
        if self._by is None:
            raise RuntimeError("nobody of the team is at the desk")
        return self._by

    @property
    def session(self) -> Session | None:
        """The session that is worked on."""
        return self._session

    @property
    def decoders(self) -> DecoderPool:
        """The worker processes that decode pictures, for every screen; they start with the first picture.

        Raises RuntimeError while the studio is locked.
        """
        if self._decoders is None:
            raise RuntimeError("the studio is locked")
        return self._decoders

    def unlock(self, studio: OpenStudio, decoders: DecoderPool, by: StaffMember | None) -> None:
        """A studio is open from now on; whoever calls this closes it in the end."""
        self._studio, self._decoders = studio, decoders
        self.jobs.changed.connect(self._changed)
        self.take_over(by)
        self.copies.start(studio, lambda: self._session)
        self.others.start(studio, lambda: self._session)

    def lock(self) -> None:
        """Nothing of the studio is held here any more."""
        self.others.stop()
        self.copies.stop()
        self.open_session(None)
        self.undo.clear()
        self._studio = self._decoders = self._by = None

    def _changed(self, changes: Changes, initiator: object) -> None:
        # Frames are work, whoever brought them; but of what other programs wrote nobody knows that it is frames.
        if Changes.PHOTOS in changes and initiator is not self.others:
            self.worked.emit()

    def _others_wrote(self, studio: OpenStudio, session: Session | None) -> None:
        if self._studio is None or self._studio.identity.id != studio.identity.id:
            return  # it was locked meanwhile
        self._studio = studio
        if session is not None and self._session is not None and session.id == self._session.id:
            self.open_session(session)
        self.jobs.tell(EVERYTHING, self.others)

    def take_over(self, by: StaffMember | None) -> None:
        """Somebody else of the team works here now."""
        if by != self._by:
            self._by = by
            self.by_changed.emit(by)

    def open_session(self, session: Session | None) -> None:
        """Work on ``session`` from now on; also called with the same one after it was changed."""
        before, self._session = self._session, session
        if before is None or session is None or before.id != session.id:
            self.undo.clear()
        if session != before:
            self.copies.look()
            self.session_changed.emit(session)

    def go(self, key: str) -> None:
        """Show the screen ``key``."""
        self.went.emit(key)

    def say(self, title: str, hint: str = "") -> None:
        """One sentence on the screen; it waits for nobody and goes by itself."""
        self.said.emit(title, hint)

    def failed(self, error: SafelightError) -> None:
        """What went wrong and what to do, as one sentence on the screen; for ``Jobs``' ``failed``."""
        self.say(*told(self.words, error))

    def cover(self, covered: bool) -> None:
        """Called by the window alone: the cover is on, or off."""
        if covered != self.is_covered:
            self.is_covered = covered
            self.covered.emit(covered)

    def _show_copies(self) -> None:
        """How many frames of the session lie on two drives."""
        places = self.copies.places
        if places is None:
            told = ""
        elif not places.set:
            told = self.words.get("copies.none")
        elif places.attached:
            told = self.words.get("copies.done", done=places.done, total=places.total)
        else:
            told = self.words.get("copies.gone", waiting=places.total - places.done)
        self.status.show_backup(told)
