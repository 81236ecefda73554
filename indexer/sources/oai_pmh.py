"""Repositories of publications that are harvested over OAI-PMH 2.0.

It is no list of URLs but of records: each becomes a `Page` whose body is the record itself, so it
is stored, and read again under new rules, like any other page.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote, urldefrag, urlencode

from indexer.extract.records import OAI_RECORD
from indexer.model import CrawlRequest, Denied, Failed, Page
from indexer.sources.oai_response import (
    Identity,
    Item,
    ItemList,
    NotOai,
    RepositoryError,
    read_formats,
    read_identity,
    read_list,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from indexer.config import OaiPmhSource
    from indexer.fetch import Fetcher

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

RESTART_REASONS: Final = frozenset({"oai_bad_resumption_token", "oai_token_repeated"})
"""Failures after which the resumption token is worth nothing: the list must begin anew."""

BAD_RECORD: Final = "oai_invalid_record"
"""The failure of a single record; its request names the record, and the list goes on."""

_MAX_RESPONSES: Final = 50_000
_MAX_FORMATS: Final = 30
_CAPITAL: Final = re.compile(r"(?<!^)(?=[A-Z])")
_KNOWN_CODES: Final = frozenset(
    {
        "badArgument",
        "badResumptionToken",
        "badVerb",
        "cannotDisseminateFormat",
        "idDoesNotExist",
        "noRecordsMatch",
        "noMetadataFormats",
        "noSetHierarchy",
    }
)
_MEANINGS: Final = {
    "badResumptionToken": "the list has to be asked for from its beginning",
    "noRecordsMatch": "an empty repository is not believed; is the set misspelled?",
    "noSetHierarchy": "it has no sets; take `set` out of the configuration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record of a repository; `page` holds it, and is None for one that was deleted.

    `datestamp` is when it changed last, by the repository's clock, if that can be read.
    """

    identifier: str
    datestamp: dt.datetime | None
    deleted: bool
    page: Page | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBatch:
    """One part of a list. It is the last one, and the list is whole, when `token` is None.

    `token` is what the next part is asked for with, also in another process. `response_date`
    is the repository's clock, `complete_list_size` its own count of the whole list; either may
    be unknown. `mended` says what had to be mended in the answer.
    """

    records: tuple[Record, ...]
    token: str | None
    response_date: dt.datetime | None = None
    complete_list_size: int | None = None
    mended: str = ""


