"""Harvesting a repository over real sockets: a polite one, broken ones and hostile ones."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from indexer.config import OaiPmhSource
from indexer.extract import extract
from indexer.extract.records import OAI_RECORD
from indexer.fetch import Fetcher
from indexer.model import CrawlRequest, Denied, Failed, HttpSettings, Vocabulary
from indexer.sources import BAD_RECORD, RESTART_REASONS, Identity, OaiPmh, RecordBatch
from tests.support.faux_site import FauxSite, Reply
from tests.support.oai_responses import deleted, error, formats, identify, record, records

TRUST = ssl.create_default_context()  # made once: it reads every certificate there is
SWIFT = HttpSettings(delay_s=0.0, timeout_s=2.0, deadline_s=5.0, max_body_mb=1.0)
SINCE = dt.datetime(2025, 5, 6, 1, 2, 3, tzinfo=dt.timezone(dt.timedelta(hours=2)))

Outcome = RecordBatch | Denied | Failed

FIRST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"


def resumed(token: str) -> str:
    return f"/oai?verb=ListRecords&resumptionToken={token}"


class Repository(FauxSite):
    """A site that is a repository of Dublin Core without sets, unless the test says otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.says("/oai?verb=Identify", identify())

    def says(self, path: str, *texts: str) -> None:
        """Answer `path` with each of `texts` in turn, as XML; the last one stays."""
        replies = [
            Reply(body=text.encode(), headers={"Content-Type": "text/xml; charset=utf-8"})
            for text in texts
        ]
        self.reply(path, *replies)

    @property
    def source(self) -> OaiPmhSource:
        return OaiPmhSource(name="arkiv", url=self.url("/oai"), http=SWIFT)

    @property
    def verbs(self) -> list[dict[str, str]]:
        """The arguments of each request, in order."""
        return [dict(parse_qsl(urlsplit(path).query)) for path in self.requested[1:]]


def new_fetcher(*, patience_s: float = 3.0) -> Fetcher:
    return Fetcher(
        user_agent="Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)",
        allow_private=("127.0.0.1",),
        patience_s=patience_s,
        backoff_s=0.01,
        tls=TRUST,
    )


def harvest(
    source: OaiPmhSource,
    *,
    since: dt.datetime | None = None,
    token: str | None = None,
    patience_s: float = 3.0,
) -> list[Outcome]:
    async def run() -> list[Outcome]:
        async with new_fetcher(patience_s=patience_s) as fetcher:
            batches = OaiPmh(source).batches(fetcher, since=since, token=token)
            return [outcome async for outcome in batches]

    return asyncio.run(run())


def batches(outcomes: list[Outcome]) -> list[RecordBatch]:
    assert all(isinstance(outcome, RecordBatch) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, RecordBatch)]


def only_failure(outcomes: list[Outcome]) -> Failed:
    (outcome,) = outcomes
    assert isinstance(outcome, Failed), outcome
    return outcome


def identifiers(batch: RecordBatch) -> list[str]:
    return [entry.identifier for entry in batch.records]


@pytest.fixture
def site() -> Iterator[Repository]:
    with Repository() as one:
        yield one


# --- whole lists ----------------------------------------------------------------------------------


def test_a_list_is_followed_to_its_end(site: Repository) -> None:
    size = 'completeListSize="3"'
    site.says(FIRST, records(record(1), resume="a", attributes=size))
    site.says(resumed("a"), records(record(2), resume="b", attributes=size))
    site.says(resumed("b"), records(record(3), resume=""))
    found = batches(harvest(site.source))

    assert [identifiers(batch) for batch in found] == [
        ["oai:example.org:1"],
        ["oai:example.org:2"],
        ["oai:example.org:3"],
    ]
    assert [batch.token for batch in found] == ["a", "b", None]
    assert [batch.complete_list_size for batch in found] == [3, 3, None]
    assert found[0].response_date == dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    assert site.verbs == [
        {"verb": "Identify"},
        {"verb": "ListRecords", "metadataPrefix": "oai_dc"},
        {"verb": "ListRecords", "resumptionToken": "a"},
        {"verb": "ListRecords", "resumptionToken": "b"},
    ]


