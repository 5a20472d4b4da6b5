"""What the photographer makes of a photo: how good it is, picked, rejected or hidden; two of them keep it here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from .errors import WrongUsage
from .ids import PhotoGuid

BEST = 5
"""The highest rating; 0 is none."""


class Pick(StrEnum):
    """What the photographer decided; a reject never leaves, and can be taken back at any time."""

    NONE = "none"
    PICK = "pick"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Culling:
    """``picked_by_subject``: the person on it wants this one. ``hidden_at`` (UTC): since when it is in the bin.

    What is in the bin never leaves and is counted nowhere; until it is deleted for good it can be taken out again.
    """

    rating: int = 0
    mark: Pick = Pick.NONE
    picked_by_subject: bool = False
    hidden_at: datetime | None = None

    @property
    def hidden(self) -> bool:
        """Whether it is in the bin."""
        return self.hidden_at is not None

    @property
    def rejected(self) -> bool:
        """Whether the photographer decided against it."""
        return self.mark is Pick.REJECT

    @property
    def may_leave(self) -> bool:
        """Whether the photographer has nothing against its leaving; what people allowed is another matter."""
        return not (self.hidden or self.rejected)

    def rated(self, rating: int) -> Culling:
        """The same, rated; :class:`WrongUsage` for what is no whole number from 0 to 5."""
        if not 0 <= rating <= BEST or rating != int(rating):
            raise WrongUsage(f"A rating is a number from 0 to {BEST}.", "Nothing was changed.")
        return replace(self, rating=rating)

    def marked(self, mark: Pick) -> Culling:
        """The same, picked, rejected, or neither."""
        return replace(self, mark=mark)

    def wanted(self, wanted: bool) -> Culling:
        """The same, wanted (or not) by the person on it."""
        return replace(self, picked_by_subject=wanted)

    def put_in_bin(self, now: datetime) -> Culling:
        """The same, in the bin; what is there already keeps its time."""
        return self if self.hidden else replace(self, hidden_at=now)

    def taken_out_of_bin(self) -> Culling:
        """The same, out of the bin, as good as it was before."""
        return replace(self, hidden_at=None)


UNCULLED = Culling()
"""Nobody has looked at it yet."""


@dataclass(frozen=True, slots=True)
class Culled:
    """What one act changed, photo by photo: enough to put everything back. What stayed the same is not in it."""

    before: Mapping[PhotoGuid, Culling]
    after: Mapping[PhotoGuid, Culling]

    @property
    def photos(self) -> tuple[PhotoGuid, ...]:
        """The photos that are different now."""
        return tuple(self.after)


def culled(before: Mapping[PhotoGuid, Culling], after: Mapping[PhotoGuid, Culling]) -> Culled:
    """The difference of the two; both name the same photos."""
    moved = [guid for guid in after if after[guid] != before[guid]]
    was, now = {guid: before[guid] for guid in moved}, {guid: after[guid] for guid in moved}
    return Culled(MappingProxyType(was), MappingProxyType(now))


def of_shot(known: Iterable[Culling]) -> Culling:
    """What counts for a whole shot, of what is known of its photos.

    A raw file that arrives after its JPEG was rejected is rejected as well, and of two photos that are found to be one
    shot only later the stricter word counts: reject before pick, in the bin before out of it.
    """
    rating, mark, wanted, hidden_at = 0, Pick.NONE, False, None
    for each in known:
        rating, wanted = max(rating, each.rating), wanted or each.picked_by_subject
        if each.rejected or mark is Pick.NONE:
            mark = each.mark
        if each.hidden_at is not None:
            hidden_at = each.hidden_at if hidden_at is None else min(hidden_at, each.hidden_at)
    return Culling(rating, mark, wanted, hidden_at)
