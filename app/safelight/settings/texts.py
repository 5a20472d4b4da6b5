"""The wording people read, per language: receipt, notice, ceremony. Data from ``resources/texts``, versioned, hashed.

A phrase missing in a language is taken from English, so a half-translated file never leaves a hole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .locales import country_name, most_spoken
from .resources import read_bytes, read_json

_NAMES, _ORDER = "texts/languages.json", "texts/country_order.json"


def native_names() -> Mapping[str, str]:
    """What each language calls itself, by code, in the order they are offered; reads one small file, no wording."""
    names: Mapping[str, str] = read_json(_NAMES)
    return names


LANGUAGES = tuple(native_names())
"""Languages with a file of their own, in the order they are offered; any other falls back to English."""

_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})

FACTS: Mapping[str, str] = {
    "studio_name": "The studio's name as people know it.",
    "studio_contact": "One e-mail address or telephone number that is answered.",
    "studio_address": "The postal address on one line.",
    "representative": "Name and contact of the representative in the EU (GDPR Art. 27), or the default 'none needed'.",
    "data_contact": "A whole sentence naming the data protection officer or the person in charge of privacy.",
    "purposes": "One or more whole sentences: each use asked in this session with its ground (consent, contract, law).",
    "interest": "A whole sentence: what is done without consent and on what ground (GDPR Art. 6(1)(b), (c), (f)).",
    "recipients": "One or more whole sentences: every named recipient with role and country; processors by kind.",
    "recipient_countries": "The countries of all recipients, separated by commas.",
    "transfers": "One or more whole sentences: third countries, adequacy or safeguards, where to get a copy.",
    "retention": "One or more whole sentences: how long photos, data and proof are kept, or how that is decided.",
    "authority": "Name and website of the supervisory authority.",
    "withdraw_at": "Where to withdraw: address, page or place; it ends up after a colon.",
    "sources": "A whole sentence: who gave the studio data about the person (roster of an employer), or nobody.",
    "data_kinds": "A whole sentence listing the kinds of data held.",
    "face_purpose": "What face data would be used for; it ends up after a colon.",
    "face_retention": "By when face data is destroyed; it ends up after a colon.",
}
"""Every fact a notice needs, with what to put in. ``Texts.default_facts`` fills in those most studios share."""


@dataclass(frozen=True, slots=True)
class Question:
    """One teach-back question: ``right`` indexes ``answers``; ``again`` explains after a wrong answer."""

    ask: str
    answers: tuple[str, ...]
    right: int
    again: str


@dataclass(frozen=True, slots=True)
class Texts:
    """All wording of one language. ``sha256`` covers the file's bytes; ``review`` says who has read it.

    ``acts`` words what somebody did while being asked (keys as the ceremony writes them), ``modes`` what they did it
    with; ``languages`` names the languages by code.
    """

    language: str
    version: str
    sha256: str
    rtl: bool
    review: str
    words: Mapping[str, str]
    receipt: Mapping[str, str]
    how_steps: tuple[str, ...]
    verify_steps: tuple[str, ...]
    exclusions: Mapping[str, str]
    media: Mapping[str, str]
    compensation: Mapping[str, str]
    steps: Mapping[str, str]
    acts: Mapping[str, str]
    modes: Mapping[str, str]
    languages: Mapping[str, str]
    rights_card: tuple[str, ...]
    ownership: tuple[str, ...]
    notice_title: str
    notice_items: Mapping[str, tuple[str, str]]
    facts: Mapping[str, str]
    cards: tuple[tuple[str, str], ...]
    questions: tuple[Question, ...]
    ceremony: Mapping[str, str]
    ceremony_steps: Mapping[str, str]
    countries: Mapping[str, str]

    @property
    def reviewed(self) -> bool:
        """Whether somebody who speaks the language has read it; otherwise screens should say that it is a draft."""
        return self.review == "reviewed"

    def country(self, code: str) -> str:
        """The name of a country in this language, or its code."""
        return self.countries.get(code) or country_name(self.language, code) or code

    def in_order(self, codes: Iterable[str]) -> list[str]:
        """Countries as the language sorts their names; what is no country (yet) comes last."""
        places = _country_order(self.language)
        return sorted(codes, key=lambda code: (places.get(code, len(places)), code))

    def default_facts(self, studio_contact: str, keeping_months: int = 12) -> dict[str, str]:
        """Facts a studio may leave as they are: the careful defaults, in this language (keys of :data:`FACTS`).

        ``keeping_months`` (one of ``OFFERED_MONTHS``) is how long pictures are kept after delivery, as the rules say.
        """
        known = {"{studio_contact}": studio_contact, "{term}": self.ceremony[f"term_{keeping_months}"]}
        facts = dict(self.facts)
        for name, value in known.items():
            facts = {key: text.replace(name, value) for key, text in facts.items()}
        return facts


def nearest(language: str) -> str:
    """The language there is wording in that ``language`` (BCP 47) can be read in: ``de-AT`` finds ``de``, else English.

    Chinese is told apart by its script: what does not name the traditional one finds the simplified.
    """
    main, *rest = language.split("-")
    if main == "zh" and not {each.lower() for each in rest} & _TRADITIONAL:
        main = "zh-Hans"
    return next((code for code in (language, main) if code in LANGUAGES), "en")


def main_language(country: str) -> str:
    """The language a screen in ``country`` starts in: the one most people there share, else English."""
    return nearest(most_spoken(country))


@cache
def texts(language: str) -> Texts:
    """The wording in ``language`` (BCP 47; see :func:`nearest`); a missing phrase comes from English."""
    code = nearest(language)
    name = f"texts/{code}.json"
    own, english = read_json(name), read_json("texts/en.json")
    raw = _over(english, own)
    receipt, ceremony = raw["receipt"], raw["ceremony"]
    return Texts(
        language=code,
        version=own["version"],
        sha256=hashlib.sha256(read_bytes(name)).hexdigest(),
        rtl=own.get("direction") == "rtl",
        review=own["review"],
        words=raw["words"],
        receipt={key: value for key, value in receipt.items() if isinstance(value, str)},
        how_steps=tuple(receipt["how_steps"]),
        verify_steps=tuple(receipt["verify_steps"]),
        exclusions=raw["exclusions"],
        media=raw["media"],
        compensation=raw["compensation"],
        steps=raw["steps"],
        acts=raw["acts"],
        modes=raw["modes"],
        languages=raw["languages"],
        rights_card=tuple(raw["rights_card"]),
        ownership=tuple(raw["ownership"]),
        notice_title=raw["notice"]["title"],
        notice_items={key: (heading, sentence) for key, (heading, sentence) in raw["notice"]["items"].items()},
        facts=raw["facts"],
        cards=tuple((heading, sentence) for heading, sentence in ceremony["cards"]),
        questions=tuple(
            Question(each["ask"], tuple(each["answers"]), each["right"], each["again"])
            for each in ceremony["questions"]
        ),
        ceremony={key: value for key, value in ceremony.items() if isinstance(value, str)},
        ceremony_steps=ceremony["steps"],
        countries=raw["countries"],
    )


@cache
def _country_order(language: str) -> Mapping[str, int]:
    """The place of each country among all, as the language sorts them (UCA with CLDR's rules, as ICU applies them)."""
    return {code: place for place, code in enumerate(read_json(_ORDER).get(language, "").split())}


def _over(base: Any, own: Any) -> Any:
    if isinstance(base, dict) and isinstance(own, dict):
        return {key: _over(base.get(key), own.get(key)) for key in {**base, **own}}
    return base if own is None else own
