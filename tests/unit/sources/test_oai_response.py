"""Answers of repositories to values: sound ones, and everything that is none."""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from indexer.sources.oai_response import (
    BadItem,
    Identity,
    ItemList,
    NotOai,
    RepositoryError,
    read_formats,
    read_identity,
    read_list,
)
from tests.support.oai_responses import (
    deleted,
    error,
    formats,
    identify,
    record,
    records,
    response,
)


def listed(text: str) -> ItemList:
    return read_list(text.encode())


# --- Identify -------------------------------------------------------------------------------------


def test_a_repository_says_how_exactly_it_dates_and_whether_it_remembers_what_is_gone() -> None:
    assert read_identity(identify().encode()) == Identity(
        granularity="second",
        deletions="persistent",
        earliest=dt.datetime(2001, 2, 3, tzinfo=dt.UTC),
        response_date=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (identify(version="1.1"), "version '1.1'"),
        (identify(version=""), "version ''"),
        (identify(granularity="YYYY"), "granularity 'YYYY'"),
        (identify(deleted="maybe"), "deletedRecord 'maybe'"),
        (identify(earliest="2001-02-30"), "earliestDatestamp '2001-02-30'"),
        (identify(earliest="förr"), "earliestDatestamp"),
        (records(record(1)), "no Identify element but 'ListRecords'"),
        (response(""), "no Identify element and nothing else"),
    ],
)
def test_a_broken_identify_is_an_error(text: str, said: str) -> None:
    with pytest.raises(NotOai, match=said):
        read_identity(text.encode())


# --- lists ----------------------------------------------------------------------------------------


def test_a_list_has_its_records_and_the_token_of_the_next() -> None:
    found = listed(
        records(
            record(1),
            deleted(2),
            resume=" a/b=c&amp;d ",
            attributes='completeListSize="431" cursor="0" expirationDate="2026-01-03T00:00:00Z"',
        )
    )

    assert [item.identifier for item in found.items] == ["oai:example.org:1", "oai:example.org:2"]
    assert found.items[0].datestamp == dt.datetime(2025, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    assert found.items[1].datestamp == dt.datetime(2025, 5, 6, tzinfo=dt.UTC)
    assert found.items[0].xml is not None
    assert found.items[1].xml is None
    assert found.bad == ()
    assert [found.token] == ["a/b=c&d"]
    assert found.complete_list_size == 431
    assert found.response_date == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert found.mended == ""


@pytest.mark.parametrize("resume", [None, "", "  \n "])
def test_no_token_or_an_empty_one_ends_the_list(resume: str | None) -> None:
    assert listed(records(record(1), resume=resume)).token is None


def test_a_size_that_is_no_number_is_unknown() -> None:
    for size in ("", "många", "-1", "²", "9" * 40):
        found = listed(records(record(1), resume="t", attributes=f'completeListSize="{size}"'))
        assert found.complete_list_size is None


def test_a_record_is_a_document_of_its_own_with_its_namespaces() -> None:
    (item,) = listed(records(record(1, title="Bröd &amp; rosor"))).items

    assert item.xml is not None
    root = etree.fromstring(item.xml)
    assert root.tag == "{http://www.openarchives.org/OAI/2.0/}record"
    assert root.findtext(".//{http://purl.org/dc/elements/1.1/}title") == "Bröd & rosor"
    assert item.xml == listed(records(record(0), record(1, title="Bröd &amp; rosor"))).items[1].xml


@pytest.mark.parametrize(
    ("bad", "identifier", "problem"),
    [
        ("<record/>", "", "no header"),
        ("<record><metadata><a/></metadata></record>", "", "no header"),
        ("<record><header/><metadata><a/></metadata></record>", "", "no identifier"),
        ('<record><header status="deleted"><!-- utan --></header></record>', "", "no identifier"),
        (
            "<record><header><identifier>oai:x y</identifier></header></record>",
            "",
            "identifier 'oai:x y'",
        ),
        (
            f"<record><header><identifier>{'x' * 2000}</identifier></header></record>",
            "",
            "identifier",
        ),
        (
            "<record><header><identifier>oai:x</identifier></header></record>",
            "oai:x",
            "no metadata",
        ),
        (
            (
                "<record><header><identifier>oai:x</identifier></header><metadata> </metadata>"
                "</record>"
            ),
            "oai:x",
            "no metadata",
        ),
        pytest.param(
            (
                "<record><header><identifier>oai:x</identifier></header>"
                f"<metadata><a>{'x' * 2_100_000}</a></metadata></record>"
            ),
            "oai:x",
            "more than 2 MB",
            id="large",
        ),
        ('<record xmlns="urn:annat"/>', "", "stands where a record should"),
    ],
)
def test_a_bad_record_is_named_and_the_others_come_through(
    bad: str, identifier: str, problem: str
) -> None:
    found = listed(records(record(1), bad, record(2)))

    assert [item.identifier for item in found.items] == ["oai:example.org:1", "oai:example.org:2"]
    (named,) = found.bad
    assert isinstance(named, BadItem)
    assert named.identifier == identifier
    assert problem in named.problem


def test_a_list_of_nothing_but_bad_records_is_no_list() -> None:
    with pytest.raises(NotOai, match="more than 1000 of its records"):
        listed(records(*["<record/>"] * 1_100))


def test_a_record_without_a_date_is_a_record() -> None:
    text = record(1).replace("2025-05-06T07:08:09Z", "i maj")

    assert listed(records(text)).items[0].datestamp is None


@pytest.mark.parametrize("moment", ["2025-05-06T07:08:09.123Z", "2025-05-06 07:08:09+00:00"])
def test_dates_that_are_nearly_right_are_read(moment: str) -> None:
    text = record(1).replace("2025-05-06T07:08:09Z", moment)

    found = listed(records(text)).items[0].datestamp
    assert found == dt.datetime(2025, 5, 6, 7, 8, 9, tzinfo=dt.UTC)


def test_a_control_character_costs_no_record_and_is_said() -> None:
    found = listed(records(record(1, title="Klister\x0b"), record(2)))

    assert len(found.items) == 2
    assert "mended" in found.mended


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("broken xml", "not well-formed"),
        (records(record(1), record(2))[:-300], "not well-formed"),
        ("<!doctype html><title>Underhåll</title><p>Vi är strax tillbaka.", "HTML page"),
        ("<html><body/></html>", "HTML page"),
        ("<rss/>", "root element is 'rss'"),
        (
            records(record(1)).replace("OAI/2.0/", "OAI/1.1/"),
            "root element is '{http://www.openarchives.org/OAI/1.1/}OAI-PMH'",
        ),
        (records(record(1)).replace(' xmlns="http://www.openarchives.org/OAI/2.0/"', ""), "root"),
        (records(), "no record"),
        (records(resume="x"), "no record"),
        (response(""), "no ListRecords element and nothing else"),
        (response("<ListIdentifiers/>"), "no ListRecords element but 'ListIdentifiers'"),
        (identify(), "no ListRecords element but 'Identify'"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + records(record(1)).partition("\n")[2], "definition"),
    ],
)
def test_what_is_no_list_is_an_error_and_never_an_empty_list(text: str, said: str) -> None:
    with pytest.raises(NotOai) as problem:
        listed(text)
    assert said in str(problem.value)


