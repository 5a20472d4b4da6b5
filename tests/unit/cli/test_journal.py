"""An outsider checks a stretch of a real studio's journal: by the page's own steps, and with this program."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from safelight.documents.jcs import canonical
from safelight.keys.passphrases import FLOOR_COST
from safelight.keys.signing import allowed_signers_line
from safelight.studio import founding
from support import shoot as shoot_module

PAGE = (Path(__file__).parents[3] / "resources" / "formats.md").read_text("utf-8")
SECTION = PAGE[PAGE.index("## 15.") :]
SCRIPT = SECTION.split("```python\n")[1].split("```")[0]
ZEROS = "0" * 64

Change = Callable[[list[dict[str, Any]]], object]


@pytest.fixture
def outsider(desk: Any, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Runs the script of the page, with the standard library and nothing else, on a file and two heads."""
    script = tmp_path / "check.py"
    script.write_text(SCRIPT)

    def check(file: Path, first: str, last: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(script), str(file), first, last]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60)
        return done.returncode, done.stdout + done.stderr

    return check


@pytest.fixture
def journal(desk: Any, ada: str) -> list[dict[str, Any]]:
    """The entries of a studio where several people were added to a session, the oldest first."""
    for name in ("Ben Okri", "Eve Holm"):
        assert desk("subject", "add", "Spring", name).code == 0
    rows: list[dict[str, Any]] = desk("--json", "studio", "journal").document
    return rows[::-1]


def test_the_later_head_follows_from_the_earlier(desk: Any, journal: Any, outsider: Any, ada: str) -> None:
    hashes = [ZEROS, *(each["hash"] for each in journal)]
    last = len(journal)
    for first, end in ((0, last), (2, last), (3, last - 1), (last - 1, last)):
        file = desk.work / f"{first}-{end}.json"
        said = desk("--json", "journal", "show", "--from", first, "--to", hashes[end], "-o", file)
        assert said.code == 0, said.err
        assert said.document == {
            "file": str(file), "from": first, "from_hash": hashes[first], "to": end, "to_hash": hashes[end],
            "entries": end - first, "shown": 0, "signed": end == last,
        }  # fmt: skip
        assert file.read_bytes() == canonical(json.loads(file.read_bytes()))
        assert outsider(file, hashes[first], hashes[end]) == (0, f"entry {end} follows from entry {first}\n")
        assert desk.bare("journal", "verify", file, "--from-hash", hashes[first], "--to-hash", hashes[end]).code == 0


def test_it_tells_nobody_who_else_was_there(desk: Any, journal: Any, outsider: Any, ada: str) -> None:
    file = desk.work / "closed.json"
    assert desk("journal", "show", "--from", "0", "-o", file).code == 0
    text = file.read_text()
    for each in journal:
        assert each["kind"] not in text and each["at"] not in text
        assert each["about"] not in text.replace(f'"studio":"{json.loads(text)["studio"]}"', "")
    shown = desk.work / "ada.json"
    assert desk("--json", "journal", "show", "--from", "0", "--about", ada, "-o", shown).document["shown"] == 1
    told = [each["text"] for each in json.loads(shown.read_bytes())["entries"] if "state" not in each]
    assert len(told) == 1 and f"\nsubject-added\n{ada}\n" in told[0]
    assert outsider(shown, ZEROS, journal[-1]["hash"])[0] == 0


def put(at: int, name: str, value: Any) -> Change:
    return lambda entries: entries[at].update({name: value})


def shown_line(line: int, value: str) -> Change:
    """Another line in the text of the entry that is shown."""

    def change(entries: list[dict[str, Any]]) -> None:
        each = next(each for each in entries if "state" not in each)
        lines = each["text"].split("\n")
        each["text"] = "\n".join([*lines[:line], value, *lines[line + 1 :]])

    return change


def swap(entries: list[dict[str, Any]], renumbered: bool = False) -> None:
    entries[1], entries[2] = entries[2], entries[1]
    if renumbered:
        entries[1]["number"], entries[2]["number"] = entries[2]["number"], entries[1]["number"]


def close_the_gap(entries: list[dict[str, Any]]) -> None:
    del entries[2]
    for before, after in pairwise(entries):
        after["number"] = before["number"] + 1


