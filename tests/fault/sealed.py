"""Generations that say of themselves whether they are whole, built and searched until killed.

Every generation has 300 documents and a seal: one more, whose title is the checksum of all the
others. What mixes two generations, or lacks a document, does not fit its seal.

    python -m tests.fault.sealed read INDEX            searches until its input ends
    python -m tests.fault.sealed kill INDEX N SEED     builds and publishes, and is killed N times
    python -m tests.fault.sealed job DATA_DIR N SEED   the same to the nightly job, with its store
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from threading import Thread
from typing import NoReturn

from indexer import config
from indexer.analysis import build_bundle
from indexer.cli.progress import JobProgress
from indexer.engine import Document, LiveIndex, Query, Searcher
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.jobs.reindex import Reindex
from indexer.model import Vocabulary
from indexer.store import DocumentStore, inspect_store
from tests.support.command import CONFIG
from tests.support.documents import document

DOCUMENTS = 300
CHANGED = 30
CHANGED_A_NIGHT = 5
"""So few that a job builds on the generation before, most of the time."""

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


class Job:
    """The nightly job over a store that pages change in; the store is sealed as the index is."""

    def __init__(self, data_dir: Path) -> None:
        self._database = data_dir / "crawl.db"
        file = data_dir / "crawl_config.yaml"
        # Nothing is crawled, so that nothing but the store and the index takes time.
        file.write_text(CONFIG.format(url="http://127.0.0.1:9/", canaries=""), encoding="utf-8")
        self._config = replace(config.load(file), data_dir=data_dir)
        self.index = WhooshIndex(data_dir / "index")

    def publish_one(self) -> str:
        """Change pages, all in one transaction, and let the job publish what came of it."""
        with DocumentStore.open(self._database) as store, store.transaction():
            held = {document.id: document for document in store.documents()}
            edition = store.revision() + 1
            numbers = (
                random.Random().sample(range(DOCUMENTS), CHANGED_A_NIGHT)
                if held
                else range(DOCUMENTS)
            )
            held |= {page.id: page for page in (_page(number, edition) for number in numbers)}
            for page in (*held.values(), _seal(held.values())):
                store.put(page, fingerprint="sealed")
        with JobProgress() as progress:
            job = Reindex(self._config, watcher=progress)
            report = job.run(sources=(), from_store=edition % 4 == 0)
        assert report.generation, report
        return report.generation.name

    def lost(self) -> list[str]:
        """Return what is wrong with the store, or between it and its seal."""
        wrong = list(inspect_store(self._database))
        with DocumentStore.open(self._database) as store:
            held = {document.id: document for document in store.documents()}
        if len(held) != DOCUMENTS + 1 or held["seal"].title != seal_of(held.values()):
            wrong.append("the store does not fit its seal")
        return wrong


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
    live = LiveIndex(WhooshIndex(root), check_every_s=0.01, silence_s=0.0)
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
        for number in _killed(builder, times, seed):
            tell(number, *sorted(path.name for path in root.iterdir()))
        last = builder.publish_one()
    tell("done", last, *builder.index.verify(last))


def kill_job(data_dir: Path, times: int, seed: int) -> None:
    """Do the same to the nightly job; say after each kill what is wrong with its store."""
    job = Job(data_dir)
    for number in _killed(job, times, seed):
        tell(number, *job.lost())
    last = job.publish_one()
    tell("done", last, *job.index.verify(last), *job.lost())


def _killed(builder: Builder | Job, times: int, seed: int) -> Iterator[int]:
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
        yield number


def _build_for_ever(builder: Builder | Job, pipe: int) -> NoReturn:
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
    elif verb == "job":
        kill_job(Path(index), *map(int, numbers))
    else:
        kill(Path(index), *map(int, numbers))
