"""The usage policy: what it allows never exceeds what everybody on the photo allowed, and it tells no refusals."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.policy import Permission, Policy, policy_bytes, policy_document, read_policy
from safelight.documents.times import end_of_day
from safelight.domain.choice import Grant
from safelight.domain.consent import EventKind
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import ReceiptId, RecordId, ScopeId, SubjectId
from safelight.domain.record import ConsentReceipt
from safelight.domain.scope import Catalogue
from safelight.domain.term import ONE_YEAR, Territory, TerritoryKind

GOLDEN = Path(__file__).with_name("golden") / "policy.jsonld"


@pytest.fixture
def acme(receipt: ConsentReceipt) -> Any:
    return receipt.recipients[1]


@pytest.fixture
def policy(receipt: ConsentReceipt, catalogue: Catalogue, acme: Any) -> dict[str, Any]:
    return policy_document(receipt.photos[0].guid, [receipt], [ScopeId("use.advertising")], acme, catalogue)


def test_the_bytes_are_those_of_version_1(receipt: ConsentReceipt, frozen_catalogue: Catalogue, acme: Any) -> None:
    uses = [ScopeId("use.advertising"), ScopeId("use.stock")]
    made = policy_document(receipt.photos[0].guid, [receipt], uses, acme, frozen_catalogue)
    assert policy_bytes(made) == GOLDEN.read_bytes()


def test_what_is_written_is_read(receipt: ConsentReceipt, policy: dict[str, Any], acme: Any) -> None:
    read = read_policy(policy_bytes(policy))
    assert read.photo == receipt.photos[0].guid and read.assignee == acme.id
    assert read.permissions == (
        Permission(
            action="use",
            assigner=receipt.subject,
            record=receipt.records[1].id,
            use=ScopeId("use.advertising"),
            until=datetime(2028, 11, 22, 23, 59, 59, tzinfo=UTC),
            places=(frozenset({"DE", "AT", "CH"}),),
            recipient=acme.id,
        ),
    )
    barred = next(each for each in read.prohibitions if each.action == "use")
    assert {"slc:use-portfolio", "slc:ai-train-generative", "slc:biometric-identification"} <= barred.purposes
    assert "slc:use-advertising" not in barred.purposes
    assert {each.action for each in read.prohibitions if not each.purposes} == {"ai:ModelTraining", "grantUse"}


def test_each_rule_is_atomic(policy: dict[str, Any]) -> None:
    for rule in (*policy["permission"], *policy["prohibition"]):
        assert all(isinstance(rule[key], str) for key in ("target", "assigner", "assignee", "action"))


def test_refused_never_asked_and_not_for_this_bundle_look_the_same(
    receipt: ConsentReceipt, catalogue: Catalogue, acme: Any
) -> None:
    """The policy of somebody who refused all else is, byte for byte, that of somebody who allowed all else."""
    only = replace(receipt, records=receipt.records[1:2], recipients=(acme,))
    photo = receipt.photos[0].guid
    assert policy_document(photo, [only], [ScopeId("use.advertising")], acme, catalogue) == policy_document(
        photo, [receipt], [ScopeId("use.advertising")], acme, catalogue
    )


def test_training_is_barred_unless_it_was_granted(receipt: ConsentReceipt, catalogue: Catalogue, acme: Any) -> None:
    yes = replace(receipt.records[1], scope=ScopeId("ai.train-generative"))
    allowing = replace(receipt, records=(yes,), recipients=(acme,))
    made = policy_document(receipt.photos[0].guid, [allowing], [ScopeId("ai.train-generative")], acme, catalogue)
    read = read_policy(made)
    assert [each.action for each in read.permissions] == ["ai:ModelTraining"]
    assert "ai:ModelTraining" not in {each.action for each in read.prohibitions}
    assert "slc:ai-train-recognition" in read.prohibitions[0].purposes


def test_stock_may_be_handed_on_and_retouching_is_a_change(
    receipt: ConsentReceipt, catalogue: Catalogue, acme: Any
) -> None:
    read = read_policy(policy_document(receipt.photos[0].guid, [receipt], [ScopeId("use.stock")], acme, catalogue))
    assert [each.action for each in read.permissions] == ["use", "grantUse"]
    assert "grantUse" not in {each.action for each in read.prohibitions}
    assert read.permissions[0].places == ()
    retouch = replace(receipt, records=(replace(receipt.records[1], scope=ScopeId("ai.retouch")),), recipients=(acme,))
    read = read_policy(policy_document(receipt.photos[0].guid, [retouch], [ScopeId("ai.retouch")], acme, catalogue))
    assert [each.action for each in read.permissions] == ["modify"]


def test_several_people_share_the_narrowest_limits(
    receipt: ConsentReceipt, minor: ConsentReceipt, catalogue: Catalogue, acme: Any
) -> None:
    eea = Grant(ONE_YEAR, Territory(TerritoryKind.EEA), (acme.id,))
    other = replace(minor, records=(minor.records[0], replace(minor.records[1], grant=eea)))
    photo = receipt.photos[0].guid
    read = read_policy(policy_document(photo, [receipt, other], [ScopeId("use.advertising")], acme, catalogue))
    assert [each.assigner for each in read.permissions] == [receipt.subject, minor.subject]
    for each in read.permissions:
        assert each.until == datetime(2027, 2, 28, 23, 59, 59, tzinfo=UTC)  # the day before the minor is of age
        assert each.places == (frozenset({"DE", "AT", "CH"}), frozenset({"EEA"}))
    assert {each.assigner for each in read.prohibitions} == {receipt.subject, minor.subject}


@given(st.data())
def test_the_end_is_the_earliest_anybody_set(
    catalogue: Catalogue, receipt: ConsentReceipt, data: st.DataObject
) -> None:
    first = receipt.records[1].at.date()
    days = st.dates(first, date(2040, 1, 1))
    people, ends = [], []
    for number in range(data.draw(st.integers(1, 4))):
        last, sleeps = data.draw(days), data.draw(st.none() | days)
        adult = data.draw(st.none() | st.dates(first + timedelta(1), date(2040, 1, 1)))
        record = replace(receipt.records[1], last_day=last, sleeps_after=sleeps)
        person = replace(receipt, subject=SubjectId(receipt.subject[:-1] + str(number)), records=(record,))
        people.append(replace(person, recipients=receipt.recipients[1:], signed_as_minor=bool(adult), adult_on=adult))
        ends += [each for each in (last, sleeps, adult and adult - timedelta(1)) if each]
    made = policy_document(
        receipt.photos[0].guid, people, [ScopeId("use.advertising")], receipt.recipients[1], catalogue
    )
    assert {each.until for each in read_policy(made).permissions} == {end_of_day(min(ends))}


def test_a_policy_cannot_allow_what_was_not_allowed(
    receipt: ConsentReceipt, minor: ConsentReceipt, catalogue: Catalogue, acme: Any
) -> None:
    photo = receipt.photos[0].guid
    globex = receipt.recipients[0]
    for people, use, recipient in (
        ([receipt], "ai.train-generative", acme),  # refused
        ([replace(receipt, records=(replace(receipt.records[1], kind=EventKind.REFUSED),))], "use.advertising", acme),
        ([receipt], "use.research", acme),  # never asked
        ([receipt], "use.advertising", globex),  # not this recipient
        ([receipt, minor], "use.stock", acme),  # one of two
        ([replace(receipt, signed_as_minor=True, adult_on=date(2027, 3, 1))], "use.stock", acme),  # not for minors
        ([replace(minor, adult_on=None)], "use.advertising", acme),  # nobody knows when
    ):
        with pytest.raises(Refused):
            policy_document(photo, people, [ScopeId(use)], recipient, catalogue)
    with pytest.raises(WrongUsage):
        policy_document(photo, [], [ScopeId("use.advertising")], acme, catalogue)
    with pytest.raises(WrongUsage):
        policy_document(photo, [receipt], [ScopeId("use.unknown")], acme, catalogue)


def test_uses_that_rest_on_several_receipts_of_one_person(
    receipt: ConsentReceipt, catalogue: Catalogue, acme: Any
) -> None:
    """The earlier receipt still holds for stock; the later one answers advertising anew, with another end."""
    renewed = replace(receipt.records[1], id=RecordId(receipt.session), last_day=date(2029, 1, 31))
    again, other = ReceiptId(receipt.session), SubjectId(receipt.session)
    later = replace(receipt, id=again, subject=other, records=(renewed,), recipients=(acme,))
    uses = [ScopeId("use.advertising"), ScopeId("use.stock")]
    current = {renewed.id, receipt.records[2].id}
    photo = receipt.photos[0].guid
    read = read_policy(policy_document(photo, [receipt, later], uses, acme, catalogue, current))
    assert {(each.use, each.record, each.assigner) for each in read.permissions} == {
        ("use.advertising", renewed.id, later.subject),
        ("use.stock", receipt.records[2].id, receipt.subject),
    }
    with pytest.raises(Refused):
        policy_document(photo, [receipt, later], uses, acme, catalogue)
    with pytest.raises(Refused):
        policy_document(photo, [receipt, later], uses, acme, catalogue, {renewed.id})


def faults(policy: Any) -> str:
    with pytest.raises(Malformed) as caught:
        read_policy(policy)
    assert caught.value.faults
    return " ".join(caught.value.faults)


def test_another_shape_is_refused_and_named(policy: dict[str, Any]) -> None:
    def spoiled(*path: Any, value: Any = None) -> dict[str, Any]:
        copied = copy.deepcopy(policy)
        inner = copied
        for step in path[:-1]:
            inner = inner[step]
        if value is None:
            del inner[path[-1]]
        else:
            inner[path[-1]] = value
        return copied

    assert "/@context" in faults(spoiled("@context", "slc", value="https://evil.example/#"))
    assert "/conflict" in faults(spoiled("conflict", value="perm"))
    assert "/permission/0/action" in faults(spoiled("permission", 0, "action", value="read"))
    somebody = policy["permission"][0]["assigner"]
    assert "/permission/0/target" in faults(spoiled("permission", 0, "target", value=somebody))
    assert "/permission/0" in faults(spoiled("permission", 0, "duty", value=[]))
    assert "/permission/0/constraint" in faults(spoiled("permission", 0, "constraint", 1, value={}))
    assert "does not limit dateTime" in faults(spoiled("permission", 0, "constraint", 1))
    doubled = copy.deepcopy(policy)
    doubled["permission"][0]["constraint"].append(policy["permission"][0]["constraint"][1])
    assert "limits dateTime twice" in faults(doubled)
    assert "/prohibition/0/assignee" in faults(spoiled("prohibition", 0, "assignee", value="party:age1" + "z" * 58))
    wrong = {"leftOperand": "recipient", "operator": "eq", "rightOperand": {"@id": "party:age1" + "z" * 58}}
    assert "another recipient" in faults(spoiled("permission", 0, "constraint", 3, value=wrong))
    assert faults([]) and faults(b"{}") and faults(b"nothing")


def test_policies_of_the_reader_are_values(policy: dict[str, Any]) -> None:
    assert isinstance(read_policy(policy), Policy)
    assert read_policy(policy) == read_policy(policy_bytes(policy))
