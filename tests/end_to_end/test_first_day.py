"""The first day of a studio and its agency, from the blank form to a mind changed: real processes, real pictures."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from support import found_studio

POINTS = "identity,answers-match-receipt,recipients-named,age-and-guardian,signature-present"


@pytest.fixture
def step(
    safelight: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> Callable[..., str]:
    """``step(*arguments, code=0)``: one command on a freshly founded studio and agency; what it said."""
    subprocess.run([sys.executable, found_studio.__file__, tmp_path], check=True, capture_output=True)
    places = {"STUDIO": "studio", "AGENCY": "agency", "PASSPHRASE_FILE": "passphrase"}
    environment = {f"SAFELIGHT_{name}": str(tmp_path / where) for name, where in places.items()}

    def run(*arguments: str | Path, code: int = 0, **more: str) -> str:
        done = safelight(*arguments, **environment, **more)
        assert done.returncode == code and "Traceback" not in done.stderr, (arguments, done)
        return done.stdout + done.stderr

    return run


def test_from_the_paper_form_to_the_answer_of_the_agency(
    step: Callable[..., str], portraits: Path, tmp_path: Path
) -> None:
    step("recipient", "add", "--name", "Nordwind AG", "--country", "DE", "--role", "client")
    assert "not a country" in step("subject", "add", "Spring", "Eileen Collins", "--country", "XX", code=2)
    step("subject", "add", "Spring", "Eileen Collins", "--reference", "8")
    shutil.copyfile(portraits / "astronaut.jpg", tmp_path / "DSC_2.jpg")
    assert "1 photo belongs to nobody yet" in step("capture", "add", "Spring", tmp_path / "DSC_2.jpg")
    step("photo", "assign", "DSC_2.jpg", "--to", "8")

    # The paper: the form that was signed comes back as a scan, with one exclusion ticked and two uses not asked.
    form = step("consent", "form", "Spring", "-o", tmp_path / "form.pdf").split("--form ")[1].split()[0]
    to = ["Agence Lumière", "Nordwind AG"]
    editorial = {"answer": "yes", "territory": "EEA", "recipients": to}
    said = {"format": "safelight-answers/1", "choices": {"use.editorial": editorial, "use.portfolio": "no"}}
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps(said | {"modifiers": {"exclusions": ["dating"]}}))
    day = date.today() - timedelta(days=7)  # noqa: DTZ011
    record = ("consent", "record", "8", "--choices", answers, "--method", "paper")
    short = tmp_path / "short.json"
    short.write_text("[[[1, 1, 0.5, 0], [2, 2, 0.5, 16]]]")
    assert "Nothing was recorded" in step(*record, "--ink", short, code=1)
    paper = ("--signed-on", str(day), "--scan", tmp_path / "form.pdf", "--form", form)
    recorded = step(*record, "--typed", "Eileen Collins", *paper)
    assert f"signed on paper on {day}" in recorded and "for Agence Lumière and Nordwind AG" in recorded
    assert "adult-or-sexual, politics-or-religion" in recorded and "dating" in recorded
    assert "use.advertising" not in recorded
    (tmp_path / "wrong-pin").write_text("2719\n")
    (tmp_path / "wrong-pin").chmod(0o600)
    check = ("consent", "validate", "8", "--by", "Robin", "--points", POINTS, "--pin-file")
    assert "not the PIN of Robin" in step(*check, tmp_path / "wrong-pin", code=1)
    step(*check, tmp_path / "reviewer-pin")

    # Out it goes, to whom it may: a client without a card can be named, not sent to; what was not asked stays.
    export = ("export", "Spring", "--territory", "FR", "-o", tmp_path / "b.age", "--use")
    assert "without a card" in step(*export, "use.editorial", "--to", "Nordwind AG", code=2)
    unasked = step(*export, "use.advertising", "--to", to[0], code=1)
    assert "stays: DSC_2.jpg (Eileen Collins): was not asked" in unasked
    assert "1 photo may leave, 0 stay" in step(*export, "use.editorial", "--to", to[0])
    step("agency", "import", tmp_path / "b.age")

    # A later no ends the yes at once; her own picture is hers all the same.
    answers.write_text(json.dumps(said | {"choices": {"use.editorial": "no"}}))
    step(*record, "--typed", "Eileen Collins")
    assert "withdrawn" in step("consent", "show", "8")
    step(*export[:-2], tmp_path / "c.age", "--use", "use.editorial", "--to", to[0], code=1)
    assert "1 photo and " in step("deliver", "8", "-o", tmp_path / "hers")
    assert (tmp_path / "hers").stat().st_mode & 0o077 == 0
    step("status", "-o", tmp_path / "status.json")
    assert "1 more record has ended" in step("agency", "refresh", tmp_path / "status.json")
    assert ",no," in step("agency", "report")
