"""Commands about people and lists, as an assistant types them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest


def test_people_are_found_put_right_merged_and_taken_out(desk, ada: str) -> None:
    desk("session", "new", "Autumn")
    assert desk("subject", "add", "Autumn", "Ada Falk", "--reference", "P-7", "--department", "Sales").code == 0
    said = desk("subject", "show", "Ada Falk")
    assert said.code == 2 and "2 people match" in said.err and ada[:8] in said.err and "(session Autumn)" in said.err
    assert desk("subject", "show", "Ada Falk", "--session", "Spring").code == 0
    assert "number P-7, Sales" in desk("subject", "show", "p-7").out
    assert ada[:8] in desk("subject", "find", "falk.example").out and desk("subject", "find", "zoe").code == 1
    assert "changed: phone" in desk("subject", "change", ada, "--phone", "1234", "--by", "Robin").out
    assert "nothing was different" in desk("subject", "change", ada, "--phone", "1234").out
    assert "(Autumn)" in desk("subject", "same", ada, "P-7").out
    assert "the same person: " in desk("subject", "show", ada).out
    desk("subject", "add", "Spring", "Ada F", "--born", "1990-01-02")
    merged = desk("subject", "merge", ada[:8], "Ada F", "--session", "Spring")
    assert merged.code == 0 and "because it was empty: born" in merged.out, "a whole name counts before a beginning"
    assert "was removed" in desk("subject", "remove", ada).out
    assert desk("--json", "studio", "check").document["problems"] == []
    for arguments in (
        ("subject", "add", "Spring", "X", "--born", "2031-01-01"),
        ("subject", "add", "Spring", "X", "--born", "1850-01-01"),
        ("subject", "change", "P-7", "--born", "2031-01-01"),
        ("subject", "change", "P-7", "--guardian", "nobody"),
        ("subject", "change", "P-7", "--language", "!"),
    ):
        answer = desk(*arguments)
        assert answer.code == 2 and answer.err, arguments


def test_a_list_says_what_became_of_every_row(desk) -> None:
    roster = desk.file(
        "list.csv",
        'Name,Phone,Shoe size,Employee ID\n"Falk, Ada",040 1,39,7\nBob,,40,8\n',
    )
    dry = desk("roster", "import", "Spring", roster, "--dry-run")
    assert dry.code == 0 and "line 2: Ada Falk, 040 1, number 7" in dry.out and "2 people would be added" in dry.out
    assert "not kept: column 'Shoe size'" in dry.out
    assert "2 people added, 0 known already, 0 rows left out." in desk("roster", "import", "Spring", roster).out
    again = desk.file("again.csv", "Name,Phone,Employee ID\nAda Falk,040 2,7\nBob,,8\n")
    said = desk("roster", "import", "Spring", again)
    assert said.code == 0 and "line 2: Ada Falk is known already, differs in: phone" in said.out
    assert "line 3: Bob is known already\n" in said.out and "0 people added, 2 known already" in said.out
    bad = desk("roster", "import", "Spring", desk.file("bad.csv", "Name,Birth date\nCyd,2031-05-05\n"))
    assert bad.code == 4 and "in the future" in bad.out


def test_a_number_means_one_person_of_a_session(desk) -> None:
    assert desk("subject", "add", "Spring", "Ada Falk", "--reference", "7").code == 0
    said = desk("subject", "add", "Spring", "Ben Ost", "--reference", " 7 ")
    assert said.code == 2 and "is Ada Falk's" in said.err and "Nobody was added" in said.err
    assert desk("subject", "add", "Spring", "Ben Ost").code == 0
    desk("session", "new", "Autumn", "--offer", "use.portfolio")
    assert desk("subject", "add", "Autumn", "Ben Ost", "--reference", "7").code == 0


def test_who_may_tells_who_allows_a_use_and_why_others_do_not(desk, ada: str) -> None:
    none = desk("--json", "who", "may", "use.portfolio", "--in", "DE")
    assert none.code == 1 and [each["blocker"] for each in none.document["not_allowed"]] == ["not-granted"]
    answers = desk.answers(use_portfolio="yes")
    argv = ("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "paper")
    assert desk(*argv).code == 0
    said = desk("who", "may", "use.portfolio", "--in", "DE", "--session", "Spring")
    assert said.code == 0 and "until" in said.out and "1 of 1 person allows use.portfolio in DE" in said.out
    yes = desk("--json", "who", "may", "use.portfolio", "--in", "DE").document
    assert [each["subject"] for each in yes["allowed"]] == [ada] and yes["recipient"] is None
    late = desk("who", "may", "use.portfolio", "--in", "DE", "--on", "2050-01-01")
    assert late.code == 1 and "the consent has ended: 1" in late.out
    assert desk("who", "may", "use.nothing", "--in", "DE").code == 2
    assert desk("who", "may", "use.portfolio", "--in", "XX").code == 2


def test_lists_tell_how_many_there_are(desk, ada: str) -> None:
    (row,) = desk("--json", "session", "list").document
    assert (row["people"], row["signed"], row["shots"]) == (1, 0, 0)
    assert "(0 of 1 person signed, 0 photographed, 0 shots)" in desk("session", "list").out
    (person,) = desk("--json", "session", "show", "Spring").document["subjects"]
    assert (person["state"], person["answers"], person["open"]) == (
        "not ready", "registered", ["unanswered", "without-photos"],
    )  # fmt: skip
    (first, *_) = desk("--json", "recipient", "list").document
    assert (first["bundles"], first["last_bundle_at"]) == (0, None)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway"])  # in one of them the day is never UTC's
def test_what_left_is_told_by_the_days_of_the_session(desk, picture: Callable[[str], Path], zone: str) -> None:
    desk("session", "new", "Away", "--zone", zone, "--offer", "use.portfolio,use.social", "--recipient", "Prenzel")
    ada = desk("--json", "subject", "add", "Away", "Ada Falk").document["id"]
    assert desk("capture", "add", "Away", picture("a.jpg"), "--subject", ada).code == 0
    choices = {"use.portfolio": {"answer": "yes", "recipients": ["Prenzel"]}, "use.social": "no"}
    answers = desk.file("away.json", {"format": "safelight-answers/1", "choices": choices})
    argv = ("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "demonstration")
    assert desk(*argv).code == 0
    assert desk("export", "Away", "--to", "Prenzel", "--use", "use.portfolio", "-o", desk.work / "b.age").code == 0
    assert desk("deliver", ada, "-o", desk.work / "hers").code == 0
    page = desk("--json", "subject", "show", ada).document
    sent, given = (
        f"{datetime.fromisoformat(page[each][0]['at']).astimezone(ZoneInfo(zone)):%Y-%m-%d}"
        for each in ("disclosures", "delivered")
    )
    shown = desk("subject", "show", ada).out
    assert f"\n{sent}: to Prenzel" in shown and f"\n{given}: 1 photo given to them\n" in shown
    assert "\nuse.social: refused\n" in shown and "\nuse.portfolio: given, until 2" in shown
    assert f"\nsent: {sent} to Prenzel for use.portfolio\n" in desk("photo", "show", "a.jpg").out
    removed = desk("photo", "remove", "a.jpg", "--although-sent").out
    assert f"others still have it: {sent} to Prenzel" in removed
