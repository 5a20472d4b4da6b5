"""Prints the paper form of a session or of one person: what the signing screen asks, for places without a screen."""

from __future__ import annotations

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Language, ScopeId, Sha256, SubjectId
from safelight.domain.people import Subject
from safelight.domain.scope import Scope
from safelight.domain.session import Session
from safelight.domain.term import offered_months
from safelight.receipt.form import FormContent, FormUse, render_form
from safelight.settings.texts import Texts, texts
from safelight.studio.badges import badge_code
from safelight.studio.notices import make_notice
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.queries.lookup import find_session
from safelight.studio.retired_uses import still_asked
from safelight.studio.seating import blocked_for, is_a_minor, longest_term, ordinary_yeses
from safelight.studio.stating import known_recipients
from safelight.studio.subjects import find_subject


def whose_form(studio: OpenStudio, wanted: str) -> tuple[Session, Subject | None]:
    """The session called ``wanted``, else the session of the person called so, with the person."""
    try:
        return find_session(studio, wanted), None
    except WrongUsage:
        subject = find_subject(studio, wanted)
        return studio.archive.sessions.get(studio.archive.subjects.line(subject.id).session), subject


def paper_form(
    studio: OpenStudio, session: Session, subject: Subject | None, language: str | None = None
) -> tuple[tuple[bytes, Sha256], Changes]:
    """The form as PDF, and the hash of the notice on it, which is kept: an answer given on this form names that text.

    Without ``subject`` it is a blank form for anybody of the session; with one, the name, the code and what is not
    asked of a minor are filled in. The language is the person's, or English, unless named.
    """
    now = studio.now()
    session = still_asked(studio, session)
    spoken = Language(language or (subject.language if subject is not None else "en"))
    anybody = subject if subject is not None else Subject(SubjectId(new_id()), "", spoken, session.country)
    notice = make_notice(studio, session, ordinary_yeses(studio, session), known_recipients(studio), spoken, anybody)
    blocked = blocked_for(studio, session, anybody)
    words = texts(spoken)
    content = FormContent(
        studio=studio.identity,
        language=Language(words.language),
        session_name=session.name,
        place=session.place,
        subject_name=anybody.name,
        code=badge_code(studio, session.id, subject.id) if subject is not None else "",
        # A blank form may be signed by anybody, so it has a line for a guardian too.
        minor=subject is None or is_a_minor(studio, session, subject),
        notice=notice,
        uses=tuple(_use(studio, session, each, words) for each in session.offered if each not in blocked),
        facts={
            "studio_name": studio.identity.name,
            "studio_contact": studio.identity.contact,
            "authority": studio.authority(words.language) or words.ceremony["authority"],
        },
        made_at=now,
    )
    with studio.archive.transaction(now) as writing:
        studio.archive.notices.put(writing, notice)
        studio.archive.journal.append(writing, "form-printed", session.id, notice.sha256.encode())
    return (render_form(content), notice.sha256), Changes.JOURNAL


def _use(studio: OpenStudio, session: Session, use: ScopeId, words: Texts) -> FormUse:
    scope = studio.rules.catalogue.scope(use)
    grant = next(each.grant for each in ordinary_yeses(studio, session) if each.scope == use)
    known = known_recipients(studio)
    named = [known[each] for each in grant.recipients if each in known] if grant is not None else []
    return FormUse(
        scope=scope,
        for_whom=words.words["comma"].join(f"{each.name} ({words.country(each.country)})" for each in named),
        terms=_terms(scope, words),
        places=(
            words.ceremony["country_only"].format_map({"country": words.country(studio.identity.country)}),
            words.ceremony["eea_only"],
            words.ceremony["everywhere"],
            f"{words.ceremony['countries_listed']}: ……………………",
        ),
    )


def _terms(scope: Scope, words: Texts) -> tuple[str, ...]:
    longest = longest_term(scope)
    terms = [words.ceremony[f"term_{each}"] for each in offered_months(longest)]
    return (*terms, words.ceremony["until_withdrawn"]) if longest is None else tuple(terms)
