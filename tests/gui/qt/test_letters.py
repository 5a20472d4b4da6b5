"""Typefaces, drawings and voices: every language of the signing screen has its letters, at the weight asked for."""

from __future__ import annotations

import sys
from types import ModuleType
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPainter, QRawFont
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from safelight.qt import fonts, icons, theme
from safelight.qt.app import make_application
from safelight.qt.controls import Button, TextLabel
from safelight.qt.lettering import lay_out
from safelight.qt.speech import Output, Speech, make_speech
from safelight.settings import resources, texts, typefaces

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "uk", "tr", "ar", "hi", "ja", "zh-Hans")


def first_family(character: str, language: str) -> str | None:
    """The first family of the list that has ``character``, which is the one Qt takes."""
    for family in fonts.families(language):
        if QRawFont.fromFont(QFont(family, 18)).supportsCharacter(ord(character)):
            return family
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_every_language_is_there(qapp: QApplication, language: str) -> None:
    raw = [QRawFont.fromFont(QFont(family, 18)) for family in fonts.families(language)]
    assert all(font.isValid() for font in raw)
    try:
        words = resources.read_bytes(f"texts/{language}.json").decode()
    except FileNotFoundError:
        words = texts.texts(language).ceremony["yes"]
    letters = {each for each in words if not each.isspace() and each.isprintable()}
    assert len(letters) > 2
    assert {each for each in letters if not any(font.supportsCharacter(ord(each)) for font in raw)} == set()


def test_east_asian_languages_get_forms_of_their_own(qapp: QApplication) -> None:
    assert first_family("骨", "ja") == "Noto Sans JP"
    assert first_family("骨", "zh-Hans") == "Noto Sans SC"
    assert first_family("한", "en") == "Noto Sans KR"
    assert first_family("é", "ja") == "Noto Sans"


@pytest.mark.parametrize("text", ["Weight", "عربي", "हिन्दी", "日本語"])
def test_bold_is_a_weight_of_the_typeface(qapp: QApplication, text: str) -> None:
    def ink(weight: int) -> int:
        picture = QImage(600, 100, QImage.Format.Format_Grayscale8)
        picture.fill(255)
        font = QFont(theme.font(theme.PAPER))
        font.setPointSize(36)
        fonts.weigh(font, weight)
        painter = QPainter(picture)
        lay_out(text, font).draw(painter, 10, 10)
        painter.end()
        return sum(255 - value for value in bytes(picture.constBits()))

    assert ink(400) * 1.1 < ink(700)


def test_typefaces_are_loaded_once(qapp: QApplication) -> None:
    assert fonts.load() is fonts.load()
    assert set(fonts.load()) == {*typefaces.SMALL, *typefaces.LARGE}
    assert set(fonts.load().values()) <= set(QFontDatabase.families())


def test_there_is_one_application(qapp: QApplication) -> None:
    assert make_application() is qapp
    assert not qapp.testAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents)
    assert not qapp.testAttribute(Qt.ApplicationAttribute.AA_CompressTabletEvents)


def test_a_language_brings_its_direction(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    theme.speak(window, "ar")
    assert window.layoutDirection() == Qt.LayoutDirection.RightToLeft
    theme.speak(window, "ja")
    assert window.layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert window.font().families()[-4] == "Noto Sans JP"


def test_every_drawing_is_named_and_drawn(qapp: QApplication) -> None:
    folder = resources.folder() / "icons"
    assert sorted(path.stem for path in folder.glob("*.svg")) == sorted(icons.NAMES)
    for name in icons.NAMES:
        root = ElementTree.fromstring(resources.read_bytes(f"icons/{name}.svg"))
        assert root.get("viewBox") == "0 0 24 24"
        picture = icons.image(name, "#ff0000", 32)
        inked = [(x, y) for x in range(32) for y in range(32) if picture.pixelColor(x, y).alpha() > 128]
        assert len(inked) > 20, name
        assert {picture.pixelColor(*at).green() for at in inked} == {0}, "in the colour asked for"
    assert icons.image("back", "#000000", 32, mirrored=True) != icons.image("back", "#000000", 32)
    assert icons.pixmap("back", "#000000", 24, 2.0).width() == 48
    assert not icons.icon("back", "#000000").isNull()


class Engine(QObject):
    """As QTextToSpeech, as far as it is used."""

    class State:
        Ready, Speaking = "ready", "speaking"

    stateChanged = Signal(object)  # noqa: N815 - Qt's name
    engines = ("speechd", "mock")

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        assert name == "speechd"
        self.said: list[tuple[str, str]] = []
        self.locale = QLocale("C")

    @classmethod
    def availableEngines(cls) -> list[str]:
        return list(cls.engines)

    def availableLocales(self) -> list[QLocale]:
        return [QLocale("en_GB"), QLocale("ar_EG")]

    def setLocale(self, locale: QLocale) -> None:
        self.locale = locale

    def say(self, text: str) -> None:
        self.said.append((self.locale.name(), text))
        self.stateChanged.emit("speaking")

    def stop(self) -> None:
        self.stateChanged.emit("ready")


def install(monkeypatch: pytest.MonkeyPatch, engines: tuple[str, ...], loads: bool = True) -> None:
    module = ModuleType("PySide6.QtTextToSpeech")
    module.QTextToSpeech = type("QTextToSpeech", (Engine,), {"engines": engines})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "PySide6.QtTextToSpeech", module)
    monkeypatch.setattr("safelight.qt.speech._loads", lambda _engine: loads)


def test_an_engine_that_is_listed_but_cannot_be_loaded_is_no_voice(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, ("speechd",), loads=False)
    assert not isinstance(make_speech(), Output)


def test_a_voice_reads(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, ("speechd",))
    speech = make_speech()
    assert isinstance(speech, Output)
    heard: list[bool] = []
    speech.changed.connect(heard.append)
    assert speech.available("ar")
    assert not speech.available("ja")
    speech.say("Who we are", "en")
    assert speech.speaking
    speech.say("nothing", "ja")
    speech.stop()
    assert not speech.speaking
    assert heard == [True, False]
    assert speech._engine.said == [("en_GB", "Who we are")]


@pytest.mark.parametrize("engines", [(), ("mock",)])
def test_a_computer_without_a_voice_stays_silent(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, engines: tuple[str, ...]
) -> None:
    install(monkeypatch, engines)
    assert type(make_speech()) is Speech


def test_without_the_module_it_is_silent_too(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtTextToSpeech", None)
    speech = make_speech()
    assert not speech.available("en")
    speech.say("x", "en")
    speech.stop()
    assert not speech.speaking


def test_the_letters_of_a_language_reach_what_is_shown(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    rows = QVBoxLayout(window)
    label, button = TextLabel("骨直", "title"), Button("骨直")
    for widget in (label, button):
        rows.addWidget(widget)
    qtbot.addWidget(window)
    theme.apply(window, theme.PAPER)
    window.show()
    pictures = []
    for language in ("zh-Hans", "ja"):
        theme.speak(window, language)
        qapp.processEvents()
        pictures += [(label.grab().toImage(), button.grab().toImage())]
        assert label.fontInfo().pointSizeF() == pytest.approx(26, abs=0.6)
    assert pictures[0][0] != pictures[1][0]
    assert pictures[0][1] != pictures[1][1]
