"""What completion costs: to build, to open, to hold, and CPU milliseconds for what is typed."""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks import corpus
from benchmarks.timing import Times, measure
from indexer.engine import Suggester
from indexer.engine.suggesting import write_suggestions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.model import Document

_LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
_HIDDEN = 100


def main() -> None:
    """Build the completions of a corpus, ask for some, and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus.add_arguments(parser)
    parser.set_defaults(documents=20_000)
    documents = corpus.documents(parser.parse_args())
    asked = typed(documents)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        cpu, _ = measure(lambda: write_suggestions(root, documents))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = sum(path.stat().st_size for path in root.iterdir()) / 1e6
        opening = statistics.median(measure(lambda: Suggester(root))[0] for _ in range(9))
        print(f"{len(documents)} documents: built in {cpu:.1f} CPU s, {size:.1f} MB on disk,")
        print(f"opened in {1000 * opening:.1f} CPU ms; peak RSS, texts included, {peak:.0f} MB")
        suggester = Suggester(root)
        report(suggester, documents, asked)
        # This process maps the files, too, as another worker would: what is shared is not counted.
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            held = pool.submit(private_memory, root, asked).result()
        print(f"private memory (USS) that a second process needs for all of it: {held:.1f} MB")


def typed(documents: list[Document]) -> dict[str, list[str]]:
    """Return what is typed: letters, beginnings of words, and of three words in any order."""
    chance = random.Random(7)  # noqa: S311 - the same every time
    titles = [chance.choice(documents).title.split() for _ in range(300)]

    def begun(word: str, *, least: int = 1) -> str:
        return word[: chance.randint(min(least, len(word)), len(word))]

    return {
        "one letter": list(_LETTERS) * 10,
        "two letters": [chance.choice(words)[:2] for words in titles],
        "one word": [begun(chance.choice(words), least=3) for words in titles],
        "three words": [
            " ".join(map(begun, chance.sample(words, min(3, len(words))))) for words in titles
        ],
    }


def report(suggester: Suggester, documents: list[Document], asked: Mapping[str, list[str]]) -> None:
    """Print how long completion took, with nothing hidden and with some documents hidden."""
    hidden = frozenset(document.id for document in documents[:_HIDDEN])
    first, _ = measure(lambda: suggester.suggest("a", hidden=hidden))
    print(f"the first request after {_HIDDEN} other documents are hidden: {1000 * first:.1f} ms")
    print(f"{'CPU ms':32}{'p50':>8}{'p95':>8}{'found':>8}")
    for without, suffix in ((frozenset[str](), ""), (hidden, f", {_HIDDEN} hidden")):
        for name, texts in asked.items():
            times, found = [], 0
            for text in texts:
                suggester.suggest(text, hidden=without)
                started = time.process_time()
                found += bool(suggester.suggest(text, hidden=without))
                times.append(1000 * (time.process_time() - started))
            took = Times.of(times)
            share = found / len(texts)
            print(f"{name + suffix:32}{took.p50:8.2f}{took.p95:8.2f}{share:8.0%}")


def private_memory(directory: Path, asked: Mapping[str, list[str]]) -> float:
    """Return the megabytes that opening and asking cost a process alone."""
    before = psutil.Process().memory_full_info().uss
    suggester = Suggester(directory)
    for texts in asked.values():
        for text in texts:
            suggester.suggest(text)
    grown: float = psutil.Process().memory_full_info().uss - before
    return grown / 1e6


if __name__ == "__main__":
    main()
