"""Generations that say of themselves whether they are whole, built and searched until killed.

Every generation has 300 documents and a seal: one more, whose title is the checksum of all the
others. What mixes two generations, or lacks a document, does not fit its seal.

    python -m tests.fault.sealed read INDEX            searches until its input ends
    python -m tests.fault.sealed kill INDEX N SEED     builds and publishes, and is killed N times
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from threading import Thread
from typing import NoReturn

from indexer.analysis import build_bundle
from indexer.engine import Document, LiveIndex, Query, Searcher
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from tests.support.documents import document

DOCUMENTS = 300
CHANGED = 30
KEEP = 2


def seal_of(documents: Iterable[Document]) -> str:
    """Return the checksum of documents, the seal itself left out."""
    lines = sorted(f"{held.id} {held.title}" for held in documents if held.id != "seal")
    return blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


class Builder:
    """Builds sealed generations on what is there, from nothing and from each other in turn."""

    def __init__(self, root: Path, bundle: Path) -> None:
        self.index = WhooshIndex(root)
        self._bundle = bundle

    def publish_one(self) -> str:
        """Build the next generation as a nightly job does, and return its name."""
        whole = self.index.generations()
        base = whole[-1].name if whole else None
        edition = int(base[4:]) + 1 if base else 1
        name = self._change(base, edition) if base and edition % 4 else self._build(edition)
        self.index.publish(name)
        self.index.prune(keep=KEEP)
        return name

    def _build(self, edition: int) -> str:
        documents = [_page(number, edition) for number in range(DOCUMENTS)]
        writer = self.index.writer(bundle=self._bundle)
        for held in (*documents, _seal(documents)):
            writer.put(held)
        return writer.commit().name

    def _change(self, base: str, edition: int) -> str:
        with self.index.searcher(base) as searcher:
            documents = {held.id: held for held in searcher.scan()}
        changed = random.sample(range(DOCUMENTS), CHANGED)
        pages = {held.id: held for held in (_page(number, edition) for number in changed)}
        documents |= pages
        writer = self.index.writer(bundle=self._bundle, base=base)
        for held in (*pages.values(), _seal(documents.values())):
            writer.put(held)
        return writer.commit().name


def _page(number: int, edition: int) -> Document:
    return document(number, f"Sida {number} i utgåva {edition}")


def _seal(documents: Iterable[Document]) -> Document:
    return document(0, seal_of(documents), id="seal", url="https://www.example.org/seal")


def check(searcher: Searcher) -> str:
    """Search, and return the name of the generation, having made sure that it is a whole one."""
    found = searcher.search(Query(limit=1000, facets=("source",)))
    documents = {hit.document.id: hit.document for hit in found.hits}
    assert found.total == len(documents) == DOCUMENTS + 1, (searcher.generation, found.total)
    assert found.facets["source"][0].count == DOCUMENTS + 1
    assert documents["seal"].title == seal_of(documents.values()), searcher.generation
    assert searcher.generation.documents == DOCUMENTS + 1
    return searcher.generation.name


def tell(*words: object) -> None:
    """Write a line for whoever started this process."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def read(root: Path) -> None:
    """Search all the time until standard input ends; then say how much, or what went wrong."""
    live = LiveIndex(WhooshIndex(root), check_every_s=0.01)
    stop = Thread(target=sys.stdin.read, daemon=True)
    stop.start()
    seen: list[str] = []
    answers = 0
    while stop.is_alive() or not answers:
        with live.searcher() as searcher:
            name = check(searcher)
        answers += 1
        if name not in seen:
            seen.append(name)
    live.close()
    tell(answers, len(seen), seen[-1])


def kill(root: Path, times: int, seed: int) -> None:
    """Fork builders and kill each a random while after it has shown that it can publish."""
    with tempfile.TemporaryDirectory(prefix="sealed-") as directory:
        bundle = Path(directory)
        build_bundle(bundle, words={}, vocabulary=Vocabulary())
        builder = Builder(root, bundle)
        begun = time.monotonic()
        for _ in range(4):
            builder.publish_one()
        round_s = (time.monotonic() - begun) / 4
        chance = random.Random(seed)
        tell("ready")
        for number in range(times):
            published, pipe = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(published)
                _build_for_ever(builder, pipe)
            os.close(pipe)
            _kill_one(child, published, chance.uniform(0.0, 1.1 * round_s))
            tell(number, *sorted(path.name for path in root.iterdir()))
        last = builder.publish_one()
    tell("done", last, *builder.index.verify(last))


def _build_for_ever(builder: Builder, pipe: int) -> NoReturn:
    try:
        while True:
            builder.publish_one()
            os.write(pipe, b".")
    except BaseException:  # noqa: BLE001 - it is told, and the process ends
        traceback.print_exc()
    os._exit(3)


def _kill_one(child: int, published: int, pause_s: float) -> None:
    # Nothing is read when the builder has failed: the run after a kill must publish.
    first = os.read(published, 1)
    time.sleep(pause_s)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(published)
    if not first or os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        tell("FAILED: the run after a kill did not publish")
        sys.exit(1)


if __name__ == "__main__":
    verb, index, *numbers = sys.argv[1:]
    if verb == "read":
        read(Path(index))
    else:
        kill(Path(index), *map(int, numbers))
