"""Every page of the ground, as it is painted: nothing cut, targets of 40 pixels, 4.5:1, a name for everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.bars import BottomBar, TopBar
from safelight.desk.cover.view import CoverView
from safelight.desk.founding.rows import Proof
from safelight.desk.founding.view import AgencyReady, FoundingView, SheetsView, TeamView, WaysIn
from safelight.desk.keys import Hand
from safelight.desk.sheet import closing_sheet, keys_sheet
from safelight.desk.status import Count, Running, SourceState, Status
from safelight.desk.strip import Strip
from safelight.desk.unlock.recovery_view import RecoveryView
from safelight.desk.unlock.view import UnlockView
from safelight.desk.waiting_page import WaitingPage
from safelight.qt import theme
from safelight.qt.jobs import Jobs
from safelight.settings.desk_texts import DeskTexts, desk_texts
from support.kiosk.looks import called, clipped, faint, nameless, touchable
from support.sampling import LONG

SIZES = ((1280, 720), (1600, 1000))
LEAST = 40


def founding(words: DeskTexts, _: QWidget) -> QWidget:
    page = FoundingView(words)
    page.show_countries({"DE": "Deutschland", "FR": "Frankreich"})
    page.name.set_text("Studio Nordlicht")
    page.passphrase.edit.setText("correct horse")
    page.show_error(words.get("founding.missing"))
    return page


def sheets(words: DeskTexts, _: QWidget) -> QWidget:
    page = SheetsView(words, Proof(2, 4), printer=True)
    page.show_kept(words.get("founding.saved"))
    page.show_error(words.get("founding.wrong_word"))
    return page


def unlock(words: DeskTexts, _: QWidget) -> QWidget:
    page = UnlockView(words, "/home/kim/.local/share/safelight/studio")
    page.show_error("This passphrase does not open this studio.", "Nothing was changed; try again.")
    return page


def recovery(words: DeskTexts, _: QWidget) -> QWidget:
    page = RecoveryView(words, "/home/kim/.local/share/safelight/studio")
    page.sheets[0].edit.setText("academic acid acne acquire acrobat activity actress")
    page.show_error("Recovery share 1 is not typed as it was printed.", "Compare it word by word; nothing was changed.")
    return page


def cover(words: DeskTexts, window: QWidget) -> QWidget:
    page = CoverView(words, window)
    page.show_cover("Studio Nordlicht", passphrase=True)
    page.show_error(words.get("cover.wrong_passphrase"))
    return page


def frame(words: DeskTexts, window: QWidget) -> QWidget:
    """The bars and the strip, as full as they get."""
    jobs = Jobs(window)
    status = Status(jobs, window)
    status.running.append(Running("Spring for Nordwind Energie", done=131, total=214))
    status.show_counts(*(Count("120", words.get(f"window.{key}")) for key in ("photographed", "people")))
    status.show_source(SourceState.QUIET, "Capture")
    status.show_backup("312 / 312")
    status.show_space("4 GB", alarming=True)
    page = QWidget()
    top, bottom, strip = TopBar(words), BottomBar(words), Strip(words.get("window.dismiss"))
    rows = QVBoxLayout(page)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(top)
    rows.addWidget(strip)
    rows.addStretch(1)
    rows.addWidget(bottom)
    top.set_tabs([(key, words.get(f"window.{key}")) for key in ("sessions", "shoot", "review", "export", "settings")])
    top.show_tab("shoot")
    top.show_job("Headshots for the spring campaign of Nordwind Energie AG", "27 November 2026")
    top.show_status(status)
    bottom.show_status(status)
    bottom.fit(window.width())
    strip.say("The disk is full.", "What was taken in is kept; free some space and it goes on.")
    jobs.close()
    return page


PAGES: dict[str, Callable[[DeskTexts, QWidget], QWidget]] = {
    "ways": lambda words, _: WaysIn(words),
    "founding": founding,
    "sheets": sheets,
    "team": lambda words, _: TeamView(words),
    "agency": lambda words, _: AgencyReady(words, "/home/kim/.local/share/safelight/agency"),
    "unlock": unlock,
    "recovery": recovery,
    "waiting": lambda words, _: WaitingPage(words, words.get("window.demo_ready"), stoppable=True),
    "cover": cover,
    "frame": frame,
    "keys": lambda words, window: keys_sheet(window, words, Hand.LEFT),
    "closing": lambda words, window: closing_sheet(window, words, 3, lambda: None, lambda: None),
}


def may_give_way(said: str, name: str) -> bool:
    """The bars are as wide as the window: there a line gives way, and its tool tip has the whole of it."""
    return name == "frame" and said.startswith("Line ")


EVERY_WAY = [
    (look, language, scale, size)
    for look, language in (("desk_dark", "en"), ("desk_light", "de"), ("desk_dark", "ar"))
    for scale in (1.0, 1.5)
    for size in SIZES
]
FEW = [("desk_dark", "en", 1.0, SIZES[1]), ("desk_light", "de", 1.5, SIZES[0]), ("desk_dark", "ar", 1.0, SIZES[0])]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    made.setProperty("role", "screen")
    QVBoxLayout(made).setContentsMargins(0, 0, 0, 0)
    yield made
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(
    ("look", "language", "scale", "size"), EVERY_WAY if LONG else FEW,
    ids=lambda each: "x".join(map(str, each)) if isinstance(each, tuple) else str(each),
)  # fmt: skip
@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_and_touched(
    window: QWidget, shoot: Callable[[QWidget, str], QImage], name: str, look: str, language: str, scale: float,
    size: tuple[int, int],
) -> None:  # fmt: skip
    tokens = theme.scaled(theme.THEMES[look], scale)
    theme.apply(window, tokens)
    theme.speak(window, language)
    window.resize(*size)
    window.show()
    page = PAGES[name](desk_texts(language), window)
    if page.parentWidget() is not window:
        rows = window.layout()
        assert rows is not None
        rows.addWidget(page)
    for _ in range(3):
        QCoreApplication.processEvents()
    picture = shoot(window, f"desk-{name}-{look.removeprefix('desk_')}-{language}-{scale:g}-{size[0]}")
    assert [said for said in clipped(page) if not may_give_way(said, name)] == []
    assert [called(each) for each in touchable(page) if min(each.width(), each.height()) < LEAST] == []
    assert nameless(page) == []
    assert not picture.isNull()
    # A grave accent is a few pixels: too few to tell its colour from.
    assert [said for said in faint(page) if not said.startswith("Line '`'")] == []


def test_a_message_takes_one_line_where_there_is_room_for_it(window: QWidget, qtbot: QtBot) -> None:
    strip = Strip("Dismiss")
    rows = window.layout()
    assert rows is not None
    rows.addWidget(strip)
    window.resize(1280, 720)
    window.show()
    strip.say("Short.", "A.")
    qtbot.waitUntil(lambda: strip.title.height() > 0)
    least = strip.title.heightForWidth(strip.title.width())
    strip.say("F8 hands over what one person has: first choose somebody.", "Ctrl+Z")
    qtbot.waitUntil(lambda: strip.title.width() > strip.hint.width())
    assert strip.title.heightForWidth(strip.title.width()) == least
    strip.hush()
