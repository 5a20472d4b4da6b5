"""Commands about who is on set, the cameras' clocks and the questions that are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from safelight.domain.binding import CameraClock
from safelight.domain.cameras import Camera, ClockSource
from safelight.domain.ids import PhotoGuid, SessionId
from safelight.studio.founding import open_studio
from support import shoot as shoot_module


def change(desk, session: str, **cameras: Camera) -> None:
    with open_studio(desk.folder, shoot_module.PASSPHRASE) as studio, studio.archive.transaction(studio.now()) as t:
        for tag, camera in cameras.items():
            studio.archive.cameras.put(t, SessionId(session), tag * 64, camera)


def people(desk, *names: str) -> list[str]:
    for each in names:
        assert desk("subject", "add", "Spring", each).code == 0
    return [each["id"] for each in desk("--json", "subject", "list", "--session", "Spring").document]


def test_who_is_on_set_is_said_and_told(desk) -> None:
    ada, ben = people(desk, "Ada Falk", "Ben Okri")
    assert "On set: nobody." in desk("capture", "switches", "Spring").out
    said = desk("--json", "--acks", "capture", "set", "Spring", "ada", "ben")
    assert [each["id"] for each in said.document["on_set"]] == [ada, ben] and "ACK" in said.out
    assert "On set: nobody." in desk("capture", "set", "Spring", "--nobody").out
    assert desk("capture", "set", "Spring", "ben", "--back", "--by", "Robin").code == 0
    told = desk("--json", "capture", "switches", "Spring").document
    assert [each["how"] for each in told["switches"]] == ["enter", "nobody", "back"]
    assert [each["name"] for each in told["on_set"]] == ["Ben Okri"] and told["next"] is None
    assert "Ada Falk, Ben Okri  (enter)" in desk("capture", "switches", "Spring").out
    for arguments in (("Spring",), ("Spring", "ada", "--nobody"), ("Spring", "zoe")):
        assert desk("capture", "set", *arguments).code == 2


def test_clocks_are_listed_and_set(desk) -> None:
    (session,) = (each["id"] for each in desk("--json", "session", "list").document if each["name"] == "Spring")
    assert "No camera was seen yet." in desk("capture", "clocks", "Spring").out
    nikon = Camera("Nikon Z 9", CameraClock(-1500, known=False), ClockSource.ARRIVALS)
    change(desk, session, a=nikon, b=Camera("", contradicted=True), c=replace(nikon, name="Canon", contradicted=True))
    said = desk("capture", "clocks", "Spring").out
    assert "aaaaaa  Nikon Z 9: 1.5 s ahead, as far as arrivals tell" in said
    assert "does not say its name: its clock is not known" in said and "IT JUMPED" in said
    for typed, offset in (("0:47:00", 2_820_000), ("-3.25", -3250), ("1:02", 62_000)):
        told = desk("--json", "capture", "clocks", "Spring", "--camera", "nikon z 9", "--behind", typed).document
        (row,) = (each for each in told["cameras"] if each["name"] == "Nikon Z 9")
        assert (row["offset_ms"], row["known"], row["source"]) == (offset, True, "hand"), row
    assert desk("capture", "clocks", "Spring", "--camera", "canon").code == 2
    for camera, behind in (("leica", "3"), ("canon", "x")):
        assert desk("capture", "clocks", "Spring", "--camera", camera, "--behind", behind).code == 2


def test_questions_are_answered_and_taken_back(desk, picture: Callable[[str], Path], ada: str) -> None:
    taken = desk("--json", "capture", "add", "Spring", picture("a.jpg"), "--subject", ada).document["added"]
    assert desk("capture", "checks", "Spring").code == 0
    with open_studio(desk.folder, shoot_module.PASSPHRASE) as studio, studio.archive.transaction(studio.now()) as t:
        studio.archive.photos.put(t, replace(studio.archive.photos.get(PhotoGuid(taken[0]["guid"])), flagged=True))
    asked = desk("capture", "checks", "Spring")
    assert asked.code == 1 and "1 question." in asked.out and "photo settle" in asked.out
    assert desk("photo", "settle", "a.jpg").code == 0 and desk("capture", "checks", "Spring").code == 0
    assert "to be looked at" in desk("photo", "back", "a.jpg").out
    told = desk("--json", "capture", "checks", "Spring").document
    assert told[0]["switch"] is None and told[0]["questions"][0]["photo"] == taken[0]["guid"]
    moved = desk("--json", "photo", "assign", "a.jpg", "--nobody").document
    assert moved[0]["receipts"] == [] and moved[0]["people"] == []
    assert "Ada" in desk("photo", "back", "a.jpg").out


def test_a_group_is_asked_together(desk) -> None:
    people(desk, "Ada Falk", "Ben Okri")
    arguments = "who", "may", "use.portfolio", "--in", "DE", "--together", "ada", "--together", "ben"
    said = desk(*arguments)
    assert said.code == 1 and "Ada Falk:" in said.out and "Not all allow use.portfolio." in said.out
    answers = desk.answers(use_portfolio={"answer": "yes", "territory": "worldwide"})
    for each in ("Ada Falk", "Ben Okri"):
        assert desk("consent", "record", each, "--choices", answers, "--typed", each, "--method", "paper").code == 0
    said = desk(*arguments, "--session", "Spring")
    assert said.code == 0 and "All 2 allow use.portfolio until" in said.out
    assert desk("--json", *arguments).document["blocked_by"] == []
