"""Turns the bytes of a roster into rows of text: which encoding, which delimiter, where each row begins."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from safelight.capture.roster_faults import Fault, FaultKind, fault
from safelight.domain.errors import Malformed

DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 200
_MOST_LINES_IN_A_ROW = 50
_LINE_END = re.compile(r"\r\n|\n|\r")
_SEP = re.compile(r"\s*\"?sep=([,;|\t])\"?\s*", re.IGNORECASE)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD = ("cp1252", "cp1250", "mac-roman", "latin-1")
"""One-byte encodings in order of preference where they read a file equally well."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: the line it begins on (from 1), its cells, its text; ``fault`` says why it has no cells."""

    line: int
    cells: tuple[str, ...]
    raw: str
    fault: Fault | None = None

    @property
    def empty(self) -> bool:
        """True for a blank line, or one of delimiters only."""
        return not self.fault and not any(cell.strip() for cell in self.cells)


def decode(untrusted: bytes) -> tuple[str, str]:
    """The text, and the name of the encoding it was read in. Raises Malformed for what is no text."""
    for mark, encoding in _MARKS:
        if untrusted.startswith(mark):
            return _strictly(untrusted, encoding), encoding
    if untrusted[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise Malformed("This is a spreadsheet file, not a list as text.", "Open it there and save it as CSV.")
    even, odd = untrusted[0::2].count(0), untrusted[1::2].count(0)
    if max(even, odd) > len(untrusted) // 8:  # UTF-16 without its mark: western text has zeros in every second place
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        return _without_zeros(_strictly(untrusted, encoding)), encoding
    try:
        return untrusted.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    readings = []
    for rank, encoding in enumerate(_OLD):
        try:
            text = untrusted.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((-_likeness(text), rank, text, encoding))
    _, _, text, encoding = min(readings)
    return _without_zeros(text), encoding


def _without_zeros(text: str) -> str:
    """``text``, whose encoding was guessed: with a zero in it, these are bytes of a picture or another program."""
    if "\0" in text:
        raise Malformed("This is no list as text.", "Choose a text file with a line for each person, such as CSV.")
    return text


def _strictly(untrusted: bytes, encoding: str) -> str:
    try:
        return untrusted.decode(encoding)
    except UnicodeDecodeError as error:
        raise Malformed(f"The list says it is {encoding} text, and is not.", "Save it again as CSV UTF-8.") from error


def _likeness(text: str) -> int:
    """How much the letters beyond ASCII look like parts of words: symbols and capitals inside words speak against."""
    score = 0
    for found in re.finditer(r"(?s)(.?)([^\x00-\x7f])(.?)", text[: 1 << 20]):
        before, letter, after = found.groups()
        beside = before.isalpha() or after.isalpha()
        if unicodedata.category(letter) in ("Cc", "Cn", "Co"):
            score -= 5
        elif not letter.isalpha():
            score -= 3 if beside else 0
        elif (letter.isupper() and before.islower()) or (letter.islower() and before.isupper() and after.isupper()):
            score -= 2
        else:
            score += 1
    return score


def choose_delimiter(lines: Sequence[str]) -> tuple[str, int]:
    """The delimiter, and how many lines at the top only say so (Excel's ``sep=;``)."""
    if lines and (said := _SEP.fullmatch(lines[0])):
        return said[1], 1
    best, best_score = ",", (-1.0, 0)
    for delimiter in DELIMITERS:
        widths = [len(row.cells) for row in islice(rows(lines, delimiter), 60) if row.cells and not row.empty]
        if not widths:
            continue
        width, times = Counter(widths).most_common(1)[0]
        score = (times / len(widths), width) if width > 1 else (0.0, max(widths))
        if score > best_score:
            best, best_score = delimiter, score
    return best, 0


def lines_of(text: str) -> list[str]:
    """Lines as spreadsheets end them; other separators of Unicode stay inside the text."""
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return lines


def rows(lines: Sequence[str], delimiter: str, *, start: int = 0) -> Iterator[RawRow]:
    """Rows as RFC 4180 and spreadsheets write them; a quoted cell may hold line ends.

    A quotation mark that is never closed costs its own line, not the rest of the list.
    """
    at = start
    while at < len(lines):
        row, used = _row(lines, at, delimiter)
        yield row
        at += used


def _row(lines: Sequence[str], at: int, delimiter: str) -> tuple[RawRow, int]:
    text, used, place = lines[at], 1, 0
    cells: list[str] = []
    while True:
        begin = place
        while text[begin : begin + 1] == " ":
            begin += 1
        if text[begin : begin + 1] != '"':
            end = text.find(delimiter, place)
            cells.append(text[place:] if end < 0 else text[place:end])
        else:
            closing = _closing(text, begin + 1)
            while closing < 0:
                if used >= _MOST_LINES_IN_A_ROW or at + used >= len(lines):
                    return RawRow(at + 1, (), lines[at], Fault(FaultKind.OPEN_QUOTE)), 1
                closing = _closing(text := text + "\n" + lines[at + used], begin + 1)
                used += 1
            end = text.find(delimiter, closing + 1)
            rest = text[closing + 1 :] if end < 0 else text[closing + 1 : end]
            cells.append(text[begin + 1 : closing].replace('""', '"') + rest.rstrip())
        if len(cells) > MOST_COLUMNS:
            return RawRow(at + 1, (), text, fault(FaultKind.MANY_CELLS, most=MOST_COLUMNS)), used
        if end < 0:
            return RawRow(at + 1, tuple(cells), text), used
        place = end + 1


def _closing(text: str, start: int) -> int:
    """Where the quotation mark is that ends a cell, or -1; two in a row are one that belongs to the cell."""
    while (found := text.find('"', start)) >= 0:
        if text[found + 1 : found + 2] != '"':
            return found
        start = found + 2
    return -1
