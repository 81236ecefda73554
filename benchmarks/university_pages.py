"""Pages such as a university's web system sends: 50 kB, some 200 links, 600 words of their own.

Made from a fixed seed, so that two runs read the same. `SITE_RULE` names the main element of each,
`FIELD_RULE` adds fields, one with a selector that only Beautiful Soup understands.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import TYPE_CHECKING

from indexer.model import Concept, CrawlRequest, Page, SiteRule, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITE_RULE = SiteRule(match="/**", main="#innehall, #content")
FIELD_RULE = SiteRule(
    match="/**",
    main="#innehall, #content",
    remove=(".share",),
    fields={
        "title": "h1",
        "modified": ".page-updated, .env-text-caption, .updated",
        "areas": "h2:-soup-contains('Prioriterade') ~ ul > li",
        "persons": ".contact-card, .vcard",
    },
)
VOCABULARY = Vocabulary(
    partners=tuple(
        Concept(name=name, aliases=(f"{name} kommun", f"City of {name}"))
        for name in (
            *("Norrtuna", "Sjövik", "Ekbacka", "Granstad", "Älvhamn", "Björkfors", "Mossköping"),
            *("Lindholma", "Åsbro", "Kvarnsele", "Ostvik", "Hallaryd", "Tallberga", "Furunäs"),
        )
    ),
    areas=tuple(
        Concept(name=name, aliases=(alias,))
        for name, alias in (
            ("Arbetsintegrerat lärande", "AIL"),
            ("Breddad rekrytering", "widening participation"),
            ("Livslångt lärande", "lifelong learning"),
            ("Kompetensutveckling", "professional development"),
            ("Digitalisering", "digitalisation"),
            ("Hållbar utveckling", "sustainability"),
            ("Studentstad", "student city"),
            ("Välfärdsteknik", "welfare technology"),
        )
    ),
)
_WORDS = [
    "högskolan",
    "staden",
    "forskning",
    "samverkan",
    "lärande",
    "avtalet",
    "studenter",
    "projekt",
    "tillsammans",
    "vård",
    "skola",
    "arbete",
    "region",
    "kommun",
    "utveckling",
    "kunskap",
    "praktik",
    "verksamhet",
    "medarbetare",
    "frågor",
    "framtid",
    "tid",
    "och",
    "att",
    "som",
    "för",
    "med",
    "en",
    "ett",
    "i",
    "på",
    "av",
    "till",
    "har",
    "är",
    "kan",
    "ska",
    "när",
    "där",
    "vi",
    "de",
    "den",
    "det",
    "om",
    "men",
    "så",
    "också",
    "efter",
    "genom",
    "mellan",
    "under",
    "nya",
    "många",
    "flera",
    "olika",
    "gemensam",
    "viktig",
    "stor",
    "social",
    "digital",
    "hållbar",
]
_FIRST = ("Signe", "Amina", "Bo", "Carl", "Dagny", "Elin", "Farid", "Greta", "Hugo", "Ingela")
_LAST = ("Åkerö", "Moss", "Trane", "Solberg", "Ekman", "Vinge", "Rask", "Stark", "Öhrn", "Falk")
_LINKS, _CARDS, _MAIN_WORDS = 150, 3, 600
_BYTES = 50_000
_SCRIPT_BYTES = 10_000
_LANDMARK = re.compile(
    r"<(/?)(?:main|article|(?=div id=.content)div)(?: (?:id|class)=\"[^\"]*\")*", re.IGNORECASE
)


def pages(count: int, *, has_landmarks: bool = True) -> Iterator[Page]:
    """Yield pages of three web systems in turn, or such as name no element their content."""
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - nothing secret hangs on it
        families: tuple[Callable[[random.Random], str], ...] = (
            _optimizely,
            _sitevision,
            _wordpress,
        )
        url = f"https://www.example.org/samverka/partner-{number}/"
        markup = families[number % len(families)](chance)
        if not has_landmarks:
            markup = _LANDMARK.sub(r"<\1div class='c-4711'", markup).replace(' role="main"', "")
        yield Page(
            request=CrawlRequest(url=url, source="benchmark"),
            url=url,
            body=markup.encode(),
            media_type="text/html",
            charset="utf-8",
            fetched_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        )


def _optimizely(chance: random.Random) -> str:
    menu = "".join(
        f'<li class="main-navigation__item main-navigation__item--level-2" data-id="{number}">'
        f'<a class="main-navigation__link" href="/{_word(chance)}/{number}/" data-track="menu">'
        f"<span>{_sentence(chance, 3)}</span></a></li>"
        for number in range(_LINKS)
    )
    cards = "".join(
        f'<div class="block contactblock"><div class="contact-card"><h3 class="contact-card__name">{name}</h3>'
        f'<p class="contact-card__role">Samordnare</p><p class="contact-card__title">docent</p>'
        f'<p><a href="mailto:{mail}">{mail}</a></p><p>Telefon: <a href="tel:{tel}">{tel}</a></p></div></div>'
        for name, mail, tel in _people(chance)
    )
    main = f"""<main id="innehall" class="page-content"><div class="container"><div class="row"><div class="col-md-8">
