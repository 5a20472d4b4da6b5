"""What was not asked is not answered: record, receipt and ``may`` agree with a plain account kept beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2 as pdfium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safelight.documents.plain import from_plain, to_plain
from safelight.documents.record import read_document
from safelight.domain import ceremony as steps
from safelight.domain.ceremony import Step
from safelight.domain.choice import Choice
from safelight.domain.consent import EventKind
from safelight.domain.errors import Refused
from safelight.domain.ids import Country, Language, PhotoGuid, RecipientId, ScopeId
from safelight.domain.people import Role
from safelight.domain.sitting import Finished, Visit
from safelight.domain.usage import Blocker, Question, may
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.held import Held, find_held, keep_held
from safelight.studio.seats import take_seat
from safelight.studio.sitting import StudioSitting
from support.guests import Guest
from support.sampling import examples
from support.shoot import GUARDIAN, Shoot, said_yes

USES = (
    "session.archive", "use.portfolio", "use.social", "use.directory", "use.editorial", "ai.retouch", "use.research"
)  # fmt: skip
"""The first five are on the first sheet, the others come under "more uses"."""
FIRST = USES[:5]
TEEN = date(2010, 6, 1)
answered = st.dictionaries(st.sampled_from(USES), st.booleans(), max_size=7)
rounds = st.lists(
    st.fixed_dictionaries(
        {
            "screen": st.booleans(),
            "offered": st.sampled_from([USES, USES[:3], USES[3:]]),
            "said": answered,
            "more": st.booleans(),
            "refuse": st.sampled_from(["", "", "", "at once", "after"]),
        }
    ),
    min_size=1,
    max_size=4,
)


def sit(shoot: Shoot, session: Any, person: Any) -> StudioSitting:
    return StudioSitting(shoot.studio, session, person.id, "Tablet")


def on_paper(shoot: Shoot, person: Any, session: Any, wish: Any, account: dict[str, bool]) -> dict[str, bool]:
    """Record answers from a file; what should be recorded is worked out from nothing but the wish and the account."""
    named = {use: yes and not wish["refuse"] for use, yes in wish["said"].items() if use in wish["offered"]}
    own = RecipientId(shoot.studio.secrets.age().recipient)
    choices = [said_yes(use, own) if yes else Choice(ScopeId(use)) for use, yes in named.items()]
    shoot.ask(person, *choices, session=session, rest_is_no=False, refused_all=bool(wish["refuse"]))
    ended = [use for use in wish["offered"] if account.get(use) and use not in named] if wish["refuse"] else []
    return named | dict.fromkeys(ended, False)


def on_screen(shoot: Shoot, person: Any, session: Any, wish: Any, account: dict[str, bool]) -> dict[str, bool]:
    """Tap through a sitting; what should be recorded is what was on the screen."""
    guest = Guest(sit(shoot, session, person))
    guest.now = steps.choose_language(guest.now, Language("en"), guest.moment())
    shown: list[str] = []
    said: dict[str, bool] = {}
    if wish["refuse"] != "at once":
        while guest.now.step is Step.NOTICE:
            guest.now = steps.read_card(guest.now, guest.moment())
        shown = list(wish["offered"][:5])
        if wish["more"]:
            guest.now = steps.open_more(guest.now, guest.moment())
            shown = list(wish["offered"])
        said = {use: yes for use, yes in wish["said"].items() if use in shown}
        for use, yes in said.items():
            grant = guest.grant(use) if yes else None
            guest.now = steps.answer(guest.now, ScopeId(use), grant, guest.moment())
    if wish["refuse"]:
        guest.now = steps.refuse_all(guest.now, guest.moment())
    while guest.now.step is not Step.REVIEW:
        put = guest.now.step is Step.QUESTIONS
        act = (lambda now, at: steps.answer_question(now, True, at)) if put else steps.go_on
        guest.now = act(guest.now, guest.moment())
    guest.keep(guest.now)
    guest.sitting = sit(shoot, session, person)
    assert guest.sitting.person().ceremony == guest.now, "what was shown is kept with the rest"
    guest.review().sign().finish()
    if wish["refuse"]:
        return {use: False for use in wish["offered"] if use in shown or account.get(use)}
    # An earlier yes on the screen that nobody touched was seen, and signed again.
    return {use: said.get(use, account.get(use, False)) for use in shown}


@settings(max_examples=examples(10, 100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds)
def test_record_receipt_and_may_agree_with_a_plain_account(shoot: Shoot, lived: list[dict[str, Any]]) -> None:
    person = shoot.person(f"Person {next(shoot.numbers)}")
    studio = shoot.studio
    account: dict[str, bool] = {}
    for wish in lived:
        shoot.clock.on(hours=1)
        session = shoot.new_session(*wish["offered"])
        offered_here = [use for use in wish["said"] if use in wish["offered"]]
        if not wish["screen"] and not offered_here and not wish["refuse"]:
            with pytest.raises(Refused, match="No use was asked about"):
                on_paper(shoot, person, session, wish, account)
            continue
        before = dict(account)
        expected = (on_screen if wish["screen"] else on_paper)(shoot, person, session, wish, account)
        account |= expected
        receipt = studio.archive.consents.receipts_of(person.id)[-1].receipt
        assert {each.scope: each.kind is EventKind.GIVEN for each in receipt.records} == expected
        assert list(receipt.not_asked) == [use for use in wish["offered"] if use not in expected]
        still = {use for use, yes in before.items() if yes and use not in expected}
        assert {each.scope for each in receipt.still_holding} == still
        states = standing_of(studio, person.id).snapshot
        for use in USES:
            ask = Question(PhotoGuid("p"), ScopeId(use), Country("DE"), studio.today())
            decision = may(ask, [states], studio.rules.catalogue, studio.rules.adequacy.eea)
            assert decision.allowed is account.get(use, False), use
            assert (decision.blocker is Blocker.NOT_ASKED) is (use not in account), use


def words(pdf: bytes) -> str:
    """The text of a PDF as a reader would copy it, without line breaks."""
    with pdfium.PdfDocument(pdf) as document:
        pages = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


def test_the_page_to_sign_and_the_receipt_name_what_still_holds_and_what_was_not_asked(shoot: Shoot) -> None:
    person, session = shoot.person(), shoot.new_session(*USES)
    own = RecipientId(shoot.studio.secrets.age().recipient)
    shoot.ask(person, said_yes("ai.retouch", own), session=session, rest_is_no=False)
    shoot.clock.on(days=30)
    guest = Guest(sit(shoot, session, person))
    guest.now = steps.choose_language(guest.now, Language("en"), guest.moment())
    while guest.now.step is not Step.USES:
        guest.now = steps.read_card(guest.now, guest.moment())
    guest.now = steps.go_on(guest.now, guest.moment())
    assert guest.now.step is Step.REVIEW and guest.now.yes == (), "an earlier yes nobody saw is not put to them"
    finished = guest.review().sign().finish()
    for pdf in (guest.pages[-1], finished.pdf):
        told = words(pdf)
        assert "Your yes from 4 May 2026 was not asked again and still holds: AI retouching." in told, told
        assert "Not asked, so not allowed: " in told
        assert "0 × yes · 5 × no" in told and "nothing to take back" not in told
    receipt = shoot.studio.archive.consents.receipts_of(person.id)[-1]
    assert [each.scope for each in read_document(receipt.document).receipt.records] == list(FIRST)
    assert b"not_asked" not in receipt.document and b"still_holding" not in receipt.document


def test_no_to_everything_before_anything_was_shown_ends_what_there_was_and_answers_nothing_else(shoot: Shoot) -> None:
    person, session = shoot.person(), shoot.new_session(*USES)
    own = RecipientId(shoot.studio.secrets.age().recipient)
    shoot.ask(person, said_yes("ai.retouch", own), said_yes("use.social"), session=session, rest_is_no=False)
    shoot.clock.on(days=1)

    def refuse() -> Finished:
        guest = Guest(sit(shoot, session, person))
        guest.now = steps.choose_language(guest.now, Language("en"), guest.moment())
        guest.now = steps.refuse_all(guest.now, guest.moment())
        return guest.review().sign().finish()

    refuse()
    file = shoot.studio.archive.consents.receipts_of(person.id)[-1]
    assert [each.scope for each in file.receipt.records] == ["use.social", "ai.retouch"]
    assert not file.receipt.still_holding and len(shoot.studio.archive.statuses.revoked()) == 2
    shoot.clock.on(days=1)
    finished = refuse()
    empty = shoot.studio.archive.consents.receipts_of(person.id)[-1]
    assert empty.receipt.records == () and empty.receipt.not_asked == USES
    assert read_document(empty.document).receipt.records == ()
    assert "No to everything" in words(finished.pdf)


def test_a_use_that_was_not_asked_is_no_no_on_the_page_of_a_pack_signed_beforehand(shoot: Shoot) -> None:
    person, session = shoot.person(), shoot.new_session(*USES)
    shoot.ask(person, said_yes("use.social"), Choice(ScopeId("use.portfolio")), session=session, rest_is_no=False)
    seated = sit(shoot, session, person).person()
    assert seated.visit is Visit.PRESIGNED, "it is the whole of what was offered, whether asked or not"
    assert seated.never_answered == set(USES) - {"use.social", "use.portfolio"}


def test_a_ceremony_held_before_the_first_sheet_was_written_down_still_opens(shoot: Shoot) -> None:
    person, session = shoot.person(), shoot.new_session(*USES)
    guest = Guest(sit(shoot, session, person))
    guest.now = steps.choose_language(guest.now, Language("en"), guest.moment())
    plain = to_plain(guest.now)
    del plain["first"]
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        seat = take_seat(shoot.studio, writing, person.id, session.id)
    keep_held(shoot.studio, seat, Held(from_plain(steps.Ceremony, plain)))
    found = find_held(shoot.studio, person.id, session.id)
    assert found is not None and found.ceremony.first is None
    assert sit(shoot, session, person).person().ceremony.first == FIRST


def test_a_second_party_is_asked_about_what_the_first_was_asked_about(shoot: Shoot) -> None:
    child = shoot.person("Nils", GUARDIAN, born=TEEN)
    guest = Guest(sit(shoot, shoot.session, child), ["use.portfolio"])
    offered = guest.now.offered
    guest.now = steps.choose_language(guest.now, Language("en"), guest.moment())
    while guest.now.step is not Step.USES:
        guest.now = steps.read_card(guest.now, guest.moment())
    guest.now = steps.answer(guest.now, offered[1], guest.grant(offered[1]), guest.moment())
    guest.now = steps.go_on(steps.go_on(guest.now, guest.moment()), guest.moment())
    guest.review().sign()
    assert guest.now.asked == offered[:5] and guest.now.whose_turn is Role.SUBJECT
    guest.now = steps.choose_language(guest.now, Language("en"), guest.moment())
    while guest.now.step is not Step.USES:
        guest.now = steps.read_card(guest.now, guest.moment())
    with pytest.raises(Refused, match="not asked of whoever answered before"):
        steps.answer(guest.now, offered[6], guest.grant(offered[6]), guest.moment())
    opened = steps.open_more(guest.now, guest.moment())
    assert opened.asked == offered[:5]
