"""Which tables digests vouch for, by what their rows are told apart, and what it is all called to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from safelight.storage import catalogue_tables, tables
from safelight.storage.engine.interface import Beginning, ToldBy


@dataclass(frozen=True, slots=True)
class WatchedTables:
    """The tables of an archive or a catalogue whose rows have digests, and the words of what is said about them."""

    tables: Mapping[str, ToldBy]
    """Every one, with what names the part its rows belong to; None: all of them belong to the owner."""
    sometimes: frozenset[str]
    """Those of them where a row may name no part, and belongs to the owner then."""
    owner: str
    """Whose the rows are that belong to nobody else."""
    noun: str
    hint: str
    since: str
    """The first revision of the schema that has digests."""

    def told(self, sentence: str) -> str:
        """A sentence about an archive, as it is said of this."""
        return sentence.replace("archive", self.noun)


_PARTS = {
    name: tables.part_column(table) for name, table in tables.METADATA.tables.items() if name not in tables.UNWATCHED
}

ARCHIVE = WatchedTables(
    tables=_PARTS,
    sometimes=frozenset(
        name for name, column in _PARTS.items() if column and tables.METADATA.tables[name].c[column].nullable
    ),
    owner="studio",
    noun="archive",
    hint="Nothing was done because of it. Run “studio check”, then restore a backup or accept it with “studio accept”.",
    since="0006",
)

PHOTOS_BY_TAG = Beginning(catalogue_tables.photo.c.tag.name, 2)
"""An answer about a photo rests on every photo of the same picture, and those have one tag.

Two hexadecimal digits make 256 parts, so that neither the photos of one nor the digests of all take long to look at.
"""

CATALOGUE = WatchedTables(
    tables={
        name: PHOTOS_BY_TAG if name == catalogue_tables.photo.name else None
        for name in catalogue_tables.METADATA.tables
        if name not in tables.UNWATCHED
    },
    sometimes=frozenset(),
    owner="agency",
    noun="catalogue",
    hint="Nothing was done because of it. Run “agency check”, then put back a copy of the agency's folder.",
    since="0003",
)
