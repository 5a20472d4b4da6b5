"""Collects, from the source, the sentences that errors tell people, as patterns with numbered places for values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

CODE = Path(__file__).parents[2] / "app" / "safelight"
_ELSEWHERE = frozenset({"agency", "asking", "cli", "kiosk", "demo", "bootstrap.py"})
"""Rooms whose errors never reach the desk: they end in a terminal, at the signing screen or at an agency."""
_MOST = 64
"""So many readings of one call are followed; a call with more is a mistake of ours."""
_PLACE = "\0"


@cache
def told_sentences() -> dict[str, str]:
    """Each title and hint the desk may show, by its pattern (``{1}``, ``{2}`` for values), and where it stands."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CODE.rglob("*.py"))}
    kinds = _error_classes(trees.values())
    found: dict[str, str] = {}
    for path, tree in trees.items():
        where = path.relative_to(CODE)
        if where.parts[0] in _ELSEWHERE:
            continue
        for scope, call in _calls(tree, kinds):
            reader = _Reader(tree, scope)
            for argument in [*call.args[:2], *(each.value for each in call.keywords if each.arg in ("title", "hint"))]:
                for text in reader.read(argument):
                    pattern = _numbered(text)
                    if pattern is not None:
                        found.setdefault(pattern, f"{where}:{call.lineno}")
    return found


def _error_classes(trees: Iterable[ast.Module]) -> frozenset[str]:
    kinds, before = {"SafelightError"}, 0
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    while len(kinds) != before:
        before = len(kinds)
        kinds |= {each.name for each in classes if any(getattr(base, "id", "") in kinds for base in each.bases)}
    return frozenset(kinds)


def _calls(tree: ast.Module, kinds: frozenset[str]) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Each call that makes an error, or hands its sentences to ``super().__init__``, with the function it stands in."""
    stack: list[tuple[ast.AST, ast.AST, bool]] = [(tree, tree, False)]
    while stack:
        node, scope, in_error = stack.pop()
        if isinstance(node, ast.ClassDef):
            in_error = node.name in kinds
        if isinstance(node, ast.FunctionDef):
            scope = node
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in kinds or (in_error and name == "__init__"):
                yield scope, node
        stack.extend((child, scope, in_error) for child in ast.iter_child_nodes(node))


class _Reader:
    """What an expression may say: constants followed to where they are set, everything else a place for a value."""

    def __init__(self, tree: ast.Module, scope: ast.AST) -> None:
        self._set: dict[str, list[ast.expr]] = {}
        for holder in (tree, scope):
            nodes = holder.body if isinstance(holder, ast.Module) else ast.walk(holder)
            for node in nodes:
                if isinstance(node, ast.Assign):
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            self._set.setdefault(target.id, []).append(node.value)
                elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                    self._set.setdefault(node.target.id, []).append(node.value)

    def read(self, node: ast.expr, depth: int = 0) -> list[str]:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [node.value]
        if isinstance(node, ast.JoinedStr):
            return self._joined(node.values, depth)
        if isinstance(node, ast.FormattedValue):
            return self.read(node.value, depth) if node.format_spec is None and node.conversion == -1 else [_PLACE]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._joined([node.left, node.right], depth)
        if isinstance(node, ast.IfExp):
            return [*self.read(node.body, depth), *self.read(node.orelse, depth)]
        if isinstance(node, ast.BoolOp):
            return [each for value in node.values for each in self.read(value, depth)]
        if isinstance(node, ast.Name) and depth < 3 and node.id in self._set:
            return [each for value in self._set[node.id] for each in self.read(value, depth + 1)]
        return [_PLACE]

    def _joined(self, parts: list[ast.expr], depth: int) -> list[str]:
        texts = [""]
        for part in parts:
            texts = [before + after for before in texts for after in dict.fromkeys(self.read(part, depth))]
            assert len(texts) <= _MOST, ast.unparse(part)
        return texts


def _numbered(text: str) -> str | None:
    """``text`` with its places numbered, or None where nothing but values is left."""
    said = text.strip()
    if not any(each.isalpha() for each in said.replace(_PLACE, "")):
        return None
    pieces = said.split(_PLACE)
    return pieces[0] + "".join(f"{{{number}}}{piece}" for number, piece in enumerate(pieces[1:], 1))
