"""The rules of the house that imports cannot show: length, first sentences, purity, and what must not be written.

Each rule is a function from a file's tree and text to the breaches it finds. The program must have none; for each rule
a breach is planted in a made-up file and must be found, so that no rule can fall asleep.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "app" / "safelight"
FILES = sorted(ROOT.rglob("*.py"))
ROOMS = sorted(path for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__")

Rule = Callable[[str, str], Iterator[str]]
"""From a path below the package (with /) and the source: one sentence for each breach."""


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


@lru_cache(maxsize=2)
def _tree(source: str) -> ast.Module:
    """The tree of a file. A dozen rules look at it, one after the other, and none changes it: it is made once."""
    return ast.parse(source)


@lru_cache(maxsize=2)
def _nodes(source: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(_tree(source)))


def _imported(source: str) -> Iterator[tuple[str, int]]:
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module), node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def opens_with_a_sentence(path: str, source: str) -> Iterator[str]:
    first = (ast.get_docstring(_tree(source)) or "").split("\n\n")[0]
    if not re.fullmatch(r".{15,}[.?!:)]", first, re.DOTALL):
        yield "a file opens with one sentence that says what it is for"


def is_short(path: str, source: str) -> Iterator[str]:
    lines = source.count("\n")
    one_idea = "one idea" in (ast.get_docstring(_tree(source)) or "")
    if lines > (450 if one_idea else 300):
        yield f"{lines} lines: split it by ideas (if it is one idea, its first lines say so)"


def is_named_for_what_it_is(path: str, source: str) -> Iterator[str]:
    empty = {"utils", "util", "common", "helpers", "helper", "manager", "logic", "misc", "base", "core", "stuff"}
    for part in Path(path).with_suffix("").parts:
        if part in empty:
            yield f"{part} is no noun of the field"


def is_finished(path: str, source: str) -> Iterator[str]:
    for number, line in enumerate(source.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b", line):
            yield f"line {number}: finish it"
    for node in _nodes(source):
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            body = [part for part in node.body if not isinstance(part, ast.Pass)]
            if not body:
                yield f"line {node.lineno}: {node.name} does nothing"


LAST_CATCH = "cli/main.py"
"""The one file that may catch any error, once: what nobody foresaw still becomes one sentence for a person."""


def catches_what_it_knows(path: str, source: str) -> Iterator[str]:
    last_catches = 1 if path == LAST_CATCH else 0
    for node in _nodes(source):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {kind.id if isinstance(kind, ast.Name) else "" for kind in kinds if kind is not None}
            # Cleaning up and raising on is no swallowing; neither is carrying an error over to another thread.
            passes_on = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            used = {name.id for part in node.body for name in ast.walk(part) if isinstance(name, ast.Name)}
            passes_on |= node.name in used
            if names == {"Exception"} and node.name in used and last_catches:
                last_catches -= 1
                continue
            if node.type is None or "Exception" in names or ("BaseException" in names and not passes_on):
                yield f"line {node.lineno}: name the errors that can happen here"
        elif isinstance(node, ast.Call) and _called(node) == "suppress":
            names = {getattr(argument, "id", "") for argument in node.args}
            if names & {"Exception", "BaseException"}:
                yield f"line {node.lineno}: name the errors to suppress"


IMPURE_CALLS = {"open", "print", "input", "now", "utcnow", "today", "getpass", "write_text", "write_bytes"}
IMPURE_NAMES = {"uuid1", "uuid4", "token_bytes", "token_hex", "urandom", "getrandom", "randbytes", "SystemRandom"}


def takes_time_ids_and_bytes_from_outside(path: str, source: str) -> Iterator[str]:
    if Path(path).parts[0] not in {"domain", "documents", "images"}:
        return
    for node in _nodes(source):
        if isinstance(node, ast.Call) and _called(node) in IMPURE_CALLS:
            yield f"line {node.lineno}: {_called(node)}() belongs outside; hand its result in"
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        if name in IMPURE_NAMES:
            yield f"line {node.lineno}: {name} belongs outside; hand its result in"


def stands_on_the_standard_library_alone(path: str, source: str) -> Iterator[str]:
    if Path(path).parts[0] != "domain":
        return
    for name, line in _imported(source):
        if name.split(".")[0] not in sys.stdlib_module_names | {"safelight"}:
            yield f"line {line}: {name} has no place on the ground floor"


def presents_without_widgets(path: str, source: str) -> Iterator[str]:
    if Path(path).name != "presenter.py":
        return
    for name, line in _imported(source):
        if name.startswith("PySide6.QtWidgets"):
            yield f"line {line}: a presenter paints nothing"


def opens_no_connection(path: str, source: str) -> Iterator[str]:
    # The tablet's own server, and the two questions that may be asked when somebody chose to: what time is it, signed
    # (RFC 3161), and what lies in the folder a studio publishes.
    if Path(path).parts[0] == "tablet" or path in ("keys/timestamping.py", "keys/fetching.py"):
        return
    for name, line in _imported(source):
        if name.startswith("urllib.request"):
            yield f"line {line}: Safelight works without a network"


DIALECT = re.compile(
    r"sqlite3|sqlite_master|\bsqlite_\w+\s*=|sqlalchemy\.dialects|user_version|secure_delete"
    r"|\b(?:PRAGMA|VACUUM|OR IGNORE|OR REPLACE|BEGIN IMMEDIATE|CREATE TRIGGER|ON CONFLICT|LIMIT -1)\b"
    r"|\bRAISE\(|limit\(-1"
)
"""What only one kind of database understands, or only its driver has."""


def speaks_no_dialect(path: str, source: str) -> Iterator[str]:
    if path.startswith("storage/engine/"):
        return
    for number, line in enumerate(source.splitlines(), 1):
        if found := DIALECT.search(line):
            yield f"line {number}: “{found[0]}” is one database's own; storage/engine/interface.py has a method for it"


DOORS = {"asking", "cli", "desk", "kiosk", "qt", "tablet"}
"""The doors and what they share: they show rows, and change something by verbs alone.

