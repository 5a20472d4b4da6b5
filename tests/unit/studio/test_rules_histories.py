"""THE property: whatever rules are adopted over ten years, no signed day moves, and four readers agree on each of them.

One studio adopts random rules again and again: longer and shorter terms, uses dropped, brought back and made up, other
words, marks and checks. People sign in between, some again, some as minors. What a signing must say is worked out from
the raw lists of that day (``account``) and from nothing of the program. The studio, the receipt, an agency that knows
only the rules of the beginning, and the second reader of bundles are asked about the days around each end.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from end_to_end import second_reader
from safelight.agency import founding as agencies
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import consent_until
from safelight.agency.questions import may as asked_by_agency
from safelight.agency.trust import trust_studio
from safelight.documents.record import read_document
from safelight.documents.rules import LISTS
from safelight.domain.choice import Answer, Choice, Grant, ReplicaTerms
from safelight.domain.ids import Country, RecordId, ScopeId
from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.domain.scope import Mark
from safelight.domain.session import Session
from safelight.domain.term import Term, TermKind
from safelight.domain.usage import Question, may
from safelight.keys.passphrases import FLOOR_COST
from safelight.studio.consent_snapshots import snapshots_of_all, standing_of
from safelight.studio.exports import export_bundle
from safelight.studio.founding import studio_card
from safelight.studio.retired_uses import reading_catalogue
from safelight.studio.rules import adopt_rules, adoptions, lists_at_work, read_change
from support.sampling import examples
from support.shoot import EVERYWHERE, GUARDIAN, Shoot
from support.slow_rules import months_later

ADOPTIONS = examples(24, 1000)
YEARS = 10
CAPS = (6, 12, 24, 36, 60, 120)
TO = "Lumiere"
Lists = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What one record must say, by the raw rules of the day it was signed on; ``end`` is the last day it counts."""

    record: RecordId
    first: dt.date
    last: dt.date
    review: dt.date | None
    sleeps: dt.date | None
    adult_on: dt.date | None

    @property
    def end(self) -> dt.date:
        days = [self.last, self.sleeps, self.adult_on - dt.timedelta(days=1) if self.adult_on else None]
        return min(day for day in days if day is not None)


@dataclass
class Life:
    """One person: their session and photo, and what each of their yeses must say for ever."""

    person: Subject
    session: Session
    photo: Photo
    account: dict[str, Told] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


def test_no_rules_move_a_signed_day(shoot: Shoot, stock_tool: Callable[[str], str], tmp_path: Path) -> None:
    stock_tool("age"), stock_tool("ssh-keygen")
    dice = random.Random(20260504)
    readers = Readers(shoot, tmp_path)
    lives: list[Life] = []
    retired: set[str] = set()
    hashes: set[str | None] = {shoot.studio.rules.sha256}
    with readers.agency:
        for number in range(1, ADOPTIONS + 1):
            shoot.clock.on(days=max(1, round(YEARS * 365 / ADOPTIONS * dice.uniform(0.5, 1.5))))
            asked_before = set(shoot.studio.rules.catalogue.asked_ids())
            changed = another(dice, lists_at_work(shoot.studio), number, shoot.studio.today())
            shoot.studio, _ = adopt_rules(shoot.studio, read_change(shoot.studio, changed))
            hashes.add(shoot.studio.rules.sha256)
            retired |= asked_before - set(shoot.studio.rules.catalogue.asked_ids())
            if number % 50 == 0:
                shoot.reopen()
            lives.append(new_life(dice, shoot))
            if dice.random() < 0.3:
                sign(dice, shoot, dice.choice(lives))
            for life in dice.sample(lives, min(len(lives), 4)):
                check_days(shoot, life, hashes)
            readers.check(dice, dice.choice(lives[-6:]), number)
        for life in lives:
            check_days(shoot, life, hashes)
        everybody = snapshots_of_all(shoot.studio)
        assert {use for life in lives for use in everybody[life.person.id].states} >= retired & {
            use for life in lives for use in (*life.account, *life.refused)
        }
    assert retired and readers.asked > ADOPTIONS and {True, False} == readers.told
    assert {"last", "sleeps", "adult"} == readers.ended_by, "each kind of end was looked at"
    assert len(adoptions(shoot.studio)) == ADOPTIONS + 1


