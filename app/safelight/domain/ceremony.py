"""How a person is asked: a pure step machine that the signing screen, the tablet and the command line all drive."""

from __future__ import annotations

from dataclasses import replace

from .acts import (
    Act,
    ActContent,
    CardRead,
    LanguageChosen,
    NamedAct,
    PageShown,
    PhotoJudged,
    Signed,
    UseAnswered,
    UseMarked,
    act_text,
)
from .ceremony_state import (
    CARDS,
    ORDER,
    QUESTIONS,
    Ceremony,
    Moment,
    Signature,
    Step,
    begin,
    unmarked,
)
from .choice import Answer, Choice, Grant
from .days import local_day
from .errors import Refused
from .ids import Language, PhotoGuid, ScopeId, Sha256
from .people import Role
from .record import SignatureKind
from .scope import Mark
from .turns import Agreed, MarkGiven, with_mark, within

__all__ = [
    "CARDS",
    "MAY_ACT",
    "ORDER",
    "QUESTIONS",
    "Agreed",
    "Ceremony",
    "MarkGiven",
    "Moment",
    "Signature",
    "Step",
    "answer",
    "answer_question",
    "begin",
    "choose_language",
    "give_mark",
    "go_back",
    "go_on",
    "judge_photo",
    "open_more",
    "read_card",
    "refuse_all",
    "resume",
    "show_page",
    "sign",
    "stop",
    "take_receipt",
    "unmarked",
]

MAY_ACT = frozenset({Role.SUBJECT, Role.GUARDIAN})
"""Only the person and, for a minor, the guardian answer; staff never do (design rule 2, CJEU C-61/19)."""


def choose_language(now: Ceremony, language: Language, moment: Moment) -> Ceremony:
    """Speak ``language`` from here on; possible at any step, answers stay.

    The page to be signed is another one then: who stood before the signature goes back to read it.
    """
    spoken = _did(now, moment, LanguageChosen(language), anywhere=True)
    if now.step is Step.LANGUAGE:
        return replace(spoken, language=language, step=Step.NOTICE, page=None)
    if language == now.language or now.step is Step.RECEIPT:
        return replace(spoken, language=language)
    step = Step.REVIEW if now.step is Step.SIGNATURE else now.step
    return replace(spoken, language=language, step=step, page=None)


def read_card(now: Ceremony, moment: Moment) -> Ceremony:
    """One of the five cards was shown; after the last the photos follow, or the uses where there are none."""
    read = replace(_did(now, moment, CardRead(now.cards_read + 1), Step.NOTICE), cards_read=now.cards_read + 1)
    return read if read.cards_read < CARDS else replace(read, step=_following(read))


def judge_photo(now: Ceremony, guid: PhotoGuid, keep: bool, moment: Moment) -> Ceremony:
    """Strike out one of the person's photos, or let it stand again; what somebody before struck out stays out."""
    if guid not in now.photos:
        raise Refused("This photo is not part of the ceremony.", "Nothing was changed.")
    if keep and now.agreed is not None and guid in now.agreed.vetoed:
        raise Refused("Somebody before you struck this photo out.", "Either no counts; the photo stays out.")
    judged = _did(now, moment, PhotoJudged(guid, keep), Step.PHOTOS)
    return replace(judged, vetoed=now.vetoed - {guid} if keep else now.vetoed | {guid}, page=None)


def open_more(now: Ceremony, moment: Moment) -> Ceremony:
    """The uses beyond the first sheet are on the screen too: from here on they count as asked."""
    return _did(now, moment, NamedAct.MORE_USES, Step.USES)


def answer(now: Ceremony, scope: ScopeId, grant: Grant | None, moment: Moment) -> Ceremony:
    """Yes with its limits, or no (``grant`` None), to one use.

    A later party cannot turn an earlier no into a yes, nor go beyond the limits agreed before: a plain yes at the uses
    takes those over, anything wider later is refused. A no drops the marks of that use; changed limits drop a signature
    of its own or a contract page given for the old ones. A late yes still meets its marks and the questions.
    """
    before = now.choice(scope)
    if now.turn and scope not in now.asked:
        raise Refused("This was not asked of whoever answered before you.", "Nothing was changed.")
    said = UseAnswered(scope, grant is not None)
    given = _did(now, moment, said, Step.USES, Step.TERM, Step.QUESTIONS, Step.REVIEW)
    changed = Choice(scope) if grant is None else Choice(scope, Answer.YES, _allowed(now, scope, grant, moment))
    changed = with_mark(changed, now.need(scope))
    outdated = changed != before and now.need(scope) is not Mark.INITIALS
    choices = tuple(changed if each.scope == scope else each for each in now.choices)
    return _settled(_with_choices(given, choices, {scope} if outdated else set()))


