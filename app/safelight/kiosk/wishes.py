"""Connects a step's wishes to the ceremony under way, and the buttons of the other pages to the flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import SignalInstance

from safelight.asking.asking import Asking
from safelight.asking.flow import Flow
from safelight.asking.scene import Page
from safelight.domain.ids import Language

from .company import Company, Handover
from .held import Held, Stopped
from .hello import Hello
from .language_picker import LanguagePicker
from .pin import Pin
from .presigned import Presigned, Resumed
from .sheet import Sheet
from .thanks import Thanks
from .trouble import Trouble
from .view import StepView
from .waiting import Waiting
from .walkin import WalkIn


def listen(view: StepView, flow: Flow) -> None:
    """Every wish of ``view`` reaches whoever sits here when it is made; after they left it reaches nobody."""

    def to(signal: SignalInstance, wish: Callable[..., None]) -> None:
        def ask(*arguments: Any) -> None:
            if flow.asking is not None:
                wish(flow.asking, *arguments)

        signal.connect(ask)

    to(view.next_asked, Asking.next)
    to(view.back_asked, Asking.back)
    to(view.answer_asked, Asking.answer)
    to(view.more_asked, Asking.open_more)
    to(view.refuse_all_asked, Asking.refuse_all)
    to(view.photo_asked, Asking.judge)
    to(view.mark_asked, Asking.mark)
    to(view.question_asked, Asking.put)
    to(view.notice_asked, Asking.tell_more)
    to(view.sign_asked, Asking.sign)
    to(view.opened_asked, Asking.open)
    view.language_asked.connect(lambda code: flow.speak(Language(code)))
    view.stop_asked.connect(flow.stop)
    view.finish_asked.connect(flow.finish)


def make_sheet(page: Page, flow: Flow) -> Sheet:
    """The sheet of a page around the ceremony, connected."""
    return _SHEETS[page](flow)


def make_language_picker(flow: Flow, close: Callable[[], None]) -> Sheet:
    """The languages, above whatever page is shown."""
    sheet = LanguagePicker()

    def speak(code: str) -> None:
        close()
        flow.speak(Language(code))

    sheet.language_asked.connect(speak)
    sheet.close_asked.connect(close)
    sheet.close_asked.connect(flow.stage.show)
    return sheet


def make_pin(flow: Flow, close: Callable[[], None]) -> Sheet:
    """The way out, above whatever page is shown."""
    sheet = Pin()
    sheet.pin_asked.connect(flow.give_pin)
    sheet.close_asked.connect(close)
    hears_no_more = flow.pin_refused.connect(sheet.refuse)
    sheet.destroyed.connect(lambda: hears_no_more())
    return sheet


def _waiting(flow: Flow) -> Sheet:
    sheet = Waiting()
    sheet.code_asked.connect(flow.admit)
    sheet.no_card_asked.connect(flow.no_card)
    return sheet


def _walk_in(flow: Flow) -> Sheet:
    sheet = WalkIn()
    sheet.walk_in_asked.connect(lambda name, contact, code: flow.walk_in(name, contact, Language(code)))
    sheet.too_young_asked.connect(flow.too_young)
    sheet.home_asked.connect(flow.wait)
    return sheet


def _hello(flow: Flow) -> Sheet:
    sheet = Hello()
    sheet.start_asked.connect(flow.start)
    sheet.guardian_here_asked.connect(flow.guardian_here)
    sheet.guardian_absent_asked.connect(flow.guardian_absent)
    sheet.company_asked.connect(flow.with_company)
    sheet.not_me_asked.connect(flow.wait)
    sheet.leave_asked.connect(flow.leave_undecided)
    return sheet


def _company(flow: Flow) -> Sheet:
    sheet = Company()
    sheet.attend_asked.connect(flow.attend)
    return sheet


def _handover(flow: Flow) -> Sheet:
    sheet = Handover()
    sheet.start_asked.connect(flow.start)
    sheet.stop_asked.connect(flow.stop)
    return sheet


def _presigned(flow: Flow) -> Sheet:
    sheet = Presigned()
    sheet.confirm_asked.connect(flow.confirm)
    sheet.change_asked.connect(flow.change)
    sheet.not_me_asked.connect(flow.wait)
    return sheet


def _resumed(flow: Flow) -> Sheet:
    sheet = Resumed()
    sheet.go_on_asked.connect(flow.go_on)
    sheet.anew_asked.connect(flow.anew)
    sheet.not_me_asked.connect(flow.wait)
    return sheet


def _held(flow: Flow) -> Sheet:
    sheet = Held()
    sheet.done_asked.connect(flow.wait)
    return sheet


def _stopped(flow: Flow) -> Sheet:
    sheet = Stopped()
    sheet.done_asked.connect(flow.wait)
    sheet.go_on_asked.connect(flow.go_on)
    sheet.leave_asked.connect(flow.leave_undecided)
    return sheet


def _thanks(flow: Flow) -> Sheet:
    sheet = Thanks()
    sheet.done_asked.connect(flow.wait)
    return sheet


def _trouble(flow: Flow) -> Sheet:
    sheet = Trouble()
    sheet.again_asked.connect(flow.again)
    return sheet


_SHEETS: dict[Page, Callable[[Flow], Sheet]] = {
    Page.WAITING: _waiting,
    Page.WALK_IN: _walk_in,
    Page.HELLO: _hello,
    Page.COMPANY: _company,
    Page.HANDOVER: _handover,
    Page.PRESIGNED: _presigned,
    Page.RESUMED: _resumed,
    Page.HELD: _held,
    Page.STOPPED: _stopped,
    Page.THANKS: _thanks,
    Page.TROUBLE: _trouble,
}
