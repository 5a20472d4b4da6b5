"""How many frames there is room for, by the frames of this session."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import DeviceFailure
from safelight.studio.queries.space import RENDITIONS, Space, free_space

Usage = namedtuple("Usage", "total used free")


def test_frames_left_are_counted_by_the_mean_frame_of_the_session(shoot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, 10**9))
    assert free_space(shoot.studio, shoot.session) == Space(10**9, None)
    other = shoot.new_session()
    elsewhere = shoot.photo(session=other)
    assert free_space(shoot.studio, shoot.session).frames_left == 10**9 // (elsewhere.size + RENDITIONS)
    frames = [shoot.photo() for _ in range(3)]
    mean = sum(each.size for each in frames) // 3
    assert free_space(shoot.studio, shoot.session) == Space(10**9, 10**9 // (mean + RENDITIONS))


def test_the_studios_own_drive_is_asked(shoot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(shutil, "disk_usage", lambda path: (asked.append(path), Usage(1, 1, 0))[1])
    free_space(shoot.studio, shoot.session)
    assert [Path(each) for each in asked] == [shoot.folder]

    def gone(path: str) -> Usage:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(shutil, "disk_usage", gone)
    with pytest.raises(DeviceFailure):
        free_space(shoot.studio, shoot.session)
