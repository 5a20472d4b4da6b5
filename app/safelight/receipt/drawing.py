"""Draws a receipt: tells the story, deals it out to pages, and hands the pages to the archive."""

from __future__ import annotations

from safelight.domain.plain_text import clean, name
from safelight.settings.texts import texts

from . import look
from .archive import archive
from .block_writer import BlockWriter
from .blocks import TextBlock
from .certificate import certify
from .check import HEAD
from .page import ReceiptContent
from .page_canvas import PageCanvas
from .pages import Frame, Placed, balanced, deal
from .story import strip, tell
from .text import width_of
from .wording import Wording

_FEWEST = 2
"""A story of one page would leave no room for a signature beside its limits."""


def render_receipt(content: ReceiptContent, document: bytes | None) -> bytes:
    """The unsigned PDF/A-3b; ``document`` (JSON-LD) is attached as ``consent.jsonld`` (AFRelationship Data).

    A draft has neither document nor strip to cut off: nothing was recorded yet that could be taken back.

    The same content gives the same bytes: nothing is read from the clock, all times are in the content.
    """
    wording = Wording(content, texts(content.language))
    title = f"{wording.say('draft_title' if content.draft else 'title')} · {clean(content.subject_name)}"
    canvas = PageCanvas(
        title=title, author=clean(content.studio.name), language=wording.texts.language, rtl=wording.texts.rtl
    )
    others = Frame(look.TOP, look.BOTTOM)
    first = others if content.draft else Frame(look.TOP, look.STRIP_TOP - 12)
    pages = _told(wording, first, others)
    pages += deal(certify(wording, others.bottom - others.top), look.ROOM, others, others)
    for number, placed in enumerate(pages):
        if number:
            canvas.next_page()
        _page(canvas, wording, placed, number + 1, len(pages))
    return archive(
        canvas.finish(),
        canvas.pieces,
        document,
        title=title,
        author=clean(content.studio.name),
        language=wording.texts.language,
        at=content.receipt.issued_at,
        keywords=_head(content),
    )


def _head(content: ReceiptContent) -> str:
    """The end of the journal for programs, as it stands on the page for people; a draft rests on none."""
    if content.draft or content.journal_entries is None:
        return ""
    return f"{HEAD} {content.journal_entries} {content.journal_head}"


def _told(wording: Wording, first: Frame, others: Frame) -> list[list[Placed]]:
    """The story on as few pages as it can have, with as much spacing as these allow."""
    told = tell(wording)
    fewest = len(deal(told, look.ROOM, first, others))
    for spacing in (look.SNUG, look.DENSE) if fewest > _FEWEST else ():
        closer = tell(wording, spacing)
        count = len(deal(closer, look.ROOM, first, others))
        if count < fewest:
            told, fewest = closer, count
        if fewest <= _FEWEST:
            break
    return balanced(told, look.ROOM, first, others)


def _page(canvas: PageCanvas, wording: Wording, placed: list[Placed], number: int, count: int) -> None:
    writer = BlockWriter(wording)
    with canvas.artifact():
        # The running head is decoration to a screen reader; the same words stand in the text.
        _running(canvas, writer, number, count)
    for each in placed:
        each.block.draw(canvas, look.MARGIN, each.top, look.ROOM, ())
    if number == 1 and not wording.content.draft:
        _strip(canvas, wording, writer)


def _running(canvas: PageCanvas, writer: BlockWriter, number: int, count: int) -> None:
    wording = writer.wording
    texts_of = wording.texts.words
    receipt = wording.content.receipt.id
    which = wording.say("not_signed") if wording.content.draft else wording.say("footer", id=clean(receipt)[:8])
    page = texts_of["page"].format_map({"page": str(number), "pages": str(count)})
    end = f"{which}  ·  {page}"
    room = width_of(end, look.RUNNING) + 0.1
    studio = writer.words(name(wording.content.studio.name), look.STUDIO)
    _plain(canvas, studio, look.MARGIN, 34, look.ROOM - room - 20)
    _plain(canvas, writer.words(end, look.RUNNING), look.MARGIN + look.ROOM - room, 35.5, room)


def _plain(canvas: PageCanvas, words: TextBlock, x: float, top: float, width: float) -> None:
    canvas.para(words.at(width), x, top)


def _strip(canvas: PageCanvas, wording: Wording, writer: BlockWriter) -> None:
    canvas.scissors(look.MARGIN, look.STRIP_TOP, look.GREY)
    note = writer.words(wording.say("strip_cut"), look.FINE)
    room = width_of(wording.say("strip_cut"), look.FINE) + 2
    with canvas.artifact():
        _plain(canvas, note, look.MARGIN + 22, look.STRIP_TOP - 5.5, room)
    canvas.dashed(look.MARGIN + 28 + room, look.STRIP_TOP, look.ROOM - 28 - room, look.GREY)
    strip(wording).draw(canvas, look.MARGIN, look.STRIP_TOP + 18, look.ROOM, ())
