"""Reads the journal page by page in the background, and has everything checked when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.desk.failures import told_reason
from safelight.desk.filling import nearly_full_words
from safelight.domain.changes import Changes
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import SafelightError
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.locales import moment_words
from safelight.settings.zones import at_place, machine_zone
from safelight.studio.queries.journal import PAGE, JournalRow, journal_rows
from safelight.studio.upkeep import Accepted, CheckReport, check_studio

from .rows import EntryRow, Verdict
from .view import JournalView

_COUNTED = ("photo", "subject", "receipt", "file", "journal_entry")
"""The tables people know of; ``studio check`` counts the others too."""
_SHORT = 8
"""So many characters of an id or a hash tell entries apart in a list."""


class JournalPresenter(QObject):
    """Holds the pages that were read; looks again when a verb wrote something."""

    def __init__(self, desk: Desk, view: JournalView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self._rows: tuple[JournalRow, ...] = ()
        self._about, self._whole, self._reading, self._shown = "", False, False, False
        self._turn = 0
        view.check_asked.connect(self._check)
        view.more_asked.connect(self._read_more)
        view.about_asked.connect(self._only_about)
        desk.jobs.changed.connect(self._changed)

    def open(self) -> None:
        """The screen is shown: read the newest page."""
        self._shown = True
        self._read_again()

    def leave(self) -> None:
        """Another screen is shown: nothing is read until this one is again."""
        self._shown = False

    def forget(self) -> None:
        """Drop everything that was read."""
        self._turn += 1
        self._shown = self._reading = False
        self._rows, self._about = (), ""
        self._view.show_about("")
        self._view.show_entries(())
        self._view.show_head("")
        self._view.show_verdict(None)

    def _changed(self, changes: Changes, _initiator: object) -> None:
        if self._shown and changes & Changes.JOURNAL:
            self._read_again()

    def _only_about(self, reference: str) -> None:
        self._about = reference
        self._view.show_about(reference)
        self._read_again()

    def _read_again(self) -> None:
        self._turn += 1
        self._read(None)

    def _read_more(self) -> None:
        if self._rows and not self._whole and not self._reading:
            self._read(self._rows[-1].number)

    def _read(self, before: int | None) -> None:
        self._reading = True
        studio, turn, about = self._desk.studio, self._turn, self._about or None

        def came(page: tuple[JournalRow, ...]) -> None:
            if turn == self._turn:
                self._came(page, before)

        self._desk.jobs.read(lambda _: journal_rows(studio, before=before, about=about), came, self._failed)

    def _came(self, page: tuple[JournalRow, ...], before: int | None) -> None:
        self._reading = False
        self._rows = page if before is None else self._rows + page
        self._whole = len(page) < PAGE
        words = self._desk.words
        self._view.show_entries([_entry(words, self._desk.studio.identity.country, each) for each in self._rows])
        if before is None and not self._about:
            head = page[0] if page else None
            told = words.get("journal.head", n=head.number, hash=head.hash[:16]) if head else ""
            self._view.show_head(told)

    def _failed(self, error: SafelightError) -> None:
        self._reading = False
        self._desk.failed(error)

    def _check(self) -> None:
        studio = self._desk.studio
        self._view.show_checking(True)

        def checked(report: CheckReport) -> None:
            self._view.show_checking(False)
            self._view.show_verdict(_verdict(self._desk.words, report, studio.identity.country))

        def failed(error: SafelightError) -> None:
            self._view.show_checking(False)
            self._desk.failed(error)

        self._desk.status.long(
            self._desk.words.get("journal.checking"),
            lambda report: check_studio(studio, report=report),
            checked,
            failed,
            cancelled=lambda: self._view.show_checking(False),
        )


def _verdict(words: DeskTexts, report: CheckReport, country: str) -> Verdict:
    counts = tuple(words.get(f"journal.count_{each}", n=report.counts.get(each, 0)) for each in _COUNTED)
    said = "journal.unsound" if not report.sound else "journal.sound_but" if report.accepted else "journal.sound"
    loose = [words.get("journal.loose", place=each) for each in report.loose]
    aside = [words.get("journal.aside", place=each) for each in report.quarantined]
    filling = nearly_full_words(words, report.nearly_full)
    problems = [f"{each.name}  {told_reason(words, each.says)}" for each in report.findings]
    notes = [_accepted(words, country, each) for each in report.accepted]
    if any(not each.why_not for each in report.findings):
        notes.insert(0, words.get("journal.accept"))
    return Verdict(report.sound, words.get(said), counts, (*problems, *aside, *filling, *loose), tuple(notes))


def _accepted(words: DeskTexts, country: str, each: Accepted) -> str:
    when = _moment(words, country, each.at)
    if not each.says:
        return words.get("journal.accepted_erased", when=when)
    return words.get("journal.accepted", when=when, name=each.name, said=told_reason(words, each.says))


def _moment(words: DeskTexts, country: str, at: datetime) -> str:
    # By the clocks of this computer: the journal is about all sessions, wherever they were.
    return moment_words(words.language, country, at_place(machine_zone(at) or NO_ZONE, at))


def _entry(words: DeskTexts, country: str, row: JournalRow) -> EntryRow:
    return EntryRow(
        row.number, _moment(words, country, row.at), _what(words, row.kind), row.reference[:_SHORT],
        row.hash[:_SHORT], row.reference,
    )  # fmt: skip


def _what(words: DeskTexts, kind: str) -> str:
    told: Mapping[str, object] = words.phrases
    key = f"journal.kind_{kind}"
    return words.get(key) if key in told else kind
