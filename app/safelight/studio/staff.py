"""The people of the studio: taken in, renamed, retired; nobody can be mistaken for somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from safelight.documents.jcs import canonical
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.names import as_written, has_controls, name_key
from safelight.domain.people import Role, StaffMember
from safelight.studio.open_studio import OpenStudio, new_id
from safelight.studio.staff_pins import forget_pin, keep_pin


def add_staff(
    studio: OpenStudio, name: str, roles: frozenset[Role], pin: str | None = None
) -> tuple[StaffMember, Changes]:
    """Take somebody in; photographers take consents and pictures, reviewers check them with their ``pin``.

    Somebody of this name who retired comes back as who they were, with the same id. Raises :class:`WrongUsage` for a
    name that is missing or taken, :class:`Refused` for a PIN that somebody else has.
    """
    written = _written(name)
    with studio.archive.transaction(studio.now()) as writing:
        members = studio.archive.staff.list()
        known = _called(members, written)
        if any(not each.retired for each in known):
            raise WrongUsage(
                f"There is somebody called '{known[0].name}' in this studio already.",
                "Nothing was changed. Give a name that tells them apart, or see 'safelight staff list'.",
            )
        if known:
            member = replace(known[0], roles=roles, retired=False)
            studio.archive.staff.put(writing, member)
        else:
            member = StaffMember(PersonId(new_id()), written, roles)
            studio.archive.staff.add(writing, member)
        studio.archive.journal.append(writing, "staff-returned" if known else "staff-added", member.id, b"")
        if pin is not None:
            keep_pin(studio, writing, member.id, pin, [each.id for each in members])
    studio.acknowledge(member.id, "")
    return member, Changes.PEOPLE | Changes.JOURNAL


def rename_staff(studio: OpenStudio, wanted: str, name: str) -> tuple[StaffMember, Changes]:
    """Call somebody by another name; who they are stays the same, on what they did before as well."""
    written = _written(name)
    with studio.archive.transaction(studio.now()) as writing:
        members = studio.archive.staff.list()
        before = _found(members, wanted)
        taken = [each for each in _called(members, written) if each.id != before.id]
        if taken:
            told = "retired, but stays known" if taken[0].retired else "in this studio already"
            raise WrongUsage(f"Somebody called '{taken[0].name}' is {told}.", "Nothing was changed; give another name.")
        after = replace(before, name=written)
        studio.archive.staff.put(writing, after)
        said = canonical({"from": before.name, "to": after.name})
        studio.archive.journal.append(writing, "staff-renamed", after.id, said)
    return after, Changes.PEOPLE | Changes.JOURNAL


def retire_staff(studio: OpenStudio, wanted: str) -> tuple[StaffMember, Changes]:
    """Somebody works here no more: they take and check nothing from now on, and their PIN ends; their name stays."""
    with studio.archive.transaction(studio.now()) as writing:
        before = _found(studio.archive.staff.list(), wanted)
        if before.retired:
            raise WrongUsage(f"{before.name} has retired already.", "Nothing was changed.")
        after = replace(before, retired=True)
        studio.archive.staff.put(writing, after)
        forget_pin(studio, writing, after.id)
        studio.archive.journal.append(writing, "staff-retired", after.id, b"")
    return after, Changes.PEOPLE | Changes.JOURNAL


def set_staff_pin(studio: OpenStudio, wanted: str, pin: str) -> tuple[StaffMember, Changes]:
    """Give somebody a new PIN; the old one ends. Raises :class:`Refused` for one that somebody else has."""
    with studio.archive.transaction(studio.now()) as writing:
        members = studio.archive.staff.list()
        member = _working(_found(members, wanted))
        keep_pin(studio, writing, member.id, pin, [each.id for each in members])
    return member, Changes.PEOPLE | Changes.JOURNAL


def find_staff(studio: OpenStudio, wanted: str) -> StaffMember:
    """The person who works here with this id or, when only one has it, this name; :class:`WrongUsage` otherwise."""
    return _working(_found(studio.archive.staff.list(), wanted))


def working_member(studio: OpenStudio, id: PersonId) -> StaffMember:
    """The person of this id; :class:`WrongUsage` when they retired or nobody has it."""
    return _working(studio.archive.staff.get(id))


def usual_photographer(studio: OpenStudio) -> StaffMember:
    """Who photographs unless somebody is named: the first who does so and works here."""
    members = [each for each in studio.archive.staff.list() if not each.retired]
    photographers = [each for each in members if Role.PHOTOGRAPHER in each.roles]
    if not members:
        raise WrongUsage("Who photographs? The studio has no people yet.", "First: safelight staff add NAME")
    return (photographers or members)[0]


def _found(members: Sequence[StaffMember], wanted: str) -> StaffMember:
    found = [each for each in members if each.id == wanted] or _called(members, wanted)
    # Two of one name can only come from a time when names were not unique; whoever works here is meant first.
    found = [each for each in found if not each.retired] or found
    if len(found) == 1:
        return found[0]
    known = ", ".join(sorted(each.name for each in members if not each.retired)) or "nobody yet"
    ask = "Give the id: 'safelight staff list' shows it." if found else f"Known: {known}."
    raise WrongUsage(f"There is no single person called '{wanted[:60]}' in this studio.", ask)


def _called(members: Sequence[StaffMember], name: str) -> list[StaffMember]:
    wanted = name_key(name)
    return [each for each in members if name_key(each.name) == wanted]


def _working(member: StaffMember) -> StaffMember:
    if member.retired:
        raise WrongUsage(
            f"{member.name} has retired and takes and checks nothing any more.",
            "Name somebody else; 'safelight staff add' takes them back.",
        )
    return member


def _written(name: str) -> str:
    if has_controls(" ".join(name.split())):
        raise WrongUsage("This name holds characters that no name has.", "Nothing was changed; type it again.")
    if not name_key(name):
        raise WrongUsage("A person of the studio needs a name.", "Nothing was changed.")
    return as_written(name)
