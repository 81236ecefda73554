"""Pages as Drupal sends them: fields with labels, views, paragraphs, regions and sidebars."""

from __future__ import annotations

from indexer.model import Person, SiteRule
from tests.templates.truth import Case, Truth

HOST = "https://drupal.example.org"

RULES = (
    SiteRule(
        match="/**",
        main=".region-content .node__content",
        remove=(".node__meta", ".block-share"),
        fields={
            "title": "h1",
            "modified": ".node__meta .changed",
            "published": ".node__meta .created",
            "areas": ".field--name-field-areas .field__item",
            "persons": ".node--type-person-card, .views-row.person",
        },
    ),
)


def _field(name: str, label: str, *items: str) -> str:
    shown = f'<div class="field__label">{label}</div>' if label else ""
    inside = "".join(f'<div class="field__item">{item}</div>' for item in items)
    return f'<div class="field field--name-{name} field--label-above">{shown}<div class="field__items">{inside}</div></div>'


def _page(
    *,
    title: str,
    kind: str,
    main: str,
    meta: str = "",
    head: str = "",
    lang: str = "sv",
    side: str = "",
    site: str = "Högskolan Exempel",
) -> str:
    return f"""<!DOCTYPE html><html lang="{lang}" dir="ltr"><head><meta charset="utf-8" /><title>{title} | {site}</title>
<meta name="Generator" content="Drupal 10" />{head}</head>
<body class="path-node page-node-type-{kind} layout-one-sidebar">
<a href="#main-content" class="visually-hidden focusable skip-link">Hoppa till huvudinnehåll</a>
<div class="dialog-off-canvas-main-canvas" data-off-canvas-main-canvas><div class="layout-container">
<header role="banner"><div class="region region-header"><div id="block-sitebranding" class="block"><a href="/">{site}</a></div>
<nav role="navigation" aria-labelledby="block-menu" id="block-mainnavigation"><h2 class="visually-hidden" id="block-menu">Huvudmeny</h2><ul class="menu"><li class="menu-item"><a href="/studera">Studera</a></li><li class="menu-item"><a href="/forska">Forska</a></li><li class="menu-item"><a href="/samverka">Samverka</a></li></ul></nav>
<div class="search-block-form"><form><input type="search"><input type="submit" value="Sök"></form></div></div></header>
<div class="region region-highlighted"><div data-drupal-messages-fallback class="hidden"></div></div>
<div class="region region-breadcrumb"><div id="block-breadcrumbs" class="block block-system-breadcrumb-block"><nav class="breadcrumb" role="navigation" aria-labelledby="sb"><h2 id="sb" class="visually-hidden">Länkstig</h2><ol><li><a href="/">Hem</a></li><li><a href="/samverka">Samverka</a></li></ol></nav></div></div>
<main role="main"><a id="main-content" tabindex="-1"></a><div class="layout-content"><div class="region region-content">
<div id="block-pagetitle" class="block block-core block-page-title-block"><h1 class="page-title"><span class="field field--name-title">{title}</span></h1></div>
<div id="block-content" class="block block-system-main-block"><article data-history-node-id="12" class="node node--type-{kind} node--view-mode-full">
<footer class="node__meta">{meta}</footer>
<div class="node__content">{main}</div></article></div>
<div class="block block-share"><span>Dela på</span> <a href="https://social.example.org/a">LinkedIn</a> <a href="https://social.example.org/b">Facebook</a></div>
</div></div>
<aside class="layout-sidebar-second" role="complementary"><div class="region region-sidebar-second">{side}
<div class="block block-views block-views-blocknews-block"><h2>Senaste nytt</h2><div class="view-content"><div class="views-row"><time datetime="2025-09-09T10:00:00Z">9 september 2025</time> <a href="/nyhet/q">Rekordmånga sökte till våren</a></div></div></div></div></aside></main>
<footer role="contentinfo"><div class="region region-footer"><p>© 2026 {site}</p><p>Sidan visad 20250101 gånger</p><p>Ansvarig utgivare: Rektor Rut Rask</p></div></footer></div></div>
<script type="application/json" data-drupal-selector="drupal-settings-json">{{"path":{{"baseUrl":"/"}},"changed":"2001-01-01"}}</script></body></html>"""


