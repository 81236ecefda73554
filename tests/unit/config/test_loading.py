from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from indexer.config import (
    ApiSettings,
    Canary,
    Config,
    EvaluationSettings,
    HttpException,
    IndexSettings,
    OaiPmhSource,
    PublishSettings,
    RecrawlSettings,
    SourceSettings,
    WebsiteSource,
    load,
)
from indexer.config.checks import path_glob, selector
from indexer.model import Concept, HttpSettings, SiteRule, Vocabulary
from tests.unit.config.writing import RIGHT, written


def loaded(directory: Path, added: str = "", *, text: str = RIGHT) -> Config:
    return load(written(directory, text + added))


def website(directory: Path, added: str = "", *, text: str = RIGHT) -> WebsiteSource:
    """Return the one source, which is one of pages."""
    (source,) = loaded(directory, added, text=text).sources
    assert isinstance(source, WebsiteSource)
    return source


def second(directory: Path, added: str) -> SourceSettings:
    """Return the source that stands below the usual one."""
    _, source = loaded(directory, added).sources
    return source


def test_the_shortest_file_has_every_default(tmp_path: Path) -> None:
    config = loaded(tmp_path)

    assert config.path == tmp_path / "crawl_config.yaml"
    assert config.user_agent == "Samsok/1.0 (samsok@example.org)"
    assert config.data_dir == tmp_path / "var"
    assert config.http == HttpSettings()
    assert config.recrawl == RecrawlSettings(min_hours=20, max_days=30)
    assert config.allow_private == ()
    assert config.vocabulary == Vocabulary()
    assert config.index == IndexSettings(backend="whoosh", keep_generations=3)
    assert config.publish == PublishSettings(max_loss_percent=20, canaries=())
    assert config.api == ApiSettings(
        host="127.0.0.1", port=8080, workers=2, root_path="", base_url=None
    )


def test_a_source_of_three_keys_keeps_to_its_host_and_its_folder(tmp_path: Path) -> None:
    source = website(tmp_path)

    assert source.name == "samverkan"
    assert source.start == ("https://www.example.org/samverkan/",)
    assert source.hosts == ("www.example.org",)
    assert source.allow == ("/samverkan/**",)
    assert source.sitemaps == "auto"
    assert (source.max_depth, source.max_pages, source.pattern_budget) == (8, 20_000, 2_000)
    assert (source.aliases, source.deny, source.follow_only, source.rules) == ({}, (), (), ())
    assert source.http == HttpSettings()


@pytest.mark.parametrize(
    ("start", "host", "allowed"),
    [
        ("https://www.example.org", "www.example.org", "/**"),
        ("https://www.example.org/", "www.example.org", "/**"),
        ("https://www.example.org/a/b", "www.example.org", "/a/b/**"),
        ("https://www.example.org/a/index.html", "www.example.org", "/a/**"),
        ("https://www.example.org/%C3%B6ppet/?x=1", "www.example.org", "/öppet/**"),
        ("http://127.0.0.1:8000/a/", "127.0.0.1:8000", "/a/**"),
        ("HTTPS://WWW.Example.ORG:443/a/", "www.example.org", "/a/**"),
        ("http://[::1]:8000/", "[::1]:8000", "/**"),
        ("https://trollhättan.example.org/", "xn--trollhttan-v5a.example.org", "/**"),
    ],
)
def test_hosts_and_paths_follow_from_the_start_page(
    tmp_path: Path, start: str, host: str, allowed: str
) -> None:
    text = RIGHT.replace("https://www.example.org/samverkan/", start)
    source = website(tmp_path, text=text)

    assert source.hosts == (host,)
    assert source.allow == (allowed,)


def test_start_pages_of_one_host_and_folder_name_them_once(tmp_path: Path) -> None:
    text = RIGHT.replace('/samverkan/"]', '/a/", "https://www.example.org/a/index.html"]')
    source = website(tmp_path, text=text)

    assert source.hosts == ("www.example.org",)
    assert source.allow == ("/a/**",)


