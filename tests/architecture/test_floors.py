"""The floors: who may import whom. The law is in pyproject.toml; here it is enforced, and shown to be enforceable.

``lint-imports`` checks the program against the law, which names only rooms that are built and libraries that are
imported. ``PLANNED_*`` adds the rest of the plan; on a model of that whole house one breach is planted for each rule,
and exactly the right contract must go red.
"""

from __future__ import annotations

import ast
import copy
import itertools
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from importlinter import configuration
from importlinter.application import use_cases

CHECKOUT = Path(__file__).parents[2]
PACKAGE = CHECKOUT / "app" / "safelight"
LAW: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]

NO_TOOLKIT = "The questions need no toolkit: a screen is a skin of them"
SCREENS = "The subject's screens see one ceremony, never the archive, the keys or the bundles"
DEMONSTRATION = "Nothing but bootstrap knows the demonstration"
VIEWS = "Views paint; they never ask the studio"
DESK = "The desk asks the studio, and nothing that lies below it"
PLANNED_ROOMS = {"tablet": "kiosk"}
"""Rooms that are not built yet, each with a room of its floor."""
PLANNED_FIELDS: dict[str, dict[str, list[str]]] = {
    "One library, one room: windows": {
        "protected_modules": ["shiboken6"],
    },
    "One library, one room: receipts": {
        "protected_modules": ["justmytype", "justmytype_intl_cjk", "manimgx_fonts"],
    },
    "One library, one room: pictures": {"protected_modules": ["numpy"]},
    "One library, one room: days and times": {"protected_modules": ["tzdata"]},
    SCREENS: {"source_modules": ["safelight.tablet"]},
}
"""What contracts of the law will say about rooms that are not built and libraries that nobody imports yet."""


