"""Erasing and legal holds, as they are typed."""

from __future__ import annotations

import json
import shutil
from typing import Any


def test_a_hold_keeps_somebody_and_its_release_finishes_the_erasure(desk: Any, ada: str) -> None:
    yes = {"answer": "yes", "recipients": ["Prenzel"], "territory": "EEA", "term": "P1Y"}
    choices = desk.answers(use_portfolio=yes)
    recorded = desk("consent", "record", ada, "--choices", choices, "--typed", "Ada Falk", "--method", "paper")
    assert recorded.code == 0, recorded.err
    assert desk("hold", "list").out == "There is no hold.\n"
    put = ("hold", "add", ada, "--class", "photos", "--reason", "a claim", "--by", "Kim", "--review")
    assert desk(*put, "2020-01-01").code == 2
    hold = desk("--json", *put, "2999-01-01").document["id"]
    assert "photos, look again on 2999-01-01. a claim" in desk("hold", "list").out
    assert desk("erase", ada).code == 2 and desk("erase", ada, "--plan", "--yes").code == 2
    plan = desk("erase", ada, "--plan").out
    assert "ends now: 1 yes" in plan and f"({hold})" in plan and "stays until" in plan and "--yes does it" in plan
    waits = desk("erase", ada, "--yes", "--by", "Kim")
    assert waits.code == 1 and f"wait for {hold}" in waits.out
    done = desk("hold", "release", hold[:8], "--by", "Kim")
    assert done.code == 0 and "went on: photos and ink are gone" in done.out
    assert "released" in desk("hold", "list").out
    page = desk.work / "certificate.pdf"
    later = desk("erase", ada[:8], "--certificate", "-o", page)
    assert later.code == 0 and ada in later.out and "Ada Falk" not in later.out
    assert page.read_bytes().startswith(b"%PDF")
    again = desk("--json", "erase", ada, "--yes").document
    assert len(again["certificates"]) == 1 and not any(each["left"] for each in again["certificates"][0]["found"])
    assert again["people"][0]["erasure"]["portrait_at"] and again["notices"] == []
    assert desk("--json", "studio", "check").document["problems"] == []


def test_who_never_signed_is_gone_at_once(desk: Any, ada: str) -> None:
    said = desk("erase", ada, "--yes")
    assert said.code == 0 and "photos and ink are gone and the proof is gone" in said.out
    assert desk("subject", "show", ada).code == 2


def test_a_place_without_its_drive_is_named_and_given_up(desk: Any, ada: str) -> None:
    place = desk.work / "drive"
    place.mkdir()
    assert desk("studio", "backup", place / "monday").code == 0
    shutil.rmtree(place)
    assert "Not reached" in desk("erase", ada, "--yes").out
    assert desk("--json", "studio", "check").document["old_key_copies"] == [str(place)]
    assert "older than an erasure" in desk("studio", "check").out
    assert [desk("studio", "backup", place, "--forget").code for _ in range(2)] == [0, 1]
    assert desk("--json", "studio", "check").document["old_key_copies"] == []
    assert desk("erase", ada, "--certificate").code == 0


def test_an_older_backup_comes_back_without_who_was_erased(desk: Any, ada: str) -> None:
    place = desk.work / "drive"
    place.mkdir()
    desk("studio", "backup", place / "monday")
    assert desk("erase", ada, "--yes").code == 0
    back = ("--studio", desk.work / "back", "--passphrase-file", desk.secret)
    assert desk.bare(*back, "studio", "restore", place / "monday").code == 0
    assert desk.bare(*back, "subject", "show", ada).code == 2
    assert desk("studio", "restore", place / "monday").code == 2
    assert desk("studio", "restore", place / "monday", "--keep-keys").code == 0
    assert desk("subject", "show", ada).code == 2 and desk("--json", "studio", "check").document["problems"] == []


def test_the_list_for_a_trainer_is_written_beside_its_signature(desk: Any) -> None:
    target = desk.work / "leave-out.json"
    said = desk("notice", "suppress", "Prenzel", "-o", target)
    assert said.code == 0 and "0 pictures for Prenzel" in said.out
    assert json.loads(target.read_bytes())["entries"] == [] and target.with_name("leave-out.json.sig").exists()
    assert desk("notice", "suppress", "Prenzel", "-o", target).code == 2
