"""QR slates and badges: what they say, how they are drawn, and which frames belong to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.ids import SessionId, SubjectId


@dataclass(frozen=True, slots=True)
class SlateRef:
    """What one of our slates says: the session, and the subject who is photographed next."""

    session: SessionId
    subject: SubjectId


@dataclass(frozen=True, slots=True)
class Frame:
    """One photograph as far as binding needs it: any key of the caller, its file name, the camera's time, its slate.

    Camera times must be either all aware or all naive within one call, or None.
    """

    key: str
    name: str
    camera_time: datetime | None
    slate: SlateRef | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """To whom a frame belongs. ``is_slate``: the frame shows a slate, no person. ``check``: taken within 3 s of a
    switch, so that a person should look."""

    key: str
    subject: SubjectId | None
    is_slate: bool
    check: bool


def slate_text(session: SessionId, subject: SubjectId) -> str:
    """The text of a slate: prefix, both ids, checksum; upper-case letters, digits and ``:``, at most 60 characters."""
    raise NotImplementedError


def read_slate_text(untrusted_text: str) -> SlateRef | None:
    """What the text of a QR code says if it is a slate of ours, else None; nothing else is ever acted on."""
    raise NotImplementedError


def slate_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of ``text`` as rows of dark (True) modules, without the quiet zone of 4 modules."""
    raise NotImplementedError


def slate_png(text: str, *, module: int = 12) -> bytes:
    """The QR code of ``text`` as a PNG, ``module`` pixels to the module, quiet zone included."""
    raise NotImplementedError


def bind_frames(
    frames: Sequence[Frame], active: SubjectId | None, *, session: SessionId | None = None
) -> tuple[Binding, ...]:
    """Give every frame to a subject, in order of camera time, then name: a slate re-binds everything after it.

    ``active`` is who was on set before the first slate. A slate of another ``session`` binds nobody: the frames after
    it belong to nobody until the next slate. Frames come back in the order they were given in.
    """
    raise NotImplementedError
