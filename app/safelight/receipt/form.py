"""The paper form: the same cards, uses and notice as on the signing screen, with boxes to tick and lines to sign on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safelight.domain.choice import Exclusion
from safelight.domain.ids import Language
from safelight.domain.notice import Notice
from safelight.domain.people import Studio
from safelight.domain.plain_text import clean, isolate_ltr, name
from safelight.domain.scope import Mark, Scope, in_language
from safelight.settings.texts import Texts, texts

from . import look
from .archive import archive
from .blocks import Block, Box, Cell, Gap, Row, Rule, Stack, TextBlock
from .page_canvas import PageCanvas
from .pages import Frame, Placed, balanced
from .text import Style, width_of

_WRITE = 24.0
"""Points of paper above a line, for handwriting."""


@dataclass(frozen=True, slots=True)
class FormUse:
    """One use on the form: who would rely on a yes (by name, empty for the studio alone), how long and where."""

    scope: Scope
    for_whom: str
    terms: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormContent:
    """What a form prints. ``subject_name`` and ``code`` are empty on a blank form for anybody of a session.

    ``facts`` fill the cards (``studio_name``, ``studio_contact``, ``authority``); ``made_at`` is the date of the PDF.
    """

    studio: Studio
    language: Language
    session_name: str
    place: str
    subject_name: str
    code: str
    minor: bool
    notice: Notice
    uses: tuple[FormUse, ...]
    facts: dict[str, str]
    made_at: datetime


def render_form(content: FormContent) -> bytes:
    """The form as PDF/A-3b, tagged; every page names the text it belongs to by the SHA-256 of the notice."""
    drawn = _Form(content, texts(content.language))
    title = clean(f"{drawn.say('form_title')} · {content.subject_name or content.session_name}")
    canvas = PageCanvas(title=title, author=clean(content.studio.name), language=drawn.language, rtl=drawn.words.rtl)
    frame = Frame(look.TOP, look.BOTTOM)
    pages = balanced(drawn.blocks(), look.ROOM, frame, frame)
    for number, placed in enumerate(pages, 1):
        if number > 1:
            canvas.next_page()
        drawn.page(canvas, placed, number, len(pages))
    return archive(
        canvas.finish(), canvas.pieces, None, title=title, author=clean(content.studio.name), language=drawn.language,
        at=content.made_at,
    )  # fmt: skip


class _Form:
    """The blocks of one form, in one language."""

    def __init__(self, content: FormContent, words: Texts) -> None:
        self.content, self.words, self.language = content, words, words.language

    def say(self, key: str, **values: str) -> str:
        return self.words.receipt[key].format_map(values)

    def text(self, text: str, style: Style, kind: str = "P", keep_next: bool = False) -> TextBlock:
        return TextBlock(text, style, self.words.rtl, self.language, kind, keep_next)

    def heading(self, text: str) -> list[Block]:
        return [Gap(13), self.text(text, look.HEADING, "H2", True), Gap(4)]

    def line(self, label: str, value: str = "") -> Stack:
        """A line to write on, or what is known already, over its label."""
        known = [self.text(value, look.VALUE)] if value else []
        free = max(4.0, _WRITE - look.VALUE.leading) if value else _WRITE
        return Stack([Gap(free), *known, Rule(look.INK, 2, 0.6), self.text(label, look.LABEL)])

    def boxes(self, choices: Sequence[str], style: Style = look.CELL) -> list[Block]:
        return [Box(self.text(each, style), look.INK) for each in choices]

    def blocks(self) -> list[Block]:
        """Everything, in the order a person reads it."""
        return [*self._opening(), *self._cards(), *self._uses(), *self._questions(), *self._limits(),
                *self._signatures(), *self._notice()]  # fmt: skip

    def _opening(self) -> list[Block]:
        content = self.content
        asked_by = self.words.words["comma"].join([name(content.studio.name), name(content.session_name)])
        facts = [
            self.line(self.say("for"), name(content.subject_name) if content.subject_name else ""),
            self.line(self.say("form_day"), ""),
            self.line(self.say("asked_by"), asked_by),
        ]
        return [
            self.text(self.say("form_title"), look.TITLE, "H1", True),
            Gap(4),
            self.text(self.say("form_lead"), look.LEAD),
            Gap(8),
            Row([Cell(1, [each], "") for each in facts], pad=4, gap=14),
        ]

    def _cards(self) -> list[Block]:
        told: list[Block] = []
        for number, (heading, sentence) in enumerate(self.words.cards, 1):
            said = sentence.format_map({key: name(value) for key, value in self.content.facts.items()})
            both: list[Block] = [self.text(heading, look.STRONG), self.text(said, look.BODY)]
            told.append(
                Row([Cell(0.04, [self.text(f"{number}.", look.STRONG, "Lbl")], ""), Cell(0.96, both, "")], pad=3, gap=4)
            )
        return [*self.heading(self.words.ceremony_steps["notice"]), *told]

    def _uses(self) -> list[Block]:
        ceremony, words = self.words.ceremony, self.words.words
        told: list[Block] = [
            *self.heading(ceremony["uses_title"]),
            self.text(ceremony["freedom"], look.NOTE),
            self.text(ceremony["uses_lead"], look.BODY),
            Gap(4),
        ]
        for use in self.content.uses:
            scope = use.scope
            relies = name(use.for_whom, 400) if use.for_whom else name(self.content.studio.name)
            asked: list[Block] = [
                self.text(in_language(scope.title, self.language), look.STRONG),
                self.text(in_language(scope.text, self.language), look.CELL),
                self.text(ceremony["for_whom"].format_map({"names": relies}), look.ASIDE),
            ]
            # Yes and no are the same size, one above the other, and neither is ticked (design rule 1).
            answer = self.boxes((words["yes"], words["no"]), look.STRONG)
            terms: list[Block] = [self.text(ceremony["how_long"], look.LABEL), *self.boxes(use.terms)]
            places: list[Block] = [self.text(ceremony["where"], look.LABEL), *self.boxes(use.places)]
            rows: list[Block] = [
                Row([Cell(60, answer, ""), Cell(240, asked, ""), Cell(85, terms, ""), Cell(110, places, "")], pad=5)
            ]
            rows += self._mark(scope)
            told += [Stack(rows), Rule(look.HAIR, 1)]
        return told

    def _mark(self, scope: Scope) -> list[Block]:
        """What a yes needs besides its tick: initials, a signature of its own, or a filled-in contract page."""
        ceremony = self.words.ceremony
        if scope.mark is Mark.NONE:
            return []
        if scope.mark is Mark.PAGE:
            keys = ("page_uses", "page_pay", "page_adviser", "page_label")
            lines: list[Block] = [self.text(ceremony["page_lead"], look.CELL)]
            lines += [self.line(ceremony[each]) for each in keys]
            return [*lines, self.line(ceremony["own_signature_title"])]
        key = "initials_title" if scope.mark is Mark.INITIALS else "own_signature_title"
        return [Row([Cell(0.4, [Gap(1)], ""), Cell(0.6, [self.line(ceremony[key])], "")], pad=2)]

    def _questions(self) -> list[Block]:
        if not any(use.scope.ai for use in self.content.uses):
            return []
        told: list[Block] = self.heading(self.words.ceremony_steps["questions"])
        for question in self.words.questions:
            asked: list[Block] = [self.text(question.ask, look.STRONG), *self.boxes(question.answers)]
            told.append(Stack([*asked, self.text(question.again, look.ASIDE), Gap(5)]))
        return told

    def _limits(self) -> list[Block]:
        """The settings a picture is never shown in; a tick allows one, because only the person loosens a limit."""
        excluded = [self.words.exclusions[each.value] for each in Exclusion]
        half = (len(excluded) + 1) // 2
        columns = [Cell(1, self.boxes(part), "") for part in (excluded[:half], excluded[half:])]
        return [
            *self.heading(self.say("limits")),
            Stack([self.text(self.say("form_allow"), look.BODY), Gap(3), Row(columns, pad=2)]),
        ]

    def _signatures(self) -> list[Block]:
        kinds = ["for", *(["guardian"] if self.content.minor else []), "witness", "interpreter"]
        rows: list[Block] = [
            Row(
                [Cell(0.42, [self.line(f"{self.say(kind)}, {self.say('signature_by')}",
                                       name(self.content.subject_name) if kind == "for" else "")], ""),
                 Cell(0.36, [self.line(self.say("signature"))], ""), Cell(0.22, [self.line(self.say("form_day"))], "")],
                gap=14, pad=4,
            )
            for kind in kinds
        ]  # fmt: skip
        meaning: list[Block] = [self.text(self.say("meaning"), look.NOTE), Gap(2)]
        return [*self.heading(self.say("signature")), Stack([*meaning, *rows])]

    def _notice(self) -> list[Block]:
        notice = self.content.notice
        told: list[Block] = [
            *self.heading(notice.title),
            self.text(isolate_ltr(clean(f"{notice.version}, {notice.language}")), look.RUNNING),
            self.text(f"{self.say('c_notice_sha256')}: {isolate_ltr(notice.sha256)}", look.RUNNING),
        ]
        for item in notice.items:
            said = self.text(clean(item.text, 4000), look.CELL)
            told.append(Stack([Gap(5), self.text(item.heading, look.STRONG), said]))
        return told

    def page(self, canvas: PageCanvas, placed: Sequence[Placed], number: int, count: int) -> None:
        """One page: the running head, then its blocks."""
        page = self.words.words["page"].format_map({"page": str(number), "pages": str(count)})
        marks = [self.content.code, self.content.notice.sha256[:12], page]
        end = "  ·  ".join(isolate_ltr(each) if each != page else each for each in marks if each)
        room = width_of(end, look.RUNNING) + 0.1
        with canvas.artifact():
            # The running head is decoration to a screen reader; the same words stand in the text.
            studio = self.text(name(self.content.studio.name), look.STUDIO)
            canvas.para(studio.at(look.ROOM - room - 20), look.MARGIN, 34)
            canvas.para(self.text(end, look.RUNNING).at(room), look.MARGIN + look.ROOM - room, 35.5)
        for each in placed:
            each.block.draw(canvas, look.MARGIN, each.top, look.ROOM, ())
