"""The access file (GDPR Art. 15 and 20): everything a studio holds about one person, as pages they can read."""

from __future__ import annotations

from collections.abc import Sequence

from safelight.domain.consent import Status
from safelight.domain.page_document import Block, Cell, Facts, Heading, PageDocument, Paragraph, Points, Table
from safelight.domain.plain_text import clean, isolate_ltr, name

from .held import AccessContent, HeldAnswer, HeldEvent, HeldPhoto
from .words import Words

MACHINE_READABLE = "access.jsonld"
PAGE = "index.html"


def access_pages(content: AccessContent) -> PageDocument:
    """All of it, in the person's language, in the order they would ask: what, what I said, who has it, who looked."""
    words = Words(content.studio, content.reader)
    blocks: list[Block] = []
    for part in (_known, _answers, _photos, _handed_on, _reads, _requests, _limits, _notices):
        blocks += part(words, content)
    return PageDocument(
        title=words.say("access_title"),
        lead=words.say("access_lead", name=words.who(), day=words.local_day(content.at), studio=words.sender()),
        blocks=tuple(blocks),
        language=words.language,
        studio_name=content.studio.name,
        reference=words.reference(content.id),
        at=content.at,
    )


def access_cover(content: AccessContent, attached: str) -> PageDocument:
    """The page of a file that is sent: what is attached, and that the words come another way."""
    words = Words(content.studio, content.reader)
    lines = (words.say("access_attached", file=isolate_ltr(clean(attached))), words.say("access_words"))
    return PageDocument(
        title=words.say("access_title"),
        lead=words.say("access_lead", name=words.who(), day=words.local_day(content.at), studio=words.sender()),
        blocks=(Points(lines), Paragraph(words.say("access_machine", file=isolate_ltr(MACHINE_READABLE)))),
        language=words.language,
        studio_name=content.studio.name,
        reference=words.reference(content.id),
        at=content.at,
    )


def _known(words: Words, content: AccessContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.say("access_known"))]
    for each in content.entries:
        person = each.subject
        told = {
            "name": name(person.name), "born": words.day(person.born) if person.born else "",
            "email": isolate_ltr(clean(person.email)), "phone": isolate_ltr(clean(person.phone)),
            "reference": name(person.reference), "department": name(person.department),
            "country": isolate_ltr(person.country), "language": isolate_ltr(person.language),
            "guardians": words.join([f"{name(one.name)} ({name(one.relationship)})" for one in person.guardians]),
            "session": name(each.session), "days": words.join([words.day(day) for day in each.days]),
            "arrived": words.moment(each.arrived) if each.arrived else "",
        }  # fmt: skip
        empty = ("", isolate_ltr(""), name(""))
        blocks.append(
            Facts(tuple((words.say(f"field_{key}"), value) for key, value in told.items() if value not in empty))
        )
    for made in content.corrections:
        fields = words.join([words.say(f"field_{each}") for each in made.fields if each != "same_as"])
        because = name(made.reason) if made.reason else words.word("none")
        blocks.append(
            Paragraph(words.say("access_corrected", day=words.local_day(made.at), fields=fields, why=because))
        )
    return blocks


def _answers(words: Words, content: AccessContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.receipt("answers"))]
    for signing in content.signings:
        blocks.append(
            Facts(
                (
                    (words.receipt("c_signed"), words.moment(signing.at)),
                    (words.receipt("c_signed_by"), words.join([words.role(each) for each in signing.signed_by])),
                    (words.receipt("c_receipt"), isolate_ltr(signing.receipt)),
                )
            )
        )
        heads = (words.word("use"), words.word("answer"), words.say("access_history"))
        rows = tuple(
            (words.use(each.scope), _answer(words, each), tuple(_event(words, one) for one in each.history))
            for each in signing.answers
        )
        blocks.append(Table(heads, (5, 3, 4), rows))
        if signing.files:
            blocks.append(Points(tuple(isolate_ltr(each) for each in signing.files)))
    return blocks if content.signings else [*blocks, Paragraph(words.say("access_nothing"))]


def _answer(words: Words, answer: HeldAnswer) -> Cell:
    if answer.status is Status.REFUSED:
        return (words.word("no"),)
    said = [words.word("yes")] if answer.status is Status.GIVEN else [words.say(f"status_{answer.status.value}")]
    if answer.last_day is not None:
        said.append(words.receipt("until_day", date=words.day(answer.last_day)))
    if answer.recipients:
        said.append(words.join([name(each) for each in answer.recipients]))
    return tuple(said)


def _event(words: Words, event: HeldEvent) -> str:
    how = words.word("comma") + words.say(f"channel_{event.channel.value}") if event.channel else ""
    happened = words.say(f"event_{event.kind.value}")
    return f"{words.moment(event.at)}: {happened} ({words.role(event.by)}{how})"


