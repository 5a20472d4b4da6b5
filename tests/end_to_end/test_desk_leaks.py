"""Whoever looks over what the desk left on the machine, or at its windows' titles, learns of nobody who was there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from safelight.demo.cast import cast
from safelight.demo.desk_studio import PEOPLE
from support import demo_walk

LEAKSCAN = Path(__file__).parent.parent / "tools" / "leakscan.py"
LONG_ENOUGH = 5
"""A shorter name than this many bytes is found in any noise."""


def test_a_day_at_the_desk_writes_nobodys_name_anywhere(stock_tool: Callable[[str], str], tmp_path: Path) -> None:
    """Every byte handed to the system, settings, temporary files and names of files included."""
    stock_tool("strace")
    names = [each.name for each in cast(PEOPLE, 1)]
    guardians = [each.guardian for each in cast(PEOPLE, 1) if each.guardian]
    marks = [each for each in (*names, *guardians) if len(each.encode()) >= LONG_ENOUGH]
    assert len(marks) >= PEOPLE - 2
    markers = tmp_path / "markers.txt"
    markers.write_text("\n".join(marks))
    for name in ("home", "tmp", "run"):
        (tmp_path / name).mkdir(mode=0o700)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "QT_QPA_PLATFORM": "offscreen",
        "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp"), "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }  # fmt: skip
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        environment.pop(name, None)
    argv = [sys.executable, str(LEAKSCAN), "trace", str(markers), "--allow", "^(pipe|socket):", "--", sys.executable,
            demo_walk.__file__]  # fmt: skip
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=400, check=False)
    said = [line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("NAME", "SCREEN", "TITLE"))]
    told = {what: [json.loads(rest) for each, rest in said if each == what] for what in ("NAME", "SCREEN", "TITLE")}
    assert "command exit 0" in done.stdout, done.stdout[-2000:] + done.stderr[-2000:]
    assert done.returncode == 0 and "\n0 findings" in done.stdout, done.stdout[-3000:]
    assert sorted(told["NAME"]) == sorted(names) and len(told["SCREEN"]) >= 5
    for each in {*told["TITLE"], *done.stderr.splitlines()}:
        assert not [name for name in names if name in each], each
    assert [each.name for each in (tmp_path / "home").rglob("*") if each.is_file()] == ["desk.ini"]
    assert not list((tmp_path / "tmp").iterdir())
