"""A shot of the archive as a tile of a grid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from safelight.domain.ids import SubjectId

from .tiles import Mark, ShotTile

if TYPE_CHECKING:
    from safelight.studio.queries.shots import ShotRow


def shot_tile(row: ShotRow, names: Mapping[SubjectId, str]) -> ShotTile:
    """The tile of ``row``; ``names`` are those of the people it may show, nobody's where they need not be told."""
    return ShotTile(
        shot=row.shot,
        guid=row.shown,
        name=row.name,
        time=row.taken,
        owner=", ".join(names[each] for each in row.subjects if each in names),
        check=row.check,
        rating=row.rating,
        mark=Mark(row.mark.value),
        hidden=row.hidden,
        picked_by_subject=row.picked_by_subject,
        is_raw_pair=row.pair,
    )
