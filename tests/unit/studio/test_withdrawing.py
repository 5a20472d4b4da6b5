"""Taking back what was allowed: what ends, who is told, what a code can do, and what stays as it was."""

from __future__ import annotations

import io
import json
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from safelight.cli import withdrawals
from safelight.cli.output import Output
from safelight.documents.jcs import sha256_hex
from safelight.documents.withdrawal_notices import (
    Asked,
    Ended,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
    read_notice,
)
from safelight.domain.consent import Status
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.keys.signing import verify_sshsig
from safelight.storage.rows import SignedMessage
from safelight.studio.assignments import assign_photos
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.exports import NothingLeaves, export_bundle
from safelight.studio.recipients import add_recipient
from safelight.studio.staff import find_staff
from safelight.studio.subject_changes import link_subjects
from safelight.studio.withdrawal_codes import index_codes, receipt_of_code
from safelight.studio.withdrawal_papers import withdrawal_papers
from safelight.studio.withdrawing import left_company, withdraw
from support.shoot import Shoot, said_yes

TO, USE, AI = "Prenzel", "use.portfolio", "ai.train-generative"


def notice(shoot: Shoot, message: SignedMessage) -> WithdrawalNotice:
    """The notice in ``message``, whose signature and hash are right."""
    content = message.text.encode()
    verify_sshsig(shoot.studio.signer.public_ssh, content, message.signature, "safelight-notice")
    assert sha256_hex(content) == message.sha256
    return read_notice(content)


def all_of(person: Any, **fields: Any) -> Withdrawal:
    return Withdrawal(person.id, fields.pop("by", Role.SUBJECT), fields.pop("channel", Channel.IN_PERSON), **fields)


@pytest.fixture
def handed(shoot: Shoot, tmp_path: Path) -> Any:
    """Somebody who said yes to two uses, one of them for two agencies, with a photo at both."""
    ada = shoot.person("Ada Falk")
    both = shoot.agencies[TO], shoot.agencies["Lumiere"]
    shoot.ask(ada, said_yes(USE, *both), said_yes("ai.retouch", both[0]))
    photo = shoot.photo(ada)
    shoot.check(ada)
    for name in (TO, "Lumiere"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(name, USE), tmp_path / f"{name}.age")
    shoot.clock.on(hours=1)
    return ada, photo


def test_taking_back_all_ends_every_yes_and_tells_everybody_who_has_a_photo(
    shoot: Shoot, handed: Any, tmp_path: Path
) -> None:
    ada, photo = handed
    done, _ = withdraw(shoot.studio, all_of(ada))
    assert {each.scope for each in done.ended} == {USE, "ai.retouch"}
    states = standing_of(shoot.studio, ada.id).snapshot.states
    assert {each.scope: each.status for each in states.values() if each.status is not Status.REFUSED} == {
        ScopeId(USE): Status.WITHDRAWN, ScopeId("ai.retouch"): Status.WITHDRAWN
    }  # fmt: skip
    assert set(done.recipients) == {shoot.agencies[TO].id, shoot.agencies["Lumiere"].id}
    bits = shoot.studio.archive.statuses.revoked()
    assert {each.told.record.status_position for each in done.ended} == set(bits)
    for message in done.notices:
        told = notice(shoot, message)
        (item,) = told.items  # ai.retouch was never handed on
        assert (item.scope, item.ended, item.asked) == (USE, Ended.WITHDRAWN, (Asked.STOP, Asked.DELETE))
        assert [each.guid for each in item.photos] == [photo.guid]
        assert item.photos[0].image_sha256 == photo.image_sha256
        assert told.due - told.issued_at.date() == timedelta(days=14)
    with pytest.raises(NothingLeaves):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "again.age")
    again, _ = withdraw(shoot.studio, all_of(ada))
    assert (again.ended, again.notices) == ((), ()), "a second time changes nothing and is no error"


def test_notices_to_one_recipient_are_numbered_and_chained(shoot: Shoot, handed: Any, tmp_path: Path) -> None:
    ada, _ = handed
    bo = shoot.person("Bo Lind")
    shoot.ask(bo, said_yes(USE, shoot.agencies[TO]))
    shoot.photo(bo)
    shoot.check(bo)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "2.age")
    for person in (ada, bo):
        shoot.clock.on(hours=1)
        withdraw(shoot.studio, all_of(person))
    first, second = (notice(shoot, each) for each in shoot.studio.archive.outgoing_notices.of(shoot.agencies[TO].id))
    assert (first.number, first.previous) == (1, None)
    assert (second.number, second.previous) == (2, shoot.studio.archive.outgoing_notices.of(first.recipient)[0].sha256)
    assert len(shoot.studio.archive.outgoing_notices.of(shoot.agencies["Lumiere"].id)) == 1


