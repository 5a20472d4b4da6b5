"""Alarms in words: which sentence, which names, which answers."""

from __future__ import annotations

from collections.abc import Mapping

from safelight.desk.shoot.rows import AlarmCard, Choice, Weight
from safelight.domain import alarms
from safelight.domain.alarms import Alarm, Answer, Kind
from safelight.domain.ids import SubjectId
from safelight.settings.desk_texts import DeskTexts

Names = Mapping[SubjectId, str]
_DANGER = frozenset({Kind.FOLDER_GONE, Kind.PLACE_GONE, Kind.ONE_PLACE, Kind.LITTLE_SPACE})
"""Pictures may be lost: these alone are red."""
_MOST_NAME = 60
_COUNTED = ("shots", "waiting", "frames")
"""What an alarm counts: its words differ with the number."""


def card_of(alarm: Alarm, words: DeskTexts, names: Names) -> AlarmCard:
    """``alarm`` as a card; the key of each choice is its place."""
    values: dict[str, object] = dict(alarm.values)
    counted = next((name for name in _COUNTED if name in values), "")
    if counted:
        values["n"] = values[counted]
    values["name"] = together(alarm.subjects, words, names)
    kind = str(alarm.kind)
    if alarm.kind is Kind.LITTLE_SPACE and values["frames"] == -1:
        kind += "-unknown"
    short = _first_names(alarm, names)
    choices = tuple(Choice(str(place), _choice(choice, words, short)) for place, choice in enumerate(alarm.choices))
    title, told = words.get(f"shoot.alarm.{kind}.title", **values), words.get(f"shoot.alarm.{kind}", **values)
    return AlarmCard(alarm.key, _weight(alarm), title, told, choices)


def together(people: tuple[SubjectId, ...], words: DeskTexts, names: Names) -> str:
    """The names of these people in one line; nobody when there are none."""
    told = [_short(names.get(each, "")) for each in people]
    return words.get("shoot.and").join(each for each in told if each) or words.get("shoot.nobody")


def _first_names(alarm: Alarm, names: Names) -> Names:
    """First names where they tell the people of an alarm apart: a button has little room."""
    people = dict.fromkeys((*alarm.subjects, *(each for choice in alarm.choices for each in choice.subjects)))
    first = {each: next(iter(names.get(each, "").split()), "") for each in people}
    told = list(first.values())
    return {each: name if told.count(name) == 1 else names.get(each, "") for each, name in first.items()}


def _choice(choice: alarms.Choice, words: DeskTexts, names: Names) -> str:
    if choice.answer is Answer.GIVE:
        return together(choice.subjects, words, names)
    return words.get(f"shoot.answer.{choice.answer}")


def _weight(alarm: Alarm) -> Weight:
    if alarm.kind in _DANGER:
        return Weight.DANGER
    return Weight.QUESTION if alarm.gravity is alarms.Gravity.QUESTION else Weight.WARNING


def _short(name: str) -> str:
    return name if len(name) <= _MOST_NAME else name[: _MOST_NAME - 1] + "…"
