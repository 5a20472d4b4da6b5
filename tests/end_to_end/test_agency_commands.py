"""The agency's commands as processes: exit codes, one sentence, JSON, and stock tools on what comes out."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.term import Term, TermKind
from safelight.formats.cards import read_card

_spec = importlib.util.spec_from_file_location("deliveries", Path(__file__).parents[1] / "assets" / "deliveries.py")
assert _spec is not None and _spec.loader is not None
deliveries = sys.modules["deliveries"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(deliveries)

USE, OTHER = "use.directory", "use.social"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def founded(safelight: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new agency, its passphrase file and its card; to be copied."""
    folder = tmp_path_factory.mktemp("founded")
    words = folder / "words"
    words.write_text("four unrelated words here\n")
    words.chmod(0o600)
    base = ("--passphrase-file", words, "agency", "--agency", folder / "agency")
    done = safelight(*base, "init", "--name", "Agence", "--country", "FR", "--contact", "rights@agence.example")
    assert done.returncode == 0, done.stderr
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
    rows = list(csv.DictReader(io.StringIO(run("report").stdout)))
    assert [(each["photo"], each["use"], each["place"], each["allowed"]) for each in rows] == [
        (photo.guid, USE, "FR", "yes")
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

    extracted = safelight("bundle", "extract", bundle, tmp_path / "out", *with_card)
    assert extracted.returncode == 0
    subprocess.run([stock_tool("sha256sum"), "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out", check=True)
    assert (tmp_path / "out" / "photos" / f"{photo.guid}.jpg").read_bytes() == photo.data
    again = safelight("bundle", "extract", bundle, tmp_path / "out", *with_card)
    assert again.returncode == 2 and "already there" in again.stderr

    other = deliveries.StudioDouble("Other", studio.recipient)
    (tmp_path / "other-card.json").write_bytes(other.card())
    for command in (("verify", bundle), ("list", bundle), ("extract", bundle, tmp_path / "nothing")):
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