CASES = (
    Case(
        url=f"{HOST}/samverka/vara-samarbetspartners/norrtuna-kommun",
        markup=_page(
            title="Norrtuna kommun",
            kind="partner",
            main=_field(
                "body",
                "",
                "<p>Kommunen och högskolan har ett gemensamt kontor i rådhuset sedan 2017.</p><p>Där kan medborgare möta forskare och studenter över en kopp kaffe.</p>",
            )
            + _field(
                "field-areas",
                "Prioriterade områden",
                "Livslångt lärande",
                "Kompetensförsörjning",
                "Medborgardialog",
            )
            + _field(
                "field-contacts",
                "Kontaktpersoner",
                '<article class="node node--type-person-card node--view-mode-teaser"><h3><a href="/person/1"><span>Asta Berg</span></a></h3><div class="field field--name-field-position field__item">Partnerskapsansvarig</div><div class="field field--name-field-email field__item"><a href="mailto:asta.berg@example.org">asta.berg@example.org</a></div><div class="field field--name-field-phone field__item"><a href="tel:+4600011">0001-11 22 33</a></div></article>',
                '<article class="node node--type-person-card node--view-mode-teaser"><h3><a href="/person/2"><span>Nils-Erik Ström</span></a></h3><div class="field field--name-field-position field__item">Näringslivschef, Norrtuna kommun</div><div class="field field--name-field-email field__item">nils-erik.strom<span class="at"> (at) </span>example.org</div></article>',
            ),
            meta='Senast ändrad: <span class="changed">tis, 03/04/2025 - 09:12</span>',
        ),
        truth=Truth(
            kind="partner",
            partners=("Norrtuna kommun",),
            areas=("Livslångt lärande", "Kompetensförsörjning", "Medborgardialog"),
            persons=(
                Person(
                    name="Asta Berg",
                    role="Partnerskapsansvarig",
                    email="asta.berg@example.org",
                    phone="0001-11 22 33",
                ),
                Person(
                    name="Nils-Erik Ström",
                    role="Näringslivschef, Norrtuna kommun",
                    email="nils-erik.strom@example.org",
                ),
            ),
            modified="2025-04-03",
            text="""Kommunen och högskolan har ett gemensamt kontor i rådhuset sedan 2017.
Där kan medborgare möta forskare och studenter över en kopp kaffe.
Prioriterade områden
Livslångt lärande
Kompetensförsörjning
Medborgardialog
Kontaktpersoner
Asta Berg
Partnerskapsansvarig
asta.berg@example.org
0001-11 22 33
Nils-Erik Ström
Näringslivschef, Norrtuna kommun
nils-erik.strom (at) example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/projekt/trygga-vagar",
        markup=_page(
            title="Trygga vägar",
            kind="project",
            main=_field(
                "body",
                "",
                "<p>Hur kan barn gå tryggt till skolan? Projektet prövar nya vägval i tre stadsdelar.</p>",
            )
            + _field("field-funder", "Finansiär", "Trafikverket")
            + _field(
                "field-period",
                "Projektperiod",
                '<time datetime="2021-09-01T12:00:00Z">2021-09-01</time> - <time datetime="2024-08-31T12:00:00Z">2024-08-31</time>',
            )
            + _field("field-leader", "Projektledare", "Vera Lind")
            + _field("field-members", "Medverkande", "Olle Kron", "Siv Ahl")
            + _field("field-partners", "Samarbetspartner", "Norrtuna kommun")
            + _field("field-areas", "Områden", "Hållbar utveckling"),
            meta='<span>Publicerad <span class="created">2021-09-15</span></span> <span>Uppdaterad <span class="changed">2024-09-20</span></span>',
        ),
        truth=Truth(
            kind="project",
            partners=("Norrtuna kommun",),
            areas=("Hållbar utveckling",),
            persons=(
                Person(name="Vera Lind", role="Projektledare"),
                Person(name="Olle Kron"),
                Person(name="Siv Ahl"),
            ),
            published="2021-09-15",
            modified="2024-09-20",
            text="""Hur kan barn gå tryggt till skolan? Projektet prövar nya vägval i tre stadsdelar.
Finansiär
Trafikverket
Projektperiod
2021-09-01 - 2024-08-31
Projektledare
Vera Lind
Medverkande
Olle Kron
Siv Ahl
Samarbetspartner
Norrtuna kommun
Områden
Hållbar utveckling""",
        ),
    ),
    Case(
        url=f"{HOST}/nyhet/karriardag-med-rekord",
        markup=_page(
            title="Karriärdag med rekord",
            kind="news",
            head='<meta property="og:type" content="article" />',
            main=_field(
                "field-date",
                "",
                '<time datetime="2025-02-03T07:00:00Z" class="datetime">3 februari 2025</time>',
            ).replace("field--label-above", "news-date")
            + _field(
                "body",
                "",
                "<p>Fyrahundra studenter mötte femtio arbetsgivare på karriärdagen. Kvarnsele Teknik hade längst kö.</p><p>Nästa dag hålls den 14 november 2025 i samma lokaler.</p>",
            ),
            side='<div class="block"><h2>Presskontakt</h2><p>Maj Kvist<br>Kommunikatör<br>0001-22 22 22<br><a href="mailto:maj.kvist@example.org">Mejla Maj</a></p></div>'.replace(
                'class="block"', 'class="block block-contact"'
            ),
        ),
        truth=Truth(
            kind="news",
            partners=("Kvarnsele Teknik AB",),
            persons=(
                Person(
                    name="Maj Kvist",
                    role="Kommunikatör",
                    email="maj.kvist@example.org",
                    phone="0001-22 22 22",
                ),
            ),
            published="2025-02-03",
            text="""Fyrahundra studenter mötte femtio arbetsgivare på karriärdagen. Kvarnsele Teknik hade längst kö.
Nästa dag hålls den 14 november 2025 i samma lokaler.""",
        ),
    ),
    Case(
        url=f"{HOST}/forskning/forskargrupper/ljud-och-rum",
        markup=_page(
            title="Ljud och rum",
            kind="article",
            main=_field(
                "body",
                "",
                "<p>Gruppen studerar ljudmiljöer i skolor och på sjukhus, bland annat Ekbacka sjukhus.</p><h2>Medlemmar</h2>",
            )
            + '<div class="views-element-container"><div class="view-content"><div class="views-row person"><div class="views-field views-field-title"><span class="field-content"><a href="/person/5">Prof. Disa Holm</a></span></div><div class="views-field views-field-field-position"><div class="field-content">Forskningsledare</div></div><div class="views-field views-field-field-email"><div class="field-content"><a href="mailto:disa.holm@example.org">disa.holm@example.org</a></div></div></div><div class="views-row person"><div class="views-field views-field-title"><span class="field-content"><a href="/person/6">Tage Norin</a></span></div><div class="views-field views-field-field-position"><div class="field-content">Doktorand</div></div><div class="views-field views-field-field-email"><div class="field-content"><a href="mailto:tage.norin@example.org">tage.norin@example.org</a></div></div></div></div></div>',
            meta='<p class="changed">Sidan uppdaterades den 1 oktober 2024 av Webb Admin</p>',
        ),
        truth=Truth(
            kind="research",
            partners=("Ekbacka sjukhus",),
            persons=(
                Person(
                    name="Disa Holm",
                    title="Prof.",
                    role="Forskningsledare",
                    email="disa.holm@example.org",
                ),
                Person(name="Tage Norin", title="Doktorand", email="tage.norin@example.org"),
            ),
            modified="2024-10-01",
            text="""Gruppen studerar ljudmiljöer i skolor och på sjukhus, bland annat Ekbacka sjukhus.
Medlemmar
Prof. Disa Holm
Forskningsledare
disa.holm@example.org
Tage Norin
Doktorand
tage.norin@example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/en/collaborate/partners/granstad",
        markup=_page(
            title="GKF, the association of municipalities",
            kind="partner",
            lang="en",
            site="Example University",
            main=_field(
                "body",
                "",
                "<p>The association brings seven municipalities together, and we run a learning centre with them.</p><p>We collaborate in the areas of lifelong learning, skills supply and rural development.</p>",
            )
            + '<section class="paragraph paragraph--type--contact"><h2>Contacts</h2><div itemscope itemtype="http://schema.org/Person"><strong itemprop="name">Runa Dahl</strong>, <span itemprop="jobTitle">Business Developer</span>, <span itemprop="affiliation">Granstad Association</span><br><a itemprop="email" href="mailto:runa.dahl@example.org">runa.dahl@example.org</a></div></section>',
            meta='<span class="changed">Last modified: October 7, 2024</span>',
        ),
        truth=Truth(
            kind="partner",
            language="en",
            partners=("Granstads kommunalförbund",),
            areas=("Livslångt lärande", "Kompetensförsörjning", "Rural development"),
            persons=(
                Person(
                    name="Runa Dahl",
                    role="Business Developer",
                    email="runa.dahl@example.org",
                    organisation="Granstad Association",
                ),
            ),
            modified="2024-10-07",
            text="""The association brings seven municipalities together, and we run a learning centre with them.
We collaborate in the areas of lifelong learning, skills supply and rural development.
Contacts
Runa Dahl, Business Developer, Granstad Association
runa.dahl@example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/person/vera-lind",
        markup=_page(
            title="Vera Lind",
            kind="person",
            main=_field("field-title", "Titel", "Lektor i byggteknik")
            + _field("field-role", "Roll", "Ämnesansvarig")
            + _field(
                "field-email",
                "E-post",
                '<a href="mailto:vera.lind@example.org">vera.lind@example.org</a>',
            )
            + _field("field-phone", "Telefon", "+46 (0)1-11 22 33")
            + _field(
                "body",
                "",
                "<p>Vera undervisar om trähus och leder ett projekt om trygga vägar till skolan.</p>",
            ),
        ),
        truth=Truth(
            kind="person",
            persons=(
                Person(
                    name="Vera Lind",
                    title="Lektor i byggteknik",
                    role="Ämnesansvarig",
                    email="vera.lind@example.org",
                    phone="+46 1-11 22 33",
                ),
            ),
            text="""Titel
Lektor i byggteknik
Roll
Ämnesansvarig
E-post
vera.lind@example.org
Telefon
+46 (0)1-11 22 33
Vera undervisar om trähus och leder ett projekt om trygga vägar till skolan.""",
        ),
    ),
)
