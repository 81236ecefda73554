"""Pages as SiteVision sends them: portlets in layouts, generated ids, line breaks for structure."""

from __future__ import annotations

from indexer.model import Person, SiteRule
from tests.templates.truth import Case, Truth

HOST = "https://www.sitevision.example.org"

RULES = (
    SiteRule(
        match="/**",
        main="#Mittenspalt",
        remove=(".lp-share", ".lp-page-info", ".sv-archive-portlet"),
        fields={
            "title": "h1",
            "modified": ".lp-page-info",
            "published": ".lp-news-date",
            "areas": ".lp-areas li, .lp-areas strong",
            "persons": ".lp-contact",
        },
    ),
)

_MENU = "".join(
    f'<li><a class="lp-nav__link" href="/{slug}.html">{label}</a><button aria-expanded="false">Undermeny för {label}</button></li>'
    for slug, label in (
        ("utbildning", "Utbildning"),
        ("forskning", "Forskning"),
        ("samarbete", "Samarbete"),
        ("omhogskolan", "Om högskolan"),
        ("bibliotek", "Bibliotek"),
    )
)
_number = iter(range(10_000))


def _portlet(inner: str, *, extra: str = "", name: str = "Text") -> str:
    number = next(_number)
    return (
        f'<div class="sv-text-portlet sv-use-margins {extra}" id="svid12_{number:x}"><div id="{name}{number}"><!-- {name} --></div>'
        f'<div class="sv-text-portlet-content">{inner}</div></div>'
    )


def _page(
    *,
    title: str,
    main: str,
    info: str = "",
    head: str = "",
    lang: str = "sv",
    right: str = "",
    site: str = "Exempelhögskolan",
) -> str:
    return f"""<!DOCTYPE html>
<html lang="{lang}" class="sv-no-js sv-template-artikelsida">
<head><title>{title} - {site}</title><meta charset="UTF-8">
<meta name="generator" content="SiteVision"><meta property="og:title" content="{title}"/>{head}
<script>!function(t,e){{t=t||"docElem"}}();</script><link rel="stylesheet" href="/2.4/sv.css"></head>
<body class=" env-m-around--0">
<noscript>Din webbläsare tillåter inte JavaScript. En del av innehållet kan därför saknas.</noscript>
<div id="svid10_1" class="sv-layout sv-vertical sv-template-layout"><div class="sv-custom-module sv-marketplace-sitevision-cookie-consent sv-skip-spacer"><div data-cid="c1"><div role="dialog"><p>Vi använder kakor för att webbplatsen ska fungera på ett bra sätt för dig.</p><button>Godkänn</button></div></div></div>
<header><div class="sv-vertical sv-layout lp-header"><a href="#Mittenspalt" class="lp-skip">Till innehållet</a><a href="/"><img alt="{site}" src="/l.png"></a>
<div class="sv-custom-module sv-searchform"><form><input aria-label="Sök"><button>Sök</button></form></div>
<div class="lp-globalmeny"><ul>{_MENU}</ul></div></div></header>
<div id="svid94_2" class="sv-layout sv-row"><div class="sv-custom-module lp-breadcrumb"><nav aria-label="Brödsmulor"><ol><li><a href="/">Startsida</a></li><li><a href="/samarbete.html">Samarbete</a></li><li>{title}</li></ol></nav></div></div>
<div class="sv-grid-main sv-row sv-layout"><div class="sv-column-3 sv-layout lp-left"><div class="sv-vmenu-portlet"><ul><li><a href="/a.html">Praktik och examensarbete</a></li><li><a href="/b.html">Rekrytera våra studenter</a></li></ul></div></div>
<main><div class="pagecontent sv-layout" id="Mittenspalt">
{main}
<div class="sv-custom-module lp-share"><p class="normal">Dela:</p><ul><li><a href="https://social.example.org/f">Facebook</a></li><li><a href="https://social.example.org/l">LinkedIn</a></li></ul></div>
{info}
</div></main>
<div class="sv-column-3 sv-layout" id="Hogerspalt">{right}<div class="sv-archive-portlet sv-portlet"><h2 class="subheading">Fler nyheter</h2><ul><li><a href="/n1.html">Rektorn inviger nytt labb</a> <time>2025-01-09</time></li></ul></div></div></div>
<footer><div class="lp-footer sv-layout">{_portlet('<h2 class="subheading">Om webbplatsen</h2><p class="normal">© 2026 Exempelhögskolan. Besökare nummer 20240101.</p><p class="normal">Webbplatsen lanserades 2018-08-20</p>')}</div></footer>
</div><script>AppRegistry.registerInitialState('12.1',{{"modified":"2016-02-02"}});</script></body></html>"""


