"""The uses a person is asked about, as a catalogue read from data: what each one is, needs and may not exceed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from .errors import WrongUsage
from .ids import Language, ScopeId


class Basis(StrEnum):
    """The ground a use stands on; it is told before signing and never swapped (EDPB 05/2020 par. 121-123)."""

    CONSENT = "consent"
    CONTRACT = "contract"


class Kind(StrEnum):
    """Whether a person is told (``notice``), asked (``consent``) or signs terms of their own (``contract``)."""

    NOTICE = "notice"
    CONSENT = "consent"
    CONTRACT = "contract"


ASKED = frozenset({Kind.CONSENT, Kind.CONTRACT})
"""The kinds a person answers yes or no to; of any other nobody may rely on an answer."""


class Mark(StrEnum):
    """What a yes needs besides the signature at the end."""

    NONE = "none"
    INITIALS = "initials"
    OWN = "own"
    PAGE = "page"


class MinorsRule(StrEnum):
    """Who must say yes when the subject is a minor."""

    GUARDIAN = "guardian"
    BOTH = "guardian+assent"
    BLOCKED = "blocked"


OPEN_TO_MINORS = frozenset({MinorsRule.GUARDIAN, MinorsRule.BOTH})
"""The rules under which a minor's yes can count; under any other it never does."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which uses are shown together."""

    id: str
    order: int
    title: Mapping[str, str]


_ALTERING = frozenset({"https://w3id.org/dpv#Modify", "https://w3id.org/dpv#Generate"})
"""What is done to the picture itself, in the public words a use is described with."""
_FACE_DATA = "https://w3id.org/dpv/pd#FacialPrint"
_TRAINING = "https://w3id.org/dpv/ai#ModelTraining"
_EMPLOYED = frozenset({"https://w3id.org/dpv#PersonnelManagement", "https://w3id.org/dpv#MemberPartnerManagement"})


@dataclass(frozen=True, slots=True)
class Scope:
    """One use a person can allow or refuse alone.

    ``max_term_months`` caps every yes; ``hard_cap_months`` caps even a term negotiated on a contract page.
    ``text`` is the exact wording per language; ``title`` a short name for tables. ``for_others`` says that others than
    the studio rely on a yes: then they are named. ``handed_on`` says that others can be sent pictures for it at all.
    """

    id: ScopeId
    group: str
    kind: Kind
    basis: Basis
    text: Mapping[str, str]
    title: Mapping[str, str]
    dpv: tuple[str, ...]
    legal_basis: str
    explicit: bool
    mark: Mark
    needs_recipient: bool
    for_others: bool
    handed_on: bool
    needs_validation: bool
    minors: MinorsRule
    ai: bool
    max_term_months: int | None
    hard_cap_months: int | None
    retention_months: int | None
    withdrawal_can: Mapping[str, str]
    withdrawal_cannot: Mapping[str, str]

    @property
    def asked(self) -> bool:
        """Whether a person answers yes or no to it, rather than being told."""
        return self.kind in ASKED

    @property
    def open_to_minors(self) -> bool:
        """Whether it may be asked of a minor at all."""
        return self.minors in OPEN_TO_MINORS

    @property
    def alters(self) -> bool:
        """Whether a yes lets the picture be changed or new ones be made of it, whatever limits alteration otherwise."""
        return not _ALTERING.isdisjoint(self.dpv)

    @property
    def trains(self) -> bool:
        """Whether models are trained on the picture: what one has learned cannot be taken out of it again."""
        return _TRAINING in self.dpv

    @property
    def ends_on_leaving(self) -> bool:
        """Whether it is allowed to an employer or a club as one of its people, and ends when the person leaves it."""
        return not _EMPLOYED.isdisjoint(self.dpv)

    @property
    def measures_faces(self) -> bool:
        """Whether a face code is made: the law then wants more in the notice."""
        return _FACE_DATA in self.dpv

    @property
    def cap_months(self) -> int | None:
        """The longest a yes may last; a contract page may reach the hard cap."""
        return self.hard_cap_months or self.max_term_months


