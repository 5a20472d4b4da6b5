"""What a grid of frames shows, row by row, and how one list of rows becomes another with as little change as can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safelight.domain.culling import Pick
from safelight.domain.ids import PhotoGuid


@dataclass(frozen=True, slots=True)
class ShotTile:
    """One shot: ``shot`` is what acts are about, ``guid`` the photo whose picture is shown (of a pair, the JPEG).

    ``time`` is written as people here read it; ``owner`` is the person it shows, told where the frames of several
    people stand together. ``check`` asks whose it is; ``hidden`` is in the bin.
    """

    shot: str
    guid: PhotoGuid
    name: str
    time: str
    owner: str = ""
    check: bool = False
    rating: int = 0
    mark: Pick = Pick.NONE
    hidden: bool = False
    picked_by_subject: bool = False
    is_raw_pair: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """Rows ``first`` to ``last`` go."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reordered:
    """All rows that are left stand in this order: for each place, the row that stands there from now on."""

    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Inserted:
    """These come in before row ``first``."""

    first: int
    tiles: tuple[ShotTile, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """Rows from ``first`` on show something else of the same shots."""

    first: int
    tiles: tuple[ShotTile, ...]


Step = Removed | Reordered | Inserted | Changed


def steps_between(old: Sequence[ShotTile], new: Sequence[ShotTile]) -> Iterator[Step]:
    """What to do in turn, so that ``old`` becomes ``new`` and every shot that stays keeps its row's identity.

    Each shot may stand once in a list. Removals come from the end, so that the numbers of each step hold when it is
    its turn; a step that changes nothing is left out. Where both begin alike nothing is looked at closely: frames come
    in at the end of many others.
    """
    pairs = enumerate(zip(old, new, strict=False))
    differ = (at for at, (before, after) in pairs if before is not after and before != after)
    begin = next(differ, min(len(old), len(new)))
    yield from _steps(old[begin:], new[begin:], begin)


def _steps(old: Sequence[ShotTile], new: Sequence[ShotTile], begin: int) -> Iterator[Step]:
    """The steps between what stands behind the first ``begin`` rows."""
    wanted = {each.shot: each for each in new}
    runs = reversed(_runs(each.shot not in wanted for each in old))
    yield from (Removed(begin + first, begin + last) for first, last in runs)
    kept = [each for each in old if each.shot in wanted]
    known = {each.shot for each in kept}
    places = {each.shot: place for place, each in enumerate(kept)}
    order = tuple(places[each.shot] for each in new if each.shot in known)
    if any(place != row for row, place in enumerate(order)):
        yield Reordered((*range(begin), *(begin + place for place in order)))
    come = _runs(each.shot not in known for each in new)
    yield from (Inserted(begin + first, tuple(new[first : last + 1])) for first, last in come)
    before = {each.shot: each for each in kept}
    differs = (each.shot in known and before[each.shot] != each for each in new)
    yield from (Changed(begin + first, tuple(new[first : last + 1])) for first, last in _runs(differs))


def _runs(those: Iterator[bool]) -> list[tuple[int, int]]:
    """First and last place of each run of True."""
    found: list[tuple[int, int]] = []
    for place, is_one in enumerate(those):
        if not is_one:
            continue
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


def nearest_left(old: Sequence[ShotTile], row: int, staying: frozenset[str]) -> str | None:
    """The shot that takes over when the one at ``row`` of ``old`` goes: the next of those that stay, else the last.

    The one at ``row`` itself where it stays; None where nothing stays.
    """
    after = (each.shot for each in old[row:] if each.shot in staying)
    before = (each.shot for each in reversed(old[:row]) if each.shot in staying)
    return next(after, None) or next(before, None)
