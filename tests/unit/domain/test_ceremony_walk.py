"""Any order of acts by any parties: nothing is signed that was not shown, and nothing is added to what was agreed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from safelight.documents.jcs import sha256_hex
from safelight.documents.plain import dump, load
from safelight.domain import ceremony as c
from safelight.domain.choice import Answer, Choice, Grant
from safelight.domain.errors import Refused
from safelight.domain.ids import Country, Language, PhotoGuid, ScopeId, Sha256
from safelight.domain.people import Role
from safelight.domain.record import SignatureKind
from safelight.domain.scope import Mark
from safelight.domain.term import UNTIL_WITHDRAWN, Term, TermKind, Territory, TerritoryKind

OFFERED = tuple(map(ScopeId, ("use.portfolio", "use.advertising", "ai.retouch", "ai.train-recognition")))
AI = frozenset(OFFERED[2:])
NEEDS = {OFFERED[1]: Mark.INITIALS, OFFERED[3]: Mark.OWN}
PHOTOS = (PhotoGuid("p1"), PhotoGuid("p2"))
EEA = frozenset(map(Country, ("DE", "FR")))
GRANTS = (
    Grant(Term(TermKind.MONTHS, months=6), Territory(TerritoryKind.COUNTRY, frozenset({Country("DE")}))),
    Grant(Term(TermKind.MONTHS, months=12), Territory(TerritoryKind.EEA)),
    Grant(UNTIL_WITHDRAWN, Territory(TerritoryKind.WORLDWIDE)),
)
"""Each allows all that the one before does, and more."""
INK = Sha256("1" * 64)
START = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
SEEN: Counter[str] = Counter()


def width(now: c.Ceremony, scope: ScopeId) -> int:
    """How much is allowed: 0 for a no, then the place in :data:`GRANTS`; no library code decides it."""
    grant = now.choice(scope).grant
    return 0 if grant is None else 1 + [each.term for each in GRANTS].index(grant.term)


def content(now: c.Ceremony) -> Sha256:
    """The hash of everything a page says: whoever signs it signs just this."""
    marks = [[each.scope, each.evidence_sha256, each.turn] for each in now.marks]
    return sha256_hex(repr((now.language, now.choices, sorted(now.vetoed), marks)).encode())


class Walk(RuleBasedStateMachine):
    """A model beside the machine: what each party signed, as width per use and photos struck out."""

    @initialize(
        guardians=st.integers(0, 2),
        minor_first=st.booleans(),
        photos=st.integers(0, 2),
        earlier=st.sampled_from([None, None, GRANTS[0]]),
        struck=st.booleans(),
        ahead=st.sampled_from(range(32)),
    )
    def start(
        self, guardians: int, minor_first: bool, photos: int, earlier: Grant | None, struck: bool, ahead: int
    ) -> None:
        choices = None if earlier is None else [Choice(each, Answer.YES, earlier) for each in OFFERED]
        self.now = c.begin(
            OFFERED, AI, guardians, PHOTOS[:photos], NEEDS, minor_first, choices,
            vetoed=frozenset(PHOTOS[:1] if struck else ()), eea=EEA,
        )  # fmt: skip
        expected = [Role.GUARDIAN] * guardians
        expected.insert(0 if minor_first else guardians, Role.SUBJECT)
        assert list(self.now.parties) == expected
        self.second = 0
        self.signed: list[tuple[dict[ScopeId, int], frozenset[PhotoGuid]]] = []
        self.shown: Sha256 | None = None
        self.questions = 0
        self.forward(ahead, True, False)

    def attempt(self, act: Any, *args: Any) -> bool:
        """Try it: refused leaves everything as it was, done is written down once, by whom it is due, with its step."""
        self.second += 1
        before = self.now
        at = c.Moment(START + dt.timedelta(seconds=self.second), before.whose_turn, "touch")
        try:
            after = act(before, *args, at)
        except Refused:
            return False
        assert not before.stopped or act is c.resume
        assert before.step is not c.Step.DONE
        assert after.acts[:-1] == before.acts
        assert (after.acts[-1].step, after.acts[-1].by) == (before.step.value, before.whose_turn)
        if before.step in (c.Step.RECEIPT, c.Step.DONE):
            assert (after.choices, after.vetoed, after.marks, after.signatures) == (
                before.choices, before.vetoed, before.marks, before.signatures
            )  # fmt: skip
        self.now = after
        return True

    @rule(scope=st.sampled_from(OFFERED), grant=st.sampled_from([None, *GRANTS]))
    def answer(self, scope: ScopeId, grant: Grant | None) -> None:
        if self.attempt(c.answer, scope, grant) and grant is not None:
            for widths, _ in self.signed:
                assert widths[scope] > 0, "a yes where somebody before had said no"

    @rule(act=st.sampled_from([c.read_card, c.go_on, c.go_back, c.refuse_all, c.stop, c.take_receipt, c.resume]))
    def move(self, act: Any) -> None:
        self.attempt(act)

    @rule(to=st.sampled_from(list(c.Step)))
    def back_to(self, to: c.Step) -> None:
        self.attempt(lambda now, at: c.go_back(now, at, to))

    @rule(photo=st.sampled_from(PHOTOS), keep=st.booleans())
    def judge(self, photo: PhotoGuid, keep: bool) -> None:
        self.attempt(c.judge_photo, photo, keep)

    @rule(scope=st.sampled_from(OFFERED), kind=st.sampled_from(SignatureKind))
    def mark(self, scope: ScopeId, kind: SignatureKind) -> None:
        self.attempt(c.give_mark, scope, kind, INK)

    @rule(language=st.sampled_from(["en", "ar"]))
    def language(self, language: str) -> None:
        self.attempt(c.choose_language, Language(language))

    @rule(right=st.booleans(), told_again=st.booleans())
    def question(self, right: bool, told_again: bool) -> None:
        answered = self.attempt(lambda now, at: c.answer_question(now, right, at, told_again))
        if answered and (right or told_again):
            self.questions += 1

    @rule()
    def show(self) -> None:
        if self.attempt(c.show_page, content(self.now)):
            self.shown = content(self.now)

    @rule()
    def sign(self) -> None:
        before = self.now
        if not self.attempt(c.sign, SignatureKind.INK, INK):
            return
        assert self.shown == content(before) == self.now.signatures[-1].page, "signed is what was shown, no more"
        if set(before.yes) & AI:
            assert self.questions >= c.QUESTIONS
        for scope in set(before.yes) & set(NEEDS):
            assert (scope, before.turn) in {(each.scope, each.turn) for each in before.marks}
        self.signed.append(({each: width(before, each) for each in OFFERED}, before.vetoed))
        self.shown, self.questions = None, 0
        SEEN[f"signed by {len(self.signed)} of {len(before.parties)}"] += 1
        SEEN["signed yes"] += bool(before.yes)
        SEEN["signed with a mark"] += bool(before.marks)

    @rule(times=st.sampled_from(range(1, 12)), willing=st.booleans(), pausing=st.booleans())
    def forward(self, times: int, willing: bool, pausing: bool) -> None:
        """What somebody in a hurry does next, so that walks reach the end."""
        for _ in range(times):
            if pausing:
                self.pause_and_go_on_elsewhere()
            match self.now.step:
                case _ if self.now.stopped:
                    self.move(c.resume)
                case c.Step.LANGUAGE:
                    self.language("en")
                case c.Step.NOTICE:
                    self.move(c.read_card)
                case c.Step.QUESTIONS:
                    self.question(True, False)
                case c.Step.SIGNATURE:
                    self.sign()
                case c.Step.RECEIPT | c.Step.DONE:
                    self.move(c.take_receipt)
                case step:
                    for scope in OFFERED if willing and step is c.Step.USES else ():
                        self.answer(scope, GRANTS[1])
                    for scope in c.unmarked(self.now):
                        self.mark(scope, SignatureKind.INK)
                    if step is c.Step.REVIEW:
                        self.show()
                    self.move(c.go_on)

    @rule()
    def pause_and_go_on_elsewhere(self) -> None:
        """At any step: sealed as bytes, opened on another device, taken up again; nothing else is different."""
        if self.now.stopped or self.now.step is c.Step.DONE:
            return
        before = self.now
        self.attempt(c.stop)
        self.now = load(c.Ceremony, dump(self.now), "a ceremony")
        self.attempt(c.resume)
        assert replace(self.now, acts=before.acts) == before
        SEEN[f"paused at {before.step.value}"] += 1

    @invariant()
    def nothing_is_added_to_what_was_signed(self) -> None:
        now = self.now
        for widths, struck in self.signed:
            assert all(width(now, scope) <= widths[scope] for scope in OFFERED)
            assert struck <= now.vetoed
        if now.step in (c.Step.RECEIPT, c.Step.DONE):
            widths, struck = self.signed[-1]
            assert {each: width(now, each) for each in OFFERED} == widths
            assert now.vetoed == struck
            assert len(self.signed) == len(now.parties)

    @invariant()
    def the_value_makes_sense(self) -> None:
        now = self.now
        times = [each.at for each in now.acts]
        assert times == sorted(times)
        assert [each.scope for each in now.choices] == list(OFFERED)
        assert now.vetoed <= set(now.photos)
        assert {each.scope for each in now.marks} <= set(now.yes) & set(NEEDS)
        assert all(now.choice(each).grant.mark is NEEDS.get(each, Mark.NONE) for each in now.yes)  # type: ignore[union-attr]
        assert len(now.signatures) == len(self.signed) == now.turn + (now.step in (c.Step.RECEIPT, c.Step.DONE))
        assert tuple(each.by for each in now.signatures) == now.parties[: len(now.signatures)]
        if now.step is c.Step.SIGNATURE:
            assert now.page == content(now) and not c.unmarked(now)
        if now.step is c.Step.PHOTOS:
            assert now.photos
        if now.step is c.Step.TERM:
            assert now.yes
        if now.step is c.Step.QUESTIONS:
            assert set(now.yes) & AI


def test_any_order_of_acts() -> None:
    SEEN.clear()
    wanted = settings(
        max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Walk, settings=wanted)
    # A walk that never got anywhere would prove nothing.
    assert SEEN["signed yes"] > 20 and SEEN["signed with a mark"] > 10, SEEN
    assert SEEN["signed by 2 of 2"] and SEEN["signed by 3 of 3"] and SEEN["signed by 1 of 1"], SEEN
    missing = {each.value for each in c.Step} - {"done"} - {key[10:] for key in SEEN if key.startswith("paused at ")}
    assert not missing, SEEN