def give_mark(now: Ceremony, scope: ScopeId, kind: SignatureKind, sha256: Sha256, moment: Moment) -> Ceremony:
    """The initials, own signature or signed contract page that the yes to ``scope`` needs; a second one replaces it."""
    wanted = now.need(scope)
    if now.choice(scope).answer is Answer.NO or wanted is Mark.NONE:
        raise Refused(f"'{scope}' needs no mark.", "Only a yes to some uses is marked; nothing was changed.")
    given = _did(now, moment, UseMarked(scope, wanted, kind), Step.USES, Step.TERM)
    mark = MarkGiven(scope, moment.by, kind, sha256, given.acts[-1].at, now.turn)
    others = tuple(each for each in now.marks if (each.scope, each.turn) != (scope, now.turn))
    return replace(given, marks=(*others, mark), page=None)


def refuse_all(now: Ceremony, moment: Moment) -> Ceremony:
    """No to everything: one act from any step after the language, straight to the page that is signed.

    Uses that were not shown yet stay unasked; what was allowed of them earlier ends with the rest.
    """
    steps = [each for each in ORDER if Step.LANGUAGE is not each and ORDER.index(each) <= ORDER.index(Step.SIGNATURE)]
    refused = _did(now, moment, NamedAct.NO_TO_EVERYTHING, *steps)
    nothing = tuple(Choice(scope) for scope in now.offered)
    return replace(_with_choices(refused, nothing), step=Step.REVIEW)


def go_on(now: Ceremony, moment: Moment) -> Ceremony:
    """Leave a finished step for the next that applies.

    Raises :class:`Refused` while a yes lacks its mark, and at the review until the page to be signed was shown.
    """
    left = _did(now, moment, NamedAct.NEXT, Step.PHOTOS, Step.USES, Step.TERM, Step.REVIEW)
    if now.step is Step.TERM:
        _check_marked(now)
    if now.step is Step.REVIEW:
        _shown_page(now)
    return replace(left, step=_following(left))


def go_back(now: Ceremony, moment: Moment, to: Step | None = None) -> Ceremony:
    """Return with everything kept; not possible once signed.

    ``to`` is the photos, the uses or the terms; left out it is the uses, and from the uses the photos.
    """
    back = _did(now, moment, NamedAct.BACK, Step.USES, Step.TERM, Step.QUESTIONS, Step.REVIEW, Step.SIGNATURE)
    goal = to or (Step.PHOTOS if now.step is Step.USES else Step.USES)
    possible = {Step.PHOTOS: bool(now.photos), Step.USES: True, Step.TERM: bool(now.yes)}
    if not possible.get(goal) or ORDER.index(goal) >= ORDER.index(now.step):
        raise Refused(f"There is no way back to the step '{goal.value}' from here.", "Nothing was changed.")
    return replace(back, step=goal, page=None)


def answer_question(now: Ceremony, understood: bool, moment: Moment, told_again: bool = False) -> Ceremony:
    """One of the two questions; a wrong answer is explained again and never bars the way (design rule 8).

    ``told_again`` says that this question was just explained again: then any answer leads on.
    """
    put = _did(now, moment, NamedAct.QUESTION, Step.QUESTIONS)
    if not (understood or told_again):
        return replace(put, explained_again=put.explained_again + 1)
    put = replace(put, questions_put=put.questions_put + 1)
    return put if put.questions_put < QUESTIONS else replace(put, step=_following(put))


def show_page(now: Ceremony, sha256: Sha256, moment: Moment) -> Ceremony:
    """The page to be signed is on the screen; ``sha256`` names its very bytes."""
    return replace(_did(now, moment, PageShown(sha256), Step.REVIEW), page=sha256)


def sign(now: Ceremony, kind: SignatureKind, evidence_sha256: Sha256, moment: Moment) -> Ceremony:
    """Sign the page that was shown; the next party starts with these answers, or the receipt follows."""
    signed = _did(now, moment, Signed(kind), Step.SIGNATURE)
    page = _shown_page(now)
    mine = Signature(now.whose_turn, kind, evidence_sha256, signed.acts[-1].at, page, now.language)
    signed = replace(signed, signatures=(*now.signatures, mine))
    if now.turn + 1 == len(now.parties):
        return replace(signed, step=Step.RECEIPT)
    return replace(
        signed,
        turn=now.turn + 1,
        step=Step.LANGUAGE,
        cards_read=0,
        questions_put=0,
        page=None,
        agreed=Agreed(now.choices, now.vetoed, now.marks),
    )


