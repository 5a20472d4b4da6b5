"""Rules are adopted by the studio: checked, compared in plain words, signed, kept; receipts name version and hash."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pypdfium2 as pdfium
import pytest

from safelight.documents.adopted_rules import FORMAT
from safelight.documents.jcs import canonical, sha256_hex
from safelight.documents.record import read_document
from safelight.documents.rules import LISTS, shipped_lists, shipped_rules
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import ScopeId
from safelight.keys.signing import verify_sshsig
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.founding import renew_keys
from safelight.studio.notices import make_notice
from safelight.studio.queries.rules import rules_in_force
from safelight.studio.receipts import issue_receipt
from safelight.studio.rules import (
    CURRENT,
    RulesChange,
    adopt_rules,
    adoptions,
    catalogue_of,
    lists_at_work,
    read_change,
    shipped_change,
)
from safelight.studio.seating import open_ceremony, ordinary_yeses
from safelight.studio.sessions import NewSession, new_session
from safelight.studio.stating import known_recipients
from support.shoot import Shoot, said_yes

Lists = dict[str, Any]


def files(change: Callable[[Lists], None], version: str = "2027-03.1") -> dict[str, bytes]:
    lists = copy.deepcopy(shipped_lists())
    lists["scopes"]["version"] = version
    for each in lists.values():
        each["as_of"] = "2026-04"  # the clock of these tests stands in May 2026
    change(lists)
    return {each: json.dumps(lists[each]).encode() for each in LISTS}


def use(lists: Lists, id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in lists["scopes"]["scopes"] if each["id"] == id)
    return found


def without(id: str) -> Callable[[Lists], None]:
    def change(lists: Lists) -> None:
        lists["scopes"]["scopes"].remove(use(lists, id))

    return change


def capped(id: str, months: int) -> Callable[[Lists], None]:
    return lambda lists: use(lists, id).update(max_term_months=months)


def adopt(shoot: Shoot, change: Callable[[Lists], None], version: str = "2027-03.1") -> RulesChange:
    read = read_change(shoot.studio, files(change, version))
    shoot.studio, _ = adopt_rules(shoot.studio, read)
    return read


def test_a_studio_founded_has_adopted_what_came_with_the_program(shoot: Shoot) -> None:
    (first,) = adoptions(shoot.studio)
    assert first.adoption.sha256 == shoot.studio.rules.sha256 == shipped_rules().sha256
    assert (first.adoption.format, first.adoption.previous, first.retired) == (FORMAT, None, [])
    verify_sshsig(shoot.studio.signer.public_ssh, first.statement, first.signature, "safelight-rules")
    assert sha256_hex(canonical([first.lists[each] for each in LISTS])) == first.adoption.sha256
    assert shipped_change(shoot.studio).same


def test_a_receipt_names_the_rules_it_was_signed_under(shoot: Shoot) -> None:
    person = shoot.person()
    before = shoot.ask(person, said_yes("use.social"))
    adopt(shoot, capped("use.social", 60))
    after = shoot.ask(person, said_yes("use.portfolio"), rest_is_no=False)
    for recorded, (version, number) in zip((before, after), (("2026-11.1", -1), ("2027-03.1", 0)), strict=True):
        file = shoot.studio.archive.consents.receipt(recorded.receipt.id)
        read = read_document(file.document).receipt
        known = adoptions(shoot.studio)[number].adoption
        assert (read.rules, read.rules_sha256) == (version, known.sha256) == (known.version, known.sha256)
    pdf, _ = issue_receipt(shoot.studio, person.id)
    assert pdf.startswith(b"%PDF")


def test_adopted_rules_are_those_after_the_next_opening(shoot: Shoot) -> None:
    person = shoot.person()
    shoot.ask(person, said_yes("use.social"))
    change = adopt(shoot, without("use.social"))
    assert change.differences == ("use.social: nobody is asked any more; what was signed about it stays as it is.",)

    def more(lists: Lists) -> None:
        without("use.social")(lists)
        capped("use.editorial", 120)(lists)

    adopt(shoot, more, "2027-04.1")
    shoot.reopen()
    rules = shoot.studio.rules
    assert rules.version == "2027-04.1" and rules.catalogue.scope("use.editorial").cap_months == 120
    # The retired use is known by all its words, not only by what one record tells.
    assert rules.catalogue.scope("use.social") == shipped_rules().catalogue.scope("use.social")
    assert "use.social" not in rules.catalogue.asked_ids()
    assert "use.social" not in open_ceremony(shoot.studio, shoot.session, person).offered
    assert standing_of(shoot.studio, person.id).snapshot.states[ScopeId("use.social")].given
    told = rules_in_force(shoot.studio)
    assert [each.version for each in told.adopted] == ["2027-04.1", "2027-03.1", "2026-11.1"]
    assert told.retired == ("use.social",)
    kinds = [each.kind for each in shoot.studio.archive.journal.entries()]
    assert kinds.count("rules-adopted") == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (capped("use.social", 60), "use.social: a new yes lasts 60 months at most (36 months before); what was signed"),
        (lambda lists: use(lists, "use.social")["text"].update(de="Anders."), "is asked in other words (de)"),
        (lambda lists: use(lists, "use.social").update(minors_rule="blocked"), "of minors: blocked"),
        (lambda lists: use(lists, "use.social").update(needs_validation=True), "a second person has to check"),
        (lambda lists: lists["jurisdictions"]["jurisdictions"][0].update(majority_age=19), "come of age at 19 (18"),
        (lambda lists: lists["adequacy"]["eea_members"].remove("NO"), "NO is no member of the EEA any more"),
        (lambda lists: lists["adequacy"]["views"]["EU"].pop(), "what covers them is different"),
        (lambda lists: lists["adequacy"].update(note="hello"), "Only notes"),
    ],
)
def test_the_difference_is_told_in_plain_words(shoot: Shoot, change: Any, told: str) -> None:
    read = read_change(shoot.studio, files(change))
    assert any(told in each for each in read.differences), read.differences
    assert len(read.differences) <= 2


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        (lambda lists: use(lists, "use.social").update(max_term_month=60), Malformed, "max_term_month"),
        (lambda lists: use(lists, "use.social").update(max_term_months=0), Malformed, "max_term_months"),
        (capped("use.social", 61), Refused, "the longest term is one of 6, 12, 24, 36, 60, 120 months"),
        (lambda lists: use(lists, "use.social").update(max_term_months=None), Refused, "needs a longest term"),
        (lambda lists: lists["scopes"]["scopes"].append(use(lists, "use.social")), Refused, "is there 2 times"),
        (lambda lists: use(lists, "use.social")["dpv"].append("https://w3id.org/dpv#Sue"), Refused, "no place in"),
        (lambda lists: use(lists, "use.social").update(group="g9"), Refused, "no group 'g9'"),
        (without("session.deliver"), Refused, "One notice, and no other, says how long"),
        (lambda lists: use(lists, "session.deliver").update(retention_default_months=13), Refused, "people are told"),
        (lambda lists: lists["adequacy"]["eea_members"].append("US"), Refused, "US is no member of the EEA"),
        (lambda lists: lists["scopes"].update(as_of="2031-01"), Refused, "has not come yet"),
        (lambda lists: lists["scopes"].update(version="newest"), Malformed, "/version"),
        (lambda lists: lists["scopes"].update(version="2026-11.1"), Refused, "are called 2026-11.1 already"),
    ],
)
def test_rules_nobody_can_work_by_are_refused(shoot: Shoot, change: Any, error: Any, told: str) -> None:
    def other(lists: Lists) -> None:
        lists["adequacy"]["note"] = "so that these are other rules"
        change(lists)

    head = shoot.studio.archive.journal.head()
    with pytest.raises(error) as raised:
        read_change(shoot.studio, files(other))
    assert told in f"{raised.value.title} {raised.value.hint}"
    assert shoot.studio.archive.journal.head() == head


def test_rules_that_came_before_need_a_new_version(shoot: Shoot) -> None:
    adopt(shoot, capped("use.social", 60))
    with pytest.raises(Refused, match=r"worked by version 2026-11\.1 before"):
        shipped_change(shoot.studio)
    change = read_change(shoot.studio, files(capped("use.social", 36), "2027-05.1"))
    studio, _ = adopt_rules(shoot.studio, change)
    with pytest.raises(Refused, match="adopted meanwhile"):
        adopt_rules(shoot.studio, change)
    assert lists_at_work(studio)["scopes"]["version"] == "2027-05.1"


def test_kept_rules_that_were_altered_are_not_worked_by(shoot: Shoot) -> None:
    adopt(shoot, capped("use.social", 60))
    settings = shoot.studio.archive.studio
    older, newer = settings.setting(f"rules:{shipped_rules().sha256}"), settings.setting(CURRENT)
    assert older and newer
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        settings.set_setting(writing, f"rules:{newer}", older)
    with pytest.raises(Malformed, match="not signed by this studio"):
        shoot.reopen()


def test_renewed_keys_still_vouch_for_earlier_rules(shoot: Shoot) -> None:
    adopt(shoot, capped("use.social", 60))
    renew_keys(shoot.studio)
    shoot.reopen()
    assert shoot.studio.rules.version == "2027-03.1" and len(adoptions(shoot.studio)) == 2


def test_the_notice_says_the_number_that_is_enforced(shoot: Shoot) -> None:
    def text() -> str:
        yeses, known = ordinary_yeses(shoot.studio, shoot.session), known_recipients(shoot.studio)
        person = shoot.person()
        return make_notice(shoot.studio, shoot.session, yeses, known, person.language, person).text.decode()

    assert "1 year after delivery" in text()
    adopt(shoot, lambda lists: use(lists, "session.deliver").update(retention_default_months=24))
    assert "2 years after delivery" in text() and "1 year after" not in text()
    assert shoot.studio.rules.catalogue.keeping_months == 24


def test_an_archive_of_before_keeps_its_rules_when_somebody_signs(shoot: Shoot) -> None:
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        for name in (CURRENT, f"rules:{shoot.studio.rules.sha256}"):
            shoot.studio.archive.studio.set_setting(writing, name, None)
    shoot.reopen()
    assert adoptions(shoot.studio) == () and shoot.studio.rules == shipped_rules()
    recorded = shoot.ask(shoot.person())
    (kept,) = adoptions(shoot.studio)
    assert kept.adoption.sha256 == recorded.receipt.rules_sha256
    assert kept.adoption.adopted_at.date() == date(2026, 5, 4)


def test_a_receipt_drawn_late_is_drawn_by_the_rules_it_was_signed_under(shoot: Shoot) -> None:
    person = shoot.person()
    recorded = shoot.ask(person, said_yes("use.social"))

    def other(lists: Lists) -> None:
        for text in ("text", "title", "withdrawal_can", "withdrawal_cannot"):
            use(lists, "use.social")[text] = {"en": f"Another {text.replace('_', ' ')}."}
        for each in lists["scopes"]["fixed_statements"]:
            each["text"] = {"en": "Never."}

    adopt(shoot, other)
    assert catalogue_of(shoot.studio, recorded.receipt).scopes == shipped_rules().catalogue.scopes
    pdf, _ = issue_receipt(shoot.studio, person.id)
    with pdfium.PdfDocument(pdf) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert "Another" not in text and "Never." not in text
    assert shipped_rules().catalogue.title("use.social", "en") in text


def test_a_retired_use_can_be_chosen_for_an_export(shoot: Shoot) -> None:
    before = [each.id for each in shoot.studio.rules.catalogue.exportable()]
    adopt(shoot, without("use.social"))
    after = [each.id for each in shoot.studio.rules.catalogue.exportable()]
    assert sorted(after) == sorted(before) and after[-1] == "use.social"


def test_a_new_session_is_offered_what_is_asked_today(shoot: Shoot) -> None:
    adopt(shoot, without("use.social"))
    new = NewSession("Autumn", "C", "P", "DE", shoot.studio.today(), shoot.staff["Kim"].id)
    offered = new_session(shoot.studio, new)[0].offered
    assert "use.social" not in offered and "use.portfolio" in offered
    with pytest.raises(WrongUsage, match=r"'use\.social' is no longer asked"):
        new_session(shoot.studio, replace(new, name="Winter", offered=("use.social",)))
