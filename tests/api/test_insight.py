"""Counting searches: which count, what of them reaches the disk, and that it never costs one."""

from __future__ import annotations

import datetime as dt
import re
import resource
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import falcon.testing
import httpx
import psutil
import pytest

from indexer.analysis import build_bundle
from indexer.engine import QueryCounts, open_index
from indexer.engine.memory_backend import MemoryIndex
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.model import Person, Vocabulary
from search_api.app import create_app
from search_api.insight import QueryInsight
from search_api.settings import Settings
from tests.support.command import Samsok
from tests.support.documents import document
from tests.support.serving import serving

PAGES = [
    document(number, text="samverkan", persons=(Person(name="Åsa Öberg"),)) for number in range(12)
]
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path), query_insight=True)


@pytest.fixture
def insight(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> QueryInsight:
    """What the application counts with; it writes when the test says so."""
    counts = QueryCounts(settings.insight_directory, min_count=settings.min_count, key=bytes(32))
    counts.prepare()
    made = QueryInsight(counts, write_after_s=3600)
    monkeypatch.setattr(QueryInsight, "of", lambda _settings: made)
    return made


@pytest.fixture
def client(
    insight: QueryInsight, index: MemoryIndex, settings: Settings, bundle: Path, tmp_path: Path
) -> falcon.testing.TestClient:
    assert QueryInsight.of(settings) is insight
    directory = tmp_path / "bundle"
    shutil.copytree(bundle, directory)
    write_suggestions(directory / SUGGESTIONS, PAGES)
    with index.writer(bundle=directory) as writer:
        for page in PAGES:
            writer.put(page)
    index.publish(index.generations()[-1].name)
    return falcon.testing.TestClient(create_app(index, settings))


def counted(settings: Settings, insight: QueryInsight) -> tuple[int, int]:
    """Return how many searches were counted, and how many of them in vain."""
    insight.write()
    paths = list(settings.insight_directory.glob("*.json"))
    if not paths:
        return 0, 0
    text = paths[0].read_text(encoding="utf-8")
    found = re.match(r'\{"searches":(\d+),"without_hits":(\d+)', text)
    assert found
    return int(found[1]), int(found[2])


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/sok?q=samverkan", BROWSER),
        ("/sok?q=samverkan", PHONE),
        ("/en/sok?q=samverkan", BROWSER),
        ("/api/v1/search?q=samverkan", {}),
        ("/api/v1/search?q=samverkan&size=50&facets=kind&lang=en", BROWSER),
    ],
)
def test_a_search_counts_once(
    client: falcon.testing.TestClient,
    settings: Settings,
    insight: QueryInsight,
    path: str,
    headers: dict[str, str],
) -> None:
    assert client.simulate_get(path, headers=headers).status_code == 200

    assert counted(settings, insight) == (1, 0)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {}),
        ("/sok", {}),
        ("/sok?q=%20", {}),
        ("/sok?q=samverkan&page=2", {}),
        ("/sok?q=samverkan&kind=page", {}),
        ("/sok?q=samverkan&from=2020-01-01", {}),
        ("/sok?q=samverkan&sort=newest", {}),
        ("/sok?q=samverkan&expand=false", {}),
        ("/api/v1/search?q=samverkan&page=2", {}),
        ("/api/v1/search?q=samverkan&kind=page", {}),
        ("/api/v1/suggest?q=samverkan", {}),
        ("/suggest.json?q=samverkan", {}),
        ("/personer?q=samverkan", {}),
        ("/feed.atom?q=samverkan", {}),
        ("/api/v1/export?q=samverkan&format=csv", {}),
        ("/sok?q=samverkan", {"Sec-Purpose": "prefetch;prerender"}),
        ("/sok?q=samverkan", {"Purpose": "prefetch"}),
        ("/sok?q=samverkan", {"User-Agent": "Mozilla/5.0 (compatible; Examplebot/2.1)"}),
        ("/api/v1/search?q=samverkan", {"User-Agent": "uptime-monitor/3"}),
    ],
)
def test_the_next_look_at_a_search_and_what_no_person_asks_do_not_count(
    client: falcon.testing.TestClient,
    settings: Settings,
    insight: QueryInsight,
    path: str,
    headers: dict[str, str],
) -> None:
    assert client.simulate_get(path, headers=headers).status_code == 200

    assert counted(settings, insight) == (0, 0)


