"""Harvests of a repository into the store, run after run."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.config import Config, OaiPmhSource, RecrawlSettings
from indexer.crawl import Crawler, SourceReport, reextract
from indexer.crawl.reading import ThreadReader
from indexer.model import Concept, Vocabulary
from indexer.store import DocumentStore
from tests.support.faux_site import FauxSite, Reply
from tests.support.oai_responses import deleted, error, identify, record, records
from tests.support.operator import FAST, Clock

WHOLE = "/oai?verb=ListRecords&metadataPrefix=oai_dc"


class Librarian:
    """Somebody who harvests a repository night after night."""

    def __init__(self, site: FauxSite, path: Path) -> None:
        self.site = site
        self.clock = Clock()
        self.store = DocumentStore.open(path / "crawl.db", clock=self.clock)
        self.vocabulary = Vocabulary()
        self.recrawl = RecrawlSettings(max_days=30)
        self.config = Config(
            user_agent="Samsok/1.0 (+https://www.example.org/; samsok@example.org)",
            path=path / "crawl_config.yaml",
            data_dir=path,
            allow_private=("127.0.0.1",),
            sources=(OaiPmhSource(name="arkiv", url=site.url("/oai"), http=FAST),),
        )

    def says(self, path: str, *texts: str) -> None:
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        self.site.reply(path, *(Reply(body=text.encode(), headers=headers) for text in texts))

    def harvest(self) -> SourceReport:
        self.site.requests.clear()
        config = dataclasses.replace(self.config, vocabulary=self.vocabulary, recrawl=self.recrawl)
        with ThreadReader() as reader:
            crawler = Crawler(config, self.store, reader=reader)
            report = asyncio.run(crawler.run())
        self.config = config
        self.clock.next_night()
        return report.sources[0]

    @property
    def titles(self) -> list[str]:
        return sorted(document.title for document in self.store.documents())

    @property
    def asked(self) -> list[str]:
        """What was asked of the repository, besides who it is."""
        return [path for path in self.site.requested if "ListRecords" in path]


@pytest.fixture
def librarian(tmp_path: Path) -> Iterator[Librarian]:
    with FauxSite() as site:
        librarian = Librarian(site, tmp_path)
        librarian.says("/oai?verb=Identify", identify())
        with librarian.store:
            yield librarian


def later(librarian: Librarian, *texts: str) -> None:
    """Answer the request for changes: from a day before the first answer's own date."""
    librarian.says(f"{WHOLE}&from=2026-01-01T03%3A04%3A05Z", *texts)


def test_records_become_documents_at_their_landing_pages(librarian: Librarian) -> None:
    librarian.says(WHOLE, records(record(1), record(2)))
    report = librarian.harvest()
    assert (report.added, report.documents, report.problem) == (2, 2, "")
    assert librarian.titles == ["Rapport 1", "Rapport 2"]
    (document, _) = sorted(librarian.store.documents(), key=lambda one: one.url)
    assert document.url == "https://example.org/rapporter/1"
    assert (document.kind, document.source) == ("publication", "arkiv")


def test_the_next_harvest_asks_only_for_what_changed(librarian: Librarian) -> None:
    librarian.says(WHOLE, records(record(1), record(2)))
    librarian.harvest()
    later(librarian, records(record(2, title="Ny titel"), record(3), deleted(1)))
    report = librarian.harvest()
    assert librarian.asked == [f"{WHOLE}&from=2026-01-01T03%3A04%3A05Z"]
    assert librarian.titles == ["Ny titel", "Rapport 3"]
    assert (report.added, report.changed) == (1, 1)
    assert report.removed["deleted"].count == 1


def test_a_record_that_is_sent_again_unchanged_is_not_read_again(librarian: Librarian) -> None:
    librarian.says(WHOLE, records(record(1)))
    librarian.harvest()
    later(librarian, records(record(1)))
    report = librarian.harvest()
    assert (report.unchanged, report.changed, report.added) == (1, 0, 0)


