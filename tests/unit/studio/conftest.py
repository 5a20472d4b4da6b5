"""A studio for every test: founded once a run, copied for each test, opened with the cheapest passphrase allowed."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from safelight.capture.decoder_pool import DecoderPool
from safelight.capture.ink import inkml
from safelight.demo.drawn.signature import drawn_signature
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio import founding, recipients, sessions
from safelight.studio.queries.lookup import find_session
from safelight.studio.staff import add_staff, find_staff
from support import shoot as shoot_module


@pytest.fixture(scope="session")
def decoders() -> Iterator[DecoderPool]:
    """One decoders for all tests: its worker processes take a second to start."""
    with DecoderPool() as room:
        yield room


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a studio with staff, recipients and a session that asks everything; to be copied."""
    folder = tmp_path_factory.mktemp("founded") / "studio"
    clock = shoot_module.Hand()
    wanted = founding.Founding("Nordlicht", "DE", "privacy@nordlicht.example", "Lindenallee 4, Berlin")
    agencies = {name: shoot_module.agency(name, number) for number, name in enumerate(shoot_module.WHERE, 1)}
    with founding.found_studio(folder, wanted, shoot_module.PASSPHRASE, clock=clock, cost=FLOOR_COST) as studio:
        for name, roles in shoot_module.PEOPLE.items():
            add_staff(studio, name, roles, shoot_module.PINS[name])
        for each in agencies.values():
            recipients.add_recipient(studio, each.card())
        kim = find_staff(studio, "Kim")
        everything = tuple(studio.rules.catalogue.asked_ids())
        new = sessions.NewSession("Spring", "Nordwind", "Berlin", "DE", studio.today(), kim.id, everything)
        sessions.new_session(studio, new)
    return folder, agencies


@pytest.fixture
def shoot(
    founded: tuple[Path, dict[str, Any]], decoders: DecoderPool, portraits: Path, tmp_path: Path
) -> Iterator[Any]:
    """An open studio with everything at hand (see ``support/shoot.py``)."""
    template, agencies = founded
    folder, scratch = tmp_path / "studio", tmp_path / "camera"
    shutil.copytree(template, folder)
    scratch.mkdir()
    clock = shoot_module.Hand()
    acks: list[tuple[str, str]] = []
    studio = founding.open_studio(
        folder, shoot_module.PASSPHRASE, clock=clock, acknowledge=lambda id, sha256: acks.append((id, sha256))
    )
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        session = find_session(studio, "Spring")
        made = shoot_module.Shoot(studio, clock, folder, scratch, agencies, session, decoders, picture.copy(), acks)
    yield made
    made.studio.archive.close()


@pytest.fixture(scope="session")
def ink() -> bytes:
    """A drawn signature as InkML."""
    return inkml(drawn_signature(7, "Ada Falk"))


@pytest.fixture(scope="session")
def progressive_bomb(portraits: Path) -> bytes:
    """600 KB that would keep a decoder busy for minutes: one small scan of a big picture, thousands of times."""
    out = io.BytesIO()
    Image.new("L", (6000, 6000), 128).save(out, "JPEG", progressive=True, quality=10)
    data = out.getvalue()
    start = data.rindex(b"\xff\xda")
    scan = data[start:-2]
    return data[:-2] + scan * (600_000 // len(scan)) + b"\xff\xd9"
