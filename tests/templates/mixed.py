"""Pages in the manner of many systems: whatever markup people have been seen to write.

They have no site rules; they hold the heuristics to what no rule helps with.
"""

from __future__ import annotations

from indexer.model import Kind, Person
from tests.templates.truth import Case, Truth

HOST = "https://blandat.example.org"


def _case(
    path: str,
    markup: str,
    *,
    text: str,
    kind: Kind,
    partners: tuple[str, ...] = (),
    areas: tuple[str, ...] = (),
    persons: tuple[Person, ...] = (),
    published: str | None = None,
    modified: str | None = None,
    language: str = "sv",
) -> Case:
    truth = Truth(
        text=text,
        kind=kind,
        partners=partners,
        areas=areas,
        persons=persons,
        published=published,
        modified=modified,
        language=language,
    )
    return Case(HOST + path, markup, truth)


def _plain(title: str, main: str, *, lang: str = "sv", head: str = "") -> str:
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title} – Lärosätet</title>{head}</head><body>
<div class="js-cookie"><p>Den här webbplatsen använder kakor för statistik.</p><button>Jag förstår</button></div>
<div id="top"><a href="#innehall">Gå direkt till innehållet</a></div>
<div class="sitehead"><a href="/">Lärosätet</a><div class="tools"><a href="/en">English</a><a href="#" class="rs_skip">Lyssna</a><a href="/logga-in">Logga in</a></div>
<div class="nav-main"><ul><li><a href="/u">Utbildning</a></li><li><a href="/f">Forskning</a></li><li><a href="/s">Samverkan</a></li><li><a href="/o">Om oss</a></li></ul></div></div>
{main}
<div class="sitefoot"><div class="col"><h3>Kontakt</h3><p>Lärosätet, Box 12, 111 22 Stad</p><p>Växel: 0500-11 11 11</p></div><div class="col"><h3>Genvägar</h3><ul><li><a href="/b">Bibliotek</a></li><li><a href="/l">Lediga tjänster</a></li></ul></div><p>Copyright 2025 Lärosätet. Senaste deploy 2025-11-11</p></div></body></html>"""


def _optimizely(title: str, main: str, *, head: str = "", aside: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="sv"><head><title>{title} - Norra högskolan</title><meta name="EPi.ID" content="1234"/>{head}</head><body>
<div id="noscript"><noscript>Du behöver aktivera JavaScript för att kunna använda webbplatsen fullt ut.</noscript></div>
<div class="cookiebar" data-cookie><div class="cookiebar__inner"><p>Genom att surfa vidare godkänner du att vi använder kakor.</p><a href="/kakor">Om kakor</a></div></div>
<header class="header" id="header"><a class="header__logo" href="/">Norra högskolan</a><div class="header__nav"><nav><ul class="nav nav--main"><li><a href="/utb">Utbildning</a></li><li><a href="/forsk">Forskning</a><ul><li><a href="/forsk/x">Forskningsområden</a></li></ul></li><li><a href="/samv">Samverkan</a><ul><li><a href="/samv/a">Region Sjövik</a></li><li><a href="/samv/b">Kvarnsele Teknik AB</a></li></ul></li></ul></nav></div></header>
<div class="l-breadcrumb"><ul class="breadcrumb" itemscope itemtype="http://schema.org/BreadcrumbList"><li><a href="/">Hem</a></li><li><a href="/samv">Samverkan</a></li></ul></div>
<div class="l-page"><div class="l-page__nav"><ul class="sidenav"><li><a href="/1">Ett</a></li><li><a href="/2">Två</a></li></ul></div>
<div class="l-page__main" role="main">{main}</div>
<div class="l-page__aside">{aside}</div></div>
<footer class="footer"><div class="footer__col"><h3>Hitta hit</h3><p>Campusvägen 1</p></div><div class="footer__col"><p>Uppdaterad 2020-01-01</p><p>© Norra högskolan 2025</p></div></footer></body></html>"""


