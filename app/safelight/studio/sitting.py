"""One person's sitting at a signing screen: what is shown, kept on the way, signed, and taken home."""

from __future__ import annotations

import contextlib
import hmac
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from safelight.documents.answers import Answers
from safelight.domain.ceremony import Ceremony, Step
from safelight.domain.changes import Changes
from safelight.domain.choice import Modifiers
from safelight.domain.errors import Refused, SafelightError, WrongUsage
from safelight.domain.ids import Language, ScopeId, Sha256, SubjectId
from safelight.domain.notice import Notice
from safelight.domain.people import Role
from safelight.domain.record import Method
from safelight.domain.session import Session
from safelight.domain.sitting import Evidence, Finished, Person, Visit
from safelight.settings.texts import texts
from safelight.storage.rows import ExhibitKind, SignedReceiptFile
from safelight.studio.consents import Recorded
from safelight.studio.drafts import draw_page, standing_photos
from safelight.studio.exhibits import Exhibit
from safelight.studio.handwriting import check_signature, legible
from safelight.studio.held import HELD_FOR, Held, erase_held, find_held, keep_held
from safelight.studio.letters import hand_over
from safelight.studio.notices import make_notice
from safelight.studio.open_studio import OpenStudio
from safelight.studio.rate_limiter import OPENING_CODE, RateLimiter
from safelight.studio.retired_uses import retired_of, still_asked
from safelight.studio.screen_pin import as_digits
from safelight.studio.seating import earlier_receipt, open_ceremony, ordinary_yeses, person_at_screen, with_first_sheet
from safelight.studio.seats import check_seat, take_seat
from safelight.studio.signing import Present, finish_ceremony
from safelight.studio.signing_material import SigningMaterial
from safelight.studio.stating import Said, complete, earlier_yeses, known_recipients, untouched
from safelight.studio.vetoes import settled

SIGNATURE = "signature"
"""Under this name, instead of a use's, a signature is kept while somebody else still has to sign."""


def nobody_looks(_changes: Changes) -> None:
    """For a screen beside which no window shows lists."""


