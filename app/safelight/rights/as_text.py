"""A letter's pages as plain text, for the body of a mail: the same words in the same order, tables line by line."""

from __future__ import annotations

from safelight.domain.page_document import Block, Command, Facts, Heading, PageDocument, Paragraph, Points, Table
from safelight.domain.plain_text import without_isolates


def as_text(document: PageDocument) -> tuple[str, ...]:
    """The paragraphs of ``document``, from its lead on; a heading stands above what it is about."""
    said: list[str] = [document.lead]
    heading = ""
    for block in document.blocks:
        if isinstance(block, Heading):
            heading = f"{block.text}\n"
        elif text := _block(block):
            said.append(heading + text)
            heading = ""
    return tuple(map(without_isolates, said))


def _block(block: Block) -> str:
    match block:
        case Facts(pairs):
            return "\n".join(f"{label}: {value}" for label, value in pairs if value)
        case Points(lines):
            return "\n".join(f"- {line}" for line in lines)
        case Table(heads, _, rows):
            return "\n".join(
                "- " + "; ".join(f"{head}: {' – '.join(cell)}" for head, cell in zip(heads, row, strict=True))
                for row in rows
            )
        case Paragraph(text):
            return text
        case Command(text) | Heading(text):
            return f"    {text}"
