"""The commands at the end of a day: who came, a second place, a card that may be formatted, a report, a backup."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path


def test_a_day_is_accounted_for_and_closed(desk, picture: Callable[[str], Path]) -> None:
    for name in ("Ada Falk", "Ben Okri", "Eve Holm"):
        assert desk("subject", "add", "Spring", name).code == 0
    desk("capture", "add", "Spring", picture("a.jpg"), "--subject", "Ada Falk")
    said = desk("subject", "attendance", "Spring", "Ben Okri", "absent")
    assert said.code == 0 and said.out == "Ben Okri is absent.\n"
    assert desk("--json", "subject", "attendance", "Spring", "Eve Holm", "here").document["arrived_at"]
    assert desk("subject", "attendance", "Spring", "Ada Falk", "absent").code == 1
    report = desk.work / "spring.pdf"
    said = desk("session", "close", "Spring", "--report", report)
    assert said.code == 1 and not report.exists()
    assert "'subject attendance' says absent or not photographed): 1 (Eve Holm)" in said.err
    assert "photographed people without an answer: 1 (Ada Falk)" in said.err
    assert desk("subject", "attendance", "Spring", "Eve Holm", "not-photographed").code == 0
    assert desk("session", "close", "Spring", "--report", desk.work / "spring.txt").code == 2
    assert desk("session", "close", "Spring", "--report", report, "--profile", "nobody").code == 2
    done = desk("--json", "session", "close", "Spring", "--report", report, "--anyway", "--language", "de")
    assert done.code == 0, done.err
    told = done.document["statement"]
    assert told["people"] == {"listed": 3, "photographed": 1, "absent": 1, "not_photographed": 1, "unaccounted": 0,
                              "answered": 0}  # fmt: skip
    assert told["open"] == [{"count": 1, "what": "people-without-answers"}] and told["anyway"]
    assert json.loads((desk.work / "spring.json").read_bytes()) == told
    assert hashlib.sha256(report.read_bytes()).hexdigest() == told["report_sha256"]
    assert (desk.work / "spring.json.sig").read_text().startswith("-----BEGIN SSH SIGNATURE-----")
    assert desk("session", "close", "Spring", "--report", report, "--anyway").code == 2, "it is there already"


def test_the_second_place(desk, picture: Callable[[str], Path]) -> None:
    assert desk("studio", "second-place").code == 1
    assert desk("studio", "copy").code == 2
    drive = desk.work / "drive"
    said = desk("studio", "second-place", drive)
    assert said.code == 0 and f"The second place is {drive}." in said.out and "if that drive breaks" in said.out
    desk("capture", "add", "Spring", picture("a.jpg"))
    said = desk("--json", "studio", "copy")
    assert said.code == 0 and said.document["files"] == 1 and said.document["rows"] and said.document["waiting"] == 0
    said = desk("studio", "copy")
    assert said.out.startswith("0 files copied and read back") and "0 wait" in said.out
    back = desk.bare("--studio", desk.work / "back", "--passphrase-file", desk.secret, "studio", "restore", drive)
    assert back.code == 0
    shutil.move(drive, desk.work / "pulled")
    said = desk("studio", "copy")
    assert said.code == 5 and "“drive” is not there" in said.err
    watched = desk("--json", "studio", "copy", "--watch", "--seconds", "0.1")
    assert watched.code == 5 and watched.err.count("is not there") == 1
    shutil.move(desk.work / "pulled", drive)
    assert desk("studio", "copy", "--watch", "--seconds", "0.1").code == 0
    assert desk("studio", "second-place", "--off", drive).code == 2
    assert desk("--json", "studio", "second-place").document["folder"] == str(drive)
    assert desk("studio", "second-place", "--off").out == "The second place ended.\n"
    assert desk("studio", "second-place", "--off").out == "There was no second place.\n"


def test_a_card_is_looked_at(desk, picture: Callable[[str], Path]) -> None:
    card = desk.work / "card" / "DCIM"
    card.mkdir(parents=True)
    shutil.copy(picture("a.jpg"), card / "a.jpg")
    said = desk("capture", "verify", "Spring", desk.work / "card")
    assert said.code == 1 and "a.jpg: It is not in the archive" in said.out and "NOT safe to format: 0 of 1" in said.out
    desk("capture", "add", "Spring", card)
    said = desk("--json", "capture", "verify", "Spring", desk.work / "card")
    told = said.document
    assert (told["safe"], told["total"], told["missing"]) == (1, 1, [])
    assert said.code == (0 if told["past_cache"] else 1) and told["may_be_formatted"] is told["past_cache"]
    said = desk("capture", "verify", "Spring", desk.work / "card")
    assert ("safe to format: 1 of 1, read back at " if told["past_cache"] else "not from the disk") in said.out
    (desk.work / "empty").mkdir()
    assert desk("capture", "verify", "Spring", desk.work / "empty").code == 1


def test_a_backup_is_read_back(desk) -> None:
    said = desk("studio", "backup", desk.work / "monday")
    assert said.code == 0 and "read back" in said.out
    assert desk("--json", "studio", "backup", desk.work / "tuesday").document["past_cache"] in (True, False)
