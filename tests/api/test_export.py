"""References and tables, read by the programs that others read them with."""

from __future__ import annotations

import csv
import io
from typing import Any

import falcon.testing
import orjson
import pytest
import rispy
from pybtex.database import BibliographyData, parse_string

from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.export import FORMATS
from search_api.serialize import FORMATS as LINKED
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.api.knowledge import ARTICLE, KNOWLEDGE, NEWS, PARTNER, REPORT
from tests.support.documents import document

Client = falcon.testing.TestClient
EXPORT = "/api/v1/export"


def export(client: Client, query: str) -> falcon.testing.Result:
    response = client.simulate_get(EXPORT, query_string=query)
    assert response.status_code == 200, response.text
    return response


def ris(client: Client, query: str) -> list[dict[str, Any]]:
    return rispy.loads(export(client, f"format=ris&{query}").text)


def bibtex(client: Client, query: str) -> BibliographyData:
    return parse_string(export(client, f"format=bibtex&{query}").text, "bibtex")


def table(client: Client, query: str) -> list[dict[str, str]]:
    text = export(client, f"format=csv&{query}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.usefixtures("knowledge")
def test_an_export_holds_what_the_search_finds_in_its_order(client: Client) -> None:
    for query in ("", "q=samverkan", "q=samverkan&kind=news&kind=partner", "sort=title"):
        search: Any = client.simulate_get("/api/v1/search", query_string=query).json
        wanted = [result["id"] for result in search["results"]]

        lines = export(client, f"format=jsonl&{query}").content.splitlines()
        assert [orjson.loads(line)["id"] for line in lines] == wanted
        assert [row["id"] for row in table(client, query)] == wanted
        assert [entry["id"] for entry in ris(client, query)] == wanted
        assert [item["id"] for item in export(client, f"format=csl-json&{query}").json] == wanted
        assert len(bibtex(client, query).entries) == len(wanted)


@pytest.mark.usefixtures("knowledge")
def test_the_search_links_to_its_exports(index: MemoryIndex) -> None:
    client = Client(create_app(index, Settings(data_dir="x", root_path="/under")))
    query = "q=samverkan&kind=news&page=1&size=1&facets=kind"
    links: Any = client.simulate_get("/api/v1/search", query_string=query).json["links"]
    document_links: Any = client.simulate_get(f"/api/v1/documents/{NEWS.id}").json["links"]

    assert tuple(FORMATS) == LINKED == tuple(links["export"])
    assert links["export"]["ris"] == "/under/api/v1/export?format=ris&q=samverkan&kind=news"
    for name in FORMATS:
        for link in (links["export"][name], document_links["export"][name]):
            path, _, asked = link.partition("?")
            response = client.simulate_get(path, query_string=asked)
            assert response.headers["content-type"] == FORMATS[name].media_type
            assert response.headers["x-total-count"] == "1"


def test_what_is_beyond_the_limit_is_counted(client: Client, publish: Publish) -> None:
    publish([document(number, text="samverkan") for number in range(1050)])

    assert len(table(client, "q=samverkan")) == 1000
    assert len(table(client, "q=samverkan&limit=7&size=2&page=3")) == 7
    for limit in ("", "&limit=1"):
        response = export(client, f"format=ris&q=samverkan{limit}")
        assert response.headers["x-total-count"] == "1050"
    assert client.simulate_get(EXPORT, query_string="format=ris&limit=1001").status_code == 400


@pytest.mark.usefixtures("knowledge")
def test_documents_can_be_chosen_one_by_one(client: Client) -> None:
    chosen = f"id={REPORT.id}&id={PARTNER.id}&id={REPORT.id}"

    assert [row["id"] for row in table(client, chosen)] == [REPORT.id, PARTNER.id]
    assert [row["id"] for row in table(client, f"{chosen}&limit=1")] == [REPORT.id]


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    ("query", "status", "code", "parameter"),
    [
        ("format=ris&id=gone", 404, "document_missing", "id"),
        (f"format=ris&id={REPORT.id}&id=gone", 404, "document_missing", "id"),
        (f"format=ris&id={REPORT.id}&q=samverkan", 400, "bad_parameter", "id"),
        (f"format=ris&id={REPORT.id}&kind=news", 400, "bad_parameter", "id"),
        ("format=ris&" + "&".join(f"id={n}" for n in range(501)), 400, "bad_parameter", "id"),
        ("format=ris&id=a%00", 400, "bad_parameter", "id"),
        ("q=samverkan", 400, "bad_parameter", "format"),
        ("format=docx", 400, "bad_parameter", "format"),
        ("format=RIS", 400, "bad_parameter", "format"),
        ("format=ris&format=csv", 400, "bad_parameter", "format"),
    ],
    ids=lambda value: str(value)[-28:],
)
def test_what_cannot_be_exported_is_refused(
    client: Client, query: str, status: int, code: str, parameter: str
) -> None:
    for held in ({}, {"If-None-Match": "*"}):
        response = client.simulate_get(EXPORT, query_string=query, headers=held)

        assert response.status_code == status
        assert (response.json["code"], response.json["parameter"]) == (code, parameter)
        assert "content-disposition" not in response.headers


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("format=ris", "samsok.ris"),
        ("format=bibtex&q=H%C3%A5llbar+samverkan!", "samsok-hallbar-samverkan.bib"),
        ("format=csv&q=%22%3B+x%3D..%2F..%2Fetc", "samsok-x-etc.csv"),
        ("format=jsonl&q=%E4%B8%AD%E6%96%87", "samsok.jsonl"),
        ("format=csl-json&q=" + "ab+" * 66, f"samsok-{'ab-' * 20}"[:-1] + ".json"),
        (f"format=ris&id={REPORT.id}", "samsok-report-on-partnerships.ris"),
        (f"format=ris&id={REPORT.id}&id={NEWS.id}", "samsok.ris"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_the_name_of_the_file_is_plain(client: Client, query: str, name: str) -> None:
    headers = export(client, query).headers

    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    ("name", "nothing"),
    [("ris", ""), ("bibtex", ""), ("csl-json", "[]"), ("jsonl", "")],
)
def test_nothing_found_is_an_empty_file(client: Client, name: str, nothing: str) -> None:
    assert export(client, f"format={name}&q=zzzzqqqq&kind=news").text == nothing


