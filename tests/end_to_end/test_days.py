"""An evening in Los Angeles, when it is tomorrow by UTC already: who comes of age tomorrow does not sign alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from safelight.domain.term import add_months
from support import found_studio

A_MONTH = {"answer": "yes", "term": "P1M", "territory": "US"}
YES = {"format": "safelight-answers/1", "choices": {"use.portfolio": A_MONTH}}


@pytest.fixture
def evening(stock_tool: Callable[[str], str], tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """``evening(*arguments)``: runs a command at half past six tomorrow evening in Los Angeles: exit code and words."""
    faketime, python = stock_tool("faketime"), sys.executable
    subprocess.run([python, found_studio.__file__, tmp_path], check=True, capture_output=True)
    environment = {
        **os.environ, "TZ": "America/Los_Angeles", "SAFELIGHT_STUDIO": str(tmp_path / "studio"),
        "SAFELIGHT_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
    }  # fmt: skip

    def run(*arguments: str | Path) -> tuple[int, str]:
        command = [faketime, f"{tomorrow()} 18:30:00", python, "-m", "safelight", *map(str, arguments)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def tomorrow() -> date:
    """Later than the studio was founded, whatever the time is."""
    return date.today() + timedelta(days=1)  # noqa: DTZ011


def test_who_comes_of_age_tomorrow_does_not_sign_alone_tonight(
    evening: Callable[..., tuple[int, str]], told_by: Callable[[Path], str], tmp_path: Path
) -> None:
    day = tomorrow()
    birthday = day + timedelta(days=1 if (day + timedelta(days=1)).strftime("%m-%d") != "02-29" else 2)
    (tmp_path / "a.json").write_text(json.dumps(YES))
    code, words = evening("session", "new", "Evening", "--country", "US", "--offer", "use.portfolio")
    assert code == 0 and f"on {day} in America/Los_Angeles" in words
    for name, born in ("Ada Muster", birthday), ("Ben Muster", birthday - timedelta(days=400)):
        evening("subject", "add", "Evening", name, "--country", "US", "--born", born.replace(year=born.year - 18))
    record = ("consent", "record", "--choices", tmp_path / "a.json", "--method", "paper", "--typed")
    code, words = evening(*record, "Ada Muster", "Ada Muster")
    assert code == 1 and "minor and no guardian" in words
    code, words = evening(*record, "Ben Muster", "Ben Muster")
    assert code == 0, words
    last = add_months(day, 1)
    assert f"until {last}" in words
    assert evening("receipt", "Ben Muster", "-o", tmp_path / "r.pdf")[0] == 0
    page = told_by(tmp_path / "r.pdf")
    assert "6:30" in page and ("GMT-08:00" in page or "GMT-07:00" in page)
    assert f"decided on {day:%B} {day.day}, {day.year}" in page
    assert f"Until {last:%B} {last.day}, {last.year}" in page
    code, words = evening("session", "new", "Nowhere", "--zone", "Europe/Atlantis")
    assert code == 2 and "'Europe/Atlantis' is not a time zone" in words


@pytest.fixture
def told_by(stock_tool: Callable[[str], str]) -> Callable[[Path], str]:
    """What a PDF says."""
    tool = stock_tool("pdftotext")
    return lambda pdf: subprocess.run([tool, "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
