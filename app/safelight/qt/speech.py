"""Reads aloud where this computer has a voice; where it has none, says so and stays silent."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLibraryInfo, QLocale, QObject, QPluginLoader, Signal


class Speech(QObject):
    """A voice, or none: this one is silent, which is what a computer without an engine gets."""

    changed = Signal(bool)
    """Whether it speaks, each time that changes."""

    @property
    def speaking(self) -> bool:
        """Whether it is reading now."""
        return False

    def available(self, language: str) -> bool:  # noqa: ARG002 - no voice speaks any language
        """Whether there is a voice for ``language`` (BCP 47); where not, no button should promise one."""
        return False

    def say(self, text: str, language: str) -> None:
        """Read ``text``, instead of whatever was being read."""

    def stop(self) -> None:
        """Fall silent."""


class Output(Speech):
    """Reads with the engine of the operating system (QtTextToSpeech, which the desktop extra does not include)."""

    def __init__(self, engine: Any, ready: Any, talking: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine, self._ready, self._talking = engine, ready, talking
        self._was = False
        engine.stateChanged.connect(self._state)

    @property
    def speaking(self) -> bool:
        return self._was

    def available(self, language: str) -> bool:
        return self._locale(language) is not None

    def say(self, text: str, language: str) -> None:
        locale = self._locale(language)
        if locale is not None:
            self._engine.stop()
            self._engine.setLocale(locale)
            self._engine.say(text)

    def stop(self) -> None:
        self._engine.stop()

    def _locale(self, language: str) -> QLocale | None:
        wanted = QLocale(language).language()
        found: list[QLocale] = [each for each in self._engine.availableLocales() if each.language() == wanted]
        return found[0] if found else None

    def _state(self, state: object) -> None:
        speaking = state == self._talking
        if speaking is not self._was:
            self._was = speaking
            self.changed.emit(speaking)


def make_speech(parent: QObject | None = None) -> Speech:
    """A voice where the module and an engine are installed, silence otherwise."""
    try:
        module = import_module("PySide6.QtTextToSpeech")
    except ImportError:
        return Speech(parent)
    kind = module.QTextToSpeech
    engines = [name for name in kind.availableEngines() if name != "mock" and _loads(name)]
    if not engines:
        return Speech(parent)
    return Output(kind(engines[0], parent), kind.State.Ready, kind.State.Speaking, parent)


def _loads(engine: str) -> bool:
    """Whether the engine's libraries are here: Qt lists it either way, and complains aloud when it is taken."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "texttospeech"
    return any(QPluginLoader(str(each)).load() for each in folder.glob(f"*{engine}*"))
