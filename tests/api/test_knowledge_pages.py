"""The pages beside search: documents, people, partners, changes, and what Samsök is."""

from __future__ import annotations

import datetime as dt
import html
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import falcon.testing
import pytest

from indexer.engine import Change, Difference, FactChange
from indexer.engine.changes import CHANGES, write_changes
from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.api.knowledge import ARTICLE, BARE, KNOWLEDGE, PARTNER, PROJECT
from tests.api.test_pages import Page, show
from tests.support.documents import document

Client = falcon.testing.TestClient
NAME = urlencode({"partner": "Trollhättans Stad"})
PATHS = [
    (f"/dokument/{PARTNER.id}", ""),
    ("/partner", ""),
    ("/partner", NAME),
    ("/personer", ""),
    ("/personer", "q=samverkan"),
    ("/andringar", ""),
    ("/status", ""),
    ("/om", ""),
    ("/integritet", ""),
    ("/tillganglighet", ""),
]


@pytest.fixture
def changed(index: MemoryIndex, completing_bundle: Path, tmp_path: Path) -> None:
    """Publish the documents with a history: one changed, one new, one gone."""
    bundle = tmp_path / "bundle"
    shutil.copytree(completing_bundle, bundle)
    now = dt.datetime.now(dt.UTC)
    told = Difference(
        facts=(FactChange(fact="areas", removed=("Skola",), added=("Hälsa",)),),
        words_added=4,
        added=("Avtalet gäller i fem år.",),
    )
    events = (
        change(PARTNER.id, "changed", now, kind="partner", difference=told),
        change(PROJECT.id, "added", now - dt.timedelta(days=3), kind="project"),
        change("gone", "removed", now - dt.timedelta(days=9), reason="http_410"),
        change(ARTICLE.id, "changed", now - dt.timedelta(days=90), kind="publication"),
    )
    write_changes(bundle / CHANGES, events)
    publish_with(index, bundle)


def publish_with(index: MemoryIndex, bundle: Path) -> None:
    with index.writer(bundle=bundle) as writer:
        for item in KNOWLEDGE:
            writer.put(item)
    index.publish(index.generations()[-1].name)


def change(identity: str, event: str, at: dt.datetime, **values: object) -> Change:
    return Change(
        id=identity,
        event=event,  # type: ignore[arg-type]
        at=at,
        url=f"https://www.example.org/{identity}",
        title=f"Titel {identity}",
        **values,  # type: ignore[arg-type]
    )


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(("path", "query"), PATHS)
def test_every_page_is_there_in_both_languages_and_leads_to_the_other(
    client: Client, path: str, query: str
) -> None:
    swedish, english = show(client, path, query), show(client, f"/en{path}", query)

    assert '<html lang="sv">' in swedish
    assert '<html lang="en">' in english
    here = f"/en{path}?{query}" if query else f"/en{path}"
    assert here in Page(swedish).links
    assert here.removeprefix("/en") in Page(english).links


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(("path", "query"), PATHS)
def test_a_page_that_did_not_change_need_not_be_sent_again(
    client: Client, path: str, query: str
) -> None:
    first = client.simulate_get(path, query_string=query)
    again = client.simulate_get(
        path, query_string=query, headers={"If-None-Match": first.headers["etag"]}
    )

    assert (first.status_code, again.status_code, again.text) == (200, 304, "")


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(("path", "query"), [*PATHS, ("/", ""), ("/sok", "q=samverkan")])
def test_every_link_of_every_page_leads_somewhere(client: Client, path: str, query: str) -> None:
    for prefix in ("", "/en"):
        for link in Page(show(client, prefix + path, query)).links:
            if link.startswith(("/", "status")) and not link.startswith("//"):
                target = link if link.startswith("/") else f"{prefix}/{link}"
                # A browser leaves the fragment out.
                found = client.simulate_get(target.partition("#")[0])
                assert found.status_code == 200, (path, link)


