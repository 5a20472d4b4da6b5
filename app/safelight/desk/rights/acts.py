"""What is done for one person: uses taken back, a photo struck out, requests entered and answered; each asks before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from safelight.desk.desk import Desk
from safelight.domain.changes import Changes
from safelight.domain.ids import PersonId, PhotoGuid, RequestId, ScopeId
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind, RightsRequest
from safelight.domain.withdrawal import Channel, Withdrawal
from safelight.settings.locales import listed
from safelight.studio.identifying import show_in_person
from safelight.studio.requests import NewRequest, answer_request, extend_request, new_request
from safelight.studio.restricting import Stopped, lift_restriction, restrict
from safelight.studio.withdrawing import Withdrawn, withdraw

from .handing import Handing
from .keeping_acts import KeepingActs
from .keeping_wording import stopping
from .papers import Papers
from .reading import KnownPerson
from .rows import PersonPage, Said
from .view import RightsView
from .wording import Wording

Verb = Callable[[], tuple[RightsRequest, Changes]]


class PersonActs(QObject):
    """Knows the person that is shown; none of its acts can be undone, so nothing goes on the stack of undo."""

    def __init__(
        self, desk: Desk, view: RightsView, wording: Wording, papers: Papers, handing: Handing, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._view, self._wording, self._papers = desk, view, wording, papers
        self._known: KnownPerson | None = None
        self._page: PersonPage | None = None
        self._keeping = KeepingActs(desk, view, wording, handing, self)
        self._handing = handing
        page = view.person
        page.take_back_asked.connect(self._take_back)
        page.mail.taken.connect(lambda scopes: self._take_back(scopes, Channel.MAIL.value))
        page.stop_asked.connect(self._stop)
        page.strike_asked.connect(self._strike)
        page.request_asked.connect(self._enter)
        page.answer_asked.connect(self._answer)

    def show(self, known: KnownPerson) -> None:
        """This person is shown now, or looked at again."""
        self._known, self._page = known, self._wording.person(known)
        self._keeping.know(known)
        self._handing.know(known)
        self._view.show_person(self._page)
        self._papers.know(known.rights.subject.id)

    @property
    def page(self) -> PersonPage | None:
        """What is shown of whom."""
        return self._page

    def forget(self) -> None:
        """Nobody is."""
        self._known = self._page = None
        self._keeping.know(None)
        self._handing.know(None)

    # Taking back.

    def _take_back(self, scopes: tuple[str, ...], channel: str = "") -> None:
        known = self._known
        if known is None:
            return
        uses = tuple(ScopeId(each) for each in scopes)
        sheet = self._view.ask(replace(self._wording.take_back(known, uses), channel=channel))
        sheet.given.connect(lambda said: self._withdraw(known, said, uses=frozenset(uses) if uses else None))

    def _strike(self, guid: str) -> None:
        known = self._known
        shot = next((each for each in known.shots if each.shown == guid), None) if known is not None else None
        if known is None or shot is None:
            return
        sheet = self._view.ask(self._wording.strike(known, shot.name))
        sheet.given.connect(lambda said: self._withdraw(known, said, photo=PhotoGuid(guid)))

    def _withdraw(
        self, known: KnownPerson, said: Said, uses: frozenset[ScopeId] | None = None, photo: PhotoGuid | None = None
    ) -> None:
        studio, words = self._desk.studio, self._desk.words
        wanted = Withdrawal(
            known.rights.subject.id, Role(said.role), Channel(said.channel), uses, PersonId(said.entered_by), photo
        )
        names = {each.recipient: each.name for each in known.rights.holders}

        def done(result: Withdrawn) -> None:
            if self._known is known and (result.ended or result.struck_out):
                self._papers.withdrawn(result)
            told = [names.get(each, each[:8]) for each in result.recipients]
            if photo is not None:
                title = words.get("rights.struck_done")
            elif result.ended:
                title = words.get("rights.ended_done", n=len({each.scope for each in result.ended}))
            else:
                title = words.get("rights.nothing_ended")
            hint = words.get("rights.now_told", names=listed(words.language, "", told)) if told else ""
            self._desk.say(title, hint)

        self._desk.jobs.write(lambda _: withdraw(studio, wanted), done, self._desk.failed, initiator=self)

    def _stop(self, act: str) -> None:
        known = self._known
        if known is not None:
            sheet = self._view.ask_reason(stopping(self._desk.words, act))
            sheet.given.connect(lambda why: self._stopped(known, act, why))

    def _stopped(self, known: KnownPerson, act: str, why: str) -> None:
        studio, words, by = self._desk.studio, self._desk.words, self._desk.by.id
        subject, verb = known.rights.subject.id, restrict if act == "restrict" else lift_restriction

        def done(result: Stopped) -> None:
            hint = words.get("rights.erased_told", n=len(result.notices)) if result.notices else ""
            self._desk.say(words.get(f"rights.{act}_done"), hint)

        self._desk.jobs.write(lambda _: verb(studio, subject, why, by), done, self._desk.failed, initiator=self)

    # Requests.

    def _enter(self, kind: str) -> None:
        known = self._known
        if known is None:
            return
        sheet = self._view.ask(self._wording.enter(known, kind))
        sheet.given.connect(lambda said: self._entered(known, kind, said))

    def _entered(self, known: KnownPerson, kind: str, said: Said) -> None:
        studio, words = self._desk.studio, self._desk.words
        wanted = NewRequest(
            known.rights.subject.id, RequestKind(kind), said.received, Channel(said.channel), Role(said.role),
            PersonId(said.entered_by),
        )  # fmt: skip

        def done(made: RightsRequest) -> None:
            self._desk.say(words.get("rights.entered", day=self._wording.day(made.due)))

        self._desk.jobs.write(lambda _: new_request(studio, wanted), done, self._desk.failed, initiator=self)

    def _answer(self, act: str, id: str) -> None:
        page = self._page
        line = next((each for each in page.requests if each.id == id), None) if page is not None else None
        if line is None:
            return
        if act == "seen":
            self._answered(act, RequestId(id), "")
            return
        sheet = self._view.ask_reason(self._wording.reason(act, line))
        sheet.given.connect(lambda told: self._answered(act, RequestId(id), told))

    def _answered(self, act: str, id: RequestId, told: str) -> None:
        studio, by, words = self._desk.studio, self._desk.by.id, self._desk.words
        verbs: dict[str, Verb] = {
            "answered": lambda: answer_request(studio, id, refused=False, reason=told, by=by),
            "refused": lambda: answer_request(studio, id, refused=True, reason=told, by=by),
            "longer": lambda: extend_request(studio, id, told, by),
            "seen": lambda: show_in_person(studio, id, by),
        }

        def done(_: RightsRequest) -> None:
            self._desk.say(words.get(f"rights.done_{act}"))

        self._desk.jobs.write(lambda _: verbs[act](), done, self._desk.failed, initiator=self)
