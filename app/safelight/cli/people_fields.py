"""How a language and a guardian are written on the command line."""

from __future__ import annotations

from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, is_language
from safelight.domain.people import Guardian


def guardian(text: str) -> Guardian:
    """NAME:RELATION or NAME:RELATION:sole."""
    name, _, rest = text.partition(":")
    relation, _, sole = rest.partition(":")
    if not name.strip() or not relation.strip() or sole not in ("", "sole"):
        raise WrongUsage(f"'{text[:60]}' does not name a guardian.", "Write NAME:RELATION or NAME:RELATION:sole.")
    return Guardian(name.strip(), relation.strip(), sole=bool(sole))


def language(text: str) -> Language:
    """A language tag like en, de or zh-Hans."""
    if not is_language(text):
        raise WrongUsage(f"'{text[:20]}' is not a language.", "Write a tag like en, de or zh-Hans.")
    return Language(text)
