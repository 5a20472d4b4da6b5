"""Times and days as text: RFC 3339 in UTC with ``Z`` and whole seconds, days as ISO 8601 dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from safelight.domain.errors import Malformed, WrongUsage

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def rfc3339(moment: datetime) -> str:
    """``2026-05-01T10:14:32Z``; fractions of a second are cut off. A time without a zone raises WrongUsage."""
    if moment.tzinfo is None:
        raise WrongUsage("A time was given without its time zone.")
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def parse_time(untrusted_text: str) -> datetime:
    """The aware UTC time in exactly the form :func:`rfc3339` writes; anything else is :class:`Malformed`."""
    try:
        if _TIME.fullmatch(untrusted_text):
            return datetime.fromisoformat(untrusted_text)
    except ValueError:
        pass
    raise Malformed(f"'{untrusted_text[:40]}' is not a time like 2026-05-01T10:14:32Z.")


def parse_day(untrusted_text: str) -> date:
    """The day in the form ``2026-05-01``; anything else is :class:`Malformed`."""
    try:
        if _DAY.fullmatch(untrusted_text):
            return date.fromisoformat(untrusted_text)
    except ValueError:
        pass
    raise Malformed(f"'{untrusted_text[:40]}' is not a day like 2026-05-01.")


def whole_seconds(moment: datetime) -> datetime:
    """``moment`` in UTC without its fraction, as it will read after being written."""
    return moment.astimezone(UTC).replace(microsecond=0)


def end_of_day(day: date) -> datetime:
    """The last second of ``day`` in UTC: a yes whose last day is ``day`` holds until then."""
    return datetime.combine(day, time(23, 59, 59), UTC)
