"""The command that opens the signing screen: what was asked for reaches the window, and nothing that was not."""

from __future__ import annotations

from typing import Any

import pytest

from safelight.bootstrap import load_demonstration
from safelight.cli.main import main
from safelight.cli.parser import DEMO_GUESTS, build_parser
from safelight.demo import signing_studio


def test_what_was_asked_for_reaches_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    asked: dict[str, Any] = {}

    def windows(desk: object, first: object, **wishes: Any) -> int:
        asked.update(wishes)
        return 0

    asking = ["kiosk", "--demo", "--camera", "--screen", "1"]
    assert main(asking, windows=windows, demonstration=load_demonstration) == 0
    assert asked == {"screen": 1, "windowed": False, "letters": None, "camera": True}
    said = capsys.readouterr().err
    assert "The PIN to leave is" in said
    assert "waits for native review: English, Deutsch" in said, "the team hears which wording nobody has checked"


def test_each_story_of_the_demonstration_can_sit_there_already() -> None:
    """The command line names the stories before the demonstration is loaded; both keep the same order."""
    assert len(DEMO_GUESTS) == len(signing_studio.STORIES)
    met: list[str] = []

    def windows(desk: Any, first: Any, **_: Any) -> int:
        met.append(first.person().name)
        return 0

    assert main(["kiosk", "--demo", "minor"], windows=windows, demonstration=load_demonstration) == 0
    assert met == ["Mira Novák"]


def test_without_a_demonstration_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kiosk", "--demo"], windows=lambda *_, **__: 0) == 3
    assert "nothing to play with" in capsys.readouterr().err
    assert main(["demo", "--out", "never-made"]) == 3


def test_nobody_is_filmed_unless_the_team_says_so() -> None:
    assert build_parser().parse_args(["kiosk", "some-session"]).camera is False


def test_a_real_session_needs_a_pin_a_person_of_its_own_and_a_window(
    desk: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    said = desk("kiosk", "Spring")
    assert (said.code, "window" in said.err) == (3, True)

    met: list[str] = []

    def windows(desk: Any, first: Any, **_: Any) -> int:
        met.append(f"{desk.session_name}: {first.person().name if first else 'nobody yet'}")
        return 0

    def kiosk(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main([*desk.opening, "kiosk", *arguments], windows=windows)
        return code, capsys.readouterr().err

    code, told = kiosk("Spring")
    assert code == 2 and "PIN" in told and not met
    assert desk("studio", "pin", "--file", desk.file("short", "123")).code == 2
    assert desk("studio", "pin", "--file", desk.file("pin", "2468\n")).code == 0
    assert desk("subject", "add", "Spring", "Ada").code == 0
    assert desk("session", "new", "Autumn").code == 0
    assert desk("subject", "add", "Autumn", "Bela").code == 0
    assert kiosk("Spring")[0] == 0
    assert kiosk("Spring", "--subject", "Ada")[0] == 0
    code, told = kiosk("Spring", "--subject", "Bela")
    assert code == 2 and "is in the session 'Spring'" in told
    assert met == ["Spring: nobody yet", "Spring: Ada"]