def take_receipt(now: Ceremony, moment: Moment) -> Ceremony:
    """The receipt was handed over; the ceremony is complete."""
    return replace(_did(now, moment, NamedAct.RECEIPT, Step.RECEIPT), step=Step.DONE)


def stop(now: Ceremony, moment: Moment) -> Ceremony:
    """Pause; everything answered is kept and nothing is signed."""
    return replace(_did(now, moment, NamedAct.STOP, anywhere=True), stopped=True)


def resume(now: Ceremony, moment: Moment) -> Ceremony:
    """Take a paused ceremony up again, on whatever device."""
    if not now.stopped:
        raise Refused("This ceremony was not paused.")
    return _did(replace(now, stopped=False), moment, NamedAct.RESUME, anywhere=True)


def _following(now: Ceremony) -> Step:
    """The next step that applies."""
    applies = {
        Step.PHOTOS: bool(now.photos),
        Step.TERM: bool(now.yes),
        Step.QUESTIONS: now.asks_about_ai and now.questions_put < QUESTIONS,
    }
    return next(each for each in ORDER[ORDER.index(now.step) + 1 :] if applies.get(each, True))


def _allowed(now: Ceremony, scope: ScopeId, grant: Grant, moment: Moment) -> Grant:
    """``grant``, unless it goes beyond what the parties before agreed to."""
    if now.agreed is None:
        return grant
    agreed = now.agreed.grant(scope)
    if agreed is None:
        raise Refused("Somebody before you said no to this.", "Either no counts; the answer stays no.")
    if within(grant, agreed, local_day(moment.at, now.utc_offset_minutes), now.eea):
        return grant
    if now.step is Step.USES:
        return agreed
    raise Refused("This goes beyond what somebody before you agreed to.", "Choose less, or no; nothing was changed.")


def _with_choices(now: Ceremony, choices: tuple[Choice, ...], outdated: set[ScopeId] | None = None) -> Ceremony:
    """``now`` with these answers: only a yes keeps its marks, and no page of other answers counts as shown."""
    changed = replace(now, choices=choices, page=None)
    mine = tuple(each for each in now.marks if each.turn == now.turn and each.scope not in (outdated or ()))
    before = now.agreed.marks if now.agreed is not None else ()
    return replace(changed, marks=tuple(each for each in (*before, *mine) if each.scope in changed.yes))


def _settled(now: Ceremony) -> Ceremony:
    """``now`` at a step that still applies after an answer changed."""
    if now.step in (Step.QUESTIONS, Step.REVIEW) and unmarked(now):
        return replace(now, step=Step.TERM)
    if now.step is Step.TERM and not now.yes or now.step is Step.QUESTIONS and not now.asks_about_ai:
        return replace(now, step=Step.REVIEW)
    if now.step is Step.REVIEW and now.asks_about_ai and now.questions_put < QUESTIONS:
        return replace(now, step=Step.QUESTIONS)
    return now


def _check_marked(now: Ceremony) -> None:
    missing = unmarked(now)
    if missing:
        raise Refused("A yes still lacks its own mark: " + ", ".join(missing) + ".", "Mark it or say no to it.")


def _shown_page(now: Ceremony) -> Sha256:
    _check_marked(now)
    if now.page is None:
        raise Refused("The page to be signed was not shown yet.", "Show it first; everything answered is kept.")
    return now.page


def _did(now: Ceremony, moment: Moment, what: ActContent, *steps: Step, anywhere: bool = False) -> Ceremony:
    """``now`` with the act written down, if this person may do this here; time never runs backwards."""
    if moment.by not in MAY_ACT or moment.by is not now.whose_turn:
        raise Refused(f"It is the {now.whose_turn.value} who answers here.", "Hand the screen over.")
    if now.stopped or now.step is Step.DONE:
        raise Refused("This ceremony is paused or over.", "Nothing was changed.")
    if not anywhere and now.step not in steps:
        raise Refused(f"'{act_text(what)}' is not possible at the step '{now.step.value}'.", "Nothing was changed.")
    at = max(moment.at, now.acts[-1].at) if now.acts else moment.at
    return replace(now, acts=(*now.acts, Act(at, now.step.value, what, moment.by, moment.mode)))
