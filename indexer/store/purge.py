"""Taking what was erased out of every table, a slice at a time so that a running job can write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from indexer.errors import StoreError
from indexer.model import CrawlRequest
from indexer.store.bodies import Bodies
from indexer.store.codec import document_to_json
from indexer.store.documents import decoded
from indexer.store.similar import Similar

if TYPE_CHECKING:
    from indexer.erasure import Redactor
    from indexer.model import Document
    from indexer.store.database import Database, Row, Value

_SLICE = 100

Step = Callable[[str, int], None]
"""Called with what is being done and how many rows it has done."""


class Purge:
    """One pass over the tables. Doing it again, or after it was killed, is no error."""

    def __init__(self, database: Database, redactor: Redactor, *, step: Step) -> None:
        self._database = database
        self._redactor = redactor
        self._step = step
        self._bodies = Bodies(database)
        self._similar = Similar(database)
        self._owners: dict[str, frozenset[str]] = {}
        self._counts: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        """Purge everything; return how many rows of which kind had something of it."""
        # The deleted must not lie in a page that is free, or in a gap of one that is not.
        self._database.overwrite_what_is_deleted()
        self._each("documents", "SELECT rowid AS number, * FROM documents", self._document)
        self._each("URLs", "SELECT id AS number, * FROM frontier", self._url)
        self._each(
            "bodies",
            "SELECT page AS number, document_id FROM bodies JOIN frontier ON frontier.id = page",
            self._body,
        )
        self._each("history", "SELECT id AS number, * FROM history", self._history)
        self._each("reports", "SELECT id AS number, * FROM runs", self._report)
        self._lists()
        return self._counts

    # --- documents ------------------------------------------------------------------------------

    def _document(self, row: Row) -> None:
        if row["data"] is None:
            if self._redactor.forbids(row["url"]):
                self._forget_document(row["id"])
            return
        document = decoded(row["id"], row["data"])
        cleaned, owners = self._redactor.document(document)
        if not owners:
            return
        self._owners[row["id"]] = owners
        if cleaned is None:
            self._forget_document(row["id"])
            self._counts["documents"] += 1
        else:
            self._rewrite(cleaned)
            self._counts["redacted"] += 1

    def _forget_document(self, document_id: str) -> None:
        self._similar.put(document_id, None)
        self._run("DELETE FROM history WHERE document_id = ?", document_id)
        self._run(
            "DELETE FROM bodies WHERE page IN (SELECT id FROM frontier WHERE document_id = ?)",
            document_id,
        )
        self._run("UPDATE frontier SET document_id = NULL WHERE document_id = ?", document_id)
        self._run("DELETE FROM documents WHERE id = ?", document_id)

    def _rewrite(self, document: Document) -> None:
        self._run(
            "UPDATE documents SET data = ?,"
            " revision = (SELECT max(revision) FROM documents) + 1 WHERE id = ?",
            document_to_json(document),
            document.id,
        )

    # --- URLs and bodies ------------------------------------------------------------------------

    def _url(self, row: Row) -> None:
        if self._redactor.forbids(row["url"]):
            self._run("DELETE FROM frontier WHERE id = ?", row["number"])
            self._counts["urls"] += 1
            if row["document_id"] is not None:
                self._forget_if_alone(row["document_id"])
            return
        referrer = row["referrer"]
        if referrer and self._redactor.forbids(referrer):
            self._run("UPDATE frontier SET referrer = NULL WHERE id = ?", row["number"])
        if (detail := self._redactor.text(row["detail"])) != row["detail"]:
            self._run("UPDATE frontier SET detail = ? WHERE id = ?", detail, row["number"])

    def _forget_if_alone(self, document_id: str) -> None:
        if not self._database.row(
            "SELECT 1 FROM frontier WHERE document_id = ? LIMIT 1", (document_id,)
        ):
            self._forget_document(document_id)

    def _body(self, row: Row) -> None:
        if row["document_id"] in self._owners or not self._may_stay(row["number"]):
            self._bodies.drop(row["number"])
            self._counts["bodies"] += 1

    def _may_stay(self, page_id: int) -> bool:
        body = self._bodies.get(page_id)
        if body is None:
            return True
        try:
            page = body.page(CrawlRequest(url=body.url, source=""))
        except StoreError:
            return False  # damaged: nobody can tell what it holds, and nobody can read it
        stored = self._database.row(
            "SELECT d.id, d.data FROM documents d JOIN frontier f ON f.document_id = d.id"
            " WHERE f.id = ? AND d.data IS NOT NULL",
            (page_id,),
        )
        document = decoded(stored["id"], stored["data"]) if stored is not None else None
        return self._redactor.may_keep(page, document)

    # --- what is told of them -------------------------------------------------------------------

    def _history(self, row: Row) -> None:
        if self._redactor.forbids(row["url"]):
            self._run("DELETE FROM history WHERE id = ?", row["number"])
            self._counts["history"] += 1
            return
        owners = self._owners.get(row["document_id"], frozenset())
        title = self._redactor.text(row["title"], owners=owners)
        told = self._json(row["difference"], owners)
        if title != row["title"] or told != row["difference"]:
            self._run(
                "UPDATE history SET title = ?, difference = ? WHERE id = ?",
                title,
                told,
                row["number"],
            )
            self._counts["history"] += 1

    def _report(self, row: Row) -> None:
        if (told := self._json(row["report"], frozenset())) != row["report"]:
            self._run("UPDATE runs SET report = ? WHERE id = ?", told, row["number"])
            self._counts["reports"] += 1

    def _json(self, data: bytes | None, owners: frozenset[str]) -> bytes | None:
        if data is None:
            return None
        try:
            held = orjson.loads(data)
        except ValueError:
            return None  # it can be read by nobody
        cleaned = self._redactor.plain(held, owners=owners)
        return data if cleaned == held else orjson.dumps(cleaned)

    def _lists(self) -> None:
        with self._database.transaction():
            self._left_out()
            self._handed_over()
            for row in self._database.rows("SELECT source, url FROM listings"):
                if self._redactor.forbids(row["url"]):
                    self._run(
                        "DELETE FROM listings WHERE source = ? AND url = ?",
                        row["source"],
                        row["url"],
                    )
            for row in self._database.rows("SELECT * FROM repeated"):
                if (sample := self._redactor.text(row["sample"])) != row["sample"]:
                    self._run(
                        "UPDATE repeated SET sample = ? WHERE source = ? AND key = ?",
                        sample,
                        row["source"],
                        row["key"],
                    )

    def _left_out(self) -> None:
        for row in self._database.rows("SELECT source, url, referrer, rule FROM left_out"):
            if self._holds(row["url"], row["referrer"], row["rule"]):
                self._run(
                    "DELETE FROM left_out WHERE source = ? AND url = ?", row["source"], row["url"]
                )

    def _handed_over(self) -> None:
        for row in self._database.rows("SELECT serial, url, referrer FROM handed_over"):
            if self._holds(row["url"], row["referrer"]):
                # The number stays: who reads on from it must not miss what comes next.
                self._run(
                    "UPDATE handed_over SET url = ?, referrer = NULL WHERE serial = ?",
                    f"forgotten:{row['serial']}",
                    row["serial"],
                )

    def _holds(self, *urls: str | None) -> bool:
        return any(self._redactor.forbids(url) for url in urls if url)

    # --- slices ---------------------------------------------------------------------------------

    def _each(self, what: str, query: str, purge: Callable[[Row], None]) -> None:
        last, done = 0, 0
        while True:
            with self._database.transaction():
                rows = self._database.rows(
                    f"SELECT * FROM ({query}) WHERE number > ?"  # noqa: S608 - our own text
                    " ORDER BY number LIMIT ?",
                    (last, _SLICE),
                )
                for row in rows:
                    purge(row)
            if not rows:
                return
            last, done = rows[-1]["number"], done + len(rows)
            self._step(f"purging {what}", done)

    def _run(self, sql: str, *values: Value) -> None:
        self._database.execute(sql, values)
