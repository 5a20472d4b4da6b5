"""What the desk says when something failed: the sentences of an error in the language of whoever works here."""

from __future__ import annotations

from safelight.domain.errors import SafelightError
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.failure_texts import failure_texts


def told(words: DeskTexts, error: SafelightError) -> tuple[str, str]:
    """What happened, and what was kept and what to do."""
    texts = failure_texts(words.language)
    return texts.told(error.title), texts.told(error.hint)


def told_as_one(words: DeskTexts, error: SafelightError) -> str:
    """Both in one line."""
    return " ".join(each for each in told(words, error) if each)


def told_reason(words: DeskTexts, reason: str) -> str:
    """A reason or a finding that is no error, such as why a file was left out."""
    return failure_texts(words.language).told(reason)
