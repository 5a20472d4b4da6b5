"""Turns what was read into the rows the views show, in the language of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from safelight.desk.pictures.shot_tile import shot_tile
from safelight.desk.pictures.tiles import ShotTile
from safelight.desk.shoot.alarm_wording import together
from safelight.desk.shoot.client_view import ClientFrame
from safelight.desk.shoot.intake_source import SourceNews
from safelight.desk.shoot.reading import Day, SaidUse
from safelight.desk.shoot.rows import AnswerLine, AnswersPage, BannerRow, Filter, PaceRow, Place, Readiness, RosterRow
from safelight.desk.status import Count, SourceState
from safelight.domain.alarms import SILENT_AFTER
from safelight.domain.attendance import Attendance, Presence
from safelight.domain.culling import Pick
from safelight.domain.ids import ScopeId, SubjectId
from safelight.domain.queue import Waiting, next_in_queue
from safelight.domain.usage import Blocker
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.locales import day_words
from safelight.settings.texts import texts
from safelight.settings.zones import at_place
from safelight.studio.queries.board import BoardRow
from safelight.studio.queries.shots import ShotRow

People = tuple[SubjectId, ...]
_UTC = "Etc/UTC"
_NOT_ASKED = frozenset({Blocker.NOT_ASKED, Blocker.UNANSWERED, Blocker.NOBODY})


def is_away(row: BoardRow) -> bool:
    """Whether somebody said that there will be no picture of them."""
    return row.presence is not Presence.EXPECTED


def readiness_of(row: BoardRow) -> Readiness:
    """All that is shown of somebody's answers."""
    if is_away(row):
        return Readiness.ABSENT
    if row.ready:
        return Readiness.READY
    return Readiness.GUARDIAN if row.waits_guardian else Readiness.NOT_READY


def roster_row(row: BoardRow, planned: int | None, on_set: People) -> RosterRow:
    """One person of the roster."""
    return RosterRow(
        row.id, row.name or row.short, row.reference or row.code, readiness_of(row), row.shots, planned or 0,
        row.checks, row.id in on_set,
    )  # fmt: skip


def passes(row: RosterRow, chosen: Filter | None) -> bool:
    """Whether a chip lets somebody through."""
    if chosen is Filter.TO_DO:
        return row.to_do
    if chosen is Filter.NOT_READY:
        return row.readiness in (Readiness.NOT_READY, Readiness.GUARDIAN)
    return row.checks > 0 if chosen is Filter.CHECK else True


def chip_counts(rows: Sequence[RosterRow]) -> tuple[tuple[Filter, int], ...]:
    """How many each chip lets through."""
    return tuple((each, sum(passes(row, each) for row in rows)) for each in Filter)


