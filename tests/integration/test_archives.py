"""Pages that other crawlers fetched come in from WARC files, and ours go out into them."""

from __future__ import annotations

import asyncio
import gzip
import io
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from indexer import config
from indexer.crawl import ArchiveImport, ImportReport, ThreadReader
from indexer.fetch.warc import archived
from indexer.store import DocumentStore
from tests.support.command import POLITE, Samsok
from tests.support.faux_site import HTML, FauxSite, Reply
from tests.support.oai_responses import identify, record, records
from tests.support.operator import write, write_small_site

pytestmark = pytest.mark.jobs

WGET = ("wget", "-q", "-r", "-e", "robots=off", "--no-proxy", "--delete-after")
SITE = "https://www.example.org"
CONFIG = """\
version: 1
user_agent: "Samsok-test/1.0 (+https://www.example.org/samsok; samsok@example.org)"
data_dir: var
http: {delay_s: 0, max_body_mb: 0.1}
network: {allow_private: ["127.0.0.1"]}
sources:
  - name: exempel
    type: website
    start: ["https://www.example.org/"]
    deny: ["/**/print/**"]
    sitemaps: none
"""
PAGE = (
    '<!doctype html><html lang="sv"><title>{0}</title><main><h1>{0}</h1><p>Här står vad högskolan '
    "och kommunen gör tillsammans: {0}.</p></main></html>"
)


class Archive:
    """A WARC file that a test writes with warcio, as another crawler would."""

    def __init__(self, path: Path, *, compressed: bool = True) -> None:
        self.path = path
        self._compressed = compressed
        self._records: list[bytes] = []

    def answer(
        self,
        path: str,
        body: bytes | None = None,
        *,
        status: str = "200 OK",
        headers: tuple[tuple[str, str], ...] = (("Content-Type", HTML),),
        date: str = "2026-03-01T02:00:00Z",
        kind: str = "response",
    ) -> None:
        """Write what the site answered for a path."""
        content = PAGE.format(path).encode() if body is None else body
        out = io.BytesIO()
        writer = WARCWriter(out, gzip=self._compressed)
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            path if "://" in path else SITE + path,
            kind,
            payload=io.BytesIO(content),
            length=len(content),
            http_headers=http,
            warc_headers_dict={"WARC-Date": date},
        )
        writer.write_record(record)
        self._records.append(out.getvalue())

    def raw(self, record: bytes) -> None:
        """Put in bytes that no library would write."""
        self._records.append(record)

    def damage(self, change: Callable[[bytes], bytes]) -> None:
        """Change the record that was written last."""
        self._records[-1] = change(self._records[-1])

    def write(self) -> Path:
        self.path.write_bytes(b"".join(self._records))
        return self.path