def another(dice: random.Random, lists: Any, number: int, today: dt.date) -> dict[str, bytes]:
    """Other rules than ``lists``: three to six things are different."""
    made: Lists = copy.deepcopy(dict(lists))
    scopes: list[dict[str, Any]] = made["scopes"]["scopes"]
    for each in made.values():
        each["as_of"] = "2026-04"
    made["scopes"]["version"] = f"{today:%Y-%m}.{number}"
    for _ in range(dice.randint(3, 6)):
        asked = [each for each in scopes if each["kind"] == "consent"]
        scope = dice.choice(asked)
        what = dice.choice(("cap", "cap", "ai", "drop", "drop", "new", "words", "check", "mark", "terms"))
        if what == "cap":
            scope["max_term_months"] = dice.choice(CAPS)
        elif what == "ai":
            scope["ai"] = not scope["ai"]
        elif what == "drop" and len(asked) > 5:
            scopes.remove(scope)
        elif what == "new" and len(scopes) < 30:
            id = f"use.made-up-{dice.choice('abcdefgh')}"
            if all(each["id"] != id for each in scopes):
                scopes.append(copy.deepcopy(scope) | {"id": id, "minors_rule": "guardian+assent"})
        elif what == "words":
            scope["text"] = dict(scope["text"], en=f"You may use my photo as agreed in version {number}.")
        elif what == "check":
            scope["needs_validation"] = not scope["needs_validation"]
        elif what == "mark":
            scope["signature"] = dice.choice(("none", "initials", "own"))
        else:
            sold = "https://w3id.org/dpv#SellDataToThirdParties"
            scope["dpv"] = [each for each in scope["dpv"] if each != sold] + [sold] * (sold not in scope["dpv"])
    return {each: json.dumps(made[each]).encode() for each in LISTS}


def new_life(dice: random.Random, shoot: Shoot) -> Life:
    session = shoot.new_session(where="DE")
    today = shoot.studio.today()
    young = dice.random() < 0.5
    born = today - dt.timedelta(days=dice.randint(12 * 365, 17 * 365)) if young else None
    person = shoot.person(f"Person {dice.random()}", *((GUARDIAN,) if young else ()), born=born, session=session)
    life = Life(person, session, shoot.photo(person, session=session))
    sign(dice, shoot, life)
    return life


def sign(dice: random.Random, shoot: Shoot, life: Life) -> None:
    """Random answers to what is asked today of this person, and what each of them must say."""
    lists, today = lists_at_work(shoot.studio), shoot.studio.today()
    life.person = person = shoot.studio.archive.subjects.get(life.person.id)
    grown = None if person.born is None else months_later(person.born, 18 * 12)
    if grown is not None and (grown.month, grown.day) != (person.born.month, person.born.day):  # type: ignore[union-attr]
        grown = dt.date(grown.year, 3, 1)
    minor = grown is not None and today < grown
    answers: list[Choice] = []
    expected: dict[str, tuple[dict[str, Any], int | None]] = {}
    for scope in lists["scopes"]["scopes"]:
        if scope["id"] not in life.session.offered or scope["kind"] == "notice":
            continue
        yes = dice.random() < 0.7 and not (minor and scope["minors_rule"] == "blocked")
        months = dice.choice((*CAPS, None))
        answers.append(Choice(ScopeId(scope["id"]), Answer.YES, grant(shoot, scope, months)) if yes
                       else Choice(ScopeId(scope["id"])))  # fmt: skip
        if yes:
            expected[scope["id"]] = scope, months
    if not answers:
        return
    recorded = shoot.ask(person, *answers, session=life.session, rest_is_no=False)
    shoot.check(person)
    for choice in answers:
        life.account.pop(choice.scope, None)
        life.refused.add(choice.scope)
    for use, (scope, months) in expected.items():
        record = recorded.receipt.record_for(ScopeId(use))
        assert record is not None
        cap = scope.get("hard_cap_months") or scope["max_term_months"]
        review = months_later(today, 12) if scope["ai"] or months is None else None
        life.account[use] = Told(
            record.id, today, months_later(today, min(cap, months or cap)), review,
            review + dt.timedelta(days=30) if review else None, grown if minor else None,
        )  # fmt: skip
        life.refused.discard(use)


