"""Every mistake that an operator may make: which key and line are named, and what is advised."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.unit.config.writing import RIGHT, problems_of, written


class Mistake(NamedTuple):
    """What is added below the six right lines, and what must be said about it."""

    added: str
    key: str
    line: int
    said: str


def top(text: str, key: str, said: str, line: int = 7) -> Mistake:
    return Mistake(f"{text}\n", key, line, said)


def site(text: str, key: str, said: str, line: int = 7) -> Mistake:
    return Mistake(f"    {text}\n", f"sources[0].{key}", line, said)


def rule(text: str, key: str, said: str) -> Mistake:
    return site(f"rules: [{{match: /a/*, {text}}}]", f"rules[0].{key}", said)


def second(kind: str, address: str, text: str, key: str, said: str) -> Mistake:
    source = f"{{{text}, type: {kind}, name: other, {address}: 'https://x.example.org/'}}"
    return top(f"  - {source}", f"sources[1].{key}", said)


def exception(text: str, key: str, said: str) -> Mistake:
    return site(f"http_exceptions: [{{{text}}}]", f"http_exceptions[0]{key}", said)


UNKNOWN_KEYS = [
    top("htpp: {}", "htpp", "did you mean `http`?"),
    top("http: {delay: 1}", "http.delay", "did you mean `delay_s`?"),
    top("http: {timeout: 1}", "http.timeout", "did you mean `timeout_s`?"),
    top("http: {zzz: 1}", "http.zzz", "there are: delay_s, timeout_s, deadline_s, max_body_mb"),
    top("http:\n  delay_s: 1\n  max_size_mb: 3", "http.max_size_mb", "`max_body_mb`", 9),
    top("delay_s: 1", "delay_s", "it belongs in http or sources[]"),
    top("canaries: []", "canaries", "it belongs in publish"),
    top("workers:", "workers", "it belongs in api"),
    top("port: 1", "port", "it belongs in api"),
    site("max_dept: 3", "max_dept", "did you mean `max_depth`?"),
    site("follow: []", "follow", "did you mean `follow_only`?"),
    site("sitemap: none", "sitemap", "did you mean `sitemaps`?"),
    site("user_agent: x", "user_agent", "it belongs in the top of the file"),
    rule("selector: h1", "selector", "there are: match, kind, main, remove, fields"),
    rule("fields: {titel: h1}", "fields.titel", "did you mean `title`?"),
    rule("fields: {zzz: h1}", "fields.zzz", "must be one of title, summary, published"),
    top("vocabulary: {partner: []}", "vocabulary.partner", "did you mean `partners`?"),
    top("<<: {a: 1}", "<<", "there is no such key"),
]

OTHER_TYPES = [
    top("notify: {command: 25}", "notify.command", "a program and its arguments: a list of texts"),
    top("notify: {command: [mail, 25]}", "notify.command", "a program and its arguments"),
    top("notify: {command: []}", "notify.command", "a program and its arguments"),
    top('notify: {command: "mail \'x"}', "notify.command", "a quotation mark that is opened"),
    top("notify: {webhook: chat.example.org}", "notify.webhook", "must be a URL such as"),
    top("notify: {mail: ops}", "notify.mail", "there is no such key"),
    second("feed", "url", "start: []", "start", "in a source of type feed; it belongs to website"),
    second("feed", "url", "sitemaps: []", "sitemaps", "it belongs to website or sitemap"),
    second("feed", "url", "metadata_prefix: oai_dc", "metadata_prefix", "it belongs to oai_pmh"),
    second("feed", "url", "max_depth: 2", "max_depth", "it belongs to website"),
    second("feed", "url", "urls: []", "urls", "did you mean `url`?"),
    second("feed", "url", "port: 1", "port", "it belongs in api"),
    second("oai_pmh", "url", "rules: []", "rules", "it belongs to website, sitemap or feed"),
    second("oai_pmh", "url", "prefix: x", "prefix", "did you mean `metadata_prefix`?"),
    second(
        "oai_pmh", "url", "zzz: x", "zzz", "there are: name, type, url, metadata_prefix, set, del"
    ),
    second("oai_pmh", "url", "metadata_prefix: mods", "metadata_prefix", "one of oai_dc, swepub_m"),
    second("oai_pmh", "url", "set: 'a b'", "set", "must be a setSpec of the repository"),
    second("oai_pmh", "url", "set: [a]", "set", "must be a setSpec of the repository"),
    site("url: x", "url", "in a source of type website; it belongs to feed or oai_pmh"),
    site("type: feed", "type", "stands in line 5 and in line 7"),
    top("  - x", "sources[1]", "must be a block"),
    top("  - {name: a}", "sources[1].type", "is required"),
    top("  - {name: a, type: rss}", "sources[1].type", "one of website, sitemap, feed, oai_pmh"),
    top("  - {name: a, type: oai-pmh}", "sources[1].type", "did you mean `oai_pmh`?"),
    top("  - {name: a, type: [feed]}", "sources[1].type", "oai_pmh, not a list"),
    top("  - {name: a, type: 'env:SAMSOK_TEXT'}", "sources[1].type", "variable SAMSOK_TEXT"),
    top("  - {name: a, type: 'env:SAMSOK_UNSET'}", "sources[1].type", "has no variable"),
    top("  - {name: a, type: feed}", "sources[1].url", "is required"),
    top("  - {name: a, type: oai_pmh}", "sources[1].url", "is required"),
    top("  - {name: a, type: sitemap}", "sources[1].sitemaps", "is required"),
    top("  - {name: a, type: sitemap, sitemaps: []}", "sources[1].sitemaps", "at least one"),
    top("  - {name: a, type: sitemap, sitemaps: auto}", "sources[1].sitemaps", "a list: [auto]"),
    top("  - {name: a, type: sitemap, sitemaps: [x]}", "sources[1].sitemaps[0]", "must be a URL"),
]

EXCEPTIONS = [
    exception("delay_s: 9", "", "needs `match`, `host` or both"),
    exception("match: /a/**", "", "say one of delay_s, timeout_s, deadline_s, max_body_mb"),
    exception("match: /a/**, delay: 9", ".delay", "did you mean `delay_s`?"),
    exception("match: /a/**, per_host: 9", ".per_host", "it belongs in http or sources[]"),
    exception("match: a, delay_s: 9", ".match", "must begin with a slash"),
    exception("host: b.example.org, delay_s: 9", ".host", "b.example.org is not among hosts"),
    exception("match: /a, deadline_s: 9", ".deadline_s", "is 9, but timeout_s is 30"),
    site("http_exceptions: {match: /a}", "http_exceptions", "must be a list"),
]

RECRAWL = [
    top("recrawl: {min_hours: 48, max_days: 1}", "recrawl.max_days", "is 1, but min_hours is 48"),
    top("api: {rate_limit_per_minute: -1}", "api.rate_limit_per_minute", "0 (no limit) to 100000"),
    top("api: {trusted_proxies: [proxy]}", "api.trusted_proxies[0]", "must be an address such as"),
    top("recrawl: {max_days: 0}", "recrawl.max_days", "a number of days, more than 0"),
    top("recrawl: {min_hours: -1}", "recrawl.min_hours", "a number of hours, 0 or more"),
    top("recrawl: {min_days: 1}", "recrawl.min_days", "did you mean `max_days`?"),
    top("recrawl: 7", "recrawl", "must be a block"),
    top("privacy: {min_count: 1}", "privacy.min_count", "a whole number of searches, 2 to 10000"),
    top("privacy: {query_insight: 1}", "privacy.query_insight", "must be true or false"),
    top("privacy: {retention_days: 0}", "privacy.retention_days", "a whole number of days, 1 to"),
]

INDEX = [
    top("index: {backend: lucene}", "index.backend", "must be whoosh or opensearch"),
    top("index: {backend: opensearch}", "index", "needs `url`, such as https://"),
    top("index: {prefix: hv}", "index.prefix", "is for `backend: opensearch`"),
    top(
        "index: {backend: opensearch, url: ['https://a:b@example.org']}",
        "index.url[0]",
        "must hold no user name or password",
    ),
    top(
        "index: {password: hemligt, backend: opensearch, url: ['https://example.org']}",
        "index.password",
        "must be env:NAME, the name of an environment variable",
    ),
    top(
        "index: {password: 'env:SAMSOK_UNSET', backend: opensearch, url: ['https://a.example']}",
        "index.password",
        "the environment has no variable SAMSOK_UNSET",
    ),
    top(
        "index: {replicas: -1, backend: opensearch, url: ['https://example.org']}",
        "index.replicas",
        "a whole number of copies, 0 to 20",
    ),
]

TYPES = [
    top("http: {delay_s: ten}", "http.delay_s", "a number of seconds, 0 or more (3600 at most)"),
    top("http: {delay_s: -1}", "http.delay_s", "a number of seconds, 0 or more"),
    top("http: {delay_s: 1,5}", "http.5", "write 1.5"),
    top("http: {delay_s: .inf}", "http.delay_s", "must be a number of seconds"),
    top("http: {delay_s: 1e999}", "http.delay_s", "must be a number of seconds"),
    top("http: {delay_s: true}", "http.delay_s", "not true"),
    top("http: {delay_s: [1]}", "http.delay_s", "not a list"),
    top("http: {delay_s: {a: 1}}", "http.delay_s", "not a block"),
    top("http: {timeout_s: 0}", "http.timeout_s", "more than 0"),
    top('http: {per_host: "1"}', "http.per_host", 'must be a whole number, 1 to 16, not "1"'),
    top("http: {concurrency: 1.5}", "http.concurrency", "a whole number, 1 to 256, not 1.5"),
    top("http: {max_body_mb: 20 MB}", "http.max_body_mb", "a number of megabytes"),
    top("http: 3", "http", "must be a block"),
    top("network: [127.0.0.1]", "network", "must be a block"),
    top("data_dir: 2024", "data_dir", "not 2024; put it in quotes"),
    top("data_dir: ''", "data_dir", "must not be empty"),
    top("data_dir: ~/var", "data_dir", "must be written in full"),
    top("publish: {max_loss_percent: 120}", "publish.max_loss_percent", "a percentage, 0 to 100"),
    top("publish: {evaluation: {judgments: a, floor: 70}}", "publish.evaluation.floor", "0.7"),
    top("publish: {evaluation: {floor: 0.7}}", "publish.evaluation.judgments", "is missing"),
    top("publish: {evaluation: {judgments: a}}", "publish.evaluation.floor", "is missing"),
    top("api: {port: 80800}", "api.port", "must be a port, 1 to 65535, not 80800"),
    top("api: {workers: 0}", "api.workers", "a whole number of processes, 1 to 64"),
    top("index: {backend: elastic}", "index.backend", "must be whoosh or opensearch, not elastic"),
    top("index: {keep_generations: 0}", "index.keep_generations", "a whole number, 1 to 100"),
    site("max_pages: 9999999999999999999999", "max_pages", "a whole number of pages"),
    site("max_depth: deep", "max_depth", "a whole number of links, 0 to 100, not deep"),
    site("sitemaps: maybe", "sitemaps", "must be auto, none, or a list of URLs, not maybe"),
    site("sitemaps: [x]", "sitemaps[0]", "must be a URL"),
    site("allow: /a/**", "allow", "must be a list: [/a/**]"),
    site("aliases: [a]", "aliases", "must be a block"),
    site("rules: [a]", "rules[0]", "must be a block"),
    site("rules: {match: /a}", "rules", "must be a list"),
    site("deny:\n      - /a\n      - 7", "deny[1]", "not 7; put it in quotes", 9),
    site("deny:\n      - /a\n      -", "deny[1]", "must be a path such as /samverkan/**", 9),
    rule("kind: partnr", "kind", "one of partner, project, research, publication, news, person"),
]

ADDRESSES = [
    site("hosts: ['https://www.example.org/']", "hosts[0]", "write www.example.org alone"),
    site("hosts: [www.example.org/samverkan]", "hosts[0]", "write www.example.org alone"),
    site("hosts: ['*.example.org']", "hosts[0]", "has no wildcards; name each host"),
    site("hosts: ['www.example.org:99999']", "hosts[0]", "www.example.org or localhost:8080"),
    site("hosts: ['a b']", "hosts[0]", "must be a host"),
    site("hosts: ['user@www.example.org']", "hosts[0]", "must be a host"),
    site("hosts: ['1.2.3.400']", "hosts[0]", "must be a host"),
    site("hosts: ['[fe80::1%eth0]']", "hosts[0]", "must be a host"),
    site(
        "aliases: {'https://a.example.org': www.example.org}",
        'aliases["https://a.example.org"]',
        "write a.example.org alone",
    ),
    site("aliases: {a.example.org: b/c}", 'aliases["a.example.org"]', "write b alone"),
    top("network: {allow_private: ['http://x']}", "network.allow_private[0]", "write x alone"),
    top("network: {allow_private: [10.0.0.0/99]}", "network.allow_private[0]", "a network such"),
    top("api: {host: '127.0.0.1:80'}", "api.host", "the port is `port`"),
    top("api: {root_path: sok}", "api.root_path", "must begin with a slash"),
    top("api: {root_path: /sok/}", "api.root_path", "not end with one"),
    top("api: {base_url: sok.example.org}", "api.base_url", "must be a URL"),
    top("api: {base_url: 'https://a.example.org/?x'}", "api.base_url", "without ? and #"),
    top("publish: {canaries: [{q: a, url: /x}]}", "publish.canaries[0].url", "such as https://www"),
    top("publish: {canaries: [{q: ' ', url: 'https://a.se'}]}", "publish.canaries[0].q", "empty"),
    top("publish: {canaries: [{q: a}]}", "publish.canaries[0].url", "is required"),
]

PATTERNS = [
    site("allow: [samverkan/**]", "allow[0]", "must begin with a slash"),
    site("allow: ['**/print']", "allow[0]", "must begin with a slash"),
    site("allow: ['https://www.example.org/a/**']", "allow[0]", "write the path alone"),
    site("deny: ['/a b']", "deny[0]", "no blanks"),
    site("deny: ['/a/***']", "deny[0]", "three stars in a row"),
    site("deny: ['/{a,b}/*']", "deny[0]", "write a line for each"),
    site("deny: ['/[ab]/*']", "deny[0]", "write a line for each"),
    site("follow_only: ['/(a|b)']", "follow_only[0]", "not a regular expression"),
    site("follow_only: ['/a$']", "follow_only[0]", "not a regular expression"),
    site(f"deny: ['{'/*' * 9}']", "deny[0]", "8 stars at most"),
    site("rules: [{main: h1}]", "rules[0].match", "is required"),
    rule("main: 'a['", "main", "is not a CSS selector: Malformed attribute selector"),
    rule("main: ''", "main", "is not a CSS selector"),
    rule("remove: [nav, 'p:::x']", "remove[1]", "is not a CSS selector"),
    rule("main: 'p::before'", "main", "::pseudo-elements select nothing"),
    rule("main: 'p:contains(x)'", "main", "write :-soup-contains"),
    rule(f"main: '{':is(' * 50}a{')' * 50}'", "main", "is too long"),
    rule("fields: {title: 'h1 >'}", "fields.title", "is not a CSS selector"),
    rule("fields: h1", "fields", "must be a block"),
]

CONTRADICTIONS = [
    top(
        "  - {name: samverkan, type: website, start: ['https://b.example.org/']}",
        "sources[1].name",
        '"samverkan" is the name of sources[0] too',
    ),
    Mistake("    hosts: [b.example.org]\n", "sources[0].start[0]", 6, "is not among hosts"),
    site(
        "aliases: {a.example.org: b.example.org}",
        'aliases["a.example.org"]',
        "b.example.org is not among hosts",
    ),
    site(
        "aliases: {WWW.example.org: www.example.org}",
        'aliases["WWW.example.org"]',
        "is one of hosts already",
    ),
    top("http: {timeout_s: 90}", "http.deadline_s", "is 60, but timeout_s is 90"),
    site("deadline_s: 10", "deadline_s", "is 10, but timeout_s is 30"),
    top(
        "vocabulary:\n  partners:\n  - {name: Staden}\n  - {name: Byn, aliases: [x, '  STADEN ']}",
        "vocabulary.partners[1].aliases[1]",
        'stands for "Staden" (partners) already; a name can stand for one thing only',
        10,
    ),
    top(
        "vocabulary:\n  partners: [{name: A, aliases: [b]}]\n  areas:\n  - name: B",
        "vocabulary.areas[0].name",
        '"B" stands for "A" (partners) already',
        10,
    ),
    top("vocabulary: {areas: [{name: A}, {name: A}]}", "vocabulary.areas[1].name", "stands for"),
]

YAML = [
    top("version: 1", "version", "stands in line 1 and in line 7; keep one"),
    site("name: b", "name", "stands in line 4 and in line 7; keep one"),
    top("http: {delay_s: 1, delay_s: 2}", "http.delay_s", "stands in line 7 and in line 7"),
    top("data_dir:var\nindex: {}", "", "put a space after the colon: `data_dir: …`"),
    top("http:\n\tdelay_s: 1", "", "is indented with a tab; use spaces", 8),
    top("http:\n  delay_s: 1\n per_host: 1", "", "is indented differently", 9),
    top('data_dir: "var\nindex: {}', "", "a quotation mark is opened here, not closed"),
    top("index: {backend: whoosh", "", "a [ or { is opened here"),
    top("index:\n  x: [1, 2\napi: {}", "", "a [ or { is opened here", 8),
    top("data_dir: a: b", "", "column 12: a colon too many, or wrong indentation"),
    top("data_dir: @var", "", "column 11: put a value that begins with @ in quotes"),
    top("data_dir: *var*", "", "put a value that begins with * in quotes"),
    top("data_dir: *var", "", "text that begins with & or * in quotes"),
    top("data_dir: &a var", "", "anchors (&) and aliases (*) are not used here"),
    top("data_dir: !!python/name:os.system ''", "", "tags (!) are not used here"),
    top('data_dir: "C:\\data"', "", r"a \ in double quotes begins an escape; use single quotes"),
    top('data_dir: "\\UFFFFFFFF"', "", "holds an escape"),
    top('data_dir: "\\ud800"', "data_dir", "holds half a character"),
    top("data_dir: \x07", "", "holds the control character U+0007"),
    top('data_dir: "a\\0b"', "data_dir", "no line breaks or control characters"),
    top("---\nversion: 1", "", "a second document begins here; take the line --- out"),
    top(f"http: {'[' * 30}", "", "is nested more than 20 deep"),
    top("? [a]\n: b", "", "a key must be a plain word"),
    top("%x", "", "put a value that begins with % in quotes"),
]

ENVIRONMENT = [
    top("data_dir: env:SAMSOK_UNSET", "data_dir", "the environment has no variable SAMSOK_UNSET"),
    top("data_dir: 'env:'", "data_dir", "env: is followed by the name of a variable"),
    top("api: {port: env:SAMSOK_TEXT}", "api.port", "environment variable SAMSOK_TEXT"),
    top("api: {base_url: env:SAMSOK_TEXT}", "api.base_url", "must be a URL"),
]

ALL = [
    *UNKNOWN_KEYS,
    *OTHER_TYPES,
    *EXCEPTIONS,
    *RECRAWL,
    *INDEX,
    *TYPES,
    *ADDRESSES,
    *PATTERNS,
    *CONTRADICTIONS,
    *YAML,
    *ENVIRONMENT,
]


JARGON = re.compile(
    r"(?i)pydantic|input should|extra inputs|field required|unable to parse"
    r"|valid (?:string|integer|number|list|dict)|finite number|discriminator|literal"
    r"|NoneType|\bstr\b|\bint\b|\bdict\b"
    r"|block (?:mapping|sequence|end)|flow (?:mapping|sequence)|scalar|Traceback|<[a-z]+>"
)
"""What validators and parsers say to programmers."""


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.added.strip()[:60])
def test_a_mistake_is_told_with_its_key_its_line_and_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mistake: Mistake
) -> None:
    monkeypatch.setenv("SAMSOK_TEXT", "hush-hush")
    monkeypatch.delenv("SAMSOK_UNSET", raising=False)

    problems = problems_of(written(tmp_path, RIGHT + mistake.added))

    told = [(problem.key, problem.line) for problem in problems]
    assert told == [(mistake.key, mistake.line)]
    assert mistake.said in problems[0].message
    assert not JARGON.search(problems[0].message)
    assert "hush-hush" not in str(problems[0])


@pytest.mark.parametrize(
    ("right", "wrong", "key", "line", "said"),
    [
        ("version: 1\n", "", "version", 1, "is required"),
        ("version: 1", "version: 2", "version", 1, "must be 1, the version of this format, not 2"),
        ("version: 1", 'version: "1"', "version", 1, 'not "1"'),
        ("(samsok@example.org)", "", "user_agent", 2, "must hold a contact"),
        ("(samsok@example.org)", "(samsok@example)", "user_agent", 2, "must hold a contact"),
        ("Samsok/1.0", "1.0", "user_agent", 2, "must begin with a name"),
        ("Samsok/1.0", "Samsök/1.0", "user_agent", 2, "only ASCII"),
        ('"Samsok/1.0 (samsok@example.org)"', "", "user_agent", 2, "is required"),
        ("name: samverkan", "name: Samverkan", "sources[0].name", 4, "a-z, 0-9, - and _"),
        ("name: samverkan", "name: 'a\\nb'", "sources[0].name", 4, "a-z, 0-9, - and _"),
        ("name: samverkan", "name: 2024", "sources[0].name", 4, "not 2024; put it in quotes"),
        ("name: samverkan", "max_depth: 3", "sources[0].name", 4, "is required"),
        ("    type: website\n", "", "sources[0].type", 4, "is required"),
        ("type: website", "type: web", "sources[0].type", 5, "not web; did you mean `website`?"),
        ("https://", "", "sources[0].start[0]", 6, "must be a URL such as https://"),
        ("https://", "ftp://", "sources[0].start[0]", 6, "must be a URL such as https://"),
        ("https://", "https://me:pw@", "sources[0].start[0]", 6, "no user name or password"),
        ("www.example", "www_-.example", "sources[0].start[0]", 6, "is not a host name"),
        ("www.example", "www.exa mple", "sources[0].start[0]", 6, "must be a URL"),
        ('["https', '["http://[', "sources[0].start[0]", 6, "must be a URL"),
        ('["https://www.example.org/samverkan/"]', "[]", "sources[0].start", 6, "at least one"),
    ],
)
def test_what_is_required_must_be_there_and_right(
    tmp_path: Path, *, right: str, wrong: str, key: str, line: int, said: str
) -> None:
    assert right in RIGHT
    problems = problems_of(written(tmp_path, RIGHT.replace(right, wrong)))

    assert [(problem.key, problem.line) for problem in problems] == [(key, line)]
    assert said in problems[0].message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", None, "is empty"),
        ("# only a comment\n", None, "is empty"),
        ("---\n...\n", None, "is empty"),
        ("- version: 1\n", 1, "must be a block of `key: value` lines, such as `version: 1`, not a"),
        ("version\n", 1, "must be a block"),
        ("version:1\n", 1, "put a space after the colon"),
        ("version:1\ndata_dir:var\n", 1, "put a space after the colon"),
        ("a: 1\n" * 200_001, None, "is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_configuration(
    tmp_path: Path, text: str, line: int | None, said: str
) -> None:
    (problem,) = problems_of(written(tmp_path, text))

    assert problem.line == line
    assert said in problem.message


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (
            "version: 1\n# å\n".encode("latin-1"),
            2,
            "is not UTF-8 (the byte 0xe5); save it as UTF-8",
        ),
        ("version: 1\n".encode("utf-16"), 1, "is UTF-16; save it as UTF-8"),
    ],
)
def test_a_file_in_another_encoding(tmp_path: Path, data: bytes, line: int, said: str) -> None:
    path = tmp_path / "crawl_config.yaml"
    path.write_bytes(data)

    (problem,) = problems_of(path)

    assert problem.line == line
    assert said in problem.message


def test_a_missing_file_says_where_it_looked_and_what_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    (problem,) = problems_of(Path("crawl_config.yaml"))

    assert str(tmp_path) in problem.message
    assert "samsok demo" in problem.message
    assert "docs/CONFIGURATION.md" in problem.message


def test_a_directory_is_not_a_file(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path)

    assert "cannot be read: Is a directory" in problem.message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = RIGHT.replace("version: 1", "version: 9").replace("type: website", "type: web")
    text += "index: {url: x}\nhttp: {delay: 1, per_host: 99}\nversion: 1\n"

    problems = problems_of(written(tmp_path, text))

    assert [(problem.key, problem.line) for problem in problems] == [
        ("version", 1),
        ("sources[0].type", 5),
        ("index.url", 7),
        ("http.per_host", 8),
        ("http.delay", 8),
        ("version", 9),
    ]
