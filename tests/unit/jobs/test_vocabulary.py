"""Proposals for the vocabulary, and how many of those of the demo site come back."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.demo.server import DemoSite, demo_config
from indexer.crawl import Crawler, ThreadReader
from indexer.jobs.vocabulary import Proposal, as_yaml, suggest
from indexer.model import Concept, Document, Kind, Person, Section, Vocabulary
from indexer.store import DocumentStore

NONE = Vocabulary()


def page(
    text: str = "", *, number: int = 1, kind: Kind = "page", **fields: tuple[str, ...]
) -> Document:
    return Document(
        id=f"{number}",
        url=f"https://www.example.org/{number}",
        title="Sida",
        kind=kind,
        sections=(Section(text=text),),
        persons=(Person(name="Signe Åkerö"),),
        **fields,  # type: ignore[arg-type]  # tuples of names only
    )


def names(found: list[Proposal], kind: str) -> list[str]:
    return [one.name for one in found if one.kind == kind]


def test_structure_weighs_more_than_mentions() -> None:
    found = suggest(
        [
            page("Vi träffade Lilla Byns kommun och Stora Torps kommun.", number=1),
            page("Stora Torps kommun var med.", number=2),
            page(number=3, kind="partner", partners=("Exempelstad",)),
            page(number=4, organisations=("Verkstads AB",)),
        ],
        NONE,
    )
    assert names(found, "partner") == ["Exempelstad", "Verkstads AB", "Stora Torps kommun"]
    assert found[0].evidence[0].place == "the page is about it"


@pytest.mark.parametrize(
    ("text", "short", "long_form"),
    [
        (
            "Om verksamhetsförlagd utbildning (VFU) i vården.",
            "VFU",
            "verksamhetsförlagd utbildning",
        ),
        ("vi kallar arbetsintegrerat lärande (AIL) för det", "AIL", "arbetsintegrerat lärande"),
        ("with work integrated learning (WIL)", "WIL", "work integrated learning"),
    ],
)
def test_a_short_form_is_found_with_what_it_stands_for(
    text: str, short: str, long_form: str
) -> None:
    (one,) = suggest([page(text)], NONE)
    assert (one.kind, one.name, one.aliases) == ("abbreviation", short, (long_form,))


@pytest.mark.parametrize("text", ["mötet i går (OBS) var bra", "se bilden (PDF)", "i Sverige (EU)"])
def test_what_only_stands_in_brackets_is_no_short_form(text: str) -> None:
    assert suggest([page(text)], NONE) == []


def test_what_the_vocabulary_knows_is_not_proposed() -> None:
    known = Vocabulary(
        partners=(Concept(name="Exempelstad", aliases=("City of Exempel",)),),
        areas=(Concept(name="Livslångt lärande"),),
        abbreviations={"AIL": ("arbetsintegrerat lärande",)},
    )
    pages = [
        page("arbetsintegrerat lärande (AIL)", number=1, partners=("EXEMPELSTAD",)),
        page(number=2, partners=("City of Exempel",), areas=("Livslångt Lärande",)),
        page(number=3, partners=("Exempelstads",)),
        page(number=4, organisations=("Signe Åkerö",)),
    ]
    assert suggest(pages, known) == []


def test_the_yaml_is_a_vocabulary(tmp_path: Path) -> None:
    found = suggest(
        [
            page("utbildning i vården (UV)", number=1, areas=('Vård "nära"',)),
            page(number=2, kind="partner", partners=("Exempelstad",)),
        ],
        NONE,
    )
    start = 'version: 1\nuser_agent: "x (a@example.org)"\nsources:\n'
    start += '  - {name: a, type: website, start: ["https://www.example.org/"]}\n'
    path = tmp_path / "crawl_config.yaml"
    path.write_text(start + "\n".join(as_yaml(found)), encoding="utf-8")
    vocabulary = config.load(path).vocabulary
    assert [one.name for one in vocabulary.partners] == ["Exempelstad"]
    assert [one.name for one in vocabulary.areas] == ['Vård "nära"']


def test_the_partners_of_the_demo_site_come_back_with_nothing_else(tmp_path: Path) -> None:
    with DemoSite() as site, DocumentStore.open(tmp_path / "crawl.db") as store:
        path = tmp_path / "crawl_config.yaml"
        path.write_text(demo_config(site.url, tmp_path / "var"), encoding="utf-8")
        loaded = config.load(path)
        without = dataclasses.replace(loaded, vocabulary=NONE)
        with ThreadReader() as reader:
            asyncio.run(Crawler(without, store, reader=reader).run())
        found = suggest(store.documents(), NONE)
    wanted = {partner.name for partner in loaded.vocabulary.partners}
    assert set(names(found, "partner")) == wanted
    areas = {area.name for area in loaded.vocabulary.areas}
    assert len(areas & set(names(found, "area")[:40])) >= 5
