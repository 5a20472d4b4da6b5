"""Words the letters that the passing of time asks for: a yes that ends soon, the yearly review, coming of age."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from safelight.domain.consent import ConsentState
from safelight.domain.nightly import REMINDED_DAYS, DueLetter, LetterKind
from safelight.domain.page_document import PageDocument
from safelight.rights.mail import file_name
from safelight.rights.time_letters import (
    Change,
    OpenUse,
    RecipientGained,
    RulesChanged,
    TimeLetter,
    coming_of_age,
    coming_of_age_letter,
    end_reminder,
    end_reminder_letter,
    yearly_letter,
    yearly_review,
)
from safelight.studio.consent_snapshots import standing_of
from safelight.studio.open_studio import OpenStudio
from safelight.studio.papers import signed_pdf
from safelight.studio.queries.ledger import sent_of
from safelight.studio.retired_uses import reading_catalogue
from safelight.studio.withdrawal_papers import reader_of


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter as a file to send (.eml), with the page it carries inside; ``due`` is what it was written for."""

    due: DueLetter
    name: str
    letter: bytes


def write_letter(studio: OpenStudio, due: DueLetter) -> WrittenLetter:
    """The letter for ``due``, in the person's language, to the address on file. Nothing is noted: see ``note_letters``.

    Raises :class:`Refused` for somebody who was erased meanwhile.
    """
    person = studio.archive.subjects.get(due.subject)
    states = standing_of(studio, person.id).snapshot.states
    uses = tuple(_open(studio, states[each]) for each in due.uses if each in states)
    made = TimeLetter(person.id, studio.identity, reader_of(studio, person), studio.now(), uses)
    page, rests = _page(studio, due, made, [states[each] for each in due.uses if each in states])
    pdf = signed_pdf(studio, page)
    if due.kind is LetterKind.REMINDER:
        letter = end_reminder_letter(made, due.day, pdf)
    elif due.kind is LetterKind.REVIEW:
        letter = yearly_letter(made, rests, pdf)
    else:
        letter = coming_of_age_letter(made, rests, pdf)
    name = file_name(page.title, person.name, studio.today()).removesuffix(".pdf") + ".eml"
    return WrittenLetter(due, name, letter)


def _page(
    studio: OpenStudio, due: DueLetter, made: TimeLetter, states: list[ConsentState]
) -> tuple[PageDocument, date]:
    """The page, and the first day on which what it is about rests without an answer."""
    if due.kind is LetterKind.REMINDER:
        left = (due.day - studio.today()).days
        return end_reminder(made, due.day, last=left <= min(REMINDED_DAYS)), due.day
    if due.kind is LetterKind.REVIEW:
        sleeps = [each.sleeps_after for each in states if each.sleeps_after is not None]
        rests = min(sleeps, default=due.day) + timedelta(days=1)
        return yearly_review(made, rests, _changes(studio, due, states)), rests
    return coming_of_age(made, due.day, due.day), due.day


def _open(studio: OpenStudio, state: ConsentState) -> OpenUse:
    names = {each.recipient.id: each.recipient.name for each in studio.archive.recipients.list()}
    by = () if state.grant is None else tuple(names.get(each, "") for each in state.grant.recipients)
    scope = reading_catalogue(studio, state.scope).scope(state.scope)
    return OpenUse(scope, tuple(each for each in by if each), state.last_day)


def _changes(studio: OpenStudio, due: DueLetter, states: list[ConsentState]) -> tuple[Change, ...]:
    """What is different since the answers were signed: other rules, and who was sent pictures since the last year."""
    since = min((each.first_day for each in states), default=due.day)
    year = max(since, due.day - timedelta(days=365))
    adopted = [entry.at.date() for entry, _ in studio.archive.journal.of_kinds("rules-adopted")]
    rules: list[Change] = [RulesChanged(max(adopted))] if adopted and max(adopted) > since else []
    sent = dict.fromkeys(each.name for each in sent_of(studio, due.subject) if each.at.date() >= year and each.name)
    return (*rules, *(RecipientGained(each) for each in sent))
