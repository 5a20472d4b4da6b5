"""The alarms of the shoot screen: decided from the day as it stands, worded as cards, answered by a digit."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from safelight.desk.shoot.alarm_wording import card_of
from safelight.desk.shoot.intake_source import SourceNews
from safelight.desk.shoot.reading import Day
from safelight.desk.shoot.rows import AlarmCard, Choice, Weight
from safelight.desk.shoot.switching import People
from safelight.domain.alarms import (
    Alarm,
    Answer,
    CameraFact,
    OnSet,
    PlaceFact,
    SourceFact,
    SpaceFact,
    Unclear,
    alarms,
)  # fmt: skip
from safelight.domain.ids import SubjectId
from safelight.settings.desk_texts import DeskTexts

_FIRST_CLOCK = "first-clock"


class AlarmAnswers(QObject):
    """Keeps what was decided; what an answer wants comes out as a signal."""

    next_wanted = Signal()
    hand_over_wanted = Signal(object)
    code_wanted = Signal()
    folder_wanted = Signal()
    given = Signal(object, object, object)
    """Photos that stay where they are, photos that go, and to whom (:class:`SubjectId` values)."""

    def __init__(self, words: DeskTexts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._alarms: Mapping[str, Alarm] = {}
        self._unclear: tuple[Unclear, ...] = ()
        self._accepted: dict[SubjectId, int] = {}

    def cards(
        self, day: Day, on_set: People, names: Mapping[SubjectId, str], source: SourceNews | None
    ) -> tuple[AlarmCard, ...]:
        """What must be noticed now, the gravest first."""
        self._unclear = unclear_of(day)
        found = alarms(
            day.session.frames_per_subject, _on_set(day, on_set, self._accepted), self._unclear,
            [CameraFact(each.tag, each.name or each.short, each.known, each.contradicted) for each in day.cameras],
            [] if source is None else [SourceFact(source.folder.name, source.there, source.silent)],
            _place(day), SpaceFact(day.slow.space.free_bytes, day.slow.space.frames_left),
        )  # fmt: skip
        self._alarms = {each.key: each for each in found}
        cards = tuple(card_of(each, self._words, names) for each in found)
        return cards if source is None or day.cameras else (*cards, self._first_clock())

    def answer(self, key: str, place: str) -> None:
        """Do what the choice at ``place`` of an alarm says; nothing for one that is gone."""
        if key == _FIRST_CLOCK:
            self.code_wanted.emit()
            return
        alarm = self._alarms.get(key)
        if alarm is None or not place.isdecimal() or int(place) >= len(alarm.choices):
            return
        choice = alarm.choices[int(place)]
        if choice.answer is Answer.GIVE:
            self._give(alarm, choice.subjects)
        elif choice.answer is Answer.MORE:
            for each in choice.subjects:
                self._accepted[each] = int(alarm.values.get("shots", 0))
            self.given.emit((), (), ())
        elif choice.answer is Answer.NEXT:
            self.next_wanted.emit()
        elif choice.answer is Answer.HAND_OVER:
            self.hand_over_wanted.emit(choice.subjects[0] if choice.subjects else None)
        elif choice.answer is Answer.SHOW_CODE:
            self.code_wanted.emit()
        else:
            self.folder_wanted.emit()

    def forget(self) -> None:
        """Another session, or none."""
        self._alarms, self._unclear, self._accepted = {}, (), {}

    def _first_clock(self) -> AlarmCard:
        """A day begins by letting each camera photograph the code: before it is seen, nobody knows which there are."""
        words = self._words
        show = Choice("0", words.get(f"shoot.answer.{Answer.SHOW_CODE}"))
        title, told = words.get("shoot.clock-title"), words.get("shoot.clock-hint")
        return AlarmCard(_FIRST_CLOCK, Weight.WARNING, title, told, (show,))

    def _give(self, alarm: Alarm, people: People) -> None:
        """Frames that cannot be of these people are no part of the answer: they are asked about once more."""
        asked = {each.photo: each for each in self._unclear}
        frames = [asked[each] for each in alarm.photos if each in asked]
        stays = tuple(each.photo for each in frames if set(each.subjects) == set(people))
        may = [each.photo for each in frames if any(set(group) == set(people) for group in each.others)]
        moves = tuple(each for each in may if each not in stays)
        self.given.emit(stays, moves, people)


def unclear_of(day: Day) -> tuple[Unclear, ...]:
    """The open questions as the alarms ask them; those without a switch come as switch 0."""
    return tuple(
        Unclear(
            each.photo, check.switch or 0, tuple(one.id for one in each.people),
            tuple(tuple(one.id for one in group) for group in each.others), each.shot,
        )
        for check in day.checks
        for each in check.questions
    )  # fmt: skip


def _on_set(day: Day, on_set: People, accepted: Mapping[SubjectId, int]) -> list[OnSet]:
    rows = {each.id: each for each in day.board.people}
    group = len(on_set) > 1
    found = []
    for each in on_set:
        if (row := rows.get(each)) is not None:
            # A group's shots are not those that were planned for each of them.
            shots = 0 if group else len(day.shots)
            found.append(OnSet(each, shots, row.ready, row.waits_guardian, accepted.get(each, 0)))
    return found


def _place(day: Day) -> PlaceFact | None:
    places = day.slow.places
    if not places.set:
        return None
    oldest = places.oldest.total_seconds() if places.oldest is not None else 0.0
    return PlaceFact(places.attached, places.total - places.done, oldest)
