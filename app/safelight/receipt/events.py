"""What happened at the signing, step by step: a line for each step, worded in the receipt's language."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import groupby
from typing import assert_never

from safelight.domain.acts import (
    Act,
    ActContent,
    CardRead,
    HandwritingKept,
    LanguageChosen,
    NamedAct,
    PageShown,
    PhotoJudged,
    ScanKept,
    Signed,
    UseAnswered,
    UseMarked,
    act_text,
)
from safelight.domain.ids import ScopeId
from safelight.domain.plain_text import isolate, isolate_ltr, name
from safelight.settings.locales import offset_words

from . import look
from .block_writer import BlockWriter
from .blocks import Block, Cell, Row
from .wording import Wording

_SHARES = (88, 78, 285)
_KEPT_AT_THE_END = 4


def happened(writer: BlockWriter, room: float) -> tuple[list[Block], bool]:
    """A table at most ``room`` points tall, and whether steps had to be left out; they are counted below it.

    Acts of one step that one person did with one tool on one day share a line.
    """
    lines = [tuple(found) for _, found in groupby(writer.content.acts, lambda act: (act.step, *_who(writer, act)))]
    # The fewest lines left out that make it fit, found by halving: the more are left out, the shorter the table.
    left_out = bisect_left(range(len(lines) - 1), True, key=lambda out: _height(_shortened(writer, lines, out)) <= room)
    return _shortened(writer, lines, left_out), left_out > 0


def _shortened(writer: BlockWriter, lines: Sequence[tuple[Act, ...]], left_out: int) -> list[Block]:
    at = max(1, len(lines) - left_out - _KEPT_AT_THE_END)
    shown = [*lines[:at], *lines[at + left_out :]]
    blocks = _table(writer, shown)
    hidden = len(writer.content.acts) - sum(map(len, shown))
    if hidden:
        blocks.append(writer.words(writer.wording.say("events_more", count=str(hidden)), look.FINE))
    return blocks


def _height(blocks: Sequence[Block]) -> float:
    return sum(each.height(look.ROOM) for each in blocks)


def _who(writer: BlockWriter, act: Act) -> tuple[str, str, str]:
    return act.by.value, act.mode, writer.wording.on_day(act.at.astimezone(writer.content.zone).date())


def _table(writer: BlockWriter, lines: Sequence[tuple[Act, ...]]) -> list[Block]:
    wording = writer.wording
    heads = [wording.say(f"event_{each}") for each in ("time", "step", "what")]
    header = _row(writer, heads, "TH")
    blocks: list[Block] = [header]
    for _, turn in groupby(lines, lambda line: _who(writer, line[0])):
        told = list(turn)
        first = told[0][0]
        day = wording.on_day(first.at.astimezone(writer.content.zone).date())
        clocks = isolate(offset_words(wording.texts.language, first.at.astimezone(writer.content.zone)))
        who = f"{day}  ·  {clocks}  ·  {wording.role(first.by)}  ·  {wording.mode(first.mode)}"
        blocks.append(
            Row(
                [Cell(1, [writer.words(who, look.FINE)], "TH", "3")],
                table="events",
                pad=writer.spacing.line + 0.6,
                header=header,
                keep_next=True,
            )
        )
        blocks += [_line(writer, each, header) for each in told]
    return blocks


def _line(writer: BlockWriter, acts: Sequence[Act], header: Row) -> Row:
    wording = writer.wording
    first, last = wording.clock(acts[0].at), wording.clock(acts[-1].at)
    step = wording.texts.steps.get(acts[0].step)
    values = [
        first if first == last else f"{first} – {last}",
        step if step is not None else name(acts[0].step),
        told(wording, [each.what for each in acts]),
    ]
    return _row(writer, values, "TD", header)


def told(wording: Wording, several: Sequence[ActContent]) -> str:
    """What was done in one step, in order and in the receipt's language; acts that sound alike are told as one."""
    said: list[str] = []
    for _, found in groupby(several, _alike):
        acts = list(found)
        numbers = [each.number for each in acts if isinstance(each, CardRead)]
        if numbers:
            which = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"
            said.append(wording.texts.acts["card"].format_map({"cards": isolate_ltr(which)}))
        else:
            times = "" if len(acts) == 1 else f" {isolate_ltr(f'{len(acts)} ×')}"
            said.append(_worded(wording, acts[0]) + times)
    return wording.texts.words["semicolon"].join(said)


def _alike(what: ActContent) -> object:
    """What acts are told together as: the cards, photos kept, photos struck out, pages; any other by itself."""
    match what:
        case PhotoJudged(_, keep):
            return PhotoJudged, keep
        case CardRead() | PageShown() | HandwritingKept() | ScanKept():
            return type(what)
        case _:
            return what


def _worded(wording: Wording, what: ActContent) -> str:
    acts = wording.texts.acts
    match what:
        case NamedAct() | Signed():
            return acts[act_text(what)]
        case LanguageChosen(language):
            return acts["language"].format_map({"language": wording.language(language)})
        case CardRead(number):
            return acts["card"].format_map({"cards": isolate_ltr(str(number))})
        case PhotoJudged(_, keep):
            return acts["photo keep" if keep else "photo veto"]
        case UseAnswered(scope, yes):
            answer = wording.texts.words["yes" if yes else "no"]
            return _of_use(wording, scope, what, acts["answer"], answer=answer)
        case UseMarked(scope):
            return _of_use(wording, scope, what, acts["mark"])
        case PageShown():
            return acts["page"]
        case HandwritingKept():
            return acts["evidence"]
        case ScanKept():
            return acts["scan"]
    assert_never(what)


def _of_use(wording: Wording, scope: ScopeId, what: ActContent, sentence: str, **more: str) -> str:
    """``sentence`` about one use; as it stands in the record where today's rules no longer know the use."""
    known = wording.content.catalogue.find(scope)
    return sentence.format_map({"use": wording.scope_title(known), **more}) if known else name(act_text(what))


def _row(writer: BlockWriter, values: list[str], kind: str, header: Row | None = None) -> Row:
    heads = kind == "TH"
    style = look.FINE if heads else look.SMALL
    return Row(
        [
            Cell(share, [writer.words(each, style)], kind, "Column" if heads else "")
            for share, each in zip(_SHARES, values, strict=True)
        ],
        table="events",
        pad=writer.spacing.line,
        gap=10,
        rule=look.HAIR if heads else None,
        header=header,
        keep_next=heads,
    )
