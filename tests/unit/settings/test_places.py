"""Where data and settings lie on each system."""

from __future__ import annotations

from pathlib import Path

import pytest

from safelight.settings import places


@pytest.mark.parametrize(
    ("system", "environment", "data", "settings"),
    [
        ("linux", {"HOME": "/h"}, "/h/.local/share/safelight", "/h/.config/safelight"),
        ("linux", {"HOME": "/h", "XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "c"}, "/d/safelight",
         "/h/.config/safelight"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Application Support/safelight",
         "/h/Library/Application Support/safelight"),
        ("win32", {"USERPROFILE": "/u", "APPDATA": "/a/R", "LOCALAPPDATA": "/a/L"}, "/a/L/safelight", "/a/R/safelight"),
    ],
)  # fmt: skip
def test_each_system_has_its_own_places(system: str, environment: dict[str, str], data: str, settings: str) -> None:
    assert places.data_folder(environment, system) == Path(data)
    assert places.settings_folder(environment, system) == Path(settings)
    assert places.studio_folder(environment, system) == Path(data) / "studio"


def test_what_was_named_wins() -> None:
    named = {"HOME": "/h", "SAFELIGHT_STUDIO": "/s", "SAFELIGHT_AGENCY": "/a"}
    assert places.studio_folder(named, "linux") == Path("/s")
    assert places.agency_folder(named, "linux") == Path("/a")