@pytest.mark.usefixtures("knowledge")
def test_nothing_found_is_a_table_without_rows(client: Client) -> None:
    assert export(client, "format=csv&q=zzzzqqqq").text.startswith("\ufeffid,title,kind,")
    assert table(client, "q=zzzzqqqq") == []


@pytest.mark.usefixtures("knowledge")
def test_no_address_of_a_person_is_in_an_export(client: Client) -> None:
    for name in FORMATS:
        text = export(client, f"format={name}").text
        assert "asa@example.org" not in text
        assert "+46 520" not in text


@pytest.mark.usefixtures("knowledge")
def test_a_table_has_a_row_for_each_document(client: Client) -> None:
    rows = {row["id"]: row for row in table(client, "")}

    assert set(rows) == {known.id for known in KNOWLEDGE}
    assert rows[ARTICLE.id] == {
        "id": ARTICLE.id,
        "title": "Lärande i arbetet: samverkan i hemtjänsten",
        "kind": "publication",
        "type": "Artikel i tidskrift",
        "authors": "Åsa Öberg; Anna von Exempel",
        "partners": "",
        "areas": "",
        "persons": "Åsa Öberg",
        "organisations": "Högskolan Exempel; Exempelförlaget",
        "funder": "",
        "published": "2024-01-01",
        "modified": "",
        "period_start": "",
        "period_end": "",
        "language": "sv",
        "doi": "10.1234/ex_ample.1",
        "url": ARTICLE.url,
        "source": "diva",
        "harvested": "2026-01-31",
        "summary": "Vi studerar samverkan i hemtjänsten.",
    }


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+46 70", "'+46 70"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r=1+1", "'=1+1"),
        ("\n\x0b =1+1", "'=1+1"),
        ("\u202e=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("a=1", "a=1"),
        ('Sagt: "ja", eller\r\nnej; =1', 'Sagt: "ja", eller nej; =1'),
    ],
)
def test_no_cell_is_a_formula(client: Client, publish: Publish, title: str, cell: str) -> None:
    publish([document(1, title, "samverkan", summary=title, funder=title, authors=(title, "b"))])

    (row,) = table(client, "q=samverkan")

    assert (row["title"], row["summary"], row["funder"]) == (cell, cell, cell)
    assert row["authors"] == f"{cell}; b"


def test_rows_end_as_the_standard_says(client: Client, publish: Publish) -> None:
    publish([document(1, 'Ett "citat", ett komma', "samverkan")])

    content = export(client, "format=csv").content

    assert content.count(b"\r\n") == content.count(b"\n") == 2
    assert b'"Ett ""citat"", ett komma"' in content
