"""An XMP packet as a tree: parsed without any trust in it, and a new one made of what may stay.

Source: ISO 16684-1. XML is parsed without entities, without a DTD, without network, with limits on size and nodes.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from safelight.domain.errors import Malformed

from .xmp_allowed import PREFIXES, allowed
from .xmp_names import KEEPABLE, META, RDF, why_removed
from .xmp_values import Value, add_property, fields_of

_MOST_BYTES = 4 << 20
_MOST_NODES = 50_000
DESCRIPTION, ABOUT = f"{{{RDF}}}Description", f"{{{RDF}}}about"

Properties = dict[str, "etree._Element | str"]
"""The properties of a packet by their full name: an element, or a text where the short form was used."""


def wrong(why: str) -> Malformed:
    """The packet is not what it says it is."""
    return Malformed("The photo's XMP is damaged or not XMP.", f"It was not used: {why}.")


def beyond(what: str) -> Malformed:
    """The packet is larger than a limit of ours."""
    return Malformed("The photo's XMP is larger than a limit.", f"It was not used: {what}.")


def empty() -> etree._Element:
    """A tree without properties."""
    root = etree.Element(f"{{{META}}}xmpmeta", nsmap={"x": META})
    etree.SubElement(root, f"{{{RDF}}}RDF", nsmap={"rdf": RDF})
    return root


def serialised(root: etree._Element) -> bytes:
    """The packet in UTF-8 with its wrapper (ISO 16684-1, 7.3), without padding: nobody edits it in place."""
    etree.cleanup_namespaces(root)
    body = etree.tostring(root, encoding="unicode")
    head = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    return (head + body + '\n<?xpacket end="w"?>').encode()


def parsed(untrusted_packet: bytes) -> etree._Element:
    """The tree of a packet from outside. Raises Malformed for anything that is not plain RDF in XML."""
    if len(untrusted_packet) > _MOST_BYTES:
        raise beyond(f"it is longer than {_MOST_BYTES >> 20} MB")
    if b"<!DOCTYPE" in untrusted_packet or b"<!ENTITY" in untrusted_packet:
        raise wrong("it declares entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        wide = untrusted_packet[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16: zero bytes at its ends belong to letters
        root = etree.fromstring(untrusted_packet if wide else untrusted_packet.strip(b"\0 \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise wrong(str(error)[:200]) from None
    declared = str(getattr(root.getroottree().docinfo, "doctype", ""))
    if declared:  # one written in UTF-16 is not seen above; nothing was expanded
        raise wrong("it declares entities")
    nodes = 0
    for nodes, element in enumerate(root.iter(), 1):
        if nodes > _MOST_NODES:
            raise beyond(f"it has more than {_MOST_NODES:,} elements")
        if not isinstance(element.tag, str):
            raise wrong("it holds what no XMP holds")
    if root.tag != f"{{{RDF}}}RDF" and root.find(f"{{{RDF}}}RDF") is None:
        raise wrong("it holds no RDF")
    return root


def rdf_of(root: etree._Element) -> etree._Element:
    """The ``rdf:RDF`` element."""
    inner = root if root.tag == f"{{{RDF}}}RDF" else root.find(f"{{{RDF}}}RDF")
    if inner is None:
        raise wrong("it holds no RDF")
    return inner


def descriptions(root: etree._Element) -> list[etree._Element]:
    """The elements that hold the properties."""
    return rdf_of(root).findall(DESCRIPTION)


def filtered(untrusted_packet: bytes, keep: frozenset[str]) -> tuple[etree._Element, dict[str, str]]:
    """A new tree with the properties that may stay, and why each of the others went, by name.

    Stays what ``xmp_allowed`` knows, and of the rest what ``keep`` (``location``, ``serials``, ``names``) asks for. Of
    a property that is there twice the first counts: two of a name make a packet unreadable for others.
    """
    source, removed, saved = parsed(untrusted_packet), dict[str, str](), keep & KEEPABLE
    stays: dict[str, Value] = {}
    for node in rdf_of(source):
        for name, value in fields_of(node):
            tag = etree.QName(name)
            namespace, local = tag.namespace or "", tag.localname
            if value is not None and node.tag == DESCRIPTION and allowed(namespace, local, value):
                stays.setdefault(name, value)
                continue
            why = why_removed(namespace, local)
            if value is not None and node.tag == DESCRIPTION and why in saved:
                stays.setdefault(name, value)
            else:
                removed[local] = why
    root = empty()
    if stays:
        add_properties(root, stays)
    return root, removed


def add_properties(root: etree._Element, values: Mapping[str, Value]) -> None:
    """A description with these properties (by full name) at the end of the packet."""
    description = etree.SubElement(rdf_of(root), DESCRIPTION, nsmap=dict(PREFIXES))
    description.set(ABOUT, "")
    for name, value in values.items():
        add_property(description, name, value)


def properties(root: etree._Element) -> Properties:
    """All properties on the top level; the last of several with the same name counts."""
    found: Properties = {}
    for description in descriptions(root):
        found.update((str(name), str(value)) for name, value in description.attrib.items() if name != ABOUT)
        found.update((str(each.tag), each) for each in description)
    return found
