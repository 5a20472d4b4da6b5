"""Text that others wrote, made fit to be printed: one line, no controls, no direction tricks, never markup."""

from __future__ import annotations

import unicodedata

NAME_LIMIT = 200
"""Characters a name or another person's text may have; what is longer ends in an ellipsis."""
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
ISOLATES = frozenset({LRI, RLI, FSI, PDI})
KEPT_FORMATS = frozenset({"\u200c", "\u200d", "\ufe0e", "\ufe0f", *ISOLATES})
"""The characters of category Cf that a printed line keeps: joiners, variation selectors, isolates."""
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(untrusted: str, limit: int = NAME_LIMIT) -> str:
    """``untrusted`` as one line of safe text: NFC, no controls, no direction tricks, at most ``limit`` characters.

    Direction isolates are dropped as well: whoever sets a name into a sentence isolates it as a whole.
    """
    # Cut before normalising: NFC of a million combining marks takes its time, and they may not hide the limit.
    shown = []
    for character in unicodedata.normalize("NFC", untrusted[: 4 * limit]):
        category = unicodedata.category(character)
        if category in {"Zs", "Zl", "Zp"} or character in "\t\n\r\v\f\u0085":
            shown.append(" ")
        elif category == "Cs":
            shown.append("\ufffd")
        elif category == "Cc" or (category == "Cf" and (character not in KEPT_FORMATS or character in ISOLATES)):
            continue
        else:
            shown.append(character)
    text = " ".join("".join(shown).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def name(untrusted: str, limit: int = NAME_LIMIT) -> str:
    """A name or another person's words, cleaned and isolated, ready to stand inside a sentence of either direction."""
    return isolate(clean(untrusted, limit))


def isolate(text: str) -> str:
    """``text`` as a unit of its own, in whatever direction its first strong letter has (UAX #9)."""
    return f"{FSI}{text}{PDI}"


def isolate_ltr(text: str) -> str:
    """``text`` as a left-to-right unit: dates, codes, hashes."""
    return f"{LRI}{text}{PDI}"


def spreadsheet_cell(text: str) -> str:
    """``text`` for a cell of a table that a spreadsheet opens: what begins like a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def without_isolates(text: str) -> str:
    """``text`` as it is written where nothing sets it: file names, subjects of mail."""
    return "".join(each for each in text if each not in ISOLATES)
