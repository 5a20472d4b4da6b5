"""How papers are set: no word of a table is cut in two, in no language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safelight.domain.page_document import PageDocument, Table
from safelight.receipt import look
from safelight.receipt.text import widest_part
from safelight.settings.rights_texts import OFFICE_LANGUAGES
from safelight.settings.texts import LANGUAGES
from support.rights_samples import OFFICE_PAPERS, PERSON_PAPERS

GAP = 10.0


def cut_words(document: PageDocument) -> list[str]:
    """The cells and heads in which a word is wider than its column."""
    found = []
    for table in (each for each in document.blocks if isinstance(each, Table)):
        room = look.ROOM - GAP * (len(table.heads) - 1)
        for at, (share, head) in enumerate(zip(table.shares, table.heads, strict=True)):
            told = [(head, look.LABEL)]
            for row in table.rows:
                first, *others = row[at]
                told += [(first, look.STRONG if at == 0 else look.CELL), *((each, look.CELL) for each in others)]
            width = room * share / sum(table.shares)
            found += [text for text, style in told if widest_part(text, style, document.language) > width]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_table_is_cut_in_two(language: str) -> None:
    papers = [make(language, "Anna") for make in PERSON_PAPERS.values()]
    if language in OFFICE_LANGUAGES:
        papers += [make(language, "Anna") for make in OFFICE_PAPERS.values()]
    assert [each for paper in papers for each in cut_words(paper)] == []


def test_a_word_that_is_wider_than_its_column_is_found() -> None:
    paper = OFFICE_PAPERS["requests"]("de", "Anna")
    table = next(each for each in paper.blocks if isinstance(each, Table))
    long = replace(table, rows=((("Datenübertragbarkeitsantrag",), *table.rows[0][1:]),))
    assert cut_words(replace(paper, blocks=(long,))) == ["Datenübertragbarkeitsantrag"]
