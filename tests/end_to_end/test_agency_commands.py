"""The agency's commands as processes: exit codes, one sentence, JSON, and stock tools on what comes out."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from safelight.documents.identity_cards import read_card
from safelight.documents.status import status_list, status_list_bytes
from safelight.documents.status_file import SignedList, status_file_bytes
from safelight.domain.term import Term, TermKind
from support import deliveries

USE, OTHER = "use.directory", "use.social"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def founded(
    safelight: Run, open_faster: Callable[[Path, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with a new agency, its passphrase file and its card; to be copied."""
    folder = tmp_path_factory.mktemp("founded")
    words = folder / "words"
    words.write_text("four unrelated words here\n")
    words.chmod(0o600)
    base = ("--passphrase-file", words, "agency", "--agency", folder / "agency")
    done = safelight(*base, "init", "--name", "Agence", "--country", "FR", "--contact", "rights@agence.example")
    assert done.returncode == 0, done.stderr
    open_faster(folder / "agency", "four unrelated words here")
    assert safelight(*base, "card", "-o", folder / "agency-card.json").returncode == 0
    return folder


@pytest.fixture
def run(safelight: Run, tmp_path: Path, founded: Path) -> Run:
    """``run("may", …)``: an agency command on one agency, with its passphrase file."""
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)

    def command(*arguments: str | Path, flags: tuple[str, ...] = (), **environment: str) -> Any:
        base = ("--passphrase-file", tmp_path / "words", *flags, "agency", "--agency", tmp_path / "agency")
        done = safelight(*base, *arguments, **environment)
        assert "Traceback" not in done.stderr
        return done

    return command


@pytest.fixture
def today() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)


@pytest.fixture
def studio(run: Run, tmp_path: Path) -> Any:
    double = deliveries.StudioDouble("Atelier", read_card((tmp_path / "agency-card.json").read_bytes()).as_recipient())
    (tmp_path / "studio-card.json").write_bytes(double.card())
    return double


def test_from_card_to_answer(
    run: Run, studio: Any, today: datetime, tmp_path: Path, portraits: Path, stock_tool: Callable[[str], str]
) -> None:
    photo = deliveries.Shot((deliveries.Person(),), (portraits / "grace_hopper.jpg").read_bytes())
    receipt = studio.receipt([USE, OTHER], at=today)
    studio.deliver(tmp_path / "b.age", 1, [(photo, [receipt])], [USE], at=today)

    untrusted = run("import", tmp_path / "b.age")
    assert untrusted.returncode == 1 and "Nobody here trusts" in untrusted.stderr
    trusted = run("trust", tmp_path / "studio-card.json")
    words = trusted.stdout.rstrip().rsplit(": ", 1)[1]
    assert trusted.returncode == 0 and words in untrusted.stderr and len(words.split()) == 6
    imported = run("import", tmp_path / "b.age", flags=("--acks",))
    assert imported.returncode == 0 and imported.stdout.startswith("ACK ")
    assert "nothing was changed" in run("import", tmp_path / "b.age").stdout

    yes = run("may", "--photo", photo.guid, "--use", USE, "--territory", "FR")
    assert yes.returncode == 0 and yes.stdout.startswith("yes, until ")
    assert receipt.records[0].id in yes.stdout
    assert f"(agency refresh FILE) prolongs it, at most until {receipt.records[0].last_day}." in yes.stdout
    for use, place, blocker in ((OTHER, "FR", "not-granted"), (USE, "US", "territory")):
        no = run("may", "--photo", photo.guid, "--use", use, "--territory", place, flags=("--json",))
        told = json.loads(no.stdout)
        assert no.returncode == 1 and (told["allowed"], told["blocker"]) == (False, blocker)
    later = run("may", "--photo", photo.guid, "--use", USE, "--territory", "FR", "--on", "2099-01-01")
    assert later.returncode == 1 and "This answers for 2099-01-01" in later.stderr

    stripped = tmp_path / "stripped.jpg"
    stripped.write_bytes(photo.data)
    subprocess.run([stock_tool("exiftool"), "-q", "-all=", "-overwrite_original", stripped], check=True)
    by_file = run("may", "--file", stripped, "--use", USE, "--territory", "FR", flags=("--json",))
    assert by_file.returncode == 0 and json.loads(by_file.stdout)["photo"] == photo.guid
    unknown = run("may", "--file", portraits / "astronaut.jpg", "--use", USE, "--territory", "FR", flags=("--json",))
    assert unknown.returncode == 1 and json.loads(unknown.stdout)["blocker"] == "nobody-known"

    assert photo.guid in run("list").stdout
    report = run("report")
    assert "1 yes: 'until' is the last day the studio vouches for, not the end of the consent." in report.stderr
    (row,) = json.loads(run("report", flags=("--json",)).stdout)
    assert row["ends"] == "status-list" and row["consent_until"] == str(receipt.records[0].last_day) > row["until"]
    rows = list(csv.DictReader(io.StringIO(report.stdout)))
    assert [(each["photo"], each["use"], each["place"], each["allowed"]) for each in rows] == [
        (photo.guid, USE, "France (FR)", "yes")
    ]
    checked = run("check", flags=("--json",))
    assert checked.returncode == 0 and json.loads(checked.stdout)["problems"] == []


