"""A number and its noun, so that messages never say "1 photos"; for English, which is what the terminal speaks."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """``1 photo``, ``2 photos``; ``several`` where the plural is not made with an s."""
    return f"{number} {one if number == 1 else several or one + 's'}"
