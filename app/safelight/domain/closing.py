"""What is said of a session when it is closed: everybody and every frame counted, what was left open, and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .ids import PersonId, SessionId, Sha256, StudioId

CLOSING_FORMAT = "safelight-closing/1"


class Left(StrEnum):
    """What may be left open, in the order it is best done."""

    NOBODY = "frames-of-nobody"
    CHECK = "frames-to-check"
    UNACCOUNTED = "people-unaccounted"
    """Neither photographed nor said to be absent or not photographed."""
    UNANSWERED = "people-without-answers"
    WITHOUT_GUARDIAN = "minors-without-guardian"
    UNCHECKED = "consents-unchecked"
    """A second person has to look at them before they count for what they allow."""
    RELEASE = "release-findings"
    ONE_PLACE = "frames-in-one-place"


@dataclass(frozen=True, slots=True)
class PeopleCount:
    """Everybody on the list: the next four add up to ``listed``; ``answered`` of them signed what they answered."""

    listed: int
    photographed: int
    absent: int
    not_photographed: int
    unaccounted: int
    answered: int


@dataclass(frozen=True, slots=True)
class FrameCount:
    """Every frame kept, ``hidden`` ones (in the bin) among them; a raw file and its JPEG are two frames and one shot.

    ``nobody`` and ``check`` leave the bin out. ``two_places`` is None where the studio has no second place.
    """

    kept: int
    shots: int
    hidden: int
    nobody: int
    check: int
    two_places: int | None


@dataclass(frozen=True, slots=True)
class CameraCount:
    """Frames of one camera; the name is empty for cameras that wrote none."""

    name: str
    frames: int


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """How much of one kind was left open."""

    what: Left
    count: int


@dataclass(frozen=True, slots=True)
class JournalEnd:
    """The last entry of the journal before the closing itself."""

    number: int
    hash: Sha256


@dataclass(frozen=True, slots=True)
class ClosingStatement:
    """What the studio's key signs when a session is closed; it names nobody but who closed it, by id.

    ``originals_sha256`` is over the hashes of all originals, sorted, one a line: which frames there were. ``anyway``
    says that it was closed although something was left ``open``.
    """

    format: str
    studio: StudioId
    session: SessionId
    closed_by: PersonId
    closed_at: datetime
    zone: str
    utc_offset_minutes: int
    people: PeopleCount
    frames: FrameCount
    cameras: tuple[CameraCount, ...]
    open: tuple[LeftOpen, ...]
    anyway: bool
    originals_sha256: Sha256
    journal: JournalEnd
    report_sha256: Sha256
