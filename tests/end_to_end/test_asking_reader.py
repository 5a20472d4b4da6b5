"""A reader written from the page alone gives the answers of ``agency may --batch``, code by code and day by day."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

READER = Path(__file__).with_name("asking_reader.py")
UNKNOWN = "11111111-1111-4111-8111-111111111111"
USES = ("use.editorial", "use.directory", "use.advertising", "ai.train-generative", "use.portfolio", "use.stock")
PLACES = ("FR", "DE", "US", "NO", "CH")
DAYS = (-1, 0, 30, 31, 89, 200, 364, 366, 800)


@pytest.mark.parametrize("names", [("editorial", "directory", "ai", "later"), ("later", "editorial"), ("directory",)])
def test_the_page_alone_is_enough_to_answer(
    names: tuple[str, ...], day: Any, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    stock_tool("age")
    agency = day.agency_copy(tmp_path)
    for name in names:
        day.command("agency", "--agency", agency, "import", day.bundle(name))
    photos = dict.fromkeys(each for name in names for each in day.said[f"export {name}"]["in"])
    today = datetime.now(UTC).date()
    questions = [
        {"photo": photo, "use": use, "territory": place, "on": str(today + timedelta(days=days))}
        for photo in (*photos, UNKNOWN)
        for use in (*USES, "session.deliver")
        for place in PLACES
        for days in DAYS
    ]
    compare(questions, [day.bundle(each) for each in names], day.folder / "agency.txt", agency, day, tmp_path)


def compare(
    questions: list[dict[str, str]], bundles: list[Path], key: Path, agency: Path, day: Any, folder: Path
) -> None:
    lines = "\n".join(map(json.dumps, questions))
    (folder / "questions").write_text(lines)
    ours = day.command("agency", "--agency", agency, "may", "--batch", folder / "questions")
    argv = [sys.executable, "-I", str(READER), str(key), *map(str, bundles)]
    told = subprocess.run(argv, input=lines, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    theirs = [json.loads(line) for line in told.stdout.splitlines()]
    differ = [
        (question, one, other)
        for question, one, other in zip(questions, theirs, ours, strict=True)
        if any(one[name] != other[name] for name in ("allowed", "blocker", "expires"))
    ]
    assert not differ, (len(differ), len(questions), differ[:5])
    assert len(questions) >= 600
    assert {None, "territory", "over", "not-granted"} <= Counter(each["blocker"] for each in ours).keys()