BAD = (
    (("may", "--photo", "nonsense", "--use", USE, "--territory", "FR"), 2),
    (("may", "--photo", "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", "--use", "use.anything", "--territory", "FR"), 2),
    (("may", "--photo", "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", "--use", USE, "--territory", "France"), 2),
    (("may", "--photo", "1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b", "--use", USE, "--territory", "FR"), 1),
    (("import", "no-such-file.age"), 3),
    (("import", "pyproject.toml"), 4),
    (("trust", "pyproject.toml"), 4),
)


def test_bad_input_gets_one_sentence_and_its_code(run: Run) -> None:
    for arguments, code in BAD:
        done = run(*arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert done.stdout.startswith("no: ") if code == 1 else done.stderr.startswith("safelight: ")


def test_a_wrong_passphrase_does_not_open(run: Run, safelight: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("another passphrase\n")
    (tmp_path / "wrong").chmod(0o600)
    done = safelight("--passphrase-file", tmp_path / "wrong", "agency", "--agency", tmp_path / "agency", "list")
    assert done.returncode == 3 and "agency" in done.stderr and "studio" not in done.stderr


def test_a_bundle_is_looked_into_without_any_folder(
    run: Run, safelight: Run, studio: Any, today: datetime, tmp_path: Path, portraits: Path,
    stock_tool: Callable[[str], str],
) -> None:  # fmt: skip
    key = tmp_path / "key.txt"
    subprocess.run([stock_tool("age-keygen"), "-o", key], check=True, capture_output=True)
    public = subprocess.run([stock_tool("age-keygen"), "-y", key], check=True, capture_output=True, text=True)
    studio.recipient = replace(studio.recipient, id=public.stdout.strip())
    photo = deliveries.Shot((deliveries.Person(),), (portraits / "grace_hopper.jpg").read_bytes())
    gone = deliveries.Shot((deliveries.Person(),), (portraits / "astronaut.jpg").read_bytes())
    ended = studio.receipt([USE], at=today)
    studio.end(ended, USE)
    receipt = studio.receipt([USE, OTHER], at=today)
    bundle = tmp_path / "b.age"
    studio.deliver(bundle, 1, [(photo, [receipt]), (gone, [ended])], [USE], at=today)
    with_card = ("--identity", key, "--card", tmp_path / "studio-card.json")

    verified = safelight("bundle", "verify", bundle, *with_card)
    assert verified.returncode == 0 and verified.stderr == ""
    assert verified.stdout.count("ok  ") == len(verified.stdout.splitlines()) >= 9
    unpinned = safelight("bundle", "verify", bundle, "--identity", key)
    assert unpinned.returncode == 0 and "Nobody has vouched" in unpinned.stderr
    listed = json.loads(safelight("--json", "bundle", "list", bundle, *with_card).stdout)
    allowed = {each["photo"]: each["allowed_until"] for each in listed["photos"]}
    assert allowed[photo.guid].keys() == {USE} and allowed[gone.guid] == {}

    extracted = safelight("bundle", "extract", bundle, "-o", tmp_path / "out", *with_card)
    assert extracted.returncode == 0
    subprocess.run([stock_tool("sha256sum"), "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=True)
    assert (tmp_path / "out" / "photos" / f"{photo.guid}.jpg").read_bytes() == photo.data
    again = safelight("bundle", "extract", bundle, "-o", tmp_path / "out", *with_card)
    assert again.returncode == 2 and "already there" in again.stderr

    other = deliveries.StudioDouble("Other", studio.recipient)
    (tmp_path / "other-card.json").write_bytes(other.card())
    for command in (("verify", bundle), ("list", bundle), ("extract", bundle, "-o", tmp_path / "nothing")):
        refused = safelight("bundle", *command, "--identity", key, "--card", tmp_path / "other-card.json")
        assert refused.returncode == 1 and "another key" in refused.stderr
    assert not (tmp_path / "nothing").exists()
    subprocess.run([stock_tool("age-keygen"), "-o", tmp_path / "other.txt"], check=True, capture_output=True)
    assert safelight("bundle", "list", bundle, "--identity", tmp_path / "other.txt").returncode == 3
    assert safelight("bundle", "list", bundle, "--identity", tmp_path / "studio-card.json").returncode == 3
    data = bytearray(bundle.read_bytes())
    data[-100] ^= 1
    bundle.write_bytes(data)
    damaged = safelight("bundle", "verify", bundle, *with_card)
    assert damaged.returncode == 4 and damaged.stdout == ""


def test_setting_the_clock_back_with_a_real_clock(
    run: Run, studio: Any, tmp_path: Path, portraits: Path, stock_tool: Callable[[str], str]
) -> None:
    """Three runs under a shifted system clock: allowed, over, and over still when the clock was set back."""
    libraries = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not libraries:
        stock_tool("faketime")
        pytest.skip("faketime has no library to preload here")
    start = datetime.now(UTC).replace(microsecond=0)
    photo = deliveries.Shot((deliveries.Person(),), (portraits / "grace_hopper.jpg").read_bytes())
    term = Term(TermKind.UNTIL, until=(start + timedelta(days=40)).date())
    receipt = studio.receipt([USE], at=start, term=term)
    studio.deliver(tmp_path / "b.age", 1, [(photo, [receipt])], [USE], at=start, valid_for=timedelta(days=400))
    assert run("trust", tmp_path / "studio-card.json").returncode == 0
    assert run("import", tmp_path / "b.age").returncode == 0

    def ask(shift: str) -> Any:
        shifted = {"LD_PRELOAD": str(libraries[0]), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1"}
        return run("may", "--photo", photo.guid, "--use", USE, "--territory", "FR", **shifted)

    assert ask("+20d").returncode == 0
    over = ask("+90d")
    assert over.returncode == 1 and "no: over" in over.stdout
    back = ask("+20d")
    assert back.returncode == 1 and "no: over" in back.stdout and "earlier time" in back.stderr


def _jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (24, 16), (shade, 80, 90)).save(out, "JPEG")
    return out.getvalue()


def test_the_identity_is_written_and_an_agency_founded_on_it_again(
    run: Run, studio: Any, today: datetime, safelight: Run, stock_tool: Callable[[str], str], tmp_path: Path
) -> None:
    photo = deliveries.Shot((deliveries.Person(),), _jpeg(3))
    studio.deliver(tmp_path / "b.age", 1, [(photo, [studio.receipt([USE], at=today)])], [USE], at=today)
    written = run("identity", "-o", tmp_path / "identity.txt")
    assert written.returncode == 0 and "Guard it" in written.stderr, written.stderr
    assert (tmp_path / "identity.txt").stat().st_mode & 0o777 == 0o600
    assert run("identity", "-o", tmp_path / "identity.txt").returncode == 2
    argv: list[Any] = [stock_tool("age"), "-d", "-i", tmp_path / "identity.txt", tmp_path / "b.age"]
    assert subprocess.run(argv, capture_output=True, check=True).stdout[:13] == b"manifest.json"
    assert safelight("bundle", "verify", tmp_path / "b.age", "--identity", tmp_path / "identity.txt").returncode == 0
    # Founded anew on the same identity, an agency opens what was sent to the first one.
    base = ("--passphrase-file", tmp_path / "words", "agency", "--agency", tmp_path / "second")
    named = ("--name", "Again", "--country", "FR", "--contact", "a@b.example")
    (tmp_path / "broken.txt").write_text("AGE-SECRET-KEY-1NOTHING")
    broken = safelight(*base, "init", *named, "--identity", tmp_path / "broken.txt")
    assert broken.returncode == 3 and "1NOTHING" not in broken.stderr and not (tmp_path / "second").exists()
    again = safelight(*base, "init", *named, "--identity", tmp_path / "identity.txt")
    assert again.returncode == 0 and again.stdout.startswith("Again is ready ("), again.stderr
    assert safelight(*base, "trust", tmp_path / "studio-card.json").returncode == 0
    assert safelight(*base, "import", tmp_path / "b.age").returncode == 0
    assert safelight(*base, "may", "--photo", photo.guid, "--use", USE, "--territory", "FR").returncode == 0


def test_asked_too_late_and_refreshed(run: Run, studio: Any, today: datetime, tmp_path: Path) -> None:
    photo = deliveries.Shot((deliveries.Person(),), _jpeg(4))
    long_ago = today - timedelta(days=60)
    studio.deliver(tmp_path / "b.age", 1, [(photo, [studio.receipt([USE], at=long_ago)])], [USE], at=long_ago)
    run("trust", tmp_path / "studio-card.json")
    done = run("import", tmp_path / "b.age")
    assert done.returncode == 0 and "1 photo, 1 of them new" in done.stdout
    question = ("may", "--photo", photo.guid, "--use", USE, "--territory", "FR")
    late = run(*question)
    assert late.returncode == 1 and "status-list-too-old" in late.stdout
    until = (long_ago + timedelta(days=30)).date()
    assert f"has not vouched for its answers since {until}" in late.stdout and "If it still does: yes" in late.stdout
    told = json.loads(run(*question, flags=("--json",)).stdout)
    assert told["vouched_until"] == str(until) and told["if_fresh"]["allowed"] is True and not told["allowed"]
    assert told["if_fresh"]["blocker"] is None and told["if_fresh"]["expires"] > str(today.date())
    content = status_list_bytes(status_list([], studio.identity.id, today, today + timedelta(days=30)))
    file = SignedList(content, studio.key.sign(content, "safelight-status"))
    (tmp_path / "list").write_bytes(status_file_bytes([file]))
    refreshed = run("refresh", tmp_path / "list")
    assert refreshed.returncode == 0 and "0 more records have ended" in refreshed.stdout and refreshed.stderr == ""
    assert run(*question).returncode == 0
    assert "prolongs nothing" in run("refresh", tmp_path / "list").stderr
    assert run("refresh", tmp_path / "studio-card.json").returncode == 4


def test_a_batch_is_answered_line_by_line(run: Run, studio: Any, today: datetime, tmp_path: Path) -> None:
    photo = deliveries.Shot((deliveries.Person(),), _jpeg(5))
    studio.deliver(tmp_path / "b.age", 1, [(photo, [studio.receipt([USE], at=today)])], [USE], at=today)
    run("trust", tmp_path / "studio-card.json")
    run("import", tmp_path / "b.age")
    asked = [
        {"photo": photo.guid, "use": USE, "territory": "FR"},
        {"photo": photo.guid, "use": OTHER, "territory": "FR", "on": None},
        {"photo": photo.guid, "use": USE, "territory": "US", "on": str(today.date())},
        {"photo": photo.guid, "use": "use.nonsense", "territory": "FR"},
        {"photo": photo.guid, "use": USE, "territory": "FR", "on": "yesterday"},
        {"photo": 7, "place": "FR"},
    ]
    lines = [json.dumps(each) for each in asked]
    (tmp_path / "q").write_text("\n".join([*lines[:3], "", *lines[3:], "nonsense"]))
    done = run("may", "--batch", tmp_path / "q")
    assert done.returncode == 4 and done.stderr == ""
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["allowed"] for each in told] == [True, *[False] * 6]
    assert [each.get("blocker") for each in told[:3]] == [None, "not-granted", "territory"]
    assert ["error" in each for each in told] == [False] * 3 + [True] * 4
    one = json.loads(run("may", "--photo", photo.guid, "--use", USE, "--territory", "FR", flags=("--json",)).stdout)
    assert one == told[0]
    (tmp_path / "q").write_text("\n".join(lines[:3]))
    assert run("may", "--batch", tmp_path / "q").returncode == 0
    assert json.loads(run("may", "--batch", tmp_path / "q", flags=("--json",)).stdout) == told[:3]
    assert run("may", "--batch", tmp_path / "q", "--use", USE).returncode == 2
    assert run("may", "--photo", photo.guid).returncode == 2


def test_without_a_card_verify_says_what_it_did_not_check(
    run: Run, studio: Any, today: datetime, safelight: Run, tmp_path: Path
) -> None:
    photo = deliveries.Shot((deliveries.Person(),), _jpeg(6))
    studio.deliver(tmp_path / "b.age", 1, [(photo, [studio.receipt([USE], at=today)])], [USE], at=today)
    run("identity", "-o", tmp_path / "identity.txt")
    asked = ("bundle", "verify", tmp_path / "b.age", "--identity", tmp_path / "identity.txt")
    assert "checked only what the bundle says of itself" in safelight(*asked).stdout
    with_card = safelight(*asked, "--card", tmp_path / "studio-card.json")
    assert with_card.returncode == 0 and "says of itself" not in with_card.stdout
