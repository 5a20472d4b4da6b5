"""What every test can count on: no network, no stray log line, nothing left behind, a home of its own.

The guards are hooks, not fixtures, so that they hold for every test without being asked for. A test that means to
provoke a log record says so with ``expect_log``.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import hypothesis
import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

# ---------------------------------------------------------------------------------------------------------------
# A home of its own. Set while this file is imported, before anything of the program can look.

HOME = Path(tempfile.mkdtemp(prefix="safelight-home-"))
os.environ["HOME"] = os.environ["USERPROFILE"] = str(HOME)
for variable, folder in {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_CACHE_HOME": ".cache",
    "XDG_STATE_HOME": ".local/state",
}.items():
    os.environ[variable] = str(HOME / folder)
for variable in ("SAFELIGHT_STUDIO", "SAFELIGHT_PASSPHRASE_FILE", "PYTHONWARNINGS"):
    os.environ.pop(variable, None)
os.environ["TZ"] = "UTC"
if hasattr(time, "tzset"):
    time.tzset()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Never the keyring of whoever runs the tests: a test that wants one names it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

# A property that fails in CI must fail for everybody, and a property that explores must explore somewhere: at home. How
# long a machine takes for a case, or for thinking of one, says nothing about the program while others work on it.
hypothesis.settings.register_profile(
    "house", deadline=None, derandomize="CI" in os.environ, print_blob=True,
    suppress_health_check=(hypothesis.HealthCheck.too_slow,),
)  # fmt: skip
hypothesis.settings.load_profile("house")


# What is loaded and listed before the first test stays for the whole run: half a million values in each worker. Python
# looked through all of them again and again for circles that are no longer used, a tenth of the work of a run.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on only what tests make is looked through, as rarely as in the program (see ``bootstrap.py``).

    A test that looks for what is left of something asks :func:`support.alive.alive`, which sees everything.
    """
    from safelight.bootstrap import NEW_VALUES

    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_VALUES)
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--figures", action="store_true", help="benchmarks on the full sizes (minutes, not seconds)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where workers share the tests, whole days come first: the last tests of a run are short, nobody waits for one.

    It also makes what these days stand on once, by the worker that has them, instead of once for each worker. The order
    within them and within the rest stays as it was drawn.
    """
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: "end_to_end" not in item.path.parts)


def pytest_unconfigure() -> None:
    gc.unfreeze()  # at the end Python lets go of everything, and libraries complain of what it does not
    shutil.rmtree(HOME, ignore_errors=True)


# ---------------------------------------------------------------------------------------------------------------
# No network. Unix sockets and this machine itself are allowed.


class WentOnline(AssertionError):
    """A test tried to reach another machine. Not an OSError, so that no error handling of the program hides it."""


_attempts: list[str] = []


def _refuse(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else None
    if host is None or host in ("", "localhost", "::1") or str(host).startswith("127."):
        return
    _attempts.append(str(address))
    raise WentOnline(f"a test tried to reach {address!r}")


def _guard(method: str, address_of: Callable[[tuple[Any, ...]], object]) -> None:
    original = getattr(socket.socket, method)

    def guarded(self: socket.socket, *args: Any) -> Any:
        if self.family != getattr(socket, "AF_UNIX", None):
            _refuse(address_of(args))
        return original(self, *args)

    setattr(socket.socket, method, guarded)


_guard("connect", lambda args: args[0])
_guard("connect_ex", lambda args: args[0])
_guard("sendto", lambda args: args[-1])
_look_up = socket.getaddrinfo


def _look_up_here_only(host: Any, *args: Any, **kwargs: Any) -> Any:
    _refuse((host.decode() if isinstance(host, bytes) else host,))
    return _look_up(host, *args, **kwargs)


socket.getaddrinfo = _look_up_here_only

# ---------------------------------------------------------------------------------------------------------------
# No unexpected log record, no leftovers.

_EXPECTED = pytest.StashKey[list[str]]()


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def expect_log(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """``expect_log(pattern)``: a warning or error whose text matches must be logged before this test ends."""
    return request.node.stash.setdefault(_EXPECTED, []).append


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        result = yield
    finally:
        root.removeHandler(collector)
    expected = item.stash.get(_EXPECTED, [])
    lines = [f"{record.name}: {record.getMessage()}" for record in collector.records]
    stray = [line for line in lines if not any(re.search(pattern, line) for pattern in expected)]
    absent = [pattern for pattern in expected if not any(re.search(pattern, line) for line in lines)]
    if stray:
        pytest.fail("unexpected log records:\n" + "\n".join(stray), pytrace=False)
    if absent:
        pytest.fail(f"expected log records never came: {absent}", pytrace=False)
    return result


def _what_lies_around() -> set[Path]:
    """Everything in the test's home, and the first level of the checkout without its hidden caches."""
    top = {entry for entry in CHECKOUT.iterdir() if not entry.name.startswith(".") and entry.name != "test-output"}
    return top | set(HOME.rglob("*"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    item.stash[_BEFORE] = (_what_lies_around(), Path.cwd(), len(_attempts))
    return (yield)


_BEFORE = pytest.StashKey[tuple[set[Path], Path, int]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    before, folder, attempts = item.stash[_BEFORE]
    if left := sorted(_what_lies_around() - before):
        for path in reversed(left):  # so that the next test is not blamed
            if HOME in path.parents:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        pytest.fail("left behind: " + ", ".join(map(str, left)), pytrace=False)
    if Path.cwd() != folder:
        os.chdir(folder)
        pytest.fail("the test changed the working folder and did not change back", pytrace=False)
    if _attempts[attempts:]:
        pytest.fail(f"went online, and the error was swallowed: {_attempts[attempts:]}", pytrace=False)
    return result


# ---------------------------------------------------------------------------------------------------------------
# Real faces, from packages the tests install anyway. Never drawn ones where a codec or a profile is judged.


def _shipped(package: str, path: str) -> Path:
    spec = find_spec(package)
    assert spec is not None and spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / path


@pytest.fixture(scope="session")
def portraits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with real portraits, to be read and not changed: Grace Hopper (JPEG), Eileen Collins (JPEG, PNG).

    Both are public domain (US Navy, NASA) and come with the packages matplotlib and scikit-image.
    """
    from PIL import Image

    folder = tmp_path_factory.mktemp("portraits")
    shutil.copyfile(_shipped("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"), folder / "grace_hopper.jpg")
    shutil.copyfile(_shipped("skimage", "data/astronaut.png"), folder / "astronaut.png")
    with Image.open(folder / "astronaut.png") as picture:
        picture.convert("RGB").save(folder / "astronaut.jpg", quality=92)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    yield folder
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert after == before, "a test changed the shared portraits"


# ---------------------------------------------------------------------------------------------------------------
# Judges we did not write.


@pytest.fixture(scope="session")
def stock_tool() -> Callable[[str], str]:
    """``stock_tool(name)``: the path of a program; without it the test is skipped, but in CI that is a failure."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            (pytest.fail if "CI" in os.environ else pytest.skip)(f"{name} is not installed; ./run test installs it")
        return path

    return find
