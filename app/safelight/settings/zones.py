"""Time zones by their IANA names: which there are, how far each is from UTC, and which one this machine is in."""

from __future__ import annotations

import difflib
import warnings
from datetime import datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzlocal


@cache
def _names() -> frozenset[str]:
    # The list the package ships, not the files of this system: those also hold "localtime", "posix/…" and the like.
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


def all_zones() -> tuple[str, ...]:
    """Every zone of the IANA list, by name."""
    return tuple(sorted(_names()))


def is_zone(name: str) -> bool:
    """Whether ``name`` is a time zone of the IANA list, spelled as there (``Europe/Berlin``)."""
    return name in _names()


def like(name: str) -> str | None:
    """The zone somebody who wrote ``name`` probably meant: another spelling, or the city alone; None for no idea."""
    wanted = name.strip().replace(" ", "_").casefold()
    by_word = {each.rpartition("/")[2].casefold(): each for each in sorted(_names(), reverse=True)}
    by_word |= {each.casefold(): each for each in _names()}
    close = difflib.get_close_matches(wanted[:60], by_word, 1, 0.8)
    return by_word[close[0]] if close else None


def offset_minutes(name: str, at: datetime) -> int:
    """How many minutes clocks in the zone ``name`` are ahead of UTC at ``at`` (aware), daylight saving included.

    Zones of this system come first, those of the package ``tzdata`` where it has none. Only before 1972 were offsets
    not whole minutes; they are rounded down. Raises :class:`ValueError` for a name :func:`is_zone` does not know.
    """
    if not is_zone(name):
        raise ValueError(f"no time zone is called {name[:60]!r}")
    offset = at.astimezone(ZoneInfo(name)).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0


def at_place(name: str, at: datetime) -> datetime:
    """``at`` (aware) as the clocks in the zone ``name`` show it; raises :class:`ValueError` for an unknown zone."""
    return at.astimezone(timezone(timedelta(minutes=offset_minutes(name, at))))


def machine_zone(at: datetime) -> str | None:
    """The zone this machine is set to, as its clocks show ``at`` (aware); None where it has no name that fits them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what tzlocal finds odd about a machine ends up as a zone or as none
            found = tzlocal.get_localzone_name()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    if not found or not is_zone(found):
        return None
    return found if at.astimezone(ZoneInfo(found)).utcoffset() == at.astimezone().utcoffset() else None
