"""veraPDF on papers about people's rights: PDF/A-3b and tagged, whatever the names and the language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from safelight.receipt.page_documents import render_document
from support.rights_samples import EVERYONE, OFFICE_PAPERS, PERSON_PAPERS

Judge = Callable[[str, Path], tuple[bool, list[str]]]
EACH_IN_ANOTHER_LANGUAGE = [
    *zip(PERSON_PAPERS, ("ar", "zh-Hans", "hi", "ja", "uk", "de"), strict=True),
    *zip(OFFICE_PAPERS, ("ar", "fr", "es"), strict=True),
]


@pytest.mark.parametrize(("paper", "language"), EACH_IN_ANOTHER_LANGUAGE)
def test_a_paper_is_an_archival_document_a_screen_reader_can_read(
    paper: str, language: str, verapdf: Judge, tmp_path: Path
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(render_document((PERSON_PAPERS | OFFICE_PAPERS)[paper](language, EVERYONE)))
    assert verapdf("3b", path) == (True, [])
    # All that accessible PDF asks, except that the file does not claim to be one.
    assert [rule[:3] for rule in verapdf("ua1", path)[1]] == ["5-1"]
