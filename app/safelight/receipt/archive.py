"""Turns drawn pages into a PDF/A-3b with the record attached (ISO 19005-3), tagged, and the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from safelight.domain.document_type import DocumentType

from .check import ATTACHMENT
from .page_canvas import Path, Piece

_PRODUCER = "Safelight"


def archive(
    pdf: bytes, pieces: Sequence[Piece], document: bytes | None, *, title: str, author: str, language: str,
    at: datetime, keywords: str = "",
) -> bytes:  # fmt: skip
    """``pdf`` with metadata, profile, structure and ``document`` attached, if any; ``at`` (aware) is its date."""
    with pikepdf.open(io.BytesIO(pdf)) as drawn:
        for page in drawn.pages:
            # ReportLab writes an empty transition on every page, which PDF/A-3 does not know (6.10).
            if "/Trans" in page.obj:
                del page.obj.Trans
        root = drawn.Root
        root.Lang = String(language)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        if "/PageMode" in root:
            del root.PageMode
        _tag(drawn, pieces)
        profile = drawn.make_stream(srgb_profile())
        profile.N = 3
        root.OutputIntents = Array(
            [
                drawn.make_indirect(
                    Dictionary(
                        Type=Name.OutputIntent,
                        S=Name.GTS_PDFA1,
                        OutputConditionIdentifier=String("sRGB"),
                        Info=String("sRGB IEC61966-2.1"),
                        DestOutputProfile=profile,
                    )
                )
            ]
        )
        if document is not None:
            _attach(drawn, document, at)
        _describe(drawn, title, author, language, at, keywords)
        output = io.BytesIO()
        drawn.save(
            output,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            min_version="1.7",
        )
    return output.getvalue()


@cache
def srgb_profile() -> bytes:
    """The sRGB profile that comes with pikepdf, for the output intent (6.2.3)."""
    return (files("pikepdf.pdfa") / "data" / "sRGB.icc").read_bytes()


def _attach(pdf: pikepdf.Pdf, document: bytes, at: datetime) -> None:
    attached = pikepdf.AttachedFileSpec(
        pdf,
        document,
        filename=ATTACHMENT,
        description="Machine-readable consent record (JSON-LD)",
        mime_type=DocumentType.JSON_LD.value,
        creation_date=_pdf_date(at),
        mod_date=_pdf_date(at),
    )
    attached.relationship = Name.Data  # the page shows what the file says (7.4, AFRelationship)
    pdf.attachments[ATTACHMENT] = attached
    pdf.Root.AF = Array([pdf.attachments[ATTACHMENT].obj])


def _describe(pdf: pikepdf.Pdf, title: str, author: str, language: str, at: datetime, keywords: str) -> None:
    # The document information and XMP must say the same (6.6.3); what is not in both is dropped.
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    pdf.docinfo["/Title"] = String(title)
    pdf.docinfo["/Author"] = String(author)
    if keywords:
        pdf.docinfo["/Keywords"] = String(keywords)
    pdf.docinfo["/Producer"] = String(_PRODUCER)
    pdf.docinfo["/CreationDate"] = String(_pdf_date(at))
    pdf.docinfo["/ModDate"] = String(_pdf_date(at))
    moment = at.isoformat(timespec="seconds")
    told = f"<pdf:Keywords>{escape(keywords)}</pdf:Keywords>" if keywords else ""
    xmp = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">'
        f"<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>"
        f"{told}<pdf:Producer>{_PRODUCER}</pdf:Producer>"
        f"<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>"
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    )
    stream = pdf.make_stream(xmp.encode())
    stream.Type, stream.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = stream


def _pdf_date(at: datetime) -> str:
    offset = at.strftime("%z") or "+0000"
    return f"D:{at:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def _tag(pdf: pikepdf.Pdf, pieces: Sequence[Piece]) -> None:
    """The structure tree (ISO 32000-1, 14.7): tables and headings in reading order, for screen readers."""
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array()))
    groups: dict[Path, Dictionary] = {}
    owners: dict[int, list[Dictionary]] = {}
    for piece in pieces:
        parent = document
        for depth, (kind, _, attribute) in enumerate(piece.path):
            key = piece.path[: depth + 1]
            if key not in groups:
                element = Dictionary(Type=Name.StructElem, S=Name(f"/{kind}"), P=parent, K=Array())
                if attribute.isdigit():
                    element.A = Dictionary(O=Name.Table, ColSpan=int(attribute))
                elif attribute:
                    element.A = Dictionary(O=Name.Table, Scope=Name(f"/{attribute}"))
                groups[key] = pdf.make_indirect(element)
                parent.K.append(groups[key])
            parent = groups[key]
        owner = pdf.pages[piece.page].obj
        element = Dictionary(Type=Name.StructElem, S=Name(f"/{piece.kind}"), P=parent, Pg=owner, K=piece.number)
        if piece.alternative:
            element.Alt = String(piece.alternative)
        made = pdf.make_indirect(element)
        parent.K.append(made)
        owners.setdefault(piece.page, []).append(made)
    numbers = Array()
    for index, page in enumerate(pdf.pages):
        numbers.append(index)
        numbers.append(pdf.make_indirect(Array(owners.get(index, []))))
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
    tree.K = Array([document])
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=numbers))
    tree.ParentTreeNextKey = len(pdf.pages)
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)
