"""How a promise is measured: both sides in the same run, taking turns, the best of each, a ratio as the answer.

A machine's speed cancels out of a ratio, so the promises hold on a laptop and on a loaded CI runner. ``./run test``
measures on small data; ``./run test tests/benchmarks --figures`` on the sizes the promises are made for.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from safelight.bootstrap import tune_interpreter

CHECKOUT = Path(__file__).parents[2]
_KEPT = pytest.StashKey["list[Figure]"]()


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured promise: ``value`` in ``unit``; ``bound`` says what was promised, such as ``>= 0.5``."""

    name: str
    value: float
    unit: str
    bound: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.figures)


@pytest.fixture(autouse=True)
def interpreter_as_in_the_program() -> Iterator[None]:
    """Benchmarks run with what the program sets at its start."""
    interval, threshold = sys.getswitchinterval(), gc.get_threshold()
    tune_interpreter()
    yield
    sys.setswitchinterval(interval)
    gc.set_threshold(*threshold)


@pytest.fixture(scope="session")
def full_size(request: pytest.FixtureRequest) -> bool:
    """True when the sizes the promises are made for are asked for (``--figures``)."""
    return bool(request.config.getoption("--figures"))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where programs that are measured keep what they compiled (PYTHONPYCACHEPREFIX): once a run, as installed once."""
    return tmp_path_factory.mktemp("compiled")


@pytest.fixture
def keep_figure(request: pytest.FixtureRequest) -> Callable[[str, float, str, str], None]:
    """``keep_figure(name, value, unit, bound)``: prints it at the end and writes it to test-output/figures.json."""

    def keep(name: str, value: float, unit: str, bound: str) -> None:
        request.config.stash.setdefault(_KEPT, []).append(Figure(name, value, unit, bound))

    return keep


@pytest.fixture(scope="session")
def median_seconds() -> Callable[..., float]:
    """``median_seconds(work, rounds=5)``: the median time of ``work()``, after one round that is not counted."""

    def measure(work: Callable[[], object], rounds: int = 5) -> float:
        work()
        return statistics.median(_seconds(work) for _ in range(rounds))

    return measure


@pytest.fixture(scope="session")
def speed_ratio() -> Callable[..., float]:
    """``speed_ratio(ours, theirs, rounds=5)``: how fast ours is as a fraction of theirs (1.0: equally fast).

    The two take turns, so that a machine that slows down slows down both; each runs once uncounted before.
    """

    def compare(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = 5) -> float:
        ours(), theirs()
        pairs = [(_seconds(ours), _seconds(theirs)) for _ in range(rounds)]
        # The best of each: whatever else a machine does only ever adds to a time.
        return min(theirs for _, theirs in pairs) / min(ours for ours, _ in pairs)

    return compare


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


_WEIGH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(usage.ru_maxrss)
sys.exit(process.returncode)
"""


@pytest.fixture(scope="session")
def peak_memory() -> Callable[[Sequence[str]], int]:
    """``peak_memory(argv)``: runs a command that must succeed and gives its largest resident size in bytes."""

    def run(argv: Sequence[str]) -> int:
        # A process inherits the high-water mark of whoever started it (Linux folds it in at exec), and this one may be
        # large by now: so a small process starts the command and tells what it took.
        told = subprocess.run([sys.executable, "-I", "-c", _WEIGH, *argv], capture_output=True, check=False)
        assert told.returncode == 0, told.stderr.decode(errors="replace")
        return int(told.stdout) * (1 if sys.platform == "darwin" else 1024)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash.get(_KEPT, [])
    if not figures:
        return
    terminalreporter.section("figures")
    for figure in figures:
        terminalreporter.line(f"{figure.name}: {figure.value:.4g} {figure.unit} (promised {figure.bound})")
    out = CHECKOUT / "test-output"
    out.mkdir(exist_ok=True)
    (out / "figures.json").write_text(json.dumps([asdict(figure) for figure in figures], indent=1) + "\n")
