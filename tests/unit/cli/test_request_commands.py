"""Requests and what answers them, as an assistant types them."""

from __future__ import annotations

import shutil
import subprocess
import zipfile

import pypdfium2


def test_a_request_is_entered_listed_and_answered(desk, ada: str) -> None:
    made = desk("--json", "request", "new", ada, "--kind", "access", "--received", "2020-01-31").document
    assert (made["due"], made["state"], made["by"]) == ("2020-02-29", "open", "subject")
    assert "late)  Ada Falk" in desk("request", "list", "--open").out
    said = desk("request", "extend", made["id"][:8], "--reason", "many photos")
    assert said.code == 1 and "more time must be told before that day is past" in said.err
    later = desk("--json", "request", "new", ada, "--kind", "erasure", "--by", "guardian", "--channel", "mail").document
    said = desk("request", "extend", later["id"], "--reason", "many photos")
    assert said.code == 0 and "Tell the person now" in said.out
    assert desk("request", "answer", later["id"], "--outcome", "refused").code == 2
    assert desk("request", "answer", later["id"], "--outcome", "refused", "--reason", "a duty to keep").code == 0
    answered = desk("--json", "request", "answer", made["id"], "--outcome", "done", "--entered-by", "Robin")
    assert answered.document["state"] == "answered"
    assert "Nothing is open." in desk("request", "list", "--open").out
    assert [each["state"] for each in desk("--json", "request", "list").document] == ["answered", "refused"]
    assert "request-answered" in desk("studio", "journal", "--about", ada).out
    for wrong in ("1234", "zz"):
        assert desk("request", "answer", wrong, "--outcome", "done").code == 2
    assert desk("--json", "studio", "check").document["problems"] == []


def test_what_is_wrong_is_put_right(desk, ada: str) -> None:
    answers = desk.answers(use_portfolio="yes")
    said = desk("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "demonstration")
    assert said.code == 0, said.err
    receipt = desk("--json", "consent", "show", ada).document["receipt"]
    desk("request", "new", ada, "--kind", "correction")
    said = desk("correct", ada, "name=Ada Falck", "phone=040 1", "--reason", "the form was misread", "--by", "Kim")
    assert said.code == 0 and "corrected: name, phone" in said.out and f"as signed: {receipt}" in said.out
    assert "name, phone changed (the form was misread); as before on receipts" in desk("subject", "show", ada).out
    (row,) = desk("--json", "subject", "show", ada).document["corrections"]
    assert row["correction"]["before"] == {"name": "Ada Falk", "phone": ""}
    assert "Nothing is open." in desk("request", "list", "--open").out
    assert "nothing was different" in desk("correct", ada, "phone=040 1", "--reason", "again").out
    for wrong in (["name"], ["shoe=39"], ["born="], ["country="], ["name=A", "name=B"], ["born=2099-01-01"]):
        assert desk("correct", ada, *wrong, "--reason", "why").code == 2, wrong
    assert desk("correct", ada, "guardian=Olga Lind:mother:sole", "--reason", "why").code == 0
    assert desk("--json", "studio", "check").document["problems"] == []


def test_whoever_asks_shows_who_they_are(desk, ada: str) -> None:
    made = desk("--json", "request", "new", ada, "--kind", "access", "--channel", "mail").document["id"]
    said = desk("request", "identify", made, "--code", "ABCD-EFGH-JKMN-PQRS", "--email", "ada@falk.example")
    assert said.code == 1 and "do not show that it is this person" in said.err
    for wrong in (["--code", "ABCD"], ["--in-person"], ["--in-person", "--email", "a@b"], ["--email", "a@b"]):
        assert desk("request", "identify", made, *wrong).code == 2, wrong
    said = desk("--json", "request", "identify", made, "--in-person", "--entered-by", "Kim")
    assert said.document["identity"] == "in person"


def test_who_looked_is_told(desk, ada: str) -> None:
    for _ in range(2):
        assert desk("subject", "show", ada).code == 0
    assert desk("consent", "show", ada).code == 0
    desk("subject", "list"), desk("subject", "find", "Ada")
    said = desk("--json", "studio", "journal", "--about", ada).document
    assert [sorted(each["read"]["counts"]) for each in said if each["kind"] == "read"] == [["answers"], ["page"]]
    assert "at the terminal: page 1 time" in desk("studio", "journal", "--about", ada).out


def test_everything_held_is_handed_over_or_sent_locked(desk, ada: str, picture) -> None:
    answers = desk.answers(use_portfolio="yes")
    desk("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "demonstration")
    desk("capture", "add", "Spring", picture("a.jpg"), "--subject", ada)
    made = desk("--json", "request", "new", ada, "--kind", "access", "--channel", "mail").document["id"]
    sent = desk.work / "ada.pdf"
    said = desk("access", ada, "-o", sent)
    assert said.code == 1 and "Nobody has shown yet" in said.err and not sent.exists()
    desk("request", "identify", made, "--in-person", "--entered-by", "Kim")
    said = desk("--json", "access", ada, "-o", sent)
    assert said.code == 0 and said.document["answered"] == [made] and said.document["photos"] == 1, said.err
    words = " ".join(said.document["words"])
    assert len(pypdfium2.PdfDocument(sent, password=words)) == 1
    if mutool := shutil.which("mutool"):
        done = subprocess.run([mutool, "info", "-p", words, str(sent)], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "password" not in done.stderr, done.stderr
    said = desk("access", ada, "-o", desk.work / "ada.zip", "--by", "Robin")
    assert said.code == 0 and "1 photo, 1 receipt." in said.out and "six words" not in said.out
    with zipfile.ZipFile(desk.work / "ada.zip") as file:
        assert {"index.html", "access.jsonld"} < {*file.namelist()} and "Ada Falk" in file.read("index.html").decode()
    assert desk("access", ada, "-o", desk.work / "ada.zip").code == 2 and desk("access", ada, "-o", "a.doc").code == 2
    assert desk("--json", "studio", "check").document["problems"] == []


def test_use_is_stopped_for_a_while_or_for_one_photo(desk, ada: str, picture) -> None:
    desk("capture", "add", "Spring", picture("a.jpg"), "--subject", ada)
    made = desk("--json", "request", "new", ada, "--kind", "restriction").document["id"]
    said = desk("restrict", ada, "--reason", "she says the yes is not hers", "--by", "Kim")
    assert said.code == 0 and "nothing is used from now on" in said.out and f"Answered: {made}" in said.out
    assert desk("restrict", ada, "--reason", "again").code == 1 and desk("restrict", ada, "--reason", " ").code == 2
    said = desk("restrict", ada, "--lift", "--reason", "it was hers")
    assert said.code == 0 and "may be used again" in said.out
    assert desk("restrict", ada, "--lift", "--reason", "again").code == 1
    said = desk("--json", "object", ada, "--photo", "a.jpg", "--reason", "it hurts me")
    assert said.code == 0 and len(said.document["photos"]) == 1 and said.document["notices"] == []
    assert desk("object", ada, "--all", "--reason", "all of them").code == 1, "it is held back already"
    assert desk("object", ada, "--reason", "which?").code == 2
    about = desk("studio", "journal", "--about", ada).out
    assert all(each in about for each in ("person-restricted", "restriction-lifted", "photos-objected"))
    assert desk("--json", "studio", "check").document["problems"] == []
