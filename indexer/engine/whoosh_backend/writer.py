"""Builds one generation in a draft directory."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from whoosh import index as whoosh_index

from indexer.analysis import CHAINS, Analyzer
from indexer.engine import schema
from indexer.engine.ports import IndexWriter
from indexer.engine.whoosh_backend.columns import Columns
from indexer.engine.whoosh_backend.fields import field_name, whoosh_schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from whoosh.index import Index

    from indexer.engine.generations import GenerationDraft
    from indexer.engine.results import Generation
    from indexer.model import Document

BUFFER_MB = 256
"""Postings that Whoosh keeps in memory before it sorts them to a file."""


class WhooshWriter(IndexWriter):
    """One Whoosh transaction; starts empty or with the segments of another generation."""

    def __init__(self, draft: GenerationDraft, *, bundle: Path, base: Path | None) -> None:
        self._draft = draft
        self._analyzer = Analyzer.open(bundle)
        try:
            shutil.copytree(bundle, draft.path / "bundle")
            segments = draft.path / "segments"
            if base:
                # Published files never change, so that a second name for them is as good as a copy.
                shutil.copytree(base / "segments", segments, copy_function=os.link)
                self._index = whoosh_index.open_dir(str(segments))
            else:
                segments.mkdir()
                self._index = whoosh_index.create_in(str(segments), whoosh_schema())
            self._open_segment()
        except BaseException:
            draft.discard()
            raise

    def put(self, document: Document) -> None:
        self.delete(document.id)
        fields: dict[str, object] = {"id": document.id, "document": schema.dump(document)}
        for field, read in schema.FIELDS.items():
            terms = self._analyzer.terms(read(document), language=document.language)
            for chain in CHAINS:
                fields[field_name(field, chain)] = getattr(terms, chain)
        self._writer.add_document(**fields)
        self._added.add(document.id)

    def delete(self, document_id: str) -> None:
        if document_id in self._added:
            # Whoosh cannot delete from the segment that it is writing.
            self._writer.commit(merge=False)
            self._open_segment()
        if self._has_old:
            self._writer.delete_by_term("id", document_id)

    def commit(self) -> Generation:
        try:
            self._writer.commit()
            columns = Columns.write(self._draft.path / "columns", stored(self._index))
            return self._draft.finish(documents=len(columns.number), version=schema.VERSION)
        finally:
            self._draft.discard()

    def rollback(self) -> None:
        if not self._writer.is_closed:
            self._writer.cancel()
        self._draft.discard()

    def _open_segment(self) -> None:
        self._writer = self._index.writer(limitmb=BUFFER_MB)
        self._has_old = not self._index.is_empty()
        self._added: set[str] = set()


def stored(index: Index) -> Iterator[Document | None]:
    """Yield the documents of an index in order of number; None where one is deleted."""
    with index.reader() as reader:
        for number in range(reader.doc_count_all()):
            if reader.is_deleted(number):
                yield None
            else:
                yield schema.load(reader.stored_fields(number)["document"])
