"""One session's door: lets people in one at a time by what they carry, and gives each a sitting of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, PersonId, SubjectId
from safelight.domain.people import Subject
from safelight.domain.receipt_codes import receipt_code
from safelight.domain.session import Session
from safelight.settings.texts import LANGUAGES, main_language
from safelight.studio.arrivals import mark_arrived
from safelight.studio.badges import is_typed, whose_badge
from safelight.studio.held import erase_expired
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.presence import is_team_pin
from safelight.studio.rate_limiter import CARD_CODE, RECEIPT_CODE, SCREEN_PIN, RateLimiter
from safelight.studio.rules import by_rules_at_work
from safelight.studio.screen_withdrawal import ScreenWithdrawal
from safelight.studio.seating import open_ceremony as open_ceremony
from safelight.studio.signing import Present as Present
from safelight.studio.signing import finish_ceremony as finish_ceremony
from safelight.studio.sitting import StudioSitting, nobody_looks
from safelight.studio.staff import working_member
from safelight.studio.subjects import add_subject
from safelight.studio.withdrawal_codes import receipt_of_code

SCREEN = "signing screen"
"""What a receipt calls the device unless somebody gave it a name."""


class StudioSigningPoint:
    """The door of one session. It never lists anybody; every method may be called from any thread."""

    def __init__(
        self,
        studio: OpenStudio,
        session: Session,
        device: str = SCREEN,
        by: PersonId | None = None,
        changed: Callable[[Changes], None] = nobody_looks,
    ) -> None:
        """``device`` is how receipts name this screen, and by what the guesses made on it are counted.

        ``by`` takes the consents (default: the session's photographer). Raises :class:`WrongUsage` when they retired:
        before anybody sits down, because what they answer could not be kept. ``changed`` hears, on whatever thread it
        was done, what this door and its sittings changed: a screen must learn nothing of the studio, so it is not told.
        """
        taking = working_member(studio, by or session.photographer)
        self._studio, self._session, self._device = studio, replace(session, photographer=taking.id), device
        self._codes, self._pins = RateLimiter(studio, CARD_CODE, device), RateLimiter(studio, SCREEN_PIN, device)
        self._receipts = RateLimiter(studio, RECEIPT_CODE, device)
        self._changed = changed
        _, changes = erase_expired(studio)
        self._changed(changes)

    @property
    def session_name(self) -> str:
        """What the waiting screen says."""
        return self._session.name

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages there is wording for, the one most people speak where the studio is first."""
        first = Language(main_language(self._studio.identity.country))
        return (first, *(Language(each) for each in LANGUAGES if each != first))

    @property
    def of_age(self) -> int:
        """From how many full years people answer for themselves where this session takes place."""
        return self._studio.rules.jurisdictions.of(self._session.country).guardian_under

    def admit(self, untrusted_code: str) -> StudioSitting | None:
        """The person whose badge, slate or short code this is; None for nobody of this session.

        They go on here: a sitting of theirs that somebody else has, on whatever screen, may write no more. Raises
        :class:`TooManyGuesses` for a typed code after very many wrong ones; a badge held up is let in even then.
        """
        _, changes = erase_expired(self._studio)
        self._changed(changes)
        found = self.recognise(untrusted_code)
        return None if found is None else self._seated(found)

    def recognise(self, untrusted_code: str) -> SubjectId | None:
        """Whose badge, slate or short code this is, as :meth:`admit` finds it; nobody is seated."""
        if not is_typed(untrusted_code):
            return whose_badge(self._studio, self._session, untrusted_code)
        found: list[SubjectId | None] = []

        def right() -> bool:
            found.append(whose_badge(self._studio, self._session, untrusted_code))
            return found[0] is not None

        return found[0] if self._codes.judged(right) else None

    def find_by_code(self, untrusted_code: str) -> ScreenWithdrawal | None:
        """Whoever may take something back with this: the code of a receipt of any session, or a badge of this one.

        Nobody is seated. None for a code of nobody. Raises :class:`TooManyGuesses` for a while after very many wrong
        ones on this screen.
        """
        code = receipt_code(untrusted_code)
        if code is None:
            found = self.recognise(untrusted_code)
            return None if found is None else self._taking_back(found, proven=True)
        holder: list[SubjectId] = []

        def right() -> bool:
            receipt = receipt_of_code(self._studio, code)
            holder.extend(() if receipt is None else (receipt[1],))
            return receipt is not None

        return self._taking_back(holder[0], proven=False) if self._receipts.judged(right) else None

    def walk_in(self, name: str, contact: str, language: Language) -> StudioSitting:
        """A new person with a spare card: three fields; raises :class:`WrongUsage` for an empty name."""
        if not name.strip():
            raise WrongUsage("A name is missing.", "Nothing was kept; write how you want to be called.")
        where = contact.strip()
        person = Subject(
            id=SubjectId(new_id()),
            name=" ".join(name.split()),
            language=language if language in LANGUAGES else Language("en"),
            country=self._session.country,
            email=where if "@" in where else "",
            phone="" if "@" in where else where,
        )
        _, changes = add_subject(self._studio, self._session, person)
        self._changed(changes)
        return self._seated(person.id)

    def leave(self, pin: str) -> bool:
        """Whether ``pin`` lets the team leave: the one of signing screens, or that of anybody who works here.

        Raises :class:`WrongUsage` while nobody has one, and says how to set it; :class:`TooManyGuesses` for half a
        minute at most after wrong ones on this screen. The right one gets no answer either then, or it could be
        guessed; badges and codes do.
        """
        self._pins.must_not_wait()
        right = is_team_pin(self._studio, pin)  # outside the transaction: looking takes a tenth of a second for each
        return self._pins.judged(lambda: right)

    def _taking_back(self, subject: SubjectId, *, proven: bool) -> ScreenWithdrawal:
        self._studio = by_rules_at_work(self._studio)
        return ScreenWithdrawal(self._studio, self._session, subject, self._changed, proven=proven)

    def _seated(self, subject: SubjectId) -> StudioSitting:
        self._studio = by_rules_at_work(self._studio)
        _, changes = mark_arrived(self._studio, self._session, subject)
        self._changed(changes)
        return StudioSitting(self._studio, self._session, subject, self._device, self._changed)
