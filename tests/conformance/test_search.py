from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from indexer.engine import Query, SearchIndex, SearchResults
from indexer.engine.query import (
    AllOf,
    AnyOf,
    AtLeast,
    Everything,
    Fallback,
    Node,
    Phrase,
    Term,
    Without,
)
from indexer.model import Period, Person, Section
from tests.conformance.conftest import Publish
from tests.support.documents import document


def term(text: str, **fields: object) -> Term:
    return Term(**{"chain": "exact", "text": text} | fields)  # type: ignore[arg-type]  # one table of defaults


def ask(index: SearchIndex, tree: Node | None = None, **fields: object) -> SearchResults:
    query = Query(tree=tree or Everything(), **fields)  # type: ignore[arg-type]  # as the caller names them
    with index.searcher() as searcher:
        return searcher.search(query)


def ids(results: SearchResults) -> list[str]:
    return [hit.document.id for hit in results.hits]


def found(index: SearchIndex, tree: Node) -> set[str]:
    return set(ids(ask(index, tree)))


@pytest.fixture
def texts(publish: Publish) -> None:
    publish(
        [
            document(1, text="alfa beta gamma"),
            document(2, text="beta alfa"),
            document(3, text="gamma delta"),
            document(4, text="alfa delta alfa beta"),
        ]
    )


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (term("alfa"), {1, 2, 4}),
        (term("okänt"), set()),
        (AllOf((term("alfa"), term("gamma"))), {1}),
        (AllOf(()), {1, 2, 3, 4}),
        (AnyOf((term("gamma"), term("okänt"), term("delta"))), {1, 3, 4}),
        (AnyOf(()), set()),
        (AllOf((AnyOf((term("alfa"), term("gamma"))), term("delta"))), {3, 4}),
        (Without(wanted=term("alfa"), unwanted=term("gamma")), {2, 4}),
        (Without(wanted=Everything(), unwanted=AnyOf((term("alfa"), term("gamma")))), set()),
        (Phrase(chain="exact", terms=("alfa", "beta")), {1, 4}),
        (Phrase(chain="exact", terms=("alfa", "gamma")), set()),
        (Phrase(chain="exact", terms=("alfa", "beta", "gamma")), {1}),
        (Phrase(chain="exact", terms=("alfa", "okänt")), set()),
        (Phrase(chain="lemma", terms=("gamma", "delta")), {3}),
        (Phrase(chain="stem", terms=("bet", "gamm")), {1}),
        (AtLeast(count=2, terms=(term("alfa"), term("beta"), term("delta"))), {1, 2, 4}),
        (AtLeast(count=3, terms=(term("alfa"), term("beta"), term("delta"))), {4}),
        (AtLeast(count=1, terms=(term("okänt"),)), set()),
        (term("_alf", chain="gram"), {1, 2, 4}),
        (term("_alf", chain="gram", weight=0.0), {1, 2, 4}),
        (Everything(), {1, 2, 3, 4}),
    ],
)
def test_a_tree_matches_what_it_says(
    index: SearchIndex, tree: Node, expected: Iterable[int]
) -> None:
    assert found(index, tree) == {f"doc-{number:03d}" for number in expected}


def test_every_field_is_searched_in_every_chain(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, "unik"),
            document(2, sections=(Section(heading="unik", text="annat"),)),
            document(3, text="unik"),
            document(4, persons=(Person(name="Unik Unikson"),)),
            document(5, areas=("unik",)),
            document(6, text="annat"),
        ]
    )
    every = {f"doc-00{number}" for number in range(1, 6)}

    assert found(index, term("unik")) == every
    assert found(index, term("unik", chain="parts")) == every
    assert found(index, term("nik_", chain="gram")) == every


def test_a_word_of_the_title_outranks_one_of_the_text(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, "annat", text="avtal finns här"),
            document(2, "avtal", text="annat finns här"),
        ]
    )

    assert ids(ask(index, term("avtal"))) == ["doc-002", "doc-001"]


