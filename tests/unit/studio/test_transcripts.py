"""Answers from paper: both days, the scan, the text that was read, and never an older sheet over a newer word."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.documents.jcs import sha256_hex
from safelight.documents.record import read_document
from safelight.domain.choice import Choice
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.domain.people import Subject
from safelight.domain.record import Method, SignatureKind
from safelight.domain.term import Term, TermKind
from safelight.domain.usage import Question, may
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.consents import Evidence, Recorded
from safelight.studio.forms import paper_form
from safelight.studio.notices import printed_notice
from safelight.studio.receipts import issue_receipt
from safelight.studio.transcripts import Transcript, newest_scan, record_transcript, scan_kind
from safelight.studio.upkeep import check_studio
from support.shoot import GUARDIAN, Shoot, said, said_yes

USE = ScopeId("use.portfolio")
PDF = b"%PDF-1.7\n a scan"


def entered(shoot: Shoot, person: Subject, *choices: Choice, method: Method = Method.PAPER, **how: object) -> Recorded:
    transcript = Transcript(method, shoot.staff["Kim"].id, "test", **how)  # type: ignore[arg-type]
    evidence = Evidence(SignatureKind.TYPED, person.name.encode())
    return record_transcript(shoot.studio, shoot.session, person, said(*choices), evidence, transcript)[0]


def test_only_paper_and_demonstrations_are_typed_in(shoot: Shoot) -> None:
    with pytest.raises(WrongUsage, match="typed in"):
        entered(shoot, shoot.person(), said_yes(USE), method=Method.SCREEN)
    assert shoot.studio.archive.consents.receipt_ids() == ()


def test_terms_count_from_the_day_on_the_paper_and_both_days_are_told(shoot: Shoot, tmp_path: Path) -> None:
    ada, today = shoot.person(), shoot.studio.now_at(shoot.session).day
    signed = today - timedelta(days=9)
    receipt = entered(shoot, ada, said_yes(USE, term=Term(TermKind.MONTHS, 1)), signed_on=signed, scan=PDF).receipt
    record = receipt.record_for(USE)
    assert record is not None and record.day == signed == receipt.signing.signed_on
    assert record.last_day == Term(TermKind.MONTHS, 1).last_day(signed, None)
    assert receipt.signing.scan_sha256 == sha256_hex(PDF) and newest_scan(shoot.studio, ada.id) == PDF
    snapshot = standing_of(shoot.studio, ada.id).snapshot
    rules = shoot.studio.rules

    def allowed(day: date) -> bool:
        question = Question(shoot.photo(ada).guid, USE, shoot.session.country, day)
        return may(question, [snapshot], rules.catalogue, rules.adequacy.eea).allowed

    assert [allowed(signed + timedelta(days=each)) for each in (-1, 0, 1)] == [False, True, True]
    assert record.last_day is not None
    assert allowed(record.last_day) and not allowed(record.last_day + timedelta(days=1))
    path = tmp_path / "receipt.pdf"
    path.write_bytes(issue_receipt(shoot.studio, ada.id)[0])
    text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "Signed on paper on" in text and "entered by the studio on" in text
    assert sha256_hex(PDF) in text.replace(" ", "").replace("\n", "")
    file = standing_of(shoot.studio, ada.id).receipts[0]
    assert read_document(file.document).receipt.signing == receipt.signing
    assert check_studio(shoot.studio)[0].problems == ()


@pytest.mark.parametrize("entered_first", ["sheet", "screen"])
def test_an_older_sheet_never_takes_the_place_of_a_newer_word(shoot: Shoot, entered_first: str) -> None:
    ada, today = shoot.person(), shoot.studio.now_at(shoot.session).day
    signed = today - timedelta(days=3)
    if entered_first == "sheet":
        entered(shoot, ada, said_yes(USE), signed_on=signed)
        shoot.ask(ada, Choice(USE))
    else:
        shoot.ask(ada, Choice(USE))
        with pytest.raises(Refused, match=f"was answered again on {today}"):
            entered(shoot, ada, said_yes(USE), signed_on=signed)
        with pytest.raises(Refused):
            entered(shoot, ada, said_yes(USE), signed_on=today - timedelta(days=1))
    assert not standing_of(shoot.studio, ada.id).snapshot.states[USE].given
    entered(shoot, ada, said_yes(USE), signed_on=today)
    assert standing_of(shoot.studio, ada.id).snapshot.states[USE].given, "of the same day the later entry counts"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=5))
def test_whatever_the_order_of_entering_the_newest_day_counts(shoot: Shoot, sheets: list[tuple[int, bool]]) -> None:
    ada, today = shoot.person(), shoot.studio.now_at(shoot.session).day
    newest: tuple[date, bool] | None = None
    for age, yes in sheets:
        signed = today - timedelta(days=age)
        choice = said_yes(USE) if yes else Choice(USE)
        if newest is not None and newest[0] > signed:
            with pytest.raises(Refused):
                entered(shoot, ada, choice, signed_on=signed)
        else:
            entered(shoot, ada, choice, signed_on=signed)
            newest = (signed, yes)
    assert newest is not None
    assert standing_of(shoot.studio, ada.id).snapshot.states[USE].given is newest[1]


def test_the_text_on_the_form_is_the_text_on_record(shoot: Shoot) -> None:
    ada = shoot.person()
    (_, text), _ = paper_form(shoot.studio, shoot.session, ada, "de")
    receipt = entered(shoot, ada, said_yes(USE), notice=printed_notice(shoot.studio, text[:12])).receipt
    assert receipt.notice.sha256 == text and receipt.language == receipt.signing.language == "de"


def test_age_counts_on_the_day_on_the_paper(shoot: Shoot) -> None:
    today = shoot.studio.now_at(shoot.session).day
    born = (today - timedelta(days=2)).replace(year=today.year - 18)
    mia = shoot.person("Mia Falk", born=born)
    with pytest.raises(Refused, match="no guardian is named"):
        entered(shoot, mia, said_yes(USE), signed_on=today - timedelta(days=5))
    guarded = shoot.person("Noa Falk", GUARDIAN, born=born)
    assert entered(shoot, guarded, said_yes(USE), signed_on=today - timedelta(days=5)).receipt.signed_as_minor
    assert not entered(shoot, mia, said_yes(USE), signed_on=today).receipt.signed_as_minor


def test_what_paper_cannot_be(shoot: Shoot) -> None:
    ada, today = shoot.person(), shoot.studio.now_at(shoot.session).day
    with pytest.raises(WrongUsage, match="Nobody can have signed on"):
        entered(shoot, ada, Choice(USE), signed_on=today + timedelta(days=1))
    with pytest.raises(Malformed, match="no PDF, JPEG, PNG or TIFF"):
        entered(shoot, ada, Choice(USE), scan=b"MZ\x90\x00")
    with pytest.raises(WrongUsage, match="belong to paper"):
        entered(shoot, ada, Choice(USE), method=Method.DEMONSTRATION, scan=PDF)
    with pytest.raises(WrongUsage, match="No scan"):
        newest_scan(shoot.studio, ada.id)
    assert not standing_of(shoot.studio, ada.id).receipts
    assert [scan_kind(each) for each in (PDF, b"\xff\xd8\xff\xe0", b"II*\x00", b"", b"PK")] == [
        "pdf", "jpg", "tif", None, None,
    ]  # fmt: skip