def test_everything_that_a_source_can_say(tmp_path: Path) -> None:
    source = website(
        tmp_path,
        """\
    sitemaps: ["https://www.example.org/karta.xml"]
    hosts: [www.example.org, "localhost:8080"]
    aliases: {admin.example.org: www.example.org, "ÅÄÖ.example.org": "www.example.org:443"}
    allow: ["/samverkan/**", "/öppet/*/"]
    deny: ["/**/print/**", "/sok?q=*"]
    follow_only: ["/**/arkiv/"]
    max_depth: 0
    max_pages: 10
    pattern_budget: 5
    delay_s: 0
    max_body_mb: 0.5
    rules:
      - match: "/samverkan/*/"
        kind: partner
        main: "main > article:not(.nyhet)"
        remove: [".share"]
        fields: {title: h1, areas: "h2:-soup-contains('Områden') ~ ul > li"}
      - match: "/**"
http: {delay_s: 2, per_host: 3}
""",
    )

    assert source.sitemaps == ("https://www.example.org/karta.xml",)
    assert source.hosts == ("www.example.org", "localhost:8080")
    assert source.aliases == {
        "admin.example.org": "www.example.org",
        "ÅÄÖ.example.org": "www.example.org:443",
    }
    assert source.allow == ("/samverkan/**", "/öppet/*/")
    assert source.deny == ("/**/print/**", "/sok?q=*")
    assert source.follow_only == ("/**/arkiv/",)
    assert (source.max_depth, source.max_pages, source.pattern_budget) == (0, 10, 5)
    assert source.http == HttpSettings(delay_s=0, per_host=3, max_body_mb=0.5)
    assert source.rules == (
        SiteRule(
            match="/samverkan/*/",
            kind="partner",
            main="main > article:not(.nyhet)",
            remove=(".share",),
            fields={"title": "h1", "areas": "h2:-soup-contains('Områden') ~ ul > li"},
        ),
        SiteRule(match="/**"),
    )


def test_a_sitemap_names_the_hosts_of_its_pages_and_their_links_are_not_followed(
    tmp_path: Path,
) -> None:
    source = second(
        tmp_path,
        "  - {name: karta, type: sitemap, sitemaps: ['https://a.example.org/1.xml', "
        "'https://b.example.org/2.xml', 'https://a.example.org/3.xml'], pattern_budget: 7}",
    )

    assert source == WebsiteSource(
        name="karta",
        sitemaps=(
            "https://a.example.org/1.xml",
            "https://b.example.org/2.xml",
            "https://a.example.org/3.xml",
        ),
        hosts=("a.example.org", "b.example.org"),
        allow=("/**",),
        max_depth=1,
        pattern_budget=7,
    )


def test_a_feed_may_be_on_another_host_than_its_pages(tmp_path: Path) -> None:
    source = second(
        tmp_path,
        """\
  - name: nyheter
    type: feed
    url: https://feeds.example.org/nyheter
    hosts: [www.example.org]
    aliases: {m.example.org: www.example.org}
    allow: ["/nyheter/**"]
    max_pages: 100
    delay_s: 3
    rules: [{match: "/**", kind: news}]
""",
    )

    assert source == WebsiteSource(
        name="nyheter",
        sitemaps="none",
        feeds=("https://feeds.example.org/nyheter",),
        hosts=("www.example.org",),
        aliases={"m.example.org": "www.example.org"},
        allow=("/nyheter/**",),
        max_depth=1,
        max_pages=100,
        http=HttpSettings(delay_s=3),
        rules=(SiteRule(match="/**", kind="news"),),
    )


def test_a_feed_of_three_keys_is_for_the_pages_of_its_host(tmp_path: Path) -> None:
    source = second(tmp_path, "  - {name: a, type: feed, url: 'https://b.example.org/rss'}")

    assert isinstance(source, WebsiteSource)
    assert (source.hosts, source.allow) == (("b.example.org",), ("/**",))


