from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import StoreError
from indexer.model import CrawlRequest, Page
from indexer.store import DocumentStore, Frontier, KnownUrl, NewUrl, body_digest, pack

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(minutes=10)
HOST = "https://www.example.org"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DocumentStore]:
    with DocumentStore.open(tmp_path / "crawl.db", clock=lambda: NOON) as store:
        yield store


@pytest.fixture
def frontier(store: DocumentStore) -> Frontier:
    return store.frontier


def add(frontier: Frontier, *paths: str, source: str = "s", depth: int = 0) -> None:
    frontier.add(source, [NewUrl(url=HOST + path, depth=depth) for path in paths])


def lease_all(frontier: Frontier, source: str = "s") -> list[KnownUrl]:
    leased = []
    while (known := frontier.lease(source, HOST, until=LATER)) is not None:
        leased.append(known)
    return leased


def paths(known: list[KnownUrl]) -> list[str]:
    return [one.url.removeprefix(HOST) for one in known]


def page(body: bytes = b"<p>Hej", **fields: str) -> Page:
    given: dict[str, str] = {"url": f"{HOST}/a", "media_type": "text/html"} | fields
    request = CrawlRequest(url=given["url"], source="s")
    return Page(request=request, body=body, fetched_at=NOON, **given)  # type: ignore[arg-type]  # texts only


def test_shallow_urls_come_first_and_then_older_ones(frontier: Frontier) -> None:
    add(frontier, "/deep", depth=3)
    add(frontier, "/b", "/a", depth=1)
    add(frontier, "/", depth=0)
    assert paths(lease_all(frontier)) == ["/", "/b", "/a", "/deep"]


def test_a_url_is_queued_once_and_leased_once(frontier: Frontier) -> None:
    add(frontier, "/a", "/a")
    add(frontier, "/a")
    assert frontier.queued("s") == 1
    assert paths(lease_all(frontier)) == ["/a"]


def test_a_shorter_way_makes_a_url_less_deep_and_a_longer_one_changes_nothing(
    frontier: Frontier,
) -> None:
    frontier.add("s", [NewUrl(url=f"{HOST}/a", depth=4, referrer=f"{HOST}/long")])
    frontier.add("s", [NewUrl(url=f"{HOST}/a", depth=2, referrer=f"{HOST}/short")])
    frontier.add("s", [NewUrl(url=f"{HOST}/a", depth=9, referrer=f"{HOST}/longer")])
    known = frontier.find("s", f"{HOST}/a")
    assert known is not None
    assert (known.depth, known.referrer) == (2, f"{HOST}/short")


def test_sources_do_not_see_each_other(frontier: Frontier) -> None:
    add(frontier, "/a", source="one")
    add(frontier, "/a", "/b", source="two")
    assert paths(lease_all(frontier, "one")) == ["/a"]
    assert frontier.queued("two") == 2
    assert frontier.sources() == ["one", "two"]


def test_a_named_url_can_be_taken_out_of_the_queue_once(frontier: Frontier) -> None:
    add(frontier, "/a", "/b")
    taken = frontier.take("s", f"{HOST}/b", until=LATER)
    assert taken is not None
    assert taken.url == f"{HOST}/b"
    assert frontier.take("s", f"{HOST}/b", until=LATER) is None
    assert frontier.take("s", f"{HOST}/unknown", until=LATER) is None
    frontier.release(taken.id)
    assert frontier.queued("s") == 2


def test_an_outcome_comes_back_as_it_was_settled(frontier: Frontier) -> None:
    crawl = frontier.begin("s", at=NOON)
    add(frontier, "/a")
    (leased,) = lease_all(frontier)
    settled = dataclasses.replace(
        leased,
        outcome="failed",
        reason="http_404",
        detail="borta",
        status=404,
        etag='"1"',
        last_modified="Sun, 01 Mar 2026 12:00:00 GMT",
        visited_at=NOON,
        fetched_at=NOON,
        missing=1,
        missing_since=NOON,
        fingerprint="f1",
        verdict="empty",
        document_id="doc-001",
    )
    frontier.settle(settled, crawl)
    assert frontier.get(leased.id) == settled
    assert frontier.standing_for("doc-001") == [settled]
    assert frontier.visited(crawl) == 1
    assert lease_all(frontier) == []


def test_a_request_carries_validators_only_when_it_is_conditional() -> None:
    known = KnownUrl(id=1, source="s", url=f"{HOST}/a", depth=2, etag='"1"', last_modified="x")
    assert known.request(conditional=True).etag == '"1"'
    assert known.request(conditional=False) == CrawlRequest(
        url=f"{HOST}/a", source="s", depth=2, referrer=None
    )


