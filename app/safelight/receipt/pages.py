"""Deals blocks out to pages: nothing is cut in two, no heading stands alone, a table's head is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import Block, Gap, Row

_FULL_ENOUGH = 0.4
"""How much of the last page is covered at least, if the pages before can spare it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and how far below the page's top edge it begins, in points."""

    block: Block
    top: float


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for blocks on a page, in points from the page's top edge."""

    top: float
    bottom: float


def deal(blocks: Sequence[Block], width: float, first: Frame, others: Frame) -> list[list[Placed]]:
    """The blocks on as few pages as hold them, in order; ``first`` is the frame of the first page.

    A block taller than a page is placed alone and runs over: the story is written so that none is.
    """
    pages: list[list[Placed]] = [[]]
    frame, at = first, first.top
    for group in _groups(blocks):
        tall = sum(each.height(width) for each in group)
        if pages[-1] and at + tall > frame.bottom:
            pages.append([])
            frame, at = others, others.top
            while group and isinstance(group[0], Gap):
                group = group[1:]
            head = next((each.header for each in group[:1] if isinstance(each, Row) and each.header), None)
            if head is not None:
                pages[-1].append(Placed(head, at))
                at += head.height(width)
        for each in group:
            pages[-1].append(Placed(each, at))
            at += each.height(width)
    return pages


def balanced(blocks: Sequence[Block], width: float, first: Frame, others: Frame) -> list[list[Placed]]:
    """Like :func:`deal`, but the last page is not nearly empty: the pages before it give up some blocks."""
    best = deal(blocks, width, first, others)
    for bottom in range(int(others.bottom), int(others.bottom * 0.6), -12):
        if _filled(best, width, others) >= _FULL_ENOUGH:
            break
        dealt = deal(blocks, width, _cut(first, bottom), _cut(others, bottom))
        if len(dealt) > len(best):
            break
        best = dealt
    return best


def _filled(pages: list[list[Placed]], width: float, frame: Frame) -> float:
    last = pages[-1][-1]
    return (last.top + last.block.height(width) - frame.top) / (frame.bottom - frame.top)


def _cut(frame: Frame, bottom: float) -> Frame:
    return Frame(frame.top, min(frame.bottom, bottom))


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = [[]]
    for each in blocks:
        groups[-1].append(each)
        if not each.keep_next:
            groups.append([])
    return [each for each in groups if each]
