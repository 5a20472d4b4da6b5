"""Where somebody stands who takes back what they allowed: all that the pages about it may show, at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from safelight.domain.sitting import MayTakeBack


@dataclass(frozen=True, slots=True)
class MindState:
    """``shown`` is what the studio lets the screen see, None until a code was found.

    ``chosen`` are the uses to take back, None for all of them; ``by`` in which role, None while they have not said.
    ``stopped`` is what may be shown as ended. ``wrong`` is the key of the sentence for what was not right, ``busy``
    True while the studio works.
    """

    shown: MayTakeBack | None = None
    chosen: frozenset[ScopeId] | None = frozenset()
    by: Role | None = None
    stopped: tuple[ScopeId, ...] = ()
    wrong: str = ""
    busy: bool = False

    @property
    def meant(self) -> tuple[ScopeId, ...]:
        """The uses that are taken back, in the order they are asked."""
        uses = self.shown.uses if self.shown is not None else ()
        return uses if self.chosen is None else tuple(each for each in uses if each in self.chosen)

    @property
    def ready(self) -> bool:
        """Whether everything is said that has to be: which uses, and in which role where somebody else may act."""
        return bool(self.meant) and (self.by is not None or (self.shown is not None and not self.shown.guardian))
