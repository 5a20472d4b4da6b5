"""The shots on screen and what is done to them: shown at once, made durable behind, each act with its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.pictures.acts import Act
from safelight.desk.pictures.large_painting import Guide
from safelight.desk.shoot.day_reader import Change, DayReader
from safelight.desk.shoot.pictures_panel import PicturesPanel
from safelight.desk.shoot.reading import Day
from safelight.desk.shoot.shot_acts import Restore, ShotActs
from safelight.desk.shoot.shown_shots import ShownShots
from safelight.desk.shoot.switching import People
from safelight.desk.shoot.wording import Wording
from safelight.domain.culling import Pick
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.studio.queries.shots import ShotRow

HEADSHOT = Guide(4 / 5, 0.42)
"""Four by five, the eyes a little above the middle."""
_MARKS = {Act.PICK: Pick.PICK, Act.REJECT: Pick.REJECT, Act.UNMARK: Pick.NONE}


class ShotsPresenter(QObject):
    """Shows a day's shots in the panel and hands what is wanted of them to :class:`ShotActs`."""

    def __init__(
        self, desk: Desk, panel: PicturesPanel, reader: DayReader, wording: Wording, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._panel, self._reader, self._wording = desk, panel, reader, wording
        self._acts = ShotActs(desk, self)
        self._shown = ShownShots(wording)
        self._approved: str | None = None
        self.held: tuple[str, ...] = ()
        """The shots that wait for a name to be moved to."""

    def show(self, day: Day, on_set: People, names: Mapping[SubjectId, str]) -> None:
        """Show the shots of whoever is on set, and everybody's last ones."""
        planned = day.session.frames_per_subject if len(on_set) == 1 else None
        shown = self._shown.made(day.shots, day.last, "+".join(on_set), names, planned or 0)
        self._panel.show(shown)
        self._show_guide(day)
        pick = next((each for each in reversed(day.shots) if each.mark is Pick.PICK and not each.hidden), None)
        self._panel.large.show_pick(None if pick is None else shown.frames[pick.shot])

    def act(self, act: Act, shots: Sequence[str]) -> None:
        """A key asked for ``act`` on these shots."""
        rows = self._rows(shots)
        if not rows:
            return
        ids = {each.shot for each in rows}
        if act.rating is not None:
            change = _each(ids, lambda row: replace(row, rating=act.rating or 0))
        elif act in _MARKS:
            change = _each(ids, lambda row: replace(row, mark=_MARKS[act]))
        elif act is Act.DISCARD:
            change = _without(ids)
        else:
            return
        restore = self._restore()
        laid = self._reader.lay_over(change)
        self._acts.cull(
            act, [each.shown for each in rows], restore,
            lambda kept: self._reader.kept(laid) if kept else self._reader.take_back(laid),
        )  # fmt: skip

    def pick_for_subject(self, shot: str) -> None:
        """The person on it wants this shot; tapped again, no longer."""
        row = next(iter(self._rows((shot,))), None)
        if row is None:
            return
        wanted = not row.picked_by_subject
        laid = self._reader.lay_over(_each({shot}, lambda each: replace(each, picked_by_subject=wanted)))
        self._acts.pick_for_subject(
            [row.shown], wanted, self._restore(),
            lambda kept: self._reader.kept(laid) if kept else self._reader.take_back(laid),
        )  # fmt: skip

    def move(self, shots: Sequence[str], to: People, name: str) -> None:
        """Give these shots to ``to``, who are called ``name``."""
        rows = [each for each in self._rows(shots) if set(each.subjects) != set(to) or each.check]
        if not rows:
            return
        laid = self._reader.lay_over(_moved({each.shot for each in rows}, to))
        self._acts.move(
            [each.shown for each in rows], to, name, self._restore(),
            lambda kept: self._reader.kept(laid) if kept else self._reader.take_back(laid),
        )  # fmt: skip

    def answer(self, stays: Sequence[PhotoGuid], moves: Sequence[PhotoGuid], to: People) -> None:
        """One answer for all the questions about a switch."""
        if not stays and not moves:
            return
        day = self._reader.day
        given = {row.shot for row in self._all(day) if set(row.guids) & set(moves)}
        kept_there = {row.shot for row in self._all(day) if set(row.guids) & set(stays)}
        answered = {*stays, *moves}
        settled = _each(kept_there, lambda row: replace(row, check=False))
        moved = _moved(given, to)
        laid = self._reader.lay_over(lambda day: _answered(moved(settled(day)), answered))
        self._acts.answer(
            stays, moves, to, self._restore(),
            lambda kept: self._reader.kept(laid) if kept else self._reader.take_back(laid),
        )  # fmt: skip

    def forget(self) -> None:
        """Another session, or nobody is looking: no frame is remembered."""
        self.held, self._approved = (), None
        self._shown.forget()

    # Inside.

    def _show_guide(self, day: Day) -> None:
        """What O lays over the newest frame: the crop of a headshot, and the first frame of the day that was picked."""
        known = {each.shot: each for each in (*day.last, *day.shots)}
        if self._approved is None or (self._approved in known and known[self._approved].mark is not Pick.PICK):
            picked = [each for each in known.values() if each.mark is Pick.PICK and each.taken_ms is not None]
            first = min(picked, key=lambda each: each.taken_ms or 0, default=None)
            self._approved = None if first is None else first.shot
        shown = known.get(self._approved) if self._approved is not None else None
        if shown is not None or self._approved is None:
            self._panel.large.show_guide(HEADSHOT, None if shown is None else shown.shown)

    def _restore(self) -> Restore:
        """Brings back what is chosen now and which list had it."""
        chosen, focus = self._panel.selection()

        def restore() -> None:
            self._panel.select(chosen, focus)

        return restore

    def _rows(self, shots: Sequence[str]) -> list[ShotRow]:
        known = {each.shot: each for each in self._all(self._reader.day)}
        return [known[each] for each in shots if each in known]

    @staticmethod
    def _all(day: Day | None) -> tuple[ShotRow, ...]:
        return () if day is None else (*day.last, *day.shots)


def _each(shots: set[str], change: Callable[[ShotRow], ShotRow]) -> Change:
    def changed(day: Day) -> Day:
        def one(row: ShotRow) -> ShotRow:
            return change(row) if row.shot in shots else row

        return replace(day, shots=tuple(map(one, day.shots)), last=tuple(map(one, day.last)))

    return changed


def _without(shots: set[str]) -> Change:
    def changed(day: Day) -> Day:
        return replace(
            day,
            shots=tuple(each for each in day.shots if each.shot not in shots),
            last=tuple(each for each in day.last if each.shot not in shots),
        )

    return changed


def _moved(shots: set[str], to: People) -> Change:
    """Also the figures of the roster, as far as these shots are at hand."""

    def changed(day: Day) -> Day:
        rows = {each.shot: each for each in (*day.last, *day.shots) if each.shot in shots}
        more: dict[SubjectId, int] = {}
        for row in rows.values():
            for each in set(row.subjects) - set(to):
                more[each] = more.get(each, 0) - 1
            for each in set(to) - set(row.subjects):
                more[each] = more.get(each, 0) + 1
        people = tuple(
            replace(each, shots=max(0, each.shots + more[each.id])) if each.id in more else each
            for each in day.board.people
        )

        def one(row: ShotRow) -> ShotRow:
            return replace(row, subjects=to, check=False) if row.shot in shots else row

        own = set(day.on_set)
        stays = tuple(each for each in map(one, day.shots) if own <= set(each.subjects))
        board = replace(day.board, people=people)
        return replace(day, board=board, shots=stays, last=tuple(map(one, day.last)))

    return changed


def _answered(day: Day, photos: set[PhotoGuid]) -> Day:
    checks = tuple(
        replace(check, questions=tuple(each for each in check.questions if each.photo not in photos))
        for check in day.checks
    )
    return replace(day, checks=tuple(each for each in checks if each.questions))
