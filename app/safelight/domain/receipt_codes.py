"""The code on a receipt: which letters it is made of, and how it is taken out of what was typed, pasted or scanned."""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0/O, 1/I/L or U: a code is read out over the phone and typed by hand."""
GROUPS, LETTERS = 4, 4
LENGTH = GROUPS * LETTERS
"""Letters in a whole code, the hyphens between its groups not counted."""

_GROUP = f"[{ALPHABET}]{{{LETTERS}}}"
# As printed, whatever stands around it: the e-mail that the QR code of a receipt opens names it in its subject.
_PRINTED = re.compile("-".join((_GROUP,) * GROUPS))


def in_groups(letters: str) -> str:
    """``letters`` as they stand on a receipt, also while there are too few: ``K7QM-2XW``."""
    return "-".join(letters[at : at + LETTERS] for at in range(0, len(letters), LETTERS))


def typed_letters(untrusted_text: str) -> str:
    """The letters of a code that is being typed; empty where anything but letters, digits, blanks and hyphens is.

    Letters that no code has are left out, whatever they may have been meant for: nobody's code is guessed.
    """
    letters = _plain(untrusted_text)
    return "".join(each for each in letters if each in ALPHABET)[:LENGTH] if letters.isalnum() else ""


def receipt_code(untrusted_text: str) -> str | None:
    """The code in what somebody typed (any case and gaps), pasted or had read from a receipt; None where there is none.

    It may be anybody's, or nobody's: that is for the archive to say.
    """
    letters = _plain(untrusted_text)
    if len(letters) == LENGTH and all(each in ALPHABET for each in letters):
        return in_groups(letters)
    found = _PRINTED.findall(unicodedata.normalize("NFKC", untrusted_text).upper())
    return found[-1] if found else None


def _plain(text: str) -> str:
    """``text`` in capitals without gaps and dashes of any kind, in the ordinary forms of its letters."""
    whole = unicodedata.normalize("NFKC", text).upper()
    return "".join(each for each in whole if not each.isspace() and unicodedata.category(each) not in ("Pd", "Cf"))
