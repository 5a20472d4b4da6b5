"""Whether two entries of a list mean one person, and what they say differently; decides when a list comes twice."""

from __future__ import annotations

from .names import name_key
from .people import Subject


def means_the_same(known: Subject, told: Subject) -> bool:
    """Whether ``told`` is ``known``, entered again.

    An equal number decides. Else the names must be equal and nothing that tells people apart (number, birth date, and
    e-mail address unless the birth dates agree) may differ where both have it.
    """
    known_number, told_number = name_key(known.reference), name_key(told.reference)
    if known_number and told_number:
        return known_number == told_number
    if name_key(known.name) != name_key(told.name):
        return False
    if known.born and told.born:
        return known.born == told.born
    known_mail, told_mail = name_key(known.email), name_key(told.email)
    return not (known_mail and told_mail and known_mail != told_mail)


def differences(known: Subject, told: Subject) -> tuple[str, ...]:
    """The fields of which ``told`` says something that ``known`` does not; what it leaves out is no difference."""
    found = []
    for field in ("name", "reference", "email", "phone", "department"):
        told_text, known_text = getattr(told, field), getattr(known, field)
        if told_text and " ".join(told_text.split()) != " ".join(known_text.split()):
            found.append(field)
    if told.born and told.born != known.born:
        found.append("born")
    guardians = {name_key(each.name) for each in known.guardians}
    if any(name_key(each.name) not in guardians for each in told.guardians):
        found.append("guardian")
    return tuple(found)