@pytest.mark.usefixtures("changed")
def test_the_page_of_a_document_tells_its_facts_people_likeness_and_history(
    client: Client,
) -> None:
    text = html.unescape(show(client, f"/dokument/{PROJECT.id}"))

    for said in (
        "Samverkan i skolan & kommunen",
        "Exempelrådet",
        "1 januari 2024 – 31 december 2026",
        "Per-Olof Örn",
        "asa@example.org",
        "Om projektet",
        "Liknande sidor",
        "Ny",
    ):
        assert said in text
    assert PROJECT.url in Page(show(client, f"/dokument/{PROJECT.id}")).links


@pytest.mark.usefixtures("knowledge")
def test_identifiers_lead_to_their_registers(client: Client) -> None:
    links = Page(show(client, f"/dokument/{ARTICLE.id}")).links

    assert "https://doi.org/10.1234/ex_ample.1" in links
    assert not any(link.startswith("javascript:") for link in links)
    assert BARE.url not in Page(show(client, f"/dokument/{BARE.id}")).links


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    "path", ["/dokument/nope", "/dokument/" + quote("ö\x00", safe=""), "/partner?partner=Ingen"]
)
def test_what_is_not_there_is_a_page_that_says_so(client: Client, path: str) -> None:
    response = client.simulate_get(path, headers={"Accept": "text/html"})

    assert response.status_code == 404
    assert 'class="error"' in response.text


@pytest.mark.usefixtures("knowledge")
def test_what_is_not_there_is_never_unchanged(client: Client) -> None:
    response = client.simulate_get("/dokument/nope", headers={"If-None-Match": "*"})

    assert response.status_code == 404


@pytest.mark.usefixtures("knowledge")
def test_a_suppressed_document_is_on_no_page(index: MemoryIndex) -> None:
    index.suppress(frozenset({PROJECT.id}))
    client = falcon.testing.TestClient(create_app(index, Settings(data_dir="unused")))

    assert client.simulate_get(f"/dokument/{PROJECT.id}").status_code == 404
    for path, query in PATHS[1:]:
        assert html.escape(PROJECT.title) not in show(client, path, query)
        assert PROJECT.id not in show(client, path, query)
    assert PROJECT.id not in show(client, f"/dokument/{PARTNER.id}")


@pytest.mark.usefixtures("knowledge")
def test_people_come_with_the_pages_that_name_them(client: Client) -> None:
    response = client.simulate_get("/personer", query_string="q=samverkan")

    assert "Åsa Öberg" in response.text
    assert f"/dokument/{PARTNER.id}" in Page(response.text).links
    assert response.headers["x-robots-tag"] == "noindex"
    assert response.headers["cache-control"] == "private, no-cache"


@pytest.mark.usefixtures("knowledge")
def test_nobody_is_listed_before_anything_is_asked(client: Client) -> None:
    assert "Åsa Öberg" not in show(client, "/personer")


@pytest.mark.usefixtures("knowledge")
def test_the_matrix_counts_the_pages_of_a_partner_and_an_area(client: Client) -> None:
    text = show(client, "/partner")

    assert 'aria-label="Trollhättans Stad, Arbetsintegrerat lärande: 1"' in text
    assert 'aria-label="Regionen, Skola: 1"' in text


@pytest.mark.parametrize(("partners", "shown"), [(19, 19), (25, 20)])
def test_a_matrix_that_leaves_partners_out_says_so(
    client: Client, publish: Publish, partners: int, shown: int
) -> None:
    publish([document(number, partners=(f"Partner {number:02}",)) for number in range(partners)])

    text = show(client, "/partner")

    assert text.count('<th scope="row">') == shown
    assert ("Bara de som flest sidor" in text) == (shown < partners)


@pytest.mark.usefixtures("knowledge")
def test_the_page_of_a_partner_gathers_areas_people_projects_and_years(client: Client) -> None:
    text = html.unescape(show(client, "/partner", NAME))

    for said in ("Arbetsintegrerat lärande", "Åsa Öberg", PROJECT.title, "Nytt avtal", "2025"):
        assert said in text


