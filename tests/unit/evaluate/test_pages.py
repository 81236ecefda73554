from __future__ import annotations

import pytest

from indexer.evaluate.pages import names, page_name
from tests.support.documents import document


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("/a/", "/a/"),
        ("/h%C3%A4lsa", "/hälsa"),
        ("/ha\u0308lsa", "/hälsa"),
        ("/a/?b=1#c", "/a/?b=1"),
        ("https://WWW.example.org", "//www.example.org/"),
        ("http://127.0.0.1:80/a", "//127.0.0.1:80/a"),
        ("//www.example.org/a", "//www.example.org/a"),
        ("doc-001", "doc-001"),
        ("oai:example.org:7", "oai:example.org:7"),
    ],
)
def test_a_page_has_one_name_however_it_is_written(written: str, name: str) -> None:
    assert page_name(written) == name


def test_a_document_answers_to_its_id_its_url_and_its_path() -> None:
    page = document(1, url="https://www.example.org/h%C3%A4lsa/")

    assert names(page) == ("doc-001", "//www.example.org/hälsa/", "/hälsa/")


def test_a_document_without_a_proper_url_answers_to_its_id() -> None:
    assert names(document(1, url="https://[")) == ("doc-001",)
