"""The rules and the time authority for their section."""

from __future__ import annotations

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.domain.changes import Changes
from safelight.settings.locales import month_words
from safelight.studio.queries.rules import RulesInForce, rules_in_force
from safelight.studio.receipts import set_time_authority

from .reading import Reading, act
from .rows import RuleLine, RulesState
from .rules_view import RulesView


class RulesPresenter(QObject):
    """Between the section, ``queries.rules`` and ``receipts.set_time_authority``."""

    def __init__(self, desk: Desk, view: RulesView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self.reading = Reading(desk, Changes.STUDIO, lambda: rules_in_force(desk.studio), self._show, self)
        view.authority_given.connect(self._set_authority)

    def open(self) -> None:
        """The section is on screen."""
        self.reading.open()

    def leave(self) -> None:
        """Another one is."""
        self.reading.leave()
        self._view.forget()

    def _show(self, found: RulesInForce) -> None:
        words = self._desk.words
        lines = tuple(
            RuleLine(
                words.get(f"settings.rules_{each.name}"), month_words(words.language, "", each.looked_up), each.stale
            )
            for each in found.lists
        )
        stale = any(each.stale for each in found.lists)
        warning = words.get("settings.rules_stale", days=found.stale_days) if stale else ""
        version = words.get("settings.version", program=found.program, rules=found.rules_version)
        self._view.show_rules(RulesState(version, lines, warning, found.time_authority or ""))

    def _set_authority(self, address: str) -> None:
        studio, block = self._desk.studio, self._view.stamps

        def work() -> tuple[None, Changes]:
            return None, set_time_authority(studio, address or None)

        act(self._desk, block, work, lambda _: block.address.set_text(""))
