"""Every verb says what it changed: whatever writes returns :class:`Changes`, and nobody on the way up drops it.

A function of ``studio`` or ``agency`` writes if it opens a transaction, or calls a function of its room that writes.
Functions that are handed a transaction are parts of somebody else's verb, and a studio or agency that was just opened
is shown nowhere yet: these two may return what they like. The door of a signing screen answers people who must learn
nothing of the studio: each of its methods, private ones too, that writes other than by another one of the same class
hands the changes to the listener it was made with, ``self._changed(…)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "app" / "safelight"
VERB_ROOMS = ("studio", "agency")
HANDLES = ("OpenStudio", "OpenAgency")
LISTENER = "_changed"
COUNTS_GUESSES = {
    ("safelight.studio.rate_limiter", "RateLimiter.judged"),
    ("safelight.studio.staff_pins", "check_pin"),
}
"""What these write is shown nowhere and belongs to no verb: how often somebody guessed wrong."""

Name = tuple[str, str]
"""A function by its module (``safelight.studio.held``) and name (``erase_held``, or ``Class.method``)."""


@dataclass
class Function:
    """What the rule looks at: the node, the class it is a method of, and what its module calls by which name."""

    node: ast.FunctionDef
    module: str
    owner: str
    imported: dict[str, Name] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> Name:
        return self.module, f"{self.owner}.{self.node.name}" if self.owner else self.node.name

    @property
    def public(self) -> bool:
        return not self.node.name.startswith("_") and not self.owner.startswith("_")

    @property
    def part(self) -> bool:
        """Whether it is handed a transaction."""
        return any(each.annotation and "Transaction" in ast.unparse(each.annotation) for each in self.node.args.args)

    @property
    def returned(self) -> str:
        return ast.unparse(self.node.returns) if self.node.returns else ""

    @property
    def tells(self) -> bool:
        return self.returned == "Changes" or self.returned.endswith(", Changes]")

    @property
    def reports(self) -> bool:
        return any(isinstance(each.func, ast.Attribute) and each.func.attr == LISTENER for each in _calls(self.node))

    def writes_itself(self, writing: set[Name]) -> bool:
        """Whether it writes by more than calling methods of its own class, which tell for themselves."""
        called = {self.target(call) for call in _calls(self.node)} & writing
        own = {each for each in called if each and each[0] == self.module and each[1].startswith(f"{self.owner}.")}
        return _opens(self.node) or bool(called - own)

    @property
    def journals(self) -> bool:
        return any(ast.unparse(each.func).endswith(".journal.append") for each in _calls(self.node))

    def target(self, call: ast.Call) -> Name | None:
        """Which function of the rooms is called, as far as names tell."""
        called = call.func
        if isinstance(called, ast.Name):
            return self.imported.get(called.id, (self.module, called.id))
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if called.value.id == "self":
                return self.module, f"{self.owner}.{called.attr}"
            if called.value.id in self.modules:
                return self.modules[called.value.id], called.attr
        return None


def functions(sources: Mapping[str, str]) -> Iterator[Function]:
    """Every function and method of these modules (by their dotted names)."""
    for module, source in sources.items():
        tree = ast.parse(source)
        imported: dict[str, Name] = {}
        modules: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    here = alias.asname or alias.name
                    if f"{node.module}.{alias.name}" in sources:
                        modules[here] = f"{node.module}.{alias.name}"
                    elif node.module in sources:
                        imported[here] = node.module, alias.name
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                yield Function(node, module, "", imported, modules)
            elif isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.FunctionDef):
                        yield Function(part, module, node.name, imported, modules)


def writers(known: list[Function]) -> set[Name]:
    """The functions that open a transaction, and those that call one that does."""
    known = [each for each in known if each.name not in COUNTS_GUESSES]
    found = {each.name for each in known if not each.part and _opens(each.node)}
    while True:
        more = {
            each.name
            for each in known
            if each.name not in found and any(each.target(call) in found for call in _calls(each.node))
        }
        if not more:
            return found
        found |= more


def breaches(sources: Mapping[str, str]) -> Iterator[str]:
    """Writers that do not say what they changed, and callers that drop what a writer said."""
    known = list(functions(sources))
    writing = writers(known)
    telling = {each.name for each in known if each.name in writing and each.tells}
    for each in known:
        where = ".".join(each.name)
        if each.name in writing and not each.part:
            fresh = any(handle in each.returned for handle in HANDLES)
            if each.owner:
                silent = each.node.name != "__init__" and each.writes_itself(writing) and not each.reports
            else:
                silent = each.public
            if silent and not (each.tells or fresh):
                yield f"{where} writes: it returns what it changed last"
            if each.journals and each.tells and "JOURNAL" not in ast.unparse(each.node):
                yield f"{where} writes into the journal and does not say so"
        for node in ast.walk(each.node):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                dropped = each.target(node.value) in telling
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                last = node.targets[0].elts[-1] if isinstance(node.targets[0], ast.Tuple) else None
                dropped = each.target(node.value) in telling and isinstance(last, ast.Name) and last.id == "_"
            else:
                continue
            if dropped:
                yield f"{where}, line {node.lineno}: what was changed is dropped"


def _opens(node: ast.FunctionDef) -> bool:
    return any(isinstance(each.func, ast.Attribute) and each.func.attr == "transaction" for each in _calls(node))


def _calls(node: ast.FunctionDef) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def sources_of(room: str) -> dict[str, str]:
    found = {}
    for path in sorted((ROOT / room).rglob("*.py")):
        dotted = ".".join(("safelight", *path.relative_to(ROOT).with_suffix("").parts))
        found[dotted.removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return found


@pytest.mark.parametrize("room", VERB_ROOMS)
def test_every_verb_says_what_it_changed(room: str) -> None:
    assert list(breaches(sources_of(room))) == []


def test_the_rule_sees_the_verbs() -> None:
    known = list(functions(sources_of("studio")))
    found = writers(known)
    for verb in ("studio.sessions.new_session", "studio.signing.finish_ceremony", "studio.sitting.StudioSitting.keep"):
        module, name = (verb.rsplit(".", 2)[0], verb.split(".", 2)[2]) if "Sitting" in verb else verb.rsplit(".", 1)
        assert (f"safelight.{module}", name) in found, verb
    assert not any(".queries." in module for module, _ in found)


WRITES = "def verb(studio) -> {}:\n    with studio.archive.transaction(now) as writing:\n        put(writing)\n"
TELLS = WRITES.format("tuple[int, Changes]")


@pytest.mark.parametrize(
    "sources",
    [
        {"safelight.studio.a": WRITES.format("int")},
        {"safelight.studio.a": WRITES.format("tuple[Changes, int]")},
        {"safelight.studio.a": "class Sitting:\n" + "".join(f"    {line}\n" for line in
                               WRITES.format("int").replace("studio)", "self, studio)").splitlines())},
        {"safelight.studio.a": TELLS.replace("put(writing)", "studio.archive.journal.append(writing)")},
        {"safelight.studio.a": TELLS, "safelight.studio.b": "from safelight.studio.a import verb\n"
                               "def other(studio) -> int:\n    return verb(studio)[0]\n"},
        {"safelight.studio.a": TELLS, "safelight.studio.b": "from safelight.studio import a\n"
                               "def other(studio) -> int:\n    return a.verb(studio)[0]\n"},
        {"safelight.studio.a": TELLS + "class Door:\n    def _inside(self) -> int:\n"
                               "        return verb(self._studio)[0]\n"
                               "    def finish(self) -> int:\n        return self._inside()\n"},
        {"safelight.studio.a": TELLS + "def other(studio) -> Changes:\n    verb(studio)\n    return Changes.NONE\n"},
        {"safelight.studio.a": TELLS + "def other(studio) -> Changes:\n    x, _ = verb(studio)\n    return y\n"},
    ],
)  # fmt: skip
def test_a_planted_breach_is_found(sources: dict[str, str]) -> None:
    assert len(list(breaches(sources))) == 1


def test_what_is_allowed_stays_allowed() -> None:
    fine = TELLS + (
        "def part(studio, writing: Transaction) -> int:\n    return 1\n"
        "def founded(studio) -> OpenStudio:\n    verb(OpenStudio(studio))\n    return studio\n"
        "def _inside(studio) -> int:\n    return verb(studio)[0]\n"
        "def read(studio) -> int:\n    return 1\n"
    ).replace("    verb(OpenStudio(studio))\n", "    found, changes = verb(studio)\n")
    fine += (
        "class Door:\n    def _inside(self) -> int:\n        found, changes = verb(self._studio)\n"
        "        self._changed(changes)\n        return found\n"
        "    def finish(self) -> int:\n        return self._inside()\n"
    )
    assert list(breaches({"safelight.studio.a": fine})) == []


def test_the_exceptions_are_there() -> None:
    assert {each.name for each in functions(sources_of("studio"))} >= COUNTS_GUESSES
