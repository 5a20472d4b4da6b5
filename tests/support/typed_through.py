"""Somebody who goes through the whole ceremony of a sitting and types their name, for tests."""

from __future__ import annotations

from safelight.documents.jcs import sha256_hex
from safelight.domain import ceremony as steps
from safelight.domain.ceremony import Ceremony, Moment, Step
from safelight.domain.ids import Language, ScopeId
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence
from safelight.studio.sitting import StudioSitting


def typed_through(sitting: StudioSitting, use: ScopeId) -> tuple[Ceremony, Evidence]:
    """The ceremony of somebody who allows ``use``, up to the signature, and what they leave as one."""
    person = sitting.person()

    def moment() -> Moment:
        return Moment(sitting.now(), person.ceremony.whose_turn, "touch")

    now = steps.choose_language(person.ceremony, Language("en"), moment())
    while now.step is Step.NOTICE:
        now = steps.read_card(now, moment())
    now = steps.answer(now, use, person.grants[use], moment())
    while now.step is not Step.REVIEW:
        now = steps.go_on(now, moment())
    now = steps.go_on(steps.show_page(now, sitting.page(now)[1], moment()), moment())
    left = Evidence(SignatureKind.TYPED, person.name.encode())
    return steps.sign(now, left.kind, sha256_hex(left.data), moment()), left
