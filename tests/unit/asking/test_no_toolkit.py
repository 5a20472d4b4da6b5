"""The flow works where PySide6 is not installed: its tests run once more in a process that refuses to import it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ALONE = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NotInstalled())
try:
    import PySide6
except ModuleNotFoundError:
    pass
else:
    sys.exit("PySide6 can be imported after all")
import pytest
code = pytest.main(sys.argv[1:])
sys.exit(code or ("PySide6" in sys.modules))
"""


def test_the_flow_runs_in_a_process_where_importing_pyside6_fails(tmp_path: Path) -> None:
    settings = tmp_path / "pytest.ini"
    options = "--import-mode=importlib --noconftest -p no:pytest-qt -p no:cacheprovider"
    settings.write_text(f"[pytest]\naddopts = {options}\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", ALONE, "-q", "-c", settings, HERE / "test_flow.py"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None and int(passed[1]) > 30, done.stdout
    assert "skipped" not in done.stdout
