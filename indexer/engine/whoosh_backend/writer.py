"""Builds one generation in a draft directory."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from typing import TYPE_CHECKING

import numpy as np
from whoosh import index as whoosh_index
from whoosh.writing import NO_MERGE

from indexer.analysis import Analyzer, bundle_version
from indexer.engine import schema
from indexer.engine.durable import link_or_copy
from indexer.engine.ports import IndexWriter
from indexer.engine.whoosh_backend.columns import Columns
from indexer.engine.whoosh_backend.fields import CHAIN, field_name, whoosh_schema
from indexer.engine.whoosh_backend.forward import FIELDS, ForwardSegment, ForwardWriter
from indexer.engine.whoosh_backend.inversion import export
from indexer.engine.whoosh_backend.rows import Row, read_rows, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.engine.draft import GenerationDraft
    from indexer.engine.results import Generation
    from indexer.engine.whoosh_backend.scoring import Scoring
    from indexer.model import Document

BUFFER_MB = 128
"""Postings that Whoosh keeps in memory before it sorts them to a file."""

LARGEST_SEGMENT = 1_000_000_000
"""Bytes of documents; a column of Whoosh can hold twice as many."""


class WhooshWriter(IndexWriter):
    """One Whoosh segment after another; starts empty or with those of another generation."""

    def __init__(
        self, draft: GenerationDraft, *, bundle: Path, base: Path | None, scoring: Scoring
    ) -> None:
        self._draft = draft
        self._analyzer = Analyzer.open(bundle)
        self._scoring = scoring
        try:
            shutil.copytree(bundle, draft.path / "bundle", copy_function=link_or_copy)
            segments = draft.path / "segments"
            if base:
                # Published files never change, so that a second name for them is as good as a copy.
                for kept in ("segments", "forward"):
                    shutil.copytree(base / kept, draft.path / kept, copy_function=link_or_copy)
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
        stored = schema.dump(document)
        if self._bytes + len(stored) > LARGEST_SEGMENT:
            self._close_segment()
            self._open_segment()
        self._bytes += len(stored)
        fields: dict[str, object] = {"id": document.id, "document": stored}
        for field, counts in zip(FIELDS, self._forward.add(document), strict=True):
            fields[field_name(field)] = self._forward.terms(counts, CHAIN)
        self._writer.add_document(**fields)
        self._rows.append(Row.of(document))
        self._added.add(document.id)

    def delete(self, document_id: str) -> None:
        if document_id in self._added:
            # Whoosh cannot delete from the segment that it is writing.
            self._close_segment()
            self._open_segment()
        if self._has_old:
            self._writer.delete_by_term("id", document_id)

    def commit(self) -> Generation:
        try:
            self._close_segment()
            # What it was made from is on the disk, and the arrays need the room.
            del self._forward, self._rows
            columns = Columns.write(
                self._draft.path / "columns",
                self._rows_left(),
                today=dt.datetime.now(dt.UTC).date(),
            )
            export(
                self._draft.path / "arrays",
                [ForwardSegment(self._forward_of(name)) for name in self._segments()],
                np.array([bool(id_) for id_ in columns.ids], bool),
                scoring=self._scoring,
            )
            return self._draft.finish(
                documents=len(columns.number),
                version=schema.VERSION,
                analysis=bundle_version(self._draft.path / "bundle"),
            )
        finally:
            self._draft.discard()

    def rollback(self) -> None:
        if not self._writer.is_closed:
            # Whatever Whoosh says on a full disk: what it wrote is deleted with the draft.
            with contextlib.suppress(Exception):
                self._writer.cancel()
        self._draft.discard()

    def _open_segment(self) -> None:
        self._writer = self._index.writer(limitmb=BUFFER_MB, compound=False)
        self._forward = ForwardWriter(self._analyzer)
        self._rows: list[Row] = []
        self._bytes = 0
        self._has_old = not self._index.is_empty()
        self._added: set[str] = set()

    def _close_segment(self) -> None:
        """Commit without merging: the words of a segment are numbered as its documents are."""
        before = set(self._segments())
        self._writer.commit(mergetype=NO_MERGE)
        for name in self._segments():
            if name not in before:
                self._forward.write(self._forward_of(name))
                write_rows(self._forward_of(name), self._rows)

    def _segments(self) -> list[str]:
        """Return the names of the committed segments, in the order of document numbers."""
        return [segment.segment_id() for segment in self._index._segments()]

    def _rows_left(self) -> Iterator[Row | None]:
        """Yield the rows of all documents in order of number; None where one is deleted."""
        rows = (row for name in self._segments() for row in read_rows(self._forward_of(name)))
        with self._index.reader() as reader:
            for number, row in enumerate(rows):
                yield None if reader.is_deleted(number) else row

    def _forward_of(self, name: str) -> Path:
        return self._draft.path / "forward" / name
