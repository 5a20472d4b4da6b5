"""Short answers stay in one piece in scripts without spaces."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from safelight.qt import theme
from safelight.qt.lettering import lay_out, widest_word
from safelight.settings.texts import texts


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "hi", "tr"])
@pytest.mark.parametrize("key", ["yes", "no", "next", "back", "sign", "done"])
def test_a_short_answer_is_not_parted(language: str, key: str, qapp: QApplication) -> None:
    words, font = texts(language).ceremony[key], theme.font(theme.PAPER)
    if " " not in words:
        assert widest_word(words, font) >= lay_out(words, font).width - 1
