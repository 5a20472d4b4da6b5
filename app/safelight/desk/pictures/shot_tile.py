"""A shot of the archive as a tile of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from safelight.domain.ids import SubjectId

from .tiles import ShotTile

if TYPE_CHECKING:
    from safelight.studio.queries.shots import ShotRow


def shot_tile(row: ShotRow, owner: str = "") -> ShotTile:
    """The tile of ``row``; ``owner`` is whom it shows, told where the shots of several people stand together."""
    return ShotTile(
        shot=row.shot,
        guid=row.shown,
        name=row.name,
        time=row.taken,
        owner=owner,
        check=row.check,
        rating=row.rating,
        mark=row.mark,
        hidden=row.hidden,
        picked_by_subject=row.picked_by_subject,
        is_raw_pair=row.pair,
    )


def named_tile(row: ShotRow, names: Mapping[SubjectId, str]) -> ShotTile:
    """As :func:`shot_tile`, with the names of everybody it shows."""
    return shot_tile(row, ", ".join(names[each] for each in row.subjects if each in names))
