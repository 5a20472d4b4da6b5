"""Scripts of their own rules: where Chinese and Japanese lines end, how Devanagari joins, and both read back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QTextBoundaryFinder

from safelight.domain.plain_text import clean, isolate
from safelight.domain.scope import in_language
from safelight.receipt import fonts, look, text
from safelight.receipt.breaks import may_break
from safelight.receipt.issue import render_receipt
from safelight.settings.locales import day_words
from safelight.settings.resources import read_json
from safelight.settings.texts import texts

NEVER_FIRST = "、。，．：；！？」』）】〉》ー々ぁっゃゅょァッャュョ”"
NEVER_LAST = "「『（【〈《“"
DOCUMENT = b'{"id": 1}'


class Studio(NamedTuple):
    """Who stands on a receipt of one language, named in its script."""

    subject: str
    photographer: str
    studio: str


PEOPLE = {
    "hi": Studio("श्रीनिवास क्षेत्री", "ज्ञानेश्वर शर्मा", "कृष्णा फ़ोटो स्टूडियो"),
    "ja": Studio("山﨑さくら", "髙橋健太郎", "東京ポートレート写真館"),
    "zh-Hans": Studio("欧阳晓明", "诸葛建国", "北京光影摄影工作室"),
}


def sentences(language: str) -> list[str]:
    """All the wording of a language, sentence by sentence."""

    def leaves(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [each for inner in value.values() for each in leaves(inner)]
        if isinstance(value, list):
            return [each for inner in value for each in leaves(inner)]
        return [value] if isinstance(value, str) else []

    return leaves(read_json(f"texts/{language}.json"))


def starts_and_ends(shown: str, width: float, language: str) -> list[tuple[str, str]]:
    lines = text.para(shown, look.BODY, width, language=language).lines
    return [(line.units[0].shaped.text[0], line.units[-1].shaped.text[-1]) for line in lines]


@pytest.mark.parametrize("language", ["tr", "hi", "ja", "zh-Hans"])
def test_lines_end_where_another_implementation_ends_them(language: str) -> None:
    """Qt follows UAX #14 on its own. We keep numbers with what they count, and let a Chinese quote begin a line."""
    for sentence in sentences(language):
        finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, sentence)
        for at in range(1, len(sentence)):
            finder.setPosition(at)
            pair = sentence[at - 1 : at + 1]
            counted = pair[0].isdecimal() and not pair[1].isascii()
            quoted = pair[0] in "，、：" and pair[1] == "“"
            if not counted and not quoted:
                assert may_break(sentence, at) == finder.isAtBoundary(), (pair, sentence)


PIECES = st.lists(
    st.one_of(
        st.text(st.sampled_from("山田太郎さんのカタナ写真北京"), min_size=1, max_size=6),
        st.sampled_from(["「はい」", "。", "、", "（AI）", "シャッター", "きっと", "“是”，", "2027年", "JPEG", " "]),
    ),
    max_size=30,
)


@given(PIECES, st.integers(70, 300), st.sampled_from(["ja", "zh-Hans"]))
def test_no_line_begins_or_ends_with_a_mark_that_may_not(pieces: list[str], width: int, language: str) -> None:
    shown = clean("".join(pieces))
    edges = starts_and_ends(shown, width, language) if shown else []
    assert all(first not in NEVER_FIRST for first, _ in edges[1:])
    assert all(last not in NEVER_LAST for _, last in edges[:-1])


def test_a_number_stays_with_what_it_counts() -> None:
    assert all(first != "年" for first, _ in starts_and_ends("あ2027年" * 20, 80, "ja"))


def test_a_foreign_name_begins_a_line_of_its_own_rather_than_being_cut() -> None:
    """The marks around a name have no width: the break is before the name, not inside it."""
    sentence = f"写真を{isolate('hej@lindqvist.example')}に送ります。"
    shown = [
        "".join(unit.shaped.text for unit in line.units)
        for line in text.para(sentence, look.BODY, 110, language="ja").lines
    ]
    assert shown == ["写真を", "hej@lindqvist.example", "に送ります。"]