def test_a_record_is_a_page_that_is_read_like_any_other(site: Repository) -> None:
    site.says(FIRST, records(record(1, title="Bröd &amp; rosor")))
    (batch,) = batches(harvest(site.source))
    (entry,) = batch.records

    assert entry.datestamp == dt.datetime(2025, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    assert not entry.deleted
    assert entry.page is not None
    assert entry.page.url == entry.identifier
    assert entry.page.media_type == OAI_RECORD
    assert entry.page.request == CrawlRequest(
        url=entry.identifier, source="arkiv", lastmod=entry.datestamp
    )
    found = extract(entry.page, vocabulary=Vocabulary()).document
    assert found is not None
    assert found.title == "Bröd & rosor"
    assert found.url == "https://example.org/rapporter/1"
    assert found.source == "arkiv"


def test_a_deleted_record_is_one_without_a_page(site: Repository) -> None:
    site.says(FIRST, records(record(1), deleted(2)))
    (batch,) = batches(harvest(site.source))

    assert [(entry.deleted, entry.page is None) for entry in batch.records] == [
        (False, False),
        (True, True),
    ]


def test_a_token_is_sent_back_as_it_came(site: Repository) -> None:
    token = "a/b=c&d+e f%20g!å"  # noqa: S105  # a resumption token is no secret
    site.says(FIRST, records(record(1), resume=token.replace("&", "&amp;")))
    quoted = "a%2Fb%3Dc%26d%2Be%20f%2520g%21%C3%A5"
    site.says(resumed(quoted), records(record(2)))
    found = batches(harvest(site.source))

    assert [batch.token for batch in found] == [token, None]
    assert site.verbs[-1] == {"verb": "ListRecords", "resumptionToken": token}


def test_a_list_goes_on_in_another_process_where_its_token_says(site: Repository) -> None:
    site.says(resumed("b"), records(record(3)))
    found = batches(harvest(site.source, token="b", since=SINCE))  # noqa: S106  # no secret

    assert [identifiers(batch) for batch in found] == [["oai:example.org:3"]]


def test_a_set_and_a_base_url_with_arguments_of_its_own(site: Repository) -> None:
    site.says("/oai?repo=hv&verb=Identify", identify())
    site.says(
        "/oai?repo=hv&verb=ListRecords&metadataPrefix=swepub_mods&set=all-hv%3Ax",
        records(record(1)),
    )
    source = replace(
        site.source,
        url=site.url("/oai?repo=hv#avsnitt"),
        metadata_prefix="swepub_mods",
        set="all-hv:x",
    )

    assert [identifiers(batch) for batch in batches(harvest(source))] == [["oai:example.org:1"]]


# --- what is new ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granularity", "since"),
    [("YYYY-MM-DD", "2025-05-05"), ("YYYY-MM-DDThh:mm:ssZ", "2025-05-05T23%3A02%3A03Z")],
)
def test_what_is_new_is_asked_for_as_exactly_as_the_repository_can(
    site: Repository, granularity: str, since: str
) -> None:
    site.says("/oai?verb=Identify", identify(granularity=granularity))
    site.says(f"{FIRST}&from={since}", records(record(1)))

    assert len(batches(harvest(site.source, since=SINCE))) == 1


def test_nothing_new_is_a_batch_without_records(site: Repository) -> None:
    site.says(f"{FIRST}&from=2025-05-05T23%3A02%3A03Z", error("noRecordsMatch"))
    (batch,) = batches(harvest(site.source, since=SINCE))

    assert batch == RecordBatch(
        records=(), token=None, response_date=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    )


def test_nothing_at_all_is_a_failure(site: Repository) -> None:
    site.says(f"{FIRST}&set=felstavad", error("noRecordsMatch", "No such set"))
    failed = only_failure(harvest(replace(site.source, set="felstavad")))

    assert failed.reason == "oai_no_records_match"
    assert "No such set" in failed.detail
    assert "misspelled" in failed.detail
    assert failed.request.url == site.source.url


