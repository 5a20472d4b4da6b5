"""The pages for a change of mind as real widgets: fingers, keys, scanner; what they say; that nothing stays of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from safelight.asking.scene import Page
from safelight.domain.ids import Language, ScopeId
from safelight.domain.people import Role
from safelight.domain.receipt_codes import ALPHABET
from safelight.kiosk.mind import MindCheck, MindCode, MindDone, MindFact, MindUses
from safelight.kiosk.window import LINGER_MS
from safelight.qt.controls import Button
from safelight.settings.texts import texts
from support.kiosk import looks
from support.kiosk.driving import Driven
from support.kiosk.forgetting import FIRST, holders, marker, spoken
from support.kiosk.taking_back import BORN, QR_TEXT, RECEIPT, TakingBackDouble
from support.sampling import LONG

FOLDER = Path(__file__).parents[3] / "test-output" / "screens" / "mind"
YES = ("use.portfolio", "use.directory", "ai.train-generative")
SLIP = "2222-3333-4444-5555"


@pytest.fixture
def kiosk(qapp: QApplication, tmp_path: Path) -> Iterator[Driven]:
    driven = Driven()
    driven.handing._letters = tmp_path / "letters"
    driven.desk.receipts[RECEIPT] = TakingBackDouble(*YES)
    yield driven
    driven.close()


def on(kiosk: Driven, kind: type[QWidget]) -> QWidget:
    assert isinstance(kiosk.window.content, kind)
    return kiosk.window.content


def begin(kiosk: Driven) -> None:
    kiosk.click(kiosk.words("change_mind"))
    on(kiosk, MindCode)


def double(kiosk: Driven) -> TakingBackDouble:
    found = kiosk.desk.receipts[RECEIPT]
    assert isinstance(found, TakingBackDouble)
    return found


def told(kiosk: Driven) -> list[str]:
    """Every word on the screen, and every word a screen reader has for it."""
    parts = [each for each in kiosk.window.findChildren(QWidget) if each.isVisible()]
    words = [each.text() for each in parts if isinstance(each, QLabel | QAbstractButton)]
    states = [str(each.isChecked()) for each in parts if isinstance(each, QAbstractButton)]
    return [*words, *states, *(each.accessibleName() + each.accessibleDescription() for each in parts)]


def test_everything_is_taken_back_by_finger_on_the_keys_of_the_screen(kiosk: Driven) -> None:
    begin(kiosk)
    page = on(kiosk, MindCode)
    assert isinstance(page, MindCode)
    assert "".join(page.keys.keys) == ALPHABET and not page.next.isEnabled()
    kiosk.touch(page.keys.keys["K"])
    for letter in RECEIPT.replace("-", "")[1:] + "22":  # two too many change nothing
        kiosk.click(page.keys.keys[letter])
    assert page.code.edit.text() == RECEIPT
    kiosk.click(page.keys.delete)
    assert page.code.edit.text() == RECEIPT[:-1]
    kiosk.click(page.keys.keys["G"])
    kiosk.touch(page.next)
    kiosk.touch(kiosk.words("mind_all"))
    on(kiosk, MindCheck)
    assert kiosk.words("mind_group") in told(kiosk)
    kiosk.click(kiosk.words("mind_do"))
    on(kiosk, MindDone)
    assert {kiosk.words(each) for each in ("mind_done_all", "mind_letter", "mind_again")} <= set(told(kiosk))
    assert double(kiosk).taken == [(None, Role.SUBJECT)]
    kiosk.touch(kiosk.words("done"))
    assert kiosk.page is Page.WAITING


def test_some_uses_are_taken_back_by_keyboard_alone(kiosk: Driven) -> None:
    def tab_to(words: str) -> None:
        for _ in range(40):
            focus = QApplication.focusWidget()
            if isinstance(focus, Button) and focus.words == words:
                return
            kiosk.key(Qt.Key.Key_Tab)
        pytest.fail(f"Tab does not lead to '{words}'")

    tab_to(kiosk.words("change_mind"))
    kiosk.key(Qt.Key.Key_Space)
    for letter in "k7q m-2xwp 9abc dOIlefg":  # lower case, gaps, and letters that no code has
        kiosk.type(letter)
        kiosk.settle()
        QCoreApplication.processEvents()
        kiosk.input_watch.forget()  # not as fast as a scanner
    page = on(kiosk, MindCode)
    assert isinstance(page, MindCode)
    assert page.code.edit.text() == RECEIPT
    kiosk.key(Qt.Key.Key_Return)
    on(kiosk, MindUses)
    for name in ("Social media", "Training picture AI"):
        tab_to(name)
        kiosk.key(Qt.Key.Key_Space)
    tab_to(kiosk.words("mind_some"))
    kiosk.key(Qt.Key.Key_Return)
    kiosk.key(Qt.Key.Key_Tab)
    tab_to(kiosk.words("mind_do"))
    kiosk.key(Qt.Key.Key_Return)
    on(kiosk, MindDone)
    assert double(kiosk).taken == [(frozenset({ScopeId("use.social"), ScopeId("ai.train-generative")}), Role.SUBJECT)]


def test_a_receipt_is_read_by_the_scanner_whatever_has_the_focus(kiosk: Driven) -> None:
    kiosk.scan(QR_TEXT)  # on the waiting page itself
    on(kiosk, MindUses)
    kiosk.click(kiosk.words("close"))
    begin(kiosk)
    kiosk.button(kiosk.words("back")).setFocus()
    kiosk.scan(QR_TEXT)
    on(kiosk, MindUses)
    assert kiosk.desk.asked == [QR_TEXT, QR_TEXT]
    kiosk.click(kiosk.words("mind_show"))
    kiosk.scan("AB12CD")
    page = on(kiosk, MindUses)
    assert isinstance(page, MindUses)
    assert [each.words for each in page.uses.buttons] == ["Portfolio", "Staff directory", "Training picture AI"]


@pytest.mark.parametrize("pasted", [f"  {RECEIPT.lower()} ", RECEIPT.replace("-", ""), QR_TEXT])
def test_a_code_that_is_pasted_is_understood(kiosk: Driven, pasted: str) -> None:
    begin(kiosk)
    QGuiApplication.clipboard().setText(pasted)
    kiosk.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    kiosk.key(Qt.Key.Key_Return)
    on(kiosk, MindUses)
    QGuiApplication.clipboard().clear()


def test_a_letter_in_the_middle_is_mended_where_it_stands(kiosk: Driven) -> None:
    begin(kiosk)
    page = on(kiosk, MindCode)
    assert isinstance(page, MindCode)
    page.code.edit.setText(SLIP)
    kiosk.click(page.next)
    assert kiosk.words("mind_unknown") in told(kiosk)
    assert page.code.edit.text() == SLIP, "sixteen letters are not typed twice"
    page.code.edit.setCursorPosition(2)
    page.code.edit.setFocus()
    kiosk.key(Qt.Key.Key_Backspace)
    kiosk.type("K")
    assert (page.code.edit.text(), page.code.edit.cursorPosition()) == ("2K22-3333-4444-5555", 2)


def test_after_too_many_wrong_codes_the_page_says_to_wait_and_goes_on_after_that(kiosk: Driven) -> None:
    begin(kiosk)
    kiosk.desk.wait_s = 20
    kiosk.scan(QR_TEXT)
    assert kiosk.words("pin_wait") in told(kiosk) and kiosk.page is Page.MIND_CODE
    kiosk.desk.wait_s = 0
    kiosk.scan(QR_TEXT)
    on(kiosk, MindUses)


def test_what_will_stop_and_what_stays_is_read_before_anything_is_done(kiosk: Driven) -> None:
    double(kiosk).prove(BORN)
    kiosk.scan(QR_TEXT)
    kiosk.click(kiosk.words("mind_all"))
    said = " ".join(told(kiosk))
    for use in YES:
        scope = double(kiosk).shown.catalogue.scope(use)
        assert scope.withdrawal_can["en"] in said and scope.withdrawal_cannot["en"] in said
    assert double(kiosk).taken == []
    kiosk.click(kiosk.words("back"))
    on(kiosk, MindUses)


def test_a_guardian_on_file_is_asked_who_acts_and_nothing_happens_before(kiosk: Driven) -> None:
    kiosk.desk.receipts[RECEIPT] = TakingBackDouble(*YES, guardian=True)
    kiosk.scan(QR_TEXT)
    kiosk.click(kiosk.words("mind_all"))
    assert not kiosk.button(kiosk.words("mind_do")).isEnabled()
    kiosk.click(kiosk.words("guardian_is_here"))
    kiosk.click(kiosk.words("mind_do"))
    assert double(kiosk).taken == [(None, Role.GUARDIAN)]


WAYS = ("mind_all", "mind_some", "mind_show")


@pytest.mark.parametrize("way", WAYS)
def test_every_word_is_the_same_whatever_was_answered(kiosk: Driven, way: str) -> None:
    """Somebody who found a receipt learns nothing by its code."""
    heard = []
    for yes in ((), YES, ("use.stock",)):
        kiosk.desk.receipts[RECEIPT] = TakingBackDouble(*yes)
        kiosk.scan(QR_TEXT)
        words = [told(kiosk)]
        if way == "mind_some":
            kiosk.click("Portfolio")
            kiosk.click("Research")
        kiosk.click(kiosk.words(way))
        words.append(told(kiosk))
        if way == "mind_show":
            kiosk.type("me@me.example")
            kiosk.click(kiosk.words("next"))
        else:
            kiosk.click(kiosk.words("mind_do"))
        words.append(told(kiosk))
        heard.append(words)
        kiosk.flow.wait()
        kiosk.settle()
    assert heard[0] == heard[1] == heard[2]


def test_idle_the_page_clears_itself_and_nothing_typed_stays(kiosk: Driven) -> None:
    begin(kiosk)
    kiosk.type(FIRST)
    kiosk.window.hide_person()
    kiosk.settle()
    assert kiosk.page is Page.WAITING and kiosk.window.cover.isHidden()
    kiosk.scan(QR_TEXT)
    kiosk.click(kiosk.words("mind_show"))
    kiosk.type(marker())
    kiosk.window.hide_person()
    kiosk.settle()
    kiosk.desk.receipts.clear()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    assert kiosk.page is Page.WAITING and holders() == []
    assert not [each for each in spoken(QApplication.allWidgets()) if FIRST in each]


def test_the_confirmation_is_saved_for_the_team_and_nothing_of_it_shows(kiosk: Driven, tmp_path: Path) -> None:
    kiosk.handing._letters = tmp_path / "in the way"
    (tmp_path / "in the way").write_bytes(b"")
    kiosk.scan(QR_TEXT)
    kiosk.click(kiosk.words("mind_all"))
    kiosk.click(kiosk.words("mind_do"))
    assert kiosk.page is Page.TROUBLE
    (tmp_path / "in the way").unlink()
    kiosk.click(kiosk.words("failed_again"))
    assert kiosk.page is Page.MIND_DONE and len(double(kiosk).taken) == 1
    (saved,) = (tmp_path / "in the way").iterdir()
    assert saved.name == "taken-back.eml" and YES[0].encode() in saved.read_bytes()
    assert not [each for each in told(kiosk) if "eml" in each or "ada@" in each]


def test_the_last_page_leaves_by_itself(kiosk: Driven) -> None:
    kiosk.scan(QR_TEXT)
    kiosk.click(kiosk.words("mind_all"))
    kiosk.click(kiosk.words("mind_do"))
    assert kiosk.window._linger.isActive() and kiosk.window._linger.interval() == 3 * LINGER_MS
    kiosk.window._linger.timeout.emit()
    kiosk.settle()
    assert kiosk.page is Page.WAITING


def test_from_the_page_of_languages_it_goes_on_in_the_same_language(kiosk: Driven) -> None:
    kiosk.scan("AB12CD")
    kiosk.click(kiosk.words("start"))
    kiosk.click(kiosk.words("change_mind"))
    on(kiosk, MindCode)
    assert kiosk.flow.asking is None


def test_yeses_are_taken_back_after_the_birth_date(kiosk: Driven) -> None:
    kiosk.scan(QR_TEXT)
    kiosk.click(kiosk.words("mind_show"))
    page = on(kiosk, MindFact)
    assert isinstance(page, MindFact)
    assert page.code.label.text() == "Birth date, E-mail address, Telephone"
    kiosk.type("?")
    kiosk.click(page.next)
    assert kiosk.words("mind_wrong") in told(kiosk) and page.code.text() == ""
    page.code.edit.setText(BORN)
    kiosk.click(page.next)
    kiosk.click("Portfolio")
    kiosk.click(kiosk.words("mind_some"))
    kiosk.click(kiosk.words("mind_do"))
    assert {"Portfolio", kiosk.words("mind_done_some")} <= set(told(kiosk))
    assert "Staff directory" not in told(kiosk)


def test_tab_leads_through_the_uses_to_what_is_kept_below(kiosk: Driven) -> None:
    kiosk.desk.receipts[RECEIPT] = TakingBackDouble(*YES, guardian=True, proven=True)
    kiosk.scan(QR_TEXT)
    for stops, on_with in (
        (("Portfolio", "Staff directory", "Training picture AI", "Close", "Take back what I chose"), "mind_all"),
        (("I am in the photo", "I am the guardian", "Back", "Take it back"), "mind_do"),
    ):
        kiosk.click(stops[0])
        reached: list[str] = []
        while len(reached) < len(stops):
            focus = QApplication.focusWidget()
            reached += [focus.words] if isinstance(focus, Button) else []
            kiosk.key(Qt.Key.Key_Tab)
        assert tuple(reached) == stops
        kiosk.click(kiosk.words(on_with))


PAGES: dict[str, Callable[[Driven], object]] = {
    "code": lambda _: None,
    "unknown": lambda kiosk: kiosk.scan(SLIP),
    "uses": lambda kiosk: kiosk.scan(QR_TEXT),
    "fact": lambda kiosk: kiosk.click(kiosk.words("mind_show")),
    "yeses": lambda kiosk: kiosk.scan(BORN),
    "check": lambda kiosk: kiosk.click(kiosk.words("mind_all")),
    "done": lambda kiosk: (kiosk.click(kiosk.words("mind_me")), kiosk.click(kiosk.words("mind_do"))),
}
LOOKS = [("en", (1280, 800), 0, 0), ("ar", (800, 1280), 1, 2)]
MORE = [(each, size, 2, 1) for each in ("de", "ja", "hi", "uk") for size in ((1280, 800), (800, 1280))]


@pytest.mark.parametrize(("language", "size", "larger", "look"), LOOKS + MORE if LONG else LOOKS)
def test_every_page_can_be_read_and_touched(
    kiosk: Driven, language: str, size: tuple[int, int], larger: int, look: int
) -> None:
    """Pictures of every page are kept in test-output/screens/mind."""
    kiosk.desk.receipts[RECEIPT] = TakingBackDouble(*YES, guardian=True)
    kiosk.window.resize(*size)
    kiosk.flow.speak(Language(language))
    kiosk.flow.change_mind()
    for _ in range(larger):
        kiosk.click(kiosk.window.head.size_button)
    for _ in range(look):
        kiosk.click(kiosk.window.head.contrast)
    FOLDER.mkdir(parents=True, exist_ok=True)
    faults = []
    for number, (name, go) in enumerate(PAGES.items()):
        go(kiosk)
        kiosk.settle()
        picture = kiosk.window.grab()
        assert picture.save(str(FOLDER / f"{language}-{size[0]}x{size[1]}-{number}-{name}.png"))
        content = kiosk.window.content
        assert content is not None
        for check in (looks.clipped, looks.too_small, looks.nameless, looks.faint):
            faults += [f"{name}: {each}" for each in check(content)]
        faults += [f"{name}: {each}" for each in looks.overlapping(content.findChildren(QScrollArea)[0])]
    assert kiosk.page is Page.MIND_DONE
    assert (kiosk.window.layoutDirection().name == "RightToLeft") is texts(language).rtl
    assert faults == []