KEEPING_MONTHS = 12
"""How long pictures are kept after delivery where the rules say nothing."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All uses and groups of one version of the rules, in the order they are asked.

    ``retired`` are uses that people answered under earlier rules and nobody is asked about any more: what was signed
    about them is read, shown and handed on as before.
    """

    version: str
    as_of: str
    groups: tuple[Group, ...]
    scopes: tuple[Scope, ...]
    modifiers: Mapping[str, Mapping[str, str]]
    statements: Mapping[str, Mapping[str, str]]
    retired: tuple[Scope, ...] = ()

    def scope(self, scope: str) -> Scope:
        """The use called ``scope``, retired or not; raises :class:`WrongUsage` for a name nobody knows."""
        found = self.find(scope)
        if found is not None:
            return found
        raise WrongUsage(f"There is no use called '{scope[:60]}'.", "Known uses: " + ", ".join(self.asked_ids()) + ".")

    def find(self, scope: str) -> Scope | None:
        """The use called ``scope``, retired or not; None for a name nobody knows."""
        for each in self.scopes:
            if each.id == scope:
                return each
        return next((each for each in self.retired if each.id == scope), None)

    def known(self) -> tuple[Scope, ...]:
        """Every use there is something to read about: today's in their order, then the retired ones."""
        return (*self.scopes, *self.retired)

    def known_ids(self) -> tuple[ScopeId, ...]:
        """The ids of the uses somebody may have answered: those of :meth:`asked`, then the retired ones."""
        return (*self.asked_ids(), *(each.id for each in self.retired))

    def title(self, scope: str, language: Language | str) -> str:
        """The short name of a use in ``language``; its id where nobody knows one."""
        found = self.find(scope)
        return scope if found is None else in_language(found.title, language)

    def with_retired(self, uses: Iterable[Scope]) -> Catalogue:
        """The same rules, which can also read ``uses``; one that is known already stays as it is, the first counts."""
        known = {each.id for each in self.known()}
        more: dict[ScopeId, Scope] = {}
        for each in uses:
            if each.id not in known:
                more.setdefault(each.id, each)
        return replace(self, retired=(*self.retired, *more.values())) if more else self

    def asked(self) -> tuple[Scope, ...]:
        """The uses a person answers yes or no to today (everything but notices)."""
        return tuple(each for each in self.scopes if each.asked)

    def asked_ids(self) -> tuple[ScopeId, ...]:
        """The ids of :meth:`asked`."""
        return tuple(each.id for each in self.asked())

    @property
    def keeping_months(self) -> int:
        """How long pictures are kept after delivery where no yes lasts longer: what people are told without asking."""
        told = (each.retention_months for each in self.scopes if not each.asked)
        return next((months for months in told if months is not None), KEEPING_MONTHS)

    def exportable(self) -> tuple[Scope, ...]:
        """The uses a picture can be handed on for, the retired ones last; every other one stays inside the studio."""
        return tuple(each for each in (*self.asked(), *self.retired) if each.handed_on)


def use_as_signed(
    id: ScopeId,
    text: Mapping[str, str] | None = None,
    dpv: Sequence[str] = (),
    mark: Mark = Mark.NONE,
    contract: bool = False,
) -> Scope:
    """A use of which nothing is known but what a signed record tells; what no record tells is the careful default.

    A second person checks it, nothing caps it but what was signed, and it was open to whoever signed. Its short name
    is its id.
    """
    return Scope(
        id=id,
        group="",
        kind=Kind.CONTRACT if contract else Kind.CONSENT,
        basis=Basis.CONTRACT if contract else Basis.CONSENT,
        text={"en": id} | dict(text or {}),
        title={"en": id},
        dpv=tuple(dpv),
        legal_basis="",
        explicit=False,
        mark=mark,
        needs_recipient=False,
        for_others=True,
        handed_on=True,
        needs_validation=True,
        minors=MinorsRule.BOTH,
        ai=False,
        max_term_months=None,
        hard_cap_months=None,
        retention_months=None,
        withdrawal_can={"en": ""},
        withdrawal_cannot={"en": ""},
    )


def in_language(texts: Mapping[str, str], language: Language | str) -> str:
    """The wording in ``language``, or in English where it is not translated yet."""
    return texts.get(language) or texts.get(language.split("-")[0]) or texts["en"]


def _both(value: Any) -> Mapping[str, str]:
    return value if isinstance(value, dict) else {"en": str(value)}


def _scope(raw: Mapping[str, Any]) -> Scope:
    return Scope(
        id=ScopeId(raw["id"]),
        group=raw["group"],
        kind=Kind(raw["kind"]),
        basis=Basis(raw["basis"]),
        text=raw["text"],
        title=raw["title"],
        dpv=tuple(raw["dpv"]),
        legal_basis=raw["legal_basis_eu"],
        explicit=raw["explicit_art9"] is True,
        mark=Mark(raw["signature"]),
        needs_recipient=raw["needs_recipient"],
        for_others=raw.get("relied_on_by") == "recipients",  # rules of before this was said name nobody unasked
        handed_on=raw.get("handed_on") is True,  # what does not say so stays in the studio
        needs_validation=raw["needs_validation"],
        minors=MinorsRule(raw["minors_rule"]),
        ai=raw["ai"],
        max_term_months=raw["max_term_months"],
        hard_cap_months=raw.get("hard_cap_months"),
        retention_months=raw.get("retention_default_months"),
        withdrawal_can=_both(raw["withdrawal_can"]),
        withdrawal_cannot=_both(raw["withdrawal_cannot"]),
    )


def read_scopes(raw: Iterable[Mapping[str, Any]]) -> tuple[Scope, ...]:
    """The uses in entries of a list of uses, of whatever version."""
    return tuple(map(_scope, raw))


def read_catalogue(raw: Mapping[str, Any]) -> Catalogue:
    """The catalogue in the shape of ``rules/scopes.json`` (``headshot-consent-scopes/2``)."""
    groups: Sequence[Mapping[str, Any]] = sorted(raw["groups"], key=lambda each: each["order"])
    order = {each["id"]: each["order"] for each in groups}
    return Catalogue(
        version=raw["version"],
        as_of=raw["as_of"],
        groups=tuple(Group(each["id"], each["order"], each["title"]) for each in groups),
        scopes=tuple(sorted((_scope(each) for each in raw["scopes"]), key=lambda each: order[each.group])),
        modifiers={each["id"]: each["text"] for each in raw["modifiers"] if "text" in each},
        statements={each["id"]: each["text"] for each in raw["fixed_statements"]},
    )
