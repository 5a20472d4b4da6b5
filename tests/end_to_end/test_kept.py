"""What an earlier program wrote still opens and answers the same: a studio, its backup, an agency, bundles."""

from __future__ import annotations

import json
import subprocess
import tarfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from safelight.agency import founding as agencies
from safelight.agency import questions
from safelight.agency.queries import photos as pictures
from safelight.documents.jcs import sha256_hex
from safelight.domain.ids import Country, RecordId
from safelight.keys.passphrases import read_passphrase_file
from safelight.studio import exports, founding, recipients
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.packing import ExportRequest
from safelight.studio.queries.lookup import find_session
from safelight.studio.restoring import restore_studio
from support import archives

KEPT = Path(__file__).parents[1] / "assets" / "kept"
ANSWERS: dict[str, Any] = json.loads((KEPT / "answers.json").read_text())
BUNDLES = ("bundle.age", "bundle-ai.age", "bundle-2.age", "bundle-ai-2.age")
Run = Callable[..., subprocess.CompletedProcess[str]]


def clock() -> datetime:
    return datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path: Path) -> Callable[[str], Path]:
    """``kept("studio")``: unpacks what was kept under that name and gives the folder it lies in."""

    def unpack(name: str) -> Path:
        with tarfile.open(KEPT / f"{name}.tar.xz") as archive:
            archives.unpack(archive, tmp_path)
        return tmp_path

    return unpack


@pytest.mark.parametrize("name", ["studio", "backup"])
def test_a_studio_opens_and_says_what_it_said(name: str, kept: Callable[[str], Path]) -> None:
    folder = kept("studio")
    words = read_passphrase_file(folder / "keys" / "studio-passphrase.txt")
    place = folder / "studio"
    if name == "backup":
        place = folder / "restored"
        restore_studio(folder / "backup", place)
    with founding.open_studio(place, words, clock=clock) as studio:
        people = {}
        lines = studio.archive.subjects.names(0, studio.archive.subjects.count())
        for line in lines:
            standing = standing_of(studio, line.id)
            people[line.id] = {
                "name": line.name,
                "receipts": [each.receipt.id for each in standing.receipts],
                "statements": [sha256_hex(each.statement) for each in standing.receipts],
                "states": {
                    scope: {
                        "status": state.status.value,
                        "record": state.record,
                        "last_day": _iso(state.last_day),
                        "review_due": _iso(state.review_due),
                        "sleeps_after": _iso(state.sleeps_after),
                    }
                    for scope, state in standing.snapshot.states.items()
                },
            }
        assert people == ANSWERS["people"]
        session = find_session(studio, "Headshots for the spring campaign")
        recipient, cover = recipients.find_recipient(studio, "Agence Lumière")
        for asked in ANSWERS["exports"]:
            use = studio.rules.catalogue.scope(asked["use"]).id
            preview = exports.preview_export(
                studio, session, ExportRequest(recipient, cover, (use,), Country(asked["territory"]))
            )
            held = sorted(
                [each.photo, each.hold.value if each.hold else None, _value(each.decision.blocker)]
                for each in preview.held
            )
            assert (sorted(preview.cleared), held) == (asked["cleared"], asked["held"]), asked["use"]


def test_an_agency_answers_what_it_answered(kept: Callable[[str], Path]) -> None:
    folder = kept("agency")
    words = read_passphrase_file(folder / "keys" / "agency-passphrase.txt")
    with agencies.open_agency(folder / "agency", words, clock=clock) as agency:
        photos = {each.guid for each in pictures.list_photos(agency)}
        assert photos == {each[0] for each in ANSWERS["answers"]}
        for photo, use, place, day, allowed, blocker, expires, records in ANSWERS["answers"]:
            decision = questions.may(agency, photo, use, Country(place), date.fromisoformat(day))[0].decision
            said = (decision.allowed, _value(decision.blocker), _iso(decision.expires), decision.records)
            expected = (allowed, blocker, expires, tuple(map(RecordId, records)))
            assert said == expected, (photo, use, place, day)
        report = agency.catalogue.check(lambda *_: None, (agency.signer.public_ssh,))
        assert report.problems == ()


def test_a_studio_passes_its_own_check(kept: Callable[[str], Path], safelight: Run) -> None:
    folder = kept("studio")
    base = ("--studio", folder / "studio", "--passphrase-file", folder / "keys" / "studio-passphrase.txt")
    done = safelight(*base, "--json", "studio", "check")
    assert (done.returncode, json.loads(done.stdout)["problems"]) == (0, []), done.stdout + done.stderr


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_bundle_passes_every_check(bundle: str, kept: Callable[[str], Path], safelight: Run) -> None:
    folder, _ = kept("bundles"), kept("studio")
    done = safelight(
        "bundle", "verify", folder / bundle,
        "--identity", folder / "keys" / "agency.txt", "--card", folder / "studio-card.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_bundle_lists_what_left(kept: Callable[[str], Path], safelight: Run) -> None:
    folder = kept("bundles")
    opened = safelight("--json", "bundle", "list", folder / BUNDLES[2], "--identity", folder / "keys" / "agency.txt")
    assert opened.returncode == 0, opened.stderr
    expected = next(each for each in ANSWERS["exports"] if each["use"] == "use.editorial" and each["territory"] == "FR")
    told = json.loads(opened.stdout)
    assert sorted(each["photo"] for each in told["photos"]) == expected["cleared"]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _value(blocker: Any) -> str | None:
    return blocker.value if blocker else None
