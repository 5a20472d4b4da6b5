"""A letter, certificate or access file as one HTML page: no script, no address it fetches from, read by any reader.

Everything that comes in is text and is escaped; the look is a few lines of the page's own style sheet.
"""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from safelight.domain.page_document import Block, Cell, Command, Facts, Heading, PageDocument, Paragraph, Points, Table
from safelight.domain.plain_text import ISOLATES, without_isolates
from safelight.settings.texts import texts

_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1b1a;background:#fff}
h1{line-height:1.2}h2{margin-top:2.5rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}
th,td{text-align:start;vertical-align:top;padding:.5rem;border-bottom:1px solid #75706a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{font-weight:600}dd{margin:0}
.remark{background:#f4efe6;padding:.75rem}a{color:#00458a}
code{direction:ltr;unicode-bidi:isolate;display:block;overflow-wrap:anywhere}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


def page_html(document: PageDocument, files: Collection[str] = ()) -> bytes:
    """The page as UTF-8; a line that is the name of one of ``files``, which lie beside it, leads there."""
    words = texts(document.language)
    inside = "\n".join(_block(each, files) for each in document.blocks)
    title = escape(without_isolates(document.title))
    return f"""<!DOCTYPE html>
<html lang="{escape(words.language)}" dir="{"rtl" if words.rtl else "ltr"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{_text(document.lead)}</p>
<p>{_text(document.reference)}</p>
{inside}
</main>
</body>
</html>
""".encode()


def _block(block: Block, files: Collection[str]) -> str:
    match block:
        case Heading(text):
            return f"<h2>{_text(text)}</h2>"
        case Paragraph(text, remark):
            return f'<p class="remark">{_text(text)}</p>' if remark else f"<p>{_text(text)}</p>"
        case Points(lines, numbered):
            kind = "ol" if numbered else "ul"
            return f"<{kind}>{''.join(f'<li>{_line(each, files)}</li>' for each in lines)}</{kind}>"
        case Facts(pairs):
            return f"<dl>{''.join(f'<dt>{_text(label)}</dt><dd>{_text(value)}</dd>' for label, value in pairs)}</dl>"
        case Table(heads, _, rows):
            head = "".join(f'<th scope="col">{_text(each)}</th>' for each in heads)
            body = "".join(f"<tr>{_row(row, files)}</tr>" for row in rows)
            return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        case Command(text):
            return f"<code>{_text(text)}</code>"


def _row(row: tuple[Cell, ...], files: Collection[str]) -> str:
    first, *others = ("<br>".join(_line(each, files) for each in cell) for cell in row)
    return f'<th scope="row">{first}</th>' + "".join(f"<td>{each}</td>" for each in others)


def _line(text: str, files: Collection[str]) -> str:
    plain = without_isolates(text)
    if plain in files:
        # The name is ours: letters, digits, - _ . and / alone, so it is the same as an address.
        return f'<a href="{escape(plain)}"><bdi dir="ltr">{escape(plain)}</bdi></a>'
    return _text(text)


def _text(text: str) -> str:
    """Escaped; what is isolated in the text is isolated in the page, by the characters that say so."""
    return escape(text) if any(each in ISOLATES for each in text) else escape(without_isolates(text))
