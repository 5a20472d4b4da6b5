"""A status list between bundles: every yes lives on, nothing ever moves backwards, and only the studio may say so."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.batches import may_batch
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import UsageAnswer, may
from safelight.agency.refreshing import refresh_status
from safelight.agency.reports import report_csv, report_rows
from safelight.agency.trust import trust_studio
from safelight.documents.status import status_list, status_list_bytes
from safelight.documents.status_file import SignedList, status_file_bytes
from safelight.domain.changes import Changes
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.usage import Blocker
from support import deliveries

USE, OTHER = "use.directory", "use.social"


def listed(studio: Any, at: datetime, days: int = 30, key: Any = None, issuer: Any = None) -> bytes:
    content = status_list_bytes(
        status_list(studio.ended, (issuer or studio).identity.id, at, at + timedelta(days=days))
    )
    return status_file_bytes([SignedList(content, (key or studio.key).sign(content, "safelight-status"))])


@pytest.fixture
def delivered(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> tuple[Any, Any]:
    """A photo and its receipt, delivered with a list that is good for 30 days."""
    taken, receipt = shot(), studio.receipt([USE, OTHER])
    studio.deliver(tmp_path / "b.age", 1, [(taken, [receipt])], [USE, OTHER])
    import_bundle(agency, tmp_path / "b.age")
    return taken, receipt


def test_a_yes_that_died_of_age_lives_again(
    agency: OpenAgency, studio: Any, delivered: tuple[Any, Any], clock: Any, tmp_path: Path
) -> None:
    taken, receipt = delivered
    clock.forward(days=40)
    late = may(agency, taken.guid, USE, "FR")[0]
    assert late.decision.blocker is Blocker.STALE
    assert late.if_fresh is not None and late.if_fresh.allowed and late.fresh_until is not None
    assert late.if_fresh.expires == receipt.record_for(USE).last_day > late.fresh_until
    studio.end(receipt, OTHER)
    (tmp_path / "list").write_bytes(listed(studio, clock.at))
    done, changes = refresh_status(agency, tmp_path / "list")
    assert (done.studio, done.ended, done.newer) == (studio.identity.name, 1, True)
    assert changes is Changes.BUNDLES | Changes.JOURNAL
    assert done.vouched_until == clock.at + timedelta(days=30)
    fresh = may(agency, taken.guid, USE, "FR")[0]
    assert fresh.decision.allowed and fresh.if_fresh is None
    assert fresh.decision.expires == (clock.at + timedelta(days=30)).date()
    assert may(agency, taken.guid, OTHER, "FR")[0].decision.blocker is Blocker.WITHDRAWN
    # Again the same: nothing to say, nothing to write.
    entries = agency.catalogue.check().counts["journal_entry"]
    done, changes = refresh_status(agency, tmp_path / "list")
    assert not done.newer and done.ended == 0 and changes is Changes.NONE
    assert agency.catalogue.check().counts["journal_entry"] == entries
    assert agency.catalogue.check(signers=[agency.signer.public_ssh]).problems == ()


def test_what_would_be_a_no_anyway_is_told_when_asked_too_late(
    agency: OpenAgency, studio: Any, delivered: tuple[Any, Any], clock: Any
) -> None:
    taken, _ = delivered
    clock.forward(days=40)
    for use, place, blocker in ((USE, "US", Blocker.TERRITORY), ("use.stock", "FR", Blocker.NOT_ASKED)):
        answer = may(agency, taken.guid, use, place)[0]
        assert answer.if_fresh is not None and answer.if_fresh.blocker is blocker and not answer.decision.allowed
    answer = may(agency, taken.guid, USE, "FR", clock.at.date() + timedelta(days=500))[0]
    assert answer.if_fresh is not None and answer.if_fresh.blocker is Blocker.OVER


def test_nothing_moves_backwards(
    agency: OpenAgency, studio: Any, delivered: tuple[Any, Any], clock: Any, tmp_path: Path
) -> None:
    taken, receipt = delivered
    clock.forward(days=20)
    studio.end(receipt, USE)
    (tmp_path / "newer").write_bytes(listed(studio, clock.at))
    refresh_status(agency, tmp_path / "newer")
    studio.ended.clear()
    studio.end(receipt, OTHER)
    (tmp_path / "older").write_bytes(listed(studio, deliveries.START + timedelta(days=1), days=300))
    done, _ = refresh_status(agency, tmp_path / "older")
    assert not done.newer and done.vouched_until == clock.at + timedelta(days=30)
    # What an older list says of ended records is true as well; what it does not say unsets nothing.
    assert done.ended == 1
    for use in (USE, OTHER):
        assert may(agency, taken.guid, use, "FR")[0].decision.blocker is Blocker.WITHDRAWN


def test_a_folder_with_the_list_and_its_signature_does_as_well(
    agency: OpenAgency, studio: Any, delivered: tuple[Any, Any], clock: Any, tmp_path: Path
) -> None:
    clock.forward(days=10)
    content = status_list_bytes(status_list([], studio.identity.id, clock.at, clock.at + timedelta(days=30)))
    (tmp_path / "list.json").write_bytes(content)
    with pytest.raises(WrongUsage, match="cannot be read"):
        refresh_status(agency, tmp_path)
    (tmp_path / "list.json.sig").write_text(studio.key.sign(content, "safelight-status"))
    assert refresh_status(agency, tmp_path)[0].newer
    (tmp_path / "list.json").write_bytes(content.replace(b'"validUntil":"2026', b'"validUntil":"2029'))
    with pytest.raises(Refused):
        refresh_status(agency, tmp_path)


def test_only_the_studio_itself_may_vouch(
    agency: OpenAgency, studio: Any, new_studio: Any, delivered: tuple[Any, Any], clock: Any, tmp_path: Path
) -> None:
    clock.forward(days=40)
    stranger, other = new_studio(trusted=False), new_studio("Other")
    genuine = json.loads(listed(studio, clock.at))
    refused = {
        "stranger": listed(studio, clock.at, key=stranger.key),
        "other studio": listed(studio, clock.at, key=other.key),
        "another message": json.dumps(
            genuine | {"signature": studio.key.sign(b"something else", "safelight-status")}
        ).encode(),
        "another purpose": json.dumps(genuine | {"signature": studio.key.sign(b"x", "safelight-bundle")}).encode(),
        "from the future": listed(studio, clock.at + timedelta(days=3)),
    }
    for name, content in refused.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused):
            refresh_status(agency, tmp_path / name)
    (tmp_path / "nonsense").write_bytes(b"{}")
    with pytest.raises(Malformed):
        refresh_status(agency, tmp_path / "nonsense")
    assert may(agency, delivered[0].guid, USE, "FR")[0].decision.blocker is Blocker.STALE


def test_a_key_that_was_replaced_vouches_for_its_own_time_only(
    agency: OpenAgency, studio: Any, delivered: tuple[Any, Any], clock: Any, tmp_path: Path
) -> None:
    old, studio.key = studio.key, studio.new_key()
    replaced = deliveries.START + timedelta(days=20)
    trust_studio(agency, studio.card(previous=old, at=replaced))
    (tmp_path / "before").write_bytes(listed(studio, replaced - timedelta(days=1), key=old))
    (tmp_path / "after").write_bytes(listed(studio, replaced + timedelta(days=1), key=old))
    clock.forward(days=25)
    assert refresh_status(agency, tmp_path / "before")[0].newer
    with pytest.raises(Refused, match="had replaced before"):
        refresh_status(agency, tmp_path / "after")
    (tmp_path / "new").write_bytes(listed(studio, clock.at))
    assert refresh_status(agency, tmp_path / "new")[0].newer


def test_a_report_and_a_batch_say_what_a_late_no_would_be(
    agency: OpenAgency, delivered: tuple[Any, Any], clock: Any
) -> None:
    taken, receipt = delivered
    until = agency.today() + timedelta(days=30)
    rows, _ = report_rows(agency)
    assert {(each.allowed, each.vouched_until, each.if_fresh) for each in rows} == {(True, until, "")}
    clock.forward(days=40)
    last = receipt.record_for(USE).last_day
    rows, _ = report_rows(agency)
    assert {(each.blocker, each.vouched_until, each.if_fresh) for each in rows} == {
        ("status-list-too-old", until, f"yes, until {last}")
    }
    assert f"yes, until {last}" in report_csv(rows)
    line = json.dumps({"photo": taken.guid, "use": USE, "territory": "FR"}).encode()  # today's question, in a batch
    ((answer,), _) = may_batch(agency, line)
    assert isinstance(answer, UsageAnswer) and answer.decision.blocker is Blocker.STALE
    assert answer.fresh_until == until and answer.if_fresh is not None and answer.if_fresh.allowed
