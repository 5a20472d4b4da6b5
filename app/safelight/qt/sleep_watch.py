"""Hears from the system that it is about to sleep or to lock, so that the cover is on before the picture freezes."""

from __future__ import annotations

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

LOGIND = "org.freedesktop.login1"
# Path, interface, signal, slot. The lock comes from the session's own path, which is not known here: whichever session
# of this machine is locked, to cover is never wrong.
_MANAGER = ("/org/freedesktop/login1", f"{LOGIND}.Manager", "PrepareForSleep", "prepare_for_sleep(bool)")
_SESSION = ("", f"{LOGIND}.Session", "Lock", "lock()")


class SleepWatch(QObject):
    """Says ``due`` when logind announces a sleep or a lock (org.freedesktop.login1, "PrepareForSleep" and "Lock").

    Where there is no such system (Windows, macOS, a container) it is silent: there, Qt's own word that the program was
    suspended and the gap in the clock after waking have to do.
    """

    due = Signal()
    sleeps = Signal()
    """The machine falls asleep; ``due`` follows. A lock says ``due`` alone."""

    def __init__(self, bus: QDBusConnection | None = None, service: str = LOGIND) -> None:
        super().__init__()
        self._bus = QDBusConnection.systemBus() if bus is None else bus
        self.listening = self._bus.isConnected() and all(
            # The binding takes what SLOT gives, which is text; its types say bytes.
            self._bus.connect(service, path, interface, name, self, SLOT(slot))  # type: ignore[call-overload]
            for path, interface, name, slot in (_MANAGER, _SESSION)
        )

    @Slot(bool)
    def prepare_for_sleep(self, begins: bool) -> None:
        """The machine falls asleep (True) or has woken up."""
        if begins:
            self.sleeps.emit()
            self.due.emit()

    @Slot()
    def lock(self) -> None:
        """Somebody locks the session."""
        self.due.emit()
