"""The receipt's pages as blocks, in the order a person reads them: what I said, what it means, how to undo it."""

from __future__ import annotations

from safelight.domain.plain_text import name
from safelight.domain.record import Method, SignatureKind
from safelight.domain.scope import Scope

from . import aftercare, look
from .block_writer import BlockWriter
from .blocks import Block, Cell, Code, Gap, Panel, Picture, Row, Rule, Stack, Verdict
from .look import Spacing
from .wording import Wording

_PHOTOS_SHOWN = 4


def tell(wording: Wording, spacing: Spacing = look.AIRY) -> list[Block]:
    """All blocks but the certificate page and the tear-off strip."""
    writer = BlockWriter(wording, spacing)
    return [
        *_opening(writer),
        *_answers(writer),
        *_limits(writer),
        *aftercare.change(writer),
        *aftercare.rights(writer),
        *aftercare.ownership(writer),
        *_signature(writer),
    ]


def _opening(writer: BlockWriter) -> list[Block]:
    wording, content = writer.wording, writer.content
    receipt = content.receipt
    kind = "draft_intro" if content.draft else "intro" + ("_declined" if wording.declined else "")
    key = kind + ("_minor" if content.minor else "")
    intro = wording.say(
        key, name=wording.subject(), date=wording.day(), guardians=wording.names(content.guardian_names)
    )
    facts = [writer.fact("for", wording.subject())]
    if content.guardian_names:
        facts.append(writer.fact("guardian", wording.names(content.guardian_names)))
    who = wording.side_by_side([name(content.studio.name), name(content.studio.contact)])
    facts.append(writer.fact("asked_by", who))
    facts.append(writer.fact("when", wording.moment_signed()))
    for label, value in (
        ("photographer", content.photographer_name),
        ("witness", content.witness_name),
        ("interpreter", content.interpreter_name),
    ):
        if value:
            facts.append(writer.fact(label, name(value)))
    if len(facts) % 3:
        count = len(receipt.photos)
        told = wording.say("photo_count", count=str(count)) if count else wording.say("photo_none")
        facts.append(writer.fact("photos", told))
    head: list[Block] = [
        writer.words(wording.say("draft_title" if content.draft else "title"), look.TITLE, "H1", True),
        Gap(4),
        writer.words(intro, look.LEAD),
    ]
    if receipt.signing.method is Method.DEMONSTRATION:
        head += [Gap(8), Panel([writer.words(wording.say("demonstration"), look.NOTE)], look.TINT, 9)]
    alternative = wording.say("photo_alt")
    first, others = content.photos[:1], content.photos[1:_PHOTOS_SHOWN]
    ink = writer.spacing.ink
    portrait = [Picture(each, 1.2 * ink, 1.5 * ink, alternative, trailing=True) for each in first]
    blocks: list[Block] = [Row([Cell(380, head, ""), Cell(90, portrait, "")], pad=0) if portrait else Stack(head)]
    blocks += [Gap(writer.spacing.row + 2), Rule(look.HAIR, 2)]
    for at in range(0, len(facts), 3):
        three: list[Block] = [*facts[at : at + 3], *[Gap(0)] * (3 - len(facts[at : at + 3]))]
        blocks.append(Row([Cell(1, [each], "") for each in three], pad=min(4, writer.spacing.row), gap=14))
    if others:
        shown = [Cell(1, [Picture(each, 96, 72, alternative)], "") for each in others]
        blocks.append(Row([*shown, *[Cell(1, [Gap(0)], "")] * (_PHOTOS_SHOWN - len(shown))], pad=4))
    return [*blocks, Rule(look.HAIR, 2)]


def _answers(writer: BlockWriter) -> list[Block]:
    wording = writer.wording
    answers = wording.answers()
    yes = sum(grant is not None for _, _, grant in answers)
    words = wording.texts.words
    terms = " · ".join([words["until"], words["where"], words["by_whom"]])
    labels = (words["answer"], words["use"], terms)
    header = _answer(writer, [[writer.words(each, look.LABEL)] for each in labels], heads=True)
    counts = wording.say("counts", yes=str(yes), no=str(len(answers) - yes))
    if not answers:
        counts = wording.texts.ceremony["no_to_everything"]
    rest = [*wording.still_holding(), wording.not_asked()]
    blocks: list[Block] = [*writer.heading("answers")[:-1], writer.words(counts, look.RUNNING, "P", True)]
    blocks += [writer.words(each, writer.spacing.body) for each in rest if each]
    if yes:
        blocks.append(header)
    shared = wording.shared_reviews()
    for scope, record, grant in answers:
        told = _use(writer, scope)
        if grant is None:
            verdict = Verdict(False, writer.words(words["no"], look.STRONG), look.INK)
            allowed = [wording.say("not_allowed")]
        else:
            verdict = Verdict(True, writer.words(words["yes"], look.STRONG), look.ACCENT)
            if record.asked_again not in shared:
                told += [writer.words(each, writer.spacing.aside) for each in (wording.review(record),) if each]
            allowed = [wording.until(record), wording.where(grant), wording.by_whom(grant)]
            media = wording.media(grant)
            allowed += [media] if media else []
        # The first of the terms stands on the line of the title.
        limits: list[Block] = [Gap(1.4), *(writer.words(each, writer.spacing.cell) for each in allowed)]
        blocks.append(_answer(writer, [[verdict], told, limits], header if yes else None))
    return blocks


