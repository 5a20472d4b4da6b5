"""Killed, out of space, off the power: what was acknowledged is there, and nothing of a person was ever in clear.

A sample in every run; every point with ``tests/tools/crashpoint.py`` and ``crash_driver.py`` (their doc strings say
how).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / "tools"
DRIVER = f"{sys.executable} {HERE / 'crash_driver.py'}"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
MARKERS = ["Dorothy Hodgkin", "g.hopper@navy.example", "Hopper_0001.jpg", "second" * 20, "the hand of one person",
           "%PDF-1.7 Dorothy", "rights@lampe.example", "Your picture", "Spring headshots"]  # fmt: skip


def explore(tmp_path: Path, setup: str, run: str, mode: str, sample: int) -> str:
    argv = [
        sys.executable, str(TOOLS / "crashpoint.py"), "--setup", setup, "--run", f"{DRIVER} {run} {{dir}}",
        "--check-server", f"{DRIVER} serve", "--mode", mode, "--sample", str(sample), "--scratch", str(tmp_path),
        "--jobs", "1",
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("setup", "run", "mode", "sample"),
    [
        (f"{DRIVER} setup {{dir}}", "day", "replay", 25),
        (f"{DRIVER} setup {{dir}}", "day", "kill,sticky-enospc", 1),
        ("true", "init", "replay", 8),
        (f"{DRIVER} setup-copies {{dir}}", "copies", "replay", 12),
        (f"{DRIVER} setup-copies {{dir}}", "copies", "kill,sticky-enospc", 1),
    ],
    ids=["power cut", "killed or refused", "founding", "power cut while copying", "killed or refused while copying"],
)
def test_what_was_acknowledged_is_kept(
    setup: str, run: str, mode: str, sample: int, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    stock_tool("strace")
    said = explore(tmp_path, setup, run, mode, sample)
    assert "violated 0" in said and "unmodelled {}" in said


def test_nothing_of_a_person_is_written_in_clear(tmp_path: Path, stock_tool: Callable[[str], str]) -> None:
    """Every byte handed to the system while a day is worked, temporary files included, and all that lies there."""
    stock_tool("strace")
    subprocess.run([*DRIVER.split(), "setup", str(tmp_path)], env=ENVIRONMENT, check=True, capture_output=True)
    markers = tmp_path / "markers.txt"
    markers.write_text("\n".join(MARKERS))
    scan = [sys.executable, str(TOOLS / "leakscan.py")]
    day = [*scan, "trace", str(markers), "--", *DRIVER.split(), "day", str(tmp_path)]
    done = subprocess.run(day, capture_output=True, text=True, env=ENVIRONMENT, check=False, cwd=tmp_path)
    assert done.returncode == 0 and "0 findings" in done.stdout and "command exit 0" in done.stdout, done.stdout
    done = subprocess.run(
        [*scan, "disk", str(markers), str(tmp_path / "studio")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "0 findings" in done.stdout, done.stdout
    for path in (tmp_path / "studio").rglob("*"):
        if path.is_file() and path.suffix not in (".sqlite", ".json") and not path.name.endswith(("lock", "-queue")):
            assert path.read_bytes().startswith(b"age-encryption.org/v1\n"), path