def floors_of(contracts: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract that names the floors."""
    return next(contract for contract in contracts if contract["type"] == "layers")


def whole_plan() -> list[dict[str, Any]]:
    """The contracts of the law with everything that is planned."""
    contracts: list[dict[str, Any]] = copy.deepcopy(LAW["contracts"])
    floors = floors_of(contracts)
    for room, neighbour in PLANNED_ROOMS.items():
        floors["layers"] = [
            f"{floor} | {room}" if neighbour in floor.split(" | ") else floor for floor in floors["layers"]
        ]
    for contract in contracts:
        for field, more in PLANNED_FIELDS.get(contract["name"], {}).items():
            contract[field] = [*contract[field], *more]
    return contracts


PLAN = whole_plan()
FLOORS_NAME = floors_of(PLAN)["name"]
ROOMS = {room for floor in floors_of(PLAN)["layers"] for room in floor.split(" | ")}


def imported_by(package: Path) -> set[str]:
    """The top names of everything imported anywhere in ``package``."""
    names: set[str] = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add(str(node.module).split(".")[0])
    return names


def lint(package: Path, scratch: Path) -> bool:
    """Judge a model of the house by the whole plan (its parent must be importable); what is said goes to stdout."""
    used = imported_by(package)
    lines = ["[tool.importlinter]", 'root_package = "safelight"', "include_external_packages = true"]
    for contract in PLAN:
        # A library that nobody imports may not be named.
        named = contract.get("protected_modules", [])
        libraries = [each for each in named if each in used or each.startswith("safelight.")]
        if contract["type"] == "protected" and not libraries:
            continue
        kept = contract | ({"protected_modules": libraries} if libraries else {})
        lines.append("[[tool.importlinter.contracts]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in kept.items()]
    law = scratch / "law.toml"
    law.write_text("\n".join(lines).replace('"safelight', f'"{package.name}'))
    configuration.configure()
    return use_cases.lint_imports(config_filename=str(law), cache_dir=None, no_logo=True)


def test_the_program_keeps_to_its_floors_as_typed_in_a_terminal() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [command, "--no-cache"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(LAW['contracts'])} kept, 0 broken" in done.stdout


def named_rooms(contracts: list[dict[str, Any]]) -> Iterator[str]:
    """The rooms that contracts other than the floors speak of."""
    for contract in contracts:
        for field in ("source_modules", "forbidden_modules", "allowed_importers"):
            for module in contract.get(field, []):
                if module.startswith("safelight."):
                    yield module.split(".")[1]


def test_the_plan_names_only_rooms_that_have_a_floor() -> None:
    assert set(named_rooms(PLAN)) <= ROOMS


def test_what_is_planned_is_not_there_yet() -> None:
    """What is built or imported belongs in the law, where ``lint-imports`` sees it."""
    built = {path.stem for path in PACKAGE.iterdir()}
    assert not built & PLANNED_ROOMS.keys()
    libraries = {name for fields in PLANNED_FIELDS.values() for name in fields.get("protected_modules", [])}
    assert not libraries & imported_by(PACKAGE)
    assert PLANNED_FIELDS.keys() <= {contract["name"] for contract in PLAN}


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that must not be written, where, and the contract that notices."""

    file: str
    line: str
    contract: str


LIBRARIES = {
    contract["name"]: contract["protected_modules"]
    for contract in PLAN
    if contract["type"] == "protected" and not contract["protected_modules"][0].startswith("safelight.")
}
NUMBERS = itertools.count()
OUTSIDER = "rights/plan.py"  # a room that owns no library
INSIDE = ("keys", "storage", "capture", "rights")
SECRET = ("storage", "keys", "bundle", "rights", "agency")
CIRCLE = "No circles, in any room, at any depth"
BREACHES = [
    Breach("domain/plan.py", "import os", "The ground floor does no I/O"),
    Breach("domain/plan.py", "from pathlib import Path", "The ground floor does no I/O"),
    Breach("documents/plan.py", "import time", "Documents and images are bytes in, bytes out: no I/O"),
    Breach("images/plan.py", "import os", "Documents and images are bytes in, bytes out: no I/O"),
    Breach("documents/plan.py", "from safelight.images import plan", FLOORS_NAME),
    Breach("images/plan.py", "from safelight.documents import plan", FLOORS_NAME),
    Breach("domain/plan.py", "from safelight.keys import plan", FLOORS_NAME),
    Breach("keys/plan.py", "def late():\n    from safelight.studio import plan", FLOORS_NAME),
    Breach("documents/plan.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import safelight.keys.plan",
           FLOORS_NAME),
    Breach("receipt/plan.py", "from safelight.bundle import plan", FLOORS_NAME),
    Breach("capture/plan.py", "from safelight.storage import plan", FLOORS_NAME),
    Breach("receipt/plan.py", "from safelight.rights import plan", FLOORS_NAME),
    Breach("studio/plan.py", "from safelight.agency import plan", FLOORS_NAME),
    Breach("tablet/plan.py", "from safelight.cli import plan", FLOORS_NAME),
    Breach("settings/plan.py", "from safelight.domain import plan", FLOORS_NAME),
    Breach("attic/__init__.py", "", FLOORS_NAME),
    Breach("studio/other.py", "from safelight.studio import plan", CIRCLE),
    *(Breach(OUTSIDER, "import " + ", ".join(libraries), name) for name, libraries in LIBRARIES.items()),
    Breach("storage/plan.py", "import sqlite3", "One library, one room: the database's driver"),
    Breach("storage/plan.py", "import socket", "No room but the tablet speaks to a network socket"),
    Breach("asking/plan.py", "from safelight.qt import plan", NO_TOOLKIT),
    Breach("asking/plan.py", "def late():\n    from PySide6.QtCore import QTimer", NO_TOOLKIT),
    Breach("asking/plan.py", "from safelight.qt import plan", FLOORS_NAME),
    Breach("qt/plan.py", "from safelight.asking import plan", FLOORS_NAME),
    Breach("asking/plan.py", "from safelight.kiosk import plan", FLOORS_NAME),
    *(Breach("asking/plan.py", f"from safelight.{room} import plan", SCREENS) for room in SECRET),
    Breach("asking/plan.py", "import safelight.studio.whole", SCREENS),
    Breach("kiosk/plan.py", "from safelight.storage import plan", SCREENS),
    Breach("tablet/plan.py", "from safelight.studio import signing_point\nimport safelight.studio.whole", SCREENS),
    Breach("studio/signing_point.py", "from safelight.keys import plan", SCREENS),
    Breach("desk/people/view.py", "from safelight.studio import plan", VIEWS),
    Breach("desk/people/view.py", "from safelight.desk.people import presenter", VIEWS),
    *(Breach("desk/plan.py", f"from safelight.{room} import plan", DESK) for room in INSIDE),
    Breach("desk/plan.py", "from safelight.kiosk import plan", FLOORS_NAME),
    Breach("desk/plan.py", "from safelight.cli import plan", FLOORS_NAME),
    Breach("cli/plan.py", "from safelight.qt import plan", "The command line needs no windows"),
    Breach("demo/plan.py", "from safelight.qt import plan", "The command line needs no windows"),
    Breach("cli/plan.py", "from safelight.demo import plan", FLOORS_NAME),
    Breach("demo/plan.py", "from safelight.cli import plan", FLOORS_NAME),
    Breach("cli/plan.py", "from safelight.demo import plan", DEMONSTRATION),
    Breach("__main__.py", "def late():\n    import safelight.demo.plan", DEMONSTRATION),
]  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of the whole house: every room of the plan, with a few files that keep to the law.

    It has a name of its own, so that nothing already imported is taken for it.
    """
    name = f"model{next(NUMBERS)}"
    rooms = ROOMS - {"bootstrap"}
    files = dict.fromkeys([f"{room}/{file}" for room in rooms for file in ("__init__.py", "plan.py")], "")
    files |= dict.fromkeys(["__init__.py", "__main__.py", "bootstrap.py", "desk/people/__init__.py"], "")
    files |= {
        "desk/people/view.py": "import safelight.qt.plan",
        "desk/people/presenter.py": "import safelight.studio.plan\nimport safelight.desk.people.view",
        "kiosk/plan.py": "import safelight.asking.plan\nimport PySide6.QtWidgets",
        "asking/plan.py": "import safelight.studio.signing_point",
        "studio/plan.py": "import safelight.studio.other\nimport safelight.storage.plan",
        "studio/other.py": "import safelight.receipt.plan",
        "studio/signing_point.py": "import safelight.domain.plan",
        "studio/whole.py": "import safelight.storage.plan\nimport safelight.rights.plan",
        "storage/plan.py": "import safelight.keys.plan\nimport safelight.storage.engine.sqlite",
        "storage/engine/__init__.py": "",
        "storage/engine/sqlite.py": "import sqlite3\nimport sqlalchemy",
        "keys/plan.py": "import cryptography.hazmat\nimport safelight.documents.plan",
        "documents/plan.py": "import rfc8785\nimport io\nimport safelight.settings.plan",
        "images/plan.py": "import lxml.etree\nimport io\nimport safelight.domain.plan",
        "settings/plan.py": "import pathlib",
        "demo/plan.py": "import PIL.Image\nimport safelight.studio.plan",
        "bootstrap.py": "import safelight.demo.plan",
    }
    for file, text in files.items():
        path = tmp_path / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("safelight", name) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / name


def test_the_model_of_the_house_is_lawful(house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = lint(house, tmp_path)
    assert kept, capsys.readouterr().out


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.file}: {breach.line.splitlines()[-1:]}")
def test_a_planted_breach_goes_red(
    breach: Breach, house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = house / breach.file
    path.parent.mkdir(exist_ok=True)
    already = path.read_text() if path.exists() else ""
    path.write_text(already + breach.line.replace("safelight", house.name) + "\n")
    assert not lint(house, tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert f"{breach.contract} BROKEN" in said
    if breach.file == OUTSIDER:
        assert all(f"{house.name}.rights.plan -> {library} " in said for library in LIBRARIES[breach.contract]), said


def test_every_contract_has_a_breach_that_proves_it() -> None:
    assert {breach.contract for breach in BREACHES} == {contract["name"] for contract in PLAN}
