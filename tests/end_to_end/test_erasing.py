"""One person erased by commands: the agency says no, nothing of them lies anywhere, and no older backup knows them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.found_studio import PASSPHRASE

LEAKSCAN = Path(__file__).parents[1] / "tools" / "leakscan.py"
USE, PLACE = "use.editorial", "FR"


@pytest.fixture
def lived(day: Any, tmp_path: Path) -> Any:
    """The whole day with its agency, free to be changed."""
    folder = tmp_path / "day"
    shutil.copytree(day.folder, folder, ignore=shutil.ignore_patterns("before"))
    return replace(day, folder=folder, before={}, said={})


def says(day: Any, photo: str) -> tuple[bool, str]:
    """The agency's answer, and what stands against it."""
    (day.folder / "questions").write_text(json.dumps({"photo": photo, "use": USE, "territory": PLACE}))
    agency = ("agency", "--agency", day.folder / "agency")
    (answer,) = day.command(*agency, "may", "--batch", day.folder / "questions")
    return answer["allowed"], answer["blocker"] or ""


def of_grace(day: Any, folder: Path) -> Path:
    """What tells of her and nobody else, as markers for leakscan: words, pictures, receipt, code."""
    from safelight.studio.founding import open_studio
    from safelight.studio.queries.lookup import find_subject

    lines = ["Grace Hopper", "GRACE  Hopper", "grace@navy.example"]
    with open_studio(day.folder / "studio", PASSPHRASE) as studio:
        archive, person = studio.archive, find_subject(studio, "Grace")
        for photo in archive.photos.of_subject(person.id):
            kept = {"small": archive.photos.thumbnail(photo.guid),
                    "whole": archive.files.read_bytes(archive.photos.original(photo.guid))}  # fmt: skip
            for name, data in kept.items():
                (folder / f"{name}-{photo.guid}").write_bytes(data)
                lines.append(f"@{folder / f'{name}-{photo.guid}'}")
        for file in archive.consents.receipts_of(person.id):
            (folder / f"statement-{file.receipt.id}").write_bytes(file.statement)
            lines += [file.withdrawal_code, f"@{folder / f'statement-{file.receipt.id}'}"]
    markers = folder / "markers.txt"
    markers.write_text("\n".join(lines))
    return markers


def test_somebody_is_erased_everywhere(lived: Any, tmp_path: Path) -> None:
    day, agency = lived, ("agency", "--agency", lived.folder / "agency")
    (tmp_path / "markers").mkdir()
    markers = of_grace(day, tmp_path / "markers")
    place, second, studio = tmp_path / "place", tmp_path / "second", day.folder / "studio"
    photos = {
        each["guid"] for each in day.command("photo", "list", "Spring") if "Grace Hopper" in json.dumps(each)
    } & {*day.command("export", "Spring", "--to", "Agence Lumière", "--use", USE, "--territory", PLACE,
                      "-o", day.bundle("newest"))["in"]}  # fmt: skip
    day.command(*agency, "import", day.bundle("newest"))
    (photo,) = photos
    assert says(day, photo) == (True, "")
    day.command("studio", "second-place", second)
    day.command("studio", "copy")
    place.mkdir()
    day.command("studio", "backup", place / "monday")

    plan = day.command("erase", "Grace", "--plan")
    assert plan[0]["facts"]["recipients"] and plan[0]["proof_until"]
    done = day.command("erase", "Grace", "--yes", "--by", "Kim", "-o", day.folder / "certificate.pdf")
    assert done["notices"] and all(not each["left"] for each in done["certificates"][0]["found"])
    assert not done["certificates"][0]["places"]
    day.command("status", "-o", day.folder / "status.json")
    day.command(*agency, "refresh", day.folder / "status.json")
    allowed, blocker = says(day, photo)
    assert not allowed and blocker == "withdrawn"

    scanned = subprocess.run(
        [sys.executable, str(LEAKSCAN), "disk", str(markers), str(studio), str(place), str(second)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert scanned.returncode == 0, scanned.stdout
    assert day.command("studio", "check")["problems"] == []

    for source, name in ((place / "monday", "from-monday"), (second, "from-second")):
        shutil.rmtree(day.folder / "studio")
        day.command("studio", "restore", source)
        assert photo not in json.dumps(day.command("photo", "list", "Spring"))
        assert day.command("studio", "check")["problems"] == []
        day.command("status", "-o", day.folder / f"{name}.json")
        day.command(*agency, "refresh", day.folder / f"{name}.json")
        assert says(day, photo) == (False, "withdrawn")
