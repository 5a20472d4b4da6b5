"""The commands killed, cut off from power and refused by the disk at any step: what they said is kept.

Every run takes a sample (another command meets another fault); ``./run test --long`` goes through all points of
all commands under all faults, which takes hours, not minutes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import found_studio
from support.before_digests import set_back
from support.full_lists import fill_first_list
from support.sampling import LONG

HERE = Path(__file__).parent
CRASHPOINT = HERE.parent / "tools" / "crashpoint.py"
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
FULL = LONG
ALL_MODES = "replay,kill,eio,enospc,sticky-enospc,erofs"
COMMANDS = {
    "init": "",
    "subject": "subject add Spring Ada --email ada@falk.example",
    "capture": "capture add Spring {day}/cards/eileen --subject Eileen",
    "consent": 'consent record Grace --choices {day}/grace.json --typed "Grace Hopper" --method paper',
    "next-list": 'consent record Grace --choices {day}/grace.json --typed "Grace Hopper" --method paper',
    "upgrade": "session list",
    "receipt": "receipt Grace -o {dir}/out/receipt.pdf",
    "deliver": "deliver Grace -o {dir}/out/own",
    "export": 'export Spring --to "Agence Lumière" --use use.editorial -o {dir}/out/bundle.age',
    "erase": "erase Grace --yes --by Kim",
    "withdraw": "withdraw Grace --by Kim",
}
SAMPLES = {
    ("init", "replay"): 10,
    ("subject", "replay"): 15,
    ("capture", "replay"): 20,
    ("consent", "replay"): 20,
    ("next-list", "replay"): 8,
    ("upgrade", "replay"): 8,
    ("receipt", "replay"): 20,
    ("deliver", "replay"): 12,
    ("export", "replay"): 20,
    ("erase", "replay"): 20,
    ("withdraw", "replay"): 15,
    ("subject", "eio"): 1,
    ("capture", "kill"): 1,
    ("consent", "erofs"): 1,
    ("receipt", "sticky-enospc"): 1,
    ("export", "enospc"): 1,
    ("erase", "kill"): 1,
    ("erase", "sticky-enospc"): 1,
    ("withdraw", "kill"): 1,
}
"""How many points or states of a mode are looked at in an ordinary run."""
EVERYTHING = {(command, ALL_MODES): 0 for command in COMMANDS}


@pytest.fixture(scope="session")
def bench(day, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per command with what is there before it: the studio, and the place its file goes to."""
    folder = tmp_path_factory.mktemp("bench")
    for command in COMMANDS:
        (folder / command / "out").mkdir(parents=True)
        before = {"next-list": "consent", "upgrade": "subject", "withdraw": "erase"}.get(command, command)
        if before in day.before:
            shutil.copytree(day.before[before] / "studio", folder / command / "studio")
    # Two of the four answers find a place in the first status list.
    fill_first_list(folder / "next-list" / "studio", found_studio.PASSPHRASE, left=2)
    set_back(folder / "upgrade" / "studio", found_studio.PASSPHRASE)
    return folder


@pytest.mark.parametrize(("command", "mode"), EVERYTHING if FULL else SAMPLES)
def test_what_was_said_is_kept(
    command: str, mode: str, day, bench: Path, tmp_path: Path, stock_tool: Callable[[str], str]
) -> None:
    stock_tool("strace")
    seen = explore(command, mode, 0 if FULL else SAMPLES[command, mode], day.folder, bench, tmp_path)
    assert "violated 0;" in seen and "hung 0;" in seen and "unmodelled {}" in seen, seen


def explore(command: str, mode: str, sample: int, day: Path, bench: Path, scratch: Path) -> str:
    safelight = f"{sys.executable} -m safelight --acks --studio {{dir}}/studio --passphrase-file {day}/passphrase"
    found = f"{sys.executable} {found_studio.__file__} {{dir}} studio-only"
    one = f"{safelight} {COMMANDS[command]}".replace("{day}", str(day)) if command != "init" else found
    argv = [
        sys.executable, str(CRASHPOINT), "--setup", f"cp -a {bench / command}/. {{dir}}",
        "--run", f"sh -c '{one}; code=$?; [ $code = 0 ] && echo EXIT 0 {command}; exit $code'",
        "--check-server", f"{sys.executable} {HERE / 'promise_keeper.py'}", "--mode", mode,
        # For a few points a second process that checks costs more than it saves: it loads the whole program as well.
        "--scratch", str(scratch), *(["--sample", str(sample), "--jobs", "1"] if sample else []),
    ]  # fmt: skip
    done = subprocess.run(argv, capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
