"""tantivy, the Lucene of Rust, by its Python binding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tantivy import (
    Document as Text,
)
from tantivy import (
    Filter,
    Index,
    Occur,
    Query,
    Schema,
    SchemaBuilder,
    TextAnalyzer,
    TextAnalyzerBuilder,
    Tokenizer,
)

from benchmarks.engine.peers import HITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.engine.peers import AskTerms, AskWords
    from indexer.engine import Document


def by_words(directory: Path, documents: Iterable[Document]) -> AskWords:
    """Rank by BM25 over title and body, on Snowball's Swedish stems."""
    chain = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    analyzer = chain.filter(Filter.stemmer("swedish")).build()
    index, schema = build(directory, documents, analyzer)
    searcher = index.searcher()

    def ask(text: str) -> list[str]:
        terms = [
            (Occur.Should, Query.term_query(schema, field, term))
            for term in analyzer.analyze(text)
            for field in ("title", "body")
        ]
        found = searcher.search(Query.boolean_query(terms), limit=HITS).hits
        return [str(searcher.doc(address)["id"][0]) for _score, address in found]

    return ask


def by_terms(directory: Path, documents: Sequence[Document]) -> AskTerms:
    """Rank by BM25 over title and body, read with the hit as they are stored."""
    analyzer = TextAnalyzerBuilder(Tokenizer.whitespace()).build()
    index, schema = build(directory, documents, analyzer)
    searcher = index.searcher()

    def ask(terms: Sequence[str]) -> list[str]:
        wanted = [
            (Occur.Should, Query.term_query(schema, field, term))
            for term in terms
            for field in ("title", "body")
        ]
        found = searcher.search(Query.boolean_query(wanted), limit=HITS).hits
        return [str(searcher.doc(address)["id"][0]) for _score, address in found]

    return ask


def build(
    directory: Path, documents: Iterable[Document], analyzer: TextAnalyzer
) -> tuple[Index, Schema]:
    """Index title and text, both stored, in one segment where it merges them."""
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("title", "body"):
        builder.add_text_field(field, stored=True, tokenizer_name="benchmark")
    schema = builder.build()
    directory.mkdir(parents=True)
    index = Index(schema, path=str(directory))
    index.register_tokenizer("benchmark", analyzer)
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for document in documents:
        writer.add_document(
            Text(id=document.id, title=document.title, body=document.sections[0].text)
        )
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index, schema
