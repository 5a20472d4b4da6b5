"""What the tests of the bundle room share: honest bundles, ways to spoil them, and stock tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from support import bundle_parts as parts
from support import hostile_bundles as hostile


@pytest.fixture(scope="session")
def portrait(portraits: Path) -> bytes:
    return (portraits / "grace_hopper.jpg").read_bytes()


@pytest.fixture(scope="session")
def honest(portrait: bytes, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An honest bundle of three photos of two people, for everybody to read and nobody to change."""
    return parts.write(tmp_path_factory.mktemp("honest") / "bundle.age", parts.distinct(portrait, 3))


@pytest.fixture(scope="session")
def corpus(honest: Any) -> Any:
    """The honest bundle in pieces, to be put together wrongly."""
    return hostile.Corpus(honest.path.read_bytes())


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """``run([tool, …], stdin=b"", code=0, cwd=None)``: a stock tool; skips without it, except in CI."""

    def call(
        command: Sequence[Any], stdin: bytes = b"", code: int | None = 0, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        if shutil.which(command[0]) is None and "CI" not in os.environ:
            pytest.skip(f"{command[0]} is not installed here")
        done = subprocess.run(
            list(map(str, command)), input=stdin, capture_output=True, timeout=60, check=False, cwd=cwd
        )
        assert code is None or done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
        return done

    return call
