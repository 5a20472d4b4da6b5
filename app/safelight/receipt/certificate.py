"""The last page: how the signing came about, with every fingerprint that lets a stranger check it later."""

from __future__ import annotations

from safelight.domain.people import Role
from safelight.domain.record import Act

from . import look
from .bidi import isolate_ltr
from .blocks import Block, Cell, Gap, Row, Words
from .page import moment_of
from .story import Teller
from .text import clean, name
from .wording import Wording

_EVENTS_SHOWN = 22


def certify(wording: Wording) -> list[Block]:
    """The blocks of the certificate page."""
    teller = Teller(wording)
    return [
        teller.words(wording.say("certificate"), look.HEADING, "H2", True),
        Gap(2),
        teller.words(wording.say("certificate_lead"), look.SMALL),
        Gap(6),
        *_pairs(teller, _circumstances(wording), "circumstances"),
        *_section(teller, "c_hashes"),
        *_pairs(teller, _fingerprints(wording), "fingerprints"),
        *_events(teller),
        *_section(teller, "verify"),
        *teller.listed(
            [
                step.format_map({"words": isolate_ltr(clean(" ".join(wording.content.studio_key_words)))})
                for step in wording.texts.verify_steps
            ],
            look.SMALL,
            numbered=True,
        ),
    ]


def _section(teller: Teller, key: str) -> list[Block]:
    return [Gap(9), teller.words(teller.wording.say(key), look.CERTIFICATE_HEADING, "H3", True), Gap(2)]


def _pairs(teller: Teller, pairs: list[tuple[str, str]], table: str) -> list[Block]:
    return [
        Row(
            [
                Cell(150, [teller.words(teller.wording.say(key), look.FINE)], "TH", "Row"),
                Cell(330, [teller.words(value, look.SMALL)]),
            ],
            table=table,
            pad=1.5,
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
    roles = [_role(wording, each) for each in signing.signed_by]
    roles += [_role(wording, Role.WITNESS)] if signing.witnessed else []
    roles += [_role(wording, Role.INTERPRETER)] if signing.interpreted else []
    notice = receipt.notice
    return [
        ("c_receipt", isolate_ltr(clean(receipt.id))),
        ("c_status", say(f"status_{content.status.value}")),
        ("c_replaces", isolate_ltr(clean(receipt.replaces)) if receipt.replaces else ""),
        ("c_notice", f"{name(content.notice_title)} ({isolate_ltr(clean(f'{notice.version}, {notice.language}'))})"),
        ("c_method", say(f"method_{signing.method.value}")),
        ("c_signed_by", wording.join(roles)),
        ("c_questions", questions),
        ("c_device", name(signing.device)),
        ("c_language", isolate_ltr(clean(signing.language))),
        ("c_started", wording.moment("started_at")),
        ("c_signed", wording.moment("signed_at")),
        ("c_issued", wording.moment("issued_at")),
        ("c_rules", isolate_ltr(clean(receipt.rules))),
        ("c_app", isolate_ltr(clean(content.app_version))),
    ]


def _fingerprints(wording: Wording) -> list[tuple[str, str]]:
    content = wording.content
    signing = content.receipt.signing
    words = " ".join(content.studio_key_words)
    studio = content.studio_key_fingerprint
    return [
        ("c_notice_sha256", _digits(content.notice_sha256)),
        ("c_record_sha256", _digits(content.record_sha256)),
        ("c_evidence_sha256", _digits(signing.evidence_sha256)),
        ("c_acts_sha256", _digits(signing.acts_sha256)),
        ("c_journal", _digits(content.journal_head)),
        ("c_subject_key", _digits(content.subject_key_fingerprint)),
        ("c_studio_key", _digits(f"{studio} ({words})" if words else studio)),
        ("c_certificate", _digits(content.signing_certificate_sha256)),
    ]


def _digits(value: str) -> str:
    return isolate_ltr(clean(value)) if value else ""


def _events(teller: Teller) -> list[Block]:
    acts = teller.content.acts
    if not acts:
        return []
    header = _event(
        teller, [teller.wording.say(f"event_{each}") for each in ("time", "step", "what", "by", "mode")], "TH"
    )
    shown = acts if len(acts) <= _EVENTS_SHOWN else (*acts[: _EVENTS_SHOWN - 4], *acts[-4:])
    blocks = [*_section(teller, "events"), header, *(_row(teller, each, header) for each in shown)]
    if len(shown) < len(acts):
        blocks.append(teller.words(teller.wording.say("events_more", count=str(len(acts) - len(shown))), look.FINE))
    return blocks


def _row(teller: Teller, act: Act, header: Row) -> Row:
    step = teller.wording.texts.steps.get(act.step)
    values = [
        isolate_ltr(moment_of(act.at, teller.content.zone)),
        step if step is not None else name(act.step),
        name(act.what),
        _role(teller.wording, act.by),
        name(act.mode),
    ]
    return _event(teller, values, "TD", header)


def _event(teller: Teller, values: list[str], kind: str, header: Row | None = None) -> Row:
    style = look.FINE if kind == "TH" else look.SMALL
    cells: list[Words] = [teller.words(each, style) for each in values]
    shares = (122, 72, 150, 86, 56)
    return Row(
        [
            Cell(share, [words], kind, "Column" if kind == "TH" else "")
            for share, words in zip(shares, cells, strict=True)
        ],
        table="events",
        pad=1.1,
        gap=6,
        rule=look.HAIR if kind == "TH" else None,
        header=header,
        keep_next=kind == "TH",
    )


def _role(wording: Wording, role: Role) -> str:
    return wording.say(f"role_{role.value}")
