"""Which people the roster shows: by what is typed, else by the chosen chip; in the list's order or the match's."""

from __future__ import annotations

from collections.abc import Sequence

from safelight.desk.shoot.rows import Filter, RosterPage, RosterRow
from safelight.desk.shoot.wording import chip_counts, passes
from safelight.domain.ids import SubjectId
from safelight.domain.searching import NameIndex

FEWEST_LETTERS = 2
"""So many letters, at least, look for somebody: one alone is often a slip. A letter of a script of words is enough."""


class RosterState:
    """What is typed and chosen; gives the page for any rows."""

    def __init__(self) -> None:
        self.typed = ""
        self.chosen: Filter | None = None

    @property
    def looks(self) -> bool:
        """Whether enough was typed to look for somebody."""
        text = self.typed.strip()
        return len(text) >= FEWEST_LETTERS or any(each >= "\u2e80" for each in text)

    def page(self, rows: Sequence[RosterRow], index: NameIndex[SubjectId] | None) -> RosterPage:
        """The rows to show, with the counts of all."""
        counts = chip_counts(rows)
        if self.looks and index is not None:
            known = {each.subject: each for each in rows}
            found = tuple(known[each] for each in index.find(self.typed) if each in known)
            return RosterPage(found, counts, self.chosen, True, len(rows))
        shown = tuple(each for each in rows if each.on_set or passes(each, self.chosen))
        return RosterPage(shown, counts, self.chosen, False, len(rows))
