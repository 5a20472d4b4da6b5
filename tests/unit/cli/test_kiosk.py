"""The command that opens the signing screen: what was asked for reaches the window, and nothing that was not."""

from __future__ import annotations

from typing import Any

import pytest

from safelight.cli.main import main
from safelight.cli.parser import build_parser


def test_what_was_asked_for_reaches_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    asked: dict[str, Any] = {}

    def windows(desk: object, first: object, **wishes: Any) -> int:
        asked.update(wishes)
        return 0

    assert main(["kiosk", "--demo", "--camera", "--screen", "1"], windows=windows) == 0
    assert asked == {"screen": 1, "windowed": False, "letters": None, "camera": True}


def test_nobody_is_filmed_unless_the_team_says_so() -> None:
    assert build_parser().parse_args(["kiosk", "some-session"]).camera is False
