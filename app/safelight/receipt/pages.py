"""Deals blocks out to pages: nothing is cut in two, no heading stands alone, a table's head is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .blocks import Block, Gap, Row


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


def _groups(blocks: Sequence[Block]) -> list[list[Block]]:
    groups: list[list[Block]] = [[]]
    for each in blocks:
        groups[-1].append(each)
        if not each.keep_next:
            groups.append([])
    return [each for each in groups if each]
