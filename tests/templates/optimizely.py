"""Pages as Episerver (Optimizely) sites send them: blocks in blocks, BEM classes, a mega menu."""

from __future__ import annotations

from indexer.model import Person, SiteRule
from tests.templates.truth import Case, Truth

HOST = "https://www.optimizely.example.org"

RULES = (
    SiteRule(
        match="/**",
        main="main .page-main__content",
        remove=(".page-main__tools", ".page-meta", ".related-block"),
        fields={
            "title": "h1",
            "modified": ".page-meta__updated time, .page-meta__updated",
            "published": ".news-header__date",
            "areas": ".focus-areas li, .focus-areas__heading",
            "persons": ".contact-person",
        },
    ),
)

_MENU = "".join(
    f"""<li class="mega-menu__item js-mega-item"><a class="mega-menu__link" href="/{slug}/">{label}</a>
<div class="mega-menu__panel" aria-hidden="true"><ul>{"".join(f'<li><a href="/{slug}/{n}/">{label} del {n}</a></li>' for n in range(1, 8))}</ul></div></li>"""
    for slug, label in (
        ("utbildning", "Utbildning"),
        ("forskning", "Forskning"),
        ("samverkan", "Samverkan"),
        ("om-oss", "Om högskolan"),
    )
)


def _page(
    *,
    title: str,
    main: str,
    meta: str = "",
    head: str = "",
    lang: str = "sv",
    side: str = "",
    site: str = "Exempelhögskolan",
) -> str:
    return f"""<!DOCTYPE html>
<html lang="{lang}" class="no-js">
<head><meta charset="utf-8" /><title>{title} | {site}</title>
<meta name="viewport" content="width=device-width" /><meta property="og:site_name" content="{site}" />
<meta property="og:type" content="website" />{head}
<script>window.dataLayer = window.dataLayer || []; var epi = {{"updated": "2011-01-01"}};</script>
<style>.page-main{{display:grid}}</style></head>
<body class="standardpage">
<noscript><div class="noscript-message"><p>Webbplatsen fungerar bäst med JavaScript. Slå på det i din webbläsare för att se allt innehåll.</p></div></noscript>
<div id="CybotCookiebotDialog" class="cookie-consent" role="dialog" aria-label="Kakor"><h2>Vi använder kakor</h2><p>Kakor hjälper oss att göra webbplatsen bättre. Du väljer själv vilka du godkänner.</p><button>Godkänn alla</button></div>
<a href="#main-content" class="skip-link">Hoppa till innehållet</a>
<header class="site-header"><div class="site-header__top"><a href="/" class="logo"><img src="/logo.svg" alt="{site}"></a>
<form action="/sok" class="search-form"><label for="q">Sök på webbplatsen</label><input id="q" name="q"></form></div>
<div class="mega-menu js-mega-menu"><ul class="mega-menu__list">{_MENU}</ul></div></header>
<div class="breadcrumbs"><ol class="breadcrumbs__list"><li><a href="/">Start</a></li><li><a href="/samverkan/">Samverkan</a></li><li>{title}</li></ol></div>
<main id="main-content" class="page-main"><div class="container"><div class="row">
<div class="col-lg-3 d-none d-lg-block"><div class="left-navigation"><ul><li><a href="/samverkan/a/">Stipendier och donationer</a></li><li><a href="/samverkan/b/">Beställ uppdragsutbildning</a></li></ul></div></div>
<div class="col-lg-6 page-main__content">
{main}
<div class="page-main__tools share-buttons"><span class="share-buttons__label">Dela sidan</span><ul><li><a href="https://social.example.org/s">Facebook</a></li><li><a href="mailto:?subject=Tips">Tipsa en vän</a></li></ul></div>
{meta}
</div>
<div class="col-lg-3"><aside class="sidebar">{side}<div class="block related-block"><h2>Relaterat innehåll</h2><ul><li><a href="/nyheter/x/">Nytt avtal klart med industrin</a></li><li><a href="/nyheter/y/">Öppet hus för gymnasister</a></li></ul></div></aside></div>
</div></div></main>
<footer class="site-footer"><div class="container"><h2>Kontakta högskolan</h2><p>Telefon växel: <a href="tel:+4600100000">0001-00 00 00</a></p><p><a href="mailto:registrator@example.org">registrator@example.org</a></p>
<p>Senast publicerad version 2019-05-05</p><p>&copy; 2026 {site}</p></div></footer>
<script src="/bundle.js" async></script></body></html>"""


