"""Taking back at a signing screen, for one person: the code of a receipt stops things and reads nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.identity import confirms, readings
from safelight.domain.ids import ScopeId, SubjectId
from safelight.domain.people import Role
from safelight.domain.scope import Catalogue
from safelight.domain.session import Session
from safelight.domain.sitting import MayTakeBack, TakenBack
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.storage.rows import SignedReceiptFile
from safelight.studio.badges import is_typed, whose_badge
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.identifying import facts_that_count
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.people import same_people
from safelight.studio.rate_limiter import IDENTITY, RateLimiter
from safelight.studio.retired_uses import readable
from safelight.studio.withdrawal_papers import withdrawal_papers
from safelight.studio.withdrawing import Withdrawn, withdraw


class ScreenWithdrawal:
    """What whoever holds a receipt's code, or a badge of the session, may do. Every method may be called on any thread.

    Nothing of it grants, erases or opens anything, and no seat is taken: a sitting of theirs goes on undisturbed.
    """

    def __init__(
        self,
        studio: OpenStudio,
        session: Session,
        subject: SubjectId,
        changed: Callable[[Changes], None],
        *,
        proven: bool,
    ) -> None:
        """``proven``: they came by something that is not on the receipt. ``changed`` hears of what was written."""
        self._studio, self._session, self._subject = studio, session, subject
        self._changed = changed
        self._guard = threading.Lock()
        self._done: Withdrawn | None = None
        self._shown = self._as_proven() if proven else self._by_code()

    @property
    def shown(self) -> MayTakeBack:
        """What the screen may show now; with the code alone it is the same whatever was answered."""
        with self._guard:
            return self._shown

    def prove(self, untrusted_fact: str) -> bool:
        """Whether this is something of theirs that is not on the receipt: from then on their yeses are shown.

        That is the birth date as it is on file, an e-mail address or telephone number, or a badge of the session.
        Raises :class:`TooManyGuesses` after wrong ones; a badge held up is let in even then.
        """
        if not is_typed(untrusted_fact) and self._is_badge(untrusted_fact):
            proven = True
        else:
            tries = RateLimiter(self._studio, IDENTITY, self._subject)
            proven = tries.judged(lambda: self._is_badge(untrusted_fact) or self._is_fact(untrusted_fact))
        if proven:
            with self._guard:
                self._shown = self._as_proven()
        return proven

    def take_back(self, uses: frozenset[ScopeId] | None, by: Role) -> TakenBack:
        """End the yeses for ``uses`` (None: all) in the role they say they act in, with the letter that confirms it.

        What may be shown as ended is, with the code alone, what was named, whether it was a yes or not. Called again
        after a failure it goes on where it stopped. Raises :class:`WrongUsage` for a role nobody is on file in.
        """
        shown = self.shown
        if by is not Role.SUBJECT and not (by is Role.GUARDIAN and shown.guardian):
            raise WrongUsage("Nobody is on file in this role.", "Nothing was taken back.")
        # A code says whose receipt it is, not who holds it: the receipt of this then names nobody who acted.
        channel = Channel.SCREEN if shown.proven else Channel.CODE
        done = self._withdrawn(Withdrawal(self._subject, by, channel, uses))
        ended = {each.scope for each in done.ended}
        named = (each for each in shown.uses if uses is None or each in uses)
        stopped = (each.id for each in shown.catalogue.known() if each.id in ended) if shown.proven else named
        if not ended:
            return TakenBack(tuple(stopped))
        papers = withdrawal_papers(self._studio, done)
        return TakenBack(tuple(stopped), papers.name.removesuffix(".pdf") + ".eml", papers.letter)

    # Inside.

    def _withdrawn(self, wanted: Withdrawal) -> Withdrawn:
        """What taking back did; the same again where it was done and only the letter failed."""
        with self._guard:
            if self._done is None or self._done.withdrawal != wanted:
                self._done, changes = withdraw(self._studio, wanted)
                self._changed(changes)
            return self._done

    def _entries(self) -> tuple[SubjectId, ...]:
        return (self._subject, *same_people(self._studio, self._subject))

    def _receipts(self) -> tuple[SignedReceiptFile, ...]:
        return tuple(file for each in self._entries() for file in self._studio.archive.consents.receipts_of(each))

    def _is_badge(self, untrusted_text: str) -> bool:
        return whose_badge(self._studio, self._session, untrusted_text) in self._entries()

    def _is_fact(self, untrusted_text: str) -> bool:
        counting = facts_that_count(self._studio, self._subject)
        person = self._studio.archive.subjects.get(self._subject)
        return any(
            fact in counting and confirms(person, fact, said) for fact, said in readings(untrusted_text)
        )

    def _by_code(self) -> MayTakeBack:
        catalogue = self._studio.rules.catalogue
        return self._shown_as(catalogue, catalogue.asked_ids(), proven=False)

    def _as_proven(self) -> MayTakeBack:
        catalogue = readable(self._studio.rules.catalogue, self._receipts()[::-1])
        states = [standing_of(self._studio, each).snapshot.states for each in self._entries()]
        given = {scope for each in states for scope, state in each.items() if state.given}
        uses = tuple(each.id for each in catalogue.known() if each.id in given)
        return self._shown_as(catalogue, uses, proven=True)

    def _shown_as(self, catalogue: Catalogue, uses: tuple[ScopeId, ...], *, proven: bool) -> MayTakeBack:
        guardian = any(self._studio.archive.subjects.get(each).guardians for each in self._entries())
        return MayTakeBack(catalogue, uses, guardian, facts_that_count(self._studio, self._subject), proven)
