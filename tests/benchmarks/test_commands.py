"""How long a command takes to be there, in processor time: beside what Python needs to load its two large libraries."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from safelight.keys.passphrases import FLOOR_COST, passphrase_key
from safelight.studio.founding import Founding, found_studio

APP = Path(__file__).parents[2] / "app"
WORDS = "four unrelated words"


@pytest.fixture
def cpu_seconds(compiled: Path, full_size: bool) -> Callable[..., float]:
    """``cpu_seconds(*arguments)``: user and system time of ``python arguments…``, the least of several runs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SAFELIGHT"))}
    # Modules are compiled once, as an installed program has them.
    env = {**kept, "PYTHONPATH": str(APP), "PYTHONPYCACHEPREFIX": str(compiled)}

    def once(arguments: tuple[object, ...]) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *map(str, arguments)], env=env, check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def measure(*arguments: object) -> float:
        once(arguments)
        return min(once(arguments) for _ in range(5 if full_size else 3))

    return measure


def test_commands_are_there_at_once(
    tmp_path: Path, cpu_seconds: Callable[..., float], keep_figure: Callable[..., None]
) -> None:
    folder, secret = tmp_path / "studio", tmp_path / "words"
    secret.write_text(WORDS)
    secret.chmod(0o600)
    found_studio(folder, Founding("Studio", "DE", "a@studio.example"), WORDS, cost=FLOOR_COST).archive.close()

    def derived() -> float:
        start = time.process_time()
        passphrase_key(WORDS, bytes(16), FLOOR_COST)
        return time.process_time() - start

    derivation = min(derived() for _ in range(5))
    libraries = cpu_seconds("-c", "import sqlalchemy, cryptography.x509")
    asked = ("-m", "safelight", "--studio", folder, "--passphrase-file", secret)
    listing = cpu_seconds(*asked, "session", "list") - derivation
    helping, empty = cpu_seconds("-m", "safelight", "--help"), cpu_seconds("-c", "import argparse, logging, pathlib")
    keep_figure("session list apart from the key derivation", listing, "s of CPU", "<= 0.5 on a quiet machine")
    keep_figure("session list / loading SQLAlchemy and X.509", listing / libraries, "x its time", "<= 2.5")
    keep_figure("safelight --help", helping, "s of CPU", "<= 0.15 on a quiet machine")
    keep_figure("safelight --help / Python with argparse", helping / empty, "x its time", "<= 4")
    assert listing <= 2.5 * libraries
    assert helping <= 4 * empty
