"""Erasing and legal holds, as they are typed."""

from __future__ import annotations

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
    again = desk("--json", "erase", ada, "--yes").document
    assert again["people"][0]["erasure"]["portrait_at"] and again["notices"] == []
    assert desk("--json", "studio", "check").document["problems"] == []


def test_who_never_signed_is_gone_at_once(desk: Any, ada: str) -> None:
    said = desk("erase", ada, "--yes")
    assert said.code == 0 and "photos and ink are gone and the proof is gone" in said.out
    assert desk("subject", "show", ada).code == 2
