"""Limits guessing: wrong guesses are counted in the archive, per screen, and nobody ever sits a wait out in a call.

A call answers at once, or raises :class:`TooManyGuesses` without looking at the guess: a thread that slept would hold
up whoever comes next. The count is durable before the answer is given, so neither a restart nor another process starts
it over, and whoever kills the program in between learned nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from safelight.documents.times import whole_seconds
from safelight.domain.sitting import TooManyGuesses
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio

FREE = 3
"""So many wrong attempts in a row cost nothing: fingers slip."""
LONGEST = 30.0
"""Seconds; guessing four digits then takes days."""


def wait_after(wrong: int, free: int = FREE) -> float:
    """Seconds the next attempt waits after so many wrong ones in a row: none at first, then twice as long each time."""
    return 0.0 if wrong < free else min(LONGEST, 2.0 ** min(wrong - free, 16))


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that can be guessed: ``free`` wrong guesses cost nothing, then the next ones wait longer and longer.

    ``forgotten_after`` is how long after the last wrong guess counting starts over; None: a right guess ends the count.
    """

    name: str
    free: int = FREE
    forgotten_after: timedelta | None = None


SCREEN_PIN = Secret("screen-pin")
TEAM_PIN = Secret("team-pin")
OPENING_CODE = Secret("opening-code")
RECEIPT_CODE = Secret("receipt-code", free=20, forgotten_after=timedelta(hours=1))
"""78 bits: nobody finds one by trying, so slips cost a moment and never the right to take something back."""
IDENTITY = Secret("identity", forgotten_after=timedelta(hours=1))
"""Per person: who holds one receipt tries birth dates, of which there are some thirty thousand, for ten days at least.

A right answer ends no count: who knows one fact must not get free guesses at another.
"""
CARD_CODE = Secret("card-code", free=50, forgotten_after=timedelta(hours=1))
"""Each code is another person's, so the next person must not pay for a stranger's slips, and with a code of one's own
the count could be ended between guesses at those of others. Three thousand guesses a day at 729 million codes are
nothing; whoever guesses more in an hour than slips explain waits, and a card held before the screen is let in always.
"""


class RateLimiter:
    """The guesses at one secret in one place: ``where`` is the screen (or the receipt, for its opening code)."""

    def __init__(self, studio: OpenStudio, secret: Secret, where: str) -> None:
        self._studio, self._secret = studio, secret
        key = studio.secrets.derive("guesses")
        # Screens have names, and names in clear are not for the disk.
        self._id = hmac.new(key, f"{secret.name}/{where}".encode(), hashlib.sha256).hexdigest()

    def judged(self, check: Callable[[], bool]) -> bool:
        """What ``check`` says of a guess, which may read the archive and must not write.

        Raises :class:`TooManyGuesses` while an earlier wrong one has to be waited for: the guess is neither looked at
        nor counted, so who keeps trying does not make it longer.
        """
        # Whatever the clock shows: whoever is held by a screen must be able to leave it and set the clock right.
        with self._studio.archive.transaction(self._studio.now_seen()) as writing:
            wrong = self._so_far()
            if check():
                if wrong and self._secret.forgotten_after is None:
                    self._studio.archive.guesses.remove(writing, self._id)
                return True
            self._count(writing, wrong + 1)
            return False

    def must_not_wait(self) -> None:
        """Raises :class:`TooManyGuesses` while an earlier wrong guess has to be waited for: asked before slow work.

        It decides nothing: :meth:`judged` asks again, in the transaction in which the guess counts.
        """
        self._so_far()

    def _so_far(self) -> int:
        """How many wrong guesses count now; raises while the last one has to be waited for."""
        self._studio.archive.rely_on(own=("guess",))
        kept = self._studio.archive.guesses.find(self._id)
        if kept is None:
            return 0
        # By the machine's own clock: the studio's stands still after it was set back, and a wait must end. Then one
        # guess is free, and who stands before a screen cannot set its clock.
        passed = (whole_seconds(self._studio.clock()) - kept.at).total_seconds()
        forgotten = self._secret.forgotten_after
        if forgotten is not None and passed >= forgotten.total_seconds():
            return 0
        left = wait_after(kept.wrong, self._secret.free) - passed
        if passed >= 0 and left > 0:
            raise TooManyGuesses(math.ceil(left))
        return kept.wrong

    def _count(self, writing: Transaction, wrong: int) -> None:
        self._studio.archive.guesses.put(writing, self._id, wrong, self._studio.clock())
