"""Makes the pages around the ceremony and hands the wishes of every page to the flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from safelight.asking.flow import Flow
from safelight.asking.scene import Page

from .company import Company, Handover
from .held import Held, Stopped
from .hello import Hello
from .language_picker import LanguagePicker
from .pin import Pin
from .presigned import Presigned, Resumed
from .sheet import Sheet
from .thanks import Thanks
from .trouble import Trouble
from .view import Wisher
from .waiting import Waiting
from .walkin import WalkIn

SHEETS: Mapping[Page, type[Sheet]] = {
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
}
"""The sheet of each page around the ceremony."""


def listen(page: Wisher, flow: Flow) -> None:
    """Every wish of ``page`` reaches ``flow``."""
    page.wished.connect(lambda wish, arguments: wish.tell(flow, *arguments))


def make_sheet(page: Page, flow: Flow) -> Sheet:
    """The sheet of a page around the ceremony, connected."""
    sheet = SHEETS[page]()
    listen(sheet, flow)
    return sheet


def make_language_picker(flow: Flow, close: Callable[[], None]) -> Sheet:
    """The languages, above whatever page is shown."""
    sheet = LanguagePicker()
    sheet.wished.connect(lambda _wish, _arguments: close())  # first: the page below is what speaks the language then
    sheet.close_asked.connect(close)
    sheet.close_asked.connect(flow.stage.show)
    listen(sheet, flow)
    return sheet


def make_pin(flow: Flow, close: Callable[[], None]) -> Sheet:
    """The way out, above whatever page is shown."""
    sheet = Pin()
    sheet.close_asked.connect(close)
    hears_no_more = flow.pin_refused.connect(sheet.refuse)
    sheet.destroyed.connect(lambda: hears_no_more())
    listen(sheet, flow)
    return sheet
