"""Commands about photos that were taken in: who is on them, where they went, whether a file is one of them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.documents.plain import to_plain
from safelight.domain.culling import Pick
from safelight.domain.days import NO_ZONE
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.photo import Photo
from safelight.domain.plurals import counted
from safelight.settings.zones import at_place
from safelight.studio import assignments
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries import photos
from safelight.studio.queries.ledger import Sent
from safelight.studio.queries.lookup import find_photo, find_session, find_subject, photo_ids
from safelight.studio.queries.people import named, people_of
from safelight.studio.queries.sessions import session_by_id
from safelight.studio.staff import find_staff


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo list``."""
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        subject = find_subject(studio, given.subject, session).id if given.subject else None
        rows = photos.list_photos(studio, session, unassigned=given.unassigned, subject=subject, hidden=given.hidden)
    lines = [f"{each.short}  {each.name or '(damaged)':<28}  {who(each)}{_marks(each)}" for each in rows]
    output.result([to_plain(each) for each in rows], *lines, f"{counted(len(rows), 'photo')}.")
    return ExitCode.DONE


def run_show(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo show``."""
    with opened(given, output) as studio:
        details = photos.photo_details(studio, photos_given(studio, given, [given.photo])[0])
    output.result(to_plain(details), *_details(details))
    return ExitCode.DONE


def run_assign(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo assign``."""
    if given.nobody and given.also:
        raise WrongUsage("'--also' needs somebody.", "Nothing was changed; give --to, or --nobody alone.")
    with opened(given, output) as studio:
        chosen = photos_given(studio, given, given.photos)
        within = session_by_id(studio, chosen[0].session)
        to = [find_subject(studio, each, within).id for each in given.to or ()]
        moved, _ = assignments.move_photos(
            studio, [each.guid for each in chosen], to, actor(studio, given, chosen), also=given.also,
            report=output.report,
        )  # fmt: skip
        done = moved.assigned
        details = [photos.photo_details(studio, each.photo) for each in done]
        signed = named(people_of(studio, within.id), (each.subject for each in moved.receipts))
    rows = [each.row for each in details]
    lines = [f"{row.short}  {row.name}: {who(row)}" for row in rows]
    for each, now in zip(done, details, strict=True):
        if each.sent and each.before != each.photo.subjects:
            sent = _sent(each.sent, now.session_zone)
            lines.append(f"{now.row.short}  {now.row.name} left before, when others were on it: {sent}")
    lines += [
        f"The receipt {naming.receipt} that {person.name or person.short} signed names "
        f"{counted(len(naming.photos), 'of them', 'of them')}; it stays as it was signed."
        for naming, person in zip(moved.receipts, signed, strict=True)
    ]
    document = [
        to_plain(row)
        | {
            "before": list(each.before),
            "sent": [to_plain(one) for one in each.sent],
            "receipts": [naming.receipt for naming in moved.receipts if each.photo.guid in naming.photos],
        }
        for each, row in zip(done, rows, strict=True)
    ]
    output.result(document, *lines)
    return ExitCode.DONE


def run_remove(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo remove``."""
    with opened(given, output) as studio:
        chosen = photos_given(studio, given, given.photos)
        short = photo_ids(studio)
        zones = {each.guid: session_by_id(studio, each.session).zone or NO_ZONE for each in chosen}
        done, _ = assignments.remove_photos(
            studio, [each.guid for each in chosen], actor(studio, given, chosen), although_sent=given.although_sent
        )
    lines = [f"{short[each.photo.guid]}  {each.photo.name} was removed." for each in done]
    lines += [
        f"{short[each.photo.guid]}  others still have it: {_sent(each.sent, zones[each.photo.guid])}"
        for each in done
        if each.sent
    ]
    document = [
        {"guid": each.photo.guid, "name": each.photo.name, "sent": [to_plain(one) for one in each.sent]}
        for each in done
    ]
    output.result(document, *lines)
    return ExitCode.DONE


def run_find(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo find``."""
    with opened(given, output) as studio:
        found = photos.find_file(studio, given.file)
    lines: list[str] = []
    for each in found:
        if each.details is None:
            sent = _sent(each.sent, NO_ZONE)
            lines.append(f"{each.guid}: {each.sameness.value}; removed here, but others have it: {sent}")
        else:
            lines += [f"{each.sameness.value}:", *_details(each.details)]
    output.result([to_plain(each) for each in found], *(lines or ["This file is no photo of the archive."]))
    return ExitCode.DONE if found else ExitCode.NO


def photos_given(studio: OpenStudio, given: argparse.Namespace, wanted: Sequence[str]) -> tuple[Photo, ...]:
    """The photos that were named, each once; all are found before anything is done to one."""
    within = find_session(studio, given.session) if given.session else None
    found = {photo.guid: photo for photo in (find_photo(studio, each, within) for each in wanted)}
    return tuple(found.values())


def actor(studio: OpenStudio, given: argparse.Namespace, chosen: Sequence[Photo]) -> PersonId:
    """Who of the studio does it: named, or the photographer of the session."""
    """Who does it: as told, else the photographer of the first photo's session."""
    if given.by:
        return find_staff(studio, given.by).id
    return session_by_id(studio, chosen[0].session).photographer


def who(row: photos.PhotoRow) -> str:
    """The names of the people on a photo."""
    return ", ".join(each.name or each.short for each in row.people) or "nobody"


def _marks(row: photos.PhotoRow) -> str:
    stars = f"  {'*' * row.rating}" if row.rating else ""
    mark = "" if row.mark is Pick.NONE else f"  ({'picked' if row.mark is Pick.PICK else 'rejected'})"
    wanted = "  (wanted by the person on it)" if row.picked_by_subject else ""
    in_bin = "  (in the bin)" if row.hidden else ""
    look = "  (taken close to a change of person, look at it)" if row.flagged else ""
    return f"{stars}{mark}{wanted}{in_bin}{look}"


def _sent(sent: Sequence[Sent], zone: str) -> str:
    """Every bundle the photo left in; days are those in ``zone``, that of its session while it is here."""
    return "; ".join(
        f"{at_place(zone, each.at):%Y-%m-%d} to {each.name or each.recipient} for {', '.join(each.uses)}"
        for each in sent
    )


def _details(details: photos.PhotoDetails) -> list[str]:
    photo, row = details.photo, details.row
    lines = [
        f"{row.guid}  {row.name}{_marks(row)}",
        f"session: {details.session_name}",
        f"on it: {who(row)}",
        f"{photo.media_type}, {photo.width} x {photo.height}, {photo.size} bytes",
    ]
    if photo.taken_at:
        lines.append(f"taken: {photo.taken_at:%Y-%m-%d %H:%M:%S} (camera time, UTC)")
    if details.struck_out_by:
        names = ", ".join(each.name or each.short for each in details.struck_out_by)
        lines.append(f"struck out by: {names}; it does not leave the studio")
    if photo.removable:
        lines.append(f"its file also tells: {', '.join(photo.removable)}")
    lines.append(f"sent: {_sent(details.sent, details.session_zone)}" if details.sent else "sent to nobody")
    return lines