class Importer:
    """Somebody who imports files into a store, with no network."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "crawl_config.yaml"
        self.file.write_text(CONFIG, encoding="utf-8")
        self.store = DocumentStore.open(directory / "crawl.db")

    def __call__(self, *files: Path) -> ImportReport:
        with ThreadReader() as reader:
            job = ArchiveImport(config.load(self.file), self.store, reader=reader)
            return asyncio.run(job.run(files))

    @property
    def paths(self) -> list[str]:
        return sorted(found.url.removeprefix(SITE) for found in self.store.documents())


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    made = Importer(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "pages.warc.gz")


def counts(report: ImportReport) -> tuple[dict[str, int], dict[str, int]]:
    return (
        {reason: counted.count for reason, counted in report.skipped.items()},
        {reason: counted.count for reason, counted in report.failed.items()},
    )


# --- what a record means --------------------------------------------------------------------------


@pytest.mark.parametrize("compressed", [True, False])
def test_responses_become_documents(tmp_path: Path, importer: Importer, compressed: bool) -> None:
    archive = Archive(tmp_path / "pages.warc", compressed=compressed)
    archive.answer("/", PAGE.format('<a href="/ny/">Start</a>').encode())
    archive.answer("/partner/")
    report = importer(archive.write())
    assert importer.paths == ["/", "/partner/"]
    assert (report.records, report.pages, report.added) == (2, 2, 2)
    assert counts(report) == ({}, {})
    waiting = importer.store.frontier.find("exempel", f"{SITE}/ny/")
    assert waiting is not None
    assert waiting.visited_at is None
    known = importer.store.frontier.find("exempel", f"{SITE}/partner/")
    assert known is not None
    assert known.fetched_at is not None
    assert known.fetched_at.isoformat() == "2026-03-01T02:00:00+00:00"


def test_what_was_imported_is_imported_again_without_effect(
    archive: Archive, importer: Importer
) -> None:
    archive.answer("/")
    file = archive.write()
    importer(file)
    again = importer(file)
    assert (again.pages, again.added, again.unchanged) == (1, 0, 1)
    assert [entry.event for entry in importer.store.history()] == ["added"]


def test_an_older_answer_leaves_a_later_one_alone(archive: Archive, importer: Importer) -> None:
    archive.answer("/", PAGE.format("Nytt").encode(), date="2026-03-02T00:00:00Z")
    archive.answer("/", PAGE.format("Gammalt").encode(), date="2026-03-01T00:00:00Z")
    skipped, _ = counts(importer(archive.write()))
    assert [found.title for found in importer.store.documents()] == ["Nytt"]
    assert skipped == {"older_than_stored": 1}


def test_the_scope_and_the_wishes_of_pages_hold(archive: Archive, importer: Importer) -> None:
    archive.answer("/")
    archive.answer("/a/print/b")
    archive.answer("https://elsewhere.example.com/")
    archive.answer("dns:www.example.org")
    archive.answer("/hemlig/", b'<meta name="robots" content="noindex">' + PAGE.encode())
    tag = (("Content-Type", HTML), ("X-Robots-Tag", "noindex"))
    archive.answer("/hemlig/2/", headers=tag)
    archive.answer("/borta/", status="404 Not Found")
    archive.answer("/as-before/", b"", kind="revisit")
    skipped, failed = counts(importer(archive.write()))
    assert importer.paths == ["/"]
    assert skipped == {"deny": 1, "other_host": 1, "noindex": 2, "http_404": 1, "revisit": 1}
    assert failed == {"invalid_url": 1}


def test_a_redirect_record_leads_on(archive: Archive, importer: Importer) -> None:
    archive.answer("/gammal/")
    moved = (("Location", "/partner/"),)
    archive.answer("/gammal/", b"", status="301 Moved", headers=moved, date="2026-03-05T00:00:00Z")
    report = importer(archive.write())
    assert report.redirects == 1
    assert importer.paths == []
    assert importer.store.frontier.find("exempel", f"{SITE}/partner/") is not None


# --- what a hostile record does -------------------------------------------------------------------


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


TEXT = PAGE.format("Avtal").encode()
LATIN = PAGE.format("Avtal").encode("latin-1")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(TEXT), (("Content-Encoding", "gzip"),)),
        (zlib.compress(TEXT), (("Content-Encoding", "deflate"),)),
        (chunked(TEXT), (("Transfer-Encoding", "chunked"),)),
        (
            chunked(gzip.compress(TEXT)),
            (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")),
        ),
        # Decoded by who wrote it, with the headers as they came.
        (TEXT, (("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))),
        (TEXT, (("Content-Length", "7"),)),
        (LATIN, (("Content-Type", "text/html; charset=iso-8859-1"),)),
        (LATIN, (("Content-Type", "text/html; charset=utf-8"),)),
    ],
    ids=["gzip", "deflate", "chunked", "both", "decoded", "length", "latin", "wrong-charset"],
)
def test_a_body_is_read_however_it_was_sent(
    archive: Archive, importer: Importer, body: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    typed = headers if headers[0][0] == "Content-Type" else (("Content-Type", HTML), *headers)
    archive.answer("/", body, headers=typed)
    report = importer(archive.write())
    (document,) = importer.store.documents()
    assert document.title == "Avtal"
    assert "högskolan" in document.sections[0].text
    assert counts(report) == ({}, {})


BOMB = gzip.compress(b" " * 5_000_000)


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b" " * 200_000, (), "body_too_large"),
        (BOMB, (("Content-Encoding", "gzip"),), "body_too_large"),
        (gzip.compress(TEXT)[:-20], (("Content-Encoding", "gzip"),), "bad_encoding"),
        (b"\x0b\x02\x80", (("Content-Encoding", "br"),), "bad_encoding"),
        (TEXT, (("X-Long", "x" * 200_000),), "bad_response"),
    ],
    ids=["large", "bomb", "cut", "brotli", "headers"],
)
def test_a_body_that_cannot_be_read_is_that_records_failure(
    archive: Archive,
    importer: Importer,
    body: bytes,
    headers: tuple[tuple[str, str], ...],
    reason: str,
) -> None:
    archive.answer("/foere/")
    archive.answer("/", body, headers=(("Content-Type", HTML), *headers))
    archive.answer("/efter/")
    _, failed = counts(importer(archive.write()))
    assert importer.paths == ["/efter/", "/foere/"]
    assert failed == {reason: 1}


def test_a_damaged_record_does_not_stop_the_import(archive: Archive, importer: Importer) -> None:
    archive.answer("/foere/")
    archive.answer("/trasig/")
    archive.damage(lambda record: record[:60] + bytes(20) + record[80:])
    archive.answer("/mellan/")
    archive.raw(b"\x1f\x8b\x08" + b"not a member at all" * 5)
    archive.raw(gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n\r\n"))
    archive.raw(gzip.compress(b"<html>no record</html>"))
    archive.answer("/efter/")
    report = importer(archive.write())
    assert importer.paths == ["/efter/", "/foere/", "/mellan/"]
    assert report.failed["damaged_record"].count >= 2


def test_a_file_that_breaks_off_gives_what_it_has(archive: Archive, importer: Importer) -> None:
    archive.answer("/foere/")
    archive.answer("/sist/", PAGE.format("Sist").encode() + bytes(range(256)) * 40)
    archive.damage(lambda record: record[: len(record) // 2])
    report = importer(archive.write())
    assert importer.paths == ["/foere/"]
    assert sum(counted.count for counted in report.failed.values()) >= 1


def test_a_plain_file_with_a_wrong_length_goes_on_at_the_next_record(
    tmp_path: Path, importer: Importer
) -> None:
    archive = Archive(tmp_path / "pages.warc", compressed=False)
    archive.answer("/foere/")
    archive.answer("/kort/")
    archive.damage(lambda record: record.replace(b"Content-Length: ", b"Content-Length: 1", 1))
    archive.answer("/slukad/")
    archive.answer("/efter/")
    archive.answer("/sist/")
    importer(archive.write())
    assert {"/foere/", "/sist/"} <= set(importer.paths)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x1f\x8b", bytes(100_000)])
def test_a_file_that_is_no_archive_gives_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.warc.gz"
    file.write_bytes(content)
    assert [one for one in archived(file, limit=1000) if one.page] == []


def test_a_record_of_any_size_is_read_in_bounded_memory(tmp_path: Path) -> None:
    file = tmp_path / "huge.warc"
    with file.open("wb") as out:
        out.write(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://www.example.org/\r\n"
            b"Content-Type: application/http\r\nContent-Length: 1000000040\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nServer: abcdefghijk\r\n\r\n"
        )
        out.truncate(1_000_000_000)
    code = (
        "import sys, pathlib; from indexer.fetch.warc import archived\n"
        "print(*[one.reason for one in archived(pathlib.Path(sys.argv[1]), limit=100_000)])\n"
        "print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    reason, kilobytes = ended.stdout.split()
    assert reason == "body_too_large"
    assert int(kilobytes) < 150_000


# --- out, and in again ----------------------------------------------------------------------------


def test_an_export_is_a_good_archive_and_imports_as_it_was(tmp_path: Path) -> None:
    with FauxSite() as site:
        write_small_site(site)
        write(site, "/projekt/", "/gammal/", "/partner/", X_Robots_Tag="noarchive\nnosnippet")
        site.redirect("/gammal/", to="/partner/")
        samsok = Samsok(tmp_path / "one")
        samsok.directory.mkdir()
        samsok.write_config(site.url("/"))
        assert samsok("crawl").code == 0
        outcome = samsok("export", "--warc", "pages.warc.gz", "--json")
        assert outcome.code == 0, outcome.err
        assert outcome.json["pages"] == 4
        assert outcome.json["redirects"] == 1
        assert samsok("export", "--warc", "pages.warc.gz").code == 2
        file = samsok.directory / "pages.warc.gz"

        other = Samsok(tmp_path / "two")
        other.directory.mkdir()
        other.write_config(site.url("/"))
        site.requests.clear()
        imported = other("import", str(file))
        assert imported.code == 0, imported.err
        assert site.requests == []
        assert stored(other) == stored(samsok)
        assert imported.out.splitlines()[1] in other("report").out

        # The validators came along: the next crawl asks on condition, and is told of no change.
        assert other("crawl", "--full", "--json").code == 0
        assert stored(other) == stored(samsok)
        assert site.asked("/partner/")[0].headers["if-none-match"] == '"partner"'

    for command in (["check", str(file)], ["recompress", str(file), str(tmp_path / "x.warc.gz")]):
        ended = subprocess.run(
            [sys.executable, "-m", "warcio.cli", *command], capture_output=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr


def stored(samsok: Samsok) -> list[tuple[str, ...]]:
    with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
        return sorted(
            (one.id, one.url, one.title, str(one.sections), one.content_hash)
            for one in store.documents()
        )


@pytest.mark.skipif(shutil.which("wget") is None, reason="no wget here (apt-get install wget)")
def test_what_wget_fetched_is_imported_and_found(tmp_path: Path) -> None:
    samsok = Samsok(tmp_path)
    with FauxSite() as site:
        write_small_site(site)
        site.reply(
            "/projekt/",
            Reply(
                body=PAGE.format("Skepparprojektet").encode(),
                headers={"Content-Type": HTML},
                chunked=True,
            ),
        )
        subprocess.run(
            [*WGET, "--warc-file=fetched", site.url("/")],
            cwd=tmp_path,
            check=True,
        )
        samsok.write_config(site.url("/"))
        outcome = samsok("import", "fetched.warc.gz", "--json")
        assert outcome.code == 0, outcome.err
        assert outcome.json["pages"] == 4
        assert outcome.json["failed"] == {}
    assert samsok("reindex", "--from-store").code == 0
    found = samsok("search", "skepparprojekt", "--json")
    assert "Skepparprojektet" in found.out


def test_what_cannot_be_imported_is_said(tmp_path: Path) -> None:
    samsok = Samsok(tmp_path)
    samsok.write_config("http://127.0.0.1:1/")
    missing = samsok("import", "nowhere.warc.gz")
    assert (missing.code, "there is no file nowhere.warc.gz" in missing.err) == (2, True)
    (tmp_path / "text.warc").write_text("This is a letter.")
    unusable = samsok("import", "text.warc")
    assert unusable.code == 1
    assert "damaged_record" in unusable.out
    (tmp_path / "empty.warc").touch()
    empty = samsok("import", "empty.warc")
    assert empty.code == 1
    for told in (unusable.out, empty.out):
        assert "no answer of a web server is in there; what is wanted is WARC" in told
    assert "Traceback" not in unusable.out + unusable.err


def test_records_of_a_repository_go_out_and_in(tmp_path: Path) -> None:
    xml = {"Content-Type": "text/xml; charset=utf-8"}
    listed = records(record(1), record(2))
    with FauxSite() as site:
        site.reply("/oai?verb=Identify", Reply(body=identify().encode(), headers=xml))
        site.reply(
            "/oai?verb=ListRecords&metadataPrefix=oai_dc", Reply(body=listed.encode(), headers=xml)
        )
        source = f'sources:\n  - {{name: arkiv, type: oai_pmh, url: "{site.url("/oai")}"}}\n'
        one, two = Samsok(tmp_path / "one"), Samsok(tmp_path / "two")
        for samsok in (one, two):
            samsok.directory.mkdir()
            samsok.config.write_text(POLITE.format() + source, encoding="utf-8")
        assert one("crawl").code == 0
        outcome = one("export", "--warc", "records.warc.gz", "--json")
        assert outcome.json["records"] == 2, outcome.err
    imported = two("import", str(one.directory / "records.warc.gz"), "--json")
    assert imported.json["added"] == 2, imported.err
    assert len(stored(one)) == 2
    assert stored(two) == stored(one)
