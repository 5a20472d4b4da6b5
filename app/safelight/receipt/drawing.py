"""Draws a receipt: tells the story, deals it out to pages, and hands the pages to the archive."""

from __future__ import annotations

from safelight.settings.texts import texts

from . import look
from .archive import archive
from .blocks import Words
from .certificate import certify
from .page import ReceiptContent
from .pages import Frame, Placed, balanced, deal
from .sheet import Sheet
from .story import strip, tell
from .teller import Teller
from .text import clean, name, width_of
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
    sheet = Sheet(
        title=title, author=clean(content.studio.name), language=wording.texts.language, rtl=wording.texts.rtl
    )
    others = Frame(look.TOP, look.BOTTOM)
    first = others if content.draft else Frame(look.TOP, look.STRIP_TOP - 12)
    pages = _told(wording, first, others)
    pages += deal(certify(wording, others.bottom - others.top), look.ROOM, others, others)
    for number, placed in enumerate(pages):
        if number:
            sheet.next_page()
        _page(sheet, wording, placed, number + 1, len(pages))
    return archive(
        sheet.finish(),
        sheet.pieces,
        document,
        title=title,
        author=clean(content.studio.name),
        language=wording.texts.language,
        at=content.receipt.issued_at,
    )


def _told(wording: Wording, first: Frame, others: Frame) -> list[list[Placed]]:
    """The story on as few pages as it can have, with as much air as these allow."""
    told = tell(wording)
    fewest = len(deal(told, look.ROOM, first, others))
    for air in (look.SNUG, look.DENSE) if fewest > _FEWEST else ():
        closer = tell(wording, air)
        count = len(deal(closer, look.ROOM, first, others))
        if count < fewest:
            told, fewest = closer, count
        if fewest <= _FEWEST:
            break
    return balanced(told, look.ROOM, first, others)


def _page(sheet: Sheet, wording: Wording, placed: list[Placed], number: int, count: int) -> None:
    teller = Teller(wording)
    with sheet.artifact():
        # The running head is decoration to a screen reader; the same words stand in the text.
        _running(sheet, teller, number, count)
    for each in placed:
        each.block.draw(sheet, look.MARGIN, each.top, look.ROOM, ())
    if number == 1 and not wording.content.draft:
        _strip(sheet, wording, teller)


def _running(sheet: Sheet, teller: Teller, number: int, count: int) -> None:
    wording = teller.wording
    texts_of = wording.texts.words
    receipt = wording.content.receipt.id
    which = wording.say("not_signed") if wording.content.draft else wording.say("footer", id=clean(receipt)[:8])
    page = texts_of["page"].format_map({"page": str(number), "pages": str(count)})
    end = f"{which}  ·  {page}"
    room = width_of(end, look.RUNNING) + 0.1
    studio = teller.words(name(wording.content.studio.name), look.STUDIO)
    _plain(sheet, studio, look.MARGIN, 34, look.ROOM - room - 20)
    _plain(sheet, teller.words(end, look.RUNNING), look.MARGIN + look.ROOM - room, 35.5, room)


def _plain(sheet: Sheet, words: Words, x: float, top: float, width: float) -> None:
    sheet.para(words.at(width), x, top)


def _strip(sheet: Sheet, wording: Wording, teller: Teller) -> None:
    sheet.scissors(look.MARGIN, look.STRIP_TOP, look.GREY)
    note = teller.words(wording.say("strip_cut"), look.FINE)
    room = width_of(wording.say("strip_cut"), look.FINE) + 2
    with sheet.artifact():
        _plain(sheet, note, look.MARGIN + 22, look.STRIP_TOP - 5.5, room)
    sheet.dashed(look.MARGIN + 28 + room, look.STRIP_TOP, look.ROOM - 28 - room, look.GREY)
    strip(wording).draw(sheet, look.MARGIN, look.STRIP_TOP + 18, look.ROOM, ())