class Wording:
    """Words for one session, in one language."""

    def __init__(self, words: DeskTexts) -> None:
        self.words = words

    def tile(self, row: ShotRow, names: Mapping[SubjectId, str], *, owner: bool = False) -> ShotTile:
        """One shot as a picture with words; ``owner`` says whose it is."""
        whose = together(row.subjects, self.words, names) if owner else ""
        return shot_tile(row, whose)

    def next_of(self, day: Day, on_set: People) -> SubjectId | None:
        """Who has waited longest of those who are here, ready and not photographed."""
        waiting = (
            Waiting(each.id, Attendance(each.arrived_at, each.presence), each.ready, each.shots > 0)
            for each in day.board.people
        )
        return next_in_queue(waiting, on_set)

    def banner(
        self, day: Day, on_set: People, names: Mapping[SubjectId, str], next_name: str, question: str, at_signing: bool
    ) -> BannerRow:
        """Who is on set and who comes next."""
        planned = day.session.frames_per_subject or 0
        if not on_set:
            return BannerRow(Place.NOBODY, next_name=next_name)
        told = tuple(names.get(each, "") for each in on_set)
        shots = len(day.shots)
        if len(on_set) > 1:
            return BannerRow(Place.GROUP, told, (), shots, 0, next_name, question)
        row = next((each for each in day.board.people if each.id == on_set[0]), None)
        details = self._details(row)
        place = Place.AT_SIGNING if at_signing else Place.PERSON
        return BannerRow(place, told, details, shots, planned, next_name, question, bool(planned) and shots > planned)

    def _details(self, row: BoardRow | None) -> tuple[str, ...]:
        if row is None:
            return ()
        language = texts(self.words.language).languages.get(row.language, row.language) if row.language else ""
        state = self.words.get(f"shoot.state.{readiness_of(row)}")
        return tuple(part for part in (row.reference or row.code, language, state) if part)

    def answers(self, said: Sequence[SaidUse], people: People, names: Mapping[SubjectId, str], day: Day) -> AnswersPage:
        """The panel: what one person allows, or what all of a group do and who does not."""
        words = self.words
        group = len(people) > 1
        first = names.get(people[0], "") if people else ""
        title = words.get("shoot.answers-of-group") if group else words.get("shoot.answers-of", name=first)
        lines = []
        for each in said:
            detail = ""
            if each.allowed and each.until is not None:
                until = day_words(words.language, day.session.country, each.until)
                detail = words.get("shoot.answers-until", day=until)
            elif group:
                detail = ", ".join(self._said(why, names.get(one, "")) for one, why in each.blocked)
            elif not each.allowed and each.blocked and each.blocked[0][1] in _NOT_ASKED:
                detail = words.get("shoot.answer-not-asked")
            lines.append(AnswerLine(ScopeId(each.use), each.title, each.allowed, detail))
        unsigned = not group and all(each.blocked and each.blocked[0][1] in _NOT_ASKED for each in said)
        return AnswersPage(title, () if unsigned else tuple(lines))

    def _said(self, why: Blocker, name: str) -> str:
        """Somebody of a group who does not allow a use: what was never asked is no "no"."""
        key = "shoot.answers-not-asked" if why in _NOT_ASKED else "shoot.answers-blocked"
        return self.words.get(key, name=name)

    def pace(self, day: Day, source: SourceNews | None) -> PaceRow:
        """How the day goes."""
        words, people = self.words, [each for each in day.board.people if not is_away(each)]
        done = sum(1 for each in people if each.shots)
        waiting = sum(1 for each in people if each.arrived_at and not each.ready)
        minutes = round(day.pace.wait_to_sign / timedelta(minutes=1))
        lines = [
            (str(waiting), words.get("shoot.pace.to-sign", n=waiting, minutes=minutes)),
            (str(day.board.unassigned), words.get("shoot.pace.nobodys", n=day.board.unassigned)),
        ]
        if day.pace.per_hour is not None:
            pace = round(day.pace.per_hour)
            lines.insert(0, (str(pace), words.get("shoot.pace.per-hour", n=pace)))
        if source is not None and source.behind:
            lines.append((str(source.behind), words.get("shoot.pace.behind", n=source.behind)))
        ready_at = ""
        if day.pace.ready_at is not None and done < len(people):
            at = at_place(day.session.zone or _UTC, day.pace.ready_at)
            ready_at = words.get("shoot.pace.ready-at", time=f"{at:%H:%M}")
        return PaceRow(done, len(people), ready_at, tuple(lines))

    def counts(self, day: Day) -> tuple[Count, ...]:
        """The four numbers of the top bar."""
        people = day.board.people
        numbers = (
            ("photographed", sum(1 for each in people if each.shots)),
            ("ready", sum(1 for each in people if each.ready)),
            ("waiting", sum(1 for each in people if each.arrived_at and not each.shots and not is_away(each))),
            ("people", len(people)),
        )
        return tuple(Count(str(number), self.words.get(f"shoot.counts.{what}")) for what, number in numbers)

    def source(self, news: SourceNews | None, clocks_known: bool) -> tuple[SourceState, str]:
        """The chip of the top bar; it says the folder's own name only, as others look at the screen."""
        if news is None:
            return SourceState.NONE, self.words.get("shoot.source.none")
        name = news.folder.name or str(news.folder)
        if not news.there:
            return SourceState.GONE, self.words.get("shoot.source.gone", folder=name)
        told = self.words.get("shoot.source.folder", folder=name)
        if news.silent >= SILENT_AFTER:
            minutes = self.words.get("shoot.source.silent-for", minutes=int(news.silent // 60))
            return SourceState.QUIET, f"{told} · {minutes}"
        return (SourceState.LIVE if clocks_known else SourceState.QUIET), told


def client_frames(shots: Iterable[ShotRow]) -> tuple[ClientFrame, ...]:
    """What the client's window shows: numbered from the first shot of this person on.

    Not what nobody settled yet: it may show somebody else.
    """
    return tuple(
        ClientFrame(each.shot, each.shown, number, each.picked_by_subject)
        for number, each in enumerate(shots, 1)
        if not each.hidden and not each.check and each.mark is not Pick.REJECT
    )
