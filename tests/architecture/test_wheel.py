"""What is shipped works without the checkout: the wheel carries the program and its data, and needs no windows."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder a wheel of the current checkout unpacks to."""
    out = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = out.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(out / "site")
    return out / "site"


def run(unpacked: Path, *code: str) -> str:
    """Runs Python in an empty place with the unpacked wheel first on its path, and without Qt."""
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.modules['PySide6'] = None\n" + "\n".join(code)],
        cwd=unpacked, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_everything(unpacked: Path) -> None:
    def below(folder: Path) -> set[str]:
        return {
            path.relative_to(folder).as_posix()
            for path in folder.rglob("*")
            if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
        }

    shipped = below(unpacked / "safelight")
    assert shipped == below(CHECKOUT / "app" / "safelight") | {
        f"resources/{name}" for name in below(CHECKOUT / "resources")
    }
    assert (unpacked / "safelight" / "resources").is_dir()


def test_the_wheel_finds_its_own_data(unpacked: Path) -> None:
    said = run(unpacked, "from safelight.settings import resources", "print(resources.folder())")
    assert Path(said.strip()) == unpacked / "safelight" / "resources"


def test_the_command_line_starts_without_windows(unpacked: Path) -> None:
    said = run(
        unpacked,
        "from safelight.bootstrap import main",
        "sys.argv = ['safelight', '--help']",
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code",
    )
    assert "demo" in said
