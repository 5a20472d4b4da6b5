"""Killed, out of space, off the power while notices are applied: all of them count or none, and no key is left over.

A sample in every run; every point with ``--long``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.sampling import LONG

HERE = Path(__file__).parent
DRIVER = f"{sys.executable} {HERE / 'crash_driver.py'}"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


@pytest.mark.parametrize(("mode", "sample"), [("replay", 5), ("kill,sticky-enospc", 1)], ids=["power cut", "killed"])
def test_an_apply_happened_or_did_not(
    mode: str, sample: int, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    stock_tool("strace")
    argv = [
        sys.executable, str(HERE.parents[1] / "tools" / "crashpoint.py"), "--setup", f"{DRIVER} setup {{dir}}",
        "--run", f"{DRIVER} apply {{dir}}", "--check-server", f"{DRIVER} serve", "--mode", mode,
        *([] if LONG else ["--sample", str(sample)]), "--scratch", str(tmp_path), "--jobs", "1",
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "violated 0" in done.stdout and "unmodelled {}" in done.stdout