def grant(shoot: Shoot, scope: dict[str, Any], months: int | None) -> Grant:
    mark = Mark(scope["signature"])
    page = ReplicaTerms("a film", "100 EUR", "nobody", "always") if mark is Mark.PAGE else None
    term = Term(TermKind.WITHDRAWN) if months is None else Term(TermKind.MONTHS, months=months)
    return Grant(term, EVERYWHERE, (shoot.agencies[TO].id,), mark=mark, replica=page)


def check_days(shoot: Shoot, life: Life, hashes: set[str | None]) -> None:
    """The studio and the signed receipts say of each yes what it had to say when it was signed."""
    standing = standing_of(shoot.studio, life.person.id)
    states = standing.snapshot.states
    assert {use for use, state in states.items() if state.given} == set(life.account)
    documents = {each.receipt.id: read_document(each.document).receipt for each in standing.receipts}
    for use, told in life.account.items():
        state = states[ScopeId(use)]
        assert state.record == told.record
        found = (state.last_day, state.review_due, state.sleeps_after, state.adult_on)
        assert found == (told.last, told.review, told.sleeps, told.adult_on), (use, told)
        read = documents[standing.receipt_of(told.record).receipt.id]
        record = read.record_for(ScopeId(use))
        assert record is not None
        signed = (record.last_day, record.review_due, record.sleeps_after, read.adult_on)
        assert signed == found and read.rules_sha256 in hashes


class Readers:
    """The studio, an agency with the rules of the beginning, and the second reader, asked the same."""

    def __init__(self, shoot: Shoot, place: Path) -> None:
        self.shoot, self.place = shoot, place
        self.asked, self.told, self.ended_by = 0, set[bool](), set[str]()
        own = shoot.agencies[TO]
        wanted = agencies.Founding(own.name, own.country, own.recipient.contact)
        self.agency: OpenAgency = agencies.found_agency(
            place / "agency", wanted, "a passphrase of theirs", clock=shoot.clock, cost=FLOOR_COST,
            identity=own.identity,
        )  # fmt: skip
        trust_studio(self.agency, studio_card(shoot.studio))
        self.key, self.signers = place / "key.txt", place / "signers"
        self.key.write_text(own.identity + "\n")
        self.signers.write_text(f"{shoot.studio.identity.id} {shoot.studio.signer.public_ssh}\n")

    def check(self, dice: random.Random, life: Life, number: int) -> None:
        """One bundle for a use this person allowed, retired or not, and the days around its end."""
        studio, today = self.shoot.studio, self.shoot.studio.today()
        leaving = [use for use, told in life.account.items() if told.first <= today <= told.end
                   and reading_catalogue(studio, use).scope(use).handed_on]  # fmt: skip
        if not leaving:
            return
        use = ScopeId(dice.choice(leaving))
        bundle = self.place / f"{number}.age"
        export_bundle(studio, life.session, self.shoot.wish(TO, use), bundle)
        import_bundle(self.agency, bundle)
        opened = second_reader.Bundle(bundle, self.key, self.signers, studio.identity.id)
        # Whether the list is fresh is another matter: here only what was signed counts.
        for_ever = {number: {**each, "validUntil": "9999-12-31T00:00:00Z"} for number, each in opened.statuses.items()}
        told, snapshot = life.account[use], standing_of(studio, life.person.id).snapshot
        for day in (told.first, today, told.end, told.end + dt.timedelta(days=1), told.last + dt.timedelta(days=1)):
            expected = told.first <= day <= told.end
            question = Question(life.photo.guid, use, Country("FR"), day, self.shoot.agencies[TO].id)
            ours = may(question, [snapshot], reading_catalogue(studio, use), studio.rules.adequacy.eea)
            assert (ours.allowed, ours.expires) == (expected, told.end if expected else None), (use, day, ours)
            answer, _ = asked_by_agency(self.agency, life.photo.guid, use, "FR", day)
            theirs = answer.if_fresh or answer.decision
            until = consent_until(self.agency, answer) if answer.decision.allowed else theirs.expires
            assert (theirs.allowed, until) == (ours.allowed, ours.expires), (use, day, answer)
            why, last = second_reader.answer(opened, for_ever, {
                "photo": life.photo.guid, "use": use, "place": "FR", "day": day.isoformat(),
            })  # fmt: skip
            assert (not why, last) == (expected, str(ours.expires or "")), (use, day, why)
            self.asked += 1
            self.told.add(expected)
        self.ended_by.add("last" if told.end == told.last else "sleeps" if told.end == told.sleeps else "adult")
