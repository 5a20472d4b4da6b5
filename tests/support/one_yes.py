"""Somebody who said yes to one use for one recipient, and the bundle that this yes lets go."""

from __future__ import annotations

from safelight.domain.people import Subject
from safelight.domain.photo import Photo
from safelight.studio.exports import export_bundle
from support.shoot import Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"


def ready(shoot: Shoot, name: str = "Ada Falk") -> tuple[Subject, Photo]:
    """A person who signed, and a photo of them that came in afterwards."""
    person = shoot.person(name)
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]))
    return person, shoot.photo(person)


def export(shoot: Shoot) -> object:
    """The bundle, in the place of the one before."""
    target = shoot.scratch / "out.age"
    target.unlink(missing_ok=True)
    return export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), target)[0]
