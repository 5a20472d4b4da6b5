"""Controls under hands and keys: what they say, what they signal, and that a name is never read as markup."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import segno
import zxingcpp
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.qt import lettering, theme
from safelight.qt.choices import ChoicePair, OneOf, SeveralOf
from safelight.qt.controls import Button, EntryField, IconButton, TextLabel
from safelight.qt.density import SUBJECT
from safelight.qt.flow_layout import FlowLayout
from safelight.qt.frames import Scroll, Steps
from safelight.qt.matrix import MatrixView
from safelight.qt.picture import PictureView

HOSTILE = "<b>Bold</b> & <img src='x'>"


def shown(qtbot: QtBot, widget: QWidget, width: int = 400, height: int = 300) -> QWidget:
    qtbot.addWidget(widget)
    if widget.property("safelight_tokens") is None:
        theme.apply(widget, theme.PAPER)
    widget.resize(width, height)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


@pytest.fixture
def pair(qtbot: QtBot) -> ChoicePair:
    made = ChoicePair("Yes", "No", "the studio's website", "You said yes", "You said no", "Not answered yet")
    shown(qtbot, made)
    made.activateWindow()
    qtbot.waitActive(made)
    return made


def test_nothing_is_chosen_at_the_start(pair: ChoicePair) -> None:
    assert pair.value is None
    assert (pair.yes.isChecked(), pair.no.isChecked()) == (False, False)
    assert pair.state.text() == "Not answered yet"


def test_a_chosen_yes_and_a_chosen_no_differ_by_their_mark_alone(pair: ChoicePair) -> None:
    sizes, painted = [], []
    for value, button in ((True, pair.yes), (False, pair.no)):
        pair.yes.set_words("Same"), pair.no.set_words("Same")
        pair.set_value(value)
        sizes.append((button.size().toTuple(), button.isChecked(), button.font().toString()))
        painted.append(button.grab().toImage())
    assert sizes[0] == sizes[1] and painted[0] != painted[1]
    filled = [image.pixelColor(6, image.height() // 2) for image in painted]
    assert filled[0] == filled[1], "neither weighs more"


def test_a_choice_is_signalled_once_and_can_be_changed(pair: ChoicePair) -> None:
    heard: list[bool] = []
    pair.chosen.connect(heard.append)
    for button in (pair.yes, pair.yes, pair.no):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard == [True, False]
    assert pair.value is False
    assert (pair.yes.isChecked(), pair.no.isChecked()) == (False, True)
    assert pair.state.text() == "You said no"


def test_a_choice_made_elsewhere_is_not_signalled(pair: ChoicePair, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(pair.chosen):
        pair.set_value(True)
    assert pair.yes.isChecked()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_choose(pair: ChoicePair, key: Qt.Key) -> None:
    pair.yes.setFocus()
    assert QApplication.focusWidget() is pair.yes
    QTest.keyClick(pair.yes, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is pair.no
    QTest.keyClick(pair.no, key)
    assert pair.value is False


def test_an_arrow_moves_but_does_not_choose(pair: ChoicePair) -> None:
    pair.yes.setFocus()
    QTest.keyClick(pair.yes, Qt.Key.Key_Right)
    assert QApplication.focusWidget() is pair.no
    assert pair.value is None


def test_each_answer_says_what_it_is_about(pair: ChoicePair) -> None:
    said = [QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name) for each in (pair.yes, pair.no)]
    assert said == ["Yes: the studio's website", "No: the studio's website"]


def test_other_words_leave_the_choice(pair: ChoicePair) -> None:
    pair.set_value(False)
    pair.set_words("Ja", "Nein", "die Website", "Ja gesagt", "Nein gesagt", "offen")
    assert (pair.value, pair.no.words, pair.state.text()) == (False, "Nein", "Nein gesagt")


def test_a_longer_word_makes_neither_answer_larger(qtbot: QtBot) -> None:
    pair = ChoicePair("Yes", "No, certainly not, and neither now nor at any time in any future", "x")
    shown(qtbot, pair, 380)
    assert pair.yes.size() == pair.no.size()
    assert pair.no.height() > 64


def test_one_of_several(qtbot: QtBot) -> None:
    term = OneOf("How long")
    shown(qtbot, term)
    term.offer([("y", "1 year"), ("s", "Until I say stop")])
    heard: list[str] = []
    term.chosen.connect(heard.append)
    assert term.value is None
    first, second = term.buttons
    for button in (first, second, second):
        button.click()
    assert heard == ["y", "s"]
    assert (first.isChecked(), second.isChecked()) == (False, True)
    assert second.accessibleName() == "How long: Until I say stop"
    term.offer([("z", "2 years")], "z")
    QApplication.processEvents()
    assert (term.value, len(term.buttons)) == ("z", 1)


def test_the_last_of_several_stays_chosen(qtbot: QtBot) -> None:
    where = SeveralOf("Where")
    shown(qtbot, where)
    where.offer([("DE", "Germany"), ("FR", "France"), ("IT", "Italy")])
    heard: list[frozenset[str]] = []
    where.chosen.connect(heard.append)
    assert where.value == frozenset()
    where.set_value(["DE"])
    germany, france, _ = where.buttons
    for button in (germany, france, germany, germany):
        button.click()
    assert heard == [frozenset({"DE", "FR"}), frozenset({"FR"}), frozenset({"DE", "FR"})]
    france.click(), germany.click()
    assert (where.value, germany.isChecked()) == (frozenset({"DE"}), True)
    assert germany.accessibleName() == "Where: Germany"


def test_names_are_shown_as_typed(qtbot: QtBot) -> None:
    words, button = TextLabel(HOSTILE), Button(HOSTILE)
    for widget in (words, button):
        shown(qtbot, widget, 700, 80)
    assert words.textFormat() == Qt.TextFormat.PlainText
    assert button.shortcut().isEmpty()
    assert QAccessible.queryAccessibleInterface(words).text(QAccessible.Text.Name) == HOSTILE
    assert QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) == HOSTILE
    icon = IconButton("close", HOSTILE)
    shown(qtbot, icon)
    assert "<" not in icon.toolTip()


def test_enter_and_space_press_a_button(qtbot: QtBot) -> None:
    button = Button("Next", "primary", "next")
    shown(qtbot, button)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        with qtbot.waitSignal(button.clicked):
            QTest.keyClick(button, key)


def test_a_line_is_typed_under_its_label(qtbot: QtBot) -> None:
    field = EntryField("Your name")
    shown(qtbot, field)
    with qtbot.waitSignals([field.edited, field.entered]):
        QTest.keyClicks(field.edit, "  Ada ")
        QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert field.text() == "Ada"
    assert field.edit.accessibleName() == "Your name"
    with qtbot.assertNotEmitted(field.edited):
        field.set_text("Bob")
    field.set_label("Ihr Name")
    assert (field.edit.accessibleName(), field.text()) == ("Ihr Name", "Bob")


def test_a_flow_runs_on_and_is_mirrored(qtbot: QtBot) -> None:
    window = QWidget()
    flow = FlowLayout(10, window)
    blocks = [QWidget() for _ in range(3)]
    for block in blocks:
        block.setFixedSize(100, 40)
        flow.addWidget(block)
    shown(qtbot, window, 230)
    assert [(each.x(), each.y()) for each in blocks] == [(0, 0), (110, 0), (0, 50)]
    assert flow.heightForWidth(230) == 90
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    assert [each.x() for each in blocks] == [130, 20, 130]


def test_a_page_scrolls_by_keys_only_when_there_is_more_of_it(qtbot: QtBot) -> None:
    inner = QWidget()
    rows = QVBoxLayout(inner)
    block = QWidget()
    block.setFixedHeight(900)
    rows.addWidget(block)
    scroll = Scroll(inner, "Page")
    shown(qtbot, scroll)
    assert scroll.focusPolicy() == Qt.FocusPolicy.StrongFocus
    QTest.keyClick(scroll, Qt.Key.Key_PageDown)
    assert scroll.verticalScrollBar().value() > 0
    block.setFixedHeight(50)
    qtbot.waitUntil(lambda: scroll.focusPolicy() == Qt.FocusPolicy.NoFocus)


def test_steps_are_told_and_drawn(qtbot: QtBot) -> None:
    steps = Steps()
    shown(qtbot, steps)
    steps.show_step(1, 4, "Step 1 of 4")
    one = steps.grab().toImage()
    steps.show_step(2, 4, "Step 1 of 4")
    assert steps.grab().toImage() != one
    assert steps.accessibleName() == "Step 1 of 4"


@pytest.mark.parametrize("name", theme.THEMES)
def test_the_code_on_the_screen_can_be_scanned(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    view = MatrixView()
    theme.apply(view, theme.THEMES[name])
    shown(qtbot, view, 300, 240)
    view.show_matrix(
        [[bool(module) for module in row] for row in segno.make("WITHDRAW-7F3K", error="m").matrix], "Code"
    )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    view.grab().save(buffer, "PNG")
    import io

    from PIL import Image

    with Image.open(io.BytesIO(buffer.data().data())) as picture:
        (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.text == "WITHDRAW-7F3K"
    assert view.accessibleName() == "Code"
    view.clear()
    assert view.accessibleName() == ""


def test_a_photo_is_shown_whole_and_forgotten(qtbot: QtBot) -> None:
    photo = QImage(300, 400, QImage.Format.Format_RGB32)
    photo.fill(QColor("#c02040"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    photo.save(buffer, "JPEG")  # type: ignore[call-overload]
    view = PictureView()
    shown(qtbot, view, 600, 500)
    view.show_jpeg(bytes(buffer.data().data()), "Photo 1 of 2")
    picture = view.grab().toImage()
    assert picture.pixelColor(300, 250).red() > 150
    reddish = sum(1 for x in range(600) if picture.pixelColor(x, 250).red() > 150 > picture.pixelColor(x, 250).blue())
    assert reddish == pytest.approx(300, abs=4), "not larger than it is"
    view.clear()
    assert view.grab().toImage().pixelColor(300, 250).red() != 192
    view.show_jpeg(b"no photo", "x")


def test_no_size_of_type_stands_in_the_style_sheet() -> None:
    sheet = theme.style_sheet(theme.PAPER)
    assert not re.search(r"font|\bpt\b", sheet)
    assert "$" not in sheet
    assert sorted(set(re.findall(r"#[0-9a-f]{6}", sheet)) - set(map(str, vars_of(theme.PAPER)))) == []


def vars_of(tokens: theme.Tokens) -> list[object]:
    return [getattr(tokens, name) for name in tokens.__slots__]


def test_no_type_a_subject_reads_is_small() -> None:
    assert min(points for points, _ in SUBJECT.type.values()) >= 18 and SUBJECT.unit == "points"


def test_pictures_of_the_tests_are_kept(shoot: Callable, qtbot: QtBot) -> None:
    words = TextLabel("A picture")
    shown(qtbot, words, 200, 60)
    assert shoot(words, "words").width() == 200


def test_words_are_laid_out_once_for_a_width_and_forgotten_with_their_label(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    label, button, page = TextLabel("Ada Falk of Berlin"), Button("Ada Falk of Berlin"), QWidget()
    rows = QVBoxLayout(page)
    rows.addWidget(label)
    rows.addWidget(button)
    shown(qtbot, page)
    asked: list[str] = []
    real = lettering.lay_out
    monkeypatch.setattr(
        lettering, "lay_out", lambda text, *told, **more: (asked.append(text), real(text, *told, **more))[1]
    )
    for each, change in ((label, label.setText), (button, button.set_words)):
        change("Ben Falk of Berlin")
        heights = [each.heightForWidth(width) for width in (90, 400)]
        asked.clear()
        assert [each.heightForWidth(width) for width in (90, 400)] == heights and heights[0] > heights[1]
        assert asked == []
        larger = each.font()
        larger.setPixelSize(3 * each.fontInfo().pixelSize())
        each.setFont(larger)
        assert each.heightForWidth(90) > heights[0] and asked != []
        change("")
        kept = each._lately
        assert "Falk" not in kept._text
        assert not [one for one in kept._set.values() if "Falk" in one.layout.text()]
