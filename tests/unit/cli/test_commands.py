"""Every command of the studio's side, as a person or a script gives it; each speaks text and exactly one document."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from safelight.domain.clearance import CHECK_POINTS
from safelight.domain.plurals import counted

ACK = re.compile(r"^ACK \S+ (?:[0-9a-f]{64}|-)$", re.MULTILINE)


def test_a_whole_day(desk, picture: Callable[[str], Path]) -> None:
    """From the roster to the bundle, with every acknowledgement still there at the end."""
    acks: list[str] = []

    def do(*arguments: object, code: int = 0):
        said = desk("--json", "--acks", *arguments)
        assert said.code == code, said.out + said.err
        acks.extend(ACK.findall(said.out))
        return said.document

    new = do("session", "new", "Autumn", "--client", "Nordwind", "--place", "Kiel", "--day", "2026-10-01",
             "--photographer", "Kim", "--offer", "use.portfolio,ai.retouch", "--recipient", "Prenzel")  # fmt: skip
    assert new["offered"] == ["use.portfolio", "ai.retouch"]
    assert {each["name"] for each in do("session", "list")} == {"Spring", "Autumn"}
    roster = desk.file("list.csv", "Name,Birth date\nAda Falk,1990-01-02\nNobody,31.31.1990\nBen Okri,\n")
    assert len(do("roster", "import", "Autumn", roster, "--dry-run", code=4)["added"]) == 2
    done = do("roster", "import", "Autumn", roster, code=4)
    assert [each["line"] for each in done["left_out"]] == [3] and len(done["added"]) == 2
    assert [each["name"] for each in do("subject", "list", "--session", "Autumn")] == ["Ada Falk", "Ben Okri"]
    slate = desk.work / "slate.png"
    do("capture", "slate", "Autumn", "Ada Falk", "-o", slate)
    assert slate.read_bytes().startswith(b"\x89PNG")
    taken = do("capture", "add", "Autumn", picture("a.jpg"), "--subject", "Ada Falk")
    assert len(taken["added"]) == 1 and taken["left_out"] == []
    assert [each["name"] for each in do("capture", "add", "Autumn", picture("b.jpg"))["known"]] == ["b.jpg"]
    answers = desk.answers(
        use_portfolio={"answer": "yes", "recipients": ["Prenzel"], "territory": "EEA", "term": "P1Y"},
        ai_retouch={"answer": "yes", "recipients": ["Prenzel"], "territory": "worldwide"},
    )
    ink = desk.file("ink.json", json.dumps([[[0, 0], [10, 40, 0.5, 10], [30, 5, 0.7, 20]], [[9, 9, 1, 30]]]))
    recorded = do("consent", "record", "Ada Falk", "--choices", answers, "--ink", ink, "--method", "paper")
    assert recorded["signing"]["method"] == "paper" and recorded["statement_sha256"]
    assert do("export", "Autumn", "--to", "Prenzel", "--use", "ai.retouch", "--dry-run", code=1)["in"] == []
    do("consent", "validate", "Ada Falk", "--by", "Robin", "--pin-file", desk.pin("Robin"), "--points",
       ",".join(CHECK_POINTS))  # fmt: skip
    shown = do("consent", "show", "Ada Falk")
    assert shown["validated"] and shown["states"]["use.portfolio"]["status"] == "given"
    pdf = desk.work / "ada.pdf"
    do("receipt", "Ada Falk", "-o", pdf)
    assert pdf.read_bytes().startswith(b"%PDF")
    assert len(do("export", "Autumn", "--to", "Prenzel", "--use", "ai.retouch", "--dry-run")["in"]) == 1
    bundle = desk.work / "out.age"
    sent = do("export", "Autumn", "--to", "Prenzel", "--use", "use.portfolio,ai.retouch", "-o", bundle)
    assert sent["size"] == bundle.stat().st_size and bundle.read_bytes().startswith(b"age-encryption.org/v1\n")
    person = do("subject", "show", "Ada Falk")
    assert len(person["disclosures"]) == 1 and len(person["photos"]) == 1
    session = do("session", "show", "Autumn")
    ready = {each["name"]: each["state"] for each in session["subjects"]}
    assert ready == {"Ada Falk": "ready", "Ben Okri": "not ready"}
    assert {each["name"] for each in do("recipient", "list")} == {"Prenzel", "Gotham"}
    do("studio", "card", "-o", desk.work / "card.json")
    assert {each["name"] for each in do("staff", "list")} == {"Kim", "Robin", "Sam"}
    do("studio", "backup", desk.work / "backup")
    do("session", "close", "Autumn")
    assert len(acks) >= 9 and len(acks) == len(set(acks))
    checked = do("studio", "check", "--acks", desk.file("acks.txt", "noise\n" + "\n".join(acks) + "\n"))
    assert checked["problems"] == [] and checked["counts"]["disclosure"] == 1
    lost = desk.file("more.txt", "\n".join([*acks, f"ACK 0b8f6a52-5f5e-4c0e-9f0b-7e2f0d3f7a10 {'0' * 64}"]))
    assert len(do("studio", "check", "--acks", lost, code=1)["problems"]) == 1


def test_people_get_sentences(desk, ada: str) -> None:
    answers = desk.answers(use_portfolio="yes")
    said = desk("consent", "record", ada, "--choices", answers, "--typed", "ada  FALK", "--method", "demonstration")
    assert said.code == 0 and "use.portfolio: yes, until" in said.out and "(demonstration)" in said.out
    assert "not checked by a second person" in desk("consent", "show", "Ada Falk").out
    assert desk("subject", "add", "Spring", "Ben Okri").code == 0
    assert desk("consent", "show", "Ben Okri").out == "Ben Okri: nothing signed yet\n", "there is nothing to check"
    assert "Nobody yet." not in desk("subject", "list").out
    assert "All is well." in desk("studio", "check").out


def test_what_was_recorded_is_printed_in_full(desk, ada: str) -> None:
    yes = {"answer": "yes", "recipients": ["Prenzel"], "territory": ["DE", "FR"], "term": "2199-12-31"}
    answers = {
        "format": "safelight-answers/1",
        "choices": {"use.portfolio": yes, "use.social": "no"},
        "modifiers": {"exclusions": ["crime"], "allowed_contexts": ["dating"], "cross_border": ["US"],
                      "credit_name": True, "alteration": "retouch",
                      "compensation": {"kind": "fee", "amount": "100", "currency": "EUR"}},
    }  # fmt: skip
    command = ("consent", "record", ada, "--choices", desk.file("a.json", answers), "--typed", "Ada Falk")
    out = desk(*command, "--method", "paper").out
    for line in (
        "in DE FR, for Prenzel", "use.social: no", "allowed after all: dating\n", "alteration: retouch",
        "may also go to: US", "name beside the picture: yes", "in return: fee 100 EUR", "never shown with: adult",
    ):  # fmt: skip
        assert line in out, line
    again = desk("--json", *command, "--method", "paper").document
    assert again["allowed_contexts"] == ["dating"] and "dating" not in again["excluded_contexts"]
    assert len(again["excluded_contexts"]) == 8
    shown = desk("consent", "show", ada).out
    for line in ("in DE FR, for Prenzel", "given, by the subject", "invalidated, by the subject", "  allowed after"):
        assert line in shown, line
    rows = desk("--json", "consent", "show", ada).document["uses"]
    uses = [each for each in rows if each["scope"] == "use.portfolio"]
    assert [each["status"] for each in uses] == ["given", "invalidated"], "the newest stands first"
    assert uses[0]["recipients"][0]["name"] == "Prenzel" and uses[0]["territory"]["countries"] == ["DE", "FR"]
    assert [each["kind"] for each in uses[1]["history"]] == ["given", "invalidated"]
    answers["choices"] = {"use.portfolio": yes | {"territory": "worldwide"}}
    command = ("consent", "record", ada, "--choices", desk.file("a.json", answers), "--typed", "Ada Falk")
    assert ", worldwide, for Prenzel" in desk(*command, "--method", "paper").out


@pytest.mark.parametrize(("zone", "ahead"), [("Asia/Tokyo", "GMT+09:00"), ("America/Phoenix", "GMT-07:00")])
def test_times_of_a_consent_are_those_of_the_place(desk, zone: str, ahead: str) -> None:
    desk("session", "new", "Away", "--zone", zone)
    person = desk("--json", "subject", "add", "Away", "Ada Falk").document["id"]
    answers = desk.answers(use_portfolio="yes")
    desk("consent", "record", person, "--choices", answers, "--typed", "Ada Falk", "--method", "demonstration")
    (use,) = desk("--json", "consent", "show", person).document["uses"]
    at = use["history"][0]["at"]
    assert at.endswith("Z"), "what programs read stays in UTC"
    there = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    shown = desk("consent", "show", person).out
    assert f"  {there:%Y-%m-%d %H:%M} {ahead}: given, by the subject\n" in shown and "UTC" not in shown


def test_founding_and_the_ways_to_its_key(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    new = desk.work / "new"
    arguments = ("--studio", new, "--passphrase-file", desk.secret)
    named = ("--name", "N", "--country", "DE", "--contact", "n@n.example")
    said = desk.bare(*arguments, "--json", "--acks", "studio", "init", *named)
    assert said.code == 0 and len(said.document["words"]) == 6 and ACK.search(said.out)
    (desk.work / "shares").mkdir()
    assert desk.bare(*arguments, "studio", "shares", "-o", desk.work / "shares").code == 0
    shares = sorted((desk.work / "shares").iterdir())
    assert len(shares) == 3 and all(each.stat().st_mode & 0o077 == 0 for each in shares)
    other = desk.file("other.txt", "another long passphrase")
    other.chmod(0o600)
    assert desk.bare(*arguments, "studio", "passphrase", "--new-file", other).code == 0
    assert desk.bare(*arguments, "staff", "list").code == 3
    assert desk.bare("--studio", new, "studio", "recover", *shares[:2], "--new-file", desk.secret).code == 0
    said = desk.bare(*arguments, "studio", "rotate", "--signing", "-o", desk.work / "renewed.json")
    assert said.code == 0 and "shares" in said.out, "whoever keeps shares must hear that they are void"
    assert b"previous_signature" in (desk.work / "renewed.json").read_bytes()
    assert desk.bare(*arguments, "studio", "backup", desk.work / "copy").code == 0
    restored = ("--studio", desk.work / "again", "--passphrase-file", desk.secret)
    assert desk.bare(*restored, "studio", "restore", desk.work / "copy").code == 0
    assert desk.bare(*restored, "studio", "check").code == 0


def test_watching_a_folder_stops_by_itself(desk, picture: Callable[[str], Path]) -> None:
    hot = desk.work / "hot"
    hot.mkdir()
    picture("x.jpg").rename(hot / "x.jpg")
    said = desk("--json", "capture", "watch", "Spring", hot, "--seconds", "3")
    assert said.code == 0 and sum(len(each["added"]) for each in said.document) == 1
    assert "for Spring; photos are nobody's until a slate" in said.err
    assert "x.jpg: nobody's; it waits for 'photo assign'" in said.err


def test_watching_says_what_comes_in_and_what_it_waits_for(desk, ada: str, portraits: Path) -> None:
    hot = desk.work / "hot"
    hot.mkdir()
    desk("capture", "slate", "Spring", ada, "-o", hot / "1.png")
    (hot / os.fsdecode(b"2-caf\xe9.jpg")).write_bytes((portraits / "astronaut.jpg").read_bytes())
    (hot / "3.jpg").write_bytes((portraits / "grace_hopper.jpg").read_bytes()[:20000])
    said = desk("capture", "watch", "Spring", hot, "--seconds", "6")
    assert "1.png is a slate: photos are given to Ada Falk until a slate says otherwise" in said.err
    assert "2-caf\ufffd.jpg: given to Ada Falk" in said.err
    assert "3.jpg waits: 3.jpg is cut off" in said.err and "Waiting for the rest of it." in said.err
    assert desk("subject", "remove", ada, "--with-photos").code == 0
    again = desk("capture", "watch", "Spring", hot, "--seconds", "6")
    assert "1.png" not in again.err and "2-caf" not in again.err, "what was dealt with does not come back by itself"
    assert desk("--json", "photo", "list", "Spring").document == []


def test_a_card_is_added_with_its_mechanism(desk) -> None:
    card = desk.file("card.json", desk.agencies["Gotham"].card())
    said = desk("--json", "recipient", "add", card, "--cover", "DPF")
    assert said.code == 0 and len(said.document["words"]) == 6
    assert {each["name"]: each["cover"] for each in desk("--json", "recipient", "list").document}["Gotham"] == "DPF"


@pytest.mark.parametrize(
    "command", [["studio", "check"], ["session", "list"], ["subject", "list"], ["recipient", "list"]]
)
def test_json_is_exactly_one_document(desk, command: list[str]) -> None:
    json.loads(desk("--json", *command).out)


def test_names_that_would_steer_a_terminal_are_written_out(desk) -> None:
    desk("subject", "add", "Spring", "Eve \x1b[2J\u202egnp.exe")
    said = desk("subject", "list")
    assert "\x1b" not in said.out and "\\u001b" in said.out and "\\u202e" in said.out


def test_json_carries_nothing_a_terminal_would_obey(desk) -> None:
    name = "Eve \x9b2J\u202egnp.exe\x7f\u2066\U000e0041 \u200dend"
    desk("subject", "add", "Spring", name)
    said = desk("--json", "subject", "list")
    assert not [each for each in said.out if not each.isprintable() and each not in "\n\u200d"]
    assert [each["name"] for each in said.document] == [name], "to a program it is the same string"


def test_numbers_and_nouns_agree() -> None:
    assert [counted(0, "photo"), counted(1, "photo"), counted(2, "photo")] == ["0 photos", "1 photo", "2 photos"]
    assert [counted(1, "person", "people"), counted(2, "person", "people")] == ["1 person", "2 people"]


def test_the_version_and_the_help_need_no_studio(desk) -> None:
    assert desk.bare("--version").out.startswith("safelight ")
    assert "version" in desk.bare("--json", "--version").document
    assert "COMMAND" in desk.bare("--help").out
    assert desk.bare().code == 2


def test_the_status_list_is_written_once_and_for_its_owner_alone(desk) -> None:
    file = desk.work / "status.json"
    said = desk("--json", "status", "-o", file)
    assert said.code == 0 and said.document["ended"] == 0
    assert json.loads(file.read_bytes())["format"] == "safelight-status/1" and file.stat().st_mode & 0o077 == 0
    assert desk("status", "-o", file).code == 2


def test_a_client_is_added_by_name_and_told_apart(desk) -> None:
    named = ("--name", "Nordwind GmbH", "--country", "DE", "--role", "client")
    said = desk("recipient", "add", *named)
    assert said.code == 0 and "client, DE, org:" in said.out and "Only an export needs its card" in said.out
    assert desk("recipient", "add", *named).code == 1
    row = next(each for each in desk("--json", "recipient", "list").document if each["name"] == "Nordwind GmbH")
    assert row["card"] is False and row["words"] == []
    assert "no card" in desk("recipient", "list").out
    said = desk("export", "Spring", "--to", "Nordwind GmbH", "--use", "use.portfolio", "-o", desk.work / "x.age")
    assert said.code == 2 and "needs its card" in said.err
    for wrong in ((), ("--name", "X"), ("card.json", "--name", "X"), ("card.json", "--role", "client")):
        assert desk("recipient", "add", *wrong).code == 2


def test_a_person_is_given_their_own_pictures(desk, ada: str, picture: Callable[[str], Path]) -> None:
    assert desk("capture", "add", "Spring", picture("IMG_0042.jpg"), "--subject", ada).code == 0
    answers = desk.answers(use_portfolio="no")
    assert desk("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "paper").code == 0
    said = desk("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "--dry-run")
    assert said.code == 1 and "stays: IMG_0042.jpg (Ada Falk): refused" in said.out
    row = desk("--json", "export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "--dry-run").document
    (stays,) = row["staying"]
    assert (stays["name"], stays["reasons"][0]["name"], stays["reasons"][0]["code"]) == (
        "IMG_0042.jpg", "Ada Falk", "refused",
    )  # fmt: skip
    folder = desk.work / "for ada"
    said = desk("deliver", ada, "-o", folder)
    assert said.code == 0 and "1 photo and 1 receipt of Ada Falk" in said.out
    assert {each.suffix for each in folder.iterdir()} == {".jpg", ".pdf"} and (folder / "IMG_0042.jpg").exists()
    assert desk("deliver", ada, "-o", folder).code == 2
    assert len(desk("--json", "subject", "show", ada).document["delivered"]) == 1
    assert "1 photo given to them" in desk("subject", "show", ada).out
