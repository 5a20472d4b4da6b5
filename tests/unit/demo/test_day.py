"""The day to play with: the command still leaves everything that the README tells to look at."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight.bootstrap import load_demonstration
from safelight.cli.main import main


def test_a_day_is_left_in_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "day"
    asked = ["--json", "demo", "--out", str(out), "--people", "1"]
    assert main(asked, demonstration=load_demonstration) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary == json.loads((out / "summary.json").read_text())
    assert [each["name"] for each in summary["people"]] == ["Anna Lindqvist"]
    assert summary["photos"]["added"] == 2 and summary["bundles"][0]["in"]
    after = summary["afterwards"]
    assert after["withdrawal"]["before"] and after["withdrawal"]["after"] == {"allowed": False, "blocker": "withdrawn"}
    assert (after["withdrawal"]["copies_found"], after["withdrawal"]["open"]) == (1, 0)
    assert after["renewal"]["yes"] == ["use.portfolio"] and after["ten_years"]["ended"]
    left = {path.relative_to(out).as_posix() for path in out.rglob("*")}
    assert left >= {
        "receipts/01.pdf", "bundle.age", "keys/agency.txt", "keys/agency-passphrase.txt", "photos-in", "roster.csv",
        "studio", "agency", "studio-card.json", "agency-card.json", "allowed_signers",
        "mail/withdraw.eml", "notice.json", "notice.json.sig", "ack.json", "ack.json.sig", "published/feed.json",
    }  # fmt: skip
    before = sorted(out.rglob("*"))
    assert main(asked, demonstration=load_demonstration) == 2, "a folder with something in it is left alone"
    assert sorted(out.rglob("*")) == before
