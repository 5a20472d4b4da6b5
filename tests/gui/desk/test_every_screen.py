"""Every screen of the desk with people, frames and hard names on it: readable, large enough, whole, named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from safelight.demo.desk_studio import DeskStudio
from safelight.studio.decoding import DecoderPool
from support.desk.seen import faults
from support.desk.tour import SIZES, Tour, found
from support.sampling import LONG

EVERY_WAY = [
    (look, language, scale, size)
    for look in ("desk_dark", "desk_light") for language in ("en", "de", "ar") for scale in (1.0, 1.5) for size in SIZES
]  # fmt: skip
FEW = [("desk_dark", "ar", 1.5, (1280, 720))]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskStudio]:
    demo = found(tmp_path_factory.mktemp("everywhere"))
    with demo.studio:
        yield demo


@pytest.mark.parametrize(
    ("look", "language", "scale", "size"), EVERY_WAY if LONG else FEW,
    ids=lambda each: "x".join(map(str, each)) if isinstance(each, tuple) else str(each),
)  # fmt: skip
def test_every_screen_can_be_read_and_touched(
    made: DeskStudio, decoders: DecoderPool, tmp_path: Path, shoot: Callable[[QWidget, str], QImage],
    look: str, language: str, scale: float, size: tuple[int, int],
) -> None:  # fmt: skip
    tour = Tour(made, decoders, tmp_path / "desk.ini", look, language, scale, size)
    found: dict[str, str] = {}
    names = []
    try:
        for name, window in tour.states():
            names.append(name)
            shoot(window, f"every-{name}-{look.removeprefix('desk_')}-{language}-{scale:g}-{size[0]}")
            for fault in faults(window, tour.above()):
                found.setdefault(fault, name)
            assert window.windowTitle() in ("", "Safelight"), "no name stands in a title"
    finally:
        tour.close()
    assert [f"{name}: {fault}" for fault, name in found.items()] == []
    assert len(names) > 50
