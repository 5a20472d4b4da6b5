"""Whether two entries of a list mean one person, and what they say differently; decides when a list comes twice."""

from __future__ import annotations

import unicodedata

from .people import Subject


def means_the_same(known: Subject, told: Subject) -> bool:
    """Whether ``told`` is ``known``, entered again.

    An equal number decides. Else the names must be equal and nothing that tells people apart (number, birth date, and
    e-mail address unless the birth dates agree) may differ where both have it.
    """
    if known.reference and told.reference:
        return identity_key(known.reference) == identity_key(told.reference)
    if identity_key(known.name) != identity_key(told.name):
        return False
    if known.born and told.born:
        return known.born == told.born
    return not (known.email and told.email and identity_key(known.email) != identity_key(told.email))


def differences(known: Subject, told: Subject) -> tuple[str, ...]:
    """The fields of which ``told`` says something that ``known`` does not; what it leaves out is no difference."""
    found = []
    for field in ("name", "reference", "email", "phone", "department"):
        told_text, known_text = getattr(told, field), getattr(known, field)
        if told_text and " ".join(told_text.split()) != " ".join(known_text.split()):
            found.append(field)
    if told.born and told.born != known.born:
        found.append("born")
    guardians = {identity_key(each.name) for each in known.guardians}
    if any(identity_key(each.name) not in guardians for each in told.guardians):
        found.append("guardian")
    return tuple(found)


def identity_key(text: str) -> str:
    """How names, numbers and addresses are compared: no matter the case, the blanks or the width of letters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