OTHER = "5e" * 32
CHANGES: dict[str, Change] = {
    "number": put(1, "number", 9), "hash": put(1, "hash", OTHER), "state": put(1, "state", OTHER),
    "before": put(1, "before", 192), "before, no block": put(1, "before", 100),
    "text": put(1, "text", f"ab\n{OTHER}"), "last hash": put(-1, "hash", OTHER),
    "shown number": shown_line(0, "77"), "shown time": shown_line(1, "2026-11-22T09:30:12Z"),
    "shown kind": shown_line(2, "photo-added"), "shown reference": shown_line(3, OTHER[:36]),
    "shown payload": shown_line(4, OTHER), "shown previous": shown_line(5, OTHER), "shown more": shown_line(3, "a\nb"),
    "removed": lambda entries: entries.pop(2), "removed, renumbered": close_the_gap,
    "first removed": lambda entries: entries.pop(0), "last removed": lambda entries: entries.pop(),
    "exchanged": swap, "exchanged, renumbered": lambda entries: swap(entries, True),
    "twice": lambda entries: entries.insert(2, dict(entries[2])),
}  # fmt: skip


def test_whatever_is_changed_is_found(desk: Any, journal: Any, outsider: Any, ada: str) -> None:
    first, last = journal[1]["hash"], journal[-1]["hash"]
    file = desk.work / "sound.json"
    assert desk("journal", "show", "--from", "2", "--about", ada, "-o", file).code == 0
    assert outsider(file, first, last)[0] == 0
    heads = "--from-hash", first, "--to-hash", last
    wrong = []
    for what, change in CHANGES.items():
        document = json.loads(file.read_bytes())
        change(document["entries"])
        changed = desk.file("changed.json", document)
        ours = desk.bare("journal", "verify", changed, *heads)
        if outsider(changed, first, last)[0] != 1 or ours.code not in (1, 4) or len(ours.err.splitlines()) > 2:
            wrong.append((what, outsider(changed, first, last), ours))
    assert wrong == []
    for name in ("from", "to"):
        for field, value in (("hash", OTHER), ("number", 1)):
            document = json.loads(file.read_bytes())
            document[name][field] = value
            changed = desk.file("changed.json", document)
            assert outsider(changed, first, last)[0] == 1, (name, field)
            assert desk.bare("journal", "verify", changed, *heads).code in (1, 4), (name, field)


def test_the_heads_of_another_studio_are_not_linked(desk: Any, journal: Any, outsider: Any, tmp_path: Path) -> None:
    wanted = founding.Founding("Andere", "DE", "a@andere.example", "Lindenallee 5, Berlin")
    with founding.found_studio(tmp_path / "other", wanted, shoot_module.PASSPHRASE, cost=FLOOR_COST) as other:
        head = other.archive.journal.head()
        assert head is not None
        card = desk.file("other-card.json", founding.studio_card(other))
    file, first, last = desk.work / "own.json", journal[0]["hash"], journal[-1]["hash"]
    assert desk("journal", "show", "--from", "1", "-o", file).code == 0
    for heads in ((head.hash, last), (first, head.hash), (head.hash, OTHER)):
        assert outsider(file, *heads)[0] == 1
        said = desk.bare("journal", "verify", file, "--from-hash", heads[0], "--to-hash", heads[1])
        assert said.code == 1 and "with another head than the one given" in said.err
    said = desk.bare("journal", "verify", file, "--from-hash", first, "--to-hash", last, "--card", card)
    assert said.code == 1 and "from another studio than the card" in said.err


def test_the_end_is_signed(desk: Any, journal: Any, stock_tool: Callable[[str], str]) -> None:
    file, card = desk.work / "f.json", desk.work / "card.json"
    assert desk("studio", "card", "-o", card).code == 0
    assert desk("journal", "show", "--from", "1", "-o", file).code == 0
    document = json.loads(file.read_bytes())
    heads = "--from-hash", document["from"]["hash"], "--to-hash", document["to"]["hash"]
    said = desk.bare("--json", "journal", "verify", file, *heads, "--card", card)
    assert said.code == 0 and said.document["signature_checked"]
    key = json.loads(card.read_bytes())["ssh_public_key"]
    (desk.work / "allowed_signers").write_text(allowed_signers_line(document["studio"], key, ("safelight-journal",)))
    stock_tool("jq"), stock_tool("ssh-keygen")
    steps = SECTION.split("Step 6:\n```sh\n")[1].split("```")[0]
    steps = re.sub(r"\bF\b", "f.json", steps).replace("STUDIO-ID", document["studio"])

    def stock() -> int:
        return subprocess.run(["sh", "-ec", steps], cwd=desk.work, capture_output=True, check=False).returncode

    assert stock() == 0
    document["signed"]["rows"] = OTHER
    desk.file("f.json", document)
    assert stock() != 0
    assert desk.bare("journal", "verify", file, *heads, "--card", card).code == 1
    unchecked = desk.bare("--json", "journal", "verify", file, *heads)
    assert unchecked.code == 0 and not unchecked.document["signature_checked"]