def _updated(day: str, words: str) -> str:
    return f'<div class="page-meta"><span class="page-meta__updated">Senast uppdaterad: <time datetime="{day}">{words}</time></span></div>'


def _contact(
    name: str,
    *,
    title: str = "",
    role: str = "",
    mail: str = "",
    phone: str = "",
    department: str = "",
) -> str:
    rows = [
        f'<div class="contact-person__image"><img src="/p.jpg" alt="Porträtt av {name}"></div>',
        f'<div class="contact-person__name"><a href="/personal/x/">{name}</a></div>',
        f'<div class="contact-person__title">{title}</div>' if title else "",
        f'<div class="contact-person__role">{role}</div>' if role else "",
        f'<div class="contact-person__department">{department}</div>' if department else "",
        f'<div class="contact-person__email"><span class="label">E-post</span> <a href="mailto:{mail}">{mail}</a></div>'
        if mail
        else "",
        f'<div class="contact-person__phone"><span class="label">Telefon</span> <a href="tel:{phone.replace(" ", "").replace("-", "")}">{phone}</a></div>'
        if phone
        else "",
    ]
    return f'<div class="block contactpersonblock col-12"><div class="contact-person">{"".join(rows)}</div></div>'


CASES = (
    Case(
        url=f"{HOST}/samverkan/strategiska-partner/norrtuna-kommun/",
        markup=_page(
            title="Norrtuna kommun",
            main=f"""<h1 class="page-title">Norrtuna kommun</h1>
<p class="preamble">Norrtuna kommun är en av högskolans äldsta samarbetspartner och den största arbetsgivaren i regionen.</p>
<div class="editor-content"><h2 id="syfte">Syftet med partnerskapet</h2><p>Avtalet från <em>12 maj 2014</em> ska göra att forskning kommer till nytta i kommunens vardag. Det förlängdes den 3 juni 2022.</p>
<p>Varje termin möts en gemensam styrgrupp och fördelar medel till nya idéer.</p></div>
<div class="block listblock focus-areas"><h2>Särskilt prioriterade utvecklingsområden</h2><ul><li>Arbetsintegrerat lärande</li><li>Breddad rekrytering till högre studier</li><li>Nära vård</li></ul></div>
<div class="contentarea"><h2>Kontakt</h2>{_contact("Signe Åkerö", title="Universitetslektor i pedagogik, docent", role="Samordnare", mail="signe.akero@example.org", phone="0000-22 30 21")}
{_contact("Melker Forsvall", role="Utvecklingsstrateg", department="Norrtuna kommun", mail="melker.forsvall@example.org")}</div>""",
            meta=_updated("2025-03-03", "3 mars 2025"),
        ),
        truth=Truth(
            kind="partner",
            partners=("Norrtuna kommun",),
            areas=("Arbetsintegrerat lärande", "Breddad rekrytering", "Nära vård"),
            persons=(
                Person(
                    name="Signe Åkerö",
                    role="Samordnare",
                    title="Universitetslektor i pedagogik, docent",
                    email="signe.akero@example.org",
                    phone="0000-22 30 21",
                ),
                Person(
                    name="Melker Forsvall",
                    role="Utvecklingsstrateg",
                    email="melker.forsvall@example.org",
                    organisation="Norrtuna kommun",
                ),
            ),
            modified="2025-03-03",
            text="""Norrtuna kommun är en av högskolans äldsta samarbetspartner och den största arbetsgivaren i regionen.
Syftet med partnerskapet
Avtalet från 12 maj 2014 ska göra att forskning kommer till nytta i kommunens vardag. Det förlängdes den 3 juni 2022.
Varje termin möts en gemensam styrgrupp och fördelar medel till nya idéer.
Särskilt prioriterade utvecklingsområden
Arbetsintegrerat lärande
Breddad rekrytering till högre studier
Nära vård
Kontakt
Signe Åkerö
Universitetslektor i pedagogik, docent
Samordnare
E-post signe.akero@example.org
Telefon 0000-22 30 21
Melker Forsvall
Utvecklingsstrateg
Norrtuna kommun
E-post melker.forsvall@example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/samverkan/strategiska-partner/region-sjovik/",
        markup=_page(
            title="Partnerskap med Region Sjövik",
            main="""<h1>Partnerskap med Region Sjövik</h1>
<div class="introduction"><p>Region Sjövik och högskolan har samarbetat kring vård och hälsa sedan 2009.</p></div>
<div class="editor-content"><p>Regionen tar emot våra studenter på sina vårdcentraler och vi möter regionens behov av nya kunskaper.</p>
<figure class="image-block"><img src="/a.jpg" alt="Två personer"><figcaption>Foto: Dagny Vinge</figcaption></figure></div>
<div class="accordion-block focus-areas"><h2>Fokusområden</h2>
<div class="accordion__item"><h3 class="accordion__heading focus-areas__heading"><button aria-expanded="false" aria-controls="a1">Kompetensförsörjning</button></h3><div id="a1" class="accordion__panel" hidden><p>Fler ska vilja arbeta i vården och stanna där.</p></div></div>
<div class="accordion__item"><h3 class="accordion__heading focus-areas__heading"><button aria-expanded="false" aria-controls="a2">Digitalisering</button></h3><div id="a2" class="accordion__panel" hidden><p>Ny teknik prövas i en gemensam labbmiljö.</p></div></div>
<div class="accordion__item"><h3 class="accordion__heading focus-areas__heading"><button aria-expanded="false" aria-controls="a3">Patientsäkerhet</button></h3><div id="a3" class="accordion__panel" hidden><p>Team tränar svåra situationer i simulator.</p></div></div></div>""",
            side=f"""<div class="block contactblock"><h2>Kontaktperson</h2>{_contact("Bo Solberg", title="Professor i vårdvetenskap", mail="bo.solberg@example.org", phone="0000-22 30 44")}</div>""",
            meta='<div class="page-meta"><p class="page-meta__updated">Sidan uppdaterad 2024-11-18 av <a href="/personal/w/">Webb Redaktör</a></p></div>',
        ),
        truth=Truth(
            kind="partner",
            partners=("Region Sjövik",),
            areas=("Kompetensförsörjning", "Digitalisering", "Patientsäkerhet"),
            persons=(
                Person(
                    name="Bo Solberg",
                    title="Professor i vårdvetenskap",
                    email="bo.solberg@example.org",
                    phone="0000-22 30 44",
                ),
            ),
            modified="2024-11-18",
            text="""Region Sjövik och högskolan har samarbetat kring vård och hälsa sedan 2009.
Regionen tar emot våra studenter på sina vårdcentraler och vi möter regionens behov av nya kunskaper.
Fokusområden
Kompetensförsörjning
Fler ska vilja arbeta i vården och stanna där.
Digitalisering
Ny teknik prövas i en gemensam labbmiljö.
Patientsäkerhet
Team tränar svåra situationer i simulator.""",
        ),
    ),
    Case(
        url=f"{HOST}/en/collaboration/strategic-partners/ekbacka-hospital/",
        markup=_page(
            title="Ekbacka Hospital",
            lang="en",
            site="Example University College",
            main=f"""<h1>Ekbacka Hospital</h1><p class="preamble">Ekbacka Hospital trains our nursing students and takes part in our research.</p>
<div class="editor-content"><h2>About the partnership</h2><p>The agreement was signed on 4 May 2018 and covers training, research and joint appointments.</p></div>
<div class="focus-areas"><h2>Priority areas</h2><ul><li>Work-integrated learning</li><li>Widening participation</li><li>Simulation training</li></ul></div>
<h2>Contact</h2>{_contact("Greta Falk", title="Senior Lecturer", role="Partnership Coordinator", mail="greta.falk@example.org", phone="+46 (0)000-22 31 00").replace("E-post", "Email").replace("Telefon", "Phone")}""",
            meta='<div class="page-meta"><span class="page-meta__updated">Last updated: 14 February 2025</span></div>',
        ),
        truth=Truth(
            kind="partner",
            language="en",
            partners=("Ekbacka sjukhus",),
            areas=("Arbetsintegrerat lärande", "Breddad rekrytering", "Simulation training"),
            persons=(
                Person(
                    name="Greta Falk",
                    title="Senior Lecturer",
                    role="Partnership Coordinator",
                    email="greta.falk@example.org",
                    phone="+46 000-22 31 00",
                ),
            ),
            modified="2025-02-14",
            text="""Ekbacka Hospital trains our nursing students and takes part in our research.
About the partnership
The agreement was signed on 4 May 2018 and covers training, research and joint appointments.
Priority areas
Work-integrated learning
Widening participation
Simulation training
Contact
Greta Falk
Senior Lecturer
Partnership Coordinator
Email greta.falk@example.org
Phone +46 (0)000-22 31 00""",
        ),
    ),
    Case(
        url=f"{HOST}/forskning/forskningsprojekt/trygg-hemma/",
        markup=_page(
            title="Trygg hemma",
            main="""<h1>Trygg hemma</h1><p class="preamble">Projektet undersöker hur äldre och anhöriga upplever videosamtal med hemsjukvården.</p>
<div class="project-facts block"><h2 class="visually-hidden">Fakta</h2><dl class="project-facts__list">
<dt>Finansiär</dt><dd>Forte</dd><dt>Projektperiod</dt><dd>2022-01-01 – 2024-12-31</dd><dt>Projektledare</dt><dd><a href="/personal/x/">Amina Moss</a></dd>
<dt>Diarienummer</dt><dd>2021/0432</dd><dt>Samarbetspartner</dt><dd>Norrtuna kommun, Region Sjövik</dd><dt>Område</dt><dd>Digitalisering</dd></dl></div>
<div class="editor-content"><h2>Om projektet</h2><p>Vi följer trettio hushåll under ett år. Intervjuer görs vid tre tillfällen, den 1 mars 2023 hölls en hearing.</p><p>Resultaten ska ge råd om hur samtal läggs upp.</p></div>""",
            meta=_updated("2024-06-10", "10 juni 2024"),
        ),
        truth=Truth(
            kind="project",
            partners=("Norrtuna kommun", "Region Sjövik"),
            areas=("Digitalisering",),
            persons=(Person(name="Amina Moss", role="Projektledare"),),
            modified="2024-06-10",
            text="""Projektet undersöker hur äldre och anhöriga upplever videosamtal med hemsjukvården.
Finansiär
Forte
Projektperiod
2022-01-01 – 2024-12-31
Projektledare
Amina Moss
Diarienummer
2021/0432
Samarbetspartner
Norrtuna kommun, Region Sjövik
Område
Digitalisering
Om projektet
Vi följer trettio hushåll under ett år. Intervjuer görs vid tre tillfällen, den 1 mars 2023 hölls en hearing.
Resultaten ska ge råd om hur samtal läggs upp.""",
        ),
    ),
    Case(
        url=f"{HOST}/nyheter/2025/nytt-avtal-om-praktik/",
        markup=_page(
            title="Nytt avtal om praktik",
            head='<meta property="article:published_time" content="2025-02-11T09:30:00+01:00" /><meta property="og:type" content="article" />',
            main="""<article class="news-page"><div class="news-header"><span class="news-header__date">11 februari 2025</span><h1>Nytt avtal om praktik</h1></div>
<p class="preamble">Fler studenter får göra sin praktik i Norrtuna kommun när avtalet vidgas till socialtjänsten.</p>
<div class="editor-content"><p>– Det betyder mycket för oss, säger Dagny Vinge, som leder arbetet på högskolan sedan 1 januari 2020.</p><p>Avtalet omfattar sextio platser varje termin och gäller i tre år. Båda parter ser det som ett sätt att visa vad yrket handlar om.</p>
<p>Studenterna får en handledare på plats och möts i seminarier varannan vecka.</p>
<h2>Kontakt</h2><p>Dagny Vinge, praktiksamordnare, dagny.vinge (at) example.org, 0000-22 30 77</p></div></article>""",
            meta='<div class="page-meta"><span class="page-meta__updated">Uppdaterad: <time datetime="2025-02-12T08:00">12 februari 2025</time></span></div>',
        ),
        truth=Truth(
            kind="news",
            partners=("Norrtuna kommun",),
            persons=(
                Person(
                    name="Dagny Vinge",
                    role="praktiksamordnare",
                    email="dagny.vinge@example.org",
                    phone="0000-22 30 77",
                ),
            ),
            published="2025-02-11",
            modified="2025-02-12",
            text="""Fler studenter får göra sin praktik i Norrtuna kommun när avtalet vidgas till socialtjänsten.
– Det betyder mycket för oss, säger Dagny Vinge, som leder arbetet på högskolan sedan 1 januari 2020.
Avtalet omfattar sextio platser varje termin och gäller i tre år. Båda parter ser det som ett sätt att visa vad yrket handlar om.
Studenterna får en handledare på plats och möts i seminarier varannan vecka.
Kontakt
Dagny Vinge, praktiksamordnare, dagny.vinge (at) example.org, 0000-22 30 77""",
        ),
    ),
    Case(
        url=f"{HOST}/personal/hugo-rask/",
        markup=_page(
            title="Hugo Rask",
            main="""<div class="employee-page" itemscope itemtype="https://schema.org/Person"><h1 itemprop="name">Hugo Rask</h1>
<p class="employee-page__title" itemprop="jobTitle">Biträdande professor</p><ul class="employee-page__contact"><li>E-post: <a href="mailto:hugo.rask@example.org" itemprop="email">hugo.rask@example.org</a></li><li>Telefon: <a href="tel:+46000223199" itemprop="telephone">+46 000-22 31 99</a></li><li>Rum: C317</li></ul>
<div class="editor-content"><h2>Om mig</h2><p>Jag forskar om hur industri och skola möts, och undervisar på ingenjörsprogrammen. Jag disputerade den 4 april 2011.</p></div></div>""",
            meta=_updated("2025-01-20", "20 januari 2025"),
        ),
        truth=Truth(
            kind="person",
            persons=(
                Person(
                    name="Hugo Rask",
                    title="Biträdande professor",
                    email="hugo.rask@example.org",
                    phone="+46 000-22 31 99",
                ),
            ),
            modified="2025-01-20",
            text="""Biträdande professor
E-post: hugo.rask@example.org
Telefon: +46 000-22 31 99
Rum: C317
Om mig
Jag forskar om hur industri och skola möts, och undervisar på ingenjörsprogrammen. Jag disputerade den 4 april 2011.""",
        ),
    ),
    Case(
        url=f"{HOST}/samverkan/strategiska-partner/",
        markup=_page(
            title="Strategiska partner",
            main="""<h1>Strategiska partner</h1><p class="preamble">Högskolan har långsiktiga avtal med kommuner, region och företag.</p>
<div class="editor-content"><p>Ett strategiskt partnerskap bygger på att båda parter vill utvecklas. Vi söker dem som delar vår syn på lärande.</p></div>
<ul class="page-list"><li class="page-list__item"><a href="/samverkan/strategiska-partner/norrtuna-kommun/">Norrtuna kommun</a><p>Skola, vård och socialtjänst.</p></li><li class="page-list__item"><a href="/samverkan/strategiska-partner/region-sjovik/">Region Sjövik</a><p>Hälsa och sjukvård.</p></li><li class="page-list__item"><a href="/samverkan/strategiska-partner/kvarnsele-teknik/">Kvarnsele Teknik</a><p>Produktion och ledarskap.</p></li></ul>""",
            meta=_updated("2023-09-01", "1 september 2023"),
        ),
        truth=Truth(
            kind="page",
            partners=("Norrtuna kommun", "Region Sjövik", "Kvarnsele Teknik AB"),
            modified="2023-09-01",
            text="""Högskolan har långsiktiga avtal med kommuner, region och företag.
Ett strategiskt partnerskap bygger på att båda parter vill utvecklas. Vi söker dem som delar vår syn på lärande.
Norrtuna kommun
Skola, vård och socialtjänst.
Region Sjövik
Hälsa och sjukvård.
Kvarnsele Teknik
Produktion och ledarskap.""",
        ),
    ),
    Case(
        url=f"{HOST}/forskning/forskningsmiljoer/vard-i-forandring/",
        markup=_page(
            title="Vård i förändring",
            main=f"""<h1>Vård i förändring</h1><div class="introduction"><p>Miljön samlar forskare som vill förstå hur vården förändras när patienten är mer delaktig.</p></div>
<div class="editor-content"><p>Forskningen bedrivs nära verksamheten. Många doktorander har sin anställning delad med ett sjukhus.</p>
<table class="table"><thead><tr><th>År</th><th>Doktorander</th></tr></thead><tbody><tr><td>2022</td><td>7</td></tr><tr><td>2024</td><td>11</td></tr></tbody></table></div>
<div class="block contactblock"><h2>Forskningsledare</h2>{_contact("Elin Öhrn", title="Professor", department="Institutionen för hälsovetenskap", mail="elin.ohrn@example.org")}</div>""",
            meta=_updated("2025-04-01", "1 april 2025"),
        ),
        truth=Truth(
            kind="research",
            persons=(
                Person(
                    name="Elin Öhrn",
                    title="Professor",
                    email="elin.ohrn@example.org",
                    organisation="Institutionen för hälsovetenskap",
                ),
            ),
            modified="2025-04-01",
            text="""Miljön samlar forskare som vill förstå hur vården förändras när patienten är mer delaktig.
Forskningen bedrivs nära verksamheten. Många doktorander har sin anställning delad med ett sjukhus.
År | Doktorander
2022 | 7
2024 | 11
Forskningsledare
Elin Öhrn
Professor
Institutionen för hälsovetenskap
E-post elin.ohrn@example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/om-oss/kontakt/",
        markup=_page(
            title="Kontakta samverkansgruppen",
            main="""<h1>Kontakta samverkansgruppen</h1><p>Här hittar du oss som arbetar med partnerskap.</p>
<table class="table table--contacts"><thead><tr><th>Namn</th><th>Befattning</th><th>E-post</th><th>Telefon</th></tr></thead><tbody>
<tr><td>Farid Stark</td><td>Samverkansstrateg</td><td><a href="mailto:farid.stark@example.org">Skicka e-post</a></td><td>0000-22 30 10</td></tr>
<tr><td>Ingela Trane, fil. dr</td><td>Projektkoordinator</td><td><a href="mailto:ingela.trane@example.org">Skicka e-post</a></td><td>0000-22 30 11</td></tr></tbody></table>
<p>Besöksadress: Storgatan 1, Norrtuna</p>""",
            meta=_updated("2024-08-30", "30 augusti 2024"),
        ),
        truth=Truth(
            kind="page",
            persons=(
                Person(
                    name="Farid Stark",
                    role="Samverkansstrateg",
                    email="farid.stark@example.org",
                    phone="0000-22 30 10",
                ),
                Person(
                    name="Ingela Trane",
                    role="Projektkoordinator",
                    title="fil. dr",
                    email="ingela.trane@example.org",
                    phone="0000-22 30 11",
                ),
            ),
            modified="2024-08-30",
            text="""Här hittar du oss som arbetar med partnerskap.
Namn | Befattning | E-post | Telefon
Farid Stark | Samverkansstrateg | Skicka e-post | 0000-22 30 10
Ingela Trane, fil. dr | Projektkoordinator | Skicka e-post | 0000-22 30 11
Besöksadress: Storgatan 1, Norrtuna""",
        ),
    ),
)
