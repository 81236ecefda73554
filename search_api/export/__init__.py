"""Documents as references and tables: one format a file, and what they share in `reference`.

    Document -> Reference -> RIS | BibTeX | CSL-JSON
    Document -> CSV | JSON Lines

An export of many is for citing and counting: it has no texts, and of persons no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_api.export import bibtex, csl_json, csv, jsonl, ris

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from indexer.engine import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format by its media type and file name extension, and what writes it."""

    media_type: str
    extension: str
    write: Callable[[Sequence[Document]], bytes]


FORMATS: Mapping[str, Format] = {
    "ris": Format(
        media_type="application/x-research-info-systems; charset=utf-8",
        extension="ris",
        write=ris.write,
    ),
    "bibtex": Format(
        media_type="application/x-bibtex; charset=utf-8", extension="bib", write=bibtex.write
    ),
    "csl-json": Format(
        media_type="application/vnd.citationstyles.csl+json", extension="json", write=csl_json.write
    ),
    "csv": Format(
        media_type="text/csv; charset=utf-8; header=present", extension="csv", write=csv.write
    ),
    "jsonl": Format(media_type="application/jsonl", extension="jsonl", write=jsonl.write),
}
"""What documents can be exported as."""
