"""The parts beside the pictures: the banner asks, alarms are answered by digits, answers do not stay open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from safelight.desk.shoot import answers_panel
from safelight.desk.shoot.alarm_card import AlarmFrame, shape_of
from safelight.desk.shoot.key_button import KeyButton
from safelight.desk.shoot.rows import AlarmCard, AnswerLine, AnswersPage, BannerRow, Choice, PaceRow, Place, Weight
from safelight.desk.shoot.view import ShootView
from safelight.domain.ids import ScopeId
from safelight.qt import theme
from safelight.qt.controls import TextLabel
from safelight.settings.desk_texts import desk_texts
from support.desk_people import Blank

Window = Callable[..., QWidget]
ANA = BannerRow(Place.PERSON, ("Ana Sousa",), ("A-019", "Portuguese"), 3, 5, "Jonas Ångström")
CARDS = (
    AlarmCard("c1", Weight.QUESTION, "1 frame to check", "Whose?", (Choice("a", "Ana"), Choice("m", "Mehmet"))),
    AlarmCard("c2", Weight.WARNING, "A sixth shot", "", (Choice("ok", "Fine"),)),
    AlarmCard("c3", Weight.DANGER, "The folder is gone"),
)


def place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def test_the_next_person_stands_on_the_one_primary_button(view: ShootView, in_window: Window) -> None:
    window = in_window(view)
    view.banner.show_row(ANA)
    assert view.banner.next.words == "Next: Jonas Ångström"
    primary = [each for each in window.findChildren(QWidget) if each.property("kind") == "primary" and each.isVisible()]
    assert primary == [view.banner.next]
    apart = place(view.banner.next, window).left() - place(view.banner.hand_over, window).right() - 1
    assert apart >= 24


def test_name_and_count_are_read_from_afar(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.banner.show_row(ANA)
    assert view.banner.name.fontInfo().pixelSize() >= 34 and view.banner.count.fontInfo().pixelSize() >= 34
    assert view.banner.count.text() == "3"


def test_nobody_on_set_says_where_frames_go(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.banner.show_row(BannerRow(Place.NOBODY, next_name="Ana"))
    assert "nobody" in view.banner.details.text and not view.banner.count.isVisible()
    view.banner.show_row(BannerRow(Place.AT_SIGNING, ("Ana",), shots=1))
    assert view.banner.take_back.isVisible() and not view.banner.hand_over.isVisible()
    view.banner.show_row(BannerRow(Place.NO_SESSION))
    assert not view.banner.next.isEnabled()


def test_a_group_of_twelve_is_named_small(view: ShootView, in_window: Window, shoot: Callable) -> None:
    window = in_window(view)
    names = tuple(f"Person {number} Lindqvist-Ångström" for number in range(12))
    view.banner.show_row(BannerRow(Place.GROUP, names, shots=2, next_name="Ana"))
    shoot(window, "shoot-group")
    assert "12" in view.banner.name.text and view.banner.height() <= 120


def test_a_shot_too_many_shakes_once_and_not_for_who_wants_no_motion(
    view: ShootView, in_window: Window, qtbot: QtBot
) -> None:
    in_window(view)
    over = BannerRow(Place.PERSON, ("Ana Sousa",), (), 6, 5, "Jonas", over=True)
    view.banner.moves = False
    view.banner.show_row(over)
    assert not view.banner.is_shaking
    view.banner.show_row(ANA)
    view.banner.moves = True
    at = view.banner.name.pos()
    view.banner.show_row(over)
    assert view.banner.is_shaking
    qtbot.waitUntil(lambda: not view.banner.is_shaking, timeout=2000)
    assert view.banner.name.pos() == at
    view.banner.show_row(over)
    assert not view.banner.is_shaking


def test_alt_and_a_digit_answer_over_all_cards(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.work()
    given: list[tuple[str, str]] = []
    view.alarms.answered.connect(lambda *told: given.append(told))
    view.alarms.show_cards(CARDS)
    for digit in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4):
        QTest.keyClick(view.shots, digit, Qt.KeyboardModifier.AltModifier)
    assert given == [("c1", "m"), ("c2", "ok")]


def test_other_words_for_an_alarm_make_no_other_card(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.alarms.show_cards(CARDS)
    before = view.alarms.findChildren(AlarmFrame)
    button = before[0].findChildren(KeyButton)[1]
    button.setFocus()
    choices = replace(CARDS[0].choices[0], words="Zoë"), *CARDS[0].choices[1:]
    said = replace(CARDS[0], title="Two frames", choices=choices)
    view.alarms.show_cards((said, *CARDS[1:]))
    assert view.alarms.findChildren(AlarmFrame) == before and button.hasFocus()
    assert {"Zoë"} <= {each.words for each in before[0].findChildren(KeyButton)}
    assert before[0].accessibleName().startswith("Two frames")
    assert "Two frames" in [each.text() for each in before[0].findChildren(TextLabel)]


def test_an_alarm_that_goes_moves_the_digits_of_those_behind_it(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.alarms.show_cards(CARDS)
    view.alarms.show_cards(CARDS[1:])
    given: list[tuple[str, str]] = []
    view.alarms.answered.connect(lambda *told: given.append(told))
    assert view.alarms.answer(1) and given == [(CARDS[1].key, CARDS[1].choices[0].key)]
    QTest.qWait(50)
    shown = sorted((each for each in view.alarms.findChildren(AlarmFrame) if each.isVisible()), key=AlarmFrame.y)
    assert [each.shape for each in shown] == [shape_of(CARDS[1], ["Alt 1"]), shape_of(CARDS[2], [])]


def test_an_alarm_is_announced_once_when_it_comes(
    view: ShootView, in_window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_window(view)
    told: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            told.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    view.alarms.show_cards(CARDS)
    assert told == [f"{each.title}. {each.words}" for each in CARDS]
    view.alarms.show_cards(CARDS[:1])
    assert len(told) == len(CARDS), "what stays is not told again"


def test_answers_are_closed_until_asked_for_and_close_by_themselves(
    view: ShootView, in_window: Window, qtbot: QtBot
) -> None:
    assert answers_panel.OPEN_S == 10
    in_window(view)
    panel = view.answers
    page = AnswersPage("Ana", (AnswerLine(ScopeId("use.directory"), "Directory", True, "Nov 2028"),), "Signed")
    panel.show_page(page)
    assert not panel._sheet.isVisible()
    with qtbot.waitSignal(panel.opened):
        panel.toggle()
    panel.show_page(page)
    assert panel._sheet.isVisible()
    panel._away.setInterval(20)
    panel._away.start()
    with qtbot.waitSignal(panel.closed, timeout=2000):
        pass
    assert not panel._sheet.isVisible() and panel._title.text() == "" and panel._grid.count() == 0


def test_covering_drops_names_answers_and_alarms(view: ShootView, in_window: Window) -> None:
    in_window(view)
    view.alarms.show_cards(CARDS)
    view.answers.toggle()
    view.forget()
    assert view.roster.model.rowCount() == 0 and not view.alarms.cards and not view.answers.is_open


def test_a_low_window_gives_everything_to_the_newest_frame(view: ShootView, in_window: Window, shoot: Callable) -> None:
    view.banner.show_row(ANA)
    view.pace.show_row(PaceRow(63, 120, "ready at 15:50", (("17", "people an hour"),)))
    window = in_window(view, 1280, 632)
    assert not view.right.isVisible() and view.banner.height() == 56 and view.strip.height() == 76
    shoot(window, "shoot-low")
    assert view.large.width() >= 390 and view.large.height() >= 490
    view.alarms.show_cards(CARDS)
    assert view.right.isVisible()
    shoot(window, "shoot-low-alarm")
    assert view.large.width() >= 390 and view.large.height() >= 490
    view.alarms.show_cards(())
    view.shots.setFocus()
    QTest.keyClick(view.shots, Qt.Key.Key_Tab)
    assert not view.roster.isVisible()
    view.look_for("so")
    assert view.roster.isVisible()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_every_target_is_large_enough(view: ShootView, in_window: Window, scale: float) -> None:
    tokens = theme.scaled(theme.DESK_DARK, scale)
    window = in_window(view, 1600, 912, scale=scale)
    view.alarms.show_cards(CARDS)
    view.banner.show_row(ANA)
    QTest.qWait(20)
    small = [
        (each.accessibleName(), each.size())
        for each in window.findChildren(QWidget)
        if isinstance(each, QPushButton | QLineEdit)
        and each.isVisible()
        and min(each.width(), each.height()) < tokens.px(40)
    ]
    assert small == []


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar"])
def test_on_a_low_window_nothing_of_the_banner_is_cut(in_window: Window, language: str) -> None:
    words = desk_texts(language)
    low = ShootView(words, Blank(), Blank(), Blank())
    in_window(low, 1280, 632, language=language)
    banner, next_name = low.banner, "Jonas Ångström"
    names = ("Ana Sousa", "Maximilian Freiherr von Oertzen", "Мария Соколова", "أمينة الحداد", "Jean-Luc Béranger")
    for name in names:
        asked = words.get("shoot.no-frame-yet", name=name, next=next_name)
        for row in (
            BannerRow(Place.PERSON, (name,), ("H7K2PM", "Español", "ready"), 3, 5, next_name),
            BannerRow(Place.PERSON, (name,), (), 0, 5, next_name, asked),
        ):
            banner.show_row(row)
            QApplication.processEvents()
            texts = (banner.name, banner.details, banner.question)
            assert [each.text for each in texts if each.isVisible() and each.is_cut] == []
    rows = (
        BannerRow(Place.NOBODY, next_name=next_name), BannerRow(Place.AT_SIGNING, names[:1], (), 3, 5, next_name),
        BannerRow(Place.GROUP, names, (), 4, 0, next_name), BannerRow(Place.NO_SESSION),
    )  # fmt: skip
    for row in rows:
        banner.show_row(row)
        QApplication.processEvents()
        texts = (banner.name, banner.details, banner.group)
        assert [each.text for each in texts if each.isVisible() and each.is_cut] == []
