"""The direction of every letter in a paragraph that mixes left-to-right and right-to-left writing (UAX #9).

python-bidi resolves text without isolates; isolates (LRI, RLI, FSI … PDI) are taken apart here first, so that a date or
a name set into an Arabic sentence keeps its own order.
"""

from __future__ import annotations

from bidi import algorithm

from safelight.domain.plain_text import FSI, LRI, PDI, RLI

_STARTS = frozenset({LRI, RLI, FSI})
_STANDS_FOR_AN_ISOLATE = "\ufffc"  # a neutral, as UAX #9 treats the isolate's outside


def is_rtl(text: str) -> bool:
    """Whether the first strong letter of ``text`` is right-to-left (UAX #9, rules P2 and P3)."""
    outside = _outside(text)
    return any(map(_strong_rtl, text)) and algorithm.get_base_level(outside) == 1


def levels(text: str, rtl: bool) -> list[int]:
    """The embedding level of each character; odd is right-to-left. The isolate marks get their surrounding's level."""
    if not rtl and not any(map(_strong_rtl, text)):
        return [0] * len(text)
    found = [0] * len(text)
    _resolve(text, 0, len(text), int(rtl), found)
    return found


def _resolve(text: str, start: int, end: int, base: int, found: list[int]) -> None:
    shown: list[str] = []
    where: list[int] = []
    at = start
    while at < end:
        if text[at] in _STARTS:
            stop = _matching(text, at, end)
            inner = _inner_base(text, at, stop, base)
            _resolve(text, at + 1, stop, inner, found)
            where.append(at)
            shown.append(_STANDS_FOR_AN_ISOLATE)
            at = stop + 1
            continue
        where.append(at)
        shown.append(text[at])
        at += 1
    resolved = _plain_levels("".join(shown), base % 2)
    for place, level in zip(where, resolved, strict=True):
        found[place] = level + base - base % 2
    for index in range(start, end):
        if text[index] == PDI and index not in where:
            found[index] = base


def _inner_base(text: str, at: int, stop: int, base: int) -> int:
    mark = text[at]
    rtl = mark == RLI or mark == FSI and is_rtl(text[at + 1 : stop])
    return (base + 1) | 1 if rtl else (base + 2) & ~1


def _matching(text: str, at: int, end: int) -> int:
    depth = 0
    for index in range(at, end):
        if text[index] in _STARTS:
            depth += 1
        elif text[index] == PDI:
            depth -= 1
            if depth == 0:
                return index
    return end


def _outside(text: str) -> str:
    result, depth = [], 0
    for character in text:
        if character in _STARTS:
            depth += 1
        elif character == PDI:
            depth = max(0, depth - 1)
        elif not depth:
            result.append(character)
    return "".join(result)


def _plain_levels(text: str, base: int) -> list[int]:
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(text, storage)
    # python-bidi drops characters that only control (BN); those keep the level of what stands before them.
    for index, character in enumerate(storage["chars"]):
        character["index"] = index
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    kept = {character["index"]: character["level"] for character in storage["chars"]}
    result: list[int] = []
    for index in range(len(text)):
        result.append(kept.get(index, result[-1] if result else base))
    return result


def _strong_rtl(character: str) -> bool:
    code = ord(character)
    return (
        0x590 <= code <= 0x8FF or 0xFB1D <= code <= 0xFEFC or 0x10800 <= code <= 0x10FFF or 0x1E800 <= code <= 0x1EFFF
    )


def visual_order(line_levels: list[int]) -> list[int]:
    """The indexes of a line's units from left to right (UAX #9, rule L2)."""
    order = list(range(len(line_levels)))
    if not order:
        return order
    for level in range(max(line_levels), 0, -1):
        start = 0
        while start < len(order):
            stop = start
            while stop < len(order) and line_levels[order[stop]] >= level:
                stop += 1
            if stop > start:
                order[start:stop] = reversed(order[start:stop])
            start = stop + 1
    return order
