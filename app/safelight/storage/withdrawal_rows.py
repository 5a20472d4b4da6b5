"""What an agency keeps about withdrawal: notices, what they ended and held back, registered uses, feeds, answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from safelight.documents.acknowledgements import UseKind
from safelight.documents.withdrawal_notices import Asked, Ended, PhotoReason, PhotoState
from safelight.domain.ids import Country, NoticeId, PhotoGuid, ScopeId, Sha256, StudioId


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice that was applied, byte for byte (JSON text), with its signature and the SHA-256 of its bytes."""

    studio: StudioId
    number: int
    id: NoticeId
    sha256: Sha256
    previous: Sha256 | None
    issued_at: datetime
    applied_at: datetime
    text: str = field(repr=False)
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EndedByNotice:
    """That a studio ended a record; ``number`` is that of the notice. Of several the highest number counts."""

    studio: StudioId
    number: int
    ended: Ended
    since: datetime


@dataclass(frozen=True, slots=True)
class PhotoByNotice:
    """What a studio's notice with the highest number says of a photo."""

    studio: StudioId
    number: int
    state: PhotoState
    why: PhotoReason
    since: datetime
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisteredUse:
    """Where the agency used a photo, and what it was told when it registered that.

    ``use`` and ``place`` are what was asked about (None: whether anything allows the photo at all). ``allowed``,
    ``blocker`` (empty for a yes) and ``until`` are the answer of that day. ``ended_at``: when it was taken down.
    """

    photo: PhotoGuid
    kind: UseKind
    name: str
    at: datetime
    use: ScopeId | None
    place: Country | None
    allowed: bool
    blocker: str
    until: date | None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptFeed:
    """The newest feed of a studio that was taken."""

    studio: StudioId
    number: int
    issued_at: datetime
    valid_until: datetime
    sha256: Sha256
    signed_by: str
    """The key; under a new one the studio may count from the beginning."""


@dataclass(frozen=True, slots=True)
class SentAck:
    """The last answer to a studio, and the reasons somebody gave for what is kept: each answer repeats them.

    ``kept`` is by photo, ``uses`` by the name of a registered use.
    """

    studio: StudioId
    number: int
    at: datetime
    sha256: Sha256
    kept: Mapping[str, str] = field(default_factory=dict)
    uses: Mapping[str, str] = field(default_factory=dict)
