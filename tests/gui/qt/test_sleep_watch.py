"""Before the machine sleeps or locks, the screen hears of it: over a real message bus, from another connection."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from safelight.qt.sleep_watch import SleepWatch

LISTENER = """
import sys
from PySide6.QtCore import SLOT, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from safelight.qt.sleep_watch import SleepWatch
application = QCoreApplication([])
sleep_watch = SleepWatch(QDBusConnection.sessionBus(), "")
print("listening", sleep_watch.listening, flush=True)
heard = []
sleep_watch.due.connect(lambda: heard.append(1))
marked = []
class Mark(QObject):
    @Slot()
    def mark(self):
        marked.append(1)
mark = Mark()
assert QDBusConnection.sessionBus().connect("", "", "safelight.Mark", "Mark", mark, SLOT("mark()"))
other = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "other")
def say(path, interface, name, *told):
    message = QDBusMessage.createSignal(path, interface, name)
    message.setArguments(list(told))
    assert other.send(message)
    # What follows on the same connections arrives after it: when that was heard, this was too, or never will be.
    before = len(marked)
    assert other.send(QDBusMessage.createSignal("/mark", "safelight.Mark", "Mark"))
    while len(marked) == before:
        application.processEvents()
    print(name, told, len(heard), flush=True)
place = "/org/freedesktop/login1"
say(place, "org.freedesktop.login1.Manager", "PrepareForSleep", False)
say(place, "org.freedesktop.login1.Manager", "PrepareForSleep", True)
say(place + "/session/_32", "org.freedesktop.login1.Session", "Unlock")
say(place + "/session/_32", "org.freedesktop.login1.Session", "Lock")
"""


def test_a_sleep_and_a_lock_are_heard_a_wake_up_is_not(stock_tool: Callable[[str], str]) -> None:
    argv = [stock_tool("dbus-run-session"), "--", sys.executable, "-c", LISTENER]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.splitlines() == [
        "listening True",
        "PrepareForSleep (False,) 0",
        "PrepareForSleep (True,) 1",
        "Unlock () 1",
        "Lock () 2",
    ], done.stderr


def test_without_such_a_system_it_is_silent(qtbot) -> None:
    from PySide6.QtDBus import QDBusConnection

    assert not SleepWatch(QDBusConnection("a bus that is not there")).listening