@pytest.mark.usefixtures("changed")
def test_changes_are_told_day_by_day_with_what_is_other(client: Client) -> None:
    text = show(client, "/andringar")

    assert f"Titel {PARTNER.id}" in text
    assert "<del>Skola</del> → <ins>Hälsa</ins>" in text
    assert "<ins>Avtalet gäller i fem år.</ins>" in text
    assert "Titel gone" in text
    assert "/dokument/gone" not in text
    assert f"Titel {ARTICLE.id}" not in text
    assert f"Titel {ARTICLE.id}" in show(client, "/andringar", "dagar=365")
    assert "Titel gone" not in show(client, "/andringar", "dagar=7")


def test_one_change_is_not_many(
    client: Client, index: MemoryIndex, completing_bundle: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(completing_bundle, bundle)
    write_changes(bundle / CHANGES, [change(PROJECT.id, "added", dt.datetime.now(dt.UTC))])
    publish_with(index, bundle)

    assert "1 ändring ·" in show(client, "/andringar")
    assert "1 change ·" in show(client, "/en/andringar")


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize("query", ["dagar=x", "dagar=-1", "page=9999999", "dagar=400", "page=0"])
def test_what_cannot_be_understood_of_a_page_is_left_out(client: Client, query: str) -> None:
    assert show(client, "/andringar", query) == show(client, "/andringar")


@pytest.mark.usefixtures("changed")
def test_the_status_says_how_much_and_how_fresh(client: Client) -> None:
    text = html.unescape(show(client, "/status"))

    assert f"{len(KNOWLEDGE)} sidor" in text
    assert "tillkom 1 sida, ändrades 1 och försvann 1." in text
    assert "diva" in text


# --- the same as JSON ---------------------------------------------------------------------------

CHANGED = "/api/v1/changes"


@pytest.mark.usefixtures("changed")
def test_changes_come_as_json_the_newest_first(client: Client) -> None:
    body: Any = client.simulate_get(CHANGED, query_string="size=2").json

    assert [change["id"] for change in body["changes"]] == [PARTNER.id, PROJECT.id]
    assert body["meta"]["total"] == 4
    assert body["meta"]["pages"] == 2
    first = body["changes"][0]
    assert first["difference"]["facts"] == [
        {"fact": "areas", "removed": ["Skola"], "added": ["Hälsa"]}
    ]
    assert first["difference"]["added"] == ["Avtalet gäller i fem år."]
    following: Any = client.simulate_get(body["links"]["next"]).json
    assert [change["id"] for change in following["changes"]] == ["gone", ARTICLE.id]
    assert following["changes"][0]["reason"] == "http_410"
    assert following["links"]["next"] is None


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("event=removed", ["gone"]),
        ("event=added,removed", [PROJECT.id, "gone"]),
        ("kind=publication", [ARTICLE.id]),
        (f"id={PARTNER.id}", [PARTNER.id]),
        (f"since={(dt.datetime.now(dt.UTC) - dt.timedelta(days=5)).date()}", None),
        (f"until={(dt.datetime.now(dt.UTC) - dt.timedelta(days=30)).date()}", [ARTICLE.id]),
    ],
)
def test_changes_can_be_asked_for_by_time_event_and_filter(
    client: Client, query: str, expected: list[str] | None
) -> None:
    body: Any = client.simulate_get(CHANGED, query_string=query).json

    assert [it["id"] for it in body["changes"]] == (expected or [PARTNER.id, PROJECT.id])


@pytest.mark.usefixtures("changed")
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("since=igår", "since"),
        ("since=2026-02-01&until=2026-01-01", "until"),
        ("event=born", "event"),
        ("person=x", "person"),
        ("id=" + "x" * 65, "id"),
        ("size=101", "size"),
    ],
)
def test_a_wrong_parameter_is_named(client: Client, query: str, parameter: str) -> None:
    response = client.simulate_get(CHANGED, query_string=query)

    assert response.status_code == 400
    body: Any = response.json
    assert body["parameter"] == parameter