def test_an_error_of_the_protocol_has_its_code_and_its_words() -> None:
    with pytest.raises(RepositoryError) as refused:
        listed(error("badArgument", " from is\n later than until "))
    assert refused.value.code == "badArgument"
    assert str(refused.value) == "badArgument: from is later than until"


def test_of_several_errors_the_one_that_explains_counts() -> None:
    both = response('<error code="noRecordsMatch"/><error code="badArgument"/>')

    with pytest.raises(RepositoryError, match="badArgument"):
        listed(both)


def test_the_formats_are_their_prefixes() -> None:
    assert read_formats(formats("oai_dc", "", "mods").encode()) == ("oai_dc", "mods")


@given(st.integers(min_value=0, max_value=400))
def test_a_list_that_was_cut_is_an_error_wherever_it_was_cut(length: int) -> None:
    whole = records(record(1), record(2), resume="t").encode()

    with pytest.raises(NotOai):
        read_list(whole[: -1 - length])


@given(st.binary(max_size=200))
def test_no_bytes_are_a_list_by_chance(body: bytes) -> None:
    with pytest.raises(NotOai):
        read_list(body)


# --- responses of real repositories ---------------------------------------------------------------

DATA = os.environ.get("SAMSOK_DATA")


def outcome_of(path: Path) -> str:
    try:
        found = read_list(path.read_bytes())
    except (NotOai, RepositoryError) as problem:
        return type(problem).__name__ if str(problem) else "no words"
    return "list" if found.items else "empty"


def _real(name: str) -> bytes:
    assert DATA is not None
    return next(Path(DATA).rglob(name)).read_bytes()


@pytest.mark.skipif(DATA is None, reason="set SAMSOK_DATA to a folder with the responses of Sickle")
class TestRealResponses:
    """The responses that the tests of Sickle hold, good and broken."""

    def test_every_one_is_a_list_an_answer_or_an_error(self) -> None:
        assert DATA is not None
        counted = Counter(outcome_of(path) for path in Path(DATA).rglob("*.xml"))

        assert counted == {"list": 4, "NotOai": 8, "RepositoryError": 7}

    @pytest.mark.parametrize("number", ["", "2", "3"])
    def test_the_lists_go_on(self, number: str) -> None:
        found = read_list(_real(f"ListRecords{number}.xml"))

        assert [item.xml is None for item in found.items] == [True, False]
        assert found.bad == ()
        assert found.token is not None
        assert found.complete_list_size == 8

    def test_the_record_without_identifier_is_named_and_the_other_is_there(self) -> None:
        found = read_list(_real("ListRecords4.xml"))

        assert (len(found.items), len(found.bad), found.token) == (1, 1, None)

    def test_the_broken_list_is_an_error(self) -> None:
        with pytest.raises(NotOai, match="well-formed"):
            read_list(_real("ListRecordsBroken.xml"))

    def test_the_repository_describes_itself(self) -> None:
        found = read_identity(_real("Identify.xml"))

        assert (found.granularity, found.deletions) == ("day", "persistent")

    def test_the_formats_are_known(self) -> None:
        assert "swepub_mods" in read_formats(_real("ListMetadataFormats.xml"))

    @pytest.mark.parametrize(
        "code",
        [
            "badArgument",
            "badResumptionToken",
            "cannotDisseminateFormat",
            "idDoesNotExist",
            "noRecordsMatch",
            "noSetHierarchy",
            "undefinedError",
        ],
    )
    def test_errors_are_errors(self, code: str) -> None:
        with pytest.raises(RepositoryError) as refused:
            read_list(_real(f"{code}.xml"))
        assert refused.value.code == code