def test_no_phrase_goes_on_in_another_line_or_field(index: SearchIndex, publish: Publish) -> None:
    publish([document(1, "alfa kvart", text="tegel alfa\nepsilon zeta")])

    for terms in (("kvart", "tegel"), ("alfa", "epsilon")):
        for chain in ("exact", "lemma", "stem"):
            assert found(index, Phrase(chain=chain, terms=terms)) == set()
    assert found(index, Phrase(chain="exact", terms=("epsilon", "zeta"))) == {"doc-001"}


def test_stems_are_neighbours_across_stop_words_and_other_chains_are_not(
    index: SearchIndex, publish: Publish
) -> None:
    publish([document(1, text="alfa och kvart"), document(2, text="alfa kvart")])

    assert found(index, Phrase(chain="stem", terms=("alfa", "kvart"))) == {"doc-001", "doc-002"}
    assert found(index, Phrase(chain="lemma", terms=("alfa", "kvart"))) == {"doc-002"}
    assert found(index, Phrase(chain="exact", terms=("alfa", "och", "kvart"))) == {"doc-001"}


def test_a_phrase_counts_by_how_often_it_stands(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="alfa beta alfa annat beta annat"),
            document(2, text="alfa beta annat annat alfa beta"),
        ]
    )

    assert ids(ask(index, Phrase(chain="exact", terms=("alfa", "beta")))) == ["doc-002", "doc-001"]


def test_more_of_a_word_ranks_higher_than_less_of_it(index: SearchIndex, publish: Publish) -> None:
    publish([document(1, text="avtal om vård"), document(2, text="avtal avtal avtal")])

    assert ids(ask(index, term("avtal"))) == ["doc-002", "doc-001"]


def test_a_rare_word_outranks_a_common_one(index: SearchIndex, publish: Publish) -> None:
    common = [document(number, text="samverkan här") for number in range(1, 9)]
    publish([*common, document(9, text="sällsynt här"), document(10, text="annat här")])

    tree = AnyOf((term("samverkan"), term("sällsynt")))

    assert ids(ask(index, tree))[0] == "doc-009"


def test_weight_decides_between_equals(index: SearchIndex, publish: Publish) -> None:
    publish([document(1, text="alfa"), document(2, text="beta"), document(3, text="gamma")])

    heavy_beta = AnyOf((term("alfa"), term("beta", weight=3.0)))

    assert ids(ask(index, heavy_beta)) == ["doc-002", "doc-001"]


def test_what_an_earlier_tree_finds_comes_first_whatever_the_scores(
    index: SearchIndex, publish: Publish
) -> None:
    publish(
        [
            document(1, text="beta beta beta beta"),
            document(2, text="beta alfa annat annat annat annat"),
            document(3, text="alfa"),
            document(4, text="beta beta alfa"),
            document(5, text="gamma"),
        ]
    )
    both = AllOf((term("alfa"), term("beta")))
    either = Fallback(tree=term("beta"), below=3)
    never = Fallback(tree=term("gamma"), below=3)

    results = ask(index, both, fallbacks=(either, never), facets=("kind",))

    assert ids(results) == ["doc-004", "doc-002", "doc-001"]
    assert (results.total, results.stages) == (3, (2, 1))
    assert results.facets["kind"][0].count == 3


def test_a_fallback_is_asked_for_what_passes_the_filters(
    index: SearchIndex, publish: Publish
) -> None:
    publish(
        [
            document(1, text="alfa", kind="news"),
            document(2, text="beta", kind="project"),
            document(3, text="beta", kind="news"),
        ]
    )
    fallback = (Fallback(tree=term("beta"), below=1),)

    assert ids(ask(index, term("alfa"), fallbacks=fallback)) == ["doc-001"]
    filtered = ask(
        index,
        term("alfa"),
        fallbacks=fallback,
        filters={"kind": ("project",)},
        facets=("kind",),
    )
    assert ids(filtered) == ["doc-002"]
    assert filtered.stages == (0, 1)
    assert {value.value: value.count for value in filtered.facets["kind"]} == {
        "news": 2,
        "project": 1,
    }


