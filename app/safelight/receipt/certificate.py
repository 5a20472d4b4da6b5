"""The last page: how the signing came about, with every fingerprint that lets a stranger check it later."""

from __future__ import annotations

from safelight.domain.people import Role
from safelight.domain.plain_text import clean, isolate_ltr, name

from . import look
from .block_writer import BlockWriter
from .blocks import Block, Cell, Gap, Row, Stack
from .events import happened
from .wording import Wording


def certify(wording: Wording, room: float) -> list[Block]:
    """The blocks of the certificate page, which is one: of very many steps the middle is left to the studio's list.

    ``room`` is the height of the page in points.
    """
    for spacing in (look.AIRY, look.SNUG):
        told, cut = _certified(BlockWriter(wording, spacing), room)
        if not cut:
            return told
    return _certified(BlockWriter(wording, look.DENSE), room)[0]


def _certified(writer: BlockWriter, room: float) -> tuple[list[Block], bool]:
    """The blocks, and whether they are too tall or steps had to be left out to fit."""
    wording = writer.wording
    before: list[Block] = [
        writer.words(wording.say("certificate"), look.HEADING, "H2", True),
        Gap(1),
        writer.words(wording.say("certificate_lead"), look.SMALL),
        Gap(writer.spacing.below + 3),
        *_facts(writer, _circumstances(wording)),
        *_section(writer, "c_hashes"),
        *_pairs(writer, _fingerprints(wording), "fingerprints"),
    ]
    studio_words = isolate_ltr(clean(" ".join(wording.content.studio_key_words)))
    steps = [step.format_map({"words": studio_words}) for step in wording.texts.verify_steps]
    after = [*_section(writer, "verify"), *writer.listed(steps, look.SMALL, numbered=True)]
    if wording.content.draft:
        after = []  # there is no signature to check yet
    if wording.content.opening_code:
        code = isolate_ltr(clean(wording.content.opening_code))
        after += [*_section(writer, "opening"), writer.words(wording.say("opening_text", code=code), look.NOTE)]
    if not wording.content.acts:
        told = [*before, *after]
        return told, sum(each.height(look.ROOM) for each in told) > room
    heading = _section(writer, "events")
    left = room - sum(each.height(look.ROOM) for each in (*before, *heading, *after))
    steps_told, cut = happened(writer, left)
    return [*before, *heading, *steps_told, *after], cut


def _section(writer: BlockWriter, key: str) -> list[Block]:
    heading = writer.words(writer.wording.say(key), look.CERTIFICATE_HEADING, "H3", True)
    return [Gap(writer.spacing.above), heading, Gap(writer.spacing.below)]


def _facts(writer: BlockWriter, facts: list[tuple[str, str]]) -> list[Block]:
    told = [
        Stack([writer.words(writer.wording.say(key), look.FINE), writer.words(value, look.SMALL)])
        for key, value in facts
        if value
    ]
    rows = [told[at : at + 3] for at in range(0, len(told), 3)]
    # The first column is wide enough for an id on one line.
    pad = writer.spacing.line + 1.4
    return [
        Row([Cell(share, row[at : at + 1], "") for at, share in enumerate((165, 150, 142))], gap=14, pad=pad)
        for row in rows
    ]


def _pairs(writer: BlockWriter, pairs: list[tuple[str, str]], table: str) -> list[Block]:
    return [
        Row(
            [
                Cell(148, [writer.words(writer.wording.say(key), look.FINE)], "TH", "Row"),
                Cell(330, [writer.words(value, look.SMALL)]),
            ],
            table=table,
            pad=writer.spacing.line + 0.6,
        )
        for key, value in pairs
        if value
    ]


def _circumstances(wording: Wording) -> list[tuple[str, str]]:
    content = wording.content
    receipt, signing, say = content.receipt, content.receipt.signing, wording.say
    asked_ai = any(scope.ai and grant is not None for scope, _, grant in wording.answers())
    if signing.explained_again:
        questions = say("c_questions_again", times=str(signing.explained_again))
    else:
        questions = say("c_questions_yes") if signing.taught_back else "" if asked_ai else say("c_questions_no")
    roles = [wording.role(each) for each in signing.signed_by]
    roles += [wording.role(Role.WITNESS)] if signing.witnessed else []
    roles += [wording.role(Role.INTERPRETER)] if signing.interpreted else []
    notice = receipt.notice
    unsigned = say("not_signed") if content.draft else ""
    version = content.app_version
    made_with = f"Safelight {version}" if version[:1].isdigit() else version
    return [
        ("c_receipt", "" if unsigned else isolate_ltr(clean(receipt.id))),
        ("c_status", unsigned or say(f"status_{content.status.value}")),
        ("c_signed_by", unsigned or wording.join(roles)),
        ("c_replaces", isolate_ltr(clean(receipt.replaces)) if receipt.replaces else ""),
        ("c_notice", f"{name(content.notice_title)} ({isolate_ltr(clean(f'{notice.version}, {notice.language}'))})"),
        ("c_method", say(f"method_{signing.method.value}")),
        ("c_questions", "" if unsigned else questions),
        ("c_device", name(signing.device)),
        ("c_language", wording.language(signing.language)),
        ("c_started", "" if unsigned else wording.moment("started_at")),
        ("c_signed", wording.moment_signed()),
        ("c_issued", unsigned or wording.moment("issued_at")),
        ("c_rules", isolate_ltr(clean(receipt.rules))),
        ("c_app", isolate_ltr(clean(made_with))),
    ]


def _fingerprints(wording: Wording) -> list[tuple[str, str]]:
    content = wording.content
    signing = content.receipt.signing
    words = " ".join(content.studio_key_words)
    studio = content.studio_key_fingerprint
    unsigned = wording.say("not_signed") if content.draft else ""
    return [
        ("c_notice_sha256", _digits(content.notice_sha256)),
        ("c_rules_sha256", _digits(content.receipt.rules_sha256 or "")),
        ("c_record_sha256", unsigned or _digits(content.record_sha256)),
        ("c_evidence_sha256", unsigned or _digits(signing.evidence_sha256)),
        ("c_scan_sha256", _digits(signing.scan_sha256 or "")),
        ("c_acts_sha256", unsigned or _digits(signing.acts_sha256)),
        ("c_journal", unsigned or _digits(content.journal_head)),
        ("c_subject_key", unsigned or _digits(content.subject_key_fingerprint)),
        ("c_studio_key", _digits(f"{studio} ({words})" if words else studio)),
        ("c_certificate", _digits(content.signing_certificate_sha256)),
    ]


def _digits(value: str) -> str:
    return isolate_ltr(clean(value)) if value else ""
