"""How far a long job is, in words: how many of how many, how fast, and how long it will take."""

from __future__ import annotations

from safelight.desk.status import Running
from safelight.settings.desk_texts import DeskTexts

_STEPS = 1000
_KIB = 1024
_UNITS = ("KB", "MB", "GB")


def bar_of(running: Running) -> tuple[int, int]:
    """The steps of its bar and where it stands; no steps while nobody knows how much it is.

    A bar counts to a thousand: the bytes of a bundle are more than it can.
    """
    return (_STEPS, running.done * _STEPS // running.total) if running.total > 0 else (0, 0)


def progress_words(words: DeskTexts, running: Running) -> str:
    """``131 of 214, 12 s left``; ``42 MB of 310 MB, 21 MB/s, 13 s left``; without the rest while nobody can say."""
    if running.total <= 0:
        return ""
    bytes_ = running.counts_bytes
    done = size_words(running.done) if bytes_ else str(running.done)
    total = size_words(running.total) if bytes_ else str(running.total)
    left = running.seconds_left
    if left is None:
        return words.get("window.progress", done=done, total=total)
    if bytes_:
        speed = size_words(round(running.speed))
        return words.get("window.progress_speed", done=done, total=total, speed=speed, left=left)
    return words.get("window.progress_left", done=done, total=total, left=left)


def size_words(size: int) -> str:
    """``size`` bytes in the unit people read: ``820 KB``, ``42 MB``, ``1.3 GB``."""
    number = size / _KIB
    for unit in _UNITS[:-1]:
        if number < _KIB:
            return f"{max(1, round(number))} {unit}"
        number /= _KIB
    return f"{number:.1f} {_UNITS[-1]}"