def test_a_renewed_key_is_followed(desk: Any, journal: Any) -> None:
    file, card = desk.work / "f.json", desk.work / "card.json"
    assert desk("studio", "rotate", "--signing", "-o", card).code == 0
    assert desk("journal", "show", "--from", "1", "-o", file).code == 0
    document = json.loads(file.read_bytes())
    heads = "--from-hash", document["from"]["hash"], "--to-hash", document["to"]["hash"]
    said = desk.bare("--json", "journal", "verify", file, *heads, "--card", card)
    assert said.code == 0 and said.document["signature_checked"], said.err


def chained_anew(rows: sqlite3.Connection) -> None:
    """An entry says something else, and every hash from there on is made anew: the chain alone shows nothing."""
    rows.execute("UPDATE journal_entry SET kind = 'photo-added' WHERE number = 4")
    entries = rows.execute(
        "SELECT number, at, kind, reference, payload_sha256, previous FROM journal_entry ORDER BY number"
    ).fetchall()
    digest = ZEROS
    for each in entries:
        previous, lines = digest, [str(part) for part in each[:5]]
        digest = hashlib.sha256("\n".join([*lines, previous]).encode()).hexdigest()
        rows.execute("UPDATE journal_entry SET previous = ?, hash = ? WHERE number = ?", (previous, digest, each[0]))


ALTERED: dict[str, Callable[[sqlite3.Connection], object]] = {
    "time": lambda rows: rows.execute("UPDATE journal_entry SET at = '2026-01-01T00:00:00Z' WHERE number = 2"),
    "removed": lambda rows: rows.execute("DELETE FROM journal_entry WHERE number = 3"),
    "end removed": lambda rows: rows.execute("DELETE FROM journal_entry WHERE number >= 5"),
    "chained anew": chained_anew,
    "signature": lambda rows: rows.execute(
        "UPDATE journal_head SET signature = substr(signature, 1, 219) || "
        "CASE substr(signature, 220, 1) WHEN 'A' THEN 'B' ELSE 'A' END || substr(signature, 221)"
    ),
}


@pytest.mark.parametrize("change", ALTERED)
def test_no_altered_journal_is_handed_out(desk: Any, journal: Any, change: str) -> None:
    file = desk.work / "f.json"
    with sqlite3.connect(desk.folder / "archive.sqlite") as rows:
        triggers = rows.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            rows.execute(f"DROP TRIGGER {name}")
        ALTERED[change](rows)
        for _, sql in triggers:
            rows.execute(sql)
    said = desk("journal", "show", "--from", "1", "-o", file)
    assert said.code in (1, 4) and len(said.err.splitlines()) == 1 and not file.exists(), said


@pytest.mark.parametrize(("given", "code"), [
    (("--from", "x"), 2), (("--from", "-1"), 2), (("--from", "99999"), 2), (("--from", OTHER), 2),
    (("--from", "3", "--to", "3"), 2), (("--from", "4", "--to", "2"), 2), (("--from", "1", "--to", "9" * 15), 2),
    (("--from", "9" * 40), 2), ((), 2),
], ids=str)  # fmt: skip
def test_what_makes_no_stretch(desk: Any, journal: Any, given: tuple[str, ...], code: int) -> None:
    said = desk("journal", "show", *given, "-o", desk.work / "f.json")
    assert said.code == code and len(said.err.splitlines()) == 1 and not (desk.work / "f.json").exists(), said


def test_a_file_that_is_there_is_kept(desk: Any, journal: Any) -> None:
    file = desk.file("f.json", "mine")
    said = desk("journal", "show", "--from", "1", "-o", file)
    assert said.code == 2 and "exists already" in said.err and file.read_text() == "mine"


@pytest.mark.parametrize(("content", "code"), [(b"", 4), (b"[]", 4), (b'{"format":"safelight-journal/2"}', 4)])
def test_what_is_no_such_file_is_not_checked(desk: Any, content: bytes, code: int) -> None:
    file = desk.file("f.json", content)
    said = desk.bare("journal", "verify", file, "--from-hash", ZEROS, "--to-hash", OTHER)
    assert said.code == code and said.err.startswith("safelight: The stretch of a journal is malformed")
    assert desk.bare("journal", "verify", file, "--from-hash", "12", "--to-hash", OTHER).code == 2
    assert desk.bare("journal", "verify", desk.work / "none", "--from-hash", ZEROS, "--to-hash", OTHER).code == 2