def _photos(words: Words, content: AccessContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.receipt("photos"))]
    if not content.photos:
        return [*blocks, Paragraph(words.say("access_nothing"))]
    if any(each.others for each in content.photos):
        blocks.append(Paragraph(words.say("access_group"), remark=True))
    heads = (words.receipt("photos"), words.say("access_taken"), words.say("access_remark"))
    return [*blocks, Table(heads, (4, 3, 5), tuple(_photo(words, each) for each in content.photos))]


def _photo(words: Words, photo: HeldPhoto) -> tuple[Cell, ...]:
    remarks = [words.say("photo_others", count=str(photo.others))] if photo.others else []
    if photo.struck_out:
        remarks.append(words.say("photo_struck_out"))
    if photo.why:
        remarks.append(words.say(f"photo_{photo.why}"))
    files = photo.files or (clean(photo.name),)
    taken = words.moment(photo.taken_at) if photo.taken_at else ""
    return tuple(isolate_ltr(each) for each in files), (taken,), tuple(remarks)


def _handed_on(words: Words, content: AccessContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.say("access_handed_on"))]
    if content.handed_on:
        heads = (words.say("told_who"), words.say("access_when"), words.word("use"), words.word("until"))
        rows = tuple(
            (
                (name(each.name), words.say("photo_count", count=str(each.photos))),
                (words.moment(each.at),),
                tuple(words.title(one) for one in each.uses),
                (words.day(each.until) if each.until else words.word("none"),),
            )
            for each in content.handed_on
        )
        blocks.append(Table(heads, (4, 3, 4, 3), rows))
    else:
        blocks.append(Paragraph(words.say("access_nothing")))
    return blocks + [Paragraph(words.say("access_delivered", at=words.moment(each))) for each in content.deliveries]


def _reads(words: Words, content: AccessContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.say("access_reads"))]
    if not content.reads:
        return [*blocks, Paragraph(words.say("access_nothing"))]
    heads = (words.say("access_when"), words.say("access_who"), words.say("access_what"))
    rows = tuple(
        (
            (words.moment(each.since),),
            (name(each.reader.name), words.say(f"door_{each.reader.door.value}")),
            tuple(words.say(f"looked_{what.value}") + f" × {times}" for what, times in sorted(each.counts.items())),
        )
        for each in content.reads
    )
    return [*blocks, Table(heads, (4, 3, 4), rows)]


def _requests(words: Words, content: AccessContent) -> list[Block]:
    blocks: list[Block] = [Heading(words.say("access_requests"))]
    if not content.requests:
        return [*blocks, Paragraph(words.say("access_nothing"))]
    heads = (words.say("access_what"), words.say("access_when"), words.word("answer"))
    rows = tuple(
        (
            (words.say(f"request_{each.kind.value}"), words.say(f"channel_{each.channel.value}")),
            (words.day(each.received), words.receipt("until_day", date=words.day(each.due))),
            (words.say(f"state_{each.state.value}"), *map(name, filter(None, (each.extended_because, each.reason)))),
        )
        for each in content.requests
    )
    return [*blocks, Table(heads, (4, 4, 5), rows)]


def _limits(words: Words, content: AccessContent) -> list[Block]:
    lines = [words.say("access_restricted", day=words.local_day(at), why=name(why)) for at, why in content.restricted]
    lines += [
        words.say("access_erasure", day=words.local_day(at), until=words.day(until)) for at, until in content.erased
    ]
    blocks: list[Block] = [Heading(words.say("access_limits"))]
    blocks += [Points(tuple(lines))] if lines else []
    if content.holds:
        heads = (words.say("held"), words.say("held_ground"), words.say("held_review"))
        rows = tuple(
            (
                (words.say(f"held_{each.what.value}"), words.local_day(each.at)),
                (name(each.reason),),
                (words.day(each.review) if each.standing else words.say("state_answered"),),
            )
            for each in content.holds
        )
        blocks.append(Table(heads, (4, 5, 3), rows))
    return blocks if lines or content.holds else [*blocks, Paragraph(words.say("access_nothing"))]


def _notices(words: Words, content: AccessContent) -> list[Block]:
    told: Sequence[str] = content.notices
    blocks: list[Block] = [Heading(words.receipt("c_notice"))]
    blocks.append(Points(tuple(isolate_ltr(each) for each in told)) if told else Paragraph(words.say("access_nothing")))
    blocks.append(Paragraph(words.say("access_machine", file=isolate_ltr(MACHINE_READABLE))))
    blocks.append(Points((isolate_ltr(MACHINE_READABLE),)))
    blocks += [Paragraph(each) for each in words.complaint()]
    return blocks
