"""What may be signed and what may not, and what one signing sets in motion."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from safelight.documents.jcs import sha256_hex
from safelight.domain.choice import Choice, ReplicaTerms
from safelight.domain.consent import EventKind
from safelight.domain.errors import ExitCode, Refused, WrongUsage
from safelight.domain.ids import RecipientId, ScopeId
from safelight.domain.people import Guardian, Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Mark
from safelight.domain.term import Term, TermKind
from safelight.keys.signing import verify_sshsig
from safelight.receipt.issue import render_receipt
from safelight.settings.resources import read_json
from safelight.studio import receipts, sessions
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.consents import Evidence
from safelight.studio.founding import open_studio
from safelight.studio.upkeep import check_studio
from safelight.studio.withdrawal_codes import code_hash, new_code, withdrawal_uri
from support.shoot import EVERYWHERE, GUARDIAN, PASSPHRASE, SECOND, Shoot, agency, country, said, said_yes

TEEN = date(2010, 6, 1)
SCOPES = read_json("rules/scopes.json")["scopes"]
"""Fifteen at the start, eighteen on 2028-06-01."""


def test_one_record_per_offered_use_and_what_was_not_answered_is_a_no(shoot: Shoot) -> None:
    ada = shoot.person()
    recorded = shoot.ask(ada, said_yes("use.portfolio"))
    receipt = recorded.receipt
    assert [each.scope for each in receipt.records] == list(shoot.session.offered)
    assert {each.scope for each in receipt.records if each.grant} == {"use.portfolio"}
    assert len({each.status_index for each in receipt.records}) == len(receipt.records)
    assert len({each.salt for each in receipt.records}) == len(receipt.records)
    assert receipt.subject != ada.id and not receipt.signed_as_minor
    standing = standing_of(shoot.studio, ada.id)
    assert {scope for scope, state in standing.snapshot.states.items() if state.given} == {"use.portfolio"}
    assert shoot.studio.archive.statuses.revoked() == {}


def test_the_statement_is_signed_by_the_studio_and_by_a_key_of_one_use(shoot: Shoot) -> None:
    first, second = shoot.ask(shoot.person()), shoot.ask(shoot.person("Ben"))
    files = [shoot.studio.archive.consents.receipt(each.receipt.id) for each in (first, second)]
    for recorded, file in zip((first, second), files, strict=True):
        verify_sshsig(shoot.studio.signer.public_ssh, file.statement, file.studio_signature, "safelight-record")
        verify_sshsig(file.subject_public, file.statement, file.subject_signature, "safelight-receipt")
        assert recorded.statement_sha256 == sha256_hex(file.statement)
        assert file.withdrawal_hash == code_hash(recorded.withdrawal_code)
        assert (recorded.receipt.id, recorded.statement_sha256) in shoot.acks
    assert files[0].subject_public != files[1].subject_public


def test_nothing_personal_stands_in_the_statement(shoot: Shoot) -> None:
    recorded = shoot.ask(shoot.person("Ada Falk", born=date(1990, 1, 2)), said_yes("use.portfolio"))
    file = shoot.studio.archive.consents.receipt(recorded.receipt.id)
    for data in (file.statement, file.document):
        assert b"Falk" not in data and b"1990-01" not in data and b"falk.example" not in data


def test_refusing_everything_needs_nothing_and_is_a_receipt_like_any_other(shoot: Shoot) -> None:
    shoot.studio.archive.recipients.list()
    recorded = shoot.ask(shoot.person(), taught_back=False)
    assert all(each.grant is None and each.kind is EventKind.REFUSED for each in recorded.receipt.records)
    child = shoot.person("Mia", born=TEEN)
    shoot.ask(child, signed_by=(Role.SUBJECT,), taught_back=False)
    assert receipts.issue_receipt(shoot.studio, child.id)[0].startswith(b"%PDF")


def refused(shoot: Shoot, *words: str, person: object = None, code: ExitCode = ExitCode.NO, **more: object) -> None:
    """The answers in ``more`` are refused with one sentence that holds ``words``, and nothing is kept of them."""
    person = person or shoot.person(f"Person {next(shoot.numbers)}")
    before = shoot.studio.archive.journal.head()
    choices = more.pop("choices", ())
    with pytest.raises(Refused if code is ExitCode.NO else WrongUsage) as caught:
        shoot.ask(person, *choices, **more)  # type: ignore[arg-type, misc]
    assert caught.value.code is code
    for word in words:
        assert word in str(caught.value), str(caught.value)
    assert shoot.studio.archive.journal.head() == before
    assert shoot.studio.archive.consents.receipts_of(person.id) == ()  # type: ignore[attr-defined]


def test_a_use_that_is_not_offered_or_not_known_is_refused(shoot: Shoot) -> None:
    few = shoot.new_session("use.portfolio", "use.social")
    refused(
        shoot, "use.stock", "use.portfolio", choices=[said_yes("use.portfolio"), said_yes("use.stock")], session=few
    )
    refused(shoot, "does not ask about use.nonsense", choices=[said_yes("use.nonsense")])
    refused(shoot, "session.deliver", choices=[said_yes("session.deliver")])


def test_every_fault_of_an_answer_is_said_at_once(shoot: Shoot) -> None:
    stranger = agency("Akari", 99)
    before = Term(TermKind.UNTIL, until=date(2026, 5, 3))
    refused(
        shoot,
        "use.portfolio: it would already be over.",
        "use.directory: whoever relies on it must be named.",
        "use.stock: a named recipient is not in the studio's list.",
        "use.advertising: it needs initials.",
        "ai.retouch: the two questions before AI uses were not put.",
        "ai.replica: the contract page leaves out 'pay'.",
        "bio.template: it needs a signature of its own.",
        choices=[
            said_yes("use.portfolio", term=before),
            said_yes("use.directory"),
            said_yes("use.stock", stranger),
            said_yes("use.advertising", shoot.agencies["Prenzel"], mark=Mark.NONE),
            said_yes("ai.retouch", shoot.agencies["Prenzel"]),
            said_yes("ai.replica", shoot.agencies["Prenzel"], replica=ReplicaTerms("a", " ", "b", "c")),
            said_yes("bio.template", mark=Mark.INITIALS),
        ],
        taught_back=False,
    )  # fmt: skip
    refused(shoot, "ai.replica: it needs its own contract page", "ai.replica: the contract page is not filled in",
            choices=[said_yes("ai.replica", shoot.agencies["Prenzel"], replica=None, mark=Mark.NONE)])  # fmt: skip


@pytest.mark.parametrize("scope", [each["id"] for each in SCOPES if each["id"].startswith("ai.")])
def test_an_ai_use_without_a_named_recipient_cannot_be_signed(shoot: Shoot, scope: str) -> None:
    refused(shoot, f"{scope}: whoever relies on it must be named", choices=[said_yes(scope)])
    shoot.ask(shoot.person("Zoe"), said_yes(scope, shoot.agencies["Prenzel"]))


def test_the_studio_itself_can_be_named(shoot: Shoot) -> None:
    own = RecipientId(shoot.studio.secrets.age().recipient)
    recorded = shoot.ask(shoot.person(), said_yes("ai.retouch", own))
    assert [each.name for each in recorded.receipt.recipients] == ["Nordlicht"]


def test_a_minor_needs_a_guardian_and_both_sign(shoot: Shoot) -> None:
    alone = shoot.person("Mia", born=TEEN)
    refused(shoot, "minor", "no guardian is named", person=alone, choices=[said_yes("use.portfolio")])
    child = shoot.person("Nils", GUARDIAN, born=TEEN)
    refused(shoot, "the guardian did not sign", person=child, choices=[said_yes("use.portfolio")],
            signed_by=(Role.SUBJECT,))  # fmt: skip
    refused(shoot, "the subject did not sign", person=child, choices=[said_yes("use.portfolio")],
            signed_by=(Role.GUARDIAN,))  # fmt: skip
    recorded = shoot.ask(child, said_yes("use.portfolio"))
    assert recorded.receipt.signed_as_minor and recorded.receipt.adult_on == date(2028, 6, 1)


@pytest.mark.parametrize("scope", [each["id"] for each in SCOPES if each["minors"].startswith("blocked")])
def test_some_uses_are_not_for_minors_whoever_signs(shoot: Shoot, scope: str) -> None:
    child = shoot.person("Nils", GUARDIAN, SECOND, born=TEEN)
    refused(shoot, f"{scope}: not possible for a minor", person=child,
            choices=[said_yes(scope, shoot.agencies["Prenzel"])])  # fmt: skip


def test_in_france_both_parents_agree_unless_one_holds_it_alone(shoot: Shoot) -> None:
    france = shoot.new_session(where="FR")
    one = shoot.person("Luc", GUARDIAN, born=TEEN, session=france)
    refused(shoot, "only one is named", person=one, choices=[said_yes("use.portfolio")], session=france)
    shoot.ask(one, said_yes("use.portfolio"))  # in Germany one is enough
    both = shoot.person("Lea", GUARDIAN, SECOND, born=TEEN, session=france)
    shoot.ask(both, said_yes("use.portfolio"), session=france)
    sole = shoot.person("Max", Guardian("Olga Lind", "mother", sole=True), born=TEEN, session=france)
    shoot.ask(sole, said_yes("use.portfolio"), session=france)


def test_guardians_of_the_roster_and_of_the_answers_count_together(shoot: Shoot) -> None:
    france = shoot.new_session(where="FR")
    child = shoot.person("Luc", GUARDIAN, born=TEEN, session=france)
    refused(shoot, "only one is named", person=child, choices=[said_yes("use.portfolio")], session=france,
            guardians=(GUARDIAN,))  # fmt: skip
    shoot.ask(child, said_yes("use.portfolio"), session=france, guardians=(SECOND,))
    assert [each.name for each in shoot.studio.archive.subjects.get(child.id).guardians] == ["Olga Lind", "Per Lind"]


def test_of_two_programs_that_issue_a_receipt_at_once_both_give_out_the_same(
    shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = shoot.person()
    shoot.ask(ada, said_yes("use.portfolio"))
    with open_studio(shoot.folder, PASSPHRASE, clock=shoot.studio.clock) as other:
        theirs = []

        def draw(*given: Any) -> Any:
            monkeypatch.setattr(receipts, "render_receipt", render_receipt)
            theirs.append(receipts.issue_receipt(other, ada.id)[0])
            return render_receipt(*given)

        monkeypatch.setattr(receipts, "render_receipt", draw)
        assert receipts.issue_receipt(shoot.studio, ada.id)[0] == theirs[0]
    kinds = [each.kind for each in shoot.studio.archive.journal.entries()]
    assert kinds.count("receipt-issued") == 1
    assert check_studio(shoot.studio)[0].tidied["files nobody names"] == 0


def test_a_receipt_is_issued_once_and_the_same_bytes_ever_after(shoot: Shoot) -> None:
    ada = shoot.person()
    with pytest.raises(WrongUsage, match="has not signed anything yet"):
        receipts.issue_receipt(shoot.studio, ada.id)
    shoot.ask(ada, said_yes("use.portfolio"))
    pdf, _ = receipts.issue_receipt(shoot.studio, ada.id)
    shoot.clock.on(days=40)
    shoot.check(ada)
    assert receipts.issue_receipt(shoot.studio, ada.id)[0] == pdf
    shoot.reopen()
    assert receipts.issue_receipt(shoot.studio, ada.id)[0] == pdf
    issued = [each for each in shoot.studio.archive.journal.entries() if each.kind == "receipt-issued"]
    assert len(issued) == 1
    shoot.ask(ada)
    assert receipts.issue_receipt(shoot.studio, ada.id)[0] != pdf


def test_ink_is_kept_and_only_its_hash_is_in_the_record(shoot: Shoot, ink: bytes) -> None:
    ada = shoot.person()
    recorded = shoot.ask(ada, evidence=Evidence(SignatureKind.INK, ink))
    file = shoot.studio.archive.consents.receipt(recorded.receipt.id)
    assert file.evidence == ink and file.evidence_type == "application/inkml+xml"
    assert recorded.receipt.signing.evidence_sha256 == sha256_hex(ink)
    assert b"trace" not in file.document
    assert receipts.issue_receipt(shoot.studio, ada.id)[0].startswith(b"%PDF")


def test_consents_can_still_be_given_and_taken_back_when_the_session_is_closed(shoot: Shoot) -> None:
    ada = shoot.person()
    closed, _ = sessions.close_session(shoot.studio, shoot.session)
    with pytest.raises(WrongUsage, match="is closed"):
        shoot.person("Late", session=closed)
    shoot.ask(ada, said_yes("use.portfolio"), session=closed)
    shoot.clock.on(minutes=1)
    shoot.ask(ada, session=closed)
    assert not any(each.given for each in standing_of(shoot.studio, ada.id).snapshot.states.values())


def test_the_notice_shown_is_kept_word_for_word(shoot: Shoot) -> None:
    recorded = shoot.ask(shoot.person(), said_yes("use.editorial", shoot.agencies["Lumiere"]))
    text = shoot.studio.archive.notices.text(recorded.receipt.notice.sha256)
    assert sha256_hex(text) == recorded.receipt.notice.sha256
    for word in ("Nordlicht", "privacy@nordlicht.example", "Lumiere", "France"):
        assert word in text.decode()


def test_a_term_is_cut_at_the_cap_of_the_use(shoot: Shoot) -> None:
    ten_years = Term(TermKind.MONTHS, months=120)
    recorded = shoot.ask(
        shoot.person(),
        said_yes("use.social", term=ten_years),
        said_yes("use.portfolio", term=Term(TermKind.WITHDRAWN)),
        said_yes("use.editorial", term=Term(TermKind.MONTHS, months=1), where=country("DE")),
    )
    record = {each.scope: each for each in recorded.receipt.records}
    assert record[ScopeId("use.social")].last_day == date(2029, 5, 4)
    assert record[ScopeId("use.portfolio")].review_due == date(2027, 5, 4)
    assert record[ScopeId("use.portfolio")].sleeps_after == date(2027, 5, 4) + timedelta(days=30)
    assert record[ScopeId("use.editorial")].last_day == date(2026, 6, 4)


def test_the_rules_of_an_answer_do_not_depend_on_its_no(shoot: Shoot) -> None:
    """A no for a use that nobody of this age may allow is as good as any other no."""
    child = shoot.person("Nils", GUARDIAN, born=TEEN)
    recorded = shoot.ask(child, Choice(ScopeId("use.stock")), said_yes("use.portfolio", where=EVERYWHERE))
    assert json.loads(shoot.studio.archive.consents.receipt(recorded.receipt.id).document)


def test_withdrawal_codes_can_be_read_out_and_typed(shoot: Shoot) -> None:
    code = new_code()
    assert code_hash(code) == code_hash(code.lower().replace("-", " ")) != code_hash(new_code())
    assert len({new_code() for _ in range(200)}) == 200
    assert not set("01OILU") & set(code)
    assert withdrawal_uri("mailto:a@b.example", "A-B") == "mailto:a@b.example?subject=Withdraw%20A-B"
    assert withdrawal_uri("Main Street 1, Berlin", "A-B") == "Main Street 1, Berlin A-B"
    assert said().choices == ()
