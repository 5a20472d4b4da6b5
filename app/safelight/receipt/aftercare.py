"""The middle of a receipt: how to change one's mind, what one may ask for, and who owns what."""

from __future__ import annotations

from safelight.domain.plain_text import name
from safelight.domain.scope import in_language

from . import look
from .block_writer import BlockWriter
from .blocks import Block, Cell, Gap, Panel, Row, Stack


def change(writer: BlockWriter) -> list[Block]:
    """What each yes stops and leaves when it is taken back, and how to take it back."""
    wording, content = writer.wording, writer.content
    language = wording.texts.language
    given = wording.holding_scopes()
    blocks = writer.heading("change")
    if not given:
        return [*blocks, writer.words(wording.say("change_declined"), writer.spacing.body)]
    statement = content.catalogue.statements.get("withdraw")
    if statement is not None:
        blocks += [writer.words(in_language(statement, language), writer.spacing.body), Gap(4)]
    header = Row(
        [
            Cell(98, [writer.words(wording.texts.words["use"], look.LABEL)], "TH", "Column"),
            Cell(187, [writer.words(wording.say("change_stops"), look.LABEL)], "TH", "Column"),
            Cell(187, [writer.words(wording.say("change_stays"), look.LABEL)], "TH", "Column"),
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
                    Cell(98, [writer.words(wording.scope_title(scope), writer.spacing.strong)], "TH", "Row"),
                    Cell(187, [writer.words(in_language(scope.withdrawal_can, language), writer.spacing.cell)]),
                    Cell(187, [writer.words(in_language(scope.withdrawal_cannot, language), writer.spacing.cell)]),
                ],
                table="change",
                pad=writer.spacing.row,
                rule=look.HAIR,
                header=header,
            )
        )
    if any(scope.ai for scope in given):
        warning = writer.words(wording.say("change_ai"), look.NOTE)
        blocks += [Gap(writer.spacing.row + 3), Panel([warning], look.TINT, 5 + writer.spacing.row)]
    blocks += [Gap(writer.spacing.above - 3), writer.words(wording.say("how"), look.STRONG, "H3", True), Gap(2)]
    steps = [
        step.format_map({"where": wording.place(), "code": name(content.withdrawal_code)})
        for step in wording.texts.how_steps
    ]
    return blocks + writer.listed(steps, writer.spacing.body, numbered=True)


def rights(writer: BlockWriter) -> list[Block]:
    """The rights a person has, and where to use them."""
    wording, content = writer.wording, writer.content
    card = wording.texts.rights_card
    half = (len(card) + 1) // 2
    columns = [Cell(1, writer.listed(part, writer.spacing.cell), "") for part in (card[:half], card[half:])]
    closing = [wording.say("rights_contact", contact=name(content.studio.contact))]
    if content.receipt.authority:
        closing.append(wording.say("authority", authority=name(content.receipt.authority)))
    told = writer.words(" ".join(closing), writer.spacing.cell)
    panel = Panel([Row(columns, pad=0, gap=16), Gap(5), told], look.TINT, 5 + writer.spacing.row)
    return [*writer.heading("rights"), panel]


def ownership(writer: BlockWriter) -> list[Block]:
    """Who owns the picture, and that the face stays the person's."""
    lines = writer.listed(writer.wording.texts.ownership, writer.spacing.body)
    # The signature stands under what it is about, not alone on a page.
    return [*writer.heading("ownership"), Stack(lines, keep_next=True)]
