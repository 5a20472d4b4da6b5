"""The clock code: a QR code that says the time it is shown, so that one frame of it tells how a camera's clock stands.

It says ``CLOCK1:`` and 14 letters of RFC 4648 base 32: 70 bits, which are the milliseconds since 1970-01-01T00:00:00Z
(49 bits) and a checksum of 21 bits, the first of SHA-256 over ``CLOCK1:`` and those milliseconds as 7 bytes. So short a
text makes a code of 25 x 25 modules, large enough to be read from a screen across the room.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from safelight.capture.checked_text import checked_number, checked_text
from safelight.domain.errors import WrongUsage

PREFIX = "CLOCK1:"
_BITS = 49
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""No computer that shows a code has another year; what says one is none of ours."""


def clock_text(shown_at: datetime) -> str:
    """The text of a code shown at ``shown_at`` (aware; cut to milliseconds): 21 letters, digits and ``:``.

    Raises WrongUsage for a time without a zone, and for one before the year 2000 or after 2199.
    """
    if shown_at.tzinfo is None or not _FIRST <= shown_at < _LAST:
        raise WrongUsage("A clock code needs a time with its zone, between 2000 and 2199.", "Set the computer's clock.")
    milliseconds = (shown_at - _EPOCH) // _MILLISECOND
    return checked_text(PREFIX, milliseconds, _BITS)


def read_clock_text(untrusted_text: str) -> datetime | None:
    """The time (UTC, to the millisecond) at which a clock code of ours was shown; None for any other text."""
    milliseconds = checked_number(PREFIX, untrusted_text, _BITS)
    if milliseconds is None:
        return None
    try:
        shown_at = _EPOCH + milliseconds * _MILLISECOND
    except OverflowError:
        return None
    return shown_at if _FIRST <= shown_at < _LAST else None


def clock_matrix(shown_at: datetime) -> tuple[tuple[bool, ...], ...]:
    """The code for ``shown_at`` as rows of dark (True) modules, without the quiet zone of 4 modules it needs around."""
    from safelight.capture.slates import slate_matrix  # only for whoever draws: reading a text needs no slate

    return slate_matrix(clock_text(shown_at))