def test_nothing_new_is_no_failure_and_loses_nothing(librarian: Librarian) -> None:
    librarian.says(WHOLE, records(record(1)))
    librarian.harvest()
    later(librarian, error("noRecordsMatch"))
    report = librarian.harvest()
    assert (report.problem, report.documents) == ("", 1)


def test_a_repository_that_turns_empty_loses_nothing(librarian: Librarian) -> None:
    librarian.recrawl = RecrawlSettings(max_days=0.5, min_hours=1)
    librarian.says(WHOLE, records(record(1)), error("noRecordsMatch"))
    librarian.harvest()
    report = librarian.harvest()
    assert report.problem == "source_failed"
    assert librarian.titles == ["Rapport 1"]


@pytest.mark.parametrize("broken", ["<html><h1>Underhåll</h1></html>", "", "<OAI-PMH>", "{}"])
def test_an_answer_that_is_none_is_a_failed_source_and_loses_nothing(
    librarian: Librarian, broken: str
) -> None:
    librarian.says(WHOLE, records(record(1)))
    librarian.harvest()
    later(librarian, broken)
    report = librarian.harvest()
    assert report.is_failed
    assert report.detail
    assert librarian.titles == ["Rapport 1"]
    later(librarian, records(record(2)))
    assert not librarian.harvest().is_failed
    assert librarian.titles == ["Rapport 1", "Rapport 2"]


def test_everything_is_asked_for_now_and_then_and_what_is_missing_twice_goes(
    librarian: Librarian,
) -> None:
    librarian.recrawl = RecrawlSettings(max_days=0.5, min_hours=1)
    librarian.says(WHOLE, records(record(1), record(2)), records(record(1)))
    librarian.harvest()
    librarian.harvest()
    assert librarian.titles == ["Rapport 1", "Rapport 2"]
    report = librarian.harvest()
    assert librarian.titles == ["Rapport 1"]
    assert report.removed["not_listed"].count == 1


def test_a_harvest_that_broke_off_goes_on_with_its_token(librarian: Librarian) -> None:
    resumed = "/oai?verb=ListRecords&resumptionToken=b"
    librarian.says(WHOLE, records(record(1), resume="b"))
    librarian.site.reply(resumed, Reply(status=500))
    assert librarian.harvest().is_failed
    assert librarian.titles == ["Rapport 1"]
    librarian.clock.pass_time(days=-1)
    librarian.says(resumed, records(record(2)))
    librarian.store.frontier.begin("arkiv", at=librarian.clock())
    assert not librarian.harvest().is_failed
    assert librarian.asked == [resumed]
    assert librarian.titles == ["Rapport 1", "Rapport 2"]


def test_a_token_that_has_expired_begins_the_harvest_again(librarian: Librarian) -> None:
    resumed = "/oai?verb=ListRecords&resumptionToken=b"
    librarian.says(WHOLE, records(record(1), resume="b"), records(record(1), record(2)))
    librarian.site.reply(resumed, Reply(status=500))
    librarian.harvest()
    librarian.clock.pass_time(days=-1)
    librarian.says(resumed, error("badResumptionToken"))
    librarian.store.frontier.begin("arkiv", at=librarian.clock())
    assert not librarian.harvest().is_failed
    assert librarian.asked == [resumed, WHOLE]
    assert librarian.titles == ["Rapport 1", "Rapport 2"]


def test_a_new_vocabulary_is_applied_to_stored_records(librarian: Librarian) -> None:
    librarian.says(WHOLE, records(record(1, title="Tillsammans med Exempelstad")))
    librarian.harvest()
    vocabulary = Vocabulary(partners=(Concept(name="Exempelstad"),))
    config = dataclasses.replace(librarian.config, vocabulary=vocabulary)
    counts = asyncio.run(reextract(librarian.store, config))
    (document,) = librarian.store.documents()
    assert (counts["read"], counts["changed"]) == (1, 1)
    assert document.partners == ("Exempelstad",)
    assert document.url == "https://example.org/rapporter/1"