def test_an_answer_that_the_client_holds_already_and_a_head_do_not_count(
    client: falcon.testing.TestClient, settings: Settings, insight: QueryInsight
) -> None:
    first = client.simulate_get("/sok?q=samverkan")
    again = client.simulate_get(
        "/sok?q=samverkan", headers={"If-None-Match": first.headers["ETag"]}
    )
    head = client.simulate_head("/sok?q=samverkan")
    wrong = client.simulate_get("/api/v1/search?q=samverkan&page=0")

    assert (again.status_code, head.status_code, wrong.status_code) == (304, 200, 400)
    assert counted(settings, insight) == (1, 0)


def test_a_search_that_finds_nothing_counts_as_such(
    client: falcon.testing.TestClient, settings: Settings, insight: QueryInsight
) -> None:
    for _ in range(5):
        client.simulate_get("/sok?q=Bostad")
    client.simulate_get("/sok?q=samverkan")

    assert counted(settings, insight) == (6, 5)
    (path,) = settings.insight_directory.glob("*.json")
    assert '"bostad":[5,5]' in path.read_text(encoding="utf-8")


def test_who_is_searched_for_is_in_the_sums_alone(
    client: falcon.testing.TestClient, settings: Settings, insight: QueryInsight
) -> None:
    for _ in range(9):
        for query in ("Åsa Öberg", "åsa öberg", "asa@example.org", "850312-1234"):
            client.simulate_get("/sok", params={"q": query})

    assert counted(settings, insight)[0] == 36
    (path,) = settings.insight_directory.glob("*.json")
    assert path.read_text(encoding="utf-8").endswith('"queries":{}}')


def test_what_the_disk_does_not_take_is_told_once_and_written_later(
    client: falcon.testing.TestClient,
    settings: Settings,
    insight: QueryInsight,
    caplog: pytest.LogCaptureFixture,
) -> None:
    away = settings.insight_directory.with_name("away")
    settings.insight_directory.rename(away)
    for _ in range(3):
        assert client.simulate_get("/sok?q=samverkan").status_code == 200
        insight.write()
    assert len([line for line in caplog.messages if "cannot be written" in line]) == 1

    away.rename(settings.insight_directory)

    assert counted(settings, insight) == (3, 0)


@pytest.mark.usefixtures("pages")
def test_without_insight_nothing_is_counted_or_written(
    index: MemoryIndex, settings: Settings
) -> None:
    app = create_app(index, replace(settings, query_insight=False))
    for _ in range(9):
        falcon.testing.TestClient(app).simulate_get("/sok?q=samverkan")

    assert not settings.insight_directory.exists()


@pytest.mark.parametrize(
    ("path", "on", "off"),
    [
        ("/integritet", "minst 7 gånger", "Sökningar räknas inte."),
        ("/en/integritet", "at least 7 times", "Searches are not counted."),
    ],
)
def test_the_page_about_personal_data_says_what_is_counted(
    index: MemoryIndex, settings: Settings, path: str, on: str, off: str
) -> None:
    counting = replace(settings, min_count=7, retention_days=45)
    answers = [
        falcon.testing.TestClient(create_app(index, chosen)).simulate_get(path)
        for chosen in (counting, replace(counting, query_insight=False))
    ]

    assert on in answers[0].text
    assert off not in answers[0].text
    assert off in answers[1].text
    assert on not in answers[1].text
    assert all("45" in answer.text for answer in answers)
    assert answers[0].headers["ETag"] != answers[1].headers["ETag"]


# --- a server as it runs ------------------------------------------------------------------------

FREQUENT, RARE = "samverkan", "parkeringstillstånd"


