"""How long the asking takes to read: every text really shown, counted in words, at 200 words a minute."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from safelight.domain.ceremony import CARDS, Step
from safelight.qt.controls import Button
from safelight.settings.texts import texts
from support.kiosk.desk_double import FIVE, LANGUAGES, person_double
from support.kiosk.stage import Stage, labels

WORDS_A_MINUTE = 200
SECONDS = 110
LETTERS_A_WORD = {"zh-Hans": 255 / 158, "ja": 357 / 193}
"""Where no blank parts the words: characters to a word, from the speeds in both units that the International Reading
Speed Texts found (Trauzettel-Klosinski and Dietz, 2012: Chinese 255 characters or 158 words a minute, Japanese 357 or
193). Marks of punctuation are no characters; a name or an address in Latin letters is one word a run of letters."""
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9@.-]*")


def words_in(text: str, language: str) -> float:
    """The words of ``text``: parted by blanks, or reckoned from the characters where there are none."""
    per_word = LETTERS_A_WORD.get(language)
    if per_word is None:
        return len([word for word in text.split() if any(letter.isalnum() for letter in word)])
    foreign = _LATIN.findall(text)
    own = _LATIN.sub("", text)
    return len(foreign) + len([letter for letter in own if unicodedata.category(letter)[0] in "LN"]) / per_word


def read(stage: Stage) -> Iterator[str]:
    """What a person reads on the step: its words and its buttons, not the rows around it."""
    assert stage.view is not None
    yield from (label.text() for label in labels(stage.view))
    yield from (each.words for each in stage.view.findChildren(Button) if each.isVisibleTo(stage.view))


def shown_while_asked(language: str) -> dict[str, list[str]]:
    """Every different text of the cards and of a job of five uses; what is met again is not read again."""
    seen: dict[str, list[str]] = {}
    met: set[str] = set()
    stage = Stage(person_double("Ada Quill", language, offered=FIVE), step=Step.NOTICE)
    stage.resize(1280, 800)
    stage.show()
    for _ in range(CARDS + 1):
        assert stage.step is not None
        for text in read(stage):
            if text not in met:
                met.add(text)
                seen.setdefault(stage.step.value, []).append(text)
        if stage.step is Step.NOTICE:
            stage.next.click()
    stage.close()
    stage.deleteLater()
    return seen


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_job_of_five_uses_is_read_in_110_seconds(qapp: QApplication, language: str) -> None:
    if texts(language).language != language:
        pytest.skip(f"no wording in {language}")
    seen = shown_while_asked(language)
    assert set(seen) == {"notice", "uses"}
    assert sum(len(seen[step]) for step in seen) >= 2 * CARDS + 2 * len(FIVE), "everything was there to be counted"
    words = sum(words_in(text, language) for step in seen for text in seen[step])
    assert words * 60 / WORDS_A_MINUTE <= SECONDS, f"{words:.0f} words"


def test_words_are_counted_as_said() -> None:
    assert words_in("You may show my photo.", "en") == 5
    assert words_in("« Oui ! »", "fr") == 1
    assert words_in("写真、写真。", "ja") == pytest.approx(4 * 193 / 357)
    assert words_in("Lamp & Lens です。", "ja") == pytest.approx(2 + 2 * 193 / 357)
