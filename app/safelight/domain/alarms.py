"""What somebody at the desk must notice now: decided from facts that were counted elsewhere, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from .ids import PhotoGuid, SubjectId

SILENT_AFTER = 600.0
"""Seconds without a frame after which a folder that is there is said to be silent."""
COPIED_WITHIN = 60.0
"""Seconds within which every frame is to lie in the second place too."""
FEWEST_FRAMES = 300
LEAST_BYTES = 5_000_000_000
"""Below either of these, space is said to run out."""

People = tuple[SubjectId, ...]


class Gravity(StrEnum):
    """A question waits for an answer, an alarm says that pictures may be lost, a note is good to know."""

    QUESTION = "question"
    ALARM = "alarm"
    NOTE = "note"


class Kind(StrEnum):
    """Every alarm there is, in the order in which they are told.

    What is about the person on set comes first: that can only be put right while they are there.
    """

    TOO_MANY = "too-many"
    """More shots of somebody on set than were planned."""
    CHECK = "check"
    """Frames close to a change of person: whose are they?"""
    NOT_READY = "not-ready"
    WITHOUT_GUARDIAN = "without-guardian"
    CLOCK_JUMPED = "clock-jumped"
    CLOCK_UNKNOWN = "clock-unknown"
    FOLDER_GONE = "folder-gone"
    FOLDER_SILENT = "folder-silent"
    PLACE_GONE = "place-gone"
    """The drive of the second place is not attached."""
    ONE_PLACE = "one-place"
    """Frames that wait longer than they should for their second copy."""
    LITTLE_SPACE = "little-space"


GRAVITY: Mapping[Kind, Gravity] = {
    Kind.TOO_MANY: Gravity.QUESTION,
    Kind.CHECK: Gravity.QUESTION,
    Kind.NOT_READY: Gravity.NOTE,
    Kind.WITHOUT_GUARDIAN: Gravity.NOTE,
    Kind.CLOCK_JUMPED: Gravity.ALARM,
    Kind.CLOCK_UNKNOWN: Gravity.NOTE,
    Kind.FOLDER_GONE: Gravity.ALARM,
    Kind.FOLDER_SILENT: Gravity.NOTE,
    Kind.PLACE_GONE: Gravity.ALARM,
    Kind.ONE_PLACE: Gravity.ALARM,
    Kind.LITTLE_SPACE: Gravity.ALARM,
}


class Answer(StrEnum):
    """What a choice does when it is taken."""

    GIVE = "give"
    """Give the frames of the question to the people of the choice (to nobody, when there are none)."""
    NEXT = "next"
    MORE = "more"
    """Go on with this person; asked again at the next shot but one more."""
    HAND_OVER = "hand-over"
    SHOW_CODE = "show-code"
    CHOOSE_FOLDER = "choose-folder"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer; the first choice of an alarm has the first digit."""

    answer: Answer
    subjects: People = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing to notice. ``key`` is the same as long as it is the same thing, whatever its numbers.

    ``values`` go into the sentence that the desk words: counts, seconds, the name of a camera or folder, never of a
    person (those are told by their ids in ``subjects``). ``photos`` are the frames a question is about.
    """

    kind: Kind
    key: str
    subjects: People = ()
    values: Mapping[str, str | int] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    photos: tuple[PhotoGuid, ...] = ()

    @property
    def gravity(self) -> Gravity:
        """How loud it is."""
        return GRAVITY[self.kind]


@dataclass(frozen=True, slots=True)
class OnSet:
    """Somebody on set now. ``accepted`` is how many shots somebody said are right, beyond what was planned."""

    subject: SubjectId
    shots: int
    ready: bool
    without_guardian: bool = False
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Unclear:
    """A frame close to the change of person number ``switch``, given to ``subjects`` for now, or else to the others."""

    photo: PhotoGuid
    switch: int
    subjects: People
    others: tuple[People, ...]
    shot: str = ""
    """The same for the raw file and the JPEG of one shutter; empty: the frame is a shot of its own."""


@dataclass(frozen=True, slots=True)
class CameraFact:
    """A camera of the session: whether its clock is known for sure, and whether it was found to have jumped."""

    camera: str
    name: str
    known: bool
    jumped: bool = False


@dataclass(frozen=True, slots=True)
class SourceFact:
    """A folder that is watched: whether it is there, and for how many seconds nothing came."""

    name: str
    there: bool
    silent: float


@dataclass(frozen=True, slots=True)
class PlaceFact:
    """The second place: whether its drive is attached, how many frames wait, the longest for ``oldest`` seconds."""

    attached: bool
    waiting: int
    oldest: float


@dataclass(frozen=True, slots=True)
class SpaceFact:
    """Free bytes on the studio's drive, and for how many frames of this session they last; None before the first."""

    free: int
    frames: int | None


