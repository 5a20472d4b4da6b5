"""The guards every test runs under, each seen to catch what it is there for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]

OFFENDERS = {
    "stray_log": "import logging\n    logging.getLogger('a.b').warning('odd')",
    "silent_log": "expect_log('never said')",
    "network": "import socket\n    socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "lookup": "import socket\n    socket.getaddrinfo('example.org', 80)",
    "hidden_network": "import socket\n    try:\n        socket.getaddrinfo('example.org', 80)\n"
                      "    except AssertionError:\n        pass",
    "leftover": "from pathlib import Path\n    (Path.home() / 'left').mkdir()",
    "leftover_here": "from pathlib import Path\n    Path('left.txt').touch()",
    "wandering": "import os, tempfile\n    os.chdir(tempfile.gettempdir())",
    "warning": "import warnings\n    warnings.warn('old', DeprecationWarning)",
    "thread": "import threading\n    t = threading.Thread(target=lambda: 1 / 0)\n    t.start()\n    t.join()",
    "finalizer": "import gc\n    class Bad:\n        def __del__(self):\n            raise ValueError('lost')\n"
                 "    Bad()\n    gc.collect()",
    "open_file": "import gc\n    open(__file__)\n    gc.collect()",
}  # fmt: skip
HARMLESS = {
    "said_log": "import logging\n    expect_log('odd')\n    logging.warning('odd indeed')",
    "quiet_log": "import logging\n    logging.getLogger('a').info('fine')",
    "loopback": "import socket\n    with socket.create_server(('127.0.0.1', 0)) as s:\n"
                "        socket.create_connection(s.getsockname()).close()",
    "tmp": "(tmp_path / 'x').touch()",
    "keyring": "import keyring\n    assert type(keyring.get_keyring()).__module__ == 'keyring.backends.fail'",
    "utc": "import time\n    assert time.localtime().tm_gmtoff == 0",
    "faces": "from PIL import Image\n    for path in portraits.iterdir():\n        Image.open(path).verify()\n"
             "    assert len(list(portraits.iterdir())) == 3",
}  # fmt: skip
if find_spec("PySide6"):
    OFFENDERS["qt_warning"] = "from PySide6.QtCore import qWarning\n    qWarning('odd')"


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each offender and each harmless test, run by a pytest of their own under our conftest."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "tests").mkdir()
    for name in ("tests/conftest.py", "pyproject.toml"):
        shutil.copyfile(CHECKOUT / name, folder / name)
    tests = [
        f"def test_{name}(expect_log, tmp_path, portraits):\n    {body}\n"
        for name, body in (OFFENDERS | HARMLESS).items()
    ]
    (folder / "tests" / "test_all.py").write_text("\n".join(tests))
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    said = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "--tb=no", "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    ).stdout  # fmt: skip
    found: dict[str, str] = {}
    for name, outcome in re.findall(r"::test_(\w+) (PASSED|FAILED|ERROR)", said):
        found[name] = "caught" if outcome != "PASSED" or found.get(name) == "caught" else "passed"
    return found


@pytest.mark.parametrize("name", OFFENDERS)
def test_an_offender_is_caught(name: str, outcomes: dict[str, str]) -> None:
    assert outcomes[name] == "caught"


@pytest.mark.parametrize("name", HARMLESS)
def test_the_harmless_passes(name: str, outcomes: dict[str, str]) -> None:
    assert outcomes[name] == "passed"
