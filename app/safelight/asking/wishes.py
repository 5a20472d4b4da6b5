"""Everything somebody at a screen may want: one closed table from the name of a wish to what it does and what it takes.

A window makes a wish by its constant, which the type checker holds to the right arguments; a browser by its name, and
then each argument is checked by the type that the method itself declares.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVarTuple, get_type_hints

from safelight.domain.choice import ReplicaTerms
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country, Language, ScopeId
from safelight.domain.sitting import Evidence
from safelight.settings.texts import LANGUAGES

from .asking import Asking
from .flow import Flow
from .mind import Mind

Args = TypeVarTuple("Args")
Fits = Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Wish(Generic[*Args]):
    """One thing that can be wanted; ``tell`` does it, ``takes`` says of each argument whether it fits."""

    name: str
    tell: Callable[[Flow, *Args], None]
    takes: tuple[Fits, ...]


def is_exactly(kind: type) -> Fits:
    """Values of ``kind`` itself: True is no number here."""
    return lambda value: type(value) is kind


def _are_words(value: object) -> bool:
    return type(value) is frozenset and all(type(each) is str for each in value)


_FITS: Mapping[object, Fits] = {
    str: is_exactly(str),
    bool: is_exactly(bool),
    int: is_exactly(int),
    Language: lambda value: value in LANGUAGES,
    frozenset[Country]: _are_words,
    frozenset[ScopeId]: _are_words,
    Evidence: is_exactly(Evidence),
    ReplicaTerms: is_exactly(ReplicaTerms),
}


def _takes(method: Callable[..., None]) -> tuple[Fits, ...]:
    kinds = get_type_hints(method)
    _, *names = inspect.signature(method).parameters
    return tuple(_FITS[kinds[name]] for name in names)


def _of_flow(method: Callable[[Flow, *Args], None]) -> Wish[*Args]:
    return Wish(method.__name__, method, _takes(method))


def _of_asking(method: Callable[[Asking, *Args], None]) -> Wish[*Args]:
    """A wish of whoever sits here when it is made; after they left it reaches nobody."""

    def tell(flow: Flow, *arguments: *Args) -> None:
        if flow.asking is not None:
            method(flow.asking, *arguments)

    return Wish(method.__name__, tell, _takes(method))


def _of_mind(method: Callable[[Mind, *Args], None]) -> Wish[*Args]:
    """A wish of whoever takes back what they allowed."""

    def tell(flow: Flow, *arguments: *Args) -> None:
        if flow.stage.mind is not None:
            method(flow.stage.mind, *arguments)

    return Wish(method.__name__, tell, _takes(method))


# At the door.
ADMIT = _of_flow(Flow.admit)
NO_CARD = _of_flow(Flow.no_card)
TOO_YOUNG = _of_flow(Flow.too_young)
WALK_IN = _of_flow(Flow.walk_in)
SPEAK = _of_flow(Flow.speak)
GIVE_PIN = _of_flow(Flow.give_pin)
CHANGE_MIND = _of_flow(Flow.change_mind)
# Taking back.
FIND = _of_mind(Mind.find)
SHOW_YESES = _of_mind(Mind.show_yeses)
PROVE = _of_mind(Mind.prove)
NAME_USES = _of_mind(Mind.name_uses)
TAKE_SOME = _of_mind(Mind.take_some)
TAKE_ALL = _of_mind(Mind.take_all)
ACT_AS_GUARDIAN = _of_mind(Mind.act_as_guardian)
TAKE_BACK = _of_mind(Mind.take_back)
GO_BACK = _of_mind(Mind.go_back)
# Before the first question.
START = _of_flow(Flow.start)
GUARDIAN_HERE = _of_flow(Flow.guardian_here)
GUARDIAN_ABSENT = _of_flow(Flow.guardian_absent)
WITH_COMPANY = _of_flow(Flow.with_company)
ATTEND = _of_flow(Flow.attend)
GO_ON = _of_flow(Flow.go_on)
ANEW = _of_flow(Flow.anew)
CONFIRM = _of_flow(Flow.confirm)
CHANGE = _of_flow(Flow.change)
# The questions.
NEXT = _of_asking(Asking.next)
BACK = _of_asking(Asking.back)
TELL_MORE = _of_asking(Asking.tell_more)
JUDGE = _of_asking(Asking.judge)
ANSWER = _of_asking(Asking.answer)
OPEN_MORE = _of_asking(Asking.open_more)
LIMIT_TERM = _of_asking(Asking.limit_term)
LIMIT_PLACE = _of_asking(Asking.limit_place)
LIMIT_COUNTRIES = _of_asking(Asking.limit_countries)
MARK = _of_asking(Asking.mark)
AGREE = _of_asking(Asking.agree)
PUT = _of_asking(Asking.put)
SIGN = _of_asking(Asking.sign)
OPEN = _of_asking(Asking.open)
REFUSE_ALL = _of_flow(Flow.refuse_all)
# On the way out.
STOP = _of_flow(Flow.stop)
LEAVE_UNDECIDED = _of_flow(Flow.leave_undecided)
FINISH = _of_flow(Flow.finish)
PUT_AWAY = _of_flow(Flow.put_away)
BADGE = _of_flow(Flow.badge)
WAIT = _of_flow(Flow.wait)
AGAIN = _of_flow(Flow.again)

WISHES: Mapping[str, Wish[*tuple[Any, ...]]] = {
    value.name: value for value in tuple(globals().values()) if isinstance(value, Wish)
}
"""All of them by name."""


def ask(flow: Flow, untrusted_name: str, untrusted_arguments: Sequence[object]) -> None:
    """Make the wish of this name; raises :class:`WrongUsage` where there is none that takes these arguments."""
    wish = WISHES.get(untrusted_name)
    if wish is None:
        raise WrongUsage("Nobody can wish that here.", "Nothing was changed.")
    if len(untrusted_arguments) != len(wish.takes) or not all(
        fits(value) for fits, value in zip(wish.takes, untrusted_arguments, strict=True)
    ):
        raise WrongUsage(f"'{wish.name}' takes something else.", "Nothing was changed.")
    wish.tell(flow, *untrusted_arguments)
