"""The drawn receipt, read back with programs we did not write: poppler and veraPDF."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from safelight.domain.acts import NamedAct, Signed, UseAnswered, act_of, act_text
from safelight.domain.choice import Alteration, Compensation, Exclusion, Modifiers
from safelight.domain.ids import Country, ScopeId
from safelight.domain.plain_text import name
from safelight.domain.record import Method, SignatureKind
from safelight.domain.scope import in_language
from safelight.receipt import look
from safelight.receipt.blocks import Panel, Row, TextBlock, Verdict
from safelight.receipt.certificate import certify
from safelight.receipt.events import told as told_steps
from safelight.receipt.issue import attached_head, attached_record, render_receipt
from safelight.receipt.story import tell
from safelight.receipt.text import width_of
from safelight.receipt.wording import Wording
from safelight.settings.locales import day_words
from safelight.settings.resources import read_json
from safelight.settings.texts import LANGUAGES, texts

DOCUMENT = '{"@context": "https://w3id.org/dpv", "zäh": "łódź"}'.encode()
AI = {"use.portfolio": True, "ai.retouch": True, "ai.train-generative": True, "ai.replica": True, "bio.template": False}
AI_USES = ("ai.retouch", "ai.train-generative")
EVERY_USE = [each["id"] for each in read_json("rules/scopes.json")["scopes"]]
NOTHING = dict.fromkeys(("use.portfolio", "use.social", "ai.train-generative"), False)
BETWEEN_WORDS = re.compile("[\\s\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]+")
"""Spaces; and Chinese and Japanese letters, between which lines may end (see test_scripts.py)."""
Make = Callable[..., Any]


def every_paragraph(blocks: Iterable[Any], width: float) -> Iterator[tuple[TextBlock, float]]:
    """All words under ``blocks`` with the width they are set to."""
    for block in blocks:
        if isinstance(block, TextBlock):
            yield block, width
        elif isinstance(block, Row):
            for cell, _, room in block._columns(width):
                yield from every_paragraph(cell.blocks, room)
        elif isinstance(block, Panel):
            yield from every_paragraph(block.blocks, width - 2 * block.pad)
        elif isinstance(block, Verdict):
            yield block.word, width - 22
        else:
            yield from every_paragraph(getattr(block, "blocks", ()), width)


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_it_tells_what_was_said_in_order(language: str, make_content: Make, told: Callable[[bytes], str]) -> None:
    content = make_content(language=language)
    said, known = told(render_receipt(content, DOCUMENT)), texts(language)
    order = ["title", "answers", "limits", "change", "how", "rights", "ownership", "signature", "certificate", "verify"]
    at = 0
    for key in order:
        at = said.index(known.receipt[key], at) + 1
    who = (content.subject_name, content.studio.name, "Nordlicht", content.receipt.withdraw_at)
    proof = (content.journal_head, content.record_sha256, content.notice_sha256, content.withdrawal_code)
    when = {
        "en": ("Until 22 November 2027", "22 November 2026, 14:05:09 GMT+01:00"),
        "de": ("Bis 22. November 2027", "22. November 2026, 14:05:09 GMT+01:00"),
        "fr": ("Jusqu'au 22 novembre 2027", "22 novembre 2026, 14:05:09 UTC+01:00"),
        "es": ("Hasta el 22 de noviembre de 2027", "22 de noviembre de 2026, 14:05:09 GMT+01:00"),
    }[language]
    for wanted in (*who, *proof, *when, known.receipt["strip_title"], known.receipt["not_allowed"]):
        assert wanted in said, wanted
    assert said.count(known.receipt["not_allowed"]) == 3


def test_arabic_is_arabic_again_when_read_back(make_content: Make, told: Callable[[bytes], str]) -> None:
    content = make_content(language="ar", subject_name="فاطمة الزهراء")
    said = told(render_receipt(content, DOCUMENT))
    for wanted in (
        "الزهراء",
        "فاطمة",
        "22",
        "نوفمبر",
        "2027",
        "K7QM-3FTX-9WAD",
        "إيصال موافقتك",
        "معرض الأعمال",
        content.record_sha256,
    ):
        assert wanted in said, wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_end_and_a_rest_never_contradict_each_other(language: str, make_content: Make) -> None:
    """A yes that ends before silence could end it says when it ends, and nothing of being asked again."""
    known = texts(language)

    def told(last: date | None, number: int = 1) -> tuple[str, str, list[str]]:
        content = make_content(dict.fromkeys(AI_USES[:number], True), language=language)
        records = tuple(replace(each, last_day=last) for each in content.receipt.records)
        wording = Wording(replace(content, receipt=replace(content.receipt, records=records)), known)
        return wording.until(records[0]), wording.review(records[0]), wording.reviews()

    after = {last: told(last)[1] for last in (date(2027, 11, 22), date(2027, 12, 1), date(2027, 12, 22))}
    assert not any(after.values()), after
    assert not told(date(2027, 11, 22), 2)[2]
    for last in (date(2027, 12, 23), date(2029, 11, 22), None):
        until, review, _ = told(last)
        for each, day in ((review, date(2027, 11, 22)), (review, date(2027, 12, 23)), (until, last)):
            assert day is None or day_words(language, "DE", day) in each, "the 22nd of December still counts"
        assert len(told(last, 2)[2]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("answers", "most"),
    [(None, 3), (AI, 3), (NOTHING, 3), (dict.fromkeys(EVERY_USE[:8], True), 4), (dict.fromkeys(EVERY_USE, True), 4)],
    ids=["usual", "ai", "nothing", "eight", "all"],
)
def test_two_to_four_pages(language: str, answers: dict[str, bool] | None, most: int, make_content: Make) -> None:
    assert 2 <= pages(render_receipt(make_content(answers, language=language), DOCUMENT)) <= most


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("alteration", [Alteration.NONE, Alteration.CROP, Alteration.RETOUCH])
def test_nothing_more_is_never_said_beside_a_yes_that_changes_the_picture(
    language: str, alteration: Alteration, make_content: Make
) -> None:
    known = texts(language)
    for use, beyond in (
        ("ai.retouch", True),
        ("ai.replica", True),
        ("use.portfolio", False),
        ("ai.train-generative", False),
    ):
        content = make_content({use: True}, language=language, modifiers=Modifiers(alteration=alteration))
        said = Wording(content, known).limits()[0]
        plain = known.receipt[f"limits_alteration_{alteration.value}"]
        assert said == (known.receipt[f"limits_alteration_{alteration.value}_beyond"] if beyond else plain), use
        refused = make_content(
            {use: False, "use.social": True}, language=language, modifiers=Modifiers(alteration=alteration)
        )
        assert Wording(refused, known).limits()[0] == plain


def test_the_steps_take_one_page_however_many_they_are(make_content: Make, told: Callable[[bytes], str]) -> None:
    """Forty turns by turns: the middle is left out and counted, the first and the last are there."""
    (act, *_) = make_content().acts
    acts = tuple(
        replace(
            act,
            at=act.at + timedelta(seconds=at),
            what=UseAnswered(ScopeId(f"act{at}."), yes=True),
            mode=("pen", "touch")[at % 2],
        )
        for at in range(80)
    )
    drawn = render_receipt(make_content(acts=acts), DOCUMENT)
    said = told(drawn)
    assert pages(drawn) == 3 and "act0." in said and "act79." in said and "act60." not in said
    shown = sum(f"act{at}." in said for at in range(80))
    assert texts("en").receipt["events_more"].format(count=80 - shown) in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_are_told_in_the_language(language: str, make_content: Make) -> None:
    known = texts(language)
    wording = Wording(make_content(language=language), known)
    title = in_language(wording.content.catalogue.scope("use.social").title, language)
    cards = [f"card {at}" for at in range(1, 6)]
    steps = [f"language {language}", *cards, "use.social no", "question", "question", "back"]
    said = told_steps(wording, [act_of(each) for each in steps])
    for wanted in (known.languages[language], "1–5", title, known.words["no"], known.acts["question"], "2 ×"):
        assert wanted in said, wanted
    assert said.endswith(known.acts["back"]) and "use.social" not in said and "card 1" not in said
    for what in ("no to everything", "next", "signed (ink)", "signed (typed)", "signed", "receipt", "stop", "resume"):
        assert told_steps(wording, [act_of(what)]) == known.acts[what]


def test_a_use_the_rules_no_longer_know_is_told_as_it_was_written(make_content: Make) -> None:
    wording = Wording(make_content(), texts("en"))
    for what in ("use.unknown yes", "{use} no", "<b>hello</b> initials (ink)"):
        assert told_steps(wording, [act_of(what)]) == name(what)


def test_every_act_has_words_in_every_language() -> None:
    others = {"language", "card", "photo keep", "photo veto", "answer", "mark", "page", "evidence", "scan"}
    signed = {act_text(Signed(kind)) for kind in (None, *SignatureKind)}
    for language in LANGUAGES:
        assert set(texts(language).acts) == others | signed | set(NamedAct), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_cut_between_its_letters(language: str, make_content: Make) -> None:
    """Every paragraph's lines end where a break is allowed; only what is no word (a hash) may be cut."""
    for answers in (None, dict.fromkeys(EVERY_USE, True)):
        wording = Wording(make_content(answers, language=language), texts(language))
        for spacing in (look.AIRY, look.SNUG, look.DENSE):
            for words, width in every_paragraph([*tell(wording, spacing), *certify(wording, 742)], look.ROOM):
                plain = words.text.translate(dict.fromkeys(range(0x2066, 0x206A)))
                parts = filter(None, BETWEEN_WORDS.split(plain))
                widest = max((width_of(word, words.style) for word in parts), default=0)
                assert widest <= width + 0.5 or len(words.text) > 60, (words.text, width)


