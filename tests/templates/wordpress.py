"""Pages as WordPress sends them: Gutenberg blocks, Yoast's JSON-LD, widgets, related posts."""

from __future__ import annotations

import json

from indexer.model import Person, SiteRule
from tests.templates.truth import Case, Truth

HOST = "https://wordpress.example.org"

RULES = (
    SiteRule(
        match="/**",
        main=".entry-content",
        remove=(".sharedaddy", ".jp-relatedposts", ".wp-block-post-date"),
        fields={
            "title": "h1",
            "modified": "time.updated, .last-updated",
            "published": "time.published, .wp-block-post-date time",
            "areas": ".omraden li, .omraden .term, .wp-block-details.omrade summary",
            "persons": ".team-member, .kontakt, .h-card",
        },
    ),
)

_MENU = "".join(
    f'<li id="menu-item-{n}" class="menu-item menu-item-type-post_type menu-item-object-page menu-item-{n}"><a href="/{slug}/">{label}</a></li>'
    for n, (slug, label) in enumerate(
        (
            ("om", "Om centrumet"),
            ("projekt", "Projekt"),
            ("partner", "Partner"),
            ("aktuellt", "Aktuellt"),
            ("kontakt", "Kontakt"),
            ("en", "In English"),
        ),
        start=31,
    )
)


