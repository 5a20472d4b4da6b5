"""What the desk reads about people's rights: standing uses, who holds what, and notices without an answer."""

from __future__ import annotations

from pathlib import Path

from safelight.documents.acknowledgements import (
    Acknowledgement,
    AnsweredNotice,
    Reaction,
    Reply,
    ack_bytes,
    asked_in,
)
from safelight.documents.jcs import sha256_hex
from safelight.documents.withdrawal_notices import read_notice
from safelight.domain.consent import Status
from safelight.domain.ids import ScopeId
from safelight.domain.people import Role, Subject
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.storage.rows import SignedMessage
from safelight.studio.exports import export_bundle
from safelight.studio.open_studio import new_id
from safelight.studio.queries.open_notices import asked_notice, recipient_answers, waiting_recipients
from safelight.studio.queries.rights import Holder, person_rights
from safelight.studio.subject_changes import link_subjects
from safelight.studio.withdrawing import Withdrawn, withdraw
from support.shoot import YEAR, Shoot, said_yes

TO, USE, AI = "Prenzel", "use.portfolio", "ai.retouch"


def handed(shoot: Shoot, tmp_path: Path, name: str = "Ada Falk", to: str = TO) -> Subject:
    """Somebody who allows two uses, and of whom one agency has a photo."""
    person = shoot.person(name)
    shoot.ask(person, said_yes(USE, shoot.agencies[to]), said_yes(AI, shoot.agencies[to]))
    shoot.photo(person)
    shoot.check(person)
    export_bundle(shoot.studio, shoot.session, shoot.wish(to, USE), tmp_path / f"{new_id()}.age")
    shoot.clock.on(hours=1)
    return person


def taken_back(shoot: Shoot, person: Subject, *uses: str) -> Withdrawn:
    wanted = frozenset(map(ScopeId, uses)) if uses else None
    return withdraw(shoot.studio, Withdrawal(person.id, Role.SUBJECT, Channel.MAIL, wanted))[0]


def answer(shoot: Shoot, to: str, number: int, *replies: Reply) -> None:
    """An acknowledgement that answers everything asked so far, each pair with the reply whose turn it is."""
    made = shoot.studio.archive.outgoing_notices.of(shoot.agencies[to].id)
    pairs = [pair for each in made for pair in asked_in(read_notice(each.text.encode()))]
    now = shoot.studio.now()
    ack = Acknowledgement(
        new_id(), number, shoot.studio.identity.id, shoot.agencies[to].id, now,
        tuple(AnsweredNotice(each.number, each.sha256) for each in made),
        tuple(
            Reaction(record, photo, reply, now, "printed" if reply is Reply.KEPT else "")
            for (record, photo), reply in zip(pairs, replies, strict=False)
        ),
    )  # fmt: skip
    content = ack_bytes(ack)
    with shoot.studio.archive.transaction(now) as writing:
        row = SignedMessage(ack.id, ack.recipient, number, now, content.decode(), sha256_hex(content), "-")
        shoot.studio.archive.acknowledgements.add(writing, row)


def only_holder(shoot: Shoot, person: Subject) -> Holder:
    (holder,) = person_rights(shoot.studio, person.id).holders
    return holder


def test_a_use_stands_until_its_last_day_and_whoever_has_a_photo_of_it_is_named(shoot: Shoot, tmp_path: Path) -> None:
    ada = handed(shoot, tmp_path)
    shown = person_rights(shoot.studio, ada.id)
    assert {each.scope for each in shown.standing} == {USE, AI} and shown.ended == ()
    last = YEAR.last_day(shoot.studio.today(), None)
    assert {each.last_day for each in shown.standing} == {last}
    assert all(each.recipients == (TO,) for each in shown.standing)
    holder = only_holder(shoot, ada)
    assert (holder.name, holder.photos, holder.standing, holder.last_day) == (TO, 1, frozenset({USE}), last)
    assert (holder.asked, holder.open, holder.kept) == (0, 0, 0) and waiting_recipients(shoot.studio) == ()
    shoot.clock.on(days=366)
    over = person_rights(shoot.studio, ada.id)
    assert over.standing == () and {each.status for each in over.ended} == {Status.EXPIRED}


def test_what_was_taken_back_is_asked_of_the_holder_until_it_has_answered(shoot: Shoot, tmp_path: Path) -> None:
    ada = handed(shoot, tmp_path)
    other = handed(shoot, tmp_path, "Bo Lind")
    taken_back(shoot, ada, USE)
    shown = person_rights(shoot.studio, ada.id)
    assert [each.scope for each in shown.standing] == [AI]
    assert [(each.scope, each.status) for each in shown.ended] == [(USE, Status.WITHDRAWN)]
    (message,) = shoot.studio.archive.outgoing_notices.list()
    held = only_holder(shoot, ada)
    assert (held.standing, held.asked, held.open) == (frozenset(), 1, 1)
    assert only_holder(shoot, other).asked == 0, "somebody else's notice is not about them"
    (waiting,) = waiting_recipients(shoot.studio)
    due = read_notice(message.text.encode()).due
    assert (waiting.name, waiting.notices, waiting.photos, waiting.due) == (TO, (1,), 1, due)
    taken_back(shoot, other)
    assert [each.notices for each in waiting_recipients(shoot.studio)] == [(1, 2)]
    answer(shoot, TO, 1, Reply.KEPT)
    assert (only_holder(shoot, ada).open, only_holder(shoot, ada).kept) == (0, 1)
    (left,) = waiting_recipients(shoot.studio)
    assert left.notices == (2,) and only_holder(shoot, other).open == 1
    told = recipient_answers(shoot.studio, shoot.agencies[TO].id)
    assert [(each.number, len(each.photos), len(each.open)) for each in told.notices] == [(2, 1, 1), (1, 1, 0)]
    assert [each.why for each in told.kept] == ["printed"] and told.kept[0].name.endswith(".jpg")
    shoot.clock.on(hours=1)
    answer(shoot, TO, 2, Reply.REMOVED, Reply.NOT_HELD)
    assert waiting_recipients(shoot.studio) == () and only_holder(shoot, ada).kept == 0


def test_a_notice_of_the_archive_asks_what_its_reader_says_it_asks(shoot: Shoot, tmp_path: Path) -> None:
    ada = handed(shoot, tmp_path)
    (photo,) = shoot.studio.archive.photos.of_subject(ada.id)
    taken_back(shoot, ada)
    wanted = Withdrawal(ada.id, Role.SUBJECT, Channel.IN_PERSON, photo=photo.guid)
    withdraw(shoot.studio, wanted)
    for made in shoot.studio.archive.outgoing_notices.list():
        said, notice = asked_notice(made), read_notice(made.text.encode())
        assert (said.pairs, said.due, said.number) == (asked_in(notice), notice.due, notice.number)
        assert said.pairs


def test_entries_of_one_person_are_one_page(shoot: Shoot, tmp_path: Path) -> None:
    ada = handed(shoot, tmp_path)
    later = shoot.new_session("use.portfolio")
    again = shoot.person("Ada Falk", session=later)
    shoot.ask(again, said_yes("use.portfolio", shoot.agencies["Lumiere"]), session=later)
    link_subjects(shoot.studio, ada.id, again.id, shoot.staff["Kim"].id)
    for each in (ada, again):
        shown = person_rights(shoot.studio, each.id)
        assert len(shown.same) == 1 and len(shown.holders) == 1
        (use,) = (one for one in shown.standing if one.scope == USE)
        assert set(use.recipients) == {TO, "Lumiere"}