def test_nothing_in_the_middle_of_a_list_is_a_failure(site: Repository) -> None:
    since = "2025-05-05T23%3A02%3A03Z"
    site.says(f"{FIRST}&from={since}", records(record(1), resume="a"))
    site.says(resumed("a"), error("noRecordsMatch"))
    outcomes = harvest(site.source, since=SINCE)

    assert isinstance(outcomes[0], RecordBatch)
    assert only_failure(outcomes[1:]).reason == "oai_no_records_match"


# --- errors of the protocol -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("badArgument", "oai_bad_argument"),
        ("badVerb", "oai_bad_verb"),
        ("badResumptionToken", "oai_bad_resumption_token"),
        ("idDoesNotExist", "oai_id_does_not_exist"),
        ("noMetadataFormats", "oai_no_metadata_formats"),
        ("noSetHierarchy", "oai_no_set_hierarchy"),
        ("undefinedError", "oai_error"),
        ("", "oai_error"),
    ],
)
def test_an_error_is_a_failure_with_its_code_as_reason(
    site: Repository, code: str, reason: str
) -> None:
    site.says(FIRST, error(code, "Så kan vi inte ha det"))
    failed = only_failure(harvest(site.source))

    assert failed.reason == reason
    assert code in failed.detail
    assert "Så kan vi inte ha det" in failed.detail


def test_a_token_that_expired_asks_for_a_new_beginning(site: Repository) -> None:
    site.says(resumed("gammal"), error("badResumptionToken"))
    failed = only_failure(harvest(site.source, token="gammal"))  # noqa: S106  # no secret

    assert failed.reason in RESTART_REASONS


def test_a_format_that_is_not_offered_names_those_that_are(site: Repository) -> None:
    site.says(FIRST, error("cannotDisseminateFormat"))
    site.says("/oai?verb=ListMetadataFormats", formats("mods", "marc21"))
    failed = only_failure(harvest(site.source))

    assert failed.reason == "oai_cannot_disseminate_format"
    assert failed.detail.endswith("it offers mods, marc21")


def test_a_format_that_is_not_offered_is_a_failure_also_when_nothing_is_said(
    site: Repository,
) -> None:
    site.says(FIRST, error("cannotDisseminateFormat"))

    assert only_failure(harvest(site.source)).reason == "oai_cannot_disseminate_format"


# --- answers that are none ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "broken xml",
        "<!doctype html><title>Underhåll</title><p>Vi är strax tillbaka.</p>",
        records(record(1), record(2))[:-200],
        records(),
        identify(),
        "<rss version='2.0'/>",
    ],
)
def test_an_answer_that_is_no_list_is_a_failure(site: Repository, text: str) -> None:
    site.says(FIRST, text)
    failed = only_failure(harvest(site.source))

    assert failed.reason == "oai_invalid"
    assert "ListRecords" in failed.detail


def test_a_line_that_drops_is_a_failure(site: Repository) -> None:
    site.reply(FIRST, Reply(body=records(record(1)).encode(), hangup="in_body"))

    assert only_failure(harvest(site.source)).reason == "dropped"


def test_what_came_before_a_broken_part_is_kept(site: Repository) -> None:
    site.says(FIRST, records(record(1), resume="a"))
    site.says(resumed("a"), "<!doctype html><p>Hoppsan</p>")
    outcomes = harvest(site.source)

    assert isinstance(outcomes[0], RecordBatch)
    assert identifiers(outcomes[0]) == ["oai:example.org:1"]
    assert only_failure(outcomes[1:]).reason == "oai_invalid"


@pytest.mark.parametrize(
    "text",
    [identify(version="1.1"), identify(granularity="hour"), "<html/>", error("badVerb")],
)
def test_a_broken_identify_ends_the_harvest(site: Repository, text: str) -> None:
    site.says("/oai?verb=Identify", text)
    site.says(FIRST, records(record(1)))
    failed = only_failure(harvest(site.source))

    assert failed.reason in {"oai_invalid", "oai_bad_verb"}
    assert "Identify" in failed.detail
    assert site.verbs == [{"verb": "Identify"}]


def test_a_repository_that_is_not_there_is_a_failure(site: Repository) -> None:
    site.remove("/oai?verb=Identify")

    failed = only_failure(harvest(site.source))
    assert (failed.reason, failed.status) == ("http_404", 404)
    assert failed.request.url == site.source.url


