"""What was signed stays as it was signed: other rules move no day, and no answer becomes unreadable by them."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium
import pyrage
import pytest

from safelight.documents.policy import read_policy
from safelight.documents.record import read_document
from safelight.domain.choice import Choice
from safelight.domain.errors import Malformed, Refused, WrongUsage
from safelight.domain.ids import Country, Language, PhotoGuid, RecordId, ScopeId
from safelight.domain.record import first_event
from safelight.domain.scope import Catalogue, Scope, in_language
from safelight.domain.term import UNTIL_WITHDRAWN, Term, TermKind
from safelight.domain.usage import Blocker, Question, may
from safelight.studio.consent_snapshots import snapshots_of_all, standing_of, standings_of_all
from safelight.studio.exports import export_bundle
from safelight.studio.forms import paper_form
from safelight.studio.open_studio import new_id
from safelight.studio.queries.consents import consent_rows
from safelight.studio.queries.permissions import who_allows
from safelight.studio.receipts import issue_receipt
from safelight.studio.seating import open_ceremony, ordinary_yeses
from safelight.studio.sessions import SessionChange, change_session, duplicate_session
from safelight.studio.sitting import StudioSitting
from safelight.studio.subject_changes import SubjectChange, change_subject
from support.shoot import GUARDIAN, Shoot, said_yes

LONG = Term(TermKind.MONTHS, months=60)
SOCIAL = ScopeId("use.social")


def rules_with(shoot: Shoot, change: Callable[[Scope], Scope | None]) -> None:
    """From now on the studio works by rules in which ``change`` says what became of each use (None: dropped)."""
    catalogue = shoot.studio.rules.catalogue
    scopes = tuple(now for each in catalogue.scopes if (now := change(each)) is not None)
    made: Catalogue = replace(catalogue, version="2027-03.1", scopes=scopes)
    shoot.studio = replace(shoot.studio, rules=replace(shoot.studio.rules, catalogue=made))


def longer(scope: Scope) -> Scope:
    return replace(scope, max_term_months=120, hard_cap_months=None, ai=not scope.ai)


def without(*uses: str) -> Callable[[Scope], Scope | None]:
    return lambda scope: None if scope.id in uses else scope


def test_a_longer_cap_moves_no_signed_day(shoot: Shoot) -> None:
    person = shoot.person()
    recorded = shoot.ask(person, said_yes("use.social", term=LONG), said_yes("ai.retouch", shoot.agencies["Lumiere"]),
                         said_yes("use.portfolio", term=UNTIL_WITHDRAWN))  # fmt: skip
    signed = {each.scope: each for each in recorded.receipt.records}
    assert signed[SOCIAL].last_day == date(2029, 5, 4)
    rules_with(shoot, longer)
    for states in (
        standing_of(shoot.studio, person.id).snapshot.states,
        snapshots_of_all(shoot.studio)[person.id].states,
        standings_of_all(shoot.studio, shoot.session.id)[person.id].snapshot.states,
    ):
        assert {use: (each.last_day, each.review_due, each.sleeps_after) for use, each in states.items()} == {
            use: (each.last_day, each.review_due, each.sleeps_after) for use, each in signed.items()
        }
    rows = {each.scope: each.last_day for each in consent_rows(shoot.studio, person.id).uses}
    assert rows == {use: each.last_day for use, each in signed.items()}
    (said,) = who_allows(shoot.studio, SOCIAL, Country("DE"), day=date(2029, 5, 5))
    assert (said.allowed, said.blocker) == (False, Blocker.OVER)


def test_a_use_dropped_from_the_rules_leaves_everybody_readable(shoot: Shoot) -> None:
    person, nobody = shoot.person(), shoot.person("Ben Roth")
    shoot.ask(person, said_yes("use.social"))
    shoot.ask(nobody)
    rules_with(shoot, without("use.social"))
    assert standing_of(shoot.studio, person.id).snapshot.states[SOCIAL].given
    assert not snapshots_of_all(shoot.studio)[nobody.id].states[SOCIAL].given
    rows = {each.scope: each.status.value for each in consent_rows(shoot.studio, person.id).uses}
    assert rows[SOCIAL] == "given"
    found = {each.subject: each for each in who_allows(shoot.studio, SOCIAL, Country("DE"))}
    assert (found[person.id].allowed, found[person.id].until) == (True, date(2027, 5, 4))
    assert found[nobody.id].blocker is Blocker.REFUSED


def test_each_receipt_has_its_own_coming_of_age(shoot: Shoot) -> None:
    """The birth date was put right between two signings: each yes ends on the day its own receipt states."""
    person = shoot.person("Kit Lind", GUARDIAN, born=date(2010, 6, 1))
    first = shoot.ask(person, said_yes("use.social"), rest_is_no=False)
    change_subject(shoot.studio, person.id, SubjectChange(born=date(2012, 9, 1)), shoot.staff["Kim"].id)
    person = shoot.studio.archive.subjects.get(person.id)
    second = shoot.ask(person, said_yes("use.portfolio", term=LONG), rest_is_no=False)
    assert (first.receipt.adult_on, second.receipt.adult_on) == (date(2028, 6, 1), date(2030, 9, 1))
    for snapshot in (standing_of(shoot.studio, person.id).snapshot, snapshots_of_all(shoot.studio)[person.id]):
        said = {
            use: may(Question(PhotoGuid("p"), ScopeId(use), Country("DE"), date(2026, 6, 1)), [snapshot],
                     shoot.studio.rules.catalogue, frozenset())
            for use in ("use.social", "use.portfolio")
        }  # fmt: skip
        assert said["use.social"].expires == date(2027, 5, 4)
        assert said["use.portfolio"].expires == date(2030, 8, 31)


def test_no_to_everything_ends_a_yes_to_a_use_nobody_is_asked_about_any_more(shoot: Shoot) -> None:
    person = shoot.person()
    before = shoot.ask(person, said_yes("use.social"), said_yes("use.portfolio"))
    rules_with(shoot, without("use.social"))
    # Another signing leaves it as it is, and the receipt says that it still holds.
    again = shoot.ask(person, Choice(ScopeId("use.portfolio")), rest_is_no=False)
    assert [each.scope for each in again.receipt.still_holding] == [SOCIAL]
    assert SOCIAL not in again.receipt.not_asked
    shoot.clock.on(days=1)
    last = shoot.ask(person, refused_all=True, rest_is_no=False)
    record = last.receipt.record_for(SOCIAL)
    assert record is not None and record.grant is None
    read = read_document(shoot.studio.archive.consents.receipt(last.receipt.id).document)
    assert read.receipt.record_for(SOCIAL) == record
    assert not standing_of(shoot.studio, person.id).snapshot.states[SOCIAL].given
    ended = before.receipt.record_for(SOCIAL)
    assert ended is not None and ended.status_position in shoot.studio.archive.statuses.revoked()


def test_a_retired_use_is_never_asked_again(shoot: Shoot) -> None:
    person = shoot.person()
    shoot.ask(person)
    sitting = StudioSitting(shoot.studio, shoot.session, person.id, "Tablet")
    sitting.keep(replace(sitting.person().ceremony, language=Language("en")))
    rules_with(shoot, without("use.social"))
    for offered in (
        open_ceremony(shoot.studio, shoot.session, person).offered,
        StudioSitting(shoot.studio, shoot.session, person.id, "Tablet").person().ceremony.offered,  # what was held
        tuple(each.scope for each in ordinary_yeses(shoot.studio, shoot.session)),
    ):
        assert SOCIAL not in offered and "use.portfolio" in offered
    assert paper_form(shoot.studio, shoot.session, person)[0][0].startswith(b"%PDF")
    with pytest.raises(Refused, match=r"does not ask about use\.social"):
        shoot.ask(person, said_yes("use.social"), rest_is_no=False)
    with pytest.raises(WrongUsage, match="no use called"):
        shoot.new_session("use.social")
    today = shoot.studio.today()
    assert SOCIAL not in duplicate_session(shoot.studio, shoot.session.id, today, "Autumn")[0].offered
    by = shoot.staff["Kim"].id
    wanted = tuple(each for each in shoot.session.offered if each != SOCIAL)
    (session, fields), _ = change_session(
        shoot.studio, shoot.session.id, SessionChange(name="Later", offered=wanted), by
    )
    assert SOCIAL in session.offered and "name" in fields, "what was put to people of the session stays told"


def test_a_receipt_drawn_late_says_what_was_signed(shoot: Shoot) -> None:
    person = shoot.person()
    shoot.ask(person, said_yes("use.social"), said_yes("use.portfolio"))
    portfolio = shoot.studio.rules.catalogue.scope("use.portfolio")
    told = in_language(portfolio.text, "en")

    def reworded(scope: Scope) -> Scope | None:
        changed = replace(scope, text={"en": "You may do anything at all with it."})
        return None if scope.id == SOCIAL else changed if scope.id == portfolio.id else scope

    social = in_language(shoot.studio.rules.catalogue.scope(SOCIAL).text, "en")
    rules_with(shoot, reworded)
    pdf, _ = issue_receipt(shoot.studio, person.id)
    with pdfium.PdfDocument(pdf) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert told in text and social in text and "anything at all" not in text


def test_a_retired_use_leaves_as_its_record_tells(shoot: Shoot, tmp_path: Path) -> None:
    to = shoot.agencies["Lumiere"]
    person, other = shoot.person(), shoot.person("Ben Roth")
    shoot.ask(person, said_yes("use.social", to))
    shoot.ask(other, Choice(SOCIAL))
    photo, _ = shoot.photo(person), shoot.photo(other)
    rules_with(shoot, without("use.social"))
    with pytest.raises(WrongUsage, match="no use called"):
        shoot.preview("Lumiere", "use.never")
    shoot.check(person)
    preview = shoot.preview("Lumiere", "use.social")
    assert preview.cleared == (photo.guid,)
    assert {each.why for each in preview.held} == {"refused"}
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish("Lumiere", "use.social"), tmp_path / "b.age")
    assert done.bundle.manifest.uses == (SOCIAL,)


def test_a_policy_allows_what_people_were_told_and_no_more(shoot: Shoot, tmp_path: Path) -> None:
    """The rules now say that whoever gets it may sell it on: nobody who signed before was told that."""
    to = shoot.agencies["Lumiere"]
    person = shoot.person()
    shoot.ask(person, said_yes("use.editorial", to))
    shoot.photo(person)
    sold = "https://w3id.org/dpv#SellDataToThirdParties"
    rules_with(shoot, lambda each: replace(each, dpv=(*each.dpv, sold)) if each.id == "use.editorial" else each)
    export_bundle(shoot.studio, shoot.session, shoot.wish("Lumiere", "use.editorial"), tmp_path / "b.age")
    plain = pyrage.decrypt((tmp_path / "b.age").read_bytes(), [pyrage.x25519.Identity.from_str(to.identity)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        (policy,) = [tar.extractfile(each).read() for each in tar if each.name.startswith("policies/")]  # type: ignore[union-attr]
    assert [each.action for each in read_policy(policy).permissions] == ["use"]


def test_an_event_that_no_signed_receipt_backs_counts_for_nothing(shoot: Shoot) -> None:
    person = shoot.person()
    recorded = shoot.ask(person, said_yes("use.portfolio"))
    made_up = replace(
        first_event(recorded.receipt.records[0], recorded.receipt, new_id(), person.id), record=RecordId(new_id())
    )
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.consents.add_event(writing, made_up)
    with pytest.raises(Malformed, match="belongs to no signed receipt"):
        standing_of(shoot.studio, person.id)
