"""A studio whose status list is nearly full goes on with another: signing, bundles, agency, two other readers."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.found_studio import PASSPHRASE
from support.full_lists import fill_first_list

HERE = Path(__file__).parent
USES = ("use.editorial", "use.directory", "use.portfolio", "ai.train-generative")
PLACES = ("FR", "DE", "US")
DAYS = (-1, 0, 30, 31, 200, 400)


@pytest.fixture
def long_day(day: Any, tmp_path: Path) -> Any:
    """The day just before anybody signs, in a studio whose list takes two more answers; free to be changed."""
    folder = tmp_path / "day"
    shutil.copytree(day.folder, folder, ignore=shutil.ignore_patterns("before", "studio", "*.age", "*.pdf"))
    shutil.copytree(day.before["consent"] / "studio", folder / "studio")
    fill_first_list(folder / "studio", PASSPHRASE, left=2)
    return replace(day, folder=folder, before={}, said={})


def sign(day: Any, who: str, answers: str, name: str) -> None:
    argv = ("consent", "record", who, "--choices", day.folder / f"{answers}.json", "--typed", name, "--method", "paper")
    day.command(*argv)


def positions(day: Any) -> list[int]:
    connection = sqlite3.connect(day.folder / "studio" / "archive.sqlite")
    rows = [row[0] for row in connection.execute("SELECT position FROM status WHERE position >= 131072")]
    connection.close()
    return rows


def export(day: Any, name: str, uses: str, place: str) -> list[str]:
    argv = ("export", "Spring", "--to", "Agence Lumière", "--use", uses, "--territory", place, "-o", day.bundle(name))
    found: list[str] = day.command(*argv)["in"]
    return found


def test_the_next_list_follows_and_everybody_reads_it(
    long_day: Any, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    day = long_day
    warned = day.command("studio", "check")
    assert warned["problems"] == [] and "is nearly full" in warned["warnings"][0]
    sign(day, "grace", "grace", "Grace Hopper")  # four answers: two in each list
    sign(day, "eileen", "eileen", "Eileen Collins")
    sign(day, "dorothy", "dorothy", "Dorothy Hodgkin")
    after = day.command("studio", "check")
    assert after["problems"] == after["warnings"] == [] and len(positions(day)) >= 8
    kinds = [each["kind"] for each in day.command("studio", "journal", "--limit", "200")]
    assert kinds.count("status-list-begun") == 1
    photos = export(day, "first", "use.editorial,use.directory", "FR")
    photos += export(day, "second", "use.editorial", "DE")
    agency = ("agency", "--agency", day.folder / "agency")
    for name in ("first", "second"):
        argv: list[Any] = [stock_tool("age"), "-d", "-i", day.folder / "agency.txt", day.bundle(name)]
        clear = subprocess.run(argv, capture_output=True, check=True).stdout
        names = subprocess.run(["tar", "t"], input=clear, capture_output=True, check=True).stdout.decode().split()
        assert names[4:8] == [f"status/list{each}.json{sig}" for each in ("", "-2") for sig in ("", ".sig")]
        verified = ("bundle", "verify", day.bundle(name), "--identity", day.folder / "agency.txt")
        assert any("2 status lists" in each for each in day.command(*verified)["checks"])
        day.command(*agency, "import", day.bundle(name))
    assert len(photos) >= 3
    ours = compare(day, photos, ("first", "second"))
    assert True in ours and False in ours

    sign(day, "grace", "changed", "Grace Hopper")  # ends answers in both lists
    written = day.command("status", "-o", day.folder / "status.json")
    assert written["lists"] == 2 and written["ended"] >= 3
    assert len(json.loads((day.folder / "status.json").read_text())["further"]) == 1
    refreshed = day.command(*agency, "refresh", day.folder / "status.json")
    assert refreshed["newly_ended"] == written["ended"] and refreshed["absent"] == []
    assert day.command("studio", "check")["problems"] == []
    assert day.command(*agency, "check")["problems"] == []
    export(day, "third", "use.editorial", "FR")
    day.command(*agency, "import", day.bundle("third"))
    compare(day, photos, ("first", "second", "third"))


def compare(day: Any, photos: list[str], names: tuple[str, ...]) -> list[bool]:
    """Our agency and both readers written from the page say the same; returns what they say."""
    today = datetime.now(UTC).date()
    asked = [
        {"photo": photo, "use": use, "territory": place, "on": str(today + timedelta(days=days))}
        for photo in dict.fromkeys(photos)
        for use in USES
        for place in PLACES
        for days in DAYS
    ]
    (day.folder / "questions").write_text("\n".join(map(json.dumps, asked)))
    ours = answers_of_agency(day)
    bundles = [day.bundle(each) for each in names]
    key = day.folder / "agency.txt"
    page = read_by("asking_reader.py", [key, *bundles], asked)
    assert [(each["allowed"], each["blocker"], each["expires"]) for each in page] == [
        (each["allowed"], each["blocker"], each["expires"]) for each in ours
    ]
    signers = [key, day.folder / "allowed_signers", day.studio_id, *bundles]
    again = [each | {"place": each["territory"], "day": each["on"]} for each in asked]
    second = read_by("second_reader.py", signers, again)
    assert [(each["allowed"], each["until"]) for each in second] == [
        (each["allowed"], each["expires"]) for each in ours
    ]
    return [each["allowed"] for each in ours]


def answers_of_agency(day: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = day.command(
        "agency", "--agency", day.folder / "agency", "may", "--batch", day.folder / "questions"
    )
    return found


def read_by(reader: str, argv: list[Any], asked: list[dict[str, str]]) -> list[dict[str, Any]]:
    lines = "\n".join(map(json.dumps, asked))
    whole = [sys.executable, "-I", str(HERE / reader), *map(str, argv)]
    told = subprocess.run(whole, input=lines, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    return [json.loads(line) for line in told.stdout.splitlines()]