(The demonstration is not named: it plays every part, also those that no door has.)
"""


def asks_queries_and_verbs(path: str, source: str) -> Iterator[str]:
    if Path(path).parts[0] not in DOORS:
        return
    for node in _nodes(source):
        if not isinstance(node, ast.Attribute):
            continue
        # The catalogue of the rules (and of a sitting) is a table of uses; the agency's is its archive.
        of_agency = node.attr == "catalogue" and _last_name(node.value).strip("_") == "agency"
        if node.attr == "archive" or of_agency:
            yield f"line {node.lineno}: .{node.attr} is not for doors; ask studio/queries, agency/queries or a verb"


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|model|text|video)/[a-z0-9.+-]+(?:; ?[a-z]+=.*)?")
MEDIA_TYPES = {"domain/document_type.py", "images/media_type.py"}


def names_media_types(path: str, source: str) -> Iterator[str]:
    if path in MEDIA_TYPES:
        return
    for node in _nodes(source):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str | bytes):
            continue
        text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
        if MEDIA_TYPE.fullmatch(text):
            yield f"line {node.lineno}: “{text}” has a name in {' or '.join(sorted(MEDIA_TYPES))}"


SCOPES = json.loads((ROOT.parents[1] / "resources" / "rules" / "scopes.json").read_text(encoding="utf-8"))["scopes"]
USE_IDS = {each["id"] for each in SCOPES}
USE_ID = re.compile("(?:" + "|".join(sorted({each.split(".")[0] for each in USE_IDS})) + r")\.[a-z]+(?:-[a-z]+)*")
LISTS_OF_USES = {
    "demo/cast.py": "what the people of the demonstration are asked",
    "demo/day.py": "what its agency asks",
    "demo/signing_studio.py": "what they are asked at the screen",
    "demo/story.py": "what it tells about",
    "images/rights_marks.py": "held against the rules by tests/unit/images/test_rights_marks.py",
    "studio/sessions.py": "what is offered unless somebody says otherwise",
}
"""Where a use is named in code, and why a new one may be missing there; what uses are is said in the rules."""


def names_no_use(path: str, source: str) -> Iterator[str]:
    for node in _nodes(source):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if path not in LISTS_OF_USES and node.value in USE_IDS:
            yield f"line {node.lineno}: “{node.value}”: ask the catalogue what it is (Scope), so that none is missed"
        elif path in LISTS_OF_USES and USE_ID.fullmatch(node.value) and node.value not in USE_IDS:
            yield f"line {node.lineno}: “{node.value}” is no use of rules/scopes.json"


def lets_the_window_run(path: str, source: str) -> Iterator[str]:
    for node in _nodes(source):
        if not isinstance(node, ast.Call):
            continue
        if path.startswith("desk/") and _called(node) in ("fromData", "loadFromData"):
            yield f"line {node.lineno}: a worker that decodes so keeps the interpreter; take desk/pictures/jpeg"
        elif _called(node) in ("QBuffer", "QImageReader") and path != "desk/pictures/jpeg.py":
            yield f"line {node.lineno}: threads that read so can wait for each other for ever; see desk/pictures/jpeg"


FILE_RULES: list[Rule] = [
    opens_with_a_sentence, is_short, is_named_for_what_it_is, is_finished, catches_what_it_knows,
    takes_time_ids_and_bytes_from_outside, stands_on_the_standard_library_alone, presents_without_widgets,
    opens_no_connection, speaks_no_dialect, asks_queries_and_verbs, names_media_types, names_no_use,
    lets_the_window_run,
]  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_file_keeps_the_rules(path: Path) -> None:
    name, source = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    assert [f"{rule.__name__}: {said}" for rule in FILE_RULES for said in rule(name, source)] == []


def test_a_list_of_uses_that_is_gone_is_struck_off() -> None:
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in USE_IDS
    }
    assert naming == LISTS_OF_USES.keys()


def room_page_breaches(room: Path) -> list[str]:
    """What a room's page lacks: what it may import, and an existing file to read first."""
    page = room / "__init__.py"
    said = (ast.get_docstring(ast.parse(page.read_text(encoding="utf-8"))) or "") if page.is_file() else ""
    breaches = [] if "import" in said else ["it does not say what it may import"]
    named = re.findall(r"[\w/]+\.py", said)
    if not any((room / name).is_file() for name in named):
        breaches.append("it does not say which file to read first")
    return breaches + [f"it names {name}, which is not there" for name in named if not (room / name).is_file()]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_room_has_a_page(room: Path) -> None:
    assert room_page_breaches(room) == []


