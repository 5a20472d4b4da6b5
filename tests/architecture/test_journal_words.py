"""Every kind of journal entry a studio writes has words on the desk: the journal is for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from safelight.settings.desk_texts import desk_texts

STUDIO = Path(__file__).parents[2] / "app" / "safelight" / "studio"
WRITERS = {"append": 1, "_note": 2, "_now_is": 3}
"""What writes an entry, and the place among its arguments of what happened."""


def constants_of(tree: ast.Module) -> dict[str, object]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


SHARED = constants_of(ast.parse((STUDIO / "journal_kinds.py").read_text()))


def kinds_written(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    constants = SHARED | constants_of(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = WRITERS.get(name)
        if place is None or len(node.args) <= place or (name == "append" and len(node.args) < 3):
            continue
        for each in ast.walk(node.args[place]):
            said = each.value if isinstance(each, ast.Constant) else constants.get(getattr(each, "id", ""))
            if isinstance(said, str) and "-" in said:
                yield said


def test_every_kind_of_entry_has_words() -> None:
    kinds = {kind for path in sorted(STUDIO.rglob("*.py")) for kind in kinds_written(path.read_text())}
    kinds |= {str(each) for each in SHARED.values()}
    assert len(kinds) > 30
    assert sorted(each for each in kinds if f"journal.kind_{each}" not in desk_texts("en").phrases) == []
