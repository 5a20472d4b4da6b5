"""Where the typefaces lie that print receipts and letter the screens: Noto Sans, in packages that hold nothing else.

Paper and screen use the same letters, so a receipt looks on the screen as it does in the hand.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_SCRIPTS = "manimgx_fonts", "{0}[wght].ttf"
_EAST_ASIA = "justmytype_intl_cjk", "fonts/ofl/{1}/{0}[wght].ttf"

SMALL = (
    "NotoSans", "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari", "NotoSansBengali", "NotoSansGurmukhi",
    "NotoSansGujarati", "NotoSansOriya", "NotoSansTamil", "NotoSansTelugu", "NotoSansKannada", "NotoSansMalayalam",
    "NotoSansSinhala", "NotoSansThai", "NotoSansLao", "NotoSansMyanmar", "NotoSansKhmer", "NotoSansGeorgian",
    "NotoSansArmenian", "NotoSansEthiopic", "NotoSansSymbols", "NotoEmoji",
)  # fmt: skip
LARGE = ("NotoSansSC", "NotoSansJP", "NotoSansKR", "NotoSansTC")
FIRST_FOR = {
    "hi": "NotoSansDevanagari",
    "zh-Hans": "NotoSansSC",
    "ja": "NotoSansJP",
    "ko": "NotoSansKR",
    "zh-Hant": "NotoSansTC",
    "zh-TW": "NotoSansTC",
    "ar": "NotoSansArabic",
}
"""The typeface asked before its neighbours: Chinese, Japanese and Korean share code points but not their forms."""


def path(name: str) -> Path:
    """The TrueType file of ``name`` (of :data:`SMALL` or :data:`LARGE`), with an axis of weight."""
    package, place = _EAST_ASIA if name in LARGE else _SCRIPTS
    return Path(str(files(package).joinpath(place.format(name, name.lower()))))


def order(language: str) -> tuple[str, ...]:
    """Every typeface in the order in which a letter is looked for in a text of ``language``."""
    preferred = FIRST_FOR.get(language)
    if preferred in SMALL:
        # Arabic and Devanagari before Latin, because all have the punctuation.
        return (preferred, *(each for each in SMALL if each != preferred), *LARGE)
    if preferred is not None:
        return (*SMALL, preferred, *(each for each in LARGE if each != preferred))
    return (*SMALL, *LARGE)