def files_with_bare_paragraphs(room: Path) -> list[str]:
    """Files that build a ReportLab ``Paragraph``, which reads its text as markup."""
    return [
        path.name
        for path in sorted(room.rglob("*.py"))
        if any(isinstance(n, ast.Call) and _called(n) == "Paragraph" for n in ast.walk(ast.parse(path.read_text())))
    ]


def test_only_one_file_of_the_receipt_turns_text_into_paragraphs() -> None:
    # Names are data: `<img src=...>` as a name must print as typed. One file escapes; the others ask it.
    assert len(files_with_bare_paragraphs(ROOT / "receipt")) <= 1


# ------------------------------------------------------------------------------------------------------------------
# The tests of the tests.

PAGE = '"""Says what the file is for."""\n'
PLANTED: list[tuple[Rule, str, str]] = [
    (opens_with_a_sentence, "keys/a.py", "x = 1\n"),
    (opens_with_a_sentence, "keys/a.py", '"""keys"""\n'),
    (is_short, "keys/a.py", PAGE + "x = 1\n" * 300),
    (is_short, "keys/a.py", '"""This is one idea, told at length."""\n' + "x = 1\n" * 450),
    (is_named_for_what_it_is, "keys/utils.py", PAGE),
    (is_named_for_what_it_is, "helpers/a.py", PAGE),
    (is_finished, "keys/a.py", PAGE + "# TODO later\n"),
    (is_finished, "keys/a.py", PAGE + "def f():\n    raise NotImplementedError\n"),
    (is_finished, "keys/a.py", PAGE + "def f():\n    pass\n"),
    (catches_what_it_knows, "cli/a.py", PAGE + "try:\n    f()\nexcept:\n    raise\n"),
    (catches_what_it_knows, "cli/a.py", PAGE + "try:\n    f()\nexcept Exception:\n    raise\n"),
    (catches_what_it_knows, "cli/a.py", PAGE + "try:\n    f()\nexcept (OSError, Exception) as e:\n    g(e)\n"),
    (catches_what_it_knows, "cli/a.py", PAGE + "try:\n    f()\nexcept BaseException:\n    g()\n"),
    (catches_what_it_knows, "cli/a.py", PAGE + "with contextlib.suppress(Exception):\n    f()\n"),
    *((takes_time_ids_and_bytes_from_outside, "domain/a.py", PAGE + f"x = a.{name}()\n") for name in IMPURE_CALLS),
    *((takes_time_ids_and_bytes_from_outside, "documents/a.py", PAGE + f"x = {name}()\n") for name in IMPURE_CALLS),
    *((takes_time_ids_and_bytes_from_outside, "documents/a.py", PAGE + f"x = [a.{name}]\n") for name in IMPURE_NAMES),
    (stands_on_the_standard_library_alone, "domain/a.py", PAGE + "import lxml.etree\n"),
    (stands_on_the_standard_library_alone, "domain/a.py", PAGE + "def f():\n    from yaml import load\n"),
    (presents_without_widgets, "desk/people/presenter.py", PAGE + "from PySide6 import QtCore, QtWidgets\n"),
    (presents_without_widgets, "desk/people/presenter.py", PAGE + "from PySide6.QtWidgets import QLabel\n"),
    (opens_no_connection, "receipt/a.py", PAGE + "from urllib import request\n"),
    *((speaks_no_dialect, "storage/repositories/a.py", PAGE + f"x = {text}\n") for text in (
        "sqlite3.connect(y)", "y.exec_driver_sql('PRAGMA foreign_keys')", "'SELECT sql FROM sqlite_master'",
        "insert(y).prefix_with('OR IGNORE')", "y.execute('VACUUM')", "sqlalchemy.dialects.sqlite.insert(y)",
        "'user_version'", "Table('a', y, sqlite_with_rowid=False)", "op.execute('CREATE TRIGGER a')",
        "'SELECT RAISE(ABORT)'", "y.limit(-1 if z is None else z)", "'BEGIN IMMEDIATE'",
    )),
    (speaks_no_dialect, "storage/migrations/versions/0009.py", PAGE + "from sqlalchemy.dialects import sqlite\n"),
    (names_media_types, "studio/a.py", PAGE + "x = 'image/jpeg'\n"),
    (names_media_types, "images/a.py", PAGE + "x = {'image/x-adobe-dng': read}\n"),
    (names_media_types, "bundle/a.py", PAGE + "x = b'application/c2pa'\n"),
    (names_media_types, "domain/a.py", PAGE + "x = 'text/plain; charset=utf-8'\n"),
    (names_no_use, "studio/a.py", PAGE + "x = ScopeId('use.stock')\n"),
    (names_no_use, "studio/sessions.py", PAGE + "x = ('use.portfolio', 'use.hologram')\n"),
    (asks_queries_and_verbs, "cli/a.py", PAGE + "rows = studio.archive.sessions.list()\n"),
    (asks_queries_and_verbs, "desk/people/presenter.py", PAGE + "rows = self._studio.archive.sessions.list()\n"),
    (asks_queries_and_verbs, "cli/a.py", PAGE + "report = agency.catalogue.check()\n"),
    (asks_queries_and_verbs, "cli/a.py", PAGE + "report = self._agency.catalogue.check()\n"),
    (lets_the_window_run, "desk/pictures/a.py", PAGE + "image = QImage.fromData(data)\n"),
    (lets_the_window_run, "qt/a.py", PAGE + "image = QImageReader(QBuffer(data), b'jpeg').read()\n"),
]


