"""Time that does not run backwards, nor on a wrong clock's word years ahead: what is believed, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from safelight.domain.errors import WrongUsage

TOLERANCE = timedelta(minutes=5)
MOST_AHEAD = timedelta(days=400)
"""A clock that shows more than this after the newest time seen is not believed on its own.

A studio may rest from one season to the same one a year later; clocks that are wrong are off by decades. What is off
by less is over as soon, and does no more harm than that.
"""
CONFIRMED, SET_BACK = "clock-confirmed", "clock-set-back"
"""The journal's kinds of entry about the clock."""


@dataclass(frozen=True, slots=True)
class Now:
    """The time to decide by, and whether the clock shows clearly less than was seen, or more than is believed."""

    at: datetime
    set_back: bool
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """An entry of the journal, as far as the way back is about it."""

    number: int
    at: datetime
    kind: str


def ratchet(clock: datetime, newest_seen: datetime | None) -> Now:
    """The time to decide by, so that setting a clock back never revives what has ended.

    A clock that is far ahead is decided by all the same: that ends a yes too early, which is safe; but see
    :func:`is_believed` before anything is written.
    """
    if newest_seen is None or clock >= newest_seen:
        return Now(clock, False, newest_seen is not None and not is_believed(clock, newest_seen))
    return Now(newest_seen, clock < newest_seen - TOLERANCE)


def is_believed(at: datetime, *known: datetime) -> bool:
    """Whether ``at`` is no more than :data:`MOST_AHEAD` after the newest of the times that are known."""
    return at <= max(known) + MOST_AHEAD


def dated(clock: datetime, *known: datetime) -> datetime:
    """What to write down as the time where it must not wait: the clock's if it is believed, else the newest known."""
    return max(clock, *known) if is_believed(clock, *known) else max(known)


def check_confirmed(ahead: bool, clock: datetime, day: date) -> None:
    """Return if somebody typed the day that a clock shows which is far ahead; :class:`WrongUsage` otherwise."""
    if not ahead:
        raise WrongUsage("The clock shows nothing that has to be confirmed.", "Nothing was changed.")
    if day != clock.date():
        raise WrongUsage(f"The clock of this computer does not show {day}.", "Nothing was changed. Set it right first.")


def way_back(entries: Sequence[Dated], clock: datetime) -> tuple[Dated, datetime] | None:
    """The first entry of a wrong clock's time and the newest time seen before it; None if there was no such time.

    ``clock`` is right now. A wrong time begins with an entry later than it that follows the one before by more than is
    believed, and that nobody confirmed. Where time went on in steps that are believed, it was no wrong clock: nothing
    that ended in the meantime comes back.
    """
    newest: datetime | None = None
    wrong: Dated | None = None
    for each in entries:
        if each.kind == SET_BACK:
            # From here on time counts anew; what the wrong clock wrote before is known to be wrong.
            newest, wrong = each.at, None
        elif wrong is not None:
            continue
        elif (
            newest is not None
            and each.at > clock + TOLERANCE
            and each.kind != CONFIRMED
            and not is_believed(each.at, newest)
        ):
            wrong = each
        else:
            newest = each.at if newest is None else max(newest, each.at)
    if wrong is None or newest is None or newest > clock + TOLERANCE:
        return None
    return wrong, newest
