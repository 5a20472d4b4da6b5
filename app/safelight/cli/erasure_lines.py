"""What an erasure did, or would do, as lines for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from safelight.domain.erasure import Erasure, ErasurePlan
from safelight.domain.holds import LegalHold
from safelight.domain.ids import SubjectId
from safelight.domain.plurals import counted

Names = Callable[[SubjectId], str]


def keys_gone(row: Erasure) -> list[str]:
    """What of a person does not exist any more."""
    gone = [("photos and ink are gone", row.portrait_at), ("the proof is gone", row.evidence_at)]
    return [what for what, at in gone if at is not None] or ["nothing went yet"]


def plan_lines(plan: ErasurePlan, name: Names) -> Iterator[str]:
    """What goes, what stays and until when, who holds copies, and what stands against it."""
    facts = plan.facts
    when = "goes now" if plan.portrait_now else "waits for a hold"
    yield f"{name(facts.person)} ({facts.person})"
    yield f"ends now: {counted(facts.yeses, 'yes', 'yeses')}; {counted(len(facts.recipients), 'notice')} to recipients"
    yield (
        f"{when}: {counted(len(facts.photos), 'photo')}, ink of {counted(facts.ink, 'signature')}, "
        f"{counted(facts.handwriting, 'file')} of handwriting, contact details"
    )
    for each in plan.group:
        yield f"  group photo {each.photo}: also {', '.join(map(name, each.others))}, who lose it too"
    if plan.proof_until is None:
        yield "stays: nothing; nothing was ever signed"
    else:
        waits = " and until a hold is released" if plan.proof_waits else ""
        yield (
            f"stays until {plan.proof_until}{waits}: {counted(facts.receipts, 'receipt')}, "
            f"{counted(facts.scans, 'scan')} (proof of the consent, for as long as it may be argued about)"
        )
    yield "stays: journal and ledger of what left, by random ids (what was sent to whom must be provable)"
    for copy in facts.recipients:
        yield f"has copies: {copy.name or copy.recipient} ({counted(copy.photos, 'photo')})"
    for place in facts.key_places:
        yield f"key copy to be rewritten: {place}"
    for hold in dict.fromkeys((*plan.photos_wait, *plan.proof_waits)):
        yield _hold(hold, name)
    for other in facts.linked:
        yield f"the same person in another session, not erased without --also-linked: {name(other)} ({other})"


def _hold(hold: LegalHold, name: Names) -> str:
    whose = name(hold.subject)
    return f"hold on {hold.what.value} of {whose} until it is released ({hold.id}), to be looked at on {hold.review}"
