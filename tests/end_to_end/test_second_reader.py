"""An agency that writes its own reader gets the answers that ``safelight agency may`` gives, question by question."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

READER = Path(__file__).with_name("second_reader.py")
UNKNOWN = "11111111-1111-4111-8111-111111111111"
USES = ("use.editorial", "use.directory", "use.advertising", "ai.train-generative", "use.portfolio", "use.social")
PLACES = ("FR", "DE", "US", "NO")
DAYS = (-1, 0, 30, 31, 89, 200, 364, 366, 800)


@pytest.mark.parametrize(
    "names",
    [("editorial",), ("ai",), ("editorial", "ai"), ("directory", "later"), ("later", "directory", "ai")],
    ids="+".join,
)
def test_two_readers_give_the_same_answers(
    names: tuple[str, ...], day: Any, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    stock_tool("age"), stock_tool("ssh-keygen")
    agency_folder = day.agency_copy(tmp_path)
    for name in names:
        day.command("agency", "--agency", agency_folder, "import", day.bundle(name))
    photos = [each for name in names for each in day.said[f"export {name}"]["in"]]
    ours = answers_agree(day, agency_folder, photos, [day.bundle(name) for name in names])
    assert {True, False} == {each.allowed for each in ours}
    assert all(each.seen and None not in each.seen for each in ours if each.allowed), "every bundle of today states it"


def answers_agree(day: Any, agency_folder: Path, photos: Sequence[str], files: Sequence[Path]) -> list[Any]:
    """What the agency answers about each photo, use, place and day, after the second reader answered the same."""
    from safelight.agency.founding import open_agency
    from safelight.agency.questions import Wanted, may_all

    with open_agency(agency_folder, (day.folder / "passphrase").read_text().strip()) as agency:
        wanted = [
            Wanted(photo, use, place, agency.today() + timedelta(days=days))
            for photo in [*dict.fromkeys(photos), UNKNOWN]
            for use in USES
            for place in PLACES
            for days in DAYS
        ]
        ours = [each.decision for each in may_all(agency, wanted)[0]]
    questions = [{"photo": each.photo, "use": each.use, "place": each.place, "day": str(each.day)} for each in wanted]
    told = subprocess.run(
        [sys.executable, "-I", str(READER), str(day.folder / "agency.txt"), str(day.folder / "allowed_signers"),
         day.studio_id, *map(str, files)],
        input="\n".join(map(json.dumps, questions)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    theirs = [json.loads(line) for line in told.stdout.splitlines()]
    differ = [
        (question, answer, str(decision))
        for question, answer, decision in zip(questions, theirs, ours, strict=True)
        if (answer["allowed"], answer["until"] or "") != (decision.allowed, str(decision.expires or ""))
        or not (decision.allowed or decision.blocker in answer["why"])
        or (decision.allowed and list(decision.seen) not in answer["seen"])
    ]
    assert not differ, (len(differ), len(questions), differ[:5])
    return ours


def test_two_readers_agree_after_withdrawals(
    day: Any, stock_tool: Callable[[str], str], open_faster: Any, tmp_path: Path
) -> None:
    """A studio takes back and holds back, publishes, the agency takes that in, answers, and the studio hears it."""
    stock_tool("age"), stock_tool("ssh-keygen")
    folder, www = day.agency_copy(tmp_path), tmp_path / "www"
    names = ("editorial", "directory")
    for name in names:
        day.command("agency", "--agency", folder, "import", day.bundle(name))
    photos = [each for name in names for each in day.said[f"export {name}"]["in"]]
    before = answers_agree(day, folder, photos, [day.bundle(name) for name in names])
    studio = ("--studio", shutil.copytree(day.folder / "studio", tmp_path / "studio"))
    hers = [each["guid"] for each in day.said["capture eileen"]["added"] if each["guid"] in photos]
    day.command(*studio, "withdraw", "eileen", "--scopes", "use.directory", "--by", "Robin")
    day.command(*studio, "withdraw", "eileen", "--photo", hers[0], "--by", "Robin")
    day.command(*studio, "publish", www)
    done = day.command("agency", "--agency", folder, "refresh", www)
    assert done["vouches"] and len(done["notices"]["applied"]) == done["notices"]["applied"][-1]
    notices = sorted((www / "notices").rglob("*.age"))
    files = [day.bundle("directory"), *notices, day.bundle("editorial")]
    after = answers_agree(day, folder, photos, files)
    assert sum(each.allowed for each in after) < sum(each.allowed for each in before)
    assert {"withdrawn", "photo-withheld"} <= {each.blocker.value for each in after if each.blocker}
    day.command("agency", "--agency", folder, "used", hers[0], "--in", "Spring set", "--kind", "set")
    day.command("agency", "--agency", folder, "ack", "-o", tmp_path / "ack.json", "--kept", f"{hers[0]}=printed")
    heard = json.dumps(day.command(*studio, "ack", "import", tmp_path / "ack.json"))
    assert day.command("agency", "--agency", folder, "sweep", www)["copies"] == [], heard


def test_the_second_reader_refuses_what_was_altered(day: Any, stock_tool: Callable[[str], str], tmp_path: Path) -> None:
    """It would prove little if it believed everything."""
    clear = subprocess.run(
        [stock_tool("age"), "-d", "-i", day.folder / "agency.txt", day.bundle("later")], capture_output=True, check=True
    ).stdout
    for what in (b'"kind":"given"', b'"sequence":', b"encodedList", b"JFIF"):
        at = clear.index(what) + 3
        altered = tmp_path / f"{at}.age"
        subprocess.run(
            ["age", "-r", day.agency_id, "-o", altered],
            input=clear[:at] + bytes([clear[at] ^ 1]) + clear[at + 1 :], check=True,
        )  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-I", str(READER), str(day.folder / "agency.txt"), str(day.folder / "allowed_signers"),
             day.studio_id, str(altered)],
            input="", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Refused" in done.stderr and done.returncode != 0, (what, done.stderr)