def test_robots_txt_holds_for_repositories_too(site: Repository) -> None:
    site.robots("User-agent: *", "Disallow: /oai")
    (denied,) = harvest(site.source)

    assert isinstance(denied, Denied)
    assert denied.reason == "robots_disallowed"


# --- single records -------------------------------------------------------------------------------


def test_a_bad_record_is_reported_and_the_others_come_through(site: Repository) -> None:
    bad = "<record><header><identifier>oai:example.org:9</identifier></header></record>"
    nameless = "<record><header/></record>"
    site.says(FIRST, records(record(1), bad, nameless, record(2)))
    *failures, batch = harvest(site.source)

    assert isinstance(batch, RecordBatch)
    assert identifiers(batch) == ["oai:example.org:1", "oai:example.org:2"]
    assert batch.token is None
    assert [(one.request.url, one.reason) for one in failures if isinstance(one, Failed)] == [
        ("oai:example.org:9", BAD_RECORD),
        (site.url(FIRST), BAD_RECORD),
    ]


def test_characters_that_xml_forbids_cost_no_record_and_are_logged(
    site: Repository, caplog: pytest.LogCaptureFixture
) -> None:
    site.says(FIRST, records(record(1, title="Klister\x0b & &nbsp;lim")))
    with caplog.at_level(logging.WARNING):
        (batch,) = batches(harvest(site.source))

    assert identifiers(batch) == ["oai:example.org:1"]
    assert batch.mended == "3 characters that XML does not allow were mended"
    assert "arkiv: in an answer of the repository, 3 characters" in caplog.text


# --- repositories that are busy, or never end -----------------------------------------------------


@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_repository_is_asked_again_when_it_says(site: Repository, status: int) -> None:
    busy = Reply(status=status, headers={"Retry-After": "1"})
    body = records(record(1)).encode()
    site.reply(FIRST, busy, Reply(body=body, headers={"Content-Type": "text/xml"}))
    begun = time.monotonic()
    found = batches(harvest(site.source))

    assert identifiers(found[0]) == ["oai:example.org:1"]
    assert time.monotonic() - begun >= 0.9


def test_a_repository_that_is_busy_for_long_is_a_failure_that_says_so(site: Repository) -> None:
    site.reply(FIRST, Reply(status=503, headers={"Retry-After": "3600"}))
    failed = only_failure(harvest(site.source, patience_s=0.1))

    assert (failed.reason, failed.status) == ("http_503", 503)
    assert "3600 s" in failed.detail


def test_a_token_that_comes_back_ends_the_harvest(site: Repository) -> None:
    site.says(FIRST, records(record(1), resume="a"))
    site.says(resumed("a"), records(record(2), resume="b"))
    site.says(resumed("b"), records(record(3), resume="a"))
    outcomes = harvest(site.source)

    assert [identifiers(batch) for batch in batches(outcomes[:-1])] == [
        ["oai:example.org:1"],
        ["oai:example.org:2"],
        ["oai:example.org:3"],
    ]
    failed = only_failure(outcomes[-1:])
    assert failed.reason == "oai_token_repeated"
    assert failed.reason in RESTART_REASONS
    assert len(site.verbs) == 4


def test_a_token_that_answers_itself_ends_the_harvest(site: Repository) -> None:
    site.says(resumed("a"), records(record(2), resume="a"))
    outcomes = harvest(site.source, token="a")  # noqa: S106  # no secret

    assert only_failure(outcomes[1:]).reason == "oai_token_repeated"
    assert len(site.verbs) == 2


def test_a_repository_describes_itself_once(site: Repository) -> None:
    site.says(FIRST, records(record(1)))

    async def run() -> Identity | Denied | Failed:
        repository = OaiPmh(site.source)
        async with new_fetcher() as fetcher:
            identity = await repository.identify(fetcher)
            async for _ in repository.batches(fetcher):
                pass
        return identity

    identity = asyncio.run(run())
    assert isinstance(identity, Identity)
    assert identity.deletions == "persistent"
    assert [arguments["verb"] for arguments in site.verbs] == ["Identify", "ListRecords"]
