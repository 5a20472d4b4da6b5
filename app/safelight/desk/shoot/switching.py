"""Who is on set as the desk shows it: when Enter counts, when leaving somebody asks first, and who is next.

Nothing here knows Qt or the archive: it decides, the presenter acts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from safelight.domain.ids import SubjectId

People = tuple[SubjectId, ...]
KEY_PAUSE_S = 0.3
"""Enter so soon after another key may be the end of something else that was typed."""
SCAN_PAUSE_S = 1.0
"""After a card nobody knows: some scanners send more than one Enter."""
MOST = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """These people are wanted on set, by ``how`` (a word of the switch log)."""

    people: People
    how: str


class Switching:
    """The people on set, the wish that waits for a second Enter, and the times that keep Enter from counting."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._quiet_from = float("-inf")
        self.on_set: People = ()
        self.before: People = ()
        self.asked: Wish | None = None
        """Waits for a second Enter, because somebody would leave without a frame."""

    def key_pressed(self) -> None:
        """Another key than Enter was pressed."""
        self._quiet_from = max(self._quiet_from, self._clock() + KEY_PAUSE_S)

    def scanned_unknown(self) -> None:
        """A card was scanned that means nobody here."""
        self._quiet_from = max(self._quiet_from, self._clock() + SCAN_PAUSE_S)

    def enter_counts(self) -> bool:
        """Whether an Enter pressed now is meant."""
        return self._clock() >= self._quiet_from

    def may_leave(self, wish: Wish, shots: Mapping[SubjectId, int]) -> bool:
        """Whether whoever is on set may make room for ``wish`` now.

        Not the first time when one of those who leave has no frame: then the wish waits, and asked again it is granted.
        """
        leaving = [each for each in self.on_set if each not in wish.people]
        if self.asked == wish or all(shots.get(each, 0) for each in leaving):
            self.asked = None
            return True
        self.asked = wish
        return False

    def came_frame(self) -> None:
        """A frame came in: whatever was asked is out of date."""
        self.asked = None

    def put(self, people: People) -> People:
        """These are on set from now on; gives who was there before, to go back to should it fail."""
        left, self.on_set = self.on_set, people
        if left != people:
            self.before = left
        self.asked = None
        return left

    def read(self, people: People) -> None:
        """The archive says who is on set: somebody was put there by a slate, or taken out of the session."""
        if people != self.on_set:
            self.before, self.on_set, self.asked = self.on_set, people, None

    def forget(self) -> None:
        """Another session, or none."""
        self.on_set = self.before = ()
        self.asked = None