def test_a_repository_is_asked_for_a_set_in_a_form(tmp_path: Path) -> None:
    source = second(
        tmp_path,
        "  - {name: diva, type: oai_pmh, url: 'https://a.example.org/oai', "
        "metadata_prefix: swepub_mods, set: 'open:all-hv', timeout_s: 5}",
    )

    assert source == OaiPmhSource(
        name="diva",
        url="https://a.example.org/oai",
        metadata_prefix="swepub_mods",
        set="open:all-hv",
        http=HttpSettings(timeout_s=5),
    )


def test_a_repository_is_asked_for_everything_in_the_form_that_all_have(tmp_path: Path) -> None:
    source = second(tmp_path, "  - {name: d, type: oai_pmh, url: 'https://a.example.org/oai'}")

    assert source == OaiPmhSource(
        name="d", url="https://a.example.org/oai", metadata_prefix="oai_dc", set=None
    )


def test_an_exception_goes_before_the_source_and_the_source_before_http(tmp_path: Path) -> None:
    source = website(
        tmp_path,
        """\
    delay_s: 2
    http_exceptions:
      - {match: "/**/*.pdf", deadline_s: 180, max_body_mb: 50}
      - {host: WWW.Example.org, delay_s: 10}
http: {delay_s: 1, max_body_mb: 5, per_host: 2}
""",
    )

    assert source.http_exceptions == (
        HttpException(
            match="/**/*.pdf",
            http=HttpSettings(delay_s=2, deadline_s=180, max_body_mb=50, per_host=2),
        ),
        HttpException(
            match="/**",
            host="www.example.org",
            http=HttpSettings(delay_s=10, max_body_mb=5, per_host=2),
        ),
    )


def test_pages_can_be_visited_again_sooner_and_later(tmp_path: Path) -> None:
    config = loaded(tmp_path, "recrawl: {min_hours: 0.5, max_days: 7}\n")

    assert config.recrawl == RecrawlSettings(min_hours=0.5, max_days=7)


def test_a_type_may_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMSOK_TYPE", "oai_pmh")
    source = second(tmp_path, "  - {name: d, type: env:SAMSOK_TYPE, url: 'https://a.example.org'}")

    assert isinstance(source, OaiPmhSource)


def test_a_source_can_go_back_to_what_is_default_elsewhere(tmp_path: Path) -> None:
    config = loaded(tmp_path, "    delay_s: 1.0\nhttp: {delay_s: 5}\n")

    assert config.http.delay_s == 5
    assert config.sources[0].http.delay_s == 1


def test_everything_that_the_rest_can_say(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        """\
data_dir: /srv/samsok/../var
network: {allow_private: ["127.0.0.1", "10.1.0.0/16", "[::1]", "127.0.0.1:8080", intra.example.org]}
vocabulary:
  partners: [{name: "Trollhättans Stad", aliases: ["Trollhättans kommun", "1177"]}, {name: VGR}]
  areas: [{name: AIL, aliases: [AIL, ail]}]
  abbreviations: {NO: [naturorientering], VFU: ["verksamhetsförlagd utbildning", praktik]}
index: {keep_generations: 1}
publish:
  max_loss_percent: 12.5
  canaries: [{q: staden, url: "https://www.example.org/a"}, {q: b, url: "http://b.se", top: 1}]
  evaluation: {judgments: quality/judgments.yaml, floor: 0.7}
api: {host: "::", port: 1, workers: 1, root_path: /a/b, base_url: "https://sok.example.org/"}
""",
    )

    assert config.data_dir == Path("/srv/var")
    assert config.allow_private == (
        "127.0.0.1",
        "10.1.0.0/16",
        "[::1]",
        "127.0.0.1:8080",
        "intra.example.org",
    )
    assert config.vocabulary == Vocabulary(
        partners=(
            Concept(name="Trollhättans Stad", aliases=("Trollhättans kommun", "1177")),
            Concept(name="VGR"),
        ),
        areas=(Concept(name="AIL", aliases=("AIL", "ail")),),
        abbreviations={
            "NO": ("naturorientering",),
            "VFU": ("verksamhetsförlagd utbildning", "praktik"),
        },
    )
    assert config.index.keep_generations == 1
    assert config.publish.max_loss_percent == 12.5
    assert config.publish.canaries == (
        Canary(q="staden", url="https://www.example.org/a", top=3),
        Canary(q="b", url="http://b.se", top=1),
    )
    assert config.publish.evaluation == EvaluationSettings(
        judgments=config.path.parent / "quality" / "judgments.yaml", floor=0.7
    )
    assert config.api == ApiSettings(
        host="::", port=1, workers=1, root_path="/a/b", base_url="https://sok.example.org/"
    )


