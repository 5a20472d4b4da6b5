"""What the demonstration says at its end: what happened, what to look at, how to check it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safelight.domain.plurals import counted

MAIN_USE, CHECKED_USE = "use.editorial", "ai.train-generative"


def told(out: Path, summary: dict[str, Any]) -> Iterator[str]:
    """What happened and what to look at, in the order a person would."""
    people, main = summary["people"], summary["bundles"][0]
    seconds = sum(summary["seconds"].values())
    came, taken = counted(len(people), "person", "people"), counted(summary["photos"]["added"], "photo")
    yield f"{came} came, {taken} taken in, in {seconds:.0f} s."
    for each in people:
        yield f"  {each['name']}: {len(each['yes'])} yes, {len(each['no'])} no"
    for bundle in summary["bundles"]:
        held = {each["photo"] for each in bundle["out"]}
        left = f"{counted(len(bundle['in']), 'photo')} left in {bundle['file'] or 'no bundle'}"
        yield f"{bundle['use']}: {left}, {len(held)} stayed:"
        for why in sorted({each["why"] for each in bundle["out"]}):
            yield f"  {sum(1 for each in bundle['out'] if each['why'] == why)} x {why}"
    yes = sum(1 for each in summary["answers"] if each["allowed"])
    asked = counted(len(summary["answers"]), "question")
    yield f"The agency asked {asked}: {yes} yes, {len(summary['answers']) - yes} no."
    yield from _afterwards(summary["afterwards"])
    yield "Look at:"
    yield f"  {out}/receipts/*.pdf          what each person took home"
    yield f"  {out}/withdrawal/*.pdf        the receipt of the withdrawal, and the letter that carries it"
    yield f"  {out}/published               what a studio puts on its web server: feed, lists, sealed notices"
    yield f"  {out}/summary.json            everything above, with ids and reasons"
    yield "Check with tools we did not write:"
    yield f"  mkdir {out}/opened && cd {out}/opened && age -d -i ../keys/agency.txt ../bundle.age | tar x \\"
    yield "    && sha256sum -c SHA256SUMS \\"
    yield f"    && ssh-keygen -Y verify -f ../allowed_signers -I {summary['studio']['id']} -n safelight-bundle \\"
    yield "       -s manifest.json.sig < manifest.json"
    if main["in"]:
        yield "Ask again:"
        yield f"  export SAFELIGHT_PASSPHRASE_FILE={out}/keys/agency-passphrase.txt SAFELIGHT_AGENCY={out}/agency"
        yield f"  ./run agency may --photo {main['in'][-1]} --use {MAIN_USE} --territory FR"


def _afterwards(told: dict[str, Any]) -> Iterator[str]:
    """Who changed their mind, what the agency answered, and what the years bring."""
    taken = told["withdrawal"]
    if taken is not None:
        ended = counted(len(taken["ended"]), "yes", "yeses")
        yield f"One person wrote a mail and took {ended} back: notice {taken['notice']['number']} to the agency,"
        found = counted(taken["copies_found"], "forgotten copy", "forgotten copies")
        yield f"  which now says no ({taken['after']['blocker']}), found {found} on its disk by the image alone,"
        yield f"  and answered: {', '.join(taken['answers'])}."
    if told["renewal"] is not None:
        yield f"Then they allowed {', '.join(told['renewal']['yes'])} again, by signing anew."
    if told["erasure"] is not None:
        yield "Another one was erased: their pictures' key is destroyed, the proof stays its time."
    nights = told["ten_years"]
    letters = counted(nights["letters"], "letter")
    yield f"Ten years of nights at another studio: {nights['ended']} ended by themselves, {letters} due before."