def test_a_boost_ranks_and_finds_nothing(index: SearchIndex, publish: Publish) -> None:
    publish(
        [document(1, text="alfa beta"), document(2, text="alfa gamma"), document(3, text="gamma")]
    )

    results = ask(index, term("alfa"), boosts=(term("gamma"),))

    assert ids(results) == ["doc-002", "doc-001"]
    assert results.total == 2


def test_a_pair_ranks_those_where_its_words_are_neighbours(
    index: SearchIndex, publish: Publish
) -> None:
    publish(
        [document(1, text="alfa x kvart"), document(2, text="alfa kvart x"), document(3, text="x")]
    )
    tree = AllOf((term("alfa"), term("kvart")))

    assert ids(ask(index, tree)) == ["doc-001", "doc-002"]
    pair = Phrase(chain="stem", terms=("alfa", "kvart"), weight=0.25)
    assert ids(ask(index, tree, pairs=(pair,))) == ["doc-002", "doc-001"]


def test_a_page_about_a_thing_a_fresh_one_and_the_first_of_copies_are_preferred(
    index: SearchIndex, publish: Publish
) -> None:
    new, old = dt.date(2026, 1, 1), dt.date(2001, 1, 1)
    publish(
        [
            document(1, text="alfa", kind="news"),
            document(2, text="alfa", kind="partner"),
            document(3, text="beta", modified=old),
            document(4, text="beta", modified=new),
            document(5, "Lika", text="gamma", content_hash="x", modified=old),
            document(6, "Lika", text="gamma", content_hash="x", modified=new),
            document(7, "Nästan", text="gamma gamma", content_hash="y", modified=old),
        ]
    )

    assert ids(ask(index, term("alfa"))) == ["doc-002", "doc-001"]
    assert ids(ask(index, term("beta"))) == ["doc-004", "doc-003"]
    assert ids(ask(index, term("gamma")))[-1] == "doc-005"


def test_ties_are_in_order_of_id_so_that_pages_never_overlap(
    index: SearchIndex, publish: Publish
) -> None:
    publish([document(number, text="lika") for number in (5, 3, 1, 4, 2)])

    pages = [ids(ask(index, term("lika"), offset=offset, limit=2)) for offset in (0, 2, 4, 6)]

    assert pages == [["doc-001", "doc-002"], ["doc-003", "doc-004"], ["doc-005"], []]
    assert ask(index, term("lika"), limit=0).total == 5


def test_a_hit_carries_the_whole_document(index: SearchIndex, publish: Publish) -> None:
    original = document(
        1,
        "Högskolan",
        persons=(Person(name="Åsa Öberg", role="handläggare", email="asa@example.org"),),
        sections=(Section(heading="Syfte", anchor="syfte", text="Rad ett\nRad två"),),
        identifiers={"doi": "10.1000/182"},
        period=Period(start=dt.date(2024, 1, 1)),
        published=dt.date(2024, 2, 29),
        harvested=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
    )
    publish([original])

    assert ask(index).hits[0].document == original
    with index.searcher() as searcher:
        assert searcher.get("doc-001") == original
        assert searcher.get("doc-404") is None


