"""``rules show`` and ``rules adopt``: what is different is said first, and what was signed is not touched."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from safelight.documents.rules import shipped_rules


def changed(folder: Path, months: int, version: str = "2027-03.1") -> None:
    """Another cap for one use, in the lists that ``rules show -o`` wrote."""
    path = folder / "scopes.json"
    lists = json.loads(path.read_text("utf-8"))
    lists["version"] = version
    next(each for each in lists["scopes"] if each["id"] == "use.social")["max_term_months"] = months
    path.write_text(json.dumps(lists, ensure_ascii=False), "utf-8")
    for each in folder.iterdir():  # whatever the month of the shipped lists: it has come where the tests run
        told = json.loads(each.read_text("utf-8"))
        told["as_of"] = min(told["as_of"], f"{datetime.now(UTC):%Y-%m}")
        each.write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def test_rules_are_written_changed_compared_and_adopted(desk, tmp_path: Path) -> None:
    told = desk("--json", "rules", "show", "-o", tmp_path / "lists").document
    assert told["version"] == shipped_rules().version and told["sha256"] == shipped_rules().sha256
    assert [each["version"] for each in told["adopted"]] == [told["version"]]
    assert sorted(each.name for each in (tmp_path / "lists").iterdir()) == [
        "adequacy.json", "jurisdictions.json", "scopes.json"
    ]  # fmt: skip
    assert desk("rules", "show", "-o", tmp_path / "lists").code == 2, "nothing is overwritten"
    assert "nothing was changed" in desk("rules", "adopt", tmp_path / "lists").out
    changed(tmp_path / "lists", 60)
    for _ in range(2):
        looked = desk("--json", "rules", "adopt", tmp_path / "lists", "--dry-run").document
        assert looked["adopted"] is False
        assert any("60 months at most (36 months" in each for each in looked["differences"])
    said = desk("rules", "adopt", tmp_path / "lists")
    assert said.code == 0 and "from now on; what was signed keeps its days" in said.out
    after = desk("--json", "rules", "show").document
    assert [each["version"] for each in after["adopted"]] == ["2027-03.1", told["version"]]
    assert {each["use"]: each["months"] for each in after["asked"]}["use.social"] == 60
    assert desk("--json", "studio", "rules").document["rules"] == "2027-03.1"
    assert "'rules adopt --shipped --dry-run' compares" in desk("rules", "show").out


def test_what_cannot_be_adopted_is_one_sentence(desk, tmp_path: Path) -> None:
    assert desk("rules", "adopt").code == 2
    assert desk("rules", "adopt", tmp_path / "nowhere").code == 2
    desk("rules", "show", "-o", tmp_path / "lists")
    changed(tmp_path / "lists", 61)
    said = desk("rules", "adopt", tmp_path / "lists")
    assert said.code == 1 and "the longest term is one of" in said.err and "Nothing was changed" in said.err
    (tmp_path / "lists" / "adequacy.json").write_text("[]")
    assert desk("rules", "adopt", tmp_path / "lists").code == 4
    assert desk("--json", "rules", "show").document["version"] == shipped_rules().version
