"""Commands that say what the photographer makes of photos: rate, pick, reject, hide, and empty the bin."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output
from safelight.cli.photo_commands import actor, photos_given
from safelight.documents.plain import to_plain
from safelight.domain.culling import Culled, Culling, Pick
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.studio import culling, deleting
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_session, photo_ids


def run_rate(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo rate``."""
    with opened(given, output) as studio:
        chosen = photos_given(studio, given, given.photos)
        done, _ = culling.rate_photos(
            studio, [each.guid for each in chosen], given.rating, actor(studio, given, chosen)
        )
        return _told(studio, done, output)


def run_mark(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo pick``, ``photo reject`` and ``photo clear``."""
    with opened(given, output) as studio:
        chosen = photos_given(studio, given, given.photos)
        guids, mark = [each.guid for each in chosen], Pick(given.mark)
        if given.for_subject:
            done, _ = culling.pick_by_subject(studio, guids, wanted=mark is Pick.PICK)
        else:
            done, _ = culling.mark_photos(studio, guids, mark, actor(studio, given, chosen))
        return _told(studio, done, output)


def run_hide(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo hide`` and ``photo unhide``."""
    with opened(given, output) as studio:
        chosen = photos_given(studio, given, given.photos)
        verb = culling.hide_photos if given.hide else culling.unhide_photos
        done, _ = verb(studio, [each.guid for each in chosen], actor(studio, given, chosen))
        return _told(studio, done, output)


def run_delete(given: argparse.Namespace, output: Output) -> ExitCode:
    """``photo delete-hidden``."""
    if bool(given.photos) == given.everything:
        raise WrongUsage("Which photos?", "Name some of the bin, or give --all with --session. Nothing was deleted.")
    if given.everything and not given.session:
        raise WrongUsage("The bin of which session?", "Give --session. Nothing was deleted.")
    with opened(given, output) as studio:
        if given.everything:
            guids = deleting.hidden_photos(studio, find_session(studio, given.session).id)
            chosen = photos_given(studio, given, guids)
        else:
            chosen = photos_given(studio, given, given.photos)
            guids = tuple(each.guid for each in chosen)
        if not guids:
            output.result([], "The bin is empty.")
            return ExitCode.DONE
        done, _ = deleting.delete_hidden_now(studio, guids, actor(studio, given, chosen), output.report)
    lines = [
        f"{each.name} is gone: no row, no file, {'no key' if each.own_key else 'nothing its people have keys for'}."
        if each.gone
        else f"{each.name} was taken out, but something is still there: {', '.join(each.remains)}; run 'studio check'."
        for each in done
    ]
    output.result([to_plain(each) | {"gone": each.gone} for each in done], *lines)
    return ExitCode.DONE if all(each.gone for each in done) else ExitCode.DEVICE


def _told(studio: OpenStudio, done: Culled, output: Output) -> ExitCode:
    short = photo_ids(studio)
    lines = [f"{short[guid]}  {_words(done.after[guid])}" for guid in done.photos]
    document = [
        {"guid": guid, "before": to_plain(done.before[guid]), "after": to_plain(done.after[guid])}
        for guid in done.photos
    ]
    output.result(document, *lines, f"{counted(len(document), 'photo')} changed.")
    return ExitCode.DONE


def _words(told: Culling) -> str:
    said = [f"rated {told.rating}"]
    if told.mark is not Pick.NONE:
        said.append("picked" if told.mark is Pick.PICK else "rejected: it does not leave")
    if told.picked_by_subject:
        said.append("wanted by the person on it")
    if told.hidden:
        said.append("in the bin: it does not leave")
    return ", ".join(said)
