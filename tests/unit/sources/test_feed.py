"""Feeds of every dialect, written well, badly and with malice."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import Entry, Feed, parse_feed
from indexer.sources.feed import MAX_BYTES
from indexer.sources.feed_copy import MAX_ENTRIES

BASE = "https://www.example.org/nyheter/rss.xml"


def read(text: str | bytes, *, charset: str | None = None) -> Feed:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, base=BASE, charset=charset)


def urls(feed: Feed) -> list[str]:
    return [entry.url for entry in feed.entries]


def rss(*items: str, attributes: str = 'version="2.0"') -> str:
    entries = "".join(f"<item>{item}</item>" for item in items)
    channel = "<title>Nyheter</title><link>https://www.example.org/</link>"
    return f"<rss {attributes}><channel>{channel}{entries}</channel></rss>"


def atom(*entries: str, attributes: str = "") -> str:
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    links = '<link href="https://www.example.org/"/><link rel="self" href="/nyheter/atom.xml"/>'
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{links}{inside}</feed>'


def test_rss_2() -> None:
    feed = read(
        rss(
            "<title>Nytt  avtal</title><link>https://www.example.org/a?x=1&amp;y=2</link>"
            "<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate>"
            "<guid>https://www.example.org/?p=7</guid><description>&lt;p&gt;Hej</description>",
            "<link>/b</link>",
        )
    )
    assert feed == Feed(
        entries=(
            Entry(
                url="https://www.example.org/a?x=1&y=2",
                title="Nytt avtal",
                published=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
            ),
            Entry(url="https://www.example.org/b"),
        )
    )


def test_rss_1_has_its_entries_beside_the_channel() -> None:
    feed = read(
        """<?xml version="1.0"?>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://www.example.org/"><link>https://www.example.org/</link></channel>
        <item rdf:about="https://www.example.org/a"><title>A</title>
          <link>https://www.example.org/a</link><dc:date>2026-03-02T10:00:00+01:00</dc:date></item>
        </rdf:RDF>"""
    )
    (entry,) = feed.entries
    assert entry.url == "https://www.example.org/a"
    assert entry.updated == dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        rss("<link>https://www.example.org/a</link>", attributes='version="0.91"'),
        rss("<link>https://www.example.org/a</link>", attributes=""),
        rss("<link>https://www.example.org/a</link>", attributes='xmlns="urn:egen"'),
        rss("<link>/a</link>", attributes='xmlns="http://backend.userland.com/rss2"'),
        (
            '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
            f'"http://my.netscape.com/publish/formats/rss-0.91.dtd">{rss("<link>/a</link>")}'
        ),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel/>'
            "<item><link>https://www.example.org/a</link></item></rdf:RDF>"
        ),
        (
            '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>'
            '<link rel="alternate" type="text/html" href="/a"/></entry></feed>'
        ),
        (
            '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:link href="/a"/>'
            "</a:entry></a:feed>"
        ),
    ],
)
def test_other_dialects(text: str) -> None:
    feed = read(text)
    assert urls(feed) == ["https://www.example.org/a"]
    assert feed.problem == ""


def test_atom_links_to_the_page_and_not_to_what_belongs_to_it() -> None:
    feed = read(
        atom(
            "<title type='html'>Ett &lt;b>avtal&lt;/b></title><id>tag:example.org,2026:1</id>"
            '<link rel="replies" href="/a/svar"/><link rel="edit" href="/a/andra"/>'
            '<link rel="enclosure" type="audio/mpeg" href="/a.mp3"/>'
            '<link rel="alternate" type="application/json" href="/a.json"/>'
            '<link rel="alternate" type="text/html" href="/a"/>'
            "<published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00Z</updated>"
        )
    )
    (entry,) = feed.entries
    assert entry.url == "https://www.example.org/a"
    assert entry.published == dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)
    assert entry.updated == dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)


def test_an_atom_entry_may_be_a_document() -> None:
    link = '<link rel="alternate" type="application/pdf" href="/rapport.pdf"/>'
    assert urls(read(atom(link))) == ["https://www.example.org/rapport.pdf"]


def test_an_id_is_no_link() -> None:
    assert urls(read(atom("<id>https://www.example.org/a</id>"))) == []


def test_relative_links_are_relative_to_xml_base_and_that_to_the_feed() -> None:
    feed = read(
        atom(
            '<link href="a"/>',
            '<link xml:base="c/" href="b"/>',
            attributes='xml:base="/arkiv/"',
        )
    )
    assert urls(feed) == [
        "https://www.example.org/arkiv/a",
        "https://www.example.org/arkiv/c/b",
    ]
    assert urls(read(rss("<link>a</link>"))) == ["https://www.example.org/nyheter/a"]


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>https://www.example.org/a</guid>", "https://www.example.org/a"),
        ('<link/><guid isPermaLink="True">https://h/a</guid>', "https://h/a"),
        ("<guid>https://h/guid</guid><link>https://h/a</link>", "https://h/a"),
        ("<link>https://h/a</link><guid>https://h/guid</guid>", "https://h/a"),
        ('<guid isPermaLink="false">https://h/a</guid>', None),
        ("<guid>12345</guid>", None),
        ("<link> \n https://h/a \n </link>", "https://h/a"),
        ("<link><![CDATA[https://h/a?b&c]]></link>", "https://h/a?b&c"),
        ("<link>https://h/område/öppet</link>", "https://h/område/öppet"),
        ('<a:link xmlns:a="http://www.w3.org/2005/Atom" href="https://h/a"/>', "https://h/a"),
        (
            (
                '<link>https://feedproxy.example.org/~r/x</link><f:origLink xmlns:f="'
                'http://rssnamespace.org/feedburner/ext/1.0">https://h/a</f:origLink>'
            ),
            "https://h/a",
        ),
        ('<m:link xmlns:m="urn:annat">https://h/annat</m:link>', None),
        ("<title>utan länk</title>", None),
        (f"<link>https://h/{'x' * 5000}</link>", None),
    ],
)
def test_which_link_is_the_page(item: str, url: str | None) -> None:
    feed = read(rss(item))
    assert urls(feed) == ([] if url is None else [url])
    assert feed.problem == ""


def test_the_change_of_a_page_is_the_later_of_its_dates_that_has_come() -> None:
    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    early, late = now - dt.timedelta(days=2), now + dt.timedelta(days=2)
    assert Entry(url="x").lastmod(now=now) is None
    assert Entry(url="x", published=early, updated=now).lastmod(now=now) == now
    assert Entry(url="x", published=early, updated=late).lastmod(now=now) == early


@pytest.mark.parametrize("date", ["igår", "", "Mon, 99 Mar 2026 10:00:00 GMT", "0000-00-00"])
def test_a_date_that_is_none_says_nothing(date: str) -> None:
    (entry,) = read(rss(f"<link>/a</link><pubDate>{date}</pubDate>")).entries
    assert entry.published is None


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss()) == Feed()
    assert read(atom()) == Feed()
    assert read("<rss/>") == Feed()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty or no XML"),
        (b" \n", "empty or no XML"),
        (b"Sidan finns inte", "empty or no XML"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "empty or no XML"),
        (b"\x00\xff" * 500, "empty or no XML"),
        (b"<!doctype html><html><body><p>Hej<br></body></html>", "an HTML page"),
        (b"<html><body><item><link>https://h/a</link></item></body></html>", "an HTML page"),
        (b"<urlset><url><loc>https://h/a</loc></url></urlset>", "<urlset>"),
        (b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "<rdf>"),
    ],
)
def test_something_else_altogether_is_foreign(body: bytes, said: str) -> None:
    feed = read(body)
    assert feed.foreign
    assert said in feed.problem
    assert feed.entries == ()


AWKWARD = {
    "a bare ampersand": "<rss><channel><item><link>https://h/å?a=1&b=2</link></item></channel></rss>",
    "an entity of HTML": "<rss><channel><item><title>&nbsp;&raquo;&foo;</title>"
    "<link>https://h/&aring;?a=1&amp;b=2</link></item></channel></rss>",
    "a blank line first": '\n <?xml version="1.0"?><rss><channel><item>'
    "<link>https://h/å?a=1&amp;b=2</link></item></channel></rss>",
    "a comment and a style sheet": '<?xml-stylesheet href="/x.xsl"?><!-- a --><rss><channel><item>'
    "<link>https://h/å<!-- b -->?a=1&amp;b=2</link></item></channel></rss>",
    "CDATA beside a bare ampersand": "<rss><channel><item><title>A & B</title>"
    "<link><![CDATA[https://h/å?a=1&b=2]]></link></item></channel></rss>",
}


@pytest.mark.parametrize("name", AWKWARD)
def test_common_mistakes_are_understood(name: str) -> None:
    feed = read(AWKWARD[name])
    assert urls(feed) == ["https://h/å?a=1&b=2"]
    assert feed.problem == ""


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("iso-8859-1", "iso-8859-1"),
        ("cp1252", None),
        ("utf-16", None),
    ],
)
@pytest.mark.parametrize("inside", ["", '<?xml version="1.0" encoding="{}"?>'])
def test_feeds_come_in_many_encodings(encoding: str, declared: str | None, inside: str) -> None:
    text = inside.format(encoding.removesuffix("-sig")) + rss("<link>https://h/å</link>")
    assert urls(read(text.encode(encoding), charset=declared)) == ["https://h/å"]


@pytest.mark.parametrize("end", [b"<item><link>https://h/", b"<item></link>", b"\x00\x01<"])
def test_a_broken_feed_gives_what_came_before_and_says_so(end: bytes) -> None:
    whole = rss("<link>https://h/a</link>").encode()
    feed = read(whole.removesuffix(b"</channel></rss>") + end)
    assert urls(feed)[:1] == ["https://h/a"]
    assert "well-formed" in feed.problem
    assert not feed.foreign


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    feed = read(
        doctype + rss("<link>https://h/&f;</link>", "<title>&l11;</title><link>https://h/b</link>")
    )
    assert feed == Feed(entries=(Entry(url="https://h/b"),))


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@h"])
def test_a_link_that_leads_nowhere_on_the_web_is_left_as_it_is(link: str) -> None:
    # Which URLs are fetched is decided where all of them are.
    assert urls(read(rss(f"<link>{link}</link>"))) == [link]


def test_a_feed_that_is_named_like_a_file_is_no_file() -> None:
    assert read(b"/etc/passwd").foreign
    assert read(b"https://www.example.org/rss").foreign


def test_more_entries_than_anybody_needs_are_cut_off_and_reported() -> None:
    feed = read(rss(*(f"<link>https://h/{number}</link>" for number in range(MAX_ENTRIES + 1))))
    assert len(feed.entries) == MAX_ENTRIES
    assert str(MAX_ENTRIES) in feed.problem


def test_a_feed_that_is_too_large_is_refused() -> None:
    feed = read(b" " * (MAX_BYTES + 1))
    assert str(MAX_BYTES) in feed.problem
    assert not feed.foreign


MALICE = {
    "attributes": "<item " + " ".join(f"a{n}=''" for n in range(200_000)) + "><link>/a</link>",
    "attributes of a link": "<item><link " + " ".join(f"a{n}=''" for n in range(200_000)) + "/>",
    "namespaces": "".join(
        f'<item><n{n}:date xmlns:n{n}="urn:{n}">x</n{n}:date></item>' for n in range(20_000)
    ),
    "children": "<item>" + "<link>/a</link>" * 200_000 + "</item>",
    "depth": "<item>" + "<div>" * 300_000,
    "ampersands": "<item><title>" + "&" * 2_000_000,
    "references": "<item><title>" + "&a" * 1_000_000,
    "sections": "<item><title>" + "<![CDATA[" * 500_000,
    "open tags": "<item><title>" + "<a " * 1_000_000,
    "a long date": "<item><link>/a</link><pubDate>" + "1 " * 900 + "</pubDate></item>",
    "a long path": "<item><link>" + "a/../" * 399 + "</link></item>",
}


@pytest.mark.parametrize("name", MALICE)
def test_malice_costs_little(name: str) -> None:
    started = time.process_time()
    feed = read(f"<rss><channel>{MALICE[name]}</channel></rss>")
    assert time.process_time() - started < 8
    assert len(feed.entries) <= MAX_ENTRIES


PIECES = (
    *("<rss>", "<channel>", "<item>", "<link>", "</link>", "</item>", "</channel>", "</rss>"),
    *("<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<link href='a'/>", "<html>"),
    *("<guid isPermaLink='å'>", "<link xml:base='http://[' href='//['/>", "http://[", "&", "<"),
    *("<updated>2026-99-99</updated>", "<![CDATA[", "]]>", "&#0;", "&#x110000;", "&aring;", "&a;"),
    *("<?xml version='1.0'?>", "<!DOCTYPE rss [", "<!ENTITY a 'b'>", "]>"),
)


@settings(max_examples=200, deadline=None)
@given(
    body=st.binary(max_size=80)
    | st.lists(st.sampled_from(PIECES)).map(lambda parts: "".join(parts).encode())
)
def test_any_bytes_are_a_feed_or_a_problem(body: bytes) -> None:
    feed = read(body)
    assert feed.problem or not feed.foreign
    assert all(entry.url for entry in feed.entries)