class StudioSitting:
    """One person in one session. Every method may be called from any thread; none knows of anybody else.

    It begins by taking the seat. Once somebody else has that, or the person signed elsewhere, whatever would write
    raises :class:`SittingEnded` and nothing is written.
    """

    def __init__(
        self,
        studio: OpenStudio,
        session: Session,
        subject: SubjectId,
        device: str,
        changed: Callable[[Changes], None] = nobody_looks,
    ) -> None:
        """``changed`` hears of everything that is written from here, after it is durable."""
        session = still_asked(studio, session)
        self._studio, self._session, self._device = studio, session, device
        self._subject = studio.archive.subjects.get(subject)
        self._changed = changed
        self._guard, self._drawing = threading.RLock(), threading.Lock()
        self._file: SignedReceiptFile | None = None
        self._recorded: Recorded | None = None
        self._over = False
        self._ready: set[Language] = set()
        with studio.archive.transaction(studio.now()) as writing:
            self._seat = take_seat(studio, writing, subject, session.id)
            held = find_held(studio, subject, session.id)
        if held is not None and not set(held.ceremony.offered) <= set(session.offered):
            held = None  # it asks about a use that was taken out of the rules meanwhile: it is asked anew without it
        signed = earlier_receipt(studio, session, subject)
        if held is not None:
            # Somebody may come back after the clocks were changed.
            ahead = studio.now_at(session).offset_minutes
            resumed = replace(with_first_sheet(held.ceremony), utc_offset_minutes=ahead)
            self._visit, self._ceremony = Visit.RESUMED, resumed
        else:
            self._visit = Visit.FIRST if signed is None else Visit.PRESIGNED
            self._ceremony = open_ceremony(studio, session, self._subject)
        held = held or Held(self._ceremony)
        self._witness, self._interpreter = held.witness, held.interpreter
        self._notices = {each.language: each for each in held.notices}
        self._papers = SigningMaterial(held.exhibits)
        # What waits for a guardian goes on the day that was promised, however often somebody looks at it.
        self._erase_at = held.erase_at if held.ceremony.signatures else None

    def person(self) -> Person:
        """Who sits here, and where the ceremony stands."""
        with self._guard:
            return person_at_screen(self._studio, self._session, self._subject, self._visit, self._ceremony)

    def now(self) -> datetime:
        """The studio's clock (aware, UTC), which never runs backwards."""
        return self._studio.now()

    def keep(self, ceremony: Ceremony) -> None:
        """Seal everything answered so far, durably. After the end nothing is kept any more: it would come back."""
        with self._guard:
            if self._over:
                return
            self._ceremony = ceremony
            self._seal()
        if ceremony.step is Step.NOTICE and ceremony.language and ceremony.language not in self._ready:
            self._ready.add(ceremony.language)
            # The typefaces of a language take a second to load; while the cards are read nobody waits for them.
            with contextlib.suppress(SafelightError):
                self.page(ceremony)

    def attend(self, witness: str, interpreter: str) -> None:
        """Who else is present, by name; empty for nobody."""
        with self._guard:
            self._witness, self._interpreter = " ".join(witness.split()), " ".join(interpreter.split())
            if self._over:
                return
            if self._ceremony.acts:
                self._seal()
            else:
                check_seat(self._studio, self._seat)

    def notice(self, language: Language) -> Notice:
        """The full notice in ``language``: made once, kept with the answers, and recorded as it was shown."""
        code = Language(texts(language).language)
        with self._guard:
            if code not in self._notices:
                known, yeses = known_recipients(self._studio), ordinary_yeses(self._studio, self._session)
                self._notices[code] = make_notice(self._studio, self._session, yeses, known, code, self._subject)
            return self._notices[code]

    def page(self, ceremony: Ceremony) -> tuple[bytes, Sha256]:
        """The page to be signed (PDF), made from these answers, and its hash; the same answers give the same page."""
        said = self._said(ceremony)
        with self._drawing:
            pdf = draw_page(self._studio, said, self._device)
        with self._guard:
            return pdf, self._papers.draw(pdf)

    def mark(self, scope: ScopeId, by: Role, evidence: Evidence) -> Sha256:
        """Keep what one yes (or, under :data:`SIGNATURE`, one of several people) left by hand; durable on return."""
        if scope != SIGNATURE and scope not in self._ceremony.offered:
            raise WrongUsage(f"'{scope}' is not asked here.", "Nothing was kept.")
        what = ExhibitKind.SIGNATURE if scope == SIGNATURE else ExhibitKind.MARK
        if what is ExhibitKind.SIGNATURE:
            check_signature(evidence, self._subject, by)
        else:
            legible(evidence)
        made = Exhibit(what, by, evidence.data, "" if scope == SIGNATURE else scope, evidence.kind)
        with self._guard:
            if self._over:
                raise Refused("This sitting is over.", "Nothing was kept.")
            self._papers.add(made)
            self._seal()
        return made.sha256

    def finish(self, ceremony: Ceremony, evidence: Sequence[Evidence]) -> Finished:
        """Record a signed ceremony and issue the receipt.

        ``evidence`` is what was left under each signature, in order; those kept with :meth:`mark` may be missing.
        Called again after a failure it goes on where it stopped: nothing is recorded twice.
        """
        with self._guard:
            if self._recorded is None:
                self._recorded = self._record(ceremony, evidence)
                self._over = True
            self._file = self._studio.archive.consents.receipt(self._recorded.receipt.id)
            return self._handed_over(self._file)

    def confirm(self) -> Finished:
        """A pre-signed pack is still right: written down as confirmed; the receipt is the one they have."""
        with self._guard:
            if not self._over:
                self._confirm()
            if self._file is None:
                raise Refused("This sitting is over.", "Nothing was confirmed.")
            # Read again: called once more after a failure, its PDF may be there by now.
            self._file = self._studio.archive.consents.receipt(self._file.receipt.id)
            return self._handed_over(self._file)

    def opened(self, typed: str) -> bool:
        """Whether ``typed`` is the opening code of the receipt in hand; a right one is written down once as proof."""
        file = self._file
        code = "" if file is None else file.opening_code
        digits = as_digits(typed) or ""
        if file is None or not code:
            return False
        # Counted for this receipt: nobody waits for what others tried with theirs.
        tries = RateLimiter(self._studio, OPENING_CODE, file.receipt.id)
        right = tries.judged(lambda: hmac.compare_digest(digits, code))
        if right:
            # Looked up inside the transaction: the same receipt may be in hand at another screen.
            with self._studio.archive.transaction(self._studio.now()) as writing:
                new = not self._studio.archive.journal.has("receipt-opened", file.receipt.id)
                if new:
                    self._studio.archive.journal.append(writing, "receipt-opened", file.receipt.id, b"", file.subject)
            self._changed(Changes.JOURNAL if new else Changes.NONE)
        return right

    def wait_for_guardian(self, ceremony: Ceremony) -> datetime:
        """Hold a minor's answers sealed until a guardian comes; returns when they erase themselves (14 days)."""
        with self._guard:
            if self._over:
                raise Refused("This sitting is over.", "Nothing was kept.")
            self._ceremony = ceremony
            self._erase_at = self._erase_at or self._studio.now() + HELD_FOR
            return self._seal("ceremony-held")

    def left_undecided(self) -> None:
        """The person left without deciding: what was kept of this sitting is erased."""
        with self._guard:
            if not self._over:
                self._changed(erase_held(self._studio, self._seat))
            self._over = True
            self._papers.burn()

    def _seal(self, noted: str = "") -> datetime:
        held = Held(
            self._ceremony,
            self._witness,
            self._interpreter,
            tuple(self._notices.values()),
            self._papers.to_hold(self._ceremony),
            self._erase_at,
        )
        until, changes = keep_held(self._studio, self._seat, held, noted)
        self._changed(changes)
        return until

    def _handed_over(self, file: SignedReceiptFile) -> Finished:
        finished, changes = hand_over(self._studio, file)
        self._changed(changes)
        return finished

    def _confirm(self) -> None:
        with self._studio.archive.transaction(self._studio.now()) as writing:
            check_seat(self._studio, self._seat)
            file = earlier_receipt(self._studio, self._session, self._subject.id)
            if file is None:
                raise Refused("Nothing was signed beforehand.", "Nothing was confirmed; answer the questions first.")
            self._studio.archive.held.remove(writing, self._subject.id, self._session.id)
            entry = self._studio.archive.journal.append(
                writing, "consent-confirmed", file.receipt.id, file.statement, self._subject.id
            )
        self._file, self._over = file, True  # it is durable: whatever fails from here on, it is not written again
        self._studio.acknowledge(entry.reference, entry.hash)
        self._changed(Changes.SUBJECTS | Changes.JOURNAL)

    def _said(self, ceremony: Ceremony) -> Said:
        """What ``ceremony`` would state if it were signed as it is."""
        with self._guard:
            notice = self.notice(ceremony.language or self._subject.language)
            answers = Answers(
                ceremony.language or notice.language, ceremony.answers, Modifiers(), False, 0, (),
                self._witness, self._interpreter, ceremony.refused_all,
            )  # fmt: skip
        earlier = earlier_yeses(self._studio, self._subject.id)
        choices = complete(self._session, answers, earlier, retired_of(self._studio, earlier))
        still = untouched(earlier, choices, self._studio.now_at(self._session).day)
        said = Said(self._session, self._subject, answers, choices, notice, (), None, still)
        photos = settled(self._studio, self._studio.archive.photos.of_subject(self._subject.id))
        return standing_photos(photos, said, ceremony.vetoed, ceremony.photos)

    def _record(self, ceremony: Ceremony, evidence: Sequence[Evidence]) -> Recorded:
        check_seat(self._studio, self._seat)  # before the exhibits are sealed into files; again where it is recorded
        last, exhibits = self._papers.to_record(ceremony, evidence)
        person = self._studio.archive.subjects.get(self._subject.id)  # the desk may have learned more meanwhile
        recorded, changes = finish_ceremony(
            self._studio, self._session, person, ceremony, last, Present(self._witness, self._interpreter),
            method=Method.SCREEN, taken_by=self._session.photographer, device=self._device,
            notice=self.notice(ceremony.language or self._subject.language), exhibits=exhibits,
            seat=self._seat,
        )  # fmt: skip
        self._changed(changes)
        return recorded
