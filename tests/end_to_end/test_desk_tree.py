"""The desk as a screen reader is told it, on a real window system: everything has a name, people are on the roster."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6", reason="needs the desktop extra")

from safelight.demo.desk_studio import PEOPLE
from safelight.desk.screens import SCREENS
from safelight.settings.desk_texts import desk_texts
from support.screen_bus import heard, screen

CONTROLS = {"push button", "toggle button", "check box", "radio button", "text", "entry", "password text", "combo box",
            "list", "list item", "table", "progress bar", "alert"}  # fmt: skip
PERSON = "Anna Lindqvist"


def nameless(tree: list[dict[str, Any]]) -> list[str]:
    return [each["role"] for each in tree if each["role"] in CONTROLS and not each["name"].strip()]


def test_every_screen_of_the_desk_is_told_by_name(stock_tool: Callable[[str], str], tmp_path: Path) -> None:
    words = desk_texts("en")
    given = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    desk = [sys.executable, "-m", "safelight", "--demo"]
    with screen(stock_tool, "1600x1000x24") as display, heard(stock_tool, display, tmp_path, desk, given) as reader:
        try:
            tree = reader.do("see", words.get("shoot.last-frames"))
            people = [each["name"] for each in tree if each["role"] == "list item"]
            assert any(each.startswith(f"{PERSON}, ready") for each in people), "who is ready is told with the name"
            titles = [each["name"] for each in tree if each["role"] in ("frame", "window", "dialog")]
            assert all(title in ("", "safelight", "Safelight") for title in titles), "no name stands in a title"
            numbered = [each["name"] for each in tree if each["role"] in ("push button", "check box", "toggle button")]
            assert any(str(PEOPLE) in each for each in numbered), f"how many there are: {numbered}"
            reader.keep_picture("desk-shoot")
            for each in SCREENS:
                tree = reader.do("press", words.get(f"window.{each.key}"))
                assert nameless(tree) == [], each.key
                reader.keep_picture(f"desk-{each.key}")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)
    assert "Traceback" not in (tmp_path / "said").read_text()
