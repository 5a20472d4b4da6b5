"""Commands about photos: what is nobody's is given to somebody, and every line says how to go on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path


def test_a_photo_of_nobody_finds_its_person(desk, picture: Callable[[str], Path], portraits: Path) -> None:
    for name in ("Ada Falk", "Ben Okri"):
        assert desk("subject", "add", "Spring", name).code == 0
    shutil.copyfile(portraits / "astronaut.jpg", desk.work / "b.jpg")
    said = desk("capture", "add", "Spring", picture("a.jpg"), desk.work / "b.jpg")
    assert "2 photos belong to nobody yet" in said.out and "photo assign" in said.out
    rows = desk("--json", "photo", "list", "Spring", "--unassigned").document
    assert [each["name"] for each in rows] == ["a.jpg", "b.jpg"] and rows[0]["guid"].startswith(rows[0]["short"])
    said = desk("capture", "add", "Spring", desk.work / "a.jpg", "--subject", "Ada Falk")
    assert said.code == 0 and "now it is given to Ada Falk" in said.out
    said = desk("capture", "add", "Spring", desk.work / "a.jpg", "--subject", "Ben Okri")
    assert f"'photo assign {rows[0]['short']} --to SUBJECT' changes that" in said.out
    said = desk("photo", "assign", rows[1]["short"], "--to", "Ada Falk", "--to", "ben", "--by", "Robin")
    assert said.code == 0 and "b.jpg: Ada Falk, Ben Okri" in said.out
    assert "0 photos." in desk("photo", "list", "Spring", "--unassigned").out
    assert len(desk("--json", "photo", "list", "Spring", "--subject", "Ben").document) == 1
    shown = desk("photo", "show", "a.jpg", "--session", "Spring")
    assert "on it: Ada Falk" in shown.out and "sent to nobody" in shown.out
    assert desk("photo", "find", desk.work / "b.jpg").code == 0
    assert desk("photo", "assign", "b.jpg", "--nobody").code == 0
    closed = desk("session", "close", "Spring")
    assert closed.code == 0 and "of nobody ('photo assign' gives them to somebody): 1 (b.jpg)" in closed.out
    assert "is closed" in desk("photo", "assign", "b.jpg", "--to", "ada").err
    assert desk("session", "reopen", "Spring").code == 0
    assert desk("photo", "remove", "b.jpg", "a.jpg").code == 0
    assert desk("photo", "find", desk.work / "b.jpg").code == 1
    assert desk("--json", "studio", "check").document["problems"] == []


def test_what_makes_no_sense_is_said(desk, picture: Callable[[str], Path], ada: str) -> None:
    desk("capture", "add", "Spring", picture("a.jpg"))
    for arguments, said in (
        (("photo", "assign", "a.jpg"), "required"),
        (("photo", "assign", "a.jpg", "--nobody", "--also"), "needs somebody"),
        (("photo", "assign", "a.jpg", "--to", "Zoe"), "Nobody called 'Zoe'"),
        (("photo", "assign", "z.jpg", "--to", ada), "no photo 'z.jpg'"),
        (("photo", "show", "a.jpg", "--session", "Autumn"), "no session"),
        (("photo", "find", "nowhere.jpg"), "no file"),
    ):
        answer = desk(*arguments)
        assert answer.code == 2 and said in answer.err, answer
