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


def test_photos_are_rated_rejected_hidden_and_deleted_for_good(
    desk, picture: Callable[[str], Path], portraits: Path, ada: str
) -> None:
    shutil.copyfile(portraits / "astronaut.jpg", desk.work / "b.jpg")
    desk("capture", "add", "Spring", picture("a.jpg"), desk.work / "b.jpg", "--subject", ada)
    (done,) = desk("--json", "photo", "rate", "4", "a.jpg").document
    assert (done["before"]["rating"], done["after"]["rating"]) == (0, 4)
    assert "picked" in desk("photo", "pick", "a.jpg", "--by", "Robin").out
    assert "wanted by the person" in desk("photo", "pick", "a.jpg", "--by-subject").out
    assert "rejected: it does not leave" in desk("photo", "reject", "b.jpg").out
    assert "1 photo changed." in desk("photo", "clear", "b.jpg").out
    assert "in the bin" in desk("photo", "hide", "b.jpg").out
    (row,) = desk("--json", "photo", "list", "Spring").document
    assert (row["rating"], row["mark"], row["picked_by_subject"], row["hidden"]) == (4, "pick", True, False)
    assert row["shot"] and "****  (picked)" in desk("photo", "list", "Spring").out
    (row,) = desk("--json", "photo", "list", "Spring", "--hidden").document
    assert row["name"] == "b.jpg" and row["hidden"]
    assert "in the bin ('photo delete-hidden' empties it): 1 (b.jpg)" in desk("session", "close", "Spring").out
    assert "is closed" in desk("photo", "unhide", "b.jpg").err
    desk("session", "reopen", "Spring")
    assert desk("photo", "unhide", "b.jpg").code == 0 and desk("photo", "hide", "b.jpg").code == 0
    assert desk("photo", "delete-hidden", "a.jpg").code == 2 and desk("photo", "delete-hidden").code == 2
    assert desk("photo", "delete-hidden", "--all").code == 2
    (gone,) = desk("--json", "photo", "delete-hidden", "--all", "--session", "Spring").document
    assert gone["name"] == "b.jpg" and gone["gone"] and gone["remains"] == []
    assert "The bin is empty." in desk("photo", "delete-hidden", "--all", "--session", "Spring").out
    assert desk("photo", "rate", "9", "a.jpg").code == 2
    assert desk("--json", "studio", "check").document["problems"] == []


def test_what_release_forms_would_lack_is_listed(desk, ada: str) -> None:
    said = desk("--json", "session", "releases", "Spring", "--profile", "getty")
    assert said.code == 0 and said.document["complete"] and said.document["rows"] == []
    assert "0 people with a yes for agencies" in desk("session", "releases", "Spring").out
    assert desk("session", "releases", "Spring", "--profile", "nobody").code == 2
