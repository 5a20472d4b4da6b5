"""A shoot without a screen: the form is printed, signed, scanned and entered, and everything can be had back."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path


def test_from_the_form_to_the_receipt(desk, ada: str, portraits: Path) -> None:
    form, scan = desk.work / "form.pdf", portraits / "grace_hopper.jpg"
    printed = desk("--json", "consent", "form", ada, "--language", "de", "-o", form).document
    assert form.read_bytes().startswith(b"%PDF-") and printed["text_sha256"]
    assert desk("consent", "form", "Spring", "-o", desk.work / "blank.pdf").code == 0
    day = date.fromisoformat(desk("--json", "session", "list").document[0]["day"])
    signed = (day - timedelta(days=4)).isoformat()
    argv = (
        "consent", "record", ada, "--choices", desk.answers(use_portfolio="yes"), "--typed", "Ada Falk",
        "--method", "paper",
    )  # fmt: skip
    recorded = desk("--json", *argv, "--signed-on", signed, "--scan", scan, "--form", printed["text_sha256"][:12])
    assert recorded.code == 0, recorded
    assert recorded.document["signing"]["signed_on"] == signed
    assert recorded.document["notice"]["sha256"] == printed["text_sha256"]
    said = desk("consent", "show", ada, "--scan", desk.work / "scan.jpg")
    assert f"signed on paper on {signed}" in said.out
    assert (desk.work / "scan.jpg").read_bytes() == scan.read_bytes()
    assert (desk.work / "scan.jpg").stat().st_mode & 0o077 == 0
    again = desk("consent", "show", ada, "--scan", desk.work / "scan.jpg")
    assert again.code == 2 and "exists already" in again.err
    for wrong, code, word in (
        (("--signed-on", "yesterday"), 2, "YYYY-MM-DD"),
        (("--signed-on", (day + timedelta(days=3)).isoformat()), 2, "Nobody can have signed"),
        (("--scan", desk.file("scan.txt", "no scan")), 4, "no PDF"),
        (("--scan", desk.work / "none.pdf"), 2, "none.pdf"),
        (("--form", "0123456789ab"), 2, "No form"),
    ):
        refused = desk(*argv, *wrong)
        assert refused.code == code and word in refused.err, refused
    assert len(json.loads(desk("--json", "consent", "show", ada).out)["signings"]) == 1