def test_one_use_alone_and_what_was_never_allowed(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    done, _ = withdraw(shoot.studio, all_of(ada, uses=frozenset({ScopeId("ai.retouch"), ScopeId(AI)})))
    assert [each.scope for each in done.ended] == ["ai.retouch"]
    assert done.notices == ()
    assert standing_of(shoot.studio, ada.id).snapshot.states[ScopeId(USE)].given


def test_who_acted_and_how_it_came_in_is_kept(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    sam = find_staff(shoot.studio, "Sam")
    withdraw(shoot.studio, all_of(ada, by=Role.GUARDIAN, channel=Channel.MAIL, entered_by=sam.id))
    last = [each for each in shoot.studio.archive.consents.events_of(ada.id) if each.sequence == 2]
    assert {(each.by, each.channel, each.entered_by) for each in last} == {(Role.GUARDIAN, Channel.MAIL, sam.id)}
    ((_, said),) = shoot.studio.archive.journal.told_about("consent-withdrawn", ada.id)
    assert json.loads(said)["channel"] == "mail"


def test_all_entries_of_one_person_are_meant(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    other = shoot.new_session()
    later = shoot.person("Ada Falk", session=other)
    shoot.ask(later, said_yes(USE, shoot.agencies[TO]), session=other)
    link_subjects(shoot.studio, ada.id, later.id, find_staff(shoot.studio, "Sam").id)
    done, _ = withdraw(shoot.studio, all_of(later))
    assert done.people == (later.id, ada.id)
    assert {each.subject for each in done.ended} == {ada.id, later.id}


def test_a_photo_struck_out_after_it_was_handed_on(shoot: Shoot, handed: Any) -> None:
    ada, photo = handed
    done, _ = withdraw(shoot.studio, all_of(ada, photo=photo.guid))
    assert done.ended == () and done.struck_out == (photo.guid,)
    for message in done.notices:
        (state,) = notice(shoot, message).photos
        assert (state.photo.guid, state.state, state.why) == (photo.guid, PhotoState.WITHHELD, PhotoReason.STRUCK_OUT)
    stranger = shoot.person("Bo Lind")
    with pytest.raises(WrongUsage, match="does not show the person"):
        withdraw(shoot.studio, all_of(stranger, photo=photo.guid))


def test_an_employer_is_told_that_it_ended_and_never_why(shoot: Shoot, handed: Any) -> None:
    ada, photo = handed
    archive = shoot.studio.archive
    row = archive.recipients.get(shoot.agencies[TO].id)
    with archive.transaction(shoot.studio.now()) as t:
        archive.recipients.put(t, replace(row.recipient, role="employer"), row.card, row.cover)
    withdraw(shoot.studio, all_of(ada, photo=photo.guid))
    done, _ = withdraw(shoot.studio, all_of(ada))
    told = {message.recipient: notice(shoot, message) for message in done.notices}
    assert told[shoot.agencies[TO].id].items[0].ended is Ended.ENDED
    assert told[shoot.agencies["Lumiere"].id].items[0].ended is Ended.WITHDRAWN
    (state,) = notice(shoot, archive.outgoing_notices.of(shoot.agencies[TO].id)[0]).photos
    assert state.why is PhotoReason.ENDED


def test_signing_again_with_no_tells_recipients_too(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    shoot.ask(ada)
    (message,) = shoot.studio.archive.outgoing_notices.of(shoot.agencies[TO].id)
    assert notice(shoot, message).items[0].ended is Ended.WITHDRAWN


def test_a_yes_that_is_given_anew_only_stops_the_old_record(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    (message,) = shoot.studio.archive.outgoing_notices.of(shoot.agencies[TO].id)
    (item,) = notice(shoot, message).items
    assert (item.ended, item.asked) == (Ended.INVALIDATED, (Asked.STOP,))


def test_a_code_is_found_without_opening_receipts_and_a_wrong_one_is_not(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    archive = shoot.studio.archive
    file = archive.consents.receipts_of(ada.id)[0]
    code = file.withdrawal_code
    assert receipt_of_code(shoot.studio, code.lower().replace("-", " ")) == (file.receipt.id, ada.id)
    assert receipt_of_code(shoot.studio, "2345-6789-ABCD-EFGH") is None
    with archive.transaction(shoot.studio.now()) as t:  # as in a studio of before codes had tags
        t.connection.exec_driver_sql("DELETE FROM code_tag")
    assert receipt_of_code(shoot.studio, code) == (file.receipt.id, ada.id)
    index_codes(shoot.studio)
    assert receipt_of_code(shoot.studio, code) == (file.receipt.id, ada.id)
    assert archive.code_tags.missing() == ()


def test_the_papers_go_to_the_contact_on_file_and_tell_a_code_alone_nothing(shoot: Shoot, handed: Any) -> None:
    ada, _ = handed
    done, _ = withdraw(shoot.studio, all_of(ada, channel=Channel.CODE, uses=frozenset({ScopeId(USE)})))
    papers = withdrawal_papers(shoot.studio, done)
    letter = message_from_bytes(papers.letter, policy=SMTP)
    assert letter["To"].addresses[0].addr_spec == "ada@falk.example"
    assert papers.pdf.startswith(b"%PDF-1.7") and "Ada Falk" in papers.name
    with pikepdf.open(io.BytesIO(papers.pdf)) as read:
        assert read.Root.Lang == "en" and read.docinfo["/Title"]


def test_a_notice_goes_out_with_a_letter_that_carries_it_and_names_the_key_that_signed_it(
    shoot: Shoot, handed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, _ = handed
    withdraw(shoot.studio, all_of(ada))
    monkeypatch.setattr(withdrawals, "opened", lambda *_: nullcontext(shoot.studio))
    file = tmp_path / "notice.json"
    given = Namespace(recipient=TO, number=None, output=file, letter=True, language="de")
    assert withdrawals.run_notice_export(given, Output()) is ExitCode.DONE
    assert "notice.eml was written" in capsys.readouterr().out
    mail = message_from_bytes((tmp_path / "notice.eml").read_bytes(), policy=SMTP)
    body, pdf, notice_file, signature = mail.iter_parts()
    assert pdf.get_content() == (tmp_path / "notice.pdf").read_bytes() and "/Sig" in str(pdf.get_content())
    assert notice_file.get_content() == file.read_bytes()
    assert signature.get_content() == (tmp_path / "notice.json.sig").read_bytes()
    text = body.get_content()
    assert shoot.studio.signer.public_ssh.split()[1] in text and "Portfolio" in text and "Ada" not in text
    given.letter = False
    with pytest.raises(WrongUsage, match="that of the letter"):
        withdrawals.run_notice_export(given, Output())


def test_records_alone_renew_what_was_delivered_before(shoot: Shoot, handed: Any, tmp_path: Path) -> None:
    ada, photo = handed
    withdraw(shoot.studio, all_of(ada))
    alone = replace(shoot.wish(TO, USE), records_only=True)
    with pytest.raises(NothingLeaves):
        export_bundle(shoot.studio, shoot.session, alone, tmp_path / "no.age")
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    shoot.check(ada)
    new = shoot.photo(ada)  # they do not have this one
    done, _ = export_bundle(shoot.studio, shoot.session, alone, tmp_path / "alone.age")
    manifest = done.bundle.manifest
    assert manifest.records_only and [each.guid for each in manifest.photos] == [photo.guid] != [new.guid]
    assert not any(each.path.startswith("photos/") for each in manifest.members)
    first, last = shoot.studio.archive.disclosures.list(shoot.agencies[TO].id)
    assert last.photos[0].member_sha256 == first.photos[0].member_sha256
    assert last.photos[0].records != first.photos[0].records


def test_a_photo_of_somebody_else_is_held_back_until_it_leaves_anew(shoot: Shoot, handed: Any, tmp_path: Path) -> None:
    ada, photo = handed
    bo, kim = shoot.person("Bo Lind"), shoot.staff["Kim"].id
    shoot.ask(bo, said_yes(USE, shoot.agencies[TO]))
    shoot.check(bo)

    def told() -> list[tuple[str, PhotoState]]:
        """What every recipient heard last about photos."""
        last = [notice(shoot, each) for each in shoot.studio.archive.outgoing_notices.list()]
        return [(shoot_name(shoot, each.recipient), each.photos[0].state) for each in last if each.photos]

    assign_photos(shoot.studio, [photo.guid], [bo.id], kim)
    assert sorted(told()) == [("Lumiere", PhotoState.WITHHELD), (TO, PhotoState.WITHHELD)]
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "anew.age")
    assert told()[-1] == (TO, PhotoState.RELEASED) and len(told()) == 3
    assign_photos(shoot.studio, [photo.guid], [ada.id], kim)
    assert told()[3:] == [("Lumiere", PhotoState.RELEASED), (TO, PhotoState.WITHHELD)] or told()[3:] == [
        (TO, PhotoState.WITHHELD), ("Lumiere", PhotoState.RELEASED)
    ]  # fmt: skip
    withdraw(shoot.studio, all_of(ada, photo=photo.guid))
    assign_photos(shoot.studio, [photo.guid], [bo.id], kim)
    assert told()[-1][1] is PhotoState.WITHHELD, "what somebody struck out is not released by a move"


def shoot_name(shoot: Shoot, recipient: str) -> str:
    return next(each.name for each in shoot.agencies.values() if each.id == recipient)


def test_who_leaves_the_company_is_in_its_directory_no_longer(shoot: Shoot) -> None:
    ada, employer = shoot.person("Ada Falk"), shoot.agencies[TO]
    add_recipient(shoot.studio, employer.card(), role="employer")
    add_recipient(shoot.studio, employer.card())  # the card anew leaves it what it is
    assert shoot.studio.archive.recipients.get(employer.id).recipient.role == "employer"
    shoot.ask(ada, said_yes("use.directory", employer), said_yes(USE, employer))
    done, _ = left_company(shoot.studio, ada.id, None)
    assert [each.scope for each in done.ended] == ["use.directory"]
    assert standing_of(shoot.studio, ada.id).snapshot.states[ScopeId(USE)].given
