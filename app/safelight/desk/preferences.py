"""What this computer remembers of its desk: where the window was, how it looks; never a name, a path or a picture."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from safelight.desk.keys import Hand

SYSTEM = "system"
"""As the system has it."""
LOOKS = (SYSTEM, "dark", "light")


class Preferences(QObject):
    """Kept in one small file; whoever shows something of it hears ``changed``."""

    changed = Signal()

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def look(self) -> str:
        """One of ``LOOKS``."""
        kept = str(self._kept.value("look", SYSTEM))
        return kept if kept in LOOKS else SYSTEM

    @property
    def language(self) -> str:
        """A language of the desk, or ``SYSTEM``."""
        return str(self._kept.value("language", SYSTEM))

    @property
    def scale(self) -> float:
        """How large everything is; 1.0 to 2.0."""
        try:
            return min(2.0, max(1.0, float(str(self._kept.value("scale", 1.0)))))
        except ValueError:
            return 1.0

    @property
    def hand(self) -> Hand:
        """Which set of letters is in force."""
        kept = str(self._kept.value("hand", Hand.LETTERS))
        return Hand(kept) if kept in tuple(Hand) else Hand.LETTERS

    @property
    def geometry(self) -> QByteArray:
        """Where the window was; empty the first time."""
        kept = self._kept.value("geometry", QByteArray())
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def keep(self, name: str, value: object) -> None:
        """Remember ``look``, ``language``, ``scale``, ``hand`` or ``geometry`` from now on."""
        if name not in ("look", "language", "scale", "hand", "geometry"):
            raise KeyError(name)
        self._kept.setValue(name, value)
        self._kept.sync()
        if name != "geometry":
            self.changed.emit()