def _page(
    *,
    title: str,
    content: str,
    types: tuple[str, ...] = ("page",),
    header: str = "",
    footer: str = "",
    published: str = "",
    modified: str = "",
    article: bool = False,
    lang: str = "sv-SE",
    site: str = "Lärcentrum Exempel",
) -> str:
    said: dict[str, object] = {"@type": "WebPage", "name": f"{title} - {site}"}
    graph: list[dict[str, object]] = [
        said
        | ({"datePublished": published} if published else {})
        | ({"dateModified": modified} if modified else {}),
        {"@type": "BreadcrumbList", "itemListElement": []},
        {"@type": "WebSite", "name": site, "publisher": {"@type": "Organization", "name": site}},
    ]
    if article:
        graph.append(
            {
                "@type": "Article",
                "headline": title,
                "datePublished": published,
                "dateModified": modified or published,
                "author": {"@type": "Person", "name": "redaktion"},
            }
        )
        graph.append(
            {"@type": "Person", "name": "Redaktion Exempel", "url": f"{HOST}/author/redaktion/"}
        )
    classes = " ".join(
        [
            *(
                f"single-{kind}" if kind != "page" else "page-template-default page"
                for kind in types
            ),
            "wp-embed-responsive",
        ]
    )
    times = f'<meta property="article:modified_time" content="{modified}" />' if modified else ""
    times += f'<meta property="article:published_time" content="{published}" />' if article else ""
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="UTF-8"><title>{title} - {site}</title>
<meta property="og:type" content="article" /><meta property="og:title" content="{title} - {site}" /><meta property="og:site_name" content="{site}" />{times}
<script type="application/ld+json" class="yoast-schema-graph">{json.dumps({"@context": "https://schema.org", "@graph": graph})}</script>
<style id="global-styles-inline-css">body{{--wp--preset--color--black:#000}}</style></head>
<body class="{classes}"><noscript><img height="1" src="https://stat.example.org/p"></noscript>
<a class="skip-link screen-reader-text" href="#content">Hoppa till innehåll</a>
<div id="page" class="site"><header id="masthead" class="site-header"><p class="site-title"><a href="/">{site}</a></p><p class="site-description">En mötesplats för lärande</p>
<button class="menu-toggle">Meny</button><ul id="primary-menu" class="menu nav-menu">{_MENU}</ul></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><div id="main" class="site-main">
<div class="yoast-breadcrumb" id="breadcrumbs"><span><a href="/">Hem</a> » <span class="breadcrumb_last">{title}</span></span></div>
<article id="post-117" class="post-117 {types[0]} type-{types[0]} status-publish hentry"><header class="entry-header"><h1 class="entry-title">{title}</h1>{header}</header>
<div class="entry-content">
{content}
<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">Dela detta:</h3><ul><li><a href="https://social.example.org/t"><span>Twitter</span></a></li></ul></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Relaterade</em></h3><p><a href="/aktuellt/z/">Öppen föreläsning om språk</a> 12 januari 2021</p></div>
</div>{footer}</article>
<nav class="navigation post-navigation" aria-label="Inlägg"><h2 class="screen-reader-text">Inläggsnavigering</h2><a href="/a/" rel="prev">Föregående: Höstens kurser</a></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">2 svar</h2><ol class="comment-list"><li class="comment"><p>Så bra skrivet om lärande, hälsar en läsare från trakten!</p></li></ol></div>
</div></div>
<aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">Senaste inläggen</h2><ul><li><a href="/aktuellt/q/">Frukostmöte i mars</a> <span class="post-date">1 mars 2024</span></li></ul></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info">© 2026 {site}. Drivs med WordPress. Uppdaterad 2020-02-02.</div></footer></div>
<div id="cookie-law-info-bar" class="cli-bar"><span>Den här webbplatsen använder kakor. <a role="button">Acceptera</a></span></div></body></html>"""


def _cloudflare(address: str) -> str:
    hidden = "5a" + "".join(f"{ord(char) ^ 0x5A:02x}" for char in address)
    return f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{hidden}">[email&#160;protected]</a>'


CASES = (
    Case(
        url=f"{HOST}/partner/norrtuna-kommun/",
        markup=_page(
            title="Norrtuna kommun",
            modified="2025-03-21T10:11:12+00:00",
            published="2019-05-02T08:00:00+00:00",
            content="""<!-- wp:paragraph --><p class="has-large-font-size">Kommunen var med och startade centrumet och äger i dag en tredjedel av det.</p>
<p>Tillsammans prövar vi nya vägar in i högre utbildning. Under åren har tusen elever besökt oss.</p>
<h2 class="wp-block-heading">Prioriterade utvecklingsområden</h2>
<ul class="wp-block-list omraden"><li>Breddad rekrytering</li><li>AIL</li><li>Ungas fritid</li></ul>
<div class="wp-block-group has-background"><div class="wp-block-group__inner-container"><h2 class="wp-block-heading">Kontaktpersoner</h2>
<div class="wp-block-columns"><div class="wp-block-column kontakt"><figure class="wp-block-image"><img src="/s.jpg" alt=""></figure><p><strong>Signe Moss</strong><br>Projektledare, universitetsadjunkt<br>"""
            + _cloudflare("signe.moss@example.org")
            + """</p></div>
<div class="wp-block-column kontakt"><p><strong>Hugo Ekman</strong><br>Skolchef<br>Norrtuna kommun<br><a href="tel:0000495000">0000-49 50 00</a></p></div></div></div></div>""",
        ),
        truth=Truth(
            kind="partner",
            partners=("Norrtuna kommun",),
            areas=("Breddad rekrytering", "Arbetsintegrerat lärande", "Ungas fritid"),
            persons=(
                Person(
                    name="Signe Moss",
                    role="Projektledare",
                    title="universitetsadjunkt",
                    email="signe.moss@example.org",
                ),
                Person(
                    name="Hugo Ekman",
                    role="Skolchef",
                    phone="0000-49 50 00",
                    organisation="Norrtuna kommun",
                ),
            ),
            published="2019-05-02",
            modified="2025-03-21",
            text="""Kommunen var med och startade centrumet och äger i dag en tredjedel av det.
Tillsammans prövar vi nya vägar in i högre utbildning. Under åren har tusen elever besökt oss.
Prioriterade utvecklingsområden
Breddad rekrytering
AIL
Ungas fritid
Kontaktpersoner
Signe Moss
Projektledare, universitetsadjunkt
signe.moss@example.org
Hugo Ekman
Skolchef
Norrtuna kommun
0000-49 50 00""",
        ),
    ),
    Case(
        url=f"{HOST}/partner/ekbacka-sjukhus/",
        markup=_page(
            title="Ekbacka sjukhus",
            modified="2024-10-08T10:11:12+00:00",
            content="""<p>Sjukhuset är vår partner i utbildningen av sjuksköterskor och barnmorskor.</p>
<p>Varje vecka tränar studenter och anställda tillsammans i simulatorn. Det har gett färre vårdskador.</p>
<h2 class="wp-block-heading">Det här arbetar vi med</h2><h3 class="wp-block-heading">Områden vi utvecklar tillsammans</h3>
<div class="omraden"><p><span class="term">Kompetensförsörjning</span>, <span class="term">Livslångt lärande</span>, <span class="term">Patientsäkerhet</span></p></div>
<h2 class="wp-block-heading">Kontakt</h2><div class="team-member h-card"><div class="team-member__photo"><img alt=""></div><h4 class="p-name">Ingela Åkerö</h4><p class="p-job-title">Adjungerad professor</p><p class="p-org">Ekbacka sjukhus</p><p><a class="u-email" href="mailto:ingela.akero@example.org">Mejla</a> <span class="p-tel">0000-77 10 20</span></p></div>""",
        ),
        truth=Truth(
            kind="partner",
            partners=("Ekbacka sjukhus",),
            areas=("Kompetensförsörjning", "Livslångt lärande", "Patientsäkerhet"),
            persons=(
                Person(
                    name="Ingela Åkerö",
                    title="Adjungerad professor",
                    email="ingela.akero@example.org",
                    phone="0000-77 10 20",
                    organisation="Ekbacka sjukhus",
                ),
            ),
            modified="2024-10-08",
            text="""Sjukhuset är vår partner i utbildningen av sjuksköterskor och barnmorskor.
Varje vecka tränar studenter och anställda tillsammans i simulatorn. Det har gett färre vårdskador.
Det här arbetar vi med
Områden vi utvecklar tillsammans
Kompetensförsörjning, Livslångt lärande, Patientsäkerhet
Kontakt
Ingela Åkerö
Adjungerad professor
Ekbacka sjukhus
Mejla 0000-77 10 20""",
        ),
    ),
    Case(
        url=f"{HOST}/en/partners/kvarnsele-teknik/",
        markup=_page(
            title="Kvarnsele Teknik",
            lang="en-GB",
            site="Learning Centre Example",
            modified="2025-02-01T00:00:00+00:00",
            content="""<p>Kvarnsele Teknik makes control systems for paper mills and has worked with us since 2012.</p>
<p>Engineers from the company teach with us, and every spring twenty students solve a problem in the factory.</p>
<h2 class="wp-block-heading">Focus areas</h2>
<details class="wp-block-details omrade"><summary>Skills supply</summary><p>Courses for people who already work in the mills.</p></details>
<details class="wp-block-details omrade"><summary>Sustainable development</summary><p>Less energy and less water in every step.</p></details>
<h2 class="wp-block-heading">Contact us</h2><ul class="wp-block-list kontakt"><li>Bo Vinge, PhD, project manager, <a href="mailto:bo.vinge@example.org">bo.vinge@example.org</a></li><li>Greta Solberg, factory manager, tel. +46 000 55 66 77</li></ul>""",
        ),
        truth=Truth(
            kind="partner",
            language="en",
            partners=("Kvarnsele Teknik AB",),
            areas=("Kompetensförsörjning", "Hållbar utveckling"),
            persons=(
                Person(
                    name="Bo Vinge",
                    title="PhD",
                    role="project manager",
                    email="bo.vinge@example.org",
                ),
                Person(name="Greta Solberg", role="factory manager", phone="+46 000 55 66 77"),
            ),
            modified="2025-02-01",
            text="""Kvarnsele Teknik makes control systems for paper mills and has worked with us since 2012.
Engineers from the company teach with us, and every spring twenty students solve a problem in the factory.
Focus areas
Skills supply
Courses for people who already work in the mills.
Sustainable development
Less energy and less water in every step.
Contact us
Bo Vinge, PhD, project manager, bo.vinge@example.org
Greta Solberg, factory manager, tel. +46 000 55 66 77""",
        ),
    ),
    Case(
        url=f"{HOST}/projekt/las-med-mig/",
        markup=_page(
            title="Läs med mig",
            types=("projekt",),
            modified="2024-05-15T00:00:00+00:00",
            content="""<p>Projektet låter äldre läsa högt tillsammans med barn i förskolan, en gång i veckan under två år.</p>
<p><strong>Projektledare:</strong> Ylva Falk<br><strong>Finansiär:</strong> Kulturrådet<br><strong>Projekttid:</strong> aug 2023 – juni 2025<br><strong>Samarbetspartners:</strong> Granstads kommunalförbund</p>
<h2 class="wp-block-heading">Bakgrund</h2><p>Många barn möter sällan äldre människor. Läsningen ger dem något att tala om.</p>
<figure class="wp-block-table"><table><tbody><tr><td>Förskolor</td><td>12</td></tr><tr><td>Läsare</td><td>45</td></tr></tbody></table></figure>""",
        ),
        truth=Truth(
            kind="project",
            partners=("Granstads kommunalförbund",),
            persons=(Person(name="Ylva Falk", role="Projektledare"),),
            modified="2024-05-15",
            text="""Projektet låter äldre läsa högt tillsammans med barn i förskolan, en gång i veckan under två år.
Projektledare: Ylva Falk
Finansiär: Kulturrådet
Projekttid: aug 2023 – juni 2025
Samarbetspartners: Granstads kommunalförbund
Bakgrund
Många barn möter sällan äldre människor. Läsningen ger dem något att tala om.
Förskolor | 12
Läsare | 45""",
        ),
    ),
    Case(
        url=f"{HOST}/2025/03/frukostmote-om-sprak/",
        markup=_page(
            title="Frukostmöte om språk",
            types=("post",),
            article=True,
            published="2025-03-05T07:00:00+00:00",
            modified="2025-03-06T07:00:00+00:00",
            header="""<div class="entry-meta"><span class="posted-on">Publicerat <time class="entry-date published" datetime="2025-03-05">5 mars 2025</time></span><span class="byline"> av <span class="author vcard"><a class="url fn n" href="/author/dagny/">Dagny Öhrn</a></span></span></div>""",
            content="""<p>Sextio lärare och chefer möttes när centrumet bjöd in till samtal om språk i arbetslivet. Region Sjövik berättade om sina språkombud.</p>
<p>Ombuden stöttar kolleger som lär sig svenska på jobbet. Modellen har spritts till tolv arbetsplatser sedan starten den 1 september 2022.</p>
<blockquote class="wp-block-quote"><p>Språket växer när man behöver det, och det gör man varje dag på en avdelning.</p><cite>Amina Trane, språkombud</cite></blockquote>
<p>Nästa möte hålls i maj och handlar om skrivande.</p>""",
        ),
        truth=Truth(
            kind="news",
            partners=("Region Sjövik",),
            published="2025-03-05",
            modified="2025-03-06",
            text="""Sextio lärare och chefer möttes när centrumet bjöd in till samtal om språk i arbetslivet. Region Sjövik berättade om sina språkombud.
Ombuden stöttar kolleger som lär sig svenska på jobbet. Modellen har spritts till tolv arbetsplatser sedan starten den 1 september 2022.
Språket växer när man behöver det, och det gör man varje dag på en avdelning.
Amina Trane, språkombud
Nästa möte hålls i maj och handlar om skrivande.""",
        ),
    ),
    Case(
        url=f"{HOST}/person/carl-stark/",
        markup=_page(
            title="Carl Stark",
            types=("person",),
            modified="2024-12-24T00:00:00+00:00",
            content="""<div class="wp-block-media-text kontakt"><figure class="wp-block-media-text__media"><img alt="Carl Stark"></figure><div class="wp-block-media-text__content"><p><strong>Carl Stark</strong><br>Docent i teknikhistoria</p><p>carl.stark [snabel-a] example.org<br>Mobil 0000-88 99 00</p></div></div>
<p>Carl skriver om hur industriorter minns sin historia. Han har också varit med och byggt upp centrumets arkiv.</p>""",
        ),
        truth=Truth(
            kind="person",
            persons=(
                Person(
                    name="Carl Stark",
                    title="Docent i teknikhistoria",
                    email="carl.stark@example.org",
                    phone="0000-88 99 00",
                ),
            ),
            modified="2024-12-24",
            text="""Carl Stark
Docent i teknikhistoria
carl.stark [snabel-a] example.org
Mobil 0000-88 99 00
Carl skriver om hur industriorter minns sin historia. Han har också varit med och byggt upp centrumets arkiv.""",
        ),
    ),
    Case(
        url=f"{HOST}/om/",
        markup=_page(
            title="Om centrumet",
            modified="2023-01-15T00:00:00+00:00",
            content="""<p>Centrumet drivs av högskolan och sju kommuner. Här kan vuxna läsa kurser på distans och mötas i studiegrupper.</p>
<div class="wp-block-columns"><div class="wp-block-column"><h2>Lokaler</h2><p>Vi finns i det gamla tvätteriet vid ån.</p></div><div class="wp-block-column"><h2>Öppet</h2><p>Måndag till torsdag mellan åtta och tjugo.</p></div></div>""",
        ),
        truth=Truth(
            kind="page",
            modified="2023-01-15",
            text="""Centrumet drivs av högskolan och sju kommuner. Här kan vuxna läsa kurser på distans och mötas i studiegrupper.
Lokaler
Vi finns i det gamla tvätteriet vid ån.
Öppet
Måndag till torsdag mellan åtta och tjugo.""",
        ),
    ),
    Case(
        url=f"{HOST}/aktuellt/ny-kurs-i-handledning/",
        markup=_page(
            title="Ny kurs i handledning",
            types=("post",),
            header='<div class="wp-block-post-date"><time datetime="2024-09-17T12:00:00+02:00">17 september, 2024</time></div>',
            content="""<p>I vår ges en kurs för den som handleder studenter på sin arbetsplats. Den är gratis för anställda i Norrtuna kommun.</p>
<p>Kursen läses på kvartsfart och avslutas med ett eget arbete om lärande på jobbet.</p>
<p>För mer information, kontakta: Elin Rask, kursansvarig, elin.rask@example.org</p>""",
        ),
        truth=Truth(
            kind="news",
            partners=("Norrtuna kommun",),
            persons=(Person(name="Elin Rask", role="kursansvarig", email="elin.rask@example.org"),),
            published="2024-09-17",
            text="""I vår ges en kurs för den som handleder studenter på sin arbetsplats. Den är gratis för anställda i Norrtuna kommun.
Kursen läses på kvartsfart och avslutas med ett eget arbete om lärande på jobbet.
För mer information, kontakta: Elin Rask, kursansvarig, elin.rask@example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/partner/region-sjovik/",
        markup=_page(
            title="Om Region Sjövik",
            content="""<p>Regionen ansvarar för vård, kollektivtrafik och kultur i sexton kommuner.</p>
<h2>Vad vi gör ihop</h2><p>Vi samverkar inom områdena digitalisering, breddad rekrytering och folkhälsa.</p>
<h2>Kontakt</h2><p>Projektledare: <a href="mailto:farid.falk@example.org">Farid Falk</a></p>
<p class="last-updated">Sidan senast uppdaterad: 2025.04.22</p>""",
        ),
        truth=Truth(
            kind="partner",
            partners=("Region Sjövik",),
            areas=("Digitalisering", "Breddad rekrytering", "Folkhälsa"),
            persons=(
                Person(name="Farid Falk", role="Projektledare", email="farid.falk@example.org"),
            ),
            modified="2025-04-22",
            text="""Regionen ansvarar för vård, kollektivtrafik och kultur i sexton kommuner.
Vad vi gör ihop
Vi samverkar inom områdena digitalisering, breddad rekrytering och folkhälsa.
Kontakt
Projektledare: Farid Falk""",
        ),
    ),
)