class OaiPmh:
    """A repository. What it says of itself is asked for once, before its first list."""

    def __init__(self, settings: OaiPmhSource) -> None:
        self._settings = settings
        self._identity: Identity | None = None
        # What fails as a whole is the repository, whatever part of its list was asked for.
        self._itself = CrawlRequest(url=settings.url, source=settings.name)

    @property
    def name(self) -> str:
        """The source's name in the configuration; every request it makes carries it."""
        return self._settings.name

    async def identify(self, fetcher: Fetcher) -> Identity | Denied | Failed:
        """Ask the repository what it is; raises nothing for what a server does."""
        if self._identity is None:
            identity = await self._ask(fetcher, {"verb": "Identify"}, read_identity)
            if not isinstance(identity, Identity):
                return identity
            self._identity = identity
        return self._identity

    async def batches(
        self, fetcher: Fetcher, *, since: dt.datetime | None = None, token: str | None = None
    ) -> AsyncIterator[RecordBatch | Denied | Failed]:
        """Every record, or those that changed at or after `since`, part by part.

        With a `token` the list goes on where an earlier batch named it. A list is whole only if
        its last batch came, the one with no token: any refusal or failure before that ends it,
        and its request names the repository by the URL of the settings. The exception is
        `BAD_RECORD`, whose request names the record, or the response where a record has no name;
        it stands before the batch that the record was in.
        Nothing new since `since` is a batch without records; nothing at all is a failure.
        Raises nothing for what a server does.
        """
        identity = await self.identify(fetcher)
        if not isinstance(identity, Identity):
            yield identity
            return
        seen: set[str] = set()
        for _ in range(_MAX_RESPONSES):
            arguments = self._arguments(identity, since, token)
            answer = await self._ask(fetcher, arguments, read_list)
            if not isinstance(answer, ItemList):
                is_resumed = token is not None
                yield await self._refusal(fetcher, identity, answer, since, is_resumed=is_resumed)
                return
            for outcome in self._outcomes(arguments, answer):
                yield outcome
            seen.update(filter(None, [token]))
            token = answer.token
            if token is None:
                return
            if token in seen:
                detail = f"{self._settings.url} gives a resumption token that it gave before"
                yield self._failed("oai_token_repeated", detail)
                return
        detail = f"{self._settings.url} does not end its list in {_MAX_RESPONSES} responses"
        yield self._failed("oai_endless", detail)

    def _arguments(
        self, identity: Identity, since: dt.datetime | None, token: str | None
    ) -> dict[str, str]:
        """A resumption token stands alone, as it names the whole request (section 3.5)."""
        if token is not None:
            return {"verb": "ListRecords", "resumptionToken": token}
        arguments = {"verb": "ListRecords", "metadataPrefix": self._settings.metadata_prefix}
        if self._settings.set is not None:
            arguments["set"] = self._settings.set
        if since is not None:
            moment = since.astimezone(dt.UTC)
            is_day = identity.granularity == "day"
            arguments["from"] = moment.strftime("%Y-%m-%d" if is_day else "%Y-%m-%dT%H:%M:%SZ")
        return arguments

    async def _ask(
        self, fetcher: Fetcher, arguments: Mapping[str, str], read: Callable[[bytes], Answer]
    ) -> Answer | Denied | Failed:
        """Send a request and read its answer; what went wrong has the reason of the report."""
        request = self._request(arguments)
        verb, base = arguments["verb"], self._settings.url
        outcome = await fetcher.fetch(request, settings=self._settings.http)
        if isinstance(outcome, Denied | Failed):
            return replace(outcome, request=self._itself)
        if not isinstance(outcome, Page):
            return self._failed("oai_invalid", f"{base} did not answer {verb}")
        try:
            # Megabytes of XML: the other downloads must not stand still meanwhile.
            return await asyncio.to_thread(read, outcome.body)
        except NotOai as problem:
            detail = f"the answer of {base} to {verb} is not OAI-PMH: {problem}"
            return self._failed("oai_invalid", detail)
        except RepositoryError as error:
            meaning = _MEANINGS.get(error.code)
            hint = f"; {meaning}" if meaning else ""
            detail = f"{base} answers {verb} with the error {error}{hint}"
            return self._failed(_reason(error.code), detail)

    async def _refusal(
        self,
        fetcher: Fetcher,
        identity: Identity,
        answer: Denied | Failed,
        since: dt.datetime | None,
        *,
        is_resumed: bool,
    ) -> RecordBatch | Denied | Failed:
        """What an answer without a list means."""
        if answer.reason == "oai_no_records_match" and since is not None and not is_resumed:
            return RecordBatch(records=(), token=None, response_date=identity.response_date)
        if answer.reason == "oai_cannot_disseminate_format":
            formats = await self._ask(fetcher, {"verb": "ListMetadataFormats"}, read_formats)
            if isinstance(formats, tuple):
                offered = ", ".join(formats[:_MAX_FORMATS]) or "none"
                return replace(answer, detail=f"{answer.detail}; it offers {offered}")
        return answer

    def _outcomes(
        self, arguments: Mapping[str, str], answer: ItemList
    ) -> Iterator[RecordBatch | Failed]:
        if answer.mended:
            logger.warning("%s: in an answer of the repository, %s", self.name, answer.mended)
        request = self._request(arguments)
        for bad in answer.bad:
            named = CrawlRequest(url=bad.identifier, source=self.name)
            yield Failed(
                request=named if bad.identifier else request,
                reason=BAD_RECORD,
                detail=f"{bad.identifier or request.url}: {bad.problem}",
            )
        now = dt.datetime.now(dt.UTC)
        yield RecordBatch(
            records=tuple(self._record(item, now) for item in answer.items),
            token=answer.token,
            response_date=answer.response_date,
            complete_list_size=answer.complete_list_size,
            mended=answer.mended,
        )

    def _record(self, item: Item, now: dt.datetime) -> Record:
        page = None
        if item.xml is not None:
            page = Page(
                request=CrawlRequest(url=item.identifier, source=self.name, lastmod=item.datestamp),
                url=item.identifier,
                body=item.xml,
                media_type=OAI_RECORD,
                charset="utf-8",
                fetched_at=now,
            )
        return Record(
            identifier=item.identifier,
            datestamp=item.datestamp,
            deleted=item.xml is None,
            page=page,
        )

    def _request(self, arguments: Mapping[str, str]) -> CrawlRequest:
        base = urldefrag(self._settings.url).url
        # A space is %20 and not +, which some repositories take as it stands (section 3.1.1.3).
        query = urlencode(arguments, quote_via=quote, safe="")
        return CrawlRequest(url=f"{base}{'&' if '?' in base else '?'}{query}", source=self.name)

    def _failed(self, reason: str, detail: str) -> Failed:
        return Failed(request=self._itself, reason=reason, detail=detail)


def _reason(code: str) -> str:
    """An error's code in the words of the report; a code outside the protocol is only an error."""
    return f"oai_{_CAPITAL.sub('_', code).lower()}" if code in _KNOWN_CODES else "oai_error"
