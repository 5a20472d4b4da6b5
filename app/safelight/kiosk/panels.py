"""Makes the pages around the ceremony and hands the wishes of every page to the flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from safelight.asking.flow import Flow
from safelight.asking.scene import Page

from .company import Company, Handover
from .held import Held, Stopped
from .hello import Hello
from .language_picker import LanguagePicker
from .mind import MIND_PANELS
from .pin_entry import PinEntry
from .presigned import Presigned, Resumed
from .screen_panel import ScreenPanel
from .thanks import Thanks
from .trouble import Trouble
from .view import Wisher
from .waiting import Waiting
from .walkin import WalkIn

PANELS: Mapping[Page, type[ScreenPanel]] = {
    Page.WAITING: Waiting,
    Page.WALK_IN: WalkIn,
    Page.HELLO: Hello,
    Page.COMPANY: Company,
    Page.HANDOVER: Handover,
    Page.PRESIGNED: Presigned,
    Page.RESUMED: Resumed,
    Page.HELD: Held,
    Page.STOPPED: Stopped,
    Page.THANKS: Thanks,
    Page.TROUBLE: Trouble,
    **MIND_PANELS,
}
"""The panel of each page around the ceremony."""


def listen(page: Wisher, flow: Flow) -> None:
    """Every wish of ``page`` reaches ``flow``."""
    page.wished.connect(lambda wish, arguments: wish.tell(flow, *arguments))


def make_panel(page: Page, flow: Flow) -> ScreenPanel:
    """The panel of a page around the ceremony, connected."""
    panel = PANELS[page]()
    listen(panel, flow)
    return panel


def make_language_picker(flow: Flow, close: Callable[[], None]) -> ScreenPanel:
    """The languages, above whatever page is shown."""
    panel = LanguagePicker()
    panel.wished.connect(lambda _wish, _arguments: close())  # first: the page below is what speaks the language then
    panel.close_asked.connect(close)
    panel.close_asked.connect(flow.stage.show)
    listen(panel, flow)
    return panel


def make_pin(flow: Flow, close: Callable[[], None]) -> ScreenPanel:
    """The way out, above whatever page is shown."""
    panel = PinEntry()
    panel.close_asked.connect(close)
    hears_no_more = flow.pin_refused.connect(panel.refuse)
    panel.destroyed.connect(lambda: hears_no_more())
    listen(panel, flow)
    return panel
