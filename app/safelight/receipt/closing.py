"""Draws the closing report of a session: counts, what was left open, and how the statement beside it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.closing import CameraCount, FrameCount, JournalEnd, Left, LeftOpen, PeopleCount
from safelight.domain.ids import Sha256, StudioId
from safelight.domain.plain_text import clean, isolate_ltr, name
from safelight.settings.sheet_texts import SheetTexts, sheet_texts
from safelight.settings.texts import texts

from . import look
from .archive import archive
from .blocks import Block, Cell, Gap, Row, Rule, Stack, TextBlock
from .page_canvas import PageCanvas
from .pages import Frame, Placed, balanced
from .text import Style, width_of

_POINTS = {
    Left.NOBODY: ("closing_left_nobody", "closing_do_nobody"),
    Left.CHECK: ("closing_left_check", "closing_do_check"),
    Left.UNACCOUNTED: ("closing_left_unaccounted", "closing_do_unaccounted"),
    Left.UNANSWERED: ("closing_left_unanswered", "closing_do_unanswered"),
    Left.WITHOUT_GUARDIAN: ("closing_left_guardian", "closing_do_guardian"),
    Left.UNCHECKED: ("closing_left_unchecked", "closing_do_unchecked"),
    Left.RELEASE: ("closing_left_release", "closing_do_release"),
    Left.ONE_PLACE: ("closing_left_one_place", "closing_do_one_place"),
}


@dataclass(frozen=True, slots=True)
class ClosingContent:
    """What the report prints. ``day`` and ``closed_at`` are worded already, by the clocks at the place.

    ``at`` (aware) dates the file. ``key_fingerprint`` and ``key_words`` tell whose signature the statement bears.
    """

    language: str
    studio: StudioId
    studio_name: str
    session_name: str
    client: str
    place: str
    day: str
    closed_at: str
    closed_by: str
    people: PeopleCount
    frames: FrameCount
    cameras: tuple[CameraCount, ...]
    left: tuple[LeftOpen, ...]
    originals_sha256: Sha256
    journal: JournalEnd
    key_fingerprint: str
    key_words: tuple[str, ...]
    at: datetime


def render_closing(content: ClosingContent) -> bytes:
    """The report as PDF/A-3b, tagged; the same content gives the same bytes. Nobody who was photographed is named."""
    drawn = _Report(content, sheet_texts(content.language))
    title = clean(f"{drawn.say('closing_title')} · {content.session_name}")
    author = clean(content.studio_name)
    canvas = PageCanvas(title=title, author=author, language=drawn.language, rtl=drawn.rtl)
    frame = Frame(look.TOP, look.BOTTOM)
    pages = balanced(drawn.blocks(), look.ROOM, frame, frame)
    for number, placed in enumerate(pages, 1):
        if number > 1:
            canvas.next_page()
        drawn.page(canvas, placed, number, len(pages))
    return archive(
        canvas.finish(), canvas.pieces, None, title=title, author=author, language=drawn.language, at=content.at
    )


class _Report:
    """The blocks of one report, in one language."""

    def __init__(self, content: ClosingContent, words: SheetTexts) -> None:
        self.content, self._words, self.language, self.rtl = content, words, words.language, words.rtl

    def say(self, key: str, **values: str) -> str:
        return self._words.say(key, **values)

    def text(self, text: str, style: Style, kind: str = "P", keep_next: bool = False) -> TextBlock:
        return TextBlock(text, style, self.rtl, self.language, kind, keep_next)

    def blocks(self) -> list[Block]:
        """Everything, in the order it is read: whose day, what was counted, what is open, the proof."""
        return [*self._opening(), *self._counts(), *self._cameras(), *self._left(), *self._proof()]

    def _opening(self) -> list[Block]:
        content = self.content
        facts = [
            (self.say("closing_session"), name(content.session_name)),
            (self.say("closing_client"), name(content.client) if content.client else ""),
            (self.say("closing_place"), name(content.place) if content.place else ""),
            (self.say("closing_day"), content.day),
            (self.say("closing_closed_at"), content.closed_at),
            (self.say("closing_closed_by"), name(content.closed_by)),
        ]
        told = [Stack([self.text(label, look.LABEL), self.text(value, look.VALUE)]) for label, value in facts if value]
        blocks: list[Block] = [
            self.text(self.say("closing_title"), look.TITLE, "H1", True),
            Gap(4),
            self.text(self.say("closing_lead"), look.LEAD),
            Gap(8),
            Rule(look.HAIR, 2),
        ]
        for at in range(0, len(told), 3):
            three: list[Block] = [*told[at : at + 3], *[Gap(0)] * (3 - len(told[at : at + 3]))]
            blocks.append(Row([Cell(1, [each], "") for each in three], pad=4, gap=14))
        return [*blocks, Rule(look.HAIR, 2)]

    def _counts(self) -> list[Block]:
        people, frames = self.content.people, self.content.frames
        if frames.two_places is None:
            copies = self.say("closing_no_second_place")
        else:
            copies = self.say("closing_some_of", done=str(frames.two_places), total=str(frames.kept))
        told = [
            (self.say("closing_people_listed"), str(people.listed), True),
            (self.say("closing_people_photographed"), str(people.photographed), False),
            (self.say("closing_people_absent"), str(people.absent), False),
            (self.say("closing_people_not_photographed"), str(people.not_photographed), False),
            (self.say("closing_people_unaccounted"), str(people.unaccounted), False),
            (self.say("closing_people_answered"), str(people.answered), False),
        ]
        kept = [
            (self.say("closing_frames_kept"), str(frames.kept), True),
            (self.say("closing_frames_shots"), str(frames.shots), False),
            (self.say("closing_frames_hidden"), str(frames.hidden), False),
            (self.say("closing_frames_nobody"), str(frames.nobody), False),
            (self.say("closing_frames_check"), str(frames.check), False),
            (self.say("closing_frames_two_places"), copies, False),
        ]
        return [
            *self._heading("closing_people"),
            *self._table("people", told),
            *self._heading("closing_frames"),
            *self._table("frames", kept),
        ]

    def _cameras(self) -> list[Block]:
        if not self.content.cameras:
            return []
        unnamed = self.say("closing_camera_unnamed")
        rows = [(name(each.name) if each.name else unnamed, str(each.frames), False) for each in self.content.cameras]
        return [*self._heading("closing_cameras"), *self._table("cameras", rows)]

    def _left(self) -> list[Block]:
        blocks: list[Block] = self._heading("closing_open")
        if not self.content.left:
            return [*blocks, self.text(self.say("closing_open_none"), look.BODY)]
        blocks += [self.text(self.say("closing_open_anyway"), look.NOTE), Gap(3)]
        for each in self.content.left:
            what, do = _POINTS[each.what]
            told: list[Block] = [self.text(self.say(what), look.STRONG), self.text(self.say(do), look.CELL)]
            blocks.append(self._row("open", told, str(each.count), look.STRONG))
        return blocks

    def _proof(self) -> list[Block]:
        content = self.content
        # The names are those of the command line; whoever has other names puts them in their place.
        command = f"ssh-keygen -Y verify -n safelight-closing -I {content.studio} -f allowed_signers"
        command += " -s report.json.sig < report.json"
        pairs = [
            (self.say("closing_proof_journal"), f"{content.journal.number}  {content.journal.hash}"),
            (self.say("closing_proof_originals"), content.originals_sha256),
            (self.say("closing_proof_key"), f"{content.key_fingerprint} ({' '.join(content.key_words)})"),
            (self.say("closing_proof_command"), command),
        ]
        rows: list[Block] = [
            Row(
                [
                    Cell(130, [self.text(label, look.FINE)], "TH", "Row"),
                    Cell(348, [self.text(isolate_ltr(clean(value)), look.SMALL)]),
                ],
                table="proof",
                pad=2,
            )
            for label, value in pairs
        ]
        lead = self.text(self.say("closing_proof_lead"), look.CELL)
        return [*self._heading("closing_proof"), Stack([lead, Gap(3), *rows])]

    def _heading(self, key: str) -> list[Block]:
        return [Gap(9), self.text(self.say(key), look.HEADING, "H2", True), Gap(2)]

    def _table(self, table: str, rows: Sequence[tuple[str, str, bool]]) -> list[Block]:
        return [
            self._row(table, [self.text(label, look.STRONG if whole else look.CELL)], value,
                      look.STRONG if whole else look.CELL)
            for label, value, whole in rows
        ]  # fmt: skip

    def _row(self, table: str, label: Sequence[Block], value: str, style: Style) -> Row:
        return Row(
            [Cell(0.76, label, "TH", "Row"), Cell(0.24, [self.text(value, style)])],
            table=table, pad=1.4, rule=look.HAIR,
        )  # fmt: skip

    def page(self, canvas: PageCanvas, placed: Sequence[Placed], number: int, count: int) -> None:
        """One page: the running head, then its blocks."""
        words = texts(self.language)
        end = words.words["page"].format_map({"page": str(number), "pages": str(count)})
        room = width_of(end, look.RUNNING) + 0.1
        with canvas.artifact():
            # The running head is decoration to a screen reader; the same words stand in the text.
            studio = self.text(name(self.content.studio_name), look.STUDIO)
            canvas.para(studio.at(look.ROOM - room - 20), look.MARGIN, 34)
            canvas.para(self.text(end, look.RUNNING).at(room), look.MARGIN + look.ROOM - room, 35.5)
        for each in placed:
            each.block.draw(canvas, look.MARGIN, each.top, look.ROOM, ())
