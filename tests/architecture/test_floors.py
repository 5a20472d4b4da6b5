"""The floors: who may import whom. The law is in pyproject.toml; here it is enforced, and shown to be enforceable.

The law names every room of the plan. On the program it is applied to the rooms that are built; on a model with all of
them, one breach is planted for each rule, and exactly the right contract must go red.
"""

from __future__ import annotations

import ast
import itertools
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from importlinter import configuration
from importlinter.application import use_cases

CHECKOUT = Path(__file__).parents[2]
PACKAGE = CHECKOUT / "app" / "safelight"
LAW: dict[str, Any] = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]
FLOORS = next(contract for contract in LAW["contracts"] if contract["type"] == "layers")
ROOMS = [[room.strip() for room in floor.split("|")] for floor in FLOORS["layers"]]
PLANNED = {room for floor in ROOMS for room in floor}


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


def in_force(contract: dict[str, Any], built: set[str], used: set[str]) -> dict[str, Any] | None:
    """The contract without the rooms that are not built and the libraries nobody uses; None if nothing is left."""

    def stands(module: str) -> bool:
        parts = module.split(".")
        return len(parts) == 1 or parts[0] != "safelight" or parts[1] in built

    kept = dict(contract)
    for field in ("source_modules", "forbidden_modules", "protected_modules", "allowed_importers"):
        if field in kept:
            kept[field] = [module for module in kept[field] if stands(module)]
            if field == "protected_modules":
                kept[field] = [library for library in kept[field] if library in used]
            if not kept[field] and field == "allowed_importers":
                kept |= {field: ["safelight"], "as_packages": False}  # its room is not built: nobody may
            if not kept[field]:
                return None
    if "layers" in kept:
        floors = [[room for room in floor if room in built] for floor in ROOMS]
        kept["layers"] = [" | ".join(floor) for floor in floors if floor]
    return kept


def lint(package: Path, built: set[str], scratch: Path) -> bool:
    """Judge the package in the folder ``package`` (its parent must be importable); what is said goes to stdout."""
    used = imported_by(package)
    lines = ["[tool.importlinter]", 'root_package = "safelight"', "include_external_packages = true"]
    for contract in LAW["contracts"]:
        if kept := in_force(contract, built, used):
            lines.append("[[tool.importlinter.contracts]]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in kept.items()]
    law = scratch / "law.toml"
    law.write_text("\n".join(lines).replace('"safelight', f'"{package.name}'))
    configuration.configure()
    return use_cases.lint_imports(config_filename=str(law), cache_dir=None, no_logo=True)


def test_the_program_keeps_to_its_floors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    built = {room for room in PLANNED if (PACKAGE / f"{room}.py").exists() or (PACKAGE / room / "__init__.py").exists()}
    kept = lint(PACKAGE, built, tmp_path)
    assert kept, capsys.readouterr().out


def test_the_law_names_only_rooms_that_have_a_floor() -> None:
    named = {
        module.split(".")[1]
        for contract in LAW["contracts"]
        for field in ("source_modules", "forbidden_modules", "allowed_importers")
        for module in contract.get(field, [])
        if module.startswith("safelight.")
    }
    assert named <= PLANNED


@dataclass(frozen=True, slots=True)
class Breach:
    """A line that must not be written, where, and the contract that notices."""

    file: str
    line: str
    contract: str


FLOORS_NAME = FLOORS["name"]
LIBRARIES = {
    contract["name"]: contract["protected_modules"] for contract in LAW["contracts"] if contract["type"] == "protected"
}
NUMBERS = itertools.count()
OUTSIDER = "rights/plan.py"  # a room that owns no library
CIRCLE = "No circles, in any room, at any depth"
SCREENS = "The subject's screens see one ceremony, never the archive, the keys or the bundles"
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
    Breach("studio/plan.py", "from safelight.agency import plan", FLOORS_NAME),
    Breach("tablet/plan.py", "from safelight.cli import plan", FLOORS_NAME),
    Breach("settings/plan.py", "from safelight.domain import plan", FLOORS_NAME),
    Breach("attic/__init__.py", "", FLOORS_NAME),
    Breach("studio/other.py", "from safelight.studio import plan", CIRCLE),
    *(Breach(OUTSIDER, "import " + ", ".join(libraries), name) for name, libraries in LIBRARIES.items()),
    Breach("storage/plan.py", "import socket", "No room but the tablet speaks to a network socket"),
    Breach("kiosk/plan.py", "from safelight.storage import plan", SCREENS),
    Breach("tablet/plan.py", "from safelight.studio import signing_point\nimport safelight.studio.whole", SCREENS),
    Breach("studio/signing_point.py", "from safelight.keys import plan", SCREENS),
    Breach("desk/people/view.py", "from safelight.studio import plan", "Views paint; they never ask the studio"),
    Breach("desk/people/view.py", "from safelight.desk.people import presenter",
           "Views paint; they never ask the studio"),
    Breach("cli/plan.py", "from safelight.qt import plan", "The command line needs no windows"),
]  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model of the whole house: every room of the plan, with a few files that keep to the law.

    It has a name of its own, so that nothing already imported is taken for it.
    """
    name = f"model{next(NUMBERS)}"
    rooms = PLANNED - {"bootstrap"}
    files = dict.fromkeys([f"{room}/{file}" for room in rooms for file in ("__init__.py", "plan.py")], "")
    files |= dict.fromkeys(["__init__.py", "__main__.py", "bootstrap.py", "desk/people/__init__.py"], "")
    files |= {
        "desk/people/view.py": "import safelight.qt.plan",
        "desk/people/presenter.py": "import safelight.studio.plan\nimport safelight.desk.people.view",
        "kiosk/plan.py": "import safelight.studio.signing_point\nimport PySide6.QtWidgets",
        "studio/plan.py": "import safelight.studio.other\nimport safelight.storage.plan",
        "studio/other.py": "import safelight.receipt.plan",
        "studio/signing_point.py": "import safelight.domain.plan",
        "studio/whole.py": "import safelight.storage.plan\nimport safelight.rights.plan",
        "storage/plan.py": "import safelight.keys.plan\nimport sqlite3",
        "keys/plan.py": "import cryptography.hazmat\nimport safelight.documents.plan",
        "documents/plan.py": "import rfc8785\nimport io\nimport safelight.settings.plan",
        "images/plan.py": "import lxml.etree\nimport io\nimport safelight.domain.plan",
        "settings/plan.py": "import pathlib",
    }
    for file, text in files.items():
        path = tmp_path / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("safelight", name) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / name


def test_the_model_of_the_house_is_lawful(house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = lint(house, PLANNED, tmp_path)
    assert kept, capsys.readouterr().out


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.file}: {breach.line.splitlines()[-1:]}")
def test_a_planted_breach_goes_red(
    breach: Breach, house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = house / breach.file
    path.parent.mkdir(exist_ok=True)
    already = path.read_text() if path.exists() else ""
    path.write_text(already + breach.line.replace("safelight", house.name) + "\n")
    assert not lint(house, PLANNED, tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert f"{breach.contract} BROKEN" in said
    if breach.file == OUTSIDER:
        assert all(f"{house.name}.rights.plan -> {library} " in said for library in LIBRARIES[breach.contract]), said


def test_every_contract_has_a_breach_that_proves_it() -> None:
    assert {breach.contract for breach in BREACHES} == {contract["name"] for contract in LAW["contracts"]}
