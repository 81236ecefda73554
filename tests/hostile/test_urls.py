"""Links and URLs: what a page writes, and which requests come of it.

Every case is a folder of one site. All the folders' start pages are crawled at once, and what is
asked for below a folder is compared, request by request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from indexer.crawl.reading import PageReader
from tests.hostile.cases import case
from tests.hostile.crawling import Night, Operator, Resolver, text, write
from tests.support.faux_site import HTML, FauxSite, Reply, page_reply


@dataclass(frozen=True)
class Folder:
    """A page that writes links in some way, and the paths in its folder that are asked for.

    In `html`, `{site}` is the site's URL and `{here}` the folder's path.
    """

    name: str
    html: str
    asked: tuple[str, ...] = ()
    head: str = ""

    @property
    def written(self) -> str:
        """The markup, short enough for a table."""
        shown = " ".join(f"{self.head}{self.html}".split())
        return f"`{shown[:120]}…`" if len(shown) > 120 else f"`{shown}`"

    @property
    def must(self) -> str:
        """What must be asked for, in words."""
        if not self.asked:
            return "nothing is asked for"
        return "asked for, once: " + ", ".join(f"`{path[:60]}`" for path in self.asked)

    def __str__(self) -> str:
        return self.name


def links(*hrefs: str) -> str:
    return "".join(f'<a href="{href}">länk</a> ' for href in hrefs)


FOLDERS = [
    # --- letters and their encodings
    Folder("raw-letters", links("å/ä ö"), ("%C3%A5/%C3%A4%20%C3%B6",)),
    Folder("percent-case", links("%c3%a5", "%C3%A5", "å"), ("%C3%A5",)),
    Folder("nfd-letters", links("a\u030a", "å", "o\u0308"), ("%C3%A5", "%C3%B6")),
    Folder("nfd-percent", links("a%CC%8A"), ("a%CC%8A",)),
    Folder("latin-1-percent", links("%E5"), ("%E5",)),
    Folder("unreserved-percent", links("%61%7E%2D", "a~-"), ("a~-",)),
    Folder("reserved-percent", links("a%2Fb%3fc"), ("a%2Fb%3Fc",)),
    Folder("lone-percent", links("100%", "%zz"), ("100%25", "%25zz")),
    Folder("entities", links("?a=1&amp;b=2", "&aring;"), ("?a=1&b=2", "%C3%A5")),
    Folder("entities-unescaped", links("?a=1&copy=2&sect=3"), ("?a=1&copy=2&sect=3",)),
    Folder("no-break-space", links("a\u00a0b"), ("a%C2%A0b",)),
    Folder("emoji", links("😀"), ("%F0%9F%98%80",)),
    Folder("lone-surrogate", links("x&#xD800;y", "ok"), ("x%EF%BF%BDy", "ok")),
    # --- what a browser forgives
    Folder("blanks-around", links(" \t x \n "), ("x",)),
    Folder("line-breaks-inside", links("x\ty\r\nz"), ("xyz",)),
    Folder("backslashes", links("\\backslashes\\a\\b"), ("a/b",)),
    Folder("backslash-host", links("\\\\localhost:{port}\\backslash-host\\x"), ("x",)),
    Folder("no-quotes", "<A HREF=x>länk</A><a href='y'>länk</a>", ("x", "y")),
    Folder("unclosed", '<a href="x">länk<a href="y"><p>text', ("x", "y")),
    Folder("control-characters", links("x&#1;y", "ok"), ("x%01y", "ok")),
    Folder("upper-case-host", links("HTTP://LOCALHOST:{port}{here}x"), ("x",)),
    Folder("host-with-dot", links("http://localhost.:{port}{here}x", "x"), ("x",)),
    Folder("protocol-relative", links("//localhost:{port}{here}x"), ("x",)),
    Folder("scheme-without-slashes", links("ok", "http:", "http:///", "http://"), ("ok",)),
    Folder("broken-hosts", links("http://[::1", "http://%zz/", "http://a b/", "ok"), ("ok",)),
    Folder("broken-ports", links("http://localhost:99999/", "http://localhost:x/", "ok"), ("ok",)),
    Folder("empty", links("", "#", "#topp", "?", "./", ".")),
    # --- what is the same page
    Folder("fragments", links("x#a", "x#b", "x"), ("x",)),
    Folder("dot-segments", links("./b/../x", "../dot-segments/x", "/../{here}x"), ("x",)),
    Folder("percent-dot-segments", links("b/%2e%2E/x", "x"), ("x",)),
    Folder("tracking", links("?utm_source=a&id=1&fbclid=b", "?id=1&gclid=c"), ("?id=1",)),
    Folder("only-tracking", links("x?utm_source=a&utm_medium=b", "x?", "x"), ("x",)),
    Folder(
        "session-ids", links("x;jsessionid=1A", "x?PHPSESSID=2b", "x?sid2=1"), ("x", "x?sid2=1")
    ),
    Folder("often", links(*["x"] * 500), ("x",)),
    # --- what is not
    Folder("query-only", links("?sida=2"), ("?sida=2",)),
    Folder("query-order", links("?a=1&b=2", "?b=2&a=1"), ("?a=1&b=2", "?b=2&a=1")),
    Folder("trailing-slash", links("x", "x/"), ("x", "x/")),
    Folder("path-case", links("X", "x"), ("X", "x")),
    Folder("double-slashes", links("a//b", "a/b"), ("a//b", "a/b")),
    # --- base
    Folder("base", links("x", "?y", "#z"), ("mapp/x", "mapp/", "mapp/?y"), '<base href="mapp/">'),
    Folder("two-bases", links("x"), ("a/x",), '<base href="a/"><base href="b/">'),
    Folder("base-of-another-host", links("x"), (), '<base href="http://evil.example/">'),
    Folder("base-that-is-none", links("x"), ("x",), '<base href="javascript:alert(1)">'),
    # --- who asks not to be followed
    Folder("nofollow", '<a rel="NoFollow noopener" href="x">länk</a>' + links("y"), ("y",)),
    Folder("nofollow-once", '<a rel="nofollow" href="x">länk</a>' + links("x"), ("x",)),
    Folder("meta-nofollow", links("x"), (), '<meta name="ROBOTS" content="NoFollow">'),
    # --- where links stand
    Folder("area", '<map><area href="x" alt="x"><area nohref></map>', ("x",)),
    Folder("noscript", f"<noscript>{links('x')}</noscript>", ("x",)),
    Folder("comment", f"<!-- {links('x')} --><!-- > {links('y')} -->{links('z')}", ("z",)),
    Folder("script", f"<script>var a = '{links('x')}';</script>{links('y')}", ("y",)),
    Folder(
        "what-is-loaded",
        '<img src="a"><script src="b"></script><iframe src="c"></iframe><object data="d"></object>'
        '<video src="e"></video><form action="f"></form><button formaction="g"></button>',
        (),
        '<link rel="stylesheet" href="h"><link rel="preload" href="i"><link rel="next" href="j">',
    ),
    Folder("hidden", f'<div style="display:none">{links("x")}</div>', ("x",)),
    # --- what is no web address
    Folder(
        "other-schemes",
        links(
            *("mailto:ann@example.org", "tel:+4652000", "javascript:alert(1)", "data:text/html,x"),
            *(
                "ftp://localhost/",
                "file:///etc/passwd",
                "ws://localhost:{port}{here}x",
                "about:blank",
            ),
            *("view-source:{site}{here}x", "JAVASCRIPT://localhost:{port}{here}x", "blob:x"),
        ),
    ),
    Folder("user-and-password", links("http://ann:hemligt@localhost:{port}{here}x")),
    Folder("very-long", links("x" * 3000, "y" * 70_000, "ok"), ("ok",)),
    Folder("very-long-query", links("?q=" + "z" * 5000, "ok"), ("ok",)),
]


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[FauxSite, Night]]:
    """One crawl of all the folders."""
    with FauxSite() as site:
        for folder in FOLDERS:
            write_folder(site, folder)
        # Whatever is asked for is there, so that nothing is left out for being dead.
        site.answer(lambda path: page_reply(html=text(path), title=path))
        operator = Operator(site, tmp_path_factory.mktemp("urls"), reader)
        operator.allowed = [f"localhost:{site.port}"]
        starts = tuple(site.url(f"/{folder}/", host="localhost") for folder in FOLDERS)
        with operator.store:
            yield site, operator.crawl(start=starts, max_depth=1)


def write_folder(site: FauxSite, folder: Folder) -> None:
    here = f"/{folder}/"
    markup = folder.html
    for name, value in {"site": site.url(""), "here": here, "port": str(site.port)}.items():
        markup = markup.replace(f"{{{name}}}", value)
    html = (
        f'<!doctype html><html lang="sv"><head><meta charset="utf-8">{folder.head}</head>'
        f"<body><main><h1>{folder}</h1><p>Om {folder}.</p>{markup}</main></body></html>"
    )
    body = html.encode(errors="surrogatepass")
    site.reply(here, Reply(body=body, headers={"Content-Type": HTML}))


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
@case("{folder.written}", "{folder.must}")
def test_links_are_read_as_browsers_read_them(
    crawled: tuple[FauxSite, Night], folder: Folder
) -> None:
    site, _ = crawled
    here = f"/{folder}/"
    asked = [path for path in site.requested if path.startswith((here, f"/{folder}?"))]
    assert sorted(asked) == sorted([here, *(here + path for path in folder.asked)])


@case(
    "links to mail addresses, telephone numbers and a URL with a password, in all folders",
    "neither the report nor the log of the store shows any of them",
)
def test_a_report_shows_nothing_personal(crawled: tuple[FauxSite, Night]) -> None:
    _, night = crawled
    told = f"{night.report.to_json()} {list(night.report.lines())}"
    assert "hemligt" not in told
    assert "ann@" not in told
    assert "+4652000" not in told


@case("55 pages of the strangest links", "nothing fails, and nothing is asked for twice")
def test_no_link_breaks_the_crawl(crawled: tuple[FauxSite, Night]) -> None:
    site, night = crawled
    assert night.exit_code == 0
    assert night.counts("failed") == {}
    assert max(site.times.values()) == 1


@case(
    "links to http://trollhättan.example, to its IDNA name, and to it in capitals and NFD",
    "they are one host: one page is asked for, by the IDNA name",
)
def test_a_host_with_letters_is_one_host(
    site: FauxSite, operator: Operator, resolver: Resolver
) -> None:
    ascii_name = "xn--trollhttan-v5a.example"
    resolver.answer(ascii_name, ["127.0.0.1"])
    operator.allowed.append(f"{ascii_name}:{site.port}")
    names = ("trollhättan.example", ascii_name, "TROLLHÄTTAN.example", "trollha\u0308ttan.example")
    write(site, "/", *(site.url("/x", host=name) for name in names))
    write(site, "/x")
    hosts = (f"127.0.0.1:{site.port}", f"trollhättan.example:{site.port}")
    night = operator.crawl(hosts=hosts, allow=("/**",))
    assert [request.host for request in site.asked("/x")] == [f"{ascii_name}:{site.port}"]
    assert len(night.paths) == 2


@case(
    "a page links 20 000 times to itself with other fragments, and to 30 pages",
    "the page is read in bounded time and 30 pages are asked for",
)
def test_a_page_of_links_to_itself_is_read(site: FauxSite, operator: Operator) -> None:
    pages = [f"/{number}" for number in range(30)]
    here = "".join(f'<a href="#{number}">{number}</a>' for number in range(20_000))
    site.page("/", html=text("/") + "".join(f'<a href="{p}">{p}</a>' for p in pages) + here)
    for path in pages:
        write(site, path)
    night = operator.crawl(max_depth=1)
    assert sorted(site.pages_requested) == sorted(["/", *pages])
    assert night.seconds < 20
