"""The middle of a receipt: how to change one's mind, what one may ask for, and who owns what."""

from __future__ import annotations

from safelight.domain.scope import in_language

from . import look
from .blocks import Block, Cell, Gap, Panel, Row, Stack
from .teller import Teller
from .text import name


def change(teller: Teller) -> list[Block]:
    """What each yes stops and leaves when it is taken back, and how to take it back."""
    wording, content = teller.wording, teller.content
    language = wording.texts.language
    given = wording.holding_scopes()
    blocks = teller.heading("change")
    if not given:
        return [*blocks, teller.words(wording.say("change_declined"), teller.air.body)]
    statement = content.catalogue.statements.get("withdraw")
    if statement is not None:
        blocks += [teller.words(in_language(statement, language), teller.air.body), Gap(4)]
    header = Row(
        [
            Cell(98, [teller.words(wording.texts.words["use"], look.LABEL)], "TH", "Column"),
            Cell(187, [teller.words(wording.say("change_stops"), look.LABEL)], "TH", "Column"),
            Cell(187, [teller.words(wording.say("change_stays"), look.LABEL)], "TH", "Column"),
        ],
        table="change",
        pad=2.5,
        rule=look.HAIR,
        keep_next=True,
    )
    blocks.append(header)
    for scope in given:
        blocks.append(
            Row(
                [
                    Cell(98, [teller.words(wording.scope_title(scope), teller.air.strong)], "TH", "Row"),
                    Cell(187, [teller.words(in_language(scope.withdrawal_can, language), teller.air.cell)]),
                    Cell(187, [teller.words(in_language(scope.withdrawal_cannot, language), teller.air.cell)]),
                ],
                table="change",
                pad=teller.air.row,
                rule=look.HAIR,
                header=header,
            )
        )
    if any(scope.ai for scope in given):
        warning = teller.words(wording.say("change_ai"), look.NOTE)
        blocks += [Gap(teller.air.row + 3), Panel([warning], look.TINT, 5 + teller.air.row)]
    blocks += [Gap(teller.air.above - 3), teller.words(wording.say("how"), look.STRONG, "H3", True), Gap(2)]
    steps = [
        step.format_map({"where": wording.place(), "code": name(content.withdrawal_code)})
        for step in wording.texts.how_steps
    ]
    return blocks + teller.listed(steps, teller.air.body, numbered=True)


def rights(teller: Teller) -> list[Block]:
    """The rights a person has, and where to use them."""
    wording, content = teller.wording, teller.content
    card = wording.texts.rights_card
    half = (len(card) + 1) // 2
    columns = [Cell(1, teller.listed(part, teller.air.cell), "") for part in (card[:half], card[half:])]
    closing = [wording.say("rights_contact", contact=name(content.studio.contact))]
    if content.receipt.authority:
        closing.append(wording.say("authority", authority=name(content.receipt.authority)))
    told = teller.words(" ".join(closing), teller.air.cell)
    panel = Panel([Row(columns, pad=0, gap=16), Gap(5), told], look.TINT, 5 + teller.air.row)
    return [*teller.heading("rights"), panel]


def ownership(teller: Teller) -> list[Block]:
    """Who owns the picture, and that the face stays the person's."""
    lines = teller.listed(teller.wording.texts.ownership, teller.air.body)
    # The signature stands under what it is about, not alone on a page.
    return [*teller.heading("ownership"), Stack(lines, keep_next=True)]
