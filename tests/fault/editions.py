"""A site whose pages change from edition to edition, and searches that never end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from indexer.engine import LiveIndex, Query
from indexer.engine.whoosh_backend import WhooshIndex
from tests.support.command import Outcome, Samsok
from tests.support.faux_site import FauxSite

PAGES = 12


class Patient(Samsok):
    """Waits for a command however much else the machine has to do."""

    def __call__(self, *arguments: str, timeout: float = 300) -> Outcome:
        return super().__call__(*arguments, timeout=timeout)


def write_pages(site: FauxSite, *, edition: int) -> None:
    links = [f"/{number}" for number in range(PAGES - 1)]
    site.page("/", html=f"<h1>Start {edition}</h1><p>Om samverkan.</p>", links=links)
    for path in links:
        html = f"<h1>Avtal {path} {edition}</h1><p>Samverkan om {path}, utgåva{edition}.</p>"
        site.page(path, html=html)


@contextmanager
def answering(samsok: Samsok) -> Iterator[set[str]]:
    """Search all the time; yield the editions that were seen, each of them whole.

    Ends with an error if any search failed, or found less than everything.
    """
    live = LiveIndex(
        WhooshIndex(samsok.directory / "var" / "index"), check_every_s=0.02, silence_s=0.0
    )
    seen: set[str] = set()
    wrong: list[object] = []
    done = threading.Event()

    def search() -> None:
        while True:
            try:
                with live.searcher() as searcher:
                    found = searcher.search(Query(limit=100))
                editions = {hit.document.title.split()[-1] for hit in found.hits}
                if found.total != PAGES or len(editions) != 1:
                    wrong.append((searcher.generation, found.total, editions))
                seen.update(editions)
            except Exception as error:  # noqa: BLE001 - whatever it is, somebody's search failed
                wrong.append(error)
            if done.wait(0.02):
                return

    thread = threading.Thread(target=search)
    thread.start()
    try:
        while not seen and not wrong:
            time.sleep(0.01)
        yield seen
    finally:
        done.set()
        thread.join()
        live.close()
    assert wrong == []


def mends(samsok: Samsok) -> None:
    """Say that the next run publishes the second edition, and that nothing is left of the first."""
    with answering(samsok) as seen:
        told = samsok("reindex")
    assert told.code == 0, (told.out, told.err)
    assert "2" in seen or edition(samsok) == "2"
    assert edition(samsok) == "2"
    whole = WhooshIndex(samsok.directory / "var" / "index")
    assert [whole.verify(held.name) for held in whole.generations()] == [()]
    index = samsok.directory / "var" / "index"
    assert len([path for path in index.iterdir() if path.name.startswith("gen-")]) == 1
    assert not [path for path in index.iterdir() if path.name.startswith(("building", "deleted"))]


def edition(samsok: Samsok) -> str:
    with WhooshIndex(samsok.directory / "var" / "index").searcher() as searcher:
        (found,) = {held.title.split()[-1] for held in searcher.scan()}
    return found
