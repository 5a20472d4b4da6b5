"""The reason for the pin of PySide6: a version that loses references of ``True`` kills a Python 3.11 process.

PySide6 6.12.0 drops one with every signal that is emitted; before Python 3.12 (PEP 683) ``True`` is counted like
anything else, and some hundred signals later the interpreter aborts. While this test passes, the pin may be widened.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

COUNT = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Bell(QObject):
    rang = Signal()

app, bell = QCoreApplication([]), Bell()
bell.rang.connect(lambda: None)
before = sys.getrefcount(True), sys.getrefcount(False)
for _ in range(100):
    bell.rang.emit()
print(sys.getrefcount(True) - before[0], sys.getrefcount(False) - before[1])
"""


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True is immortal from Python 3.12 on")
@pytest.mark.skipif(find_spec("PySide6") is None, reason="needs the desktop extra")
def test_a_signal_keeps_its_hands_off_true() -> None:
    done = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "0"]
