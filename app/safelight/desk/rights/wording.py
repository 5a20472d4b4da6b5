"""Words what the studio knows of people's rights: days, uses, who was told, what is asked before something is final."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from safelight.desk.desk import Desk
from safelight.desk.pictures.shot_tile import shot_tile
from safelight.desk.sessions.rows import short
from safelight.domain.ids import ScopeId
from safelight.domain.people import age_on
from safelight.domain.requests import RequestState, RightsRequest
from safelight.settings.locales import day_words, listed
from safelight.studio.queries.holds import HoldRow
from safelight.studio.queries.open_notices import RecipientAnswers, ToldNotice, WaitingRecipient
from safelight.studio.queries.people import SubjectRow
from safelight.studio.queries.requests import RequestRow
from safelight.studio.queries.rights import EndedUse, Holder, StandingUse
from safelight.studio.queries.withdrawal_mail import ReadMail

from .keeping_wording import keeping_of, plan_sentences
from .reading import KnownPerson, WhatIsDue
from .rows import (
    DueLine,
    HolderLine,
    MailLines,
    NoticeLine,
    PersonLine,
    PersonPage,
    Question,
    Reasoned,
    RecipientPage,
    RequestLine,
    UseLine,
)

_NAME_LETTERS = 80
"""A longer name would push what the page is for out of the window."""
_NUMBERS = 6
"""So many notices of a recipient are named by number in a list."""


class Wording:
    """Says nothing of its own: every sentence stands in the resources."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._words = desk, desk.words

    # Lists.

    def found(self, rows: Sequence[SubjectRow]) -> tuple[PersonLine, ...]:
        """People that were found, told apart by session and short id."""
        words = self._words
        unnamed = words.get("rights.unnamed")
        return tuple(PersonLine(each.id, each.name or unnamed, f"{each.session_name} · {each.short}") for each in rows)

    def due(self, due: WhatIsDue) -> tuple[DueLine, ...]:
        """Requests and notices in one list, the most urgent first."""
        today = self._desk.studio.today()
        lines = [(each.request.due, self._request_due(each)) for each in due.requests]
        lines += [(each.due, self._notice_due(each, today)) for each in due.recipients]
        lines += [(each.hold.review, self._hold_due(each, today)) for each in due.holds]
        return tuple(line for _, line in sorted(lines, key=lambda each: each[0]))

    def _request_due(self, row: RequestRow) -> DueLine:
        kind = self._words.get(f"rights.kind_{row.request.kind.value}")
        left = row.days_left or 0
        what = self._words.get("rights.due_request", kind=kind, name=row.name or row.short)
        return DueLine(f"person {row.request.subject} {row.request.id}", what, self.days(left), left < 0)

    def _notice_due(self, row: WaitingRecipient, today: date) -> DueLine:
        left = (row.due - today).days
        what = self._words.get("rights.due_notice", numbers=_numbers(row.notices), name=row.name)
        return DueLine(f"recipient {row.recipient}", what, self.days(left), left < 0)

    def _hold_due(self, row: HoldRow, today: date) -> DueLine:
        left = (row.hold.review - today).days
        what = self._words.get("rights.due_hold", name=row.name)
        return DueLine(f"person {row.hold.subject} {row.hold.id}", what, self.days(left), left < 0)

    def days(self, left: int) -> str:
        """So many days are left, or it is so late."""
        if left < 0:
            return self._words.get("rights.overdue", n=-left)
        return self._words.get("rights.due_in", n=left) if left else self._words.get("rights.due_today")

    # One person.

    def person(self, known: KnownPerson) -> PersonPage:
        """The page of one person."""
        rights, words = known.rights, self._words
        struck = words.get("rights.struck")
        return PersonPage(
            id=rights.subject.id,
            name=short(rights.subject.name, _NAME_LETTERS),
            about=" · ".join(each for each in self._about(known) if each),
            restricted=self._restricted(rights.restricted_since, rights.restricted_why),
            uses=tuple(self._use(each) for each in rights.standing),
            ended=tuple(self._ended(each) for each in rights.ended),
            tiles=tuple(shot_tile(each, struck if each.vetoed else "") for each in known.shots),
            struck_out=frozenset(each.shot for each in known.shots if each.vetoed),
            holders=tuple(self._holder(each) for each in rights.holders),
            requests=tuple(self._request(each) for each in rights.requests),
            keeping=keeping_of(words, known.plans, lambda each: known.names[each], self.day),
        )

    def _about(self, known: KnownPerson) -> tuple[str, ...]:
        subject, words = known.rights.subject, self._words
        majority = self._desk.studio.rules.jurisdictions.of(subject.country).majority
        minor = subject.born is not None and age_on(subject.born, self._desk.studio.today()) < majority
        others = [each.session_name for each in known.rights.same]
        return (
            subject.reference,
            known.rights.session_name,
            words.get("rights.minor", age=majority) if minor else "",
            words.get("rights.also_in", sessions=", ".join(others)) if others else "",
        )

    def _restricted(self, since: datetime | None, why: str) -> str:
        if since is None:
            return ""
        return self._words.get("rights.restricted", day=self.day(since.date()), why=why)

    def _use(self, use: StandingUse) -> UseLine:
        until = self._until(use.last_day)
        named = ", ".join(use.recipients)
        told = self._words.get("rights.until_named", until=until, names=named) if named else until
        return UseLine(use.scope, self.title(use.scope), told)

    def _ended(self, use: EndedUse) -> str:
        key = f"rights.ended_{use.status.value}"
        return self._words.get(key, use=self.title(use.scope), day=self.day(use.at.date()))

    def _holder(self, holder: Holder) -> HolderLine:
        words = self._words
        photos = words.get("rights.photos", n=holder.photos)
        until = self._until(holder.last_day) if holder.standing else words.get("rights.no_yes_stands")
        return HolderLine(holder.recipient, holder.name, f"{photos} · {until}", self._answer(holder))

    def _answer(self, holder: Holder) -> str:
        words = self._words
        if not holder.asked:
            return ""
        if holder.open:
            return words.get("rights.asked_open", n=holder.asked, open=holder.open)
        if holder.kept:
            return words.get("rights.asked_kept", n=holder.asked, kept=holder.kept)
        return words.get("rights.asked_done", n=holder.asked)

    def _request(self, made: RightsRequest) -> RequestLine:
        words, left = self._words, made.days_left(self._desk.studio.today())
        title = words.get(f"rights.kind_{made.kind.value}")
        came = words.get("rights.received", day=self.day(made.received))
        if made.waiting:
            state = words.get("rights.answer_by", day=self.day(made.due), left=self.days(left))
        else:
            day = self.day(made.answered.date()) if made.answered else ""
            state = words.get(f"rights.state_{made.state.value}", day=day)
        identity = words.get("rights.identity", how=made.identity) if made.identity else ""
        told = " · ".join(each for each in (came, state, made.reason or made.extended_because, identity) if each)
        longer = made.state is RequestState.OPEN and left >= 0
        return RequestLine(made.id, title, told, made.waiting, longer)

    # One recipient.

    def recipient(self, answers: RecipientAnswers) -> RecipientPage:
        """The page of one recipient."""
        words, today = self._words, self._desk.studio.today()
        answered = answers.answered_at
        last = words.get("rights.answered_at", day=self.day(answered.date())) if answered else ""
        about = (answers.contact, last or words.get("rights.no_answer"))
        late = [each for each in answers.notices if each.open and each.due < today]
        remind = ""
        if late:
            remind = words.get("rights.remind", numbers=_numbers(sorted(each.number for each in late)))
        notices = tuple(self._notice(each, today) for each in answers.notices)
        unnamed = words.get("rights.photo_gone")
        kept = tuple(
            words.get("rights.kept_photo", name=each.name or unnamed, why=each.why) for each in answers.kept
        )
        told = " · ".join(each for each in about if each)
        return RecipientPage(answers.recipient, answers.name, told, remind, notices, kept)

    def _notice(self, row: ToldNotice, today: date) -> NoticeLine:
        words = self._words
        title = words.get("rights.notice", number=row.number, day=self.day(row.at.date()))
        if not row.photos:
            return NoticeLine(row.number, title, words.get("rights.notice_tells"), False)
        if not row.open:
            return NoticeLine(row.number, title, words.get("rights.notice_answered", n=len(row.photos)), False)
        left = self.days((row.due - today).days)
        told = words.get("rights.notice_open", n=len(row.photos), open=len(row.open), day=self.day(row.due), left=left)
        return NoticeLine(row.number, title, told, True)

    def mail(self, read: ReadMail) -> MailLines:
        """A mail as it came."""
        mail, words = read.mail, self._words
        day = self.day(mail.sent_at.date()) if mail.sent_at else ""
        sender = words.get("rights.mail_from", sender=mail.sender or words.get("rights.mail_unknown"))
        return MailLines(" · ".join(each for each in (sender, mail.subject, day) if each), mail.text)

    # What is asked before.

    def take_back(self, known: KnownPerson, scopes: Sequence[ScopeId]) -> Question:
        """Before uses are taken back; none named means all."""
        words, rights = self._words, known.rights
        uses = [each.scope for each in rights.standing if not scopes or each.scope in scopes]
        named = listed(words.language, "", [self.title(each) for each in uses])
        told = [each.name for each in rights.holders if each.standing & set(uses)]
        return self._question(
            known,
            words.get("rights.take_back_title", name=short(rights.subject.name, _NAME_LETTERS)),
            (
                words.get("rights.stops", uses=named),
                self._told(told),
                words.get("rights.final"),
                words.get("rights.stays_lawful"),
            ),
            words.get("rights.take_back_all" if not scopes else "rights.take_back"),
        )

    def strike(self, known: KnownPerson, name: str) -> Question:
        """Before a photo is struck out."""
        words, rights = self._words, known.rights
        told = [each.name for each in rights.holders]
        title = words.get("rights.strike_title", photo=name)
        sentences = (words.get("rights.strike_stops"), self._told_if(told), words.get("rights.strike_final"))
        return self._question(known, title, sentences, words.get("rights.strike"))

    def enter(self, known: KnownPerson, kind: str) -> Question:
        """Before a request of this kind is entered."""
        words = self._words
        title = words.get(f"rights.kind_{kind}")
        sentences = (words.get("rights.enter_told", name=short(known.rights.subject.name, _NAME_LETTERS)),)
        asked = self._question(known, title, sentences, words.get("rights.enter"))
        return replace(asked, received=self._desk.studio.today())

    def erase(self, known: KnownPerson) -> Question:
        """Before somebody is erased."""
        words = self._words
        title = words.get("rights.erase_title", name=short(known.rights.subject.name, _NAME_LETTERS))
        told = self._told_if([each.name for each in known.rights.holders])
        sentences = (
            *plan_sentences(words, known.plans, lambda each: known.names[each], self.day),
            told,
            words.get("rights.erase_final"),
        )
        return replace(self._question(known, title, sentences, words.get("rights.erase_do")), asks_who=False)

    def reason(self, act: str, request: RequestLine) -> Reasoned:
        """The sentence that goes with an act on a request."""
        words = self._words
        do = words.get(f"rights.act_{act}").removesuffix(" …")  # nothing more is asked after this
        return Reasoned(
            title=f"{request.title}: {do}",
            told=words.get(f"rights.told_{act}"),
            label=words.get(f"rights.label_{act}"),
            do=do,
            needed=act != "answered",
            missing=words.get("rights.say_why"),
        )

    def _question(self, known: KnownPerson, title: str, told: Sequence[str], do: str) -> Question:
        staff = tuple((each.id, each.name) for each in known.staff)
        return Question(title, tuple(each for each in told if each), do, staff, self._desk.by.id)

    def _told(self, names: Sequence[str]) -> str:
        words = self._words
        if not names:
            return words.get("rights.nobody_told")
        return words.get("rights.are_told", names=listed(words.language, "", list(names)))

    def _told_if(self, names: Sequence[str]) -> str:
        words = self._words
        return words.get("rights.told_if", names=listed(words.language, "", list(names))) if names else ""

    # Words of a kind.

    def title(self, scope: ScopeId) -> str:
        """What a use is called."""
        return self._desk.studio.rules.catalogue.title(scope, self._words.language)

    def day(self, day: date) -> str:
        """A day, as it is written where the studio is."""
        return day_words(self._words.language, self._desk.studio.identity.country, day)

    def _until(self, last_day: date | None) -> str:
        if last_day is None:
            return self._words.get("rights.until_taken_back")
        return self._words.get("rights.until", day=self.day(last_day))


def _numbers(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_NUMBERS]))
    return f"{shown}, …" if len(numbers) > _NUMBERS else shown