def test_a_crawl_that_was_cut_off_goes_on_with_what_is_left(frontier: Frontier) -> None:
    crawl = frontier.begin("s", at=NOON)
    frontier.mark_seeded(crawl)
    add(frontier, "/done", "/in-flight", "/waiting")
    done = frontier.lease("s", HOST, until=LATER)
    assert done is not None
    frontier.settle(dataclasses.replace(done, outcome="page"), crawl)
    frontier.lease("s", HOST, until=LATER)
    again = frontier.begin("s", at=NOON + dt.timedelta(hours=1))
    assert (again.id, again.resumed, again.seeded) == (crawl.id, True, True)
    assert paths(lease_all(frontier)) == ["/in-flight", "/waiting"]


def test_a_finished_crawl_is_followed_by_one_that_visits_everything(frontier: Frontier) -> None:
    crawl = frontier.begin("s", at=NOON)
    add(frontier, "/a", "/b")
    for known in lease_all(frontier):
        frontier.settle(dataclasses.replace(known, outcome="page"), crawl)
    frontier.finish(crawl, at=NOON)
    again = frontier.begin("s", at=LATER)
    assert not again.resumed
    assert not again.seeded
    assert paths(lease_all(frontier)) == ["/a", "/b"]


def test_a_crawl_that_was_cut_off_long_ago_is_begun_anew(frontier: Frontier) -> None:
    crawl = frontier.begin("s", at=NOON)
    add(frontier, "/a")
    (known,) = lease_all(frontier)
    frontier.settle(dataclasses.replace(known, outcome="page"), crawl)
    again = frontier.begin("s", at=NOON + dt.timedelta(days=2))
    assert not again.resumed
    assert frontier.queued("s") == 1


def test_what_was_missing_for_a_month_is_forgotten(frontier: Frontier) -> None:
    crawl = frontier.begin("s", at=NOON)
    add(frontier, "/dead", "/alive")
    dead, alive = lease_all(frontier)
    frontier.settle(dataclasses.replace(dead, missing=2, missing_since=NOON), crawl)
    frontier.settle(alive, crawl)
    frontier.finish(crawl, at=NOON)
    frontier.begin("s", at=NOON + dt.timedelta(days=31))
    assert paths(list(frontier.known("s"))) == ["/alive"]


def test_known_urls_can_be_dropped_while_they_are_listed(frontier: Frontier) -> None:
    add(frontier, *(f"/{number}" for number in range(1200)))
    seen = 0
    for known in frontier.known("s"):
        frontier.drop(known.id)
        seen += 1
    assert seen == 1200
    assert list(frontier.known("s")) == []


def test_a_body_comes_back_as_the_page_it_was(store: DocumentStore) -> None:
    add(store.frontier, "/a")
    (known,) = lease_all(store.frontier)
    fetched = page("<p>Välkommen".encode() * 999, charset="utf-8", robots_tag="noindex")
    store.bodies.put(known.id, pack(fetched))
    body = store.bodies.get(known.id)
    assert body is not None
    assert body.page(fetched.request) == fetched
    assert len(body.compressed) < body.size / 10


def test_a_body_goes_with_its_url(store: DocumentStore) -> None:
    add(store.frontier, "/a", "/b")
    first, second = lease_all(store.frontier)
    store.bodies.put(first.id, pack(page()))
    store.bodies.put(second.id, pack(page()))
    store.frontier.drop(first.id)
    store.bodies.drop(second.id)
    assert store.bodies.get(first.id) is None
    assert store.bodies.digest(second.id) is None


@pytest.mark.parametrize(
    "other",
    [
        page(b"<p>Nej"),
        page(url=f"{HOST}/b"),
        page(media_type="text/plain"),
        page(charset="latin-1"),
        page(robots_tag="noindex"),
    ],
)
def test_a_digest_tells_apart_whatever_can_be_read_differently(other: Page) -> None:
    assert body_digest(other) != body_digest(page())
    assert body_digest(page()) == body_digest(page())


def test_a_damaged_body_is_a_store_error() -> None:
    body = dataclasses.replace(pack(page()), compressed=b"x")
    with pytest.raises(StoreError, match="is damaged"):
        body.page(page().request)


def test_outdated_are_the_stored_pages_that_another_extraction_read(store: DocumentStore) -> None:
    add(store.frontier, "/old", "/new", "/without-body")
    for known, fingerprint in zip(lease_all(store.frontier), ["f1", "f2", "f1"], strict=True):
        store.frontier.settle(dataclasses.replace(known, fingerprint=fingerprint))
        if not known.url.endswith("body"):
            store.bodies.put(known.id, pack(page()))
    assert paths(list(store.outdated({"s": "f2"}))) == ["/old"]
    assert list(store.outdated({"other": "f2"})) == []


def test_urls_that_stand_for_a_document_can_be_marked_unread(frontier: Frontier) -> None:
    add(frontier, "/a", "/b")
    for known in lease_all(frontier):
        document_id = "doc-001" if known.url.endswith("a") else "doc-002"
        frontier.settle(dataclasses.replace(known, fingerprint="f1", document_id=document_id))
    frontier.mark_unread("doc-001")
    assert [known.fingerprint for known in frontier.known("s")] == ["", "f1"]
