"""What is done to shots from the desk: rated, marked, discarded, moved, settled; each with its undo.

What somebody did is on the screen at once and made durable behind; should that fail, it is taken back with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told
from safelight.desk.pictures.acts import Act
from safelight.domain.changes import Changes
from safelight.domain.culling import Culled, Pick
from safelight.domain.errors import SafelightError
from safelight.domain.ids import PersonId, PhotoGuid, SubjectId
from safelight.domain.progress import Report
from safelight.studio.assignments import Moved, move_back, move_photos, settle
from safelight.studio.culling import hide_photos, mark_photos, pick_by_subject, put_back, rate_photos
from safelight.studio.open_studio import OpenStudio

Guids = Sequence[PhotoGuid]
Restore = Callable[[], None]
"""Brings back place, selection and filter as they were before an act."""
Ended = Callable[[bool], None]
"""Told once: whether the act was kept."""
_MARKS = {Act.PICK: Pick.PICK, Act.REJECT: Pick.REJECT, Act.UNMARK: Pick.NONE}


class ShotActs(QObject):
    """Hands acts to the writer and remembers how to take them back."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk

    def cull(self, act: Act, guids: Guids, restore: Restore, ended: Ended) -> None:
        """Rate, mark or discard whole shots; nothing happens for an act that is none of these."""
        studio, by = self._desk.studio, self._desk.by.id
        photos = tuple(guids)
        if act.rating is not None:
            rating = act.rating
            self._culled("shoot.act.rate", lambda: rate_photos(studio, photos, rating, by), restore, ended)
        elif act in _MARKS:
            self._culled("shoot.act.mark", lambda: mark_photos(studio, photos, _MARKS[act], by), restore, ended)
        elif act is Act.DISCARD:
            told = partial(self._say, "shoot.discarded", "shoot.discarded-hint", n=len(photos))
            self._culled("shoot.act.discard", lambda: hide_photos(studio, photos, by), restore, ended, told)

    def pick_for_subject(self, guids: Guids, wanted: bool, restore: Restore, ended: Ended) -> None:
        """The person on these shots wants them, or no longer does."""
        studio, photos = self._desk.studio, tuple(guids)
        self._culled("shoot.act.mark", lambda: pick_by_subject(studio, photos, wanted=wanted), restore, ended)

    def move(self, guids: Guids, to: Sequence[SubjectId], name: str, restore: Restore, ended: Ended) -> None:
        """Give whole shots to these people (nobody when empty); says when a signed receipt names one of them."""
        studio, by, photos, people = self._desk.studio, self._desk.by.id, tuple(guids), tuple(to)

        def work(report: Report) -> tuple[tuple[Moved, ...], Changes]:
            moved, changes = move_photos(studio, photos, people, by, report=report)
            return (moved,), changes

        def done(moved: tuple[Moved, ...]) -> None:
            ended(True)
            signed = any(each.receipts for each in moved)
            hint = "shoot.moved-signed" if signed else "shoot.moved-hint"
            self._say("shoot.moved", hint, n=len({each.photo.shot or each.photo.guid for each in moved[0].assigned}),
                      name=name)  # fmt: skip
            self._push_move("shoot.act.move", moved, restore)

        self._desk.jobs.write(work, done, partial(self._failed, ended), initiator=self)

    def answer(self, stays: Guids, moves: Guids, to: Sequence[SubjectId], restore: Restore, ended: Ended) -> None:
        """One answer for all the questions about a switch: these belong where they are, those to these people."""
        studio, by, people = self._desk.studio, self._desk.by.id, tuple(to)
        kept, given = tuple(stays), tuple(moves)

        def work(report: Report) -> tuple[tuple[Moved, ...], Changes]:
            told: list[Moved] = []
            changes = Changes.NONE
            if given:
                moved, more = move_photos(studio, given, people, by, report=report)
                told.append(moved)
                changes |= more
            if kept:
                moved, more = settle(studio, kept, by, report, to=people)
                told.append(moved)
                changes |= more
            return tuple(told), changes

        def done(moved: tuple[Moved, ...]) -> None:
            ended(True)
            self._push_move("shoot.act.settle", moved, restore)

        self._desk.jobs.write(work, done, partial(self._failed, ended), initiator=self)

    # Inside.

    def _culled(
        self,
        label: str,
        verb: Callable[[], tuple[Culled, Changes]],
        restore: Restore,
        ended: Ended,
        told: Callable[[], None] | None = None,
    ) -> None:
        def done(culled: Culled) -> None:
            ended(True)
            if told is not None:
                told()
            self._push_cull(label, culled, restore)

        self._desk.jobs.write(lambda _: verb(), done, partial(self._failed, ended), initiator=self)

    def _push_cull(self, label: str, culled: Culled, restore: Restore) -> None:
        if not culled.after:
            return
        studio, by = self._desk.studio, self._desk.by.id
        newest = [culled]

        def back() -> None:
            was = newest[0]
            self._desk.jobs.write(lambda _: put_back(studio, was, by), came_back, self._desk.failed, initiator=self)

        def came_back(done: Culled) -> None:
            newest[0] = done  # what undoes the undoing
            restore()

        self._desk.undo.push(self._desk.words.get(label), back, back)

    def _push_move(self, label: str, moved: tuple[Moved, ...], restore: Restore) -> None:
        if not any(each.places for each in moved):
            return
        studio, by = self._desk.studio, self._desk.by.id
        newest = [moved]

        def back() -> None:
            was = newest[0]
            self._desk.jobs.write(
                lambda report: _moved_back(studio, was, by, report), came_back, self._desk.failed, initiator=self
            )

        def came_back(done: tuple[Moved, ...]) -> None:
            newest[0] = done
            restore()

        self._desk.undo.push(self._desk.words.get(label), back, back)

    def _say(self, title: str, hint: str, **values: object) -> None:
        self._desk.say(self._desk.words.get(title, **values), self._desk.words.get(hint))

    def _failed(self, ended: Ended, error: SafelightError) -> None:
        title, hint = told(self._desk.words, error)
        self._desk.say(title, f"{hint} {self._desk.words.get('shoot.failed-back')}".strip())
        ended(False)


def _moved_back(
    studio: OpenStudio, moved: tuple[Moved, ...], by: PersonId, report: Report
) -> tuple[tuple[Moved, ...], Changes]:
    told: list[Moved] = []
    changes = Changes.NONE
    for each in reversed(moved):
        back, more = move_back(studio, each, by, report)
        told.append(back)
        changes |= more
    return tuple(told), changes
