"""Words what keeps somebody's data and what erasing them does: at once, later, and what stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from safelight.domain.erasure import ErasurePlan
from safelight.domain.holds import LegalHold
from safelight.domain.ids import SubjectId
from safelight.settings.desk_texts import DeskTexts
from safelight.settings.locales import listed

from .rows import HoldLine, Keeping, Reasoned

Day = Callable[[date], str]


def keeping_of(words: DeskTexts, plans: Sequence[ErasurePlan], names: Callable[[SubjectId], str], day: Day) -> Keeping:
    """What keeps one person's data, over all their entries."""
    holds = [hold for plan in plans for hold in plan.facts.holds if hold.standing]
    begun = [plan.facts.waiting for plan in plans if plan.facts.waiting is not None]
    gone = bool(begun) and len(begun) == len(plans) and all(each.portrait_at is not None for each in begun)
    state = ""
    if begun:
        last = max(each.evidence_due for each in begun)
        asked = day(min(each.asked_at for each in begun).date())
        state = words.get("rights.erased_part" if gone else "rights.erasure_waits", asked=asked, day=day(last))
    told = () if gone or not plans else plan_sentences(words, plans, names, day)
    return Keeping(tuple(_hold(words, each, day) for each in holds), told, state, gone)


def plan_sentences(
    words: DeskTexts, plans: Sequence[ErasurePlan], names: Callable[[SubjectId], str], day: Day
) -> tuple[str, ...]:
    """What an erasure would do, in the order it happens."""
    photos = sum(len(plan.facts.photos) for plan in plans)
    waits = [hold for plan in plans for hold in plan.photos_wait]
    key = "rights.plan_photos_wait" if waits else "rights.plan_photos_go"
    sentences = [
        words.get("rights.plan_ends", n=sum(plan.facts.yeses for plan in plans)),
        words.get(key, n=photos),
        *_group(words, plans, names),
        *_proof(words, plans, day),
        words.get("rights.plan_ledger"),
    ]
    return tuple(sentences)


def stopping(words: DeskTexts, act: str) -> Reasoned:
    """The reason that is asked for before everything of a person is stopped (``restrict``), or let go on (``lift``)."""
    do = words.get(f"rights.{act}").removesuffix(" …")  # nothing more is asked after this
    missing = words.get("rights.say_why")
    return Reasoned(do, words.get(f"rights.{act}_told"), words.get("rights.hold_why"), do, True, missing)


def _group(words: DeskTexts, plans: Sequence[ErasurePlan], names: Callable[[SubjectId], str]) -> tuple[str, ...]:
    group = [each for plan in plans for each in plan.group]
    others = dict.fromkeys(one for each in group for one in each.others)
    if not group:
        return ()
    told = listed(words.language, "", [names(each) for each in others])
    return (words.get("rights.plan_group", n=len(group), names=told),)


def _proof(words: DeskTexts, plans: Sequence[ErasurePlan], day: Day) -> tuple[str, ...]:
    until = [plan.proof_until for plan in plans if plan.proof_until is not None]
    if not until:
        return (words.get("rights.plan_no_proof"),)
    receipts = sum(plan.facts.receipts for plan in plans)
    waits = (words.get("rights.plan_proof_waits"),) if any(plan.proof_waits for plan in plans) else ()
    return (words.get("rights.plan_proof", n=receipts, day=day(max(until))), *waits)


def _hold(words: DeskTexts, hold: LegalHold, day: Day) -> HoldLine:
    title = words.get(f"rights.hold_{hold.what.value}")
    return HoldLine(hold.id, title, words.get("rights.hold_told", why=hold.reason, day=day(hold.review)))
