"""Text is data: nothing in a name is interpreted, nothing is left out, nothing runs off the line."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

import pytest
from bidi import get_display
from hypothesis import example, given
from hypothesis import strategies as st

from safelight.domain.plain_text import NAME_LIMIT, clean, isolate, isolate_ltr, name
from safelight.receipt import bidi, fonts, look, text

NAMES = {
    "Latin": "Łukasz Żółć-Ngũgĩ",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Ксенія Їжакевич",
    "Arabic": "فاطمة الزهراء",
    "Hebrew": "שרה כהן",
    "Devanagari": "श्रीनिवास क्षेत्री",
    "Bengali": "রবীন্দ্রনাথ",
    "Gurmukhi": "ਹਰਪ੍ਰੀਤ",
    "Gujarati": "ગાંધી",
    "Tamil": "தமிழ்செல்வி",
    "Telugu": "శ్రీలక్ష్మి",
    "Kannada": "ಕನ್ನಡ",
    "Malayalam": "മലയാളം",
    "Sinhala": "ශ්‍රී",
    "Thai": "สมชาย",
    "Lao": "ສົມ",
    "Khmer": "សុខា",
    "Myanmar": "အောင်",
    "Georgian": "თამარი",
    "Armenian": "Արամ",
    "Ethiopic": "ኃይለ",
    "Chinese": "王小明 張偉",
    "Japanese": "山田太郎 さくら カナ",
    "Korean": "김철수",
    "Vietnamese": "Nguyễn Thị Ánh",
}


@pytest.mark.parametrize("script", NAMES)
def test_no_name_becomes_boxes(script: str) -> None:
    for weight in (fonts.REGULAR, fonts.BOLD):
        set_name = text.para(name(NAMES[script]), text.Style(weight=weight), 400)
        glyphs = [glyph for line in set_name.lines for unit in line.units for glyph in unit.shaped.glyphs]
        assert glyphs and all(glyph.id != 0 for glyph in glyphs), "glyph 0 is the box"
        shown = "".join(unit.shaped.text for line in set_name.lines for unit in line.units)
        assert sorted(shown.replace(" ", "")) == sorted(unicodedata.normalize("NFC", NAMES[script]).replace(" ", ""))


def test_what_no_typeface_has_is_spelled_out() -> None:
    assert drawn("a\U0001d4b3b") == "a[U+1D4B3]b"
    assert drawn("Zoë 🦊") == "Zoë 🦊"  # the emoji typeface has it


def test_markup_is_nothing_special() -> None:
    for hostile in ('<img src="/etc/passwd">', '<a href="javascript:x">', "<b>Anna", "a<b", "&amp;", "<br/>" * 30):
        assert drawn(name(hostile)) == hostile


def test_no_markup_engine_is_in_the_house() -> None:
    room = Path(text.__file__).parent
    for path in room.glob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        imports = {
            str(node.module) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)
        }
        assert "Paragraph" not in names and not any(each.startswith("reportlab.platypus") for each in imports), (
            path.name
        )


def test_names_are_cut_and_cleaned() -> None:
    assert len(clean("x" * 500)) == NAME_LIMIT and clean("x" * 500).endswith("…")
    assert clean("a\x00b\n c\u202e\u2066d\u200f\ud800") == "ab cd\ufffd"
    assert clean("  e\u0301  ") == "é"
    assert clean("\u200b") == ""


def test_a_million_marks_take_no_time() -> None:
    assert len(clean("e" + "\u0301" * 1_000_000)) <= NAME_LIMIT


@example("00©ᄀᄀ0", 40.0, False)  # three typefaces, no break between them
@given(st.text(max_size=300), st.floats(40, 400), st.booleans())
def test_every_line_fits_and_nothing_is_lost(untrusted: str, width: float, rtl: bool) -> None:
    cleaned = clean(untrusted)
    para = text.para(isolate(cleaned), look.BODY, width, rtl=rtl)
    for line in para.lines:
        single = len(line.units) == 1 and len(line.units[0].shaped.text) <= 12
        assert line.width <= width + 0.1 or single
    kept = sum(len(unit.shaped.text.replace(" ", "")) for line in para.lines for unit in line.units)
    wanted = text._spelled(cleaned, "en")
    assert kept == sum(each not in text._DRAWN_AS_NOTHING and each != " " for each in wanted)


LETTERS = st.text(st.sampled_from("abc אבג 123 ابت ,.-/ "), max_size=40)


@given(LETTERS, st.booleans())
def test_order_agrees_with_another_implementation(plain: str, rtl: bool) -> None:
    """python-bidi's Rust half (unicode-bidi) orders the same line independently; a line's end has no spaces."""
    plain = plain.strip()
    levels = bidi.levels(plain, rtl)
    ours = "".join(plain[index] for index in bidi.visual_order(levels))
    assert ours == str(get_display(plain, base_dir="R" if rtl else "L"))


def test_dates_keep_their_order_in_arabic() -> None:
    day = isolate_ltr("2027-05-01")
    assert "2027-05-01" in visual(f"حتى {day} فقط")
    assert "2027-05-01" not in visual("حتى 2027-05-01 فقط"), "without the isolate UAX #9 turns it round"


def test_a_foreign_name_keeps_its_order_and_its_brackets() -> None:
    assert "Anna (Müller) <x>" in visual(f"وقّعت {name('Anna (Müller) <x>')} هنا")


def visual(logical: str) -> str:
    line = text.para(logical, look.BODY, 500, rtl=True).lines[0]
    return "".join(unit.shaped.text for unit in line.units)


def drawn(shown: str) -> str:
    para = text.para(shown, look.BODY, 20_000)
    return "".join(unit.shaped.text for unit in para.lines[0].units)


def test_japanese_breaks_between_letters_but_not_before_a_full_stop() -> None:
    para = text.para("山田太郎さんの写真です。" * 4, look.BODY, 100)
    assert len(para.lines) > 3
    assert all(not line.units[0].shaped.text.startswith("。") for line in para.lines)


def test_every_colour_can_be_read() -> None:
    def light(colour: tuple[float, float, float]) -> float:
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for style in look.EVERY_STYLE:
        for ground in (look.PAPER, look.TINT):
            assert (light(ground) + 0.05) / (light(style.colour) + 0.05) >= 4.5  # WCAG 2.2, 1.4.3
    for disc in (look.INK, look.ACCENT):
        assert (1.05) / (light(disc) + 0.05) >= 4.5
