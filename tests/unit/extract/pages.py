"""Pages for the extraction tests, shaped like those of a university's site."""

from __future__ import annotations

import datetime as dt

from indexer.extract import extract
from indexer.model import Concept, CrawlRequest, Document, Extraction, Page, SiteRule, Vocabulary

VOCABULARY = Vocabulary(
    partners=(
        Concept(name="Trollhättans Stad", aliases=("Trollhättans kommun", "City of Trollhättan")),
        Concept(name="NU-sjukvården", aliases=("NÄL",)),
        Concept(name="Västra Götalandsregionen", aliases=("VGR",)),
    ),
    areas=(
        Concept(name="Arbetsintegrerat lärande", aliases=("AIL", "work-integrated learning")),
        Concept(name="Livslångt lärande", aliases=("lifelong learning",)),
    ),
)
AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)

CHROME_ABOVE = """\
<noscript><p>Din webbläsare har JavaScript avstängt.</p></noscript>
<div class="cookie-banner"><p>Vi använder kakor.</p><button>Godkänn</button></div>
<a class="skip" href="#main">Hoppa till innehåll</a>
<header><nav><ul><li><a href="/">Hem</a></li><li><a href="/nyheter/">Nyheter</a></li></ul></nav></header>
<nav class="breadcrumb" aria-label="Brödsmulor"><ol><li><a href="/">Start</a></li></ol></nav>
"""
CHROME_BELOW = """\
<div class="share"><h2>Dela</h2><a href="https://social.example.org/?u=x" rel="nofollow">Dela</a></div>
<aside class="related"><h2>Relaterade sidor</h2><ul><li><a href="/annat/">Annat</a></li></ul></aside>
<footer><p>Gustava Melins gata, besökare nr 4711</p><p>Publicerad 1999-01-01 av servern</p></footer>
"""
CHROME_WORDS = ("JavaScript", "kakor", "Hoppa", "Dela", "Relaterade", "besökare", "Hem")


def html(main: str, *, title: str = "Sidan", lang: str = "sv", head: str = "") -> str:
    """Return a page with `main` as its content, and everything around it that is none."""
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title} | Högskolan</title>{head}</head>'
        f"<body>{CHROME_ABOVE}<main>{main}</main>{CHROME_BELOW}</body></html>"
    )


def page(
    body: str | bytes,
    *,
    url: str = "https://www.example.org/sida/",
    media_type: str = "text/html",
    charset: str | None = "utf-8",
    robots_tag: str | None = None,
) -> Page:
    """Return a fetched page."""
    return Page(
        request=CrawlRequest(url=url, source="exempel"),
        url=url,
        body=body.encode() if isinstance(body, str) else body,
        media_type=media_type,
        charset=charset,
        robots_tag=robots_tag,
        fetched_at=AT,
    )


def read(
    body: str | bytes,
    *,
    rules: tuple[SiteRule, ...] = (),
    url: str = "https://www.example.org/sida/",
    media_type: str = "text/html",
    charset: str | None = "utf-8",
    robots_tag: str | None = None,
) -> Extraction:
    """Extract a page with the tests' vocabulary."""
    fetched = page(body, url=url, media_type=media_type, charset=charset, robots_tag=robots_tag)
    return extract(fetched, rules=rules, vocabulary=VOCABULARY)


def document(
    body: str | bytes,
    *,
    url: str = "https://www.example.org/sida/",
    media_type: str = "text/html",
    charset: str | None = "utf-8",
) -> Document:
    """Return the document of a page."""
    extraction = read(body, url=url, media_type=media_type, charset=charset)
    assert extraction.document is not None, extraction.reason
    return extraction.document


def text(found: Document) -> str:
    """Return all text of a document."""
    return "\n".join(f"{section.heading}\n{section.text}" for section in found.sections)
