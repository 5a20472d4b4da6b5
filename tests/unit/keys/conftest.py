"""What the tests of the keys share: a studio, its master key, its secrets, and stock tools that must be there in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from safelight.domain.ids import StudioId
from safelight.keys.master import MasterKey, new_master
from safelight.keys.secrets import StudioSecrets, new_studio_secrets

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(autouse=True)
def derived_once() -> None:
    """Here, where deriving is tested, a key is derived each time."""


@pytest.fixture
def studio() -> StudioId:
    return StudioId("0d5c6f0e-5f0a-4d5c-8f3b-6f1f1b8f4c11")


@pytest.fixture
def master() -> MasterKey:
    return new_master()


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def secrets(now: datetime) -> StudioSecrets:
    return new_studio_secrets("Atelier Ümlaut & Söhne", "DE", now)


@pytest.fixture
def run() -> Run:
    """``run([tool, …], stdin=b"", code=0)``: a stock tool; skips without it, except in CI, where it must be there."""

    def call(command: Sequence[str], stdin: bytes = b"", code: int | None = 0) -> subprocess.CompletedProcess[bytes]:
        if shutil.which(command[0]) is None and "CI" not in os.environ:
            pytest.skip(f"{command[0]} is not installed here")
        done = subprocess.run(list(map(str, command)), input=stdin, capture_output=True, timeout=60, check=False)
        assert code is None or done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
        return done

    return call
