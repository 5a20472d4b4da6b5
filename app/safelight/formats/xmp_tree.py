"""An XMP packet as a tree: parsed without any trust in it, stripped of what gives people away, written again.

Source: ISO 16684-1. XML is parsed without entities, without a DTD, without network, with limits on size and nodes.
"""

from __future__ import annotations

from lxml import etree

from safelight.domain.errors import Malformed

from .xmp_names import KEEPABLE, META, RDF, why_removed

_MOST_BYTES = 4 << 20
_MOST_NODES = 50_000
DESCRIPTION, ABOUT = f"{{{RDF}}}Description", f"{{{RDF}}}about"

Properties = dict[str, "etree._Element | str"]
"""The properties of a packet by their full name: an element, or a text where the short form was used."""


def wrong(why: str) -> Malformed:
    """The packet is not what it says it is."""
    return Malformed("The photo's XMP is damaged or not XMP.", f"It was not used: {why}.")


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
        raise wrong("it is longer than any program writes")
    if b"<!DOCTYPE" in untrusted_packet or b"<!ENTITY" in untrusted_packet:
        raise wrong("it declares entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(untrusted_packet.strip(b"\0 \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise wrong(str(error)[:200]) from None
    declared = str(getattr(root.getroottree().docinfo, "doctype", ""))
    if declared:  # one written in UTF-16 is not seen above; nothing was expanded
        raise wrong("it declares entities")
    nodes = 0
    for nodes, element in enumerate(root.iter(), 1):
        if nodes > _MOST_NODES or not isinstance(element.tag, str):
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


def _reason(tag: str) -> str | None:
    name = etree.QName(tag)
    return why_removed(name.namespace or "", name.localname)


def filtered(untrusted_packet: bytes, keep: frozenset[str]) -> tuple[etree._Element, set[str]]:
    """The tree without private properties at any depth, and why each went; ``keep`` can save only the keepable."""
    root, reasons, saved = parsed(untrusted_packet), set[str](), keep & KEEPABLE
    for each in list(rdf_of(root)):
        if each.tag == DESCRIPTION:
            each.set(ABOUT, "")  # may hold a file name, and all parts of a packet must agree on it
        else:
            rdf_of(root).remove(each)
    for element in list(root.iter()):
        for name in list(element.attrib):
            if (why := _reason(str(name))) is not None and why not in saved:
                reasons.add(why)
                del element.attrib[name]
        why = _reason(str(element.tag))
        parent = element.getparent()
        if why is not None and why not in saved and parent is not None:
            reasons.add(why)
            parent.remove(element)
    for description in descriptions(root):
        if not len(description) and set(description.attrib) <= {ABOUT}:
            rdf_of(root).remove(description)
    return root, reasons


def properties(root: etree._Element) -> Properties:
    """All properties on the top level; the last of several with the same name counts."""
    found: Properties = {}
    for description in descriptions(root):
        found.update((str(name), str(value)) for name, value in description.attrib.items() if name != ABOUT)
        found.update((str(each.tag), each) for each in description)
    return found