@pytest.mark.parametrize("nothing", ["", "null", "~"])
def test_a_key_with_nothing_has_its_default(tmp_path: Path, nothing: str) -> None:
    added = f"    allow: {nothing}\nhttp: {nothing}\napi:\n  base_url: {nothing}\n  port: {nothing}"
    assert website(tmp_path, added).allow == ("/samverkan/**",)
    config = loaded(tmp_path, added)

    assert config.http == HttpSettings()
    assert config.api == ApiSettings()


@pytest.mark.parametrize("word", ["NO", "no", "on", "off", "Yes", "12:30", "2026-01-31", "0x1F"])
def test_words_mean_what_they_say(tmp_path: Path, word: str) -> None:
    config = loaded(tmp_path, f"vocabulary: {{areas: [{{name: {word}}}]}}")

    assert config.vocabulary.areas == (Concept(name=word),)


def test_a_file_may_begin_with_a_byte_order_mark_and_end_its_lines_as_windows_does(
    tmp_path: Path,
) -> None:
    path = tmp_path / "crawl_config.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())

    assert load(path).sources[0].name == "samverkan"


def test_json_is_yaml(tmp_path: Path) -> None:
    text = (
        '{"version": 1, "user_agent": "Samsok/1.0 (+https://www.example.org/)", "sources": '
        '[{"name": "a", "type": "website", "start": ["https://www.example.org/"]}]}'
    )
    assert loaded(tmp_path, text=text).sources[0].name == "a"


def test_values_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSOK_DATA", "/srv/data")
    monkeypatch.setenv("SAMSOK_PORT", "8123")
    monkeypatch.setenv("SAMSOK_AREA", "2024")
    config = loaded(
        tmp_path,
        "data_dir: env:SAMSOK_DATA\napi: {port: 'env:SAMSOK_PORT'}\n"
        "vocabulary: {areas: [{name: env:SAMSOK_AREA}]}",
    )

    assert config.data_dir == Path("/srv/data")
    assert config.api.port == 8123
    assert config.vocabulary.areas == (Concept(name="2024"),)


def test_a_relative_path_means_the_directory_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc").mkdir()
    written(tmp_path / "etc", RIGHT + "data_dir: ../var")
    monkeypatch.chdir(tmp_path)

    assert load(Path("etc/crawl_config.yaml")).data_dir == tmp_path / "var"


def test_what_is_loaded_cannot_be_changed(tmp_path: Path) -> None:
    config = loaded(tmp_path)

    with pytest.raises(dataclasses.FrozenInstanceError):
        config.user_agent = "x"  # type: ignore[misc]  # what the test is about


@pytest.mark.parametrize(
    "glob", ["/", "/**", "/a.b/*", "/**/*.pdf", "/sok?q=*", "/öppet/**/a-b_c~"]
)
def test_patterns_of_paths(glob: str) -> None:
    assert path_glob(glob) == glob


@pytest.mark.parametrize(
    "css", ["h1", "main > p.a", ":is(h2, h3) ~ ul li", "a[href^='/x']", "#åäö"]
)
def test_selectors(css: str) -> None:
    assert selector(css) == css
