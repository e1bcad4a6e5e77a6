"""Croissant 1.0: a card that other programs find and read a data set by, with the acts as CSV beside it."""

import json
from pathlib import Path
from typing import Any

from endodesk.dataset.exchange.csv_acts import COLUMNS, read_csv, write_csv
from endodesk.dataset.exchange.incoming import IncomingActs, json_of, refused_as
from endodesk.domain.acts import PortableRecord
from endodesk.domain.errors import BadRequest
from endodesk.imaging.hashing import sha256_file
from endodesk.system.task import TaskContext

CARD, ACTS = "metadata.json", "acts.csv"
_CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
_WORDS = {
    "file": "where the frame lies, relative to its folder", "sha256": "SHA-256 of the frame's bytes", "kind": "what the act is",
    "value": "the class, yes or nothing, a text, or an outline in shares of the frame", "reader": "who said it", "at": "when, in UTC",
    "blind": "whether the model's answer was kept from the reader until then", "model": "the model that had answered by then",
    "answer": "what it had answered; of a conclusion its finding", "case": "the examination", "revoked_at": "when it was taken back",
    "revoked_by": "by whom", "width": "of the frame, in pixels", "height": "of the frame, in pixels",
}  # fmt: skip


def write_croissant(record: PortableRecord, out: Path, task: TaskContext) -> None:
    """A folder with the card and the table of acts that it describes."""
    write_csv(record, out / ACTS, task)
    (out / CARD).write_text(json.dumps(_card(record, sha256_file(out / ACTS)), indent=1), "utf-8")


def _card(record: PortableRecord, sha256: str) -> dict[str, Any]:
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"acts/{name}",
            "name": name,
            "description": _WORDS[name],
            "dataType": "sc:Text",
            "source": {"fileObject": {"@id": ACTS}, "extract": {"column": name}},
        }
        for name in COLUMNS
    ]
    table = {"@type": "cr:FileObject", "@id": ACTS, "name": ACTS, "contentUrl": ACTS, "encodingFormat": "text/csv", "sha256": sha256}
    days = [act.at for act in record.acts if act.at]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": record.name,
        "description": f"What readers said of {len(record.frames):,} endoscopic frames: {len(record.acts):,} acts, one a row. "
        f"Classes: {', '.join(record.classes)}. The frames are not in it; they are known by the SHA-256 of their bytes. Research use only.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "version": "1.0.0",
        **({"datePublished": max(days).date().isoformat()} if days else {}),
        "distribution": [table],
        "recordSet": [{"@type": "cr:RecordSet", "@id": "acts", "name": "acts", "field": fields}],
    }


def read_croissant(path: Path, classes: tuple[str, ...], task: TaskContext) -> IncomingActs:
    """The acts beside a card of ours, if they are those that it describes. BadRequest."""
    card = path / CARD if path.is_dir() else path
    with refused_as(card, "Croissant card of EndoDesk"):
        told = json_of(card)
        hashes = [one["sha256"] for one in told["distribution"] if one["contentUrl"] == ACTS]  # no other file: it could lie anywhere
        if not hashes:
            raise BadRequest(f"it describes no {ACTS}")
        if sha256_file(card.parent / ACTS) != hashes[0]:
            raise BadRequest(f"{ACTS} beside it is not the file that it describes")
    found = read_csv(card.parent / ACTS, classes, task)
    return IncomingActs("Croissant", found.acts, found.told)
