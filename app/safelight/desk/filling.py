"""Says that the studio's status list is nearly full, wherever the desk tells it."""

from __future__ import annotations

from safelight.settings.desk_texts import DeskTexts
from safelight.studio.queries.status_lists import ListFill


def nearly_full_words(words: DeskTexts, newest: ListFill | None) -> tuple[str, ...]:
    """One sentence, or none while there is room."""
    if newest is None or not newest.nearly_full:
        return ()
    return (words.get("settings.status_nearly_full", list=newest.number, used=newest.used, capacity=newest.capacity),)
