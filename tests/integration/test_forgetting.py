"""What was forgotten is gone at once, and comes back by no way."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from indexer import cli, config
from indexer.cli.progress import JobProgress
from indexer.crawl import ThreadReader
from indexer.engine import (
    ChangesRequest,
    LiveIndex,
    PeopleRequest,
    SearchRequest,
    find_changes,
    find_people,
    open_index,
    search,
)
from indexer.errors import GateRefused
from indexer.jobs import Reindex, ReindexReport, explain, job_lock
from indexer.jobs.erasure import carry_over
from indexer.jobs.publishing import publish, rollback
from indexer.store import DocumentStore
from tests.support.command import CONFIG
from tests.support.faux_site import FauxSite, Reply
from tests.support.grepping import holding

NAME = "Åsa-Karin Zetterqvisth"
EMAIL = "asa.zetterqvisth@example.org"
PHONE = "0520-22 31 77"
NEEDLES = ("Zetterqvisth", "22 31 77", "223177")
FILLER = "<p>" + "Högskolan och kommunen samverkar om hållbar utveckling i regionen. " * 12 + "</p>"
CARD = f"""
<h1>Partnerskapet</h1>{FILLER}<h2>Kontakt</h2>
<p>{NAME}<br>Projektledare<br><a href="mailto:{EMAIL}">{EMAIL}</a><br>Telefon: {PHONE}</p>
<p>Eva Ekholm<br>Samordnare<br>
<a href="mailto:eva.ekholm@example.org">eva.ekholm@example.org</a></p>
"""


class Operator:
    """Somebody who runs `samsok` by hand, in this process."""

    def __init__(self, directory: Path, site: FauxSite) -> None:
        self.file = directory / "crawl_config.yaml"
        self.file.write_text(CONFIG.format(url=site.url("/"), canaries=""), encoding="utf-8")
        self.var = directory / "var"

    def reindex(self, *, from_store: bool = False, full: bool = False) -> ReindexReport:
        settings = config.load(self.file)
        return Reindex(settings, watcher=JobProgress(), reader=ThreadReader).run(
            from_store=from_store, full=full, forced="a test"
        )

    def samsok(self, *arguments: str) -> int:
        return cli.main([*arguments, "--config", str(self.file)])

    @property
    def generations(self) -> list[str]:
        return sorted(path.name for path in (self.var / "index").glob("gen-*"))

    def titles(self, text: str) -> list[str]:
        with open_index("whoosh", self.var / "index").searcher() as searcher:
            answer = search(searcher, SearchRequest(text=text))
            return [hit.document.title for hit in answer.results]

    def documents(self) -> dict[str, str]:
        """What is in service: all text of each document, by path."""
        with open_index("whoosh", self.var / "index").searcher() as searcher:
            return {"/" + held.url.split("/", 3)[3]: repr(held) for held in searcher.scan()}


def linked(*paths: str) -> str:
    """Links to pages, in the words of a site."""
    return "".join(f'<p><a href="{path}">Läs mer om det här</a></p>' for path in paths)


def write(site: FauxSite) -> None:
    """Write the site as it was before anything was forgotten."""
    site.page("/", html=f"<h1>Samverkan</h1>{FILLER}" + linked("/partner", "/om", "/nyhet"))
    site.page("/partner", html=CARD + linked("/personal/asa-karin-zetterqvisth"))
    site.page(
        "/om",
        html=f"<h1>Om oss</h1>{FILLER}<p>Enligt Zetterqvisth, Åsa-Karin är ÅSA-KARIN "
        f"ZETTERQVISTHS avtal <b>Åsa-Karin</b> <i>Zetterqvisth</i> värt att läsa.</p>",
    )
    site.page(
        "/nyhet",
        html=f"<h1>Havsörnar räknas</h1>{FILLER}<p>En hemlighetsfull nyhet om havsörnar.</p>"
        + linked("/partner"),
    )
    site.page(
        "/personal/asa-karin-zetterqvisth",
        html=f"<h1>{NAME}</h1>{FILLER}<p>Forskar om vård.</p>",
        title=NAME,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FauxSite, Path]]:
    """A site, and an index of two generations of it that hold everything, made once."""
    directory = tmp_path_factory.mktemp("built")
    with FauxSite() as site:
        write(site)
        operator = Operator(directory, site)
        operator.reindex()
        site.page("/om", html=f"<h1>Om oss</h1>{FILLER}<p>{NAME} har slutit två avtal.</p>")
        operator.reindex()
        assert len(operator.generations) == 2
        assert holding(operator.var, *NEEDLES)
        yield site, directory


@pytest.fixture
def site(built: tuple[FauxSite, Path]) -> FauxSite:
    site, _directory = built
    site.clear()
    write(site)
    return site


@pytest.fixture
def operator(tmp_path: Path, site: FauxSite) -> Operator:
    return Operator(tmp_path, site)


@pytest.fixture
def held(built: tuple[FauxSite, Path], operator: Operator, site: FauxSite) -> Operator:
    """An operator of what was built, and the site as it was then."""
    site.page("/om", html=f"<h1>Om oss</h1>{FILLER}<p>{NAME} har slutit två avtal.</p>")
    shutil.copytree(built[1] / "var", operator.var)
    return operator


# --- a person -----------------------------------------------------------------------------------


def test_a_person_is_in_no_byte_that_is_kept_and_does_not_come_back(
    held: Operator, site: FauxSite
) -> None:
    assert held.samsok("forget", "--person", NAME, "--yes") == 0
    assert held.reindex(from_store=True).outcome == "published"

    assert holding(held.var, *NEEDLES) == {}
    assert len(held.generations) == 1
    assert "havsörnar" in held.documents()["/nyhet"]

    held.reindex(full=True)
    assert "/partner" in site.requested
    assert holding(held.var, *NEEDLES) == {}

    site.page("/ny", html=f"<h1>Ny sida</h1>{FILLER}<p>{NAME}, {EMAIL}, {PHONE}</p>")
    site.page("/", html=f"<h1>Samverkan</h1>{FILLER}" + linked("/ny", "/partner", "/om"))
    held.reindex()
    assert holding(held.var, *NEEDLES) == {}
    assert "[…]" in held.documents()["/ny"]


def test_what_else_a_page_says_is_still_found(held: Operator) -> None:
    held.samsok("forget", "--person", NAME, "--yes", "--now")

    documents = held.documents()
    assert set(documents) == {"/", "/partner", "/om", "/nyhet"}
    assert "eva.ekholm@example.org" in documents["/partner"]
    assert "[…] har slutit två avtal" in documents["/om"]
    with open_index("whoosh", held.var / "index").searcher() as searcher:
        assert searcher.hidden == frozenset()
        assert [one.name for one in find_people(searcher, PeopleRequest(text="samverkar")).people]


def test_readers_that_run_show_nothing_of_it_a_second_later(held: Operator) -> None:
    live = LiveIndex(open_index("whoosh", held.var / "index"))
    with live.searcher() as searcher:
        assert find_people(searcher, PeopleRequest(text="Zetterqvisth")).people
    before = live.version

    with job_lock(held.var):  # a nightly job is running, and is not waited for
        assert held.samsok("forget", "--person", EMAIL, "--yes") == 0

    threading.Event().wait(1.0)
    assert live.version != before
    with live.searcher() as searcher:
        assert not find_people(searcher, PeopleRequest(text="Zetterqvisth")).people
        assert not searcher.suggest("åsa-k")
        told = find_changes(searcher, ChangesRequest()).changes
        assert not [change for change in told if "Zetterqvisth" in repr(change)]
        assert not [held for held in searcher.scan() if "Zetterqvisth" in repr(held)]
    live.close()


def test_a_job_that_was_running_finishes_what_was_forgotten_meanwhile(
    operator: Operator, site: FauxSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator.reindex()
    site.page("/om", html=f"<h1>Om oss</h1>{FILLER}<p>{NAME} har slutit ett avtal.</p>")
    build = Reindex._build  # the moment between reading and publishing
    forgotten: list[int] = []

    def build_and_forget(self: Reindex, *arguments: object) -> object:
        generation = build(self, *arguments)  # type: ignore[arg-type]
        if not forgotten:
            forgotten.append(operator.samsok("forget", "--person", NAME, "--yes"))
        return generation

    monkeypatch.setattr(Reindex, "_build", build_and_forget)
    report = operator.reindex(from_store=True)

    assert forgotten == [0]
    assert report.outcome == "published"
    assert holding(operator.var, *NEEDLES) == {}


def test_a_page_that_is_read_while_somebody_is_forgotten_is_stored_without_them(
    operator: Operator, site: FauxSite
) -> None:
    asked, answered = threading.Event(), threading.Event()

    def slow(path: str) -> Reply | None:
        if path != "/langsam":
            return None
        asked.set()
        answered.wait(10)
        body = f"<!doctype html><html lang=sv><main><h1>Sen</h1>{FILLER}<p>{NAME}</p></main></html>"
        return Reply(body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})

    site.answer(slow)
    site.page("/", html=f"<h1>Samverkan</h1>{FILLER}" + linked("/langsam", "/partner", "/om"))
    night = threading.Thread(target=operator.reindex)
    night.start()
    assert asked.wait(10)
    assert operator.samsok("forget", "--person", NAME, "--yes") == 0
    answered.set()
    night.join()

    assert holding(operator.var, *NEEDLES) == {}
    assert "[…]" in operator.documents()["/langsam"]


def test_no_way_leads_back_to_a_generation_of_before(held: Operator) -> None:
    settings = config.load(held.file)
    held.samsok("forget", "--person", NAME, "--yes")

    with pytest.raises(GateRefused, match="before something was forgotten"):
        rollback(settings)
    with pytest.raises(GateRefused, match="before something was forgotten"):
        rollback(settings, held.generations[0])
    with pytest.raises(GateRefused, match="before something was forgotten"):
        publish(settings, held.generations[0], force=True)
    assert held.samsok("rollback") == 3


def test_a_store_that_is_lost_takes_up_the_ledger_that_lies_beside_it(held: Operator) -> None:
    held.samsok("forget", "--person", NAME, "--yes")
    for path in held.var.glob("crawl.db*"):
        path.unlink()
    held.reindex()

    assert holding(held.var, *NEEDLES) == {}


def test_a_restored_backup_forgets_what_was_forgotten_since(held: Operator, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    shutil.copytree(held.var, backup)
    held.samsok("forget", "--person", NAME, "--yes", "--now")
    held.samsok("forget", "--ledger", str(tmp_path / "ledger.json"))
    replaced = tmp_path / "replaced"
    held.var.rename(replaced)
    for ledger in (replaced, tmp_path / "ledger.json"):
        shutil.copytree(backup, held.var)
        assert "Zetterqvisth" in repr(held.documents())

        assert carry_over(ledger, held.var) == 1

        assert "Zetterqvisth" not in repr(held.documents())
        assert held.samsok("rollback") == 3
        held.reindex(full=True)
        assert holding(held.var, *NEEDLES) == {}
        assert carry_over(ledger, held.var) == 0
        shutil.rmtree(held.var)


def test_samsok_restore_forgets_what_was_forgotten_since(held: Operator, tmp_path: Path) -> None:
    archive, ledger = str(tmp_path / "backup.tar"), str(tmp_path / "ledger.json")
    assert held.samsok("backup", archive, "--with-index") == 0
    held.samsok("forget", "--person", NAME, "--yes", "--now")
    held.samsok("forget", "--ledger", ledger)
    assert held.samsok("restore", archive, "--replace") == 0
    assert "Zetterqvisth" not in repr(held.documents())
    held.reindex()
    assert holding(held.var, *NEEDLES) == {}

    shutil.rmtree(held.var)
    assert held.samsok("restore", archive, "--ledger", ledger) == 0
    assert "Zetterqvisth" not in repr(held.documents())


def test_every_shard_of_a_crawl_forgets(operator: Operator) -> None:
    def crawl() -> None:
        for shard in ("1/2", "2/2", "1/2"):
            assert operator.samsok("crawl", "--shard", shard) == 0
        operator.reindex(from_store=True)

    crawl()
    assert NAME in repr(operator.documents())
    assert operator.samsok("forget", "--person", NAME, "--yes") == 0
    assert NAME not in repr(operator.documents())
    operator.reindex(from_store=True)
    assert holding(operator.var, *NEEDLES) == {}

    crawl()
    assert "[…]" in operator.documents()["/partner"]
    assert holding(operator.var, *NEEDLES) == {}


# --- people of one name -------------------------------------------------------------------------


@pytest.fixture
def namesakes(operator: Operator, site: FauxSite) -> Operator:
    site.page(
        "/om",
        html=f"<h1>Om sjukhuset</h1>{FILLER}<h2>Kontakt</h2><p>{NAME}<br>Överläkare<br>"
        '<a href="mailto:akz@sjukhus.example.org">akz@sjukhus.example.org</a></p>',
    )
    operator.reindex()
    return operator


def test_where_two_people_have_the_name_it_is_asked_which(
    namesakes: Operator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert namesakes.samsok("forget", "--person", NAME, "--yes") == 2

    said = capsys.readouterr().err
    assert "2 people may be meant; add --email or --page" in said
    assert EMAIL in said
    assert "akz@sjukhus.example.org" in said
    assert NAME in repr(namesakes.documents())


def test_at_a_terminal_one_is_chosen_and_asked_again(
    namesakes: Operator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["", "9", "1", "n", "1", "y"])
    monkeypatch.setattr("indexer.cli.forget._is_asked", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    codes = [namesakes.samsok("forget", "--person", NAME) for _ in range(4)]

    assert codes == [2, 2, 2, 0]
    assert capsys.readouterr().err.count("nothing was done") == 3
    said = repr(namesakes.documents())
    assert (EMAIL in said) is not ("akz@sjukhus.example.org" in said)


@pytest.mark.parametrize("written", ["nonsens", "eva.ek@example.org"])
def test_what_is_no_url_is_not_said_to_be_forgotten(
    held: Operator, capsys: pytest.CaptureFixture[str], written: str
) -> None:
    """Whoever left out --person would believe that somebody was forgotten."""
    assert held.samsok("forget", written) == 2

    assert "`samsok forget --person ADDRESS`" in capsys.readouterr().err
    assert held.samsok("forget", "--list") == 0
    assert "nothing was forgotten" in capsys.readouterr().out


@pytest.mark.parametrize("how", ["email", "page"])
def test_a_namesake_stays(namesakes: Operator, site: FauxSite, how: str) -> None:
    which = EMAIL if how == "email" else site.url("/partner")
    assert namesakes.samsok("forget", "--person", NAME, f"--{how}", which, "--yes") == 0
    namesakes.reindex(full=True)

    documents = namesakes.documents()
    assert NAME not in documents["/partner"]
    assert EMAIL not in documents["/partner"]
    assert "akz@sjukhus.example.org" in documents["/om"]
    assert NAME in documents["/om"]


# --- a page -------------------------------------------------------------------------------------


def test_a_page_is_in_no_byte_that_is_kept_and_is_not_asked_for_again(
    operator: Operator, site: FauxSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.page("/", html=f"<h1>Samverkan</h1>{FILLER}" + linked("/gammal", "/hemlig-sida", "/om"))
    site.page("/hemlig-sida", html=f"<h1>Hemligt</h1>{FILLER}<p>Om havsörnar.</p>")
    site.redirect("/gammal", to="/hemlig-sida")
    operator.reindex()
    assert operator.titles("havsörnar") == ["Hemligt"]

    assert operator.samsok("forget", site.url("/hemlig-sida")) == 0
    assert operator.titles("havsörnar") == []
    operator.reindex(from_store=True)
    assert holding(operator.var, "hemlig-sida", "havsörn", "/gammal") == {}

    site.requests.clear()
    site.page("/", html=f"<h1>Ny start</h1>{FILLER}" + linked("/gammal", "/hemlig-sida", "/om"))
    site.page("/om", html=f"<h1>Om</h1>{FILLER}" + linked("/hemlig-sida?utm_source=brev"))
    report = operator.reindex(full=True)
    assert {"/hemlig-sida", "/gammal"}.isdisjoint(site.requested)
    assert report.crawl
    assert report.crawl.sources[0].skipped["forgotten"].count
    assert holding(operator.var, "hemlig-sida", "havsörn", "/gammal") == {}

    capsys.readouterr()
    operator.samsok("explain", site.url("/hemlig-sida"))
    assert "forgotten" in capsys.readouterr().out
    assert holding(operator.var, "hemlig-sida") == {}


def test_a_new_address_of_a_forgotten_page_does_not_bring_it_back(
    operator: Operator, site: FauxSite
) -> None:
    operator.reindex()
    operator.samsok("forget", site.url("/nyhet"))
    text = f"<h1>Havsörnar räknas</h1>{FILLER}<p>En hemlighetsfull nyhet om havsörnar.</p>"
    head = f'<link rel="canonical" href="{site.url("/nyhet")}">'
    site.page("/samma", html=text + linked("/partner"))
    site.page("/skriv-ut", html=text + "<p>Utskrift.</p>", head=head)
    site.redirect("/vidare", to="/nyhet")
    site.page(
        "/",
        html=f"<h1>Start</h1>{FILLER}" + linked("/samma", "/skriv-ut", "/vidare", "/om"),
    )
    site.requests.clear()
    operator.reindex()

    assert {"/samma", "/skriv-ut", "/vidare", "/nyhet"}.isdisjoint(operator.documents())
    assert {"/samma", "/skriv-ut", "/vidare"} < set(site.requested)
    assert "/nyhet" not in site.requested
    assert holding(operator.var, "havsörn") == {}


def test_a_mistake_is_undone_by_its_url(operator: Operator, site: FauxSite) -> None:
    operator.reindex()
    operator.samsok("forget", site.url("/nyhet"), "--now")
    assert "/nyhet" not in operator.documents()

    assert operator.samsok("forget", "--undo", site.url("/nyhet")) == 0
    operator.reindex()

    assert "havsörnar" in operator.documents()["/nyhet"]


def test_a_person_who_wants_to_come_back_does(held: Operator) -> None:
    held.samsok("forget", "--person", NAME, "--yes", "--now")
    held.samsok("forget", "--undo", NAME)
    held.reindex()

    assert NAME in held.documents()["/partner"]
    assert "/personal/asa-karin-zetterqvisth" in held.documents()


def test_the_ledger_tells_when_and_how_much_and_neither_who_nor_where(
    held: Operator, site: FauxSite, capsys: pytest.CaptureFixture[str]
) -> None:
    held.samsok("forget", "--person", NAME, "--yes")
    held.samsok("forget", site.url("/nyhet"))
    capsys.readouterr()
    assert held.samsok("forget", "--list") == 0

    said = capsys.readouterr().out
    assert said.count(" UTC\n") == 2
    assert "2 documents redacted" in said
    assert "Zetterqvisth" not in said
    assert "nyhet" not in said
    ledger = held.var / "erasures.json"
    assert ledger.stat().st_mode & 0o777 == 0o600
    assert (held.var / "crawl.db").stat().st_mode & 0o777 == 0o600


def test_queries_that_name_the_person_are_counted_no_more(held: Operator) -> None:
    day = held.var / "insight" / "2026-03-01.json"
    day.parent.mkdir()
    queries = {f"vem är {NAME.lower()}": [9, 0], "avtal": [8, 1]}
    day.write_bytes(orjson.dumps({"searches": 17, "without_hits": 1, "queries": queries}))
    held.samsok("forget", "--person", NAME, "--yes")

    assert orjson.loads(day.read_bytes()) == {
        "searches": 17,
        "without_hits": 1,
        "queries": {"avtal": [8, 1]},
    }


def test_a_page_that_nobody_knew_is_kept_out(
    held: Operator, site: FauxSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert held.samsok("forget", site.url("/aldrig-sedd/"), "--yes") == 0
    said = capsys.readouterr().out
    assert "no page that was harvested holds it" in said
    assert ": kept out\ntaken out of the store: nothing was there\n" in said


def test_looking_first_changes_nothing(held: Operator, capsys: pytest.CaptureFixture[str]) -> None:
    before = held.documents()
    assert held.samsok("forget", "--person", NAME, "--dry-run") == 0
    said = capsys.readouterr().out
    assert held.samsok("forget", "--person", NAME) == 2

    assert said.count("changes  http") == 2
    assert said.count("goes     http") == 1
    assert held.documents() == before
    assert holding(held.var, *NEEDLES)


def test_a_plan_that_was_cut_short_is_gone_on_with(held: Operator) -> None:
    """The command hides and enters; the next job does what it had no time for."""

    def killed(*_arguments: object, **_named: object) -> Iterator[None]:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DocumentStore, "purge", killed)
        assert held.samsok("forget", "--person", NAME, "--yes") == 130
    assert "Zetterqvisth" not in repr(held.documents())

    held.reindex()
    assert holding(held.var, *NEEDLES) == {}


def test_a_forgotten_url_is_explained_as_such(held: Operator, site: FauxSite) -> None:
    held.samsok("forget", "--person", NAME, "--yes", "--now")
    found = explain(config.load(held.file), site.url("/personal/asa-karin-zetterqvisth"))

    assert not found.is_found
    assert "forgotten" in found.conclusion