def counting_server(samsok: Samsok) -> None:
    """Publish pages to search, and configure that searches are counted."""
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write("privacy: {query_insight: true}\napi: {rate_limit_per_minute: 0}\n")
    bundle = samsok.directory / "bundle"
    bundle.mkdir()
    build_bundle(bundle, words={"samverkan": 12}, vocabulary=Vocabulary())
    write_suggestions(bundle / SUGGESTIONS, PAGES)
    index = open_index("whoosh", samsok.directory / "var" / "index")
    with index.writer(bundle=bundle) as writer:
        for page in PAGES:
            writer.put(page)
    index.publish(index.generations()[-1].name)


def search(url: str, query: str, times: int) -> None:
    for _ in range(times):
        # A connection of its own each time, so that both workers get some.
        answer = httpx.get(f"{url}/sok", params={"q": query}, trust_env=False, headers=BROWSER)
        assert answer.status_code == 200


def on_disk(samsok: Samsok) -> bytes:
    paths = (samsok.directory / "var" / "insight").rglob("*")
    return b"\n".join(path.read_bytes() for path in paths if path.is_file())


def test_a_server_of_two_workers_counts_and_keeps_rare_queries_off_the_disk(
    samsok: Samsok,
) -> None:
    counting_server(samsok)
    with serving(samsok, workers=2) as (url, process):
        search(url, FREQUENT, 12)
        search(url, RARE, 4)
        search(url, "Åsa Öberg", 6)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert FREQUENT not in err
    with serving(samsok) as (url, process):
        search(url, RARE, 4)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)

    assert RARE.encode() not in on_disk(samsok)
    assert "öberg".encode() not in on_disk(samsok).lower()
    told = samsok("insight", "--json").json
    assert told["searches"] == 26
    assert told["without_hits"] == 8
    assert told["not_told"] == 14
    assert told["queries"] == [{"q": FREQUENT, "searches": 12, "without_hits": 0}]
    shown = samsok("insight")
    assert shown.code == 0
    assert "12  samverkan" in shown.out
    assert "14 of the searches are not told" in shown.out


def test_a_server_that_may_not_write_answers_all_the_same_and_says_so_once(
    samsok: Samsok,
) -> None:
    counting_server(samsok)
    (samsok.directory / "var" / "insight").write_text("in the way")
    with serving(samsok, workers=2) as (url, process):
        search(url, FREQUENT, 6)
        page = httpx.get(f"{url}/integritet", trust_env=False).text
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert err.count("searches are answered but not counted") == 1
    assert "Traceback" not in err
    assert "Sökningar räknas inte." in page


def test_a_full_disk_fails_no_search(samsok: Samsok) -> None:
    counting_server(samsok)
    # What measures the reach of the tests would want to write a file at their end.
    with serving(Samsok(samsok.directory, plain=True), workers=2) as (url, process):
        workers = psutil.Process(process.pid).children(recursive=True)
        for worker in workers:
            # From now on no file of theirs may grow by a byte.
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        search(url, FREQUENT, 12)
        time.sleep(7)
        search(url, FREQUENT, 12)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "their counts cannot be written" in err
    assert FREQUENT not in err
    assert "Traceback" not in err
    assert samsok("insight", "--json").json["searches"] == 0


def test_a_server_that_does_not_count_deletes_what_is_too_old(samsok: Samsok) -> None:
    directory = samsok.directory / "var" / "insight"
    directory.mkdir(parents=True)
    today = dt.datetime.now(dt.UTC).date()
    for days in (0, 89, 90):
        (directory / f"{today - dt.timedelta(days=days)}.json").write_text("{}")
    (directory / f"{today - dt.timedelta(days=1)}.0123abcd.pending").write_text("{}")

    with serving(samsok):
        pass

    assert sorted(path.name for path in directory.iterdir()) == [
        f"{today - dt.timedelta(days=89)}.json",
        f"{today}.json",
    ]


def test_insight_says_how_to_begin(samsok: Samsok) -> None:
    told = samsok("insight", "--days", "7")

    assert told.code == 0
    assert "privacy: {query_insight: true}" in told.out
    assert "nothing was counted in the last 7 days" in told.out
    wrong = samsok("insight", "--days", "0")
    assert wrong.code == 2
    assert "'0' is not a number from 1" in wrong.err
