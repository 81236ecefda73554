"""The status page, over notes of every sort: true ones, none, damaged and hostile ones."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from falcon.testing import TestClient

from indexer.engine import STATUS_NOTE, RunUpkeep, SourceUpkeep, Upkeep
from indexer.engine.memory_backend import MemoryIndex
from search_api.texts import Texts
from search_api.values import Language
from tests.api.conftest import Publish
from tests.support.documents import document

NOW = dt.datetime.now(dt.UTC)


def ago(**length: float) -> dt.datetime:
    return NOW - dt.timedelta(**length)


def run(days: int, outcome: str = "published", **counts: Any) -> RunUpkeep:
    return RunUpkeep(
        id=100 - days,
        job="reindex",
        outcome=outcome,
        started=ago(days=days, minutes=5),
        finished=ago(days=days),
        **counts,
    )


UPKEEP = Upkeep(
    written=NOW,
    succeeded=ago(days=5, hours=2),
    sources=(
        SourceUpkeep(name="samverkan", documents=1200, reached=ago(days=5, hours=2), tried=NOW),
        SourceUpkeep(
            name="diva", documents=80, reached=ago(days=3, hours=2), tried=NOW, problem="http_503"
        ),
        SourceUpkeep(name="nyheter", documents=0, tried=NOW, problem="dns"),
        SourceUpkeep(name="ny", documents=0),
    ),
    runs=(
        run(0, "refused", documents=90, removed=30),
        run(1, documents=120, added=23, changed=4, removed=3),
        run(2, "failed"),
        run(3, "unchanged", documents=100),
        run(4, documents=100, added=100),
    ),
    failures=(("http_404", 12), ("some_new_reason", 2)),
)


@pytest.fixture(autouse=True)
def published(publish: Publish) -> str:
    return publish([document(1), document(2)])


def show(client: TestClient, path: str = "/status") -> str:
    answer = client.simulate_get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "style=" not in answer.text
    return answer.text


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_ages_and_troubles_are_told_in_words(client: TestClient, index: MemoryIndex) -> None:
    index.put_note(STATUS_NOTE, UPKEEP.to_bytes())

    swedish, english = words(show(client)), words(show(client, "/en/status"))

    assert "samverkan 1 200 för 5 dagar sedan" in swedish
    assert "diva 80 inte nådd på 3 dagar: svarar med felkod 503" in swedish
    assert "nyheter 0 aldrig nådd: adressen finns inte" in swedish
    assert "ny 0 inte hämtad än" in swedish
    assert "inte klarade kontrollen" in swedish
    assert "stoppat av kontrollen 90 0 0 30" in swedish
    assert "misslyckades – 0 0 0" in swedish
    assert "svarar med felkod 404 12 some_new_reason 2" in swedish
    assert "diva 80 not reached for 3 days: answers with error 503" in english
    assert "did not pass the check" in english


def test_the_chart_can_be_seen_heard_and_read(client: TestClient, index: MemoryIndex) -> None:
    index.put_note(STATUS_NOTE, UPKEEP.to_bytes())

    text = show(client)

    drawn = re.search(r"<svg.*?</svg>", text, re.DOTALL)
    assert drawn
    chart = ET.fromstring(drawn.group().replace("&#34;", "&quot;"))  # noqa: S314 - ours
    title, told = chart.find("title"), chart.find("desc")
    assert title is not None
    assert told is not None
    assert chart.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert "från 100" in str(told.text)
    assert "som minst 100 och som mest 120" in str(told.text)
    (line,) = chart.iter("polyline")
    heights = [float(point.split(",")[1]) for point in str(line.get("points")).split()]
    assert heights == [100.0, 100.0, 0.0]
    bars = [rect.attrib for rect in chart.iter("rect")]
    assert [bar["class"] for bar in bars] == ["added", "changed", "added", "removed"]
    for bar in bars:
        assert 0 <= float(bar["x"]) <= 600 - float(bar["width"])
        assert 0 <= float(bar["y"]) <= 60 - float(bar["height"]) + 0.2
    table = text[text.index("<details") : text.index("</details>")]
    assert table.count("<tr>") == 4


def test_the_page_is_the_same_until_there_is_news(client: TestClient, index: MemoryIndex) -> None:
    index.put_note(STATUS_NOTE, UPKEEP.to_bytes())
    tag = client.simulate_get("/status").headers["ETag"]
    again = client.simulate_get("/status", headers={"If-None-Match": tag})
    index.put_note(STATUS_NOTE, Upkeep(written=NOW + dt.timedelta(days=1)).to_bytes())
    news = client.simulate_get("/status", headers={"If-None-Match": tag})

    # At the full hour the ages change.
    assert again.status_code in ({304} if NOW.hour == dt.datetime.now(dt.UTC).hour else {200, 304})
    assert news.status_code == 200


EVIL = "<script>alert(1)</script>"
DAMAGED = {
    "nothing": b"",
    "half": UPKEEP.to_bytes()[:-40],
    "not JSON": b"\x00\xff" * 100,
    "a list": b"[1, 2]",
    "a number": b"7",
    "null": b"null",
    "deep": b"[" * 100_000,
    "older": orjson.dumps({"sources": [{"name": "samverkan"}]}),
    "bare": orjson.dumps({"written": NOW.isoformat()}),
    "types": orjson.dumps(
        {
            "written": NOW.isoformat(),
            "succeeded": 12,
            "sources": [None, 1, [], {"name": 3}, {"name": "a", "documents": -1}, {"name": "b"}],
            "runs": [{}, {"outcome": []}, "x", {"outcome": "failed", "started": "now"}],
            "failures": [["timeout", 3]],
        }
    ),
    "far": orjson.dumps(
        {
            "written": "9999-12-31T23:59:59-23:59",
            "succeeded": "0001-01-01T00:00:00+23:59",
            "sources": {"name": "a"},
        }
    ),
    "hostile": orjson.dumps(
        {
            "written": NOW.isoformat(),
            "succeeded": "0001-01-01T00:00:00Z",
            "sources": [
                {"name": EVIL, "documents": 1},
                {"name": "b", "documents": 10**18, "problem": EVIL},
                {"name": "c", "documents": True},
                {"name": "d", "documents": 1, "reached": "9999-12-31T00:00:00Z", "problem": EVIL},
            ],
            "runs": [
                {
                    "id": EVIL,
                    "job": EVIL,
                    "outcome": word,
                    "started": "0001-01-01T00:00:00Z",
                    "finished": "9999-01-01T00:00:00Z",
                    "documents": 10**11,
                    "removed": 10**11,
                }
                for word in (EVIL, "published", "unchanged", "unheard-of", '" onload="x')
            ],
            "failures": {EVIL: 3, "timeout": -3, "http_evil": 2, "dns": "3"},
        }
    ),
}


@pytest.mark.parametrize("note", DAMAGED)
@pytest.mark.parametrize("path", ["/status", "/en/status"])
def test_no_note_can_break_the_page(
    client: TestClient, index: MemoryIndex, note: str, path: str
) -> None:
    index.put_note(STATUS_NOTE, DAMAGED[note])

    text = show(client, path)

    assert "<h1>" in text
    assert "gen-000001" in text
    assert not re.search(r'alert|onload|nan|>None<|="-[0-9]|>-[0-9]', text.partition("<h1>")[2])


def test_without_a_note_the_page_says_what_the_index_knows(client: TestClient) -> None:
    text = words(show(client))

    assert "2 sidor" in text
    assert "Källa" in text
    assert "Senast nådd" not in text


@pytest.mark.parametrize(
    ("language", "what", "one", "many"),
    [
        ("sv", "count_pages", "1 sida", "1\u00a0200 sidor"),
        ("sv", "count_changes", "1 ändring", "1\u00a0200 ändringar"),
        ("en", "count_pages", "1 page", "1,200 pages"),
        ("en", "count_changes", "1 change", "1,200 changes"),
    ],
)
def test_one_is_told_in_the_singular(language: Language, what: str, one: str, many: str) -> None:
    texts = Texts(language)

    assert (texts.counted(what, 1), texts.counted(what, 1200)) == (one, many)


def test_the_index_of_one_page_has_one_page(client: TestClient, publish: Publish) -> None:
    publish([document(1)])

    assert "Indexet innehåller 1 sida och byggdes" in words(show(client))
    assert "The index holds 1 page and was built" in words(show(client, "/en/status"))
    assert words(show(client, "/")).count("1 sida ·") == 1
    assert words(show(client, "/en")).count("1 page ·") == 1


def test_the_crawls_of_many_shards_do_not_crowd_out_what_was_published(
    client: TestClient, index: MemoryIndex
) -> None:
    crawls = [replace(run(0, "crawled"), job="crawl") for _ in range(30)]
    imported = replace(run(0, "imported"), job="import")
    index.put_note(STATUS_NOTE, replace(UPKEEP, runs=(imported, *crawls, *UPKEEP.runs)).to_bytes())

    swedish = words(show(client))
    told = swedish[swedish.index("Utfall") : swedish.index("Sidor som inte gick")]

    assert told.count("bara hämtat") == 4
    assert told.count("bara inläst") == 1
    assert told.count("publicerat") == 2
    assert "stoppat av kontrollen" in told
    assert "imported only" in words(show(client, "/en/status"))


def test_what_was_written_is_read() -> None:
    assert Upkeep.read(UPKEEP.to_bytes()) == UPKEEP
