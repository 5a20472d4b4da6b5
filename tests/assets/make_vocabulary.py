"""Cuts from DPV 2.3 and ODRL 2.2 the few terms our documents use, so that tests can check them without 5 MB of Turtle.

``python tests/assets/make_vocabulary.py FOLDER`` wants FOLDER to hold dpv.ttl, pd.ttl, ai.ttl, eu-gdpr.ttl and loc.ttl
of DPV 2.3 and ODRL22.ttl of W3C, and writes vocabulary/dpv-2.3-subset.ttl beside itself. A term is kept with its types,
what is broader, the ranges of a property, and its status when it is on its way out; a term that does not exist is left
out, and the test that uses it goes red.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAM, OWL, RDFS, SKOS

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parent.parent / "resources"
TARGET = HERE / "vocabulary" / "dpv-2.3-subset.ttl"
SPACES = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "ai": "https://w3id.org/dpv/ai#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
}
STATUS = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
KEPT = (RDF.type, SKOS.broader, RDFS.subClassOf, STATUS, DCAM.rangeIncludes, OWL.deprecated,
        URIRef(SPACES["odrl"] + "includedIn"))  # fmt: skip
IN_FORCE = {Literal(word, "en") for word in ("accepted", "modified")}
COMMON = {RDFS.Class, OWL.Class, OWL.NamedIndividual, SKOS.Concept} | IN_FORCE
HEADER = """\
# Excerpts, made by tests/assets/make_vocabulary.py, of
#   Data Privacy Vocabulary (DPV) 2.3 with its extensions PD, AI, EU-GDPR and LOC, https://w3id.org/dpv
#   ODRL Vocabulary 2.2, https://www.w3.org/ns/odrl/2/
# Copyright (c) World Wide Web Consortium and the contributors of the W3C Data Privacy Vocabularies and Controls
# Community Group and the W3C POE Working Group. W3C Software and Document License,
# https://www.w3.org/copyright/software-license-2023/. Changed: most terms and all texts were left out.
"""


def wanted() -> set[URIRef]:
    """Every public term our code, context, rules, vocabulary and shapes name."""
    texts = [path.read_text("utf-8") for path in (HERE.parent.parent / "app/safelight/formats").glob("*.py")]
    texts += [path.read_text("utf-8") for folder in ("context", "vocabulary", "rules") for path in
              (RESOURCES / folder).iterdir()]  # fmt: skip
    found: set[URIRef] = set()
    for text in texts:
        for prefix, space in SPACES.items():
            names = re.findall(rf"(?<![\w-]){prefix}:([A-Za-z][A-Za-z0-9-]*)", text)
            names += re.findall(rf"{re.escape(space)}([A-Za-z][A-Za-z0-9-]*)", text)
            found |= {URIRef(space + name) for name in names}
    for right in re.findall(r'"(A\d+(?:-\d)?)"', "\n".join(texts)):
        found.add(URIRef(SPACES["eu-gdpr"] + right))
    return found


def main(folder: Path) -> None:
    """Reads the vocabularies in ``folder`` and writes the excerpt."""
    whole = Graph()
    for name in ("dpv", "pd", "ai", "eu-gdpr", "loc"):
        whole.parse(folder / f"{name}.ttl", format="turtle")
    odrl = folder / "ODRL22.ttl"
    whole.parse(odrl if odrl.exists() else folder.parent / "ODRL22.ttl", format="turtle")
    terms = {each for each in wanted() if (each, RDF.type, None) in whole}
    loc = Namespace(SPACES["loc"])
    # Every country and the EEA: a territory may name any of them.
    terms |= {each for each in whole.subjects(RDF.type, URIRef(SPACES["dpv"] + "Country"))
              if isinstance(each, URIRef) and re.fullmatch(re.escape(str(loc)) + "[A-Z]{2}", str(each))}  # fmt: skip
    terms.add(loc.EEA)
    queue = list(terms)
    while queue:  # what a term is broader to and what its types are, up to the top
        term = queue.pop()
        for parent in (*whole.objects(term, SKOS.broader), *whole.objects(term, RDF.type)):
            if isinstance(parent, URIRef) and parent not in terms and str(parent).startswith(tuple(SPACES.values())):
                if str(parent).startswith(str(loc)):
                    continue
                terms.add(parent)
                queue.append(parent)
    cut = Graph()
    for prefix, space in SPACES.items():
        cut.bind(prefix, space)
    for term in terms:
        country = str(term).startswith(str(loc)) and term != loc.EEA
        for predicate in (RDF.type,) if country else KEPT:
            for value in set(whole.objects(term, predicate)) - COMMON:
                if isinstance(value, Literal) or not str(value).startswith(str(loc)):
                    cut.add((term, predicate, value))
        if (term, RDF.type, None) not in cut:
            cut.add((term, RDF.type, SKOS.Concept))
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(HEADER + cut.serialize(format="turtle"), "utf-8")
    sys.stdout.write(f"{len(terms)} terms, {len(cut)} statements, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
