"""What it costs to publish a few changed documents: the update beside the full build before it."""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.timing import measure
from indexer.engine import Generation, SearchIndex, open_index
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Build everything, then publish a few changes, and print what each cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus.add_arguments(parser)
    parser.add_argument("--changes", type=int, default=20)
    args = parser.parse_args()
    documents = corpus.documents(args)
    step = max(1, len(documents) // args.changes)
    changed = [
        dataclasses.replace(document, title=f"{document.title}, ändrad")
        for document in documents[::step][: args.changes]
    ]
    now = {document.id: document for document in (*documents, *changed)}
    with tempfile.TemporaryDirectory() as directory:
        index = open_index("whoosh", Path(directory))
        builder = GenerationBuilder(index, vocabulary=Vocabulary())
        full = published(index, lambda: builder.build(lambda: documents))
        with index.searcher() as base:
            update = published(
                index,
                lambda: builder.update(
                    base, [(each.id, each) for each in changed], documents=now.values()
                ),
            )
        new = on_disk(Path(directory) / index.generations()[-1].name)
    print(f"{len(documents)} documents; {len(changed)} changed")
    print(f"{'':24}{'CPU s':>8}{'wall s':>8}")
    for name, (cpu, wall) in (("all, built anew", full), ("the changes, published", update)):
        print(f"{name:24}{cpu:8.1f}{wall:8.1f}")
    print(f"changes / all, CPU: {100 * update[0] / full[0]:.1f} %")
    print(f"files of the update that no other generation has: {new / 1e6:.0f} MB")


def published(index: SearchIndex, work: Callable[[], Generation]) -> tuple[float, float]:
    """Return the CPU and wall seconds of building a generation and putting it into service."""
    return measure(lambda: index.publish(work().name))


def on_disk(generation: Path) -> int:
    """Return the bytes of the files that have no other name."""
    found = [path.stat() for path in generation.rglob("*") if path.is_file()]
    return sum(status.st_size for status in found if status.st_nlink == 1)


if __name__ == "__main__":
    main()
