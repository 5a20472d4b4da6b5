"""The signing screen as a real program on a real window system, worked through what a screen reader is told.

Whoever cannot see the screen signs here alone, and what was signed is what an agency is told afterwards; so is what
they take back here with the code of their receipt.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.found_studio import found_both
from support.screen_bus import Reader, heard, screen

pytest.importorskip("PySide6", reason="needs the desktop extra")

from safelight.settings.texts import texts

PIN = "7391"


@pytest.fixture
def display(stock_tool: Callable[[str], str]) -> Iterator[str]:
    with screen(stock_tool, "1280x800x24") as number:
        yield number


@pytest.fixture
def reader(
    day_before: Path, display: str, stock_tool: Callable[[str], str], tmp_path: Path
) -> Iterator[Callable[..., Reader]]:
    """``reader(*arguments)``: the signing screen started with them on a bus of its own, and somebody who listens."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: str | Path) -> Reader:
            place = ("--studio", day_before / "studio", "--passphrase-file", day_before / "passphrase")
            kiosk = [sys.executable, "-m", "safelight", *place, "kiosk", *arguments, "--letters", tmp_path / "letters"]
            return stack.enter_context(heard(stock_tool, display, tmp_path, kiosk))

        yield start


@pytest.fixture
def day_before(portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A studio and an agency, one session with one person and her photo, and a PIN."""
    folder = tmp_path_factory.mktemp("screen")
    found_both(folder)
    (folder / "pin").write_text(PIN)
    (folder / "card").mkdir()
    shutil.copyfile(portraits / "grace_hopper.jpg", folder / "card" / "grace.jpg")
    command(folder, "studio", "pin", "--file", folder / "pin")
    uses = "use.portfolio,use.directory,use.editorial"
    command(folder, "session", "new", "Autumn", "--offer", uses, "--recipient", "Agence Lumière")
    command(folder, "subject", "add", "Autumn", "Grace Hopper", "--email", "grace@navy.example")
    command(folder, "capture", "add", "Autumn", folder / "card", "--subject", "Grace")
    return folder


def command(folder: Path, *arguments: str | Path, code: int = 0) -> Any:
    argv = [sys.executable, "-m", "safelight", "--studio", folder / "studio", "--passphrase-file",
            folder / "passphrase", "--json", *arguments]  # fmt: skip
    done = subprocess.run([str(each) for each in argv], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, (arguments, done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_what_is_signed_without_seeing_the_screen_is_what_the_agency_reads(
    reader: Callable[..., Reader], day_before: Path, tmp_path: Path
) -> None:
    code = command(day_before, "session", "show", "Autumn")["subjects"][0]["code"]
    english = texts("en")
    words = english.ceremony
    screen = reader("Autumn")

    german = texts("de").ceremony  # the studio is in Germany; from the greeting on it is the person's language
    tree = screen.do("see", german["welcome"])
    assert not any("Grace" in each["name"] for each in tree), "nobody is listed"
    screen.keep_picture("01-waiting")
    screen.do("type", german["code_label"], code)
    screen.do("press", german["start"])
    screen.do("see", words["hello"].format(name="Grace Hopper"))
    screen.keep_picture("02-hello")
    screen.do("press", words["start"])
    screen.do("see", words["language_title"])
    screen.do("press", "English")
    for heading, _ in english.cards:
        screen.do("see", heading)
        screen.keep_picture("03-card")
        screen.do("press", words["next"])
    screen.do("see", words["photos_title"])
    screen.keep_picture("04-photos")
    screen.do("press", words["next"])
    tree = screen.do("see", words["uses_title"])
    answers = [each for each in tree if each["name"].startswith((f"{words['yes']}: ", f"{words['no']}: "))]
    assert len(answers) >= 4 and not any(each["checked"] for each in answers), "nothing is chosen at the start"
    screen.keep_picture("05-uses")
    screen.do("press", f"{words['yes']}: News and books")
    screen.do("until", words["next"], words["term_title"])
    screen.keep_picture("06-term")
    screen.do("until", words["next"], words["review_title"])
    screen.keep_picture("07-review")
    screen.do("until", words["next"], words["signature_title"])
    screen.do("press", words["type_instead"])
    screen.do("type", words["type_title"], "GRACE  Hopper")
    screen.keep_picture("08-signature")
    screen.do("press", words["sign"])
    tree = screen.do("see", words["receipt_title"])
    spelt = f"{words['receipt_code']}: "
    (receipt_code,) = {each["name"].removeprefix(spelt) for each in tree if each["name"].startswith(spelt)}
    screen.keep_picture("09-receipt")
    screen.do("press", words["finish"])
    screen.do("see", words["thanks_title"].format(name="Grace Hopper"))
    screen.keep_picture("10-thanks")
    tree = screen.do("press", words["done"])
    tree = screen.do("see", german["welcome"])
    assert not any("Grace" in each["name"] for each in tree), "the next person sees nothing of the last"

    shown = command(day_before, "consent", "show", "Grace")
    allowed = {scope for scope, state in shown["states"].items() if state["status"] == "given"}
    assert allowed == {"use.editorial"}, shown
    bundle = tmp_path / "b.age"
    command(day_before, "export", "Autumn", "--to", "Agence Lumière", "--use", "use.editorial", "--territory", "DE",
            "-o", bundle)  # fmt: skip
    place = ("agency", "--agency", day_before / "agency")
    command(day_before, *place, "import", bundle)
    photo = command(day_before, *place, "list")[0]["photo"]
    for use, territory, expected in (
        ("use.editorial", "DE", 0), ("use.editorial", "US", 1), ("use.directory", "DE", 1), ("use.portfolio", "DE", 1),
    ):  # fmt: skip
        asked = ("may", "--photo", photo, "--use", use, "--territory", territory)
        said = command(day_before, *place, *asked, code=expected)
        assert said["allowed"] is (expected == 0), (use, territory, said)

    screen.do("press", german["change_mind"])
    screen.do("type", german["mind_code"], receipt_code.lower().replace(" ", ""))
    screen.keep_picture("11-code")
    screen.do("press", german["next"])
    tree = screen.do("see", german["mind_title"])
    assert not any("Grace" in each["name"] or each["checked"] for each in tree), "the code alone shows nothing of her"
    screen.keep_picture("12-take-back")
    screen.do("press", german["mind_all"])
    screen.do("see", german["mind_check"])
    screen.keep_picture("13-check")
    screen.do("press", german["mind_do"])
    screen.do("see", german["mind_done_all"])
    screen.keep_picture("14-taken-back")
    screen.do("press", german["done"])
    screen.do("see", german["welcome"])
    screen.do("press", german["pin_title"])
    screen.do("type", german["pin_label"], PIN)
    screen.do("press", german["done"])
    _wait_for_end(int((tmp_path / "pid").read_text()))
    assert "Traceback" not in (tmp_path / "said").read_text()
    (letter,) = (tmp_path / "letters").glob("*.eml")
    assert "grace@navy.example" in letter.read_text(), "for the team to send"
    shown = command(day_before, "consent", "show", "Grace")
    assert shown["states"]["use.editorial"]["status"] == "withdrawn", shown
    command(day_before, "status", "-o", tmp_path / "status.json")
    command(day_before, *place, "refresh", tmp_path / "status.json")
    asked = ("may", "--photo", photo, "--use", "use.editorial", "--territory", "DE")
    assert command(day_before, *place, *asked, code=1)["blocker"] == "withdrawn"


def _wait_for_end(pid: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or ") Z " in status.read_text():
            return
        time.sleep(0.1)
    pytest.fail("the PIN did not lead out of the signing screen")
