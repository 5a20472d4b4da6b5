"""Slows whoever guesses: each wrong attempt after the first few makes the next answer come later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FREE = 3
"""So many wrong attempts in a row cost nothing: fingers slip."""
LONGEST = 30.0
"""Seconds; guessing four digits then takes days."""


def wait_after(wrong: int) -> float:
    """Seconds the next attempt waits after so many wrong ones in a row: none at first, then twice as long each time."""
    return 0.0 if wrong < FREE else min(LONGEST, 2.0 ** min(wrong - FREE, 16))


class RateLimiter:
    """Counts wrong attempts of one kind. Attempts made at the same time wait for each other."""

    def __init__(self, wait: Callable[[float], None] = time.sleep) -> None:
        self._wait = wait
        self._turn = threading.Lock()
        self._wrong = 0

    def judged(self, check: Callable[[], bool]) -> bool:
        """What ``check`` says; a wrong attempt is answered only after a while that doubles each time."""
        with self._turn:
            if check():
                self._wrong = 0
                return True
            self._wrong += 1
            if seconds := wait_after(self._wrong - 1):
                self._wait(seconds)
            return False
