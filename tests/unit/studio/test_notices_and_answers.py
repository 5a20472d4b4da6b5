"""Notices leave the studio again and again as they were, in a folder too, and what is answered closes them."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from safelight.documents.acknowledgements import (
    Acknowledgement,
    AnsweredNotice,
    Reaction,
    Reply,
    ack_bytes,
    asked_in,
)
from safelight.documents.feed import fingerprint_of, notice_path, read_feed
from safelight.documents.jcs import sha256_hex
from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.people import Role
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.keys.sealing import open_file
from safelight.keys.signing import SigningKey, verify_sshsig
from safelight.studio.acknowledging import import_acknowledgement
from safelight.studio.exports import export_bundle
from safelight.studio.open_studio import new_id
from safelight.studio.publishing import publish
from safelight.studio.queries.notices import notice_rows
from safelight.studio.recipients import add_recipient
from safelight.studio.withdrawing import withdraw
from support.shoot import Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"


@pytest.fixture
def told(shoot: Shoot, tmp_path: Path) -> Shoot:
    """One person at one agency took everything back."""
    add_recipient(shoot.studio, shoot.agencies[TO].card())
    ada = shoot.person("Ada Falk")
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]))
    shoot.photo(ada)
    shoot.check(ada)
    export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "1.age")
    shoot.clock.on(hours=1)
    withdraw(shoot.studio, Withdrawal(ada.id, Role.SUBJECT, Channel.IN_PERSON))
    return shoot


def answer(shoot: Shoot, number: int = 1, reply: Reply = Reply.REMOVED, **changed: Any) -> tuple[bytes, str]:
    agency = shoot.agencies[TO]
    sent = shoot.studio.archive.outgoing_notices.of(agency.id)
    pairs = [pair for each in sent for pair in asked_in(read_notice(each.text.encode()))]
    now = shoot.studio.now()
    why = "printed" if reply is Reply.KEPT else ""
    ack = Acknowledgement(
        new_id(), number, shoot.studio.identity.id, agency.id, now,
        tuple(AnsweredNotice(each.number, each.sha256) for each in sent),
        tuple(Reaction(record, photo, reply, now, why) for record, photo in pairs),
    )  # fmt: skip
    content = ack_bytes(replace(ack, **changed))
    return content, agency.key.sign(content, "safelight-ack")


def test_an_answer_closes_a_notice_and_counts_once(told: Shoot) -> None:
    (row,) = notice_rows(told.studio)
    assert (row.open, row.asked, row.overdue) == (1, 1, False)
    told.clock.on(days=15)
    assert notice_rows(told.studio)[0].overdue
    content, signature = answer(told)
    taken, _ = import_acknowledgement(told.studio, content, signature)
    assert not taken.already and taken.notices[0].open == 0
    again, _ = import_acknowledgement(told.studio, content, signature)
    assert again.already
    later, signed = answer(told, 2, Reply.KEPT)
    import_acknowledgement(told.studio, later, signed)
    assert notice_rows(told.studio)[0].kept == 1
    old, _ = import_acknowledgement(told.studio, content, signature)  # replayed
    assert old.already and notice_rows(told.studio)[0].kept == 1


def test_what_is_not_this_agencys_answer_to_us_changes_nothing(told: Shoot) -> None:
    content, signature = answer(told)
    stranger = SigningKey(bytes([9]) * 32).sign(content, "safelight-ack")
    other = answer(told, studio="5d1f4d1c-8f6b-4a55-9d0e-3f2a7c1b9e10")
    notice = answer(told, notices=(AnsweredNotice(7, sha256_hex(b"")),))
    foreign = answer(told, recipient=told.agencies["Akari"].id)
    for untrusted, by, error in (
        (content, stranger, Refused), (content[:-2], signature, Malformed), (content.replace(b"removed", b"not-held"),
        signature, Refused), (*other, Refused), (*notice, Refused), (*foreign, Refused), (content, "x", Malformed),
    ):  # fmt: skip
        with pytest.raises((error, Refused, Malformed)):
            import_acknowledgement(told.studio, untrusted, by)
    assert told.studio.archive.acknowledgements.list() == ()
    import_acknowledgement(told.studio, content, signature)
    with pytest.raises(Refused, match="two different acknowledgements"):
        import_acknowledgement(told.studio, *answer(told, 1, Reply.NOT_HELD))


def test_the_published_folder_says_what_it_holds(told: Shoot, tmp_path: Path) -> None:
    folder = tmp_path / "www"
    done, _ = publish(told.studio, folder)
    public, feed = told.studio.signer.public_ssh, (folder / "feed.json").read_bytes()
    verify_sshsig(public, feed, (folder / "feed.json.sig").read_text(), "safelight-feed")
    read = read_feed(feed)
    assert (read.number, done.number, done.notices) == (1, 1, 1)
    assert read.lists[0].sha256 == sha256_hex((folder / "list.json").read_bytes())
    agency = told.agencies[TO]
    (message,) = told.studio.archive.outgoing_notices.of(agency.id)
    (mine,) = read.recipients
    assert (mine.fingerprint, mine.notices, mine.last) == (fingerprint_of(agency.id), 1, message.sha256)
    opened = io.BytesIO()
    with (folder / notice_path(mine.fingerprint, 1)).open("rb") as sealed:
        open_file(sealed, opened, [agency.identity])
    with tarfile.open(fileobj=io.BytesIO(opened.getvalue())) as archive:
        assert archive.extractfile("notice.json").read() == message.text.encode()  # type: ignore[union-attr]
    told.clock.on(days=20)
    assert publish(told.studio, folder)[0].number == 2
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(WrongUsage):
        publish(told.studio, tmp_path / "other")
