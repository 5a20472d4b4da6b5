"""Words of a step filled with what is known of one person: names, days and lengths of time in their language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from safelight.domain.choice import Grant
from safelight.domain.sitting import Person
from safelight.settings import locales
from safelight.settings.texts import Texts

_FSI, _PDI = "\u2068", "\u2069"


def fill(texts: Texts, text: str, **values: str) -> str:
    """``text`` with ``{name}`` replaced once; a value is data, so braces in it stay as they are.

    In a right-to-left language every value is isolated (Unicode UAX 9), or a Latin name would turn the line around.
    """

    def _value(found: re.Match[str]) -> str:
        value = values.get(found[1])
        if value is None:
            return found[0]
        return f"{_FSI}{value}{_PDI}" if texts.rtl else value

    return re.sub(r"\{(\w+)\}", _value, text)


def say(texts: Texts, key: str, **values: str) -> str:
    """The ceremony's phrase ``key``, filled."""
    return fill(texts, texts.ceremony[key], **values)


def card_words(texts: Texts, person: Person, number: int) -> tuple[str, str]:
    """The heading and the sentence of one card of the short notice, from 0."""
    heading, sentence = texts.cards[number]
    known = {
        "studio_name": person.studio_name,
        "studio_contact": person.studio_contact,
        "authority": texts.ceremony["authority"],
    }
    return fill(texts, heading, **known), fill(texts, sentence, **known)


def joined(texts: Texts, parts: Iterable[str]) -> str:
    """Names separated the way the language does it."""
    return texts.words["comma"].join(parts)


def sentences(*parts: str) -> str:
    """Sentences one after the other, with a blank between them where the script has blanks."""
    made = ""
    for part in parts:
        made += ("" if not made or made.endswith("。") else " ") + part
    return made


def tied(text: str) -> str:
    """``text`` with the marks that French sets after a blank kept on the line of their word."""
    return re.sub(r" (?=[?!:;»])", "\u00a0", text)


def day_words(texts: Texts, country: str, day: date) -> str:
    """``day`` written out as the language writes it in ``country``, as on the receipt."""
    return locales.day_words(texts.language, country, day)


def time_words(texts: Texts, months: int) -> str:
    """A length of time: the language's own phrase where plurals need one (``term_24``), else years or months."""
    own = texts.ceremony.get(f"term_{months}")
    if own is not None:
        return own
    if months % 12:
        return say(texts, "months", count=str(months))
    return texts.ceremony["year"] if months == 12 else say(texts, "years", count=str(months // 12))


def relies(texts: Texts, person: Person, grant: Grant) -> str:
    """Who would rely on a yes, by name and country (EDPB 05/2020 par. 65); the studio where nobody else does."""
    by_id = {each.id: each for each in person.recipients}
    known = [by_id[each] for each in grant.recipients if each in by_id]
    names = [f"{each.name} ({texts.country(each.country)})" for each in known] or [person.studio_name]
    return say(texts, "for_whom", names=joined(texts, names))
