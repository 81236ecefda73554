"""Proposals for the vocabulary, and how many of those of the demo site come back."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from typing import TYPE_CHECKING

import pytest

from indexer import config
from indexer.cli.demo.server import DemoSite, demo_config
from indexer.crawl import Crawler, ThreadReader
from indexer.jobs.vocabulary import Proposal, as_yaml, suggest, suggestions
from indexer.model import Concept, Document, Kind, Person, Section, Vocabulary
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from indexer.config import Config

NONE = Vocabulary()


def page(
    text: str = "",
    *,
    number: int = 1,
    kind: Kind = "page",
    title: str = "Sida",
    source: str = "webb",
    partners: tuple[str, ...] = (),
    organisations: tuple[str, ...] = (),
    areas: tuple[str, ...] = (),
    authors: tuple[str, ...] = (),
) -> Document:
    return Document(
        id=f"{number}",
        url=f"https://www.example.org/{number}",
        title=title,
        kind=kind,
        source=source,
        sections=(Section(text=text),),
        persons=(Person(name="Signe Åkerö"),),
        partners=partners,
        organisations=organisations,
        areas=areas,
        authors=authors,
    )


def proposed(
    pages: Collection[Document], vocabulary: Vocabulary = NONE, *, site_names: Collection[str] = ()
) -> list[Proposal]:
    return suggest(lambda: pages, vocabulary, site_names=site_names)


def names(found: Collection[Proposal], kind: str) -> list[str]:
    return [one.name for one in found if one.kind == kind]


def mentioned_twice(text: str) -> list[str]:
    return names(proposed([page(text, number=number) for number in (1, 2)]), "partner")


# --- partners -----------------------------------------------------------------------------------


def test_structure_weighs_more_than_mentions() -> None:
    found = proposed(
        [
            *(page("Vi träffade Stora Torps kommun.", number=number) for number in range(10, 20)),
            page("Lilla Byns kommun var med.", number=2),
            page(number=3, kind="partner", partners=("Exempelstad",)),
            page(number=4, organisations=("Verkstads AB",)),
            page(number=5, organisations=("Verkstads AB",)),
        ]
    )
    assert names(found, "partner") == ["Verkstads AB", "Stora Torps kommun", "Exempelstad"]
    assert found[-1].evidence[0].place == "the page is about it"
    assert found[1].pages == 10
    assert len(found[1].evidence) == 3


def test_of_two_names_on_as_many_pages_the_one_in_more_sources_comes_first() -> None:
    found = proposed(
        [
            page(number=1, organisations=("Ekbacka sjukhus",)),
            page(number=2, organisations=("Ekbacka sjukhus",)),
            page(number=3, organisations=("Norrtuna kommun",)),
            page(number=4, organisations=("Norrtuna kommun",), source="projekt"),
        ]
    )
    assert names(found, "partner") == ["Norrtuna kommun", "Ekbacka sjukhus"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I Norrtuna kommuns skolor och på andra håll.", "Norrtuna kommun"),
        ("Vi möter Kvarnsele Teknik AB. Ekbacka sjukhus deltar inte.", "Kvarnsele Teknik AB"),
        ("Avtalet med Region Sjövik gäller.", "Region Sjövik"),
        ("Högskolan i Lillbyn antar flest.", "Högskolan i Lillbyn"),
        ("Både Västra Sjöregionen och andra.", "Västra Sjöregionen"),
        ("Enligt Tallverket är det så.", "Tallverket"),
        ("Together with the City of Norrtuna.", "City of Norrtuna"),
    ],
)
def test_an_organisation_in_running_text_is_known_by_its_form(text: str, name: str) -> None:
    assert name in mentioned_twice(text)


@pytest.mark.parametrize(
    "text",
    [
        "I Kommunen bor många. Regionen växer. Länsstyrelsen beslutar.",
        "Regelverket är svårt. Nätverket träffas.",
        "Signe Åkerö och Vi Möts På Torget talar.",
        "En stad, en kommun och ett universitet.",
    ],
)
def test_what_only_has_a_capital_is_no_organisation(text: str) -> None:
    assert mentioned_twice(text) == []


def test_one_mention_is_chance() -> None:
    assert proposed([page("Vi träffade Stora Torps kommun i Stora Torps kommun.")]) == []


def test_names_of_one_body_are_one_proposal() -> None:
    found = proposed(
        [
            page(number=1, kind="partner", partners=("Norrtuna stad",)),
            page(number=2, kind="partner", title="Our partnership with the City of Norrtuna"),
            page(number=3, organisations=("Norrtuna stads", "Norrtuna kommun")),
            page("Norrtuna Energi AB och Region Norrtuna.", number=4),
            page("Norrtuna Energi AB och Region Norrtuna.", number=5),
        ]
    )
    town, *others = found
    assert town.name == "Norrtuna stad"
    assert set(town.aliases) == {"City of Norrtuna", "Norrtuna kommun"}
    assert town.pages == 3
    assert [one.name for one in others] == ["Norrtuna Energi AB", "Region Norrtuna"]


def test_a_region_may_be_named_before_or_behind() -> None:
    (one,) = proposed(
        [
            page(number=1, organisations=("Östra Sjölandsregionen",)),
            page(number=2, organisations=("Region Östra Sjöland",)),
        ]
    )
    assert {one.name, *one.aliases} == {"Östra Sjölandsregionen", "Region Östra Sjöland"}


def test_another_name_of_a_known_partner_is_an_alias_of_it() -> None:
    known = Vocabulary(partners=(Concept(name="Norrtuna stad"),))
    (one,) = proposed([page(number=1, kind="partner", title="City of Norrtuna")], known)
    assert (one.extends, one.aliases) == ("Norrtuna stad", ("City of Norrtuna",))
    assert one.plain()["extends"] == "Norrtuna stad"
    assert "\n".join(as_yaml([one])) == (
        '# more aliases of "Norrtuna stad": ["City of Norrtuna"]  # 1 page'
    )


@pytest.mark.parametrize("title", ["Hitta din kontakt hos oss", "Strategiska partner", "Avtal"])
def test_a_partner_page_whose_title_is_no_name_proposes_none(title: str) -> None:
    assert proposed([page(kind="partner", title=title)]) == []


@pytest.mark.parametrize(
    "name",
    [
        "kommuner i Fyrbodal",
        "Flera kommuner",
        "Regionen",
        "m.fl.",
        "Läs mer på https://www.example.org",
        "Kontakta info@example.org",
        "En lång mening som talar om allt som vi gör här. Och mer",
        "Signe Åkerö",
        "A\x1b[31mB kommun",
    ],
)
def test_what_stands_where_partners_stand_may_be_none(name: str) -> None:
    pages = [page(number=number, organisations=(name,)) for number in (1, 2)]
    assert proposed(pages) == []


def test_what_is_in_brackets_behind_a_partner_is_not_its_name() -> None:
    assert names(proposed([page(organisations=("Norrtuna kommun (koordinator)",))]), "partner") == [
        "Norrtuna kommun"
    ]


def test_authors_affiliations_count_without_department_and_publisher() -> None:
    said = ("Ekbacka sjukhus, Kirurgkliniken, Sverige", "Springer", "Åkerö, Signe", "IEEE Press")
    found = proposed(
        [page(number=number, kind="publication", organisations=said) for number in (1, 2)]
    )
    assert names(found, "partner") == ["Ekbacka sjukhus"]
    assert found[0].evidence[0].place == "an author is there"


def test_the_site_itself_is_nobodys_partner_and_neither_are_its_departments() -> None:
    pages = [
        page("Vid Sjöviks Högskola och Sjöviks Högskola Innovation AB.", number=number)
        for number in (1, 2)
    ]
    stated = page(number=3, organisations=("Sjöviks högskola",))
    assert proposed([*pages, stated], site_names=["Sjöviks högskola"]) == []


def test_a_partners_own_site_still_says_who_it_is_by_its_partner_page() -> None:
    found = proposed(
        [page(kind="partner", partners=("Norrtuna kommun",))], site_names=["Norrtuna kommun"]
    )
    assert names(found, "partner") == ["Norrtuna kommun"]


def test_a_name_in_the_text_of_every_page_is_the_sites_own() -> None:
    pages = [page("Sjöviks högskola utbildar.", number=number) for number in range(30)]
    assert proposed(pages) == []


# --- areas --------------------------------------------------------------------------------------


def test_an_area_on_one_page_alone_joins_nothing() -> None:
    pages = [page(number=1, areas=("Nära vård", "Ung fritid")), page("Om nära vård.", number=2)]
    (one,) = proposed(pages)
    assert (one.name, one.pages) == ("Nära vård", 2)
    assert [each.place for each in one.evidence] == ["listed as an area", "mentioned in the text"]


def test_longer_areas_join_what_they_begin_with() -> None:
    found = proposed(
        [
            page(number=1, areas=("Kompetensförsörjning i små kommuner",)),
            page(number=2, areas=("Kompetensförsörjning på landsbygden",)),
            page(number=3, areas=("Studentstad Trollhättan", "Breddad rekrytering")),
            page("En studentstad.", number=4, areas=("Breddad rekrytering till högre studier",)),
        ]
    )
    assert set(names(found, "area")) == {
        "Kompetensförsörjning",
        "Studentstad",
        "Breddad rekrytering",
    }


@pytest.mark.parametrize(
    "name",
    [
        "Läs mer om våra områden",
        "Forskning",
        "Vi arbetar med skolan",
        "Hur går det till?",
        "Utlysning 2024",
        "Ett mycket långt område som egentligen är en hel mening",
        "Norrtuna kommun",
        "Signe Åkerö",
    ],
)
def test_what_stands_in_a_list_of_areas_may_be_none(name: str) -> None:
    partner = page(number=3, kind="partner", partners=("Norrtuna kommun",))
    pages = [page(number=number, areas=(name,)) for number in (1, 2)]
    assert names(proposed([*pages, partner]), "area") == []


def test_an_abbreviation_of_an_area_is_another_name_of_it() -> None:
    found = proposed(
        [
            page("Om arbetsintegrerat lärande (AIL).", number=1),
            page(number=2, areas=("Arbetsintegrerat lärande",)),
        ]
    )
    area = next(one for one in found if one.kind == "area")
    assert area.aliases == ("AIL",)


def test_an_alias_is_proposed_for_one_name_only() -> None:
    found = proposed(
        [
            page("Arbetsintegrerat lärande (AIL), arbetslivsinriktat lärande (AIL)", number=1),
            page(number=2, areas=("Arbetsintegrerat lärande", "Arbetslivsinriktat lärande")),
        ]
    )
    aliases = [one.aliases for one in found if one.kind == "area"]
    assert sorted(aliases) == [(), ("AIL",)]


# --- abbreviations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "short", "long_form"),
    [
        (
            "Om verksamhetsförlagd utbildning (VFU) i vården.",
            "VFU",
            "verksamhetsförlagd utbildning",
        ),
        ("vi kallar arbetsintegrerat lärande (AIL) för det", "AIL", "arbetsintegrerat lärande"),
        ("with work-integrated learning (WIL)", "WIL", "work-integrated learning"),
        ("AIL (arbetsintegrerat lärande) är", "AIL", "arbetsintegrerat lärande"),
        (
            "enligt Inspektionen för vård och omsorg (IVO)",
            "IVO",
            "Inspektionen för vård och omsorg",
        ),
        ("den nya läroplanen (LP) gäller", "LP", "läroplanen"),
    ],
)
def test_a_short_form_is_found_with_what_it_stands_for(
    text: str, short: str, long_form: str
) -> None:
    (one,) = proposed([page(text)])
    assert (one.kind, one.name, one.aliases) == ("abbreviation", short, (long_form,))


@pytest.mark.parametrize(
    "text",
    [
        "mötet i går (OBS) var bra",
        "se bilden (PDF)",
        "i Sverige (EU)",
        "Signe Åkerö (SÅ) och Tore Furudal (TF)",
        "vi unga (VU) här",
        "och rådets förordning (EG)",
        "vård och utbildning i stad (VFU)",
        "a" * 60 + "-lärande " + "b" * 60 + "-utbildning (AB)",
    ],
)
def test_what_only_stands_in_brackets_is_no_short_form(text: str) -> None:
    assert proposed([page(text)]) == []


def test_a_short_form_is_counted_in_capitals_only() -> None:
    pages = [
        page("Näringsutskottet, eller näringspolitiska utskottet (NU).", number=1),
        page("Vi gör det nu.", number=2),
        page("Enligt NU är det så.", number=3),
    ]
    (one,) = proposed(pages)
    assert (one.name, one.pages) == ("NU", 2)


# --- what is known, and what comes out ----------------------------------------------------------


def test_what_the_vocabulary_knows_is_not_proposed() -> None:
    known = Vocabulary(
        partners=(Concept(name="Exempelstad", aliases=("City of Exempel", "NU-sjukvården")),),
        areas=(Concept(name="Livslångt lärande"), Concept(name="Hållbar utveckling")),
        abbreviations={"AIL": ("arbetsintegrerat lärande",)},
    )
    pages = [
        page("arbetsintegrerat lärande (AIL)", number=1, partners=("EXEMPELSTAD",)),
        page(number=2, partners=("City of Exempel",), areas=("Livslångt Lärande",)),
        page(number=3, partners=("Exempelstads", "NU-sjukvårdens"), areas=("livslanga larandet",)),
        page(number=4, areas=("Hållbara utvecklingen", "Hållbar utveckling i skolan")),
        page(number=5, areas=("Hållbara utvecklingen", "Arbetsintegrerat lärande")),
        page(number=6, partners=("Exempelstad Energi",), organisations=("Signe Åkerö",)),
    ]
    assert proposed(pages, known) == []


def test_the_yaml_is_a_vocabulary_whatever_the_pages_hold(tmp_path: Path) -> None:
    found = proposed(
        [
            page("nationell ordning (NO)", number=1, organisations=('Norrtuna "stora" kommun',)),
            page(number=2, kind="partner", partners=("Exempelstad",)),
            page(number=3, areas=("Vård: nära", "Vård # nära")),
            page(number=4, areas=("Vård # nära",), organisations=("Exempelstad: AB",)),
            page(number=5, organisations=("Exempelstad: AB", 'Norrtuna "stora" kommun')),
        ]
    )
    start = 'version: 1\nuser_agent: "x (a@example.org)"\nsources:\n'
    start += '  - {name: a, type: website, start: ["https://www.example.org/"]}\n'
    path = tmp_path / "crawl_config.yaml"
    path.write_text(start + "\n".join(as_yaml(found)), encoding="utf-8")
    vocabulary = config.load(path).vocabulary
    assert {one.name for one in vocabulary.partners} == {"Exempelstad", 'Norrtuna "stora" kommun'}
    assert [one.name for one in vocabulary.areas] == ["Vård # nära"]
    assert vocabulary.abbreviations == {"NO": ("nationell ordning",)}


@pytest.mark.parametrize(
    "text",
    [
        "A" * 500_000,
        "A.A" * 150_000,
        "A " * 250_000,
        "Ab " * 150_000,
        "a b (AB " * 60_000,
        "i " * 9 + "(IIIIII) " * 50_000,
        ("a" * 28 + " ") * 9 + "(AAAAAA) ",
        "Averket" * 70_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()
    proposed([page(text)])
    assert time.process_time() - began < 5


# --- the demo site ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Config, list[Proposal]]:
    """The demo's configuration, and what is proposed of its site where the vocabulary is empty."""
    directory = tmp_path_factory.mktemp("demo")
    with DemoSite() as site:
        path = directory / "crawl_config.yaml"
        path.write_text(demo_config(site.url, directory / "var"), encoding="utf-8")
        loaded = config.load(path)
        without = dataclasses.replace(loaded, vocabulary=NONE)
        with DocumentStore.open(loaded.data_dir / "crawl.db") as store, ThreadReader() as reader:
            asyncio.run(Crawler(without, store, reader=reader).run())
    return loaded, suggestions(without) or []


