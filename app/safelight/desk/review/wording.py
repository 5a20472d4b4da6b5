"""Puts what was counted into words, and decides who counts in which tally."""

from __future__ import annotations

from safelight.domain.attendance import Presence
from safelight.domain.closing import Left
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.locales import short_day_words
from safelight.studio.queries.board import OpenPoint
from safelight.studio.queries.review import ReviewRow

from .reading import Counted, Told
from .rows import PersonRow, Sheet, Tally

_TALLIES = ("unaccounted", "unsigned", "guardian", "check", "unchecked", "release")
_AWAY = {Presence.ABSENT: "review.state_absent", Presence.NOT_PHOTOGRAPHED: "review.state_not_photographed"}


def tallies_of(row: ReviewRow, lacking: bool = False) -> frozenset[str]:
    """The tallies somebody counts in: those they are still open for. ``lacking``: an agency's form would be."""
    there = row.row.presence is Presence.EXPECTED or row.row.shots > 0
    open_for = {
        "unaccounted": not row.accounted,
        "unsigned": OpenPoint.UNANSWERED in row.row.open and there,
        "guardian": OpenPoint.WITHOUT_GUARDIAN in row.row.open and there,
        "check": row.row.checks > 0,
        "unchecked": OpenPoint.UNCHECKED in row.row.open,
        "release": lacking,
    }
    return frozenset(key for key, counts in open_for.items() if counts)


class ReviewWording:
    """Words in one language."""

    def __init__(self, words: DeskTexts) -> None:
        self._words = words

    def people(self, counted: Counted, country: str) -> tuple[tuple[PersonRow, ...], tuple[Tally, ...]]:
        """A row for everybody, and a number for each tally; days as ``country`` writes them."""
        rows = tuple(
            PersonRow(
                each.row.id, self._cells(each, counted.lacking.get(each.row.id, ()), country),
                tallies_of(each, each.row.id in counted.lacking),
            )
            for each in counted.rows
        )  # fmt: skip
        counts = {key: sum(key in each.tallies for each in rows) for key in _TALLIES}
        return rows, tuple(
            Tally(key, self._words.get(f"review.tally_{key}", n=count), count > 0) for key, count in counts.items()
        )

    def agencies(self, counted: Counted) -> tuple[tuple[str, str], ...]:
        """Whose release forms are known, and first that none is looked at."""
        return (("", self._words.get("review.no_agency")), *counted.agencies)

    def points(self, counted: Counted) -> tuple[str, ...]:
        """What keeps the day open, a few words each."""
        return tuple(self._point(each.what, each.count) for each in counted.reconciled.points)

    def sheet(self, told: Told) -> Sheet:
        """The sheet of one person."""
        words, row = self._words, told.row
        name = row.row.name
        checked = words.get("review.checked", name=row.checked_by) if row.checked_by else ""
        why_not = ""
        if row.signed_on is None:
            why_not = words.get("review.not_signed", name=name)
        elif not told.reviewers:
            why_not = words.get("review.no_reviewer")
        reviewers = tuple((each.id, each.name) for each in told.reviewers)
        return Sheet(row.row.id, name, told.pdfs, told.receipts, told.tiles, reviewers, checked, why_not)

    def _cells(self, row: ReviewRow, lacking: tuple[str, ...], country: str) -> tuple[str, ...]:
        words = self._words
        name = f"{row.row.name}  {row.row.reference}".strip()
        answers = words.get("review.answers", yes=row.allowed, no=row.refused) if row.signed_on else "–"
        signed = short_day_words(words.language, country, row.signed_on) if row.signed_on else "–"
        away = words.get(_AWAY[row.row.presence]) if row.row.presence in _AWAY and not row.row.shots else ""
        found = tallies_of(row)
        if "unaccounted" in found:
            found -= {"unsigned"}  # who was not there has not answered either
        findings = [words.get(f"review.open_{key}") for key in _TALLIES if key in found]
        if lacking:
            findings.append(words.get("review.open_release", what=", ".join(lacking)))
        return (
            name,
            str(row.row.shots) if row.row.shots else "–",
            answers,
            signed,
            row.checked_by or "–",
            (away or ", ".join(findings) or "✓"),
        )

    def _point(self, what: Left, count: int) -> str:
        return self._words.get(f"review.left_{what.value}", n=count)
