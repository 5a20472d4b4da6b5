"""The shots of a day as the pictures panel shows them; what was made of a shot is made anew only where it differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from safelight.desk.pictures.frame_source import LargeFrame
from safelight.desk.pictures.tiles import ShotTile
from safelight.desk.shoot.pictures_panel import Shown
from safelight.desk.shoot.wording import Wording
from safelight.domain.ids import SubjectId
from safelight.studio.queries.shots import ShotRow


class Frames(Mapping[str, LargeFrame]):
    """The large frame of each shot, made when it is asked for: a few of hundreds are ever looked at."""

    def __init__(self, rows: Mapping[str, ShotRow], person: str, newest: str) -> None:
        self._rows, self._person, self._newest = rows, person, newest

    def __getitem__(self, shot: str) -> LargeFrame:
        row = self._rows[shot]
        return LargeFrame(row.shot, row.shown, row.name, row.taken, *row.size, self._person, shot == self._newest)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class ShownShots:
    """Makes :class:`Shown`. A shot that did not change keeps its tile, which lists compare at no cost."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._tiles: dict[str, tuple[ShotRow, ShotTile]] = {}

    def made(
        self, shots: Sequence[ShotRow], last: Sequence[ShotRow], person: str, names: Mapping[SubjectId, str],
        planned: int,
    ) -> Shown:  # fmt: skip
        """``shots`` are of ``person``, oldest first; ``last`` of everybody, newest first. The bin is left out."""
        mine, everybody = ([each for each in rows if not each.hidden] for rows in (shots, last))
        newest = mine[-1].shot if mine else last[0].shot if last else ""
        before, self._tiles = self._tiles, {}
        for row in mine:
            known = before.get(row.shot)
            if known is None or (known[0] is not row and known[0] != row):
                known = row, self._wording.tile(row, names)
            self._tiles[row.shot] = known
        tiles = tuple(tile for _, tile in self._tiles.values())
        owned = tuple(self._wording.tile(row, names, owner=True) for row in everybody)
        rows = {each.shot: each for each in last} | {each.shot: each for each in mine}
        return Shown(tiles, owned, Frames(rows, person, newest), planned, person)

    def forget(self) -> None:
        """Remember no shot."""
        self._tiles = {}
