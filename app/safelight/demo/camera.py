"""The camera of the demonstration: fills a folder like a memory card's and has it taken in."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.slates import slate_text
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.errors import WrongUsage
from safelight.domain.people import Subject
from safelight.domain.session import Session
from safelight.keys.durable import DurableFile, durable_write
from safelight.studio import intake
from safelight.studio.open_studio import OpenStudio

FRAMES = 2


def photograph(
    out: Path,
    studio: OpenStudio,
    session: Session,
    people: tuple[Subject, ...],
    own: Path | None,
    seed: int,
) -> dict[str, Any]:
    """The camera's folder is filled, then read like any memory card; slates or the chosen person bind the frames."""
    camera = out / "photos-in"
    with DecoderPool() as decoders:
        if own is None:
            _draw(camera, session, people, studio.now(), seed)
            taken, _ = intake.capture_photos(studio, session, [camera], None, decoders, made="drawn")
            left_out, added = list(taken.left_out), len(taken.added)
        else:
            left_out, added = [], 0
            for person, files in zip(people, _dealt(own, camera, len(people)), strict=True):
                taken, _ = intake.capture_photos(studio, session, files, person.id, decoders)
                left_out += taken.left_out
                added += len(taken.added)
    return {"added": added, "left_out": [{"name": name, "why": why} for name, why in left_out]}


def _draw(camera: Path, session: Session, people: tuple[Subject, ...], start: datetime, seed: int) -> None:
    shot = start - timedelta(hours=3)
    number = 0
    for place, person in enumerate(people):
        for frame in range(FRAMES + 1):
            number += 1
            # The first frame shows the person holding their slate; it binds the ones after it.
            slate = slate_text(session.id, person.id) if frame == 0 else None
            picture = drawn_portrait(
                seed * 1000 + place, (1600, 2000), camera_time=shot + timedelta(seconds=20 * number),
                slate=slate, frame=frame,
            )  # fmt: skip
            durable_write(camera / f"SLN_{number:04d}.JPG", picture)


def _dealt(own: Path, camera: Path, people: int) -> list[list[Path]]:
    """The files of ``own`` copied into the camera's folder and dealt out in turn; fewer files than people go round."""
    files = sorted(each for each in own.rglob("*") if each.is_file() and not each.name.startswith("."))
    if not files:
        raise WrongUsage(f"There are no files in '{own}'.", "Give --photos a folder with portraits.")
    hands: list[list[Path]] = [[] for _ in range(people)]
    for number, file in enumerate(files):
        copy = camera / f"{number:04d}-{file.name}"
        with file.open("rb") as source, DurableFile(copy) as target:
            shutil.copyfileobj(source, target)
        hands[number % people].append(copy)
    return hands