def _info(text: str) -> str:
    return (
        f'<div class="sv-script-portlet lp-page-info"><p class="env-text-caption">{text}</p></div>'
    )


CASES = (
    Case(
        url=f"{HOST}/samarbete/vara-partner/granstads-kommunalforbund.html",
        markup=_page(
            title="Granstads kommunalförbund",
            main=_portlet('<h1 class="heading" id="h-G">Granstads kommunalförbund</h1>')
            + _portlet(
                '<p class="ingress">Sju kommuner har gått samman i förbundet, som är en viktig partner för högskolan.</p>'
            )
            + _portlet(
                '<h2 class="subheading" id="h-Om">Om partnerskapet</h2><p class="brodtext">Förbundet och högskolan driver tillsammans ett lärcentrum.<br><br>Där kan vuxna läsa vidare nära hemmet.</p>'
            )
            + _portlet('<h2 class="subheading">Vi samverkar inom</h2>')
            + _portlet(
                "<ul><li>Livslångt lärande</li><li>Kompetensförsörjning i kommunerna</li><li>Kulturarv och besöksnäring</li></ul>",
                extra="lp-areas",
            )
            + _portlet('<h2 class="subheading">Kontakt</h2>')
            + _portlet(
                '<p class="normal"><strong>Carl Ekman</strong><br>Verksamhetsledare<br>0000-49 50 12<br><a href="mailto:carl.ekman@example.org">carl.ekman@example.org</a></p>',
                extra="lp-contact",
            )
            + _portlet(
                '<p class="normal"><strong>Ylva Rask</strong>, fil.dr<br>Forskningskoordinator<br>ylva.rask[at]example.org</p>',
                extra="lp-contact",
            ),
            info=_info("Senast uppdaterad: den 7 maj 2025"),
        ),
        truth=Truth(
            kind="partner",
            partners=("Granstads kommunalförbund",),
            areas=("Livslångt lärande", "Kompetensförsörjning", "Kulturarv och besöksnäring"),
            persons=(
                Person(
                    name="Carl Ekman",
                    role="Verksamhetsledare",
                    email="carl.ekman@example.org",
                    phone="0000-49 50 12",
                ),
                Person(
                    name="Ylva Rask",
                    role="Forskningskoordinator",
                    title="fil.dr",
                    email="ylva.rask@example.org",
                ),
            ),
            modified="2025-05-07",
            text="""Sju kommuner har gått samman i förbundet, som är en viktig partner för högskolan.
Om partnerskapet
Förbundet och högskolan driver tillsammans ett lärcentrum.
Där kan vuxna läsa vidare nära hemmet.
Vi samverkar inom
Livslångt lärande
Kompetensförsörjning i kommunerna
Kulturarv och besöksnäring
Kontakt
Carl Ekman
Verksamhetsledare
0000-49 50 12
carl.ekman@example.org
Ylva Rask, fil.dr
Forskningskoordinator
ylva.rask[at]example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/samarbete/vara-partner/kvarnseleteknik.4.5f2c.html",
        markup=_page(
            title="Kvarnsele Teknik AB",
            main=_portlet(
                '<h1 class="heading">Kvarnsele Teknik AB</h1><p class="ingress">Företaget tillverkar styrsystem och är partner i produktionstekniska centrumet.</p>'
            )
            + _portlet(
                '<p class="normal">Kvarnsele Teknik och högskolan skrev sitt första avtal våren 2016. Sedan dess har fyrtio studenter gjort sina examensarbeten där.</p>'
            )
            + _portlet(
                '<h2 class="subheading">Prioriterade områden</h2><p class="normal"><strong>Digitalisering</strong><br>Digitala tvillingar i monteringen.</p><p class="normal"><strong>Industriellt ledarskap</strong><br>Chefer läser korta kurser.</p>',
                extra="lp-areas",
            ),
            right=_portlet(
                '<h2 class="subheading">Kontaktperson på högskolan</h2><p class="normal"><strong>Farid Öhrn</strong><br>Docent, industrisamordnare<br>Telefon: 0000-22 33 10<br>E-post: <a href="mailto:farid.ohrn@example.org?subject=Fr%C3%A5ga">farid.ohrn@example.org</a></p>',
                extra="lp-contact",
                name="Kontakt",
            ),
            info=_info("Sidan publicerad 2021-10-04. Senast ändrad 2024-12-09 av Greta Moss"),
        ),
        truth=Truth(
            kind="partner",
            partners=("Kvarnsele Teknik AB",),
            areas=("Digitalisering", "Industriellt ledarskap"),
            persons=(
                Person(
                    name="Farid Öhrn",
                    title="Docent",
                    role="industrisamordnare",
                    email="farid.ohrn@example.org",
                    phone="0000-22 33 10",
                ),
            ),
            published="2021-10-04",
            modified="2024-12-09",
            text="""Företaget tillverkar styrsystem och är partner i produktionstekniska centrumet.
Kvarnsele Teknik och högskolan skrev sitt första avtal våren 2016. Sedan dess har fyrtio studenter gjort sina examensarbeten där.
Prioriterade områden
Digitalisering
Digitala tvillingar i monteringen.
Industriellt ledarskap
Chefer läser korta kurser.""",
        ),
    ),
    Case(
        url=f"{HOST}/english/cooperation/partners/sjovik-region.html",
        markup=_page(
            title="Sjövik Region",
            lang="en",
            site="Example University College",
            main=_portlet(
                '<h1 class="heading">Sjövik Region</h1><p class="preamble">The region runs three hospitals and is the largest employer of our nurses.</p>'
            )
            + _portlet(
                '<p class="normal">Together we run a clinical training centre where students and staff learn side by side.</p><h2 class="subheading">Areas of cooperation</h2><ul class="lp-areas"><li>Lifelong learning</li><li>Digitalisation</li><li>Primary care</li></ul>'
            )
            + _portlet(
                '<h2 class="subheading">Contact person</h2><p class="normal"><strong>Dr Ingela Stark</strong><br>Head of Collaboration<br>Phone: +46 000 22 31 70<br>ingela.stark at example.org</p>',
                extra="lp-contact",
            ),
            info=_info("Page updated 2025-01-30"),
        ),
        truth=Truth(
            kind="partner",
            language="en",
            partners=("Region Sjövik",),
            areas=("Livslångt lärande", "Digitalisering", "Primary care"),
            persons=(
                Person(
                    name="Ingela Stark",
                    title="Dr",
                    role="Head of Collaboration",
                    email="ingela.stark@example.org",
                    phone="+46 000 22 31 70",
                ),
            ),
            modified="2025-01-30",
            text="""The region runs three hospitals and is the largest employer of our nurses.
Together we run a clinical training centre where students and staff learn side by side.
Areas of cooperation
Lifelong learning
Digitalisation
Primary care
Contact person
Dr Ingela Stark
Head of Collaboration
Phone: +46 000 22 31 70
ingela.stark at example.org""",
        ),
    ),
    Case(
        url=f"{HOST}/forskning/forskningsprojekt/skola-i-samtal.html",
        markup=_page(
            title="Skola i samtal",
            main=_portlet(
                '<h1 class="heading">Skola i samtal</h1><p class="ingress">Hur talar lärare och elever om framtiden? Projektet följer tre skolor i Norrtuna kommun.</p>'
            )
            + _portlet(
                '<p class="normal">Samtalen spelas in och skrivs ut. Eleverna är med och tolkar dem.</p>'
            )
            + _portlet(
                '<h2 class="subheading">Projektfakta</h2><table class="sv-table"><tbody><tr><th scope="row">Projektledare</th><td>Elin Falk</td></tr><tr><th scope="row">Medverkande</th><td>Hugo Vinge, Signe Trane</td></tr><tr><th scope="row">Finansiär</th><td>Skolforskningsinstitutet</td></tr><tr><th scope="row">Tidsperiod</th><td>2023–2026</td></tr><tr><th scope="row">Dnr</th><td>2022/77</td></tr></tbody></table>'
            ),
            info=_info("Senast uppdaterad 2025-02-02 14:22"),
        ),
        truth=Truth(
            kind="project",
            partners=("Norrtuna kommun",),
            persons=(
                Person(name="Elin Falk", role="Projektledare"),
                Person(name="Hugo Vinge"),
                Person(name="Signe Trane"),
            ),
            modified="2025-02-02",
            text="""Hur talar lärare och elever om framtiden? Projektet följer tre skolor i Norrtuna kommun.
Samtalen spelas in och skrivs ut. Eleverna är med och tolkar dem.
Projektfakta
Projektledare | Elin Falk
Medverkande | Hugo Vinge, Signe Trane
Finansiär | Skolforskningsinstitutet
Tidsperiod | 2023–2026
Dnr | 2022/77""",
        ),
    ),
    Case(
        url=f"{HOST}/nyheter/nyheter/2025-03-14-studenter-bygger-bro.html",
        markup=_page(
            title="Studenter bygger bro",
            main=_portlet('<h1 class="heading">Studenter bygger bro</h1>')
            + '<div class="sv-script-portlet"><p class="lp-news-date">Publicerad 2025-03-14 08:15</p></div>'
            + _portlet(
                '<p class="ingress">En gångbro över ån blev ett lyft för ingenjörsstudenterna och för Kvarnsele Teknik.</p>'
            )
            + _portlet(
                '<p class="normal">Bron invigdes den 10 mars 2025 av landshövdingen. Den är tjugo meter lång och byggd av återvunnet stål.</p><p class="normal">– Nu förstår jag varför vi räknade så mycket, säger Bo Ekman som läser andra året.</p>'
            )
            + '<div class="sv-image-portlet"><img alt="Bro"><p class="imagecaption">Bron sedd från söder. Foto: Carl Moss</p></div>'
            + _portlet(
                '<p class="normal">Arbetet pågick hela hösten och fortsätter med en cykelväg nästa år.</p>'
            ),
        ),
        truth=Truth(
            kind="news",
            partners=("Kvarnsele Teknik AB",),
            published="2025-03-14",
            text="""En gångbro över ån blev ett lyft för ingenjörsstudenterna och för Kvarnsele Teknik.
Bron invigdes den 10 mars 2025 av landshövdingen. Den är tjugo meter lång och byggd av återvunnet stål.
– Nu förstår jag varför vi räknade så mycket, säger Bo Ekman som läser andra året.
Arbetet pågick hela hösten och fortsätter med en cykelväg nästa år.""",
        ),
    ),
    Case(
        url=f"{HOST}/kontakt/hitta-personal/amina-solberg.html",
        markup=_page(
            title="Amina Solberg",
            main=_portlet(
                '<h1 class="heading">Amina Solberg</h1><p class="normal">Universitetslektor, programansvarig<br>Avdelningen för socialt arbete</p><p class="normal">Telefon: 0000 - 22 33 44<br>E-post: amina.solberg snabel-a example.org</p>',
                extra="lp-contact",
            )
            + _portlet(
                '<h2 class="subheading">Forskning</h2><p class="normal">Jag undersöker hur familjer möter socialtjänsten i små kommuner. Avhandlingen lades fram 2017.</p>'
            ),
            info=_info("Senast granskad 2025-04-04"),
        ),
        truth=Truth(
            kind="person",
            persons=(
                Person(
                    name="Amina Solberg",
                    title="Universitetslektor",
                    role="programansvarig",
                    email="amina.solberg@example.org",
                    phone="0000-22 33 44",
                    organisation="Avdelningen för socialt arbete",
                ),
            ),
            modified="2025-04-04",
            text="""Universitetslektor, programansvarig
Avdelningen för socialt arbete
Telefon: 0000 - 22 33 44
E-post: amina.solberg snabel-a example.org
Forskning
Jag undersöker hur familjer möter socialtjänsten i små kommuner. Avhandlingen lades fram 2017.""",
        ),
    ),
    Case(
        url=f"{HOST}/forskning/forskningsomraden/barn-och-unga.html",
        markup=_page(
            title="Barn och unga",
            main=_portlet(
                '<h1 class="heading">Barn och unga</h1><p class="ingress">Forskningen rör uppväxt, skola och fritid, ofta tillsammans med Granstads kommunalförbund.</p>'
            )
            + _portlet(
                '<h2 class="subheading">Pågående studier</h2><ul><li>Fritid på landsbygden</li><li>Språk i förskolan</li><li>Digitala läxor</li></ul><p class="normal">Studierna bygger på intervjuer och observationer.</p>'
            )
            + _portlet(
                '<h2 class="subheading">Forskare</h2><p class="normal"><a href="/kontakt/x.html">Dagny Ekman</a>, professor<br><a href="/kontakt/y.html">Bo Trane</a>, doktorand</p>',
                extra="lp-contact",
            ),
            info=_info("Uppdaterad av Webbgruppen den 9 januari 2025"),
        ),
        truth=Truth(
            kind="research",
            partners=("Granstads kommunalförbund",),
            persons=(
                Person(name="Dagny Ekman", title="professor"),
                Person(name="Bo Trane", title="doktorand"),
            ),
            modified="2025-01-09",
            text="""Forskningen rör uppväxt, skola och fritid, ofta tillsammans med Granstads kommunalförbund.
Pågående studier
Fritid på landsbygden
Språk i förskolan
Digitala läxor
Studierna bygger på intervjuer och observationer.
Forskare
Dagny Ekman, professor
Bo Trane, doktorand""",
        ),
    ),
    Case(
        url=f"{HOST}/samarbete/uppdragsutbildning.html",
        markup=_page(
            title="Uppdragsutbildning",
            main=_portlet(
                '<h1 class="heading">Uppdragsutbildning</h1><p class="ingress">Vi skräddarsyr kurser för er organisation.</p>'
            )
            + _portlet(
                '<p class="normal">Tillsammans tar vi fram mål, innehåll och upplägg. Kursen kan ges hos er eller på campus, på dagtid eller kvällstid.</p><table class="sv-layout-table"><tbody><tr><td><p class="normal">En halv dag kostar från 15 000 kronor.</p></td><td><p class="normal">En hel termin offereras särskilt.</p></td></tr></tbody></table>'
            )
            + _portlet(
                '<p class="normal">Frågor? Skriv till <a href="mailto:uppdrag@example.org">uppdrag@example.org</a>.</p>'
            ),
            info=_info("Sidansvarig: Greta Vinge | Senast uppdaterad: 12/3 2024"),
        ),
        truth=Truth(
            kind="page",
            modified="2024-03-12",
            text="""Vi skräddarsyr kurser för er organisation.
Tillsammans tar vi fram mål, innehåll och upplägg. Kursen kan ges hos er eller på campus, på dagtid eller kvällstid.
En halv dag kostar från 15 000 kronor.
En hel termin offereras särskilt.
Frågor? Skriv till uppdrag@example.org.""",
        ),
    ),
    Case(
        url=f"{HOST}/forskning/publikationer/tva-larare-i-rummet.html",
        markup=_page(
            title="Två lärare i rummet",
            head='<meta name="citation_title" content="Två lärare i rummet"><meta name="citation_author" content="Falk, Elin"><meta name="citation_author" content="Rask, Ylva"><meta name="citation_publication_date" content="2023/11/02">',
            main=_portlet(
                '<h1 class="heading">Två lärare i rummet</h1><p class="normal">Studien beskriver vad som händer när två lärare delar en klass under ett helt läsår.</p><p class="normal">Resultatet visar att samtalen om eleverna blir fler och lugnare.</p>'
            ),
            info=_info("Sidan uppdaterades senast 2023-12-01"),
        ),
        truth=Truth(
            kind="publication",
            published="2023-11-02",
            modified="2023-12-01",
            text="""Studien beskriver vad som händer när två lärare delar en klass under ett helt läsår.
Resultatet visar att samtalen om eleverna blir fler och lugnare.""",
        ),
    ),
)
