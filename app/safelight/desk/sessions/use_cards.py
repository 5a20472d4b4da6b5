"""Words the uses of a session as its signing screen does: the card of each, in the language somebody reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from safelight.domain.people import Recipient
from safelight.domain.scope import Catalogue, Mark, Scope, in_language
from safelight.settings.texts import Texts, texts

from .rows import Preview, UseCardRow

_FIRST_STRONG, _END = "\u2068", "\u2069"


def use_cards(
    catalogue: Catalogue, language: str, own: Recipient, recipients: Sequence[Recipient], chosen: Collection[str]
) -> Preview:
    """The cards of ``chosen`` in the order people see them: AI apart, under its own heading.

    ``own`` is the studio as a recipient, ``recipients`` are those of the session.
    """
    words = texts(language)
    asked = [each for each in catalogue.asked() if each.id in chosen]
    groups = {each.id: each for each in catalogue.groups}
    cards: list[UseCardRow] = []
    for scope in (*(each for each in asked if not each.ai), *(each for each in asked if each.ai)):
        first_ai = scope.ai and not any(catalogue.scope(each.id).ai for each in cards)
        cards.append(
            UseCardRow(
                scope.id,
                in_language(scope.title, words.language),
                in_language(scope.text, words.language),
                _relies(words, scope, own, recipients),
                _cap(words, scope),
                in_language(groups[scope.group].title, words.language) if first_ai else "",
            )
        )
    return Preview(words.language, tuple(cards))


def _relies(words: Texts, scope: Scope, own: Recipient, recipients: Sequence[Recipient]) -> str:
    """Who would rely on a yes: the session's recipients where others than the studio do, else the studio."""
    named = recipients if scope.for_others else ()
    if not named and scope.needs_recipient:
        named = (own,)
    names = [f"{each.name} ({words.country(each.country)})" for each in named] or [own.name]
    return words.ceremony["for_whom"].replace("{names}", _apart(words, words.words["comma"].join(names)))


def _cap(words: Texts, scope: Scope) -> str:
    """How long a yes lasts at most; empty where no length is set."""
    months = scope.cap_months if scope.mark is Mark.PAGE else scope.max_term_months
    if months is None:
        return ""
    said = words.ceremony.get(f"term_{months}") or words.ceremony["months"].replace("{count}", str(months))
    return words.ceremony["at_most"].replace("{time}", _apart(words, said))


def _apart(words: Texts, value: str) -> str:
    return f"{_FIRST_STRONG}{value}{_END}" if words.rtl else value