def test_quotes_are_as_wide_as_their_letters() -> None:
    def faces(shown: str, language: str) -> list[str]:
        (line,) = text.para(shown, look.BODY, 500, language=language).lines
        return [unit.shaped.face for unit in line.units]

    assert set(faces("回答“是”", "zh-Hans")) == {"NotoSansSC"}
    assert set(faces("the answer “yes”", "en")) == {fonts.BASE}
    assert set(faces("Sinéad O’Brien", "zh-Hans")) == {fonts.BASE}, "an apostrophe stays with its name"


def test_each_language_has_its_own_form_of_a_letter() -> None:
    assert [fonts.face_for("直", language) for language in ("ja", "zh-Hans", "ko")] == [
        "NotoSansJP",
        "NotoSansSC",
        "NotoSansKR",
    ]


@pytest.mark.parametrize("word", ["श्री", "क्षेत्री", "ज्ञान", "कृष्णा", "हस्ताक्षर", "प्रमाण", "द्वारा"])
def test_conjuncts_join_without_a_visible_virama(word: str) -> None:
    for weight in (fonts.REGULAR, fonts.BOLD):
        shaped = fonts.shape("NotoSansDevanagari", weight, word, False)
        halant = fonts.shape("NotoSansDevanagari", weight, "\u094d", False).glyphs
        circle = fonts.shape("NotoSansDevanagari", weight, "\u25cc", False).glyphs
        drawn = {glyph.id for glyph in shaped.glyphs}
        assert not drawn & {glyph.id for glyph in (*halant, *circle)} and 0 not in drawn
        assert len(shaped.glyphs) < len(word) and "".join(glyph.text for glyph in shaped.glyphs) == word


def test_the_short_i_is_drawn_before_its_letter() -> None:
    first, *_ = fonts.shape("NotoSansDevanagari", fonts.REGULAR, "कि", False).glyphs
    (letter,) = fonts.shape("NotoSansDevanagari", fonts.REGULAR, "क", False).glyphs
    assert first.id != letter.id


def test_hindi_is_set_in_one_typeface() -> None:
    shown = text.para("आपकी सहमति की रसीद। ‘हाँ’, ‘नहीं’", look.BODY, 500, language="hi")
    assert {unit.shaped.face for line in shown.lines for unit in line.units if not unit.space} <= {
        "NotoSansDevanagari",
        fonts.BASE,
    }
    assert "NotoSansDevanagari" in {unit.shaped.face for line in shown.lines for unit in line.units}


@pytest.mark.parametrize("language", PEOPLE)
def test_a_receipt_reads_back_letter_by_letter(
    language: str, make_content: Callable[..., Any], stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    people, known = PEOPLE[language], texts(language)
    content = make_content(
        language=language, subject_name=people.subject, photographer_name=people.photographer,
        notice_title=known.notice_title,
    )  # fmt: skip
    content = replace(content, studio=replace(content.studio, name=people.studio))
    path = tmp_path / "receipt.pdf"
    path.write_bytes(render_receipt(content, DOCUMENT))
    done = subprocess.run([stock_tool("pdftotext"), path, "-"], capture_output=True, text=True, check=True)
    # Lines end where the paper does; what matters is that every letter comes back, in order.
    said = "".join(done.stdout.translate(dict.fromkeys([0x200D, *range(0x202A, 0x202F)])).split())
    scope = content.catalogue.scope("use.portfolio")
    for wanted in (
        *people, *(known.receipt[key] for key in ("title", "limits", "meaning", "not_allowed")), *known.rights_card,
        *known.ownership, in_language(scope.title, language), in_language(scope.text, language),
        day_words(language, "DE", date(2027, 11, 22)), content.withdrawal_code,
    ):  # fmt: skip
        assert "".join(wanted.split()) in said, wanted
