"""A command loads what it needs and nothing else: who asks for a list does not wait for a PDF library."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parents[3] / "app"
PDF = {"reportlab", "pikepdf", "pyhanko", "uharfbuzz"}
HEAVY = PDF | {"c2pa", "PIL", "rawpy", "pi_heif", "PySide6", "zxingcpp"}
ARCHIVE = {"sqlalchemy", "alembic"}


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys\n{code}\nprint(json.dumps(sorted(sys.modules)))"],
        cwd=APP, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {name.split(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_help_loads_nothing_but_the_standard_library() -> None:
    found = loaded("from safelight.cli.main import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass")
    strangers = found - sys.stdlib_module_names - {"safelight", "__main__", "__mp_main__", "sitecustomize"}
    assert {name for name in strangers if not name.startswith(("_", "__editable"))} == set()
    assert not found & {"sqlite3", "asyncio", "ssl", "unittest", "email"}


@pytest.mark.parametrize("room", ["studios", "sessions", "consents", "recipients", "photos", "agencies"])
def test_commands_do_without_what_they_do_not_need(room: str) -> None:
    assert not loaded(f"import safelight.cli.{room}") & HEAVY


def test_bundles_are_looked_into_without_pdf_libraries() -> None:
    assert not loaded("import safelight.cli.bundles") & PDF