def _use(writer: BlockWriter, scope: Scope) -> list[Block]:
    return [
        writer.words(writer.wording.scope_title(scope), writer.spacing.strong),
        writer.words(writer.wording.scope_text(scope), writer.spacing.cell),
    ]


def _answer(writer: BlockWriter, columns: list[list[Block]], header: Row | None = None, heads: bool = False) -> Row:
    """A row of the answers, or the head of their table."""
    kind, attribute = ("TH", "Column") if heads else ("TD", "")
    shares = (54, 413 - writer.spacing.terms, writer.spacing.terms)
    return Row(
        [Cell(share, each, kind, attribute) for share, each in zip(shares, columns, strict=True)],
        table="answers",
        pad=2.5 if heads else writer.spacing.row,
        rule=look.HAIR,
        header=header,
        keep_next=heads,
    )


def _limits(writer: BlockWriter) -> list[Block]:
    wording = writer.wording
    if not any(grant for _, _, grant in wording.answers()):
        return []
    blocks = writer.heading("limits")
    excluded = wording.exclusions()
    stop = wording.texts.words["full_stop"]
    lines = [f"{wording.say('limits_exclusions')} {wording.any_of(excluded)}{stop}"] if excluded else []
    if not excluded:
        lines.append(wording.say("limits_no_exclusions"))
    elif wording.lifted():
        lines.append(wording.say("limits_lifted", settings=wording.lifted()))
    # They limit each other, so they are read together, on one page.
    return [*blocks, Stack(writer.listed([*lines, *wording.limits(), *wording.reviews()], writer.spacing.body))]


def _signature(writer: BlockWriter) -> list[Block]:
    content = writer.content
    ink = content.signature_png if content.receipt.signing.kind is SignatureKind.INK else None
    own = _hand(writer, ink, content.typed_name or content.subject_name)
    if not content.earlier:
        signers = content.guardian_names if content.minor and content.guardian_names else (content.subject_name,)
        return [*writer.heading("signature"), _signed(own, _meant(writer, signers, content.minor))]
    rows = []
    for each in content.earlier:
        at = writer.wording.at_moment(each.at) if each.at is not None else ""
        drawn = _hand(writer, each.png, each.typed or each.name)
        rows.append(_signed(drawn, _meant(writer, (each.name,), each.name in content.guardian_names, at)))
    signer = content.signer or content.subject_name
    rows.append(_signed(own, _meant(writer, (signer,), signer in content.guardian_names)))
    # Nobody's signature stands on another page than the next one's.
    return [*writer.heading("signature"), Stack(rows)]


def _meant(writer: BlockWriter, signers: tuple[str, ...], guardian: bool, when: str = "") -> list[Block]:
    """Whose signature this is, when it was given, and what it means."""
    wording = writer.wording
    declined = not any(grant for _, _, grant in wording.answers())
    key = "meaning_declined" if declined else "meaning_minor" if guardian else "meaning"
    return [
        writer.fact("signature_by", wording.names(signers)),
        Gap(5),
        writer.fact("signature_at", when or wording.moment_signed()),
        Gap(5),
        writer.fact("signature_meaning", wording.say(key, name=wording.subject())),
    ]


def _hand(writer: BlockWriter, png: bytes | None, typed: str) -> list[Block]:
    """What somebody left under the page, or that nobody signed yet."""
    wording = writer.wording
    if writer.content.draft:
        return [Gap(30), writer.words(wording.say("not_signed"), look.FINE)]
    if png is not None:
        return [Picture(png, 210, writer.spacing.ink, wording.say("signature_alt"))]
    return [Gap(30), writer.words(name(typed), look.TYPED), writer.words(wording.say("typed"), look.FINE)]


def _signed(drawn: list[Block], facts: list[Block]) -> Row:
    """A signature over its line, and beside it whose it is and what it means."""
    return Row(
        [
            Cell(215, [*drawn, Rule(look.INK, 3, 0.7)], ""),
            Cell(260, facts, ""),
        ],
        gap=22,
        pad=3,
    )


def strip(wording: Wording) -> Row:
    """The part to cut off and keep: the code, the QR code, and where to write."""
    writer, content = BlockWriter(wording), wording.content
    told: list[Block] = [
        writer.words(wording.say("strip_title"), look.STRONG),
        writer.words(wording.say("strip_text", where=wording.place()), look.CELL),
        Gap(4),
        writer.words(wording.say("strip_code"), look.LABEL),
        writer.words(name(content.withdrawal_code), look.SECRET),
    ]
    code: list[Block] = [Code(content.qr, 86, wording.say("qr_alt"))] if content.qr else [Gap(86)]
    return Row([Cell(370, told, "", middle=True), Cell(90, code, "", middle=True)], pad=0, gap=16)
