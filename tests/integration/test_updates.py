"""A nightly run that builds on what is in service, and one that builds everything anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.crawl import ThreadReader
from indexer.engine import (
    ChangesRequest,
    Searcher,
    SearchRequest,
    find_changes,
    open_index,
    search,
)
from indexer.jobs import origin as origin_module
from indexer.jobs.origin import Origin
from indexer.jobs.reindex import Reindex, ReindexReport
from tests.support.command import CONFIG
from tests.support.faux_site import FauxSite, Reply

PAGES = 40


class Job:
    """`samsok reindex` of one site, in this process."""

    def __init__(self, directory: Path, site: FauxSite) -> None:
        self._file = directory / "crawl_config.yaml"
        self._file.write_text(CONFIG.format(url=site.url("/"), canaries=""), encoding="utf-8")
        self.vocabulary = ""

    def run(self, *, from_store: bool = False) -> ReindexReport:
        settings = config.load(self._file)
        return Reindex(settings, watcher=JobProgress(), reader=ThreadReader).run(
            from_store=from_store
        )

    def add_rule(self, match: str, *, kind: str) -> None:
        text = self._file.read_text(encoding="utf-8")
        rule = f'    sitemaps: none\n    rules: [{{match: "{match}", kind: {kind}}}]\n'
        self._file.write_text(text.replace("    sitemaps: none\n", rule), encoding="utf-8")

    def add_vocabulary(self, text: str) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(text)

    def searcher(self) -> Searcher:
        settings = config.load(self._file)
        return open_index("whoosh", settings.data_dir / "index").searcher()

    def first(self, text: str) -> str:
        """The title of the first hit that holds all the words as they are typed."""
        with self.searcher() as searcher:
            answer = search(searcher, SearchRequest(text=text))
            assert answer.suggestion is None
            return answer.results[0].document.title if answer.with_all_words else ""

    def origin(self) -> Origin:
        with self.searcher() as searcher:
            held = Origin.read(searcher.bundle)
            assert held is not None
            return held

    def everything(self) -> dict[str, str]:
        with self.searcher() as searcher:
            return {held.url: f"{held.title}: {held.content_hash}" for held in searcher.scan()}


@pytest.fixture
def job(tmp_path: Path, site: FauxSite) -> Job:
    links = [f"/sida-{number}/" for number in range(PAGES)]
    site.page("/", html="<h1>Samverkan</h1><p>Alla sidor.</p>", links=links)
    for number, path in enumerate(links):
        write(site, path, f"Avtal {number}", "Partnerskapet gäller i tre år.")
    return Job(tmp_path, site)


def write(site: FauxSite, path: str, title: str, text: str) -> None:
    site.page(path, html=f"<h1>{title}</h1><p>{text}</p>", title=title)


def test_a_night_of_few_changes_builds_on_what_is_in_service(job: Job, site: FauxSite) -> None:
    first = job.run()
    write(site, "/sida-3/", "Havsörnsprojektet", "Här studeras havsörnar.")
    site.reply("/sida-4/", Reply(status=410))
    site.page("/", html="<h1>Samverkan</h1><p>Alla.</p>", links=["/ny/", *links_but("/sida-4/")])
    write(site, "/ny/", "Alldeles ny", "En sida som inte fanns.")
    second = job.run()

    assert (first.outcome, second.outcome) == ("published", "published")
    assert job.origin().updates == 1
    assert job.first("havsörnsprojektet") == "Havsörnsprojektet"
    assert job.first("alldeles ny") == "Alldeles ny"
    assert {"Avtal 3: ", "Avtal 4: "}.isdisjoint(title[:9] for title in job.everything().values())
    with job.searcher() as searcher:
        assert [it.text for it in searcher.suggest("havs")] == ["Havsörnsprojektet"]
        assert searcher.suggest("avtal 3", limit=1)[0].text != "Avtal 3"


def test_a_generation_tells_what_has_changed_since_the_first_crawl(
    job: Job, site: FauxSite
) -> None:
    job.run()
    with job.searcher() as searcher:
        assert find_changes(searcher, ChangesRequest()).total == 0
    write(site, "/sida-3/", "Avtal 3", "Partnerskapet gäller i fem år.")
    site.reply("/sida-4/", Reply(status=410))
    site.page("/", html="<h1>Samverkan</h1><p>Alla sidor.</p>", links=["/ny/", *links_but()])
    write(site, "/ny/", "Alldeles ny", "En sida som inte fanns.")
    job.run()
    job.run(from_store=True)

    with job.searcher() as searcher:
        changes = find_changes(searcher, ChangesRequest()).changes
    told = {(change.event, change.title): change.difference for change in changes}
    assert set(told) == {
        ("added", "Alldeles ny"),
        ("changed", "Avtal 3"),
        ("changed", "Samverkan"),
        ("removed", "Avtal 4"),
    }
    difference = told["changed", "Avtal 3"]
    assert difference is not None
    assert difference.added == ("Partnerskapet gäller i fem år.",)


def test_of_what_is_gone_nothing_is_told_but_that_and_of_people_not_even_that(
    job: Job, site: FauxSite
) -> None:
    job.add_rule("/person/*", kind="person")
    site.page("/person/asa", html="<h1>Åsa Öberg</h1><p>Forskar om hälsa.</p>", title="Åsa Öberg")
    site.page("/", html="<h1>Samverkan</h1><p>Alla.</p>", links=["/person/asa", *links_but()])
    job.run()
    write(site, "/sida-3/", "Avtal 3", "Partnerskapet gäller i fem år.")
    site.page("/person/asa", html="<h1>Åsa Öberg</h1><p>Forskar om vård.</p>", title="Åsa Öberg")
    job.run()
    with job.searcher() as searcher:
        assert find_changes(searcher, ChangesRequest()).total == 2

    site.reply("/sida-3/", Reply(status=410))
    site.reply("/person/asa", Reply(status=410))
    job.run()

    with job.searcher() as searcher:
        changes = find_changes(searcher, ChangesRequest()).changes
    assert [(change.event, change.title) for change in changes] == [("removed", "Avtal 3")]


def links_but(*left_out: str) -> list[str]:
    links = [f"/sida-{number}/" for number in range(PAGES)]
    return [link for link in links if link not in left_out]


def test_what_is_built_on_another_holds_what_a_full_build_holds(job: Job, site: FauxSite) -> None:
    job.run()
    for night in range(3):
        write(site, f"/sida-{night}/", f"Natt {night}", f"Texten är ny sedan natt {night}.")
        job.run()
    updated = job.everything()
    assert job.origin().updates == 3

    job.run(from_store=True)

    assert job.origin().updates == 0
    assert job.everything() == updated


def test_a_night_without_changes_publishes_nothing(job: Job) -> None:
    first = job.run()
    second = job.run()

    assert second.outcome == "unchanged"
    assert second.revision == first.revision


def test_much_that_changed_is_built_anew(job: Job, site: FauxSite) -> None:
    job.run()
    for number in range(PAGES // 2):
        write(site, f"/sida-{number}/", f"Avtal {number}", "Partnerskapet gäller i fem år.")
    job.run()

    assert job.origin().updates == 0


def test_a_new_vocabulary_is_built_anew(job: Job, site: FauxSite) -> None:
    job.run()
    job.add_vocabulary('vocabulary:\n  abbreviations: {AIL: ["arbetsintegrerat lärande"]}\n')
    write(site, "/sida-3/", "Lärande", "Arbetsintegrerat lärande.")
    job.run()

    assert job.origin().updates == 0
    assert job.first("AIL") == "Lärande"


def test_after_many_updates_everything_is_built_anew(
    job: Job, site: FauxSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(origin_module, "MOST_UPDATES", 2)
    updates = []
    for night in range(4):
        write(site, "/sida-3/", f"Natt {night}", f"Texten är ny sedan natt {night}.")
        job.run()
        updates.append(job.origin().updates)

    assert updates == [0, 1, 2, 0]


def test_an_index_that_says_nothing_of_its_origin_is_built_anew(job: Job, tmp_path: Path) -> None:
    first = job.run()
    assert first.generation
    (tmp_path / "var/index" / first.generation.name / "bundle/origin.json").unlink()

    second = job.run()

    assert second.outcome == "published"
    assert job.origin().updates == 0


def test_a_word_that_came_with_an_update_is_not_taken_for_a_mistake(
    job: Job, site: FauxSite
) -> None:
    for number in range(10, 14):
        write(site, f"/sida-{number}/", "Partnerskap", "Kompetenslyftet börjar.")
    job.run()
    write(site, "/sida-3/", "Nytt", "Kompetensluftet är något annat.")
    job.run()

    assert job.first("kompetensluftet") == "Nytt"
