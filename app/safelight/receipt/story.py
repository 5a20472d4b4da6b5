"""The receipt's pages as blocks, in the order a person reads them: what I said, what it means, how to undo it."""

from __future__ import annotations

from safelight.domain.record import Method, SignatureKind
from safelight.domain.scope import in_language

from . import look
from .blocks import Block, Cell, Code, Gap, Panel, Picture, Row, Rule, Stack, Verdict, Words
from .page import ReceiptContent
from .text import Style, name
from .wording import Wording

_PHOTOS_SHOWN = 4


class Teller:
    """Makes blocks of words in the receipt's language and direction."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.content: ReceiptContent = wording.content
        self.rtl = wording.texts.rtl

    def words(self, text: str, style: Style, kind: str = "P", keep_next: bool = False) -> Words:
        """A paragraph."""
        return Words(text, style, self.rtl, self.wording.texts.language, kind, keep_next)

    def heading(self, key: str) -> list[Block]:
        """A heading with air above, never alone at the end of a page."""
        return [Gap(12), self.words(self.wording.say(key), look.HEADING, "H2", True), Gap(5)]

    def fact(self, key: str, value: str) -> Stack:
        """A label over its value."""
        return Stack([self.words(self.wording.say(key), look.LABEL), self.words(value, look.VALUE)])

    def listed(self, lines: list[str] | tuple[str, ...], style: Style, numbered: bool = False) -> list[Block]:
        """Lines under each other, each with a small mark or its number."""
        return [
            Row(
                [
                    Cell(0.035, [self.words(f"{number}." if numbered else "–", style, "Lbl")]),
                    Cell(0.965, [self.words(line, style)]),
                ],
                gap=2,
                pad=1.4,
            )
            for number, line in enumerate(lines, 1)
        ]


def tell(wording: Wording) -> list[Block]:
    """All blocks but the certificate page and the tear-off strip."""
    teller = Teller(wording)
    return [
        *_opening(teller),
        *_answers(teller),
        *_limits(teller),
        *_change(teller),
        *_rights(teller),
        *_ownership(teller),
        *_signature(teller),
    ]


def _opening(teller: Teller) -> list[Block]:
    wording, content = teller.wording, teller.content
    receipt = content.receipt
    declined = not any(grant for _, _, grant in wording.answers())
    key = "intro" + ("_declined" if declined else "") + ("_minor" if content.minor else "")
    intro = wording.say(
        key, name=wording.subject(), date=wording.day(), guardians=wording.names(content.guardian_names)
    )
    facts = [teller.fact("for", wording.subject())]
    if content.guardian_names:
        facts.append(teller.fact("guardian", wording.names(content.guardian_names)))
    facts.append(teller.fact("asked_by", wording.join([name(content.studio.name), name(content.studio.contact)])))
    facts.append(teller.fact("when", wording.moment("signed_at")))
    for label, value in (
        ("photographer", content.photographer_name),
        ("witness", content.witness_name),
        ("interpreter", content.interpreter_name),
    ):
        if value:
            facts.append(teller.fact(label, name(value)))
    if len(facts) % 3:
        count = len(receipt.photos)
        told = wording.say("photo_count", count=str(count)) if count else wording.say("photo_none")
        facts.append(teller.fact("photos", told))
    head: list[Block] = [
        teller.words(wording.say("title"), look.TITLE, "H1", True),
        Gap(4),
        teller.words(intro, look.LEAD),
    ]
    if receipt.signing.method is Method.DEMONSTRATION:
        head += [Gap(8), Panel([teller.words(wording.say("demonstration"), look.NOTE)], look.TINT, 9)]
    alternative = wording.say("photo_alt")
    first, others = content.photos[:1], content.photos[1:_PHOTOS_SHOWN]
    portrait = [Picture(each, 84, 105, alternative, trailing=True) for each in first]
    blocks: list[Block] = [Row([Cell(380, head, ""), Cell(90, portrait, "")], pad=0) if portrait else Stack(head)]
    blocks += [Gap(8), Rule(look.HAIR, 2)]
    for at in range(0, len(facts), 3):
        three: list[Block] = [*facts[at : at + 3], *[Gap(0)] * (3 - len(facts[at : at + 3]))]
        blocks.append(Row([Cell(1, [each], "") for each in three], pad=4, gap=14))
    if others:
        shown = [Cell(1, [Picture(each, 96, 72, alternative)], "") for each in others]
        blocks.append(Row([*shown, *[Cell(1, [Gap(0)], "")] * (_PHOTOS_SHOWN - len(shown))], pad=4))
    return [*blocks, Rule(look.HAIR, 2)]


def _answers(teller: Teller) -> list[Block]:
    wording = teller.wording
    answers = wording.answers()
    yes = sum(grant is not None for _, _, grant in answers)
    words = wording.texts.words
    header = Row(
        [
            Cell(56, [teller.words(words["answer"], look.LABEL)], "TH", "Column"),
            Cell(176, [teller.words(words["use"], look.LABEL)], "TH", "Column"),
            Cell(66, [teller.words(words["until"], look.LABEL)], "TH", "Column"),
            Cell(74, [teller.words(words["where"], look.LABEL)], "TH", "Column"),
            Cell(75, [teller.words(words["by_whom"], look.LABEL)], "TH", "Column"),
        ],
        table="answers",
        pad=2.5,
        rule=look.HAIR,
        keep_next=True,
    )
    blocks: list[Block] = [
        *teller.heading("answers")[:-1],
        teller.words(wording.say("counts", yes=str(yes), no=str(len(answers) - yes)), look.RUNNING, "P", True),
    ]
    if yes:
        blocks.append(header)
    for scope, record, grant in answers:
        told = [
            teller.words(wording.scope_title(scope), look.STRONG),
            teller.words(wording.scope_text(scope), look.CELL),
        ]
        if grant is None:
            verdict = Verdict(False, teller.words(words["no"], look.STRONG), look.INK)
            blocks.append(
                Row(
                    [
                        Cell(56, [verdict]),
                        Cell(252, told, "TD", "2"),
                        Cell(159, [teller.words(wording.say("not_allowed"), look.CELL)], "TD", "2"),
                    ],
                    table="answers",
                    rule=look.HAIR,
                    header=header if yes else None,
                )
            )
            continue
        for extra in (wording.media(grant), wording.review(record)):
            if extra:
                told.append(teller.words(extra, look.FINE))
        verdict = Verdict(True, teller.words(words["yes"], look.STRONG), look.ACCENT)
        blocks.append(
            Row(
                [
                    Cell(56, [verdict]),
                    Cell(176, told),
                    Cell(66, [teller.words(wording.until(record), look.CELL)]),
                    Cell(74, [teller.words(wording.where(grant), look.CELL)]),
                    Cell(75, [teller.words(wording.by_whom(grant), look.CELL)]),
                ],
                table="answers",
                rule=look.HAIR,
                header=header,
            )
        )
    return blocks


def _limits(teller: Teller) -> list[Block]:
    wording = teller.wording
    if not any(grant for _, _, grant in wording.answers()):
        return []
    blocks = teller.heading("limits")
    excluded = wording.exclusions()
    lines = [f"{wording.say('limits_exclusions')} {wording.join(list(excluded))}."] if excluded else []
    if not excluded:
        lines.append(wording.say("limits_no_exclusions"))
    elif wording.lifted():
        lines.append(wording.say("limits_lifted", settings=wording.lifted()))
    return blocks + teller.listed([*lines, *wording.limits()], look.BODY)


def _change(teller: Teller) -> list[Block]:
    wording, content = teller.wording, teller.content
    language = wording.texts.language
    given = [scope for scope, _, grant in wording.answers() if grant is not None]
    blocks = teller.heading("change")
    if not given:
        return [*blocks, teller.words(wording.say("change_declined"), look.BODY)]
    statement = content.catalogue.statements.get("withdraw")
    if statement is not None:
        blocks += [teller.words(in_language(statement, language), look.BODY), Gap(4)]
    header = Row(
        [
            Cell(112, [teller.words(wording.texts.words["use"], look.LABEL)], "TH", "Column"),
            Cell(180, [teller.words(wording.say("change_stops"), look.LABEL)], "TH", "Column"),
            Cell(180, [teller.words(wording.say("change_stays"), look.LABEL)], "TH", "Column"),
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
                    Cell(112, [teller.words(wording.scope_title(scope), look.STRONG)], "TH", "Row"),
                    Cell(180, [teller.words(in_language(scope.withdrawal_can, language), look.CELL)]),
                    Cell(180, [teller.words(in_language(scope.withdrawal_cannot, language), look.CELL)]),
                ],
                table="change",
                pad=5.5,
                rule=look.HAIR,
                header=header,
            )
        )
    if any(scope.ai for scope in given):
        blocks += [Gap(9), Panel([teller.words(wording.say("change_ai"), look.NOTE)], look.TINT, 11)]
    blocks += [Gap(10), teller.words(wording.say("how"), look.STRONG, "H3", True), Gap(2)]
    steps = [
        step.format_map({"where": wording.place(), "code": name(content.withdrawal_code)})
        for step in wording.texts.how_steps
    ]
    return blocks + teller.listed(steps, look.BODY, numbered=True)


def _rights(teller: Teller) -> list[Block]:
    wording, content = teller.wording, teller.content
    card = wording.texts.rights_card
    half = (len(card) + 1) // 2
    columns = [Cell(1, teller.listed(part, look.CELL), "") for part in (card[:half], card[half:])]
    closing = [wording.say("rights_contact", contact=name(content.studio.contact))]
    if content.receipt.authority:
        closing.append(wording.say("authority", authority=name(content.receipt.authority)))
    panel = Panel([Row(columns, pad=0, gap=16), Gap(5), teller.words(" ".join(closing), look.CELL)], look.TINT, 10)
    return [*teller.heading("rights"), panel]


def _ownership(teller: Teller) -> list[Block]:
    lines = teller.listed(teller.wording.texts.ownership, look.BODY)
    # The signature stands under what it is about, not alone on a page.
    return [*teller.heading("ownership"), Stack(lines, keep_next=True)]


def _signature(teller: Teller) -> list[Block]:
    wording, content = teller.wording, teller.content
    signing = content.receipt.signing
    declined = not any(grant for _, _, grant in wording.answers())
    key = "meaning_declined" if declined else "meaning_minor" if content.minor else "meaning"
    signers = wording.names(content.guardian_names) if content.minor and content.guardian_names else wording.subject()
    if content.signature_png is not None and signing.kind is SignatureKind.INK:
        drawn: list[Block] = [Picture(content.signature_png, 210, 70, wording.say("signature_alt"))]
    else:
        drawn = [
            Gap(30),
            teller.words(name(content.typed_name or content.subject_name), look.TYPED),
            teller.words(wording.say("typed"), look.FINE),
        ]
    row = Row(
        [
            Cell(215, [*drawn, Rule(look.INK, 3, 0.7)], ""),
            Cell(
                260,
                [
                    teller.fact("signature_by", signers),
                    Gap(5),
                    teller.fact("signature_at", wording.moment("signed_at")),
                    Gap(5),
                    teller.fact("signature_meaning", wording.say(key, name=wording.subject())),
                ],
                "",
            ),
        ],
        gap=22,
        pad=3,
    )
    return [*teller.heading("signature"), row]


def strip(wording: Wording) -> Row:
    """The part to cut off and keep: the code, the QR code, and where to write."""
    teller, content = Teller(wording), wording.content
    told: list[Block] = [
        teller.words(wording.say("strip_title"), look.STRONG),
        teller.words(wording.say("strip_text", where=wording.place()), look.CELL),
        Gap(4),
        teller.words(wording.say("strip_code"), look.LABEL),
        teller.words(name(content.withdrawal_code), look.SECRET),
    ]
    code: list[Block] = [Code(content.qr, 86, wording.say("qr_alt"))] if content.qr else [Gap(86)]
    return Row([Cell(370, told, "", middle=True), Cell(90, code, "", middle=True)], pad=0, gap=16)