def alarms(
    planned: int | None = None,
    on_set: Sequence[OnSet] = (),
    unclear: Sequence[Unclear] = (),
    cameras: Sequence[CameraFact] = (),
    sources: Sequence[SourceFact] = (),
    place: PlaceFact | None = None,
    space: SpaceFact | None = None,
) -> tuple[Alarm, ...]:
    """Everything to be noticed, in the order of :class:`Kind`; ``planned`` shots each, None where nothing was planned.

    ``place`` is None while there is no second place. The same facts give the same alarms.
    """
    found = (
        *_too_many(planned, on_set),
        *_checks(unclear),
        *_not_ready(on_set),
        *_clocks(cameras),
        *_sources(sources),
        *_places(place),
        *_space(space),
    )
    order = list(Kind)
    return tuple(sorted(found, key=lambda each: order.index(each.kind)))  # stable: equals stay as they were told


def _too_many(planned: int | None, on_set: Iterable[OnSet]) -> Iterator[Alarm]:
    for each in on_set:
        if planned and each.shots > max(planned, each.accepted):
            values = {"shots": each.shots, "planned": planned}
            choices = (Choice(Answer.NEXT), Choice(Answer.MORE, (each.subject,)))
            yield Alarm(Kind.TOO_MANY, f"{Kind.TOO_MANY}:{each.subject}", (each.subject,), values, choices)


def _checks(unclear: Iterable[Unclear]) -> Iterator[Alarm]:
    """One question a change of person; whoever may be meant in any of its frames can be answered."""
    switches: dict[int, list[Unclear]] = {}
    for each in unclear:
        switches.setdefault(each.switch, []).append(each)
    for number, frames in sorted(switches.items()):
        people = dict.fromkeys(group for each in frames for group in (each.subjects, *each.others))
        # Somebody first, nobody last: the same digits as before as long as the candidates are the same.
        groups = sorted(people, key=lambda group: (not group, group))
        shots = len({each.shot or each.photo for each in frames})
        yield Alarm(
            Kind.CHECK,
            f"{Kind.CHECK}:{number}",
            tuple(dict.fromkeys(person for group in groups for person in group)),
            {"shots": shots, "switch": number},
            tuple(Choice(Answer.GIVE, group) for group in groups),
            tuple(each.photo for each in frames),
        )


def _not_ready(on_set: Iterable[OnSet]) -> Iterator[Alarm]:
    for each in on_set:
        if each.without_guardian or not each.ready:
            kind = Kind.WITHOUT_GUARDIAN if each.without_guardian else Kind.NOT_READY
            choices = (Choice(Answer.HAND_OVER, (each.subject,)),)
            yield Alarm(kind, f"{kind}:{each.subject}", (each.subject,), {}, choices)


def _clocks(cameras: Iterable[CameraFact]) -> Iterator[Alarm]:
    for each in cameras:
        if each.jumped or not each.known:
            kind = Kind.CLOCK_JUMPED if each.jumped else Kind.CLOCK_UNKNOWN
            yield Alarm(kind, f"{kind}:{each.camera}", (), {"camera": each.name}, (Choice(Answer.SHOW_CODE),))


def _sources(sources: Iterable[SourceFact]) -> Iterator[Alarm]:
    for each in sources:
        if not each.there:
            choices = (Choice(Answer.CHOOSE_FOLDER),)
            yield Alarm(Kind.FOLDER_GONE, f"{Kind.FOLDER_GONE}:{each.name}", (), {"folder": each.name}, choices)
        elif each.silent >= SILENT_AFTER:
            values: dict[str, str | int] = {"folder": each.name, "minutes": int(each.silent // 60)}
            yield Alarm(Kind.FOLDER_SILENT, f"{Kind.FOLDER_SILENT}:{each.name}", (), values)


def _places(place: PlaceFact | None) -> Iterator[Alarm]:
    if place is None:
        return
    values = {"waiting": place.waiting, "seconds": int(place.oldest)}
    if not place.attached:
        yield Alarm(Kind.PLACE_GONE, str(Kind.PLACE_GONE), (), values, (Choice(Answer.CHOOSE_FOLDER),))
    elif place.waiting and place.oldest > COPIED_WITHIN:
        yield Alarm(Kind.ONE_PLACE, str(Kind.ONE_PLACE), (), values)


def _space(space: SpaceFact | None) -> Iterator[Alarm]:
    if space is None:
        return
    few = space.frames is not None and space.frames < FEWEST_FRAMES
    if few or space.free < LEAST_BYTES:
        values = {"gigabytes": space.free // 1_000_000_000, "frames": -1 if space.frames is None else space.frames}
        yield Alarm(Kind.LITTLE_SPACE, str(Kind.LITTLE_SPACE), (), values)
