"""Every control in every theme and size of type: readable by its pixels, large enough to touch, never cut, named."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from safelight.kiosk.pad import SignaturePad
from safelight.qt import theme
from safelight.qt.controls import Button, TextLabel
from safelight.qt.density import DESK, SUBJECT
from safelight.qt.lettering import lay_out

EVERY_LOOK = [(name, scale) for name, tokens in theme.THEMES.items() for scale in tokens.density.scales]


def luminance(colour: QColor) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4) for value in
             (colour.redF(), colour.greenF(), colour.blueF())]  # fmt: skip
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def ratio(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def contrast_within(picture: QImage, area: QRect) -> float:
    """The greatest contrast between the commonest colour of ``area`` and one that is there more than by chance."""
    part = picture.copy(area).convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(bytes(part.constBits()), np.uint32)
    colours, times = np.unique(pixels, return_counts=True)
    ground = QColor(int(colours[times.argmax()]))
    return max(ratio(QColor(int(each)), ground) for each in colours[times >= 3])


def place(widget: QWidget, root: QWidget, inset: int = 0) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()).adjusted(inset, inset, -inset, -inset)


def touchable(root: QWidget) -> list[QWidget]:
    kinds = (QAbstractButton, QLineEdit, SignaturePad)
    return [each for each in root.findChildren(QWidget) if isinstance(each, kinds) and each.isVisible()]


@pytest.mark.parametrize(("name", "scale"), EVERY_LOOK)
def test_words_are_read_by_their_pixels(gallery: Callable, shoot: Callable, name: str, scale: float) -> None:
    page = gallery(name, scale)
    picture = shoot(page, f"controls-{name}-{round(scale * 100)}")
    least = 7.0 if name.endswith("high_contrast") else 4.5
    thin = [(each.text(), contrast_within(picture, place(each, page))) for each in page.texts]
    thin += [
        (each.words, contrast_within(picture, place(each, page, 8)))
        for each in page.findChildren(Button)
        if each.words and each.isEnabled()
    ]
    thin.append(("field", contrast_within(picture, place(page.field.edit, page, 8))))
    assert len(thin) > 15
    assert [(words, found) for words, found in thin if found < least] == []


def test_grey_on_white_would_be_found(qtbot: QtBot, shoot: Callable) -> None:
    label = TextLabel("A sentence nobody can read")
    qtbot.addWidget(label)
    label.setStyleSheet("color: #949494; background: #ffffff")
    label.show()
    assert 1.5 < contrast_within(label.grab().toImage(), label.rect()) < 4.5


@pytest.mark.parametrize("name", theme.THEMES)
def test_colours_are_told_apart_from_every_ground_they_stand_on(name: str) -> None:
    tokens = theme.THEMES[name]
    least = 7.0 if name.endswith("high_contrast") else 4.5
    kinds = ("text", "muted", "faint", "accent", "yes", "waiting", "no", "warning")
    pairs = [(kind, ground) for kind in kinds for ground in ("page", "card", "raised", "accent_soft")]
    faint = [
        (kind, ground, round(found, 2))
        for kind, ground in (*pairs, ("on_accent", "accent"))
        if (found := ratio(QColor(getattr(tokens, kind)), QColor(getattr(tokens, ground)))) < least
    ]
    assert faint == []


@pytest.mark.parametrize("name", theme.THEMES)
def test_outlines_of_what_can_be_touched_are_seen(gallery: Callable, name: str) -> None:
    tokens = theme.THEMES[name]
    for ground in (tokens.page, tokens.card):
        assert ratio(QColor(tokens.edge), QColor(ground)) >= 3
        assert ratio(QColor(tokens.focus), QColor(ground)) >= 3
        assert ratio(QColor(tokens.accent), QColor(ground)) >= 3


@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
@pytest.mark.parametrize("scale", SUBJECT.scales)
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_is_cut(gallery: Callable, shoot: Callable, language: str, scale: float, width: int) -> None:
    page = gallery("paper", scale, language, width)
    if width == 800:
        shoot(page, f"controls-{language}-{round(scale * 100)}")
    inner = page.area.widget()
    if width >= 800:
        assert inner.width() <= page.area.viewport().width()
    for each in page.findChildren(TextLabel):
        if each.isVisible():
            lettering = lay_out(each.text(), each.font(), each.width())
            assert each.height() >= lettering.height, each.text()
            assert lettering.width <= each.width() + 1, each.text()
    for button in page.findChildren(Button):
        if button.words and button.isVisible():
            assert button.height() >= button.heightForWidth(button.width()), button.words


@pytest.mark.parametrize("scale", SUBJECT.scales)
def test_everything_is_large_enough_to_touch(gallery: Callable, scale: float) -> None:
    page = gallery("paper", scale)
    found = touchable(page)
    assert len(found) > 12
    assert [(each.accessibleName(), each.size()) for each in found if min(each.width(), each.height()) < 48] == []
    assert all(each.height() >= 64 for each in (page.pair.yes, page.pair.no, *page.buttons[1:]))


def test_everything_has_a_name(gallery: Callable) -> None:
    page = gallery()
    for each in touchable(page):
        name = QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name)
        assert name.strip(), each
    assert QAccessible.queryAccessibleInterface(page.pair.yes).text(QAccessible.Text.Name).startswith("Yes: ")
    assert page.steps.accessibleName() == "Step 4 of 9: Uses"


def test_every_control_is_reached_by_tab(gallery: Callable, qtbot: QtBot) -> None:
    page = gallery()
    page.activateWindow()
    qtbot.waitActive(page)
    wanted = {each for each in touchable(page) if each.isEnabled()}
    reached = []
    for _ in range(2 * len(wanted)):
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert wanted <= set(reached)
    first = [each for each in dict.fromkeys(reached) if each in wanted]
    tops = [place(each, page).top() for each in first]
    start = tops.index(min(tops))
    turned = tops[start:] + tops[:start]
    assert all(later >= earlier - 4 for earlier, later in itertools.pairwise(turned)), "Tab goes down the page"


def test_the_focus_is_seen(gallery: Callable, qtbot: QtBot) -> None:
    page = gallery()
    page.activateWindow()
    qtbot.waitActive(page)
    for each in touchable(page):
        if each.isEnabled():
            page.area.setFocus() if each.hasFocus() else None
            each.clearFocus()
            before = each.grab().toImage()
            each.setFocus()
            assert each.grab().toImage() != before, each.accessibleName()


def test_yes_and_no_are_alike_until_one_is_chosen(gallery: Callable) -> None:
    page = gallery()
    yes, no = page.open_pair.yes, page.open_pair.no
    assert yes.size() == no.size()
    assert yes.font() == no.font()
    assert [yes.property("kind"), yes.isDefault()] == [no.property("kind"), no.isDefault()]
    yes.set_words("M")
    no.set_words("M")
    QApplication.processEvents()
    page.area.setFocus()
    assert yes.grab().toImage() == no.grab().toImage()


def test_chosen_is_more_than_a_colour(gallery: Callable) -> None:
    page = gallery()
    pair = page.open_pair
    before = pair.grab().toImage().convertToFormat(QImage.Format.Format_Mono)
    pair.yes.click()
    after = pair.grab().toImage().convertToFormat(QImage.Format.Format_Mono)
    assert before != after
    assert pair.state.text() == "You said yes"
    assert pair.yes.accessibleDescription() == "You said yes"


def test_the_look_changes_while_it_is_shown(gallery: Callable, qapp: QApplication) -> None:
    page = gallery()
    before = page.grab().toImage()
    small = page.texts[0].height()
    theme.apply(page, theme.scaled(theme.DARK, 2.0))
    qapp.processEvents()
    assert page.grab().toImage() != before
    assert page.texts[0].fontInfo().pointSizeF() == pytest.approx(52, abs=0.6)
    assert page.texts[0].height() > small


def test_arabic_is_a_mirror(gallery: Callable) -> None:
    page = gallery("paper", 1.0, "ar")
    assert page.pair.yes.x() > page.pair.no.x()
    assert page.term.buttons[0].x() > page.term.buttons[1].x()
    title = page.texts[0]
    picture = page.grab(place(title, page)).toImage()
    assert contrast_within(picture, QRect(picture.width() - 60, 0, 60, picture.height())) > 4.5, "starts on the right"
    assert contrast_within(picture, QRect(0, 0, 60, picture.height())) < 1.5


def test_a_window_may_look_other_than_the_rest(gallery: Callable, qtbot: QtBot) -> None:
    page = gallery()
    other = TextLabel("other")
    window = QWidget()
    qtbot.addWidget(window)
    theme.apply(window, theme.scaled(theme.DARK, 1.5))
    theme.speak(window, "ar")
    other.setParent(window)
    window.show()
    assert theme.tokens_of(other).name == "dark"
    assert other.fontInfo().pointSizeF() == pytest.approx(27, abs=0.6)
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert theme.tokens_of(page).name == "paper"
    assert page.layoutDirection() == Qt.LayoutDirection.LeftToRight


# One theme, two tables of sizes.


def sizes(page: Any) -> dict[str, object]:
    return {
        "body": page.texts[3].fontInfo().pixelSize(), "button": page.off.height(),
        "icon": page.icons[0].size().toTuple(), "field": page.field.edit.height(),
    }  # fmt: skip


def test_the_desk_is_denser_in_the_same_colours_and_controls(gallery: Callable, shoot: Callable) -> None:
    subject, desk = gallery("paper"), gallery("desk_light")
    shoot(gallery("desk_dark"), "controls-desk-dark")
    assert sizes(subject) == {"body": 24, "button": 64, "icon": (48, 48), "field": 52}
    assert sizes(desk) == {"body": 13, "button": 40, "icon": (40, 40), "field": 40}
    assert desk.buttons[0].height() < subject.buttons[0].height(), "a quiet one"
    assert sizes(gallery("desk_light", 1.5))["button"] == 60


@pytest.mark.parametrize("role", SUBJECT.type)
def test_every_role_has_its_size_at_the_desk(role: str, qapp: QApplication) -> None:
    assert theme.font(theme.DESK_DARK, role).pixelSize() == round(DESK.type[role][0])
    assert theme.font(theme.scaled(theme.DESK_DARK, 1.5), role).pixelSize() == round(1.5 * DESK.type[role][0])
    assert theme.font(theme.PAPER, role).pointSizeF() == SUBJECT.type[role][0]


@pytest.mark.parametrize("scale", DESK.scales)
@pytest.mark.parametrize("language", ["en", "de", "ar", "ja"])
def test_nothing_is_cut_at_the_desk(gallery: Callable, language: str, scale: float) -> None:
    page = gallery("desk_light", scale, language)
    for each in page.findChildren(TextLabel):
        if each.isVisible():
            lettering = lay_out(each.text(), each.font(), each.width())
            assert each.height() >= lettering.height, each.text()
            assert lettering.width <= each.width() + 1, each.text()
    for button in page.findChildren(Button):
        if button.words and button.isVisible():
            assert button.height() >= button.heightForWidth(button.width()), button.words
    assert [each.accessibleName() for each in touchable(page) if min(each.width(), each.height()) < 24] == []


def test_two_windows_of_a_program_keep_their_own_look(gallery: Callable, qapp: QApplication) -> None:
    before = (qapp.font(), qapp.palette(), qapp.styleSheet(), qapp.layoutDirection())
    signing, desk = gallery("high_contrast", 2.0, "ar"), gallery("desk_light")
    assert (qapp.font(), qapp.palette(), qapp.styleSheet(), qapp.layoutDirection()) == before
    assert theme.tokens_of(signing.off).name == "high_contrast" and theme.tokens_of(desk.off).name == "desk_light"
    kept = desk.grab().toImage()
    theme.apply(signing, theme.DARK)
    theme.speak(signing, "ja")
    qapp.processEvents()
    assert desk.grab().toImage() == kept
    assert signing.layoutDirection() == Qt.LayoutDirection.LeftToRight
