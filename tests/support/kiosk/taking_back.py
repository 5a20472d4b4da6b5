"""Somebody who takes back at a signing screen, in memory: what the screen asked is written down, and no studio is."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from safelight.domain.errors import SafelightError
from safelight.domain.identity import Fact
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from safelight.domain.sitting import MayTakeBack, TakenBack, TooManyGuesses
from support.kiosk.desk_double import CATALOGUE

RECEIPT = "K7QM-2XWP-9ABC-DEFG"
"""A code as it is printed."""
QR_TEXT = f"mailto:hello@lamp.example?subject=Withdraw%20{RECEIPT}"
"""What the QR code beside it says."""
BORN = "1.5.1990"
"""What is on file of whoever holds it."""


class TakingBackDouble:
    """One person with these yeses; ``proven`` as after a card was shown."""

    def __init__(
        self, *yes: str, guardian: bool = False, facts: Collection[Fact] = tuple(Fact), proven: bool = False
    ) -> None:
        self._yes = tuple(map(ScopeId, yes))
        self._shown = MayTakeBack(CATALOGUE, CATALOGUE.asked_ids(), guardian, frozenset(facts))
        self.tried: list[str] = []
        self.taken: list[tuple[frozenset[ScopeId] | None, Role]] = []
        self.failures: dict[str, SafelightError] = {}
        self.wait_s = 0
        self.pause = 0.0
        if proven:
            self._prove()

    @property
    def shown(self) -> MayTakeBack:
        return self._shown

    def prove(self, untrusted_fact: str) -> bool:
        self.tried.append(untrusted_fact)
        if self.wait_s:
            raise TooManyGuesses(self.wait_s)
        if untrusted_fact in (BORN, "AB12CD"):
            self._prove()
        return self._shown.proven

    def take_back(self, uses: frozenset[ScopeId] | None, by: Role) -> TakenBack:
        time.sleep(self.pause)
        if failure := self.failures.pop("take_back", None):
            raise failure
        self.taken.append((uses, by))
        named: Sequence[ScopeId] = self._yes if self._shown.proven else self._shown.uses
        stopped = tuple(each for each in named if uses is None or each in uses)
        letter = b"To: ada@example.com\r\n\r\n" + ", ".join(self._yes).encode() if self._yes else b""
        return TakenBack(stopped, "taken-back.eml", letter)

    def _prove(self) -> None:
        self._shown = replace(self._shown, uses=self._yes, proven=True)