def _sitevision(title: str, main: str, *, right: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="sv" class="sv-no-js"><head><title>{title} | Södra högskolan</title></head><body><div class="sv-vertical sv-layout sv-skip-spacer"><a class="sv-skip" href="#Mitten">Gå till innehåll</a>
<div class="sv-fluid-grid sv-layout"><div class="sv-grid-main sv-row"><div class="sv-column-12"><div class="sv-image-portlet"><a href="/">Södra högskolan</a></div><div class="sv-script-portlet"><ul class="topmenu"><li><a href="/a.html">Studera</a></li><li><a href="/b.html">Samverka</a></li></ul></div></div></div></div>
<div class="sv-row sv-layout" id="Innehall"><div class="sv-column-3 sv-layout" id="Vanster"><div class="sv-vmenu"><ul><li><a href="/c.html">Partnerskap</a></li><li><a href="/d.html">Alumner</a></li></ul></div></div><div class="sv-column-6 sv-layout" id="Mitten">{main}</div><div class="sv-column-3 sv-layout" id="Hoger">{right}</div></div>
<div id="Sidfot" class="sv-layout"><div class="sv-text-portlet"><p class="normal">Södra högskolan, Box 1, tel 0300-10 00 00</p><p class="normal">Copyright © 2025</p></div></div></div></body></html>"""


_PORTLET = '<div class="sv-text-portlet sv-use-margins"><div class="sv-text-portlet-content">%s</div></div>'


def _wordpress(
    title: str,
    content: str,
    *,
    cls: str = "page",
    meta: str = "",
    head: str = "",
    foot: str = "",
    lang: str = "sv-SE",
) -> str:
    return f"""<!DOCTYPE html><html lang="{lang}"><head><title>{title} &#8211; Västra samverkanshuset</title>{head}</head><body class="wp-singular {cls} wp-theme-twentytwentyfive"><div class="wp-site-blocks"><header class="wp-block-template-part"><div class="wp-block-group"><p class="wp-block-site-title"><a href="/">Västra samverkanshuset</a></p><nav class="wp-block-navigation"><ul><li><a href="/p">Partner</a></li><li><a href="/pr">Projekt</a></li></ul></nav></div></header>
<main class="wp-block-group" id="wp--skip-link--target"><div class="wp-block-group has-global-padding"><h1 class="wp-block-post-title">{title}</h1>{meta}<div class="entry-content wp-block-post-content is-layout-constrained">{content}</div>{foot}</div></main>
<footer class="wp-block-template-part"><p>Designad med WordPress 2025</p></footer></div></body></html>"""


CASES = (
    _case(
        "/samverkan/strategiska-samarbeten/norrtuna",
        _plain(
            "Norrtuna kommun",
            """
<div class="page" id="innehall"><div class="page__top"><h1>Om Norrtuna kommun</h1><p class="lead">Kommunen ligger mitt i länet och har femtio tusen invånare.</p></div>
<div class="page__body"><div class="toc"><h2>Innehåll på sidan</h2><ul><li><a href="#a">Bakgrund</a></li><li><a href="#b">Fokusområden</a></li></ul></div>
<h2 id="a">Bakgrund</h2><p>Vi har samarbetat sedan 1998 och har i dag ett avtal som löper till 2027.</p>
<h2 id="b">Fokusområden</h2><p>Parterna har enats om följande:</p><ol><li><strong>Kompetensförsörjning</strong> – att utbilda för bristyrken</li><li><strong>Hållbar utveckling</strong> – att nå klimatmålen</li><li><strong>Barns skolgång</strong> – att alla ska klara skolan</li></ol>
<p><a href="https://x.example.org">Läs avtalet<span class="visually-hidden"> (öppnas i nytt fönster)</span></a></p>
<div class="kontaktruta"><h3>Kontaktpersoner</h3><p><b>Anna Holm</b><br/>Samverkansledare<br/>Tel: 0500-44 80 01<br/>E-post: anna.holm(at)example.org</p><p><b>Per Lund</b><br/>Utredare, Norrtuna kommun<br/><a href="mailto:per.lund@example.org">per.lund@example.org</a></p></div>
</div><div class="page__foot"><p>Senast uppdaterad: 3 mars 2025 | Sidansvarig: <a href="mailto:webb@example.org">Kim Webb</a></p><div class="feedback"><p>Hjälpte informationen på sidan dig?</p><button>Ja</button><button>Nej</button></div></div></div>""",
        ),
        kind="partner",
        partners=("Norrtuna kommun",),
        areas=("Kompetensförsörjning", "Hållbar utveckling", "Barns skolgång"),
        modified="2025-03-03",
        persons=(
            Person(
                name="Anna Holm",
                role="Samverkansledare",
                phone="0500-44 80 01",
                email="anna.holm@example.org",
            ),
            Person(
                name="Per Lund",
                role="Utredare",
                organisation="Norrtuna kommun",
                email="per.lund@example.org",
            ),
        ),
        text="""Kommunen ligger mitt i länet och har femtio tusen invånare.
Bakgrund
Vi har samarbetat sedan 1998 och har i dag ett avtal som löper till 2027.
Fokusområden
Parterna har enats om följande:
Kompetensförsörjning – att utbilda för bristyrken
Hållbar utveckling – att nå klimatmålen
Barns skolgång – att alla ska klara skolan
Läs avtalet
Kontaktpersoner
Anna Holm
Samverkansledare
Tel: 0500-44 80 01
E-post: anna.holm(at)example.org
Per Lund
Utredare, Norrtuna kommun
per.lund@example.org""",
    ),
    _case(
        "/aktuellt/2025/ny-professor",
        _plain(
            "Ny professor i vårdteknik",
            """
<main><article itemscope itemtype="http://schema.org/NewsArticle"><header><div class="meta"><span class="label">Nyhet</span> <span>Publicerad 2025-03-03 14:22</span> <span>Senast uppdaterad 2025-03-04 08:00</span></div><h1 itemprop="headline">Ny professor i vårdteknik</h1></header>
<p class="ingress"><strong>Siv Norberg blir högskolans första professor i vårdteknik. Hon kommer närmast från Ekbacka sjukhus.</strong></p>
<p>Hon disputerade den 12 juni 2004 och har sedan dess lett flera projekt om välfärdsteknik.</p>
<figure><img src="x.jpg"><figcaption>Siv Norberg. Foto: Per Alm</figcaption></figure>
<p>– Jag vill att tekniken ska göra vården mänskligare, säger hon.</p>
<p>Text: Lena Berg</p>
<div class="article-contact"><p>Kontakt:</p><p>Siv Norberg, professor i vårdteknik, e-post: siv.norberg@example.org, tfn 0500-44 81 00</p></div>
<ul class="tags"><li><a href="/t/1">Vård</a></li><li><a href="/t/2">Teknik</a></li></ul></article>
<section class="more-news"><h2>Fler nyheter</h2><div class="cards"><div class="card"><a href="/aktuellt/1"><h3>Rektorn summerar året</h3><p>Ett år med många möten.</p><time datetime="2025-02-01">1 feb 2025</time></a></div><div class="card"><a href="/aktuellt/2"><h3>Bibliotek med nya tider</h3><time datetime="2025-01-01">1 jan 2025</time></a></div></div></section></main>""",
        ),
        kind="news",
        partners=("Ekbacka sjukhus",),
        published="2025-03-03",
        modified="2025-03-04",
        persons=(
            Person(
                name="Siv Norberg",
                title="professor i vårdteknik",
                email="siv.norberg@example.org",
                phone="0500-44 81 00",
            ),
        ),
        text="""Siv Norberg blir högskolans första professor i vårdteknik. Hon kommer närmast från Ekbacka sjukhus.
Hon disputerade den 12 juni 2004 och har sedan dess lett flera projekt om välfärdsteknik.
– Jag vill att tekniken ska göra vården mänskligare, säger hon.
Text: Lena Berg
Kontakt:
Siv Norberg, professor i vårdteknik, e-post: siv.norberg@example.org, tfn 0500-44 81 00""",
    ),
    _case(
        "/forskning/projekt/matsvinn-i-skolan/",
        _plain(
            "Matsvinn i skolan",
            """
<div class="wrapper"><div class="left-col"><ul><li><a href="/p1">Projekt A</a></li><li><a href="/p2">Projekt B</a></li></ul></div><div class="content-col" id="innehall"><h1>Matsvinn i skolan</h1>
<div class="text"><p>Projektet mäter vad elever lämnar på tallriken och varför. Vi arbetar med sex skolor i Norrtuna kommun.</p><p>Mätningarna görs två gånger per termin och resultaten visas för eleverna.</p></div>
<div class="factbox"><h2>Fakta om projektet</h2><p><strong>Projektledare:</strong> docent Ida Sund</p><p><strong>Deltagare:</strong> Max Ek, Lo Frisk</p><p><strong>Finansiering:</strong> Formas</p><p><strong>Tid:</strong> 2024-2026</p><p><strong>Dnr:</strong> 2023-118</p><p><strong>Partner:</strong> Norrtuna kommun och Region Sjövik</p></div>
<p class="modified">Uppdaterad av Kim Webb den 3 mars 2025</p></div></div>""",
        ),
        kind="project",
        partners=("Norrtuna kommun", "Region Sjövik"),
        modified="2025-03-03",
        persons=(
            Person(name="Ida Sund", title="docent", role="Projektledare"),
            Person(name="Max Ek"),
            Person(name="Lo Frisk"),
        ),
        text="""Projektet mäter vad elever lämnar på tallriken och varför. Vi arbetar med sex skolor i Norrtuna kommun.
Mätningarna görs två gånger per termin och resultaten visas för eleverna.
Fakta om projektet
Projektledare: docent Ida Sund
Deltagare: Max Ek, Lo Frisk
Finansiering: Formas
Tid: 2024-2026
Dnr: 2023-118
Partner: Norrtuna kommun och Region Sjövik""",
    ),
    _case(
        "/samverkan/partnerskap/kvarnsele-teknik-ab",
        _plain(
            "Kvarnsele Teknik AB",
            """
<div role="main"><h1>Samverkan med Kvarnsele Teknik AB</h1><div class="intro">Bolaget bygger styrskåp och anställer våra ingenjörer.</div>
<div class="richtext"><h3>Syfte</h3>Avtalet ger studenter praktik.<br><br>Det ger också bolaget tillgång till labb.<h3>Prioriterade frågor</h3><div>&bull; Digitalisering</div><div>&bull; Livslångt lärande</div><div>&bull; Ny batteriteknik</div></div>
<div class="people"><h2>Kontakt</h2><div class="person vcard"><img class="photo" alt=""><span class="fn n"><span class="given-name">Eva</span> <span class="family-name">Brandt</span></span><span class="title">Partnerskapsansvarig</span><a class="email" href="mailto:eva.brandt@example.org">eva.brandt@example.org</a><span class="tel"><span class="type">Arbete</span>: <span class="value">0500-44 82 00</span></span></div></div>
<p class="date-info"><span>Publicerad:</span> <time datetime="2023-05-05">5 maj 2023</time> <span>Ändrad:</span> <time datetime="2025-01-15">15 januari 2025</time></p></div>""",
        ),
        kind="partner",
        partners=("Kvarnsele Teknik AB",),
        areas=("Digitalisering", "Livslångt lärande", "Ny batteriteknik"),
        published="2023-05-05",
        modified="2025-01-15",
        persons=(
            Person(
                name="Eva Brandt",
                role="Partnerskapsansvarig",
                email="eva.brandt@example.org",
                phone="0500-44 82 00",
            ),
        ),
        text="""Samverkan med Kvarnsele Teknik AB
Bolaget bygger styrskåp och anställer våra ingenjörer.
Syfte
Avtalet ger studenter praktik.
Det ger också bolaget tillgång till labb.
Prioriterade frågor
• Digitalisering
• Livslångt lärande
• Ny batteriteknik
Kontakt
Eva Brandt Partnerskapsansvarig eva.brandt@example.org Arbete: 0500-44 82 00""",
    ),
    _case(
        "/en/research/projects/safe-steps",
        _plain(
            "Safe steps",
            """
<main id="main"><div class="grid"><div class="grid__item grid__item--8"><h1>Safe steps</h1><p>How do older people move in the city? We measure steps and talk to the people who take them.</p><h2>Background</h2><p>Falls are common. In Municipality of Norrtuna, one in ten visits to the emergency room is due to a fall.</p><h2>Results</h2><p>The first results came on 4 May 2024 and show that light matters most.</p></div>
<div class="grid__item grid__item--4"><div class="box"><h2>Project facts</h2><dl><dt>Funder</dt><dd>Swedish Research Council</dd><dt>Project period</dt><dd>Jan 2023 – Dec 2025</dd><dt>Project leader</dt><dd><a href="/staff/1">Tom Hart</a>, PhD</dd><dt>Partners</dt><dd>Municipality of Norrtuna</dd></dl></div><div class="box"><h2>Contact</h2><p>Tom Hart<br>Associate Professor<br>tom.hart [at] example [dot] org</p></div></div></div><div class="updated">Last updated by Kim Webb on 3 March 2025</div></main>""",
            lang="en",
        ),
        kind="project",
        language="en",
        partners=("Norrtuna kommun",),
        modified="2025-03-03",
        persons=(
            Person(
                name="Tom Hart",
                title="Associate Professor",
                role="Project leader",
                email="tom.hart@example.org",
            ),
        ),
        text="""How do older people move in the city? We measure steps and talk to the people who take them.
Background
Falls are common. In Municipality of Norrtuna, one in ten visits to the emergency room is due to a fall.
Results
The first results came on 4 May 2024 and show that light matters most.""",
    ),
    _case(
        "/om/medarbetare/b/bengt-kjell.html",
        _plain(
            "Bengt Kjell",
            """
<main><div class="profile"><h1>Bengt Kjell</h1><div class="profile__titles">Senior professor, fil.dr</div><table class="profile__contact"><tr><th>E-post</th><td>bengt.kjell<img src="at.gif" alt="@">example.org</td></tr><tr><th>Telefon</th><td>0500-44 83 00</td></tr><tr><th>Avdelning</th><td>Institutionen för teknik</td></tr><tr><th>Rum</th><td>D204</td></tr></table>
<h2>Publikationer</h2><ul><li>Kjell, B. (2021). Om stål. <em>Tidskrift för stål</em>, 3(2).</li></ul></div><p>Sidan uppdaterades: 2025-02-28</p></main>""",
        ),
        kind="person",
        modified="2025-02-28",
        persons=(
            Person(
                name="Bengt Kjell",
                title="Senior professor, fil.dr",
                email="bengt.kjell@example.org",
                phone="0500-44 83 00",
                organisation="Institutionen för teknik",
            ),
        ),
        text="""Senior professor, fil.dr
E-post | bengt.kjell@example.org
Telefon | 0500-44 83 00
Avdelning | Institutionen för teknik
Rum | D204
Publikationer
Kjell, B. (2021). Om stål. Tidskrift för stål, 3(2).""",
    ),
    _case(
        "/samverkan/vara-partner/granstads-kommunalforbund/",
        _plain(
            "Granstads kommunalförbund",
            """
<div id="innehall" class="content"><h1>Granstads kommunalförbund</h1><p>Förbundet samlar sju kommuner kring skola och vuxenutbildning.</p>
<h2>Områden som vi samverkar inom</h2><div class="tiles"><div class="tile"><h3><a href="/a1">Breddad rekrytering</a></h3><p>Fler söker sig vidare.</p></div><div class="tile"><h3><a href="/a2">Arbetsintegrerat lärande</a></h3><p>Lärande på jobbet.</p></div><div class="tile"><h3><a href="/a3">Besöksnäring</a></h3><p>Turism året om.</p></div></div>
<h2>Kontaktpersoner</h2><table><tbody><tr><td>Ulla Malm</td><td>förbundschef</td><td><a href="mailto:ulla.malm@example.org">ulla.malm@example.org</a></td></tr><tr><td>Ove Sten, universitetslektor</td><td>kontaktperson vid högskolan</td><td><a href="mailto:ove.sten@example.org">ove.sten@example.org</a></td></tr></tbody></table>
<div class="related-links"><h2>Relaterade länkar</h2><ul><li><a href="https://gkf.example.org">Förbundets webbplats</a></li></ul></div>
<div class="pageinfo">Innehållsansvarig: Kim Webb<br>Sidan granskad: 2024-12-01<br>Sidan uppdaterad: 2025-03-01</div></div>""",
            head='<script type="application/ld+json">{"@context":"https://schema.org","@type":"WebPage","dateModified":"2025-03-01T10:00:00Z","publisher":{"@type":"Organization","name":"Lärosätet"}}</script>',
        ),
        kind="partner",
        partners=("Granstads kommunalförbund",),
        areas=("Breddad rekrytering", "Arbetsintegrerat lärande", "Besöksnäring"),
        modified="2025-03-01",
        persons=(
            Person(name="Ulla Malm", role="förbundschef", email="ulla.malm@example.org"),
            Person(
                name="Ove Sten",
                title="universitetslektor",
                role="kontaktperson vid högskolan",
                email="ove.sten@example.org",
            ),
        ),
        text="""Förbundet samlar sju kommuner kring skola och vuxenutbildning.
Områden som vi samverkar inom
Breddad rekrytering
Fler söker sig vidare.
Arbetsintegrerat lärande
Lärande på jobbet.
Besöksnäring
Turism året om.
Kontaktpersoner
Ulla Malm | förbundschef | ulla.malm@example.org
Ove Sten, universitetslektor | kontaktperson vid högskolan | ove.sten@example.org""",
    ),
    _case(
        "/forskning/omraden/larande-i-arbete",
        _plain(
            "Lärande i arbete",
            """
<main><nav class="crumbs"><a href="/">Start</a> / <a href="/f">Forskning</a></nav><section class="hero"><h1>Lärande i arbete</h1><p>Forskning om hur människor lär i och genom arbete.</p></section>
<section class="block block--text"><p>Området samlar fyrtio forskare från fyra ämnen. Flera projekt drivs med Region Sjövik.</p></section>
<section class="block block--links"><h2>Läs mer om vår forskning</h2><ul class="linklist"><li><a href="/x1">Våra forskargrupper</a></li><li><a href="/x2">Pågående projekt</a></li><li><a href="/x3">Publikationer</a></li></ul></section>
<section class="block block--contact"><h2>Kontakta oss</h2><div class="contacts"><div class="contacts__item"><p class="contacts__name">Mia Fors</p><p class="contacts__title">Professor, forskningsledare</p><p><a class="contacts__mail" href="mailto:mia.fors@example.org"><span class="icon"></span>mia.fors@example.org</a></p></div><div class="contacts__item"><p class="contacts__name">Jan Ask</p><p class="contacts__title">Koordinator</p><p><a href="tel:0500448400">0500-44 84 00</a></p></div></div></section>
<section class="newsletter"><h2>Få vårt nyhetsbrev</h2><p>Fyll i din adress så hör vi av oss.</p></section></main><p class="last-edit">Senast ändrad 2024-11-02 av Kim Webb</p>""",
        ),
        kind="research",
        partners=("Region Sjövik",),
        modified="2024-11-02",
        persons=(
            Person(
                name="Mia Fors",
                title="Professor",
                role="forskningsledare",
                email="mia.fors@example.org",
            ),
            Person(name="Jan Ask", role="Koordinator", phone="0500-44 84 00"),
        ),
        text="""Forskning om hur människor lär i och genom arbete.
Området samlar fyrtio forskare från fyra ämnen. Flera projekt drivs med Region Sjövik.
Kontakta oss
Mia Fors
Professor, forskningsledare
mia.fors@example.org
Jan Ask
Koordinator
0500-44 84 00""",
    ),
    _case(
        "/kalender/2025/oppen-forelasning",
        _plain(
            "Öppen föreläsning",
            """
<main><h1>Öppen föreläsning</h1><div class="event-info"><p class="event-date">Datum: 14 november 2025</p><p>Tid: 18.00–19.30</p><p>Plats: Aulan</p></div><p>Välkommen till en kväll om stadens historia. Föreläsningen är gratis och öppen för alla.</p><p>Anmälan senast den 10 november 2025.</p><p class="timestamp">Publicerad 1 oktober 2025</p></main>""",
        ),
        kind="page",
        published="2025-10-01",
        text="""Datum: 14 november 2025
Tid: 18.00–19.30
Plats: Aulan
Välkommen till en kväll om stadens historia. Föreläsningen är gratis och öppen för alla.
Anmälan senast den 10 november 2025.""",
    ),
    _case(
        "/samverkan/strategiska-partners/norrtuna-kommun",
        _optimizely(
            "Norrtuna kommun",
            """
<h1>Norrtuna kommun</h1><p class="preamble">Sedan 2012 är Norrtuna kommun strategisk partner till högskolan.</p>
<div class="main-body"><p>&nbsp;</p><h2>Om partnern</h2><p>Kommunen har 4 500 anställda och växer. Den 1 januari 2025 öppnade en ny gymnasieskola.</p><h2>Särskilt prioriterade utvecklingsområden</h2><ul>
<li>Arbetsintegrerat lärande (AIL)</li><li>Breddad rekrytering</li><li>Social hållbarhet</li></ul>
<h2>Kontakt</h2><p>Anna Andersson<br />Samverkanskoordinator<br />Universitetsadjunkt<br />anna.andersson (at) example.org<br />0520-22 11 00</p><p>Björn Borgström<br />Kommunstrateg, Norrtuna kommun<br /><a href="mailto:bjorn.borgstrom@example.org">E-posta Björn</a></p></div>
<div class="page-info"><span>Senast uppdaterad:</span> <span>2025-02-11</span><br><span>Sidansvarig:</span> <a href="mailto:web@example.org">Cecilia Carlsson</a></div>
<div class="social-share"><h4>Dela sidan</h4><a href="#">Facebook</a><a href="#">LinkedIn</a></div>""",
        ),
        kind="partner",
        partners=("Norrtuna kommun",),
        areas=("Arbetsintegrerat lärande", "Breddad rekrytering", "Social hållbarhet"),
        modified="2025-02-11",
        persons=(
            Person(
                name="Anna Andersson",
                role="Samverkanskoordinator",
                title="Universitetsadjunkt",
                email="anna.andersson@example.org",
                phone="0520-22 11 00",
            ),
            Person(
                name="Björn Borgström",
                role="Kommunstrateg",
                organisation="Norrtuna kommun",
                email="bjorn.borgstrom@example.org",
            ),
        ),
        text="""Sedan 2012 är Norrtuna kommun strategisk partner till högskolan.
Om partnern
Kommunen har 4 500 anställda och växer. Den 1 januari 2025 öppnade en ny gymnasieskola.
Särskilt prioriterade utvecklingsområden
Arbetsintegrerat lärande (AIL)
Breddad rekrytering
Social hållbarhet
Kontakt
Anna Andersson
Samverkanskoordinator
Universitetsadjunkt
anna.andersson (at) example.org
0520-22 11 00
Björn Borgström
Kommunstrateg, Norrtuna kommun
E-posta Björn""",
    ),
    _case(
        "/forskning/projekt/smarta-lador",
        _optimizely(
            "Smarta lador",
            """
<div class="project-page"><h1>Smarta lador</h1><div class="intro">Kan sensorer hjälpa bönder att spara energi?</div><div class="xhtml"><p>Projektet samlar lantbrukare från hela länet och mäter temperatur och fukt i femton lador.</p></div>
<div class="projectfacts"><h2>Projektfakta</h2><div class="row"><span class="key">Projektledare</span><span class="value">David Dahl, docent</span></div><div class="row"><span class="key">Finansiär</span><span class="value">Jordbruksverket</span></div><div class="row"><span class="key">Projekttid</span><span class="value">2023-03-01–2025-12-31</span></div><div class="row"><span class="key">Samverkanspartner</span><span class="value">Granstads kommunalförbund</span></div><div class="row"><span class="key">Diarienr</span><span class="value">2022/900</span></div></div>
<p class="changed">Sidan ändrad 2024-12-24 kl 15.00</p></div>""",
            aside="""<div class="contact-box"><h3>Kontakta projektet</h3><strong>David Dahl</strong><br>david.dahl@example.org<br>+46 520 22 12 00</div>""",
        ),
        kind="project",
        partners=("Granstads kommunalförbund",),
        modified="2024-12-24",
        persons=(
            Person(
                name="David Dahl",
                title="docent",
                role="Projektledare",
                email="david.dahl@example.org",
                phone="+46 520 22 12 00",
            ),
        ),
        text="""Kan sensorer hjälpa bönder att spara energi?
Projektet samlar lantbrukare från hela länet och mäter temperatur och fukt i femton lador.
Projektfakta
Projektledare David Dahl, docent
Finansiär Jordbruksverket
Projekttid 2023-03-01–2025-12-31
Samverkanspartner Granstads kommunalförbund
Diarienr 2022/900""",
    ),
    _case(
        "/nyheter/2024/avtal-med-region-sjovik",
        _optimizely(
            "Avtal med Region Sjövik",
            """
<article class="news"><h1>Avtal med Region Sjövik</h1><p class="news__date">Publicerad: <time datetime="2024-10-01T08:00">1 oktober 2024</time></p><p class="news__lead">Högskolan och Region Sjövik fördjupar sitt samarbete.</p><p>Avtalet undertecknades den 28 september 2024 av rektor Eva Ek och regionråd Fredrik Falk. Det gäller i fem år.</p><p>– Vi har mycket att lära av varandra, säger Eva Ek.</p><blockquote>Det här är en milstolpe.</blockquote><div class="fact-box"><h2>Fakta</h2><p>Regionen har 12 000 anställda.</p></div><h2>Kontakt</h2><p>Gun Grahn, pressansvarig, tfn 0520-22 13 00</p></article><h2>Fler nyheter</h2><ul class="news-list"><li><a href="/n1">Skridskoloppet är tillbaka</a> <span>2024-09-30</span></li><li><a href="/n2">Forskare får pris</a> <span>2024-09-29</span></li></ul>""",
            head='<meta property="article:published_time" content="2024-10-01T08:00:00+02:00">',
        ),
        kind="news",
        partners=("Region Sjövik",),
        published="2024-10-01",
        persons=(Person(name="Gun Grahn", role="pressansvarig", phone="0520-22 13 00"),),
        text="""Högskolan och Region Sjövik fördjupar sitt samarbete.
Avtalet undertecknades den 28 september 2024 av rektor Eva Ek och regionråd Fredrik Falk. Det gäller i fem år.
– Vi har mycket att lära av varandra, säger Eva Ek.
Det här är en milstolpe.
Fakta
Regionen har 12 000 anställda.
Kontakt
Gun Grahn, pressansvarig, tfn 0520-22 13 00""",
    ),
    _case(
        "/samverka/partnerskap/ekbacka-sjukhus.html",
        _sitevision(
            "Ekbacka sjukhus",
            _PORTLET % '<h1 class="heading" id="h-x">Ekbacka sjukhus</h1>'
            + _PORTLET
            % '<p class="ingress">Sjukhuset och högskolan utbildar framtidens vårdpersonal tillsammans.</p><p class="normal">Samarbetet regleras i ett avtal. Det ses över vart tredje år.</p>'
            + _PORTLET
            % '<h2 class="subheading">Fokusområden i samarbetet</h2><p class="normal">- Kompetensförsörjning<br>- Digitalisering<br>- Klinisk träning</p>'
            + '<div class="sv-script-portlet"><div class="pubdate">Publicerad: 2022-02-02 | Uppdaterad: 2025-03-30</div></div>',
            right=_PORTLET
            % '<h2 class="subheading">Kontakt</h2><p class="normal"><span class="bold">Helena Hjort</span><br>Lektor, samverkansansvarig<br>Tel. 0300-10 00 11<br>helena.hjort[snabel-a]example.org</p>'
            + _PORTLET
            % '<h2 class="subheading">Aktuellt</h2><p class="normal"><a href="/n.html">Ny hjärtmottagning öppnar</a></p>',
        ),
        kind="partner",
        partners=("Ekbacka sjukhus",),
        areas=("Kompetensförsörjning", "Digitalisering", "Klinisk träning"),
        published="2022-02-02",
        modified="2025-03-30",
        persons=(
            Person(
                name="Helena Hjort",
                title="Lektor",
                role="samverkansansvarig",
                phone="0300-10 00 11",
                email="helena.hjort@example.org",
            ),
        ),
        text="""Sjukhuset och högskolan utbildar framtidens vårdpersonal tillsammans.
Samarbetet regleras i ett avtal. Det ses över vart tredje år.
Fokusområden i samarbetet
- Kompetensförsörjning
- Digitalisering
- Klinisk träning""",
    ),
    _case(
        "/forskning/forskargrupper/tal-och-text.html",
        _sitevision(
            "Tal och text",
            _PORTLET
            % '<h1 class="heading">Tal och text</h1><p class="normal">Gruppen studerar hur vuxna lär sig skriva på ett nytt språk. Vi samarbetar med skolor i Norrtuna kommun och på andra håll.</p>'
            + _PORTLET
            % '<h2 class="subheading">Forskare i gruppen</h2><ul><li><a href="/p1">Inger Isberg</a>, professor i svenska</li><li><a href="/p2">Jan Jansson</a>, doktorand</li></ul>'
            + _PORTLET % '<p class="fineprint">Senast granskad 5 maj 2024 av Karin Ko</p>',
        ),
        kind="research",
        partners=("Norrtuna kommun",),
        modified="2024-05-05",
        persons=(
            Person(name="Inger Isberg", title="professor i svenska"),
            Person(name="Jan Jansson", title="doktorand"),
        ),
        text="""Gruppen studerar hur vuxna lär sig skriva på ett nytt språk. Vi samarbetar med skolor i Norrtuna kommun och på andra håll.
Forskare i gruppen
Inger Isberg, professor i svenska
Jan Jansson, doktorand""",
    ),
    _case(
        "/partner/kvarnsele-teknik/",
        _wordpress(
            "Kvarnsele Teknik",
            """<p>Kvarnsele Teknik är ett familjeföretag som har varit med sedan starten.</p><h2>Utvecklingsområden</h2><div class="wp-block-columns"><div class="wp-block-column"><h3>Hållbar utveckling</h3><p>Mindre spill.</p></div><div class="wp-block-column"><h3>Livslångt lärande</h3><p>Kurser på jobbet.</p></div></div><h2>Kontaktperson</h2><div class="wp-block-media-text"><figure><img alt="Lisa Lund"/></figure><div class="wp-block-media-text__content"><p><strong>Lisa Lund, fil. lic.</strong><br/>HR-chef, Kvarnsele Teknik</p><p>✉ <a href="mailto:lisa.lund@example.org">lisa.lund@example.org</a><br/>☎ 0700-12 34 56</p></div></div><div class="wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link" href="/p">Alla partner</a></div></div>""",
            cls="single single-partner",
            foot='<div class="wp-block-post-date"><span>Senast uppdaterad</span> <time datetime="2025-04-04T10:00:00+02:00">4 april 2025</time></div>',
        ),
        kind="partner",
        partners=("Kvarnsele Teknik AB",),
        areas=("Hållbar utveckling", "Livslångt lärande"),
        modified="2025-04-04",
        persons=(
            Person(
                name="Lisa Lund",
                title="fil. lic.",
                role="HR-chef",
                organisation="Kvarnsele Teknik",
                email="lisa.lund@example.org",
                phone="0700-12 34 56",
            ),
        ),
        text="""Kvarnsele Teknik är ett familjeföretag som har varit med sedan starten.
Utvecklingsområden
Hållbar utveckling
Mindre spill.
Livslångt lärande
Kurser på jobbet.
Kontaktperson
Lisa Lund, fil. lic.
HR-chef, Kvarnsele Teknik
✉ lisa.lund@example.org
☎ 0700-12 34 56
Alla partner""",
    ),
    _case(
        "/2025/02/workshop-om-ai/",
        _wordpress(
            "Workshop om AI",
            """<p>Fyrtio lärare och forskare träffades för att prova nya verktyg. Dagen arrangerades med Granstads kommunalförbund.</p><ul class="wp-block-list"><li>Vad kan tekniken?</li><li>Vad får man göra?</li></ul><p>Nästa tillfälle blir den 3 april 2025.</p><p><em>Text och foto: Moa Melin</em></p>""",
            cls="single single-post",
            meta='<div class="wp-block-post-date"><time datetime="2025-02-20T09:00:00+01:00">20 februari, 2025</time></div><div class="wp-block-post-author-name"><a href="/author/moa">Moa Melin</a></div>',
            foot='<div class="wp-block-post-terms"><a href="/tag/ai">AI</a></div><nav class="wp-block-group" aria-label="Inlägg"><a href="/x">← Höstens program</a></nav><div class="wp-block-comments"><h2>Kommentarer</h2><p>Vilken bra dag det var!</p></div>',
        ),
        kind="news",
        partners=("Granstads kommunalförbund",),
        published="2025-02-20",
        text="""Fyrtio lärare och forskare träffades för att prova nya verktyg. Dagen arrangerades med Granstads kommunalförbund.
Vad kan tekniken?
Vad får man göra?
Nästa tillfälle blir den 3 april 2025.
Text och foto: Moa Melin""",
    ),
    _case(
        "/en/projects/green-steel/",
        _wordpress(
            "Green steel",
            """<p>How can small workshops use green steel? The project follows five companies together with Sjövik Region.</p><table class="wp-block-table"><tbody><tr><td><strong>Funding</strong></td><td>Vinnova</td></tr><tr><td><strong>Duration</strong></td><td>2024–2026</td></tr><tr><td><strong>Project manager</strong></td><td>Nora Nyman</td></tr><tr><td><strong>Focus area</strong></td><td>Sustainable development</td></tr></tbody></table><h2>Contact</h2><p>Nora Nyman, Senior Lecturer<br>nora.nyman at example.org</p>""",
            cls="single single-project",
            lang="en-US",
            head='<meta property="article:modified_time" content="2025-01-10T00:00:00+00:00"/>',
        ),
        kind="project",
        language="en",
        partners=("Region Sjövik",),
        areas=("Hållbar utveckling",),
        modified="2025-01-10",
        persons=(
            Person(
                name="Nora Nyman",
                title="Senior Lecturer",
                role="Project manager",
                email="nora.nyman@example.org",
            ),
        ),
        text="""How can small workshops use green steel? The project follows five companies together with Sjövik Region.
Funding | Vinnova
Duration | 2024–2026
Project manager | Nora Nyman
Focus area | Sustainable development
Contact
Nora Nyman, Senior Lecturer
nora.nyman at example.org""",
    ),
)