<h1>Partnerskap med {_partner(chance)}</h1>{_text(chance, '<div class="editor-content">{}</div>')}
<h2>Prioriterade områden</h2><ul><li>Breddad rekrytering</li><li>Livslångt lärande</li><li>Nära vård</li></ul>
<div class="contact-area"><h2>Kontakt</h2>{cards}</div>
<p class="page-updated">Senast uppdaterad: 3 mars 2025</p></div></div></div></main>"""
    return _whole(chance, f'<nav class="main-navigation"><ul>{menu}</ul></nav>', main)


def _sitevision(chance: random.Random) -> str:
    menu = "".join(
        f'<li class="env-nav__item"><a class="env-nav__link lp-link" href="/{_word(chance)}/{number}.html" '
        f'aria-expanded="false" data-level="2">{_sentence(chance, 3)}</a></li>'
        for number in range(_LINKS)
    )
    cards = "".join(
        f'<div class="sv-text-portlet sv-use-margins"><div class="sv-text-portlet-content"><p class="normal">'
        f'<strong>{name}</strong><br>Samordnare<br><a href="mailto:{mail}">{mail}</a><br>{tel}</p></div></div>'
        for name, mail, tel in _people(chance)
    )
    main = f"""<div id="content" role="main" class="sv-vertical sv-layout"><div class="sv-vertical"><h1 class="heading">{_partner(chance)}</h1>
{_text(chance, '<div class="sv-text-portlet sv-use-margins"><div class="sv-text-portlet-content">{}</div></div>')}
<h2>Kontaktpersoner</h2>{cards}<p class="env-text-caption">Sidan uppdaterad 2025-03-03</p></div></div>"""
    return _whole(chance, f'<div class="sv-menu env-nav"><ul>{menu}</ul></div>', main)


def _wordpress(chance: random.Random) -> str:
    menu = "".join(
        f'<li id="menu-item-{number}" class="menu-item menu-item-type-post_type menu-item-{number}">'
        f'<a href="https://www.example.org/{_word(chance)}-{number}/">{_sentence(chance, 3)}</a></li>'
        for number in range(_LINKS)
    )
    cards = "".join(
        f'<li class="vcard"><span class="fn">{name}</span>, <span class="role">lektor</span> '
        f'<a class="email" href="mailto:{mail}">{mail}</a></li>'
        for name, mail, _ in _people(chance)
    )
    main = f"""<div id="content" class="site-content"><article class="post-1 page type-page hentry"><header class="entry-header">
<h1 class="entry-title">{_partner(chance)} och vi</h1></header><div class="entry-content">{_text(chance, "{}")}
<h2 class="wp-block-heading">Kontakt</h2><ul>{cards}</ul></div>
<footer class="entry-footer"><time class="updated" datetime="2025-03-03">3 mars 2025</time></footer></article></div>"""
    return _whole(chance, f'<ul id="primary-menu" class="nav-menu">{menu}</ul>', main)


def _whole(chance: random.Random, menu: str, main: str) -> str:
    page = f"""<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Partner | Exempelhögskolan</title>
<meta name="description" content="{_sentence(chance, 14)}"><link rel="canonical" href="/"><style>{_style(chance)}</style></head>
<body><noscript><p>Din webbläsare har JavaScript avstängt.</p></noscript><div class="cookie-banner"><p>Vi använder kakor.</p></div>
<header class="site-header"><a href="/">Exempelhögskolan</a>{menu}</header>
<nav class="breadcrumb" aria-label="Brödsmulor"><ol><li><a href="/">Start</a></li><li><a href="/samverka/">Samverka</a></li></ol></nav>
{main}<aside class="related"><h2>Relaterat</h2><ul><li><a href="/a/">{_sentence(chance, 4)}</a></li></ul></aside>
<footer class="site-footer"><p>© 2026 Exempelhögskolan</p><ul><li><a href="/om/">Om webbplatsen</a></li></ul></footer>
<script>{{}}</script></body></html>"""
    script = "window.dataLayer=window.dataLayer||[];dataLayer.push({event:'vy'});"
    page = page.replace("<script>{}", f"<script>{script * (_SCRIPT_BYTES // len(script))}")
    teasers = ""
    while len(page.encode()) + len(teasers.encode()) < _BYTES:
        teasers += f"""<div class="teaser teaser--news js-teaser"><div class="teaser__media">
<img src="/globalassets/{_word(chance)}.jpg?w=300" alt="" loading="lazy"></div><div class="teaser__body"><h3><a href="/nyheter/{_word(chance)}/">
{_sentence(chance, 5)}</a></h3><time datetime="2025-01-0{chance.randint(1, 9)}">i januari</time><p>{_sentence(chance, 9)}</p></div></div>"""
    return page.replace(
        "</aside>", f"</aside><section class='news-list'><h2>Nyheter</h2>{teasers}</section>"
    )


def _text(chance: random.Random, wrapper: str) -> str:
    paragraphs = [
        f"<p>{'. '.join(_sentence(chance, 12) for _ in range(5))} med {_partner(chance)}.</p>"
        for _ in range(_MAIN_WORDS // 60)
    ]
    return "".join(
        wrapper.format(f"<h2>{_sentence(chance, 3)}</h2>{first}{second}")
        for first, second in zip(paragraphs[::2], paragraphs[1::2], strict=True)
    )


def _style(chance: random.Random) -> str:
    return "".join(f".{_word(chance)}-{n}{{margin:0 auto;padding:{n}px}}" for n in range(150))


def _people(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    for number in range(_CARDS):
        first, last = chance.choice(_FIRST), chance.choice(_LAST)
        yield f"{first} {last}", f"person{number}@example.org", f"0000-22 30 {number:02}"


def _partner(chance: random.Random) -> str:
    return chance.choice(VOCABULARY.partners).name


def _word(chance: random.Random) -> str:
    return chance.choice(_WORDS)


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(_word(chance) for _ in range(words)).capitalize()