@pytest.fixture
def mixed(publish: Publish) -> None:
    publish(
        [
            document(1, "Ärlig", kind="news", partners=("Staden",), modified=dt.date(2024, 5, 1)),
            document(2, "Åker", kind="news", partners=("Staden", "Regionen")),
            document(3, "zebra", kind="partner", partners=("Regionen",), language="en"),
            document(
                4,
                "Öppen",
                kind="project",
                partners=("Staden",),
                period=Period(start=dt.date(2021, 3, 1), end=dt.date(2023, 2, 1)),
                modified=dt.date(2026, 1, 1),
            ),
            document(
                5,
                "Bok",
                kind="publication",
                published=dt.date(2022, 1, 1),
                modified=dt.date(2026, 1, 1),
                authors=("Eva Ek", "Högskolan Väst"),
                organisations=("Högskolan Väst",),
            ),
            document(6, "Pågår", kind="project", period=Period(start=dt.date(2024, 1, 1))),
        ]
    )


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": ("news",)}, {1, 2}),
        ({"kind": ("news", "partner")}, {1, 2, 3}),
        ({"kind": ("news",), "partner": ("Regionen",)}, {2}),
        ({"partner": ("Staden", "okänd")}, {1, 2, 4}),
        ({"partner": ("okänd",)}, set()),
        ({"language": ("en",)}, {3}),
        ({"person": ("Eva Ek",)}, {5}),
        ({"person": ("Högskolan Väst",)}, set()),
        ({"source": ("exempel",)}, {1, 2, 3, 4, 5, 6}),
        ({"year": ("2022",)}, {4, 5}),
        ({"year": ("2024",)}, {1, 6}),
        ({"year": ("2026",)}, set()),
    ],
)
def test_filters_are_or_within_a_name_and_and_across(
    index: SearchIndex, filters: dict[str, tuple[str, ...]], expected: Iterable[int]
) -> None:
    results = ask(index, filters=filters)

    assert set(ids(results)) == {f"doc-00{number}" for number in expected}
    assert results.total == len(results.hits)


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2022-06-01", None, {1, 4, 6}),
        (None, "2022-12-31", {4, 5}),
        ("2023-02-01", "2023-02-01", {4}),
        ("2023-02-02", "2023-12-31", set()),
        ("2030-01-01", "2030-12-31", {6}),
    ],
)
def test_dates_keep_what_overlaps(
    index: SearchIndex, start: str | None, end: str | None, expected: Iterable[int]
) -> None:
    results = ask(
        index,
        start=dt.date.fromisoformat(start) if start else None,
        end=dt.date.fromisoformat(end) if end else None,
    )

    assert set(ids(results)) == {f"doc-00{number}" for number in expected}


@pytest.mark.usefixtures("mixed")
@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", [1, 6, 5, 4, 2, 3]),
        ("oldest", [4, 5, 6, 1, 2, 3]),
        ("title", [5, 6, 3, 2, 1, 4]),
    ],
)
def test_sorting_is_by_day_or_swedish_title_and_what_has_no_day_comes_last(
    index: SearchIndex, sort: str, expected: list[int]
) -> None:
    assert ids(ask(index, sort=sort)) == [f"doc-00{number}" for number in expected]


@pytest.mark.usefixtures("mixed")
def test_a_facet_is_counted_without_its_own_filter_but_with_the_others(index: SearchIndex) -> None:
    results = ask(
        index,
        filters={"kind": ("news",), "partner": ("Staden",)},
        facets=("kind", "partner", "year"),
    )
    facets = {
        name: [(value.value, value.count) for value in values]
        for name, values in results.facets.items()
    }

    assert results.total == 2
    assert facets["kind"] == [("news", 2), ("project", 1)]
    assert facets["partner"] == [("Staden", 2), ("Regionen", 1)]
    assert facets["year"] == [("2024", 1)]


def test_a_facet_lists_its_twenty_most_frequent_values_and_the_selected_ones(
    index: SearchIndex, publish: Publish
) -> None:
    often = [document(number, partners=("Ofta",)) for number in range(100, 102)]
    rare = [document(number, partners=(f"P{number:02d}",)) for number in range(30)]
    publish([*often, *rare])

    values = ask(index, facets=("partner",)).facets["partner"]
    assert [value.value for value in values] == ["Ofta", *(f"P{n:02d}" for n in range(19))]

    selected = ask(
        index, facets=("partner",), filters={"partner": ("P29", "okänd")}, limit=1
    ).facets["partner"]
    assert [(value.value, value.count) for value in selected[20:]] == [("P29", 1), ("okänd", 0)]


@pytest.mark.usefixtures("texts")
def test_a_window_that_reaches_too_deep_is_refused() -> None:
    with pytest.raises(ValueError, match="10000"):
        Query(offset=9_995, limit=10)


def test_an_empty_index_answers(index: SearchIndex, publish: Publish) -> None:
    publish([])

    results = ask(index, AnyOf((term("alfa"), Everything())), facets=("kind", "year"))

    assert results.total == 0
    assert results.facets == {"kind": (), "year": ()}
