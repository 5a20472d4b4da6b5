"""Fills in the notice a person is shown before being asked, from what the studio knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safelight.domain.choice import Choice
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language, NoticeId, RecipientId
from safelight.domain.notice import Notice, assemble, items_for
from safelight.domain.people import Recipient, Subject
from safelight.domain.scope import in_language
from safelight.domain.session import Session
from safelight.settings.texts import Texts, texts
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.retired_uses import still_asked

SHORTEST_NAME = 8
"""So many digits of a text's hash name it, at least."""


def make_notice(
    studio: OpenStudio,
    session: Session,
    choices: Sequence[Choice],
    known: Mapping[RecipientId, Recipient],
    language: Language,
    subject: Subject,
) -> Notice:
    """The notice for this session in ``language``: who asks, for what, with whom, how long, and the rights.

    It names every recipient of the session and of the answers, so that whoever relies on the consent is known
    beforehand, and everything asked, not only what was allowed.
    """
    words = texts(language)
    session = still_asked(studio, session)
    recipients = _named(session, choices, known)
    face_data = any(studio.rules.catalogue.scope(each).measures_faces for each in session.offered)
    return assemble(
        NoticeId(new_id()),
        Language(words.language),
        f"{words.version} / {studio.rules.version}",
        words.notice_title,
        words.notice_items,
        _facts(studio, session, words, recipients, studio.authority(words.language) or words.ceremony["authority"]),
        items_for([session.country, subject.country], face_data),
    )


def printed_notice(studio: OpenStudio, wanted: str) -> Notice:
    """The notice on a form, by the hash printed on it or the first digits of it."""
    typed = wanted.strip().lower()
    found = [each for each in studio.archive.notices.list() if each.startswith(typed)]
    if len(typed) < SHORTEST_NAME or len(found) != 1:
        raise WrongUsage(
            f"No form with the text '{wanted[:20]}' was printed here.",
            f"Nothing was recorded; type the digits printed at the top of its pages, at least {SHORTEST_NAME}.",
        )
    return studio.archive.notices.get(found[0])


def _named(
    session: Session, choices: Sequence[Choice], known: Mapping[RecipientId, Recipient]
) -> tuple[Recipient, ...]:
    wanted: list[RecipientId] = list(session.recipients)
    for choice in choices:
        wanted += choice.grant.recipients if choice.grant else ()
    return tuple(known[each] for each in dict.fromkeys(wanted) if each in known)


def _facts(
    studio: OpenStudio, session: Session, words: Texts, recipients: Sequence[Recipient], authority: str
) -> dict[str, str]:
    own = studio.identity
    catalogue = studio.rules.catalogue
    facts = words.default_facts(own.contact, catalogue.keeping_months)
    facts |= {
        "studio_name": own.name,
        "studio_contact": own.contact,
        "studio_address": own.address or words.country(own.country),
        "purposes": " ".join(in_language(catalogue.scope(each).text, words.language) for each in session.offered),
        "authority": authority,
        "withdraw_at": own.contact,
    }
    if recipients:
        facts["recipients"] = "; ".join(
            f"{each.name} ({words.country(each.country)}, {each.contact})" for each in recipients
        )
        countries: dict[Country, None] = dict.fromkeys(each.country for each in recipients)
        facts["recipient_countries"] = ", ".join(words.country(each) for each in countries)
    return facts
