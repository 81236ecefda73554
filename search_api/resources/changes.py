"""`GET /api/v1/changes`: what was added, changed and removed, the newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import falcon
import orjson

from indexer.engine import EVENTS, ChangesRequest, find_changes
from search_api.serialize import index_meta, page_links, safe_url
from search_api.serialize import pages as pages_of
from search_api.values import BadParameter, Values

if TYPE_CHECKING:
    from indexer.engine import Change, ChangesAnswer, FilterName, LiveIndex
    from search_api.conditional import Conditional
    from search_api.settings import Settings
    from search_api.values import Language

_FILTERS: tuple[FilterName, ...] = ("partner", "area", "kind", "source")
PARAMETERS = ("since", "until", "event", "id", *_FILTERS, "page", "size", "lang")
_LONGEST_ID = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The parameters; the days are those of UTC, the last one included."""

    since: dt.date | None
    until: dt.date | None
    events: tuple[str, ...]
    document_id: str
    filters: dict[FilterName, tuple[str, ...]]
    page: int
    size: int
    lang: Language

    @classmethod
    def of(cls, req: falcon.Request) -> _Asked:
        values = Values.strict(req, PARAMETERS)
        page, size = values.paging()
        since, until = values.day("since"), values.day("until")
        if since and until and until < since:
            raise BadParameter(
                "until", {"sv": "until ligger före since", "en": "until is before since"}
            )
        return cls(
            since=since,
            until=until,
            events=values.listed("event", EVENTS, EVENTS),
            document_id=values.text("id", _LONGEST_ID),
            filters={name: found for name in _FILTERS if (found := values.filter(name))},
            page=page,
            size=size,
            lang=values.language(),
        )

    def request(self) -> ChangesRequest:
        return ChangesRequest(
            since=_midnight(self.since),
            until=_midnight_after(self.until),
            events=tuple(event for event in EVENTS if event in self.events),
            filters=self.filters,
            document_id=self.document_id or None,
            offset=(self.page - 1) * self.size,
            limit=self.size,
        )

    def query_string(self) -> str:
        pairs = [(name, value) for name in _FILTERS for value in self.filters.get(name, ())]
        given = (
            ("since", self.since.isoformat() if self.since else ""),
            ("until", self.until.isoformat() if self.until else ""),
            ("event", (",".join(self.events) or ",") if self.events != EVENTS else ""),
            ("id", self.document_id),
            ("page", str(self.page) if self.page > 1 else ""),
            ("size", str(self.size)),
            ("lang", self.lang if self.lang != "sv" else ""),
        )
        return urlencode([*pairs, *((name, value) for name, value in given if value)])


class Changes:
    """The changes of the last 365 days."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        asked = _Asked.of(req)
        if self._conditional.is_unchanged(req, resp, asked.query_string()):
            return
        with self._live.searcher() as searcher:
            answer = find_changes(searcher, asked.request())
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(self._body(answer, asked))

    def _body(self, answer: ChangesAnswer, asked: _Asked) -> dict[str, Any]:
        last = pages_of(answer.total, asked.size)

        def link(page: int) -> str:
            query = replace(asked, page=page).query_string()
            return self._settings.link(f"/api/v1/changes?{query}")

        return {
            "meta": {
                "total": answer.total,
                "page": asked.page,
                "size": asked.size,
                "pages": last,
                **index_meta(answer.generation),
            },
            "changes": [_change(change) for change in answer.changes],
            "links": page_links(link, page=asked.page, last=last),
        }


def _change(change: Change) -> dict[str, Any]:
    told = change.difference
    return {
        "id": change.id,
        "event": change.event,
        "at": change.at.isoformat(timespec="seconds"),
        "url": safe_url(change.url),
        "title": change.title,
        "kind": change.kind,
        "partners": change.partners,
        "areas": change.areas,
        "source": change.source,
        "reason": change.reason,
        "difference": {
            "facts": [
                {"fact": fact.fact, "removed": fact.removed, "added": fact.added}
                for fact in told.facts
            ],
            "words_added": told.words_added,
            "words_removed": told.words_removed,
            "added": told.added,
        }
        if told
        else None,
    }


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return dt.datetime.combine(day, dt.time(), dt.UTC) if day else None


def _midnight_after(day: dt.date | None) -> dt.datetime | None:
    # The last day that there is has none after it; nothing has happened later, either.
    return _midnight(day + dt.timedelta(days=1)) if day and day < dt.date.max else None