def test_saying_no_to_everything_is_told_as_well(make_content: Make, told: Callable[[bytes], str]) -> None:
    said, known = told(render_receipt(make_content(NOTHING, typed=True), DOCUMENT)), texts("en").receipt
    assert "0 × yes · 3 × no" in said and known["meaning_declined"] in said and known["change_declined"] in said
    assert known["limits"] not in said and known["typed"] in said and "K7QM-3FTX-9WAD" in said


def test_ai_says_what_cannot_be_undone(make_content: Make, told: Callable[[bytes], str]) -> None:
    said = told(render_receipt(make_content(AI), DOCUMENT))
    assert texts("en").receipt["change_ai"] in said and "one poster campaign" in said
    assert "What a released model has" in said
    assert texts("en").receipt["change_ai"] not in told(render_receipt(make_content(), DOCUMENT))


def test_a_guardian_signs_and_the_minor_agrees(make_content: Make, told: Callable[[bytes], str]) -> None:
    said = told(render_receipt(make_content(minor=True), DOCUMENT))
    assert (
        "As guardian I answered for Anneliese Müller-Öztürk" in said
        and "Karin Müller" in said
        and "Petra Vogel" in said
    )


def test_a_demonstration_never_looks_like_a_signing(make_content: Make, told: Callable[[bytes], str]) -> None:
    content = make_content()
    signing = replace(content.receipt.signing, method=Method.DEMONSTRATION)
    said = told(render_receipt(replace(content, receipt=replace(content.receipt, signing=signing)), DOCUMENT))
    assert texts("en").receipt["demonstration"] in said


