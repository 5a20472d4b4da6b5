"""The pages for whoever changes their mind: from the code of a receipt to what was taken back.

With the code alone every word on them is the same whatever was answered. May import what ``kiosk`` may. Read
``uses.py`` first.
"""

from __future__ import annotations

from collections.abc import Mapping

from safelight.asking.scene import Page
from safelight.kiosk.screen_panel import ScreenPanel

from .check import MindCheck
from .code import MindCode
from .done import MindDone
from .fact import MindFact
from .uses import MindUses

MIND_PANELS: Mapping[Page, type[ScreenPanel]] = {
    Page.MIND_CODE: MindCode,
    Page.MIND_USES: MindUses,
    Page.MIND_FACT: MindFact,
    Page.MIND_CHECK: MindCheck,
    Page.MIND_DONE: MindDone,
}
"""The panel of each page."""

__all__ = ("MIND_PANELS", "MindCheck", "MindCode", "MindDone", "MindFact", "MindUses")
