"""QR slates and badges: what they say, how they are drawn, and which frames belong to whom.

A slate says ``SLATE1:`` and 53 letters of RFC 4648 base 32: 265 bits, which are the session id and the subject id
without the six bits that are the same in every random UUID (2 x 122), and a checksum of 21 bits, the first of SHA-256
over ``SLATE1:`` and those ids as 31 bytes. Upper case, digits and colon are QR's alphanumeric mode, so that the code
stays at 33 x 33 modules with a quarter of them allowed to be unreadable.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from safelight.capture.checked_text import checked_number, checked_text
from safelight.capture.ordering import natural_order
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import SessionId, SubjectId, is_uuid4

if TYPE_CHECKING:
    import segno

PREFIX = "SLATE1:"
NEAR = timedelta(seconds=3)
"""A frame so close to a switch may show the person before or after: somebody should look."""

QUIET_ZONE = 4
"""Light modules around the code (ISO/IEC 18004, 5.3.8)."""

_EARLIEST = datetime(1, 1, 1)  # noqa: DTZ001 - compared with times whose zones were taken off
_ID_BITS = 122


@dataclass(frozen=True, slots=True)
class SlateRef:
    """What one of our slates says: the session, and the subject who is photographed next."""

    session: SessionId
    subject: SubjectId


@dataclass(frozen=True, slots=True)
class Frame:
    """One photograph as far as binding needs it: any key of the caller, its file name, the camera's time, its slate."""

    key: str
    name: str
    camera_time: datetime | None
    slate: SlateRef | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """To whom a frame belongs.

    ``is_slate``: the frame shows a slate, it is no photograph of a person. ``check``: taken within 3 s of a switch, or
    without a time among frames that have one, so that a person should look.
    """

    key: str
    subject: SubjectId | None
    is_slate: bool
    check: bool


def slate_text(session: SessionId, subject: SubjectId) -> str:
    """The text of a slate: 60 characters, upper-case letters, digits and ``:``. Raises WrongUsage for other ids."""
    if not is_uuid4(session) or not is_uuid4(subject):
        raise WrongUsage("A slate names a session and a subject by their ids.", "One of these is not such an id.")
    ids = _packed(session) << _ID_BITS | _packed(subject)
    return checked_text(PREFIX, ids, 2 * _ID_BITS)


def read_slate_text(untrusted_text: str) -> SlateRef | None:
    """What the text of a QR code says if it is a slate of ours, else None; nothing else is ever acted on."""
    ids = checked_number(PREFIX, untrusted_text, 2 * _ID_BITS)
    if ids is None:
        return None
    session, subject = _unpacked(ids >> _ID_BITS), _unpacked(ids & ((1 << _ID_BITS) - 1))
    return SlateRef(SessionId(session), SubjectId(subject))


def _packed(uuid: str) -> int:
    """The 122 random bits of a version 4 UUID: 48, then 12 after the version, then 62 after the variant (RFC 9562)."""
    value = UUID(uuid).int
    return (value >> 80) << 74 | (value >> 64 & 0xFFF) << 62 | value & ((1 << 62) - 1)


def _unpacked(bits: int) -> str:
    value = (bits >> 74) << 80 | 4 << 76 | (bits >> 62 & 0xFFF) << 64 | 2 << 62 | bits & ((1 << 62) - 1)
    return str(UUID(int=value))


def _code(text: str) -> segno.QRCode:
    import segno  # only for whoever draws a code: most commands ask this file what a text means, or nothing

    try:
        return segno.make_qr(text, error="q", boost_error=False)
    except segno.DataOverflowError as error:
        raise WrongUsage("This text is too long for a QR code.", "Shorten it.") from error


def slate_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """The QR code of ``text`` as rows of dark (True) modules, without the quiet zone of 4 modules it needs around."""
    return tuple(tuple(bool(module) for module in row) for row in _code(text).matrix)


def slate_png(text: str, *, module: int = 12, caption: str = "") -> bytes:
    """The QR code of ``text`` as a PNG, ``module`` pixels to the module, quiet zone included; equal for equal text.

    ``caption`` is printed below it, large: the code to type where there is no camera.
    """
    out = io.BytesIO()
    _code(text).save(out, kind="png", scale=module, border=QUIET_ZONE)
    return _captioned(out, caption, 6 * module) if caption else out.getvalue()


def _captioned(code: io.BytesIO, caption: str, size: int) -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(code) as picture:
        band = size * 3 // 2
        page = Image.new("L", (picture.width, picture.height + band), 255)
        page.paste(picture.convert("L"), (0, 0))
    # Below the quiet zone, which stays as light as the code needs it.
    where = (page.width / 2, page.height - band / 2 - size / 4)
    ImageDraw.Draw(page).text(where, caption, fill=0, font=ImageFont.load_default(size), anchor="mm")
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()


def bind_frames(
    frames: Sequence[Frame], active: SubjectId | None, *, session: SessionId | None = None
) -> tuple[Binding, ...]:
    """Give every frame to a subject, in order of camera time, then name: a slate re-binds everything after it.

    ``active`` is who was on set before the first slate. A slate of another ``session`` binds nobody: the frames after
    it belong to nobody until the next slate. Where some frames have a time and some have none, and slates were
    photographed, those without belong to nobody, because their place is unknown: a wrong person is worse than none.
    Where no frame has a time, names alone give the order. Bindings come in the order the frames were given in.
    """
    zoneless = any(frame.camera_time is not None and frame.camera_time.tzinfo is None for frame in frames)
    times = [_comparable(frame.camera_time, zoneless) for frame in frames]
    timed = any(time is not None for time in times)
    slated = any(frame.slate is not None for frame in frames)
    lost = {at for at, time in enumerate(times) if timed and slated and time is None and frames[at].slate is None}
    order = sorted(
        (at for at in range(len(frames)) if at not in lost),
        key=lambda at: (times[at] is None, times[at] or _EARLIEST, natural_order(frames[at].name), at),
    )
    subjects: list[SubjectId | None] = [None] * len(frames)
    switches: list[datetime] = []
    for at in order:
        slate = frames[at].slate
        if slate is not None:
            following = slate.subject if session in (None, slate.session) else None
            if following != active and (when := times[at]) is not None:
                switches.append(when)
            active = following
        subjects[at] = active
    bindings = []
    for at, frame in enumerate(frames):
        time, is_slate = times[at], frame.slate is not None
        near = time is not None and any(abs(time - switch) <= NEAR for switch in switches)
        bindings.append(Binding(frame.key, subjects[at], is_slate, check=at in lost or (near and not is_slate)))
    return tuple(bindings)


def _comparable(time: datetime | None, zoneless: bool) -> datetime | None:
    """Camera clocks side by side: with their zones if all have one, else as the clocks on the cameras showed."""
    if time is None:
        return None
    if zoneless:
        return time.replace(tzinfo=None)
    return (time - offset).replace(tzinfo=None) if (offset := time.utcoffset()) is not None else time
