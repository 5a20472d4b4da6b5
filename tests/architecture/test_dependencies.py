"""What the program leans on: declared, used, locked by hash, and shipped without addresses."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).parents[2]
PACKAGE = CHECKOUT / "app" / "safelight"
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())
EXTRAS = PROJECT["project"]["optional-dependencies"]
CORE = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
SHIPPED = CORE + [Requirement(line) for extra in ("desktop", "heic", "raw", "senses") for line in EXTRAS[extra]]
EVERYTHING = SHIPPED + [Requirement(line) for line in EXTRAS["test"] + PROJECT["dependency-groups"]["build"]]
LOCK = (CHECKOUT / "requirements.lock").read_text()
PINS = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;]+)", LOCK, re.MULTILINE)


def test_what_is_imported_is_declared() -> None:
    homes = importlib.metadata.packages_distributions()
    declared = {canonicalize_name(requirement.name) for requirement in SHIPPED}
    # Parts of declared libraries that come as packages of their own.
    declared |= {canonicalize_name(name) for name in ("shiboken6", "asn1crypto", "pyhanko-certvalidator", "numpy")}
    undeclared = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [str(node.module)]
            for module in (name.split(".")[0] for name in modules):
                if module in sys.stdlib_module_names | {"safelight", "_typeshed"}:
                    continue
                if not declared & {canonicalize_name(home) for home in homes.get(module, [module])}:
                    undeclared.add((path.name, module))
    assert undeclared == set()


@pytest.mark.parametrize("requirement", CORE, ids=lambda requirement: requirement.name)
def test_what_is_declared_is_used(requirement: Requirement) -> None:
    homes = importlib.metadata.packages_distributions()
    name = canonicalize_name(requirement.name)
    modules = [module for module, places in homes.items() if name in {canonicalize_name(place) for place in places}]
    text = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    assert any(re.search(rf"\b{module}\b", text) for module in modules), "remove it, or use it"


def test_everything_declared_is_locked_at_a_version_that_fits() -> None:
    for requirement in EVERYTHING:
        versions = [version for name, version in PINS if canonicalize_name(name) == canonicalize_name(requirement.name)]
        assert versions, f"{requirement.name} is not in requirements.lock: run packaging/lock"
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_the_lock_has_hashes_and_no_addresses() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) == len(PINS)
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert re.findall(r"^# == (\w+)", LOCK, re.MULTILINE) == ["core", "desktop", "senses", "test"]


def test_the_core_section_of_the_lock_has_no_windows_and_no_test_tools() -> None:
    core = LOCK.split("# == desktop")[0]
    names = {canonicalize_name(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", core, re.MULTILINE)}
    assert {canonicalize_name(requirement.name) for requirement in CORE} <= names
    windows = {"pyside6-addons", "pyside6-essentials", "shiboken6"}
    assert not names & (windows | {"pytest", "mypy", "matplotlib", "opendataloader-pdf"})


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    foreign = re.compile(rb"/(?:work|root)/\w|\.\./(?:shared)\b|(?:pypi|pythonhosted)\.org|/tmp/(?:probe|w)/")
    folders = [CHECKOUT / name for name in ("app", "resources", "tests", "packaging", ".ci")]
    files = [path for folder in folders for path in folder.rglob("*")]
    files += [path for path in CHECKOUT.iterdir() if path.suffix in {".toml", ".lock", ".md", ""}]
    found = [
        path.relative_to(CHECKOUT).as_posix()
        for path in files
        if path.is_file() and path.suffix != ".pyc" and foreign.search(path.read_bytes())
    ]
    assert found == []