@pytest.mark.parametrize(("rule", "path", "source"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_breach_is_found(rule: Rule, path: str, source: str) -> None:
    assert list(rule(path, source))


def test_every_rule_has_a_breach_that_proves_it() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(FILE_RULES)


def test_what_is_allowed_stays_allowed() -> None:
    fine = '"""Seals.\n\nThis file is one idea."""\ntry:\n    f()\nexcept BaseException:\n    g()\n    raise\n'
    fine += "try:\n    f()\nexcept BaseException as error:\n    pipe.put(error)\n"
    fine += "x = 1\n" * 400
    assert [said for rule in FILE_RULES[1:] for said in rule("keys/sealing.py", fine)] == []
    aside = PAGE + "from urllib.parse import quote\nfrom datetime import datetime\nx = uuid4()\n"
    assert [said for rule in FILE_RULES for said in rule("studio/a.py", aside)] == []
    assert list(speaks_no_dialect("storage/engine/sqlite.py", PAGE + "import sqlite3\n")) == []
    assert list(speaks_no_dialect("storage/folder.py", PAGE + 'x = path / "archive.sqlite"  # SQLite\n')) == []
    scopes = PAGE + "x = studio.rules.catalogue.scope(use)\ny = person.catalogue\n"
    assert [said for rule in FILE_RULES for said in rule("cli/a.py", scopes)] == []


def test_a_room_without_a_page_is_found(tmp_path: Path) -> None:
    assert room_page_breaches(tmp_path)
    (tmp_path / "__init__.py").write_text('"""May import domain. Read ``gone.py`` first."""')
    assert room_page_breaches(tmp_path)
    (tmp_path / "gone.py").write_text("")
    assert room_page_breaches(tmp_path) == []


def test_a_bare_paragraph_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = platypus.Paragraph(name)")
    (tmp_path / "b.py").write_text("x = Paragraph(name)")
    assert files_with_bare_paragraphs(tmp_path) == ["a.py", "b.py"]


# ------------------------------------------------------------------------------------------------------------------
# What tests share is imported like anything else.

TESTS = Path(__file__).parents[1]


def loads_modules_by_hand(source: str) -> bool:
    """True when a test makes a module importable by itself instead of importing it from ``support``."""
    for node in ast.walk(ast.parse(source)):
        by_hand = isinstance(node, ast.Call) and (
            _called(node) == "spec_from_file_location" or ast.unparse(node.func).startswith("sys.path.")
        )
        if by_hand or (isinstance(node, ast.Subscript) and ast.unparse(node.value) == "sys.modules"):
            return True
    return False


def test_tests_import_what_they_share() -> None:
    files = sorted(TESTS.rglob("*.py"))
    assert [path for path in files if loads_modules_by_hand(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "line",
    ["spec = importlib.util.spec_from_file_location(name, path)", "sys.path.insert(0, str(HERE))",
     'maker = sys.modules["maker"]'],
)  # fmt: skip
def test_a_loader_written_by_hand_is_found(line: str) -> None:
    assert loads_modules_by_hand(line)


def unpacks_as_later_pythons_do(source: str) -> bool:
    """True when a tar is unpacked with a filter by name, which Python has from 3.11.4 on only."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return any(_called(each) == "extractall" and any(one.arg == "filter" for one in each.keywords) for each in calls)


def test_archives_are_unpacked_on_every_python_that_is_supported() -> None:
    files = sorted(TESTS.rglob("*.py"))
    assert [path for path in files if unpacks_as_later_pythons_do(path.read_text(encoding="utf-8"))] == []
    assert unpacks_as_later_pythons_do('tar.extractall(folder, filter="data")')
    assert not unpacks_as_later_pythons_do("tar.extractall(folder, **safely)")