def test_limits_are_told(make_content: Make, told: Callable[[bytes], str]) -> None:
    limits = Modifiers(
        credit_name=True, cross_border=frozenset({Country("US")}), exclusions=frozenset(Exclusion) - {Exclusion.DATING},
        alteration=Alteration.RETOUCH, compensation=Compensation("fee", "250.00", "EUR"),
    )  # fmt: skip
    said = told(render_receipt(make_content(modifiers=limits), DOCUMENT))
    for wanted in ("may stand next to", "United States", "dating", "retouched", "a fee 250.00 EUR"):
        assert wanted in said


def test_names_print_as_typed(
    make_content: Make, told: Callable[[bytes], str], stock_tool: Callable[[str], str]
) -> None:
    hostile = '<img src="/etc/passwd"> {name} %s \\ ) Tj ET'
    pdf = render_receipt(make_content(subject_name=hostile, photographer_name="<a href='file:///x'>J</a>"), DOCUMENT)
    said = told(pdf)
    assert hostile in said and "<a href='file:///x'>J</a>" in said
    assert b"/URI" not in pdf and b"/Launch" not in pdf


def test_long_names_stay_on_the_paper(make_content: Make) -> None:
    assert pages(render_receipt(make_content(subject_name="W" * 5000, guardian_names=("ﷺ" * 300,)), DOCUMENT)) <= 6


def test_every_glyph_is_embedded(make_content: Make, stock_tool: Callable[[str], str], tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(render_receipt(make_content(subject_name="王小明 김철수 श्री 🦊 ქართ"), DOCUMENT))
    lines = subprocess.run(
        [stock_tool("pdffonts"), path], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert len(lines) >= 6
    for line in lines:
        assert "CID TrueType" in line and line.split()[-5:-2] == ["yes", "yes", "yes"], line


def test_the_same_content_gives_the_same_bytes(make_content: Make) -> None:
    assert render_receipt(make_content(), DOCUMENT) == render_receipt(make_content(), DOCUMENT)


def test_the_record_comes_back_byte_for_byte(
    make_content: Make, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(render_receipt(make_content(), DOCUMENT))
    subprocess.run([stock_tool("pdfdetach"), "-save", "1", "-o", tmp_path / "out", path], check=True)
    assert (tmp_path / "out").read_bytes() == DOCUMENT == attached_record(path.read_bytes())
    with pikepdf.open(path) as opened:
        (attached,) = list(opened.Root.AF)
        assert attached.AFRelationship == "/Data" and attached.UF == "consent.jsonld"
        assert opened.Root.Lang == "en" and opened.Root.MarkInfo.Marked
        assert "/Trapped" not in opened.docinfo


def test_the_end_of_the_journal_is_there_for_programs_and_for_stock_tools(
    make_content: Make, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    content, path = make_content(), tmp_path / "r.pdf"
    path.write_bytes(render_receipt(content, DOCUMENT))
    assert attached_head(path.read_bytes()) == (41, content.journal_head)
    told = subprocess.run([stock_tool("pdfinfo"), path], check=True, capture_output=True, text=True).stdout
    assert f"safelight-journal 41 {content.journal_head}" in told
    for untold in (replace(content, journal_entries=None), replace(content, draft=True)):
        assert attached_head(render_receipt(untold, DOCUMENT)) is None
