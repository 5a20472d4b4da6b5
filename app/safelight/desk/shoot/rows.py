"""What the shoot screen shows: plain values, worded already where the words depend on the studio."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from safelight.domain.ids import ScopeId, SubjectId


class Readiness(StrEnum):
    """All that is shown of somebody's answers while others look on: never what they said."""

    READY = "ready"
    NOT_READY = "not-ready"
    GUARDIAN = "guardian"
    ABSENT = "absent"


GLYPHS = {Readiness.READY: "✓", Readiness.NOT_READY: "○", Readiness.GUARDIAN: "◐", Readiness.ABSENT: "×"}


class Filter(StrEnum):
    """The chips above the roster."""

    TO_DO = "to-do"
    NOT_READY = "not-ready"
    CHECK = "check"


class Purpose(StrEnum):
    """What the line to find somebody is for just now: what Enter does with whom it found."""

    SET = "set"
    MOVE = "move"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of the session; ``checks`` of their shots lie close to a switch. ``planned`` 0: nobody said."""

    subject: SubjectId
    name: str
    reference: str
    readiness: Readiness
    shots: int = 0
    planned: int = 0
    checks: int = 0
    on_set: bool = False

    @property
    def to_do(self) -> bool:
        """Whether pictures of them are still to be made."""
        return self.readiness is not Readiness.ABSENT and self.shots < max(1, self.planned)


@dataclass(frozen=True, slots=True)
class RosterPage:
    """The rows to show with the counts for the chips; ``found`` when they answer what was typed."""

    rows: tuple[RosterRow, ...]
    counts: tuple[tuple[Filter, int], ...] = ()
    chosen: Filter | None = None
    found: bool = False
    total: int = 0


class Place(StrEnum):
    """What the banner is about."""

    NO_SESSION = "no-session"
    NOBODY = "nobody"
    PERSON = "person"
    GROUP = "group"
    AT_SIGNING = "at-signing"


@dataclass(frozen=True, slots=True)
class BannerRow:
    """Who is on set, how far they are, and who comes next. ``details`` stand below the name.

    ``question`` is asked before the next person comes; Enter once more is a yes. ``over`` when a shot too many came.
    """

    place: Place
    names: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    shots: int = 0
    planned: int = 0
    next_name: str = ""
    question: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One shot of the person on set, or a planned one without a picture (``guid`` empty)."""

    guid: str
    number: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to an alarm; ``key`` is told back."""

    key: str
    words: str


class Weight(StrEnum):
    """How loud an alarm is: a question is to be answered, a warning noted, danger means pictures may be lost."""

    QUESTION = "question"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class AlarmCard:
    """An alarm in words, with answers that Alt and a digit give."""

    key: str
    weight: Weight
    title: str
    words: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What one person, or everybody of a group, says to one use; ``detail`` is until when and where, or who says no."""

    use: ScopeId
    words: str
    allowed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """The panel of answers; ``title`` says whose, ``foot`` when they signed and who checked."""

    title: str
    lines: tuple[AnswerLine, ...] = ()
    foot: str = ""


@dataclass(frozen=True, slots=True)
class PaceRow:
    """How the day goes; lines are worded."""

    done: int = 0
    total: int = 0
    ready_at: str = ""
    lines: tuple[tuple[str, str], ...] = field(default=())
    """A number and what it counts."""


def numbered(text: str) -> int:
    """The number in ``#3``; 0 for anything else."""
    digits = text.strip().removeprefix("#")
    return int(digits) if text.strip().startswith("#") and digits.isdecimal() and len(digits) < 5 else 0
