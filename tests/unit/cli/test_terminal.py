"""At a terminal a person is asked for what no file says: the real command on a terminal of its own."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
PASSPHRASE = "correct horse battery staple"
Terminal = Callable[..., tuple[int, str]]


@pytest.fixture
def terminal(desk) -> Iterator[Terminal]:
    """``terminal(command, (question, answer), …)``: exit code, and everything that stood on the screen."""
    started = []

    def run(command: list[object], *talk: tuple[str, str]) -> tuple[int, str]:
        import pty

        pid, handle = pty.fork()
        if pid == 0:
            os.execv(sys.executable, [sys.executable, "-m", "safelight", *map(str, command)])
        started.append(pid)
        shown, at = b"", 0
        waiting = list(talk)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            ready, _, _ = select.select([handle], [], [], 1)
            if not ready:
                continue
            try:
                piece = os.read(handle, 4096)
            except OSError:  # Linux says so when the other side has closed
                piece = b""
            if not piece:
                break
            shown += piece
            if waiting and waiting[0][0].encode() in shown[at:]:
                at = len(shown)
                time.sleep(0.2)  # the terminal is told to hide what is typed before the question, flushing what was
                os.write(handle, f"{waiting.pop(0)[1]}\n".encode())
        os.close(handle)
        _, status = os.waitpid(pid, 0)
        started.remove(pid)
        assert not waiting, (waiting, shown)
        return os.waitstatus_to_exitcode(status), shown.decode().replace("\r\n", "\n")

    yield run
    for pid in started:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("SAFELIGHT_PASSPHRASE_FILE", raising=False)


def test_the_passphrase_is_asked_for_and_not_shown(terminal: Terminal, desk) -> None:
    code, shown = terminal(["--studio", desk.folder, "session", "list"], ("Passphrase: ", PASSPHRASE))
    assert code == 0 and "Spring" in shown and PASSPHRASE not in shown
    code, shown = terminal(["--studio", desk.folder, "session", "list"], ("Passphrase: ", "not this one"))
    assert code == 3 and "does not open this studio" in shown and "not this one" not in shown
    code, shown = terminal(["--studio", desk.folder, "session", "list"], ("Passphrase: ", "\x04"))
    assert code == 130 or (code == 3 and "Traceback" not in shown)


def test_founding_asks_twice(terminal: Terminal, desk) -> None:
    words = ["--name", "N", "--country", "DE", "--contact", "n@n.example"]
    place: Path = desk.work / "new"
    first, second = "New passphrase: ", "The same passphrase again: "
    code, shown = terminal(["--studio", place, "studio", "init", *words], (first, PASSPHRASE), (second, "another one"))
    assert code == 2 and "not the same" in shown and not place.exists()
    code, shown = terminal(["--studio", place, "studio", "init", *words], (first, "short"))
    assert code == 2 and "fewer than 8" in shown and not place.exists()
    code, shown = terminal(["--studio", place, "studio", "init", *words], (first, PASSPHRASE), (second, PASSPHRASE))
    assert code == 0 and "is ready" in shown and PASSPHRASE not in shown
    agency = ["agency", "--agency", desk.work / "agency"]
    code, _ = terminal([*agency, "init", *words], (first, PASSPHRASE), (second, PASSPHRASE))
    assert code == 0
    code, shown = terminal([*agency, "list"], ("Passphrase: ", PASSPHRASE))
    assert code == 0 and "No photos yet" in shown


def test_a_check_asks_point_by_point(terminal: Terminal, desk, ada: str) -> None:
    done = desk("consent", "record", ada, "--choices", desk.answers(use_portfolio="yes"), "--typed", "Ada Falk",
                "--method", "paper")  # fmt: skip
    assert done.code == 0
    check = [*desk.opening, "consent", "validate", ada, "--by", "Robin"]
    yes = [("[y/n]", "y")] * 5
    code, shown = terminal(check, *yes[:2], ("[y/n]", "perhaps"), ("[y/n]", "n"), *yes[3:])
    assert code == 1 and "Not confirmed: recipients-named" in shown
    assert "use.portfolio: yes, until" in shown
    code, shown = terminal(check, *yes, ("PIN of Robin: ", "2718"))
    assert code == 0 and "Checked by Robin" in shown and "2718" not in shown


def test_a_new_pin_is_asked_for_twice(terminal: Terminal, desk) -> None:
    add = [*desk.opening, "staff", "add", "Pat", "--role", "reviewer"]
    code, shown = terminal(add, ("New PIN of Pat: ", "4711"), ("The same PIN again: ", "4712"))
    assert code == 2 and "not the same" in shown
    code, shown = terminal(add, ("New PIN of Pat: ", "4711"), ("The same PIN again: ", "4711"))
    assert code == 0 and "Pat (reviewer)" in shown and "4711" not in shown