def test_the_partners_of_the_demo_site_come_back_with_nothing_else(
    demo: tuple[Config, list[Proposal]],
) -> None:
    loaded, found = demo
    assert set(names(found, "partner")) == {one.name for one in loaded.vocabulary.partners}
    town = next(one for one in found if one.name == "Trollhättans Stad")
    assert town.aliases == ("City of Trollhättan",)


def test_the_areas_of_the_demo_site_come_back_first(demo: tuple[Config, list[Proposal]]) -> None:
    loaded, found = demo
    areas = names(found, "area")
    wanted = {one.name for one in loaded.vocabulary.areas}
    assert wanted <= set(areas[:20])
    assert len(wanted & set(areas[:10])) >= 7
    # What else is proposed are areas that two pages have, and English names of these.
    assert len(areas) <= len(wanted) + 8


def test_with_its_vocabulary_the_demo_site_has_few_news(
    demo: tuple[Config, list[Proposal]],
) -> None:
    loaded, _ = demo
    found = suggestions(loaded) or []
    assert names(found, "partner") == []
    assert not {one.name for one in loaded.vocabulary.areas} & set(names(found, "area"))


def test_only_pages_of_the_sources_that_are_asked_for_count(
    demo: tuple[Config, list[Proposal]],
) -> None:
    loaded, _ = demo
    assert suggestions(loaded, ["annan"]) == []


def test_where_nothing_was_harvested_there_is_no_answer(
    demo: tuple[Config, list[Proposal]], tmp_path: Path
) -> None:
    loaded, _ = demo
    assert suggestions(dataclasses.replace(loaded, data_dir=tmp_path)) is None
    assert list(tmp_path.iterdir()) == []
