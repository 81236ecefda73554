from __future__ import annotations

import datetime as dt

import pytest

from indexer.extract.chrome import is_chrome_name
from indexer.model import Kind, Period, Person, SiteRule
from tests.unit.extract.pages import document, html, read, text


def day(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


@pytest.mark.parametrize(
    "markup",
    [
        "<h2>Prioriterade områden</h2><ul><li>Nära vård</li><li>AIL</li></ul>",
        "<h2>Särskilt prioriterade utvecklingsområden</h2><p>Vi har enats om:</p><ul><li>Nära vård</li><li>AIL.</li></ul>",
        "<h2>Fokusområden</h2><ol><li><strong>Nära vård</strong> – i hemmet</li><li><b>AIL</b>: på jobbet</li></ol>",
        "<h2>Vi samverkar inom</h2><h3>Nära vård</h3><p>Text.</p><h3>AIL</h3><p>Text.</p>",
        "<h2>Fokusområden</h2><details><summary>Nära vård</summary><p>Text.</p></details><details><summary>AIL</summary><p>Mer.</p></details>",
        '<h2>Fokusområden</h2><h3><button aria-controls="x">Nära vård</button></h3><div id="x" hidden>Text.</div><h3><button>AIL</button></h3>',
        "<h2>Prioriterade frågor</h2><p><strong>Nära vård</strong><br>Text.</p><p><strong>AIL</strong><br>Text.</p>",
        "<h2>Gemensamma satsningar</h2><p>Nära vård, AIL</p>",
        "<h2>Gemensamma områden</h2><div>• Nära vård</div><div>• AIL</div>",
        '<div class="field__label">Områden</div><div class="field__item">Nära vård</div><div class="field__item">AIL</div>',
        "<p>Vi samverkar inom områdena nära vård och AIL.</p>",
        "<p><strong>Prioriterade områden:</strong></p><ul><li>Nära vård</li><li>AIL</li></ul>",
        "<p>Område: Nära vård, AIL</p>",
        "<dl><dt>Utvecklingsområden</dt><dd>Nära vård; AIL</dd></dl>",
        "<div><div><h2>Fokusområden</h2></div></div><div><div><ul><li>Nära vård</li><li>AIL</li></ul></div></div>",
        "<table><tr><th>Prioriterade områden</th><th>Ansvarig</th></tr></table><h2>Focus areas</h2><ul><li>Nära vård</li><li>AIL</li></ul>",
    ],
)
def test_areas_are_read_in_any_form(markup: str) -> None:
    found = document(
        html(f"<h1>T</h1><p>Om samverkan.</p>{markup}<h2>Annat</h2><ul><li>Nej</li></ul>")
    )

    assert found.areas == ("Nära vård", "Arbetsintegrerat lärande")


def test_a_list_of_other_pages_is_no_list_of_areas() -> None:
    markup = "<h1>T</h1><p>Text.</p><h2>Relaterade områden</h2><ul><li>Nej</li></ul>"

    assert document(html(markup)).areas == ()


def test_listed_areas_leave_out_what_the_text_names_in_passing() -> None:
    markup = (
        "<h1>T</h1><p>Livslångt lärande är viktigt.</p><h2>Fokusområden</h2><ul><li>AIL</li></ul>"
    )

    assert document(html(markup)).areas == ("Arbetsintegrerat lärande",)


@pytest.mark.parametrize(
    ("markup", "published", "modified"),
    [
        ("<p>Senast uppdaterad: 3 mars 2025</p>", None, "2025-03-03"),
        ("<p>Sidan uppdaterad 2025-03-03</p>", None, "2025-03-03"),
        ("<p>Publicerad 2025-03-03 14:22</p>", "2025-03-03", None),
        ("<p>Uppdaterad av Anna Ek den 3 mars 2025</p>", None, "2025-03-03"),
        ("<p>Senast uppdaterad av Anna Ek 2025-03-03 kl. 09.15</p>", None, "2025-03-03"),
        ("<p>Sidansvarig: Anna Ek | Senast uppdaterad: 3/3 2025</p>", None, "2025-03-03"),
        ("<p>Publicerad: 1 mars 2025 Uppdaterad: 3 mars 2025</p>", "2025-03-01", "2025-03-03"),
        ("<p>Sidan granskad: 2025-01-01<br>Sidan uppdaterad: 2025-03-03</p>", None, "2025-03-03"),
        ("<p>Granskad 2025-01-01. Uppdaterad 2025-03-03.</p>", None, "2025-03-03"),
        ("<p>Senast granskad 2025-03-03</p>", None, "2025-03-03"),
        ("<p>Page last updated: March 3, 2025</p>", None, "2025-03-03"),
        ("<p>Last reviewed 3 March 2025</p>", None, "2025-03-03"),
        ("<p>Published 03/03/2025</p>", "2025-03-03", None),
        ("<p>Ändrad: mån, 03/03/2025 - 09:12</p>", None, "2025-03-03"),
        ("<p>Sidan uppdaterades senast 2025.03.03</p>", None, "2025-03-03"),
        (
            '<p>Uppdaterad <time datetime="2025-03-03T10:00">i förra veckan</time></p>',
            None,
            "2025-03-03",
        ),
        ("<dl><dt>Publicerad</dt><dd>2025-03-03</dd></dl>", "2025-03-03", None),
        ("<table><tr><th>Senast ändrad</th><td>3 mars 2025</td></tr></table>", None, "2025-03-03"),
        ("<div><span>Publicerad</span><span>3 mars 2025</span></div>", "2025-03-03", None),
        ('<time itemprop="dateModified" datetime="2025-03-03">3 mars</time>', None, "2025-03-03"),
        ("<footer><p>Senast uppdaterad 2025-03-03</p></footer>", None, "2025-03-03"),
        ("<p>Mötet hölls den 3 mars 2025.</p>", None, None),
        ("<p>Avtalet uppdaterades den 3 mars 2025 och gäller till 2027.</p>", None, None),
        (
            "<p>Rapporten publicerades den 3 mars 2025 av kommunen och beskriver skolan.</p>",
            None,
            None,
        ),
        ('<p class="event-date">3 mars 2025</p>', None, None),
        ('<ul><li><a href="/n">Nyhet</a> Publicerad 2025-03-03</li></ul>', None, None),
    ],
)
def test_a_page_is_dated_by_what_it_says_of_itself(
    markup: str, published: str | None, modified: str | None
) -> None:
    found = document(html(f"<h1>T</h1><p>Text om samverkan i staden.</p>{markup}"))

    assert (found.published, found.modified) == (day(published), day(modified))


@pytest.mark.parametrize(
    ("footer", "modified"),
    [
        ("Sidan uppdaterad 2025-03-03", "2025-03-03"),
        ("Webbplatsen uppdaterad 2025-03-03", None),
        ("Senast uppdaterad 2025-03-03", None),
        ("© 2025-03-03 Högskolan", None),
        ("Besökare sedan 2025-03-03: 4711", None),
    ],
)
def test_the_foot_of_the_site_dates_only_what_it_says(footer: str, modified: str | None) -> None:
    body = f"<main><h1>T</h1><p>Text om staden.</p></main><footer><p>{footer}</p></footer>"

    assert document(f"<html><body>{body}</body></html>").modified == day(modified)


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_day_beside_the_title_of_a_piece_of_news_is_its_day(where: str) -> None:
    date = "<p>3 mars 2025</p>"
    top = f"{date}<h1>T</h1>" if where == "before" else f"<h1>T</h1>{date}"
    body = html(f"{top}<p>Text om staden den 1 maj 2024.</p>")
    found = document(body, url="https://www.example.org/nyheter/t/")

    assert found.published == dt.date(2025, 3, 3)
    assert "3 mars" not in text(found)
    assert document(body).published is None


def test_a_rule_for_one_day_takes_the_right_one_of_two() -> None:
    rule = SiteRule(match="/**", fields={"modified": ".info", "published": ".info"})
    body = html(
        '<h1>T</h1><p>Text.</p><p class="info">Publicerad 2024-01-01. Ändrad 2025-03-03</p>'
    )
    found = read(body, rules=(rule,)).document

    assert found is not None
    assert (found.published, found.modified) == (dt.date(2024, 1, 1), dt.date(2025, 3, 3))


@pytest.mark.parametrize(
    "facts",
    [
        "<dl><dt>Finansiär</dt><dd>Forte</dd><dt>Projektperiod</dt><dd>2022–2024</dd><dt>Projektledare</dt><dd>Eva Ek</dd><dt>Medverkande</dt><dd>Bo Al</dd><dd>Siv Ny</dd><dt>Dnr</dt><dd>7/22</dd></dl>",
        "<table><tr><th>Finansiär</th><td>Forte</td></tr><tr><th>Tidsperiod</th><td>2022–2024</td></tr><tr><th>Projektledare</th><td>Eva Ek</td></tr><tr><th>Deltagare</th><td>Bo Al, Siv Ny</td></tr><tr><th>Diarienummer</th><td>7/22</td></tr></table>",
        "<p><strong>Finansiär:</strong> Forte<br><strong>Projekttid:</strong> 2022–2024<br><strong>Projektledare:</strong> Eva Ek<br><strong>Forskare:</strong> Bo Al och Siv Ny<br>Dnr: 7/22</p>",
        '<div class="label">Finansiär</div><div>Forte</div><div class="label">Projektstart</div><div>2022-01-01</div><div class="label">Projektslut</div><div>2024-12-31</div><div class="label">Projektledare</div><div>Eva Ek</div><div class="label">Medverkande</div><div>Bo Al</div><div>Siv Ny</div><div class="label">Dnr</div><div>7/22</div>',
        "<h3>Finansiär</h3><p>Forte</p><h3>Projektperiod</h3><p>2022–2024</p><p>Projektledare: Eva Ek</p><p>Projektmedlemmar: Bo Al; Siv Ny</p><p>Dnr: 7/22</p>",
    ],
)
def test_the_facts_of_a_project_are_read_in_any_form(facts: str) -> None:
    found = document(html(f"<h1>T</h1><p>Projektet rör staden.</p>{facts}"))

    assert found.kind == "project"
    assert found.funder == "Forte"
    assert found.period == Period(start=dt.date(2022, 1, 1), end=dt.date(2024, 12, 31))
    assert found.persons == (
        Person(name="Eva Ek", role="Projektledare"),
        Person(name="Bo Al"),
        Person(name="Siv Ny"),
    )
    assert found.identifiers == {"diary": "7/22"}


@pytest.mark.parametrize(
    ("path", "extra", "kind"),
    [
        ("/samverkan/strategiska-partner/x/", "", "partner"),
        ("/samverkan/vara-samarbetspartners/x.html", "", "partner"),
        ("/en/partnerships/x", "", "partner"),
        ("/samverkan/vara-samarbetspartners/nyheter/x/", "", "news"),
        ("/strategiska-partner/", "", "page"),
        ("/strategiska-partner.html", "", "page"),
        ("/forskning/forskningsprojekt/x.html", "", "project"),
        ("/en/research/projects/x/", "", "project"),
        ("/forskning/miljoer/x/", "", "research"),
        ("/2025/03/x/", "", "news"),
        ("/nyheter/2025/x/", "", "news"),
        ("/x/", 'class="single-post"', "news"),
        ("/x/", 'class="page-node-type-project"', "project"),
        ("/x/", 'class="newspage"', "news"),
        ("/x/", 'class="sv-template-nyhetssida"', "news"),
        ("/x/", 'class="blog"', "page"),
        ("/kontakt/personal/x.html", "", "person"),
        ("/publikationer/x/", "", "publication"),
        ("/om-oss/x/", "", "page"),
    ],
)
def test_the_kind_of_a_page_is_told_by_its_place(path: str, extra: str, kind: Kind) -> None:
    body = f"<html><body {extra}><main><h1>X</h1><p>Text om samverkan.</p></main></body></html>"

    assert document(body, url=f"https://www.example.org{path}").kind == kind


def test_the_author_in_the_json_ld_makes_no_page_of_a_person() -> None:
    head = """<script type="application/ld+json">{"@graph": [{"@type": "WebPage"},
{"@type": "Person", "name": "Red Ex"}]}</script>"""

    assert document(html("<h1>T</h1><p>Text om staden.</p>", head=head)).kind == "page"


def test_a_partner_that_no_vocabulary_knows_is_told_by_folder_title_and_address() -> None:
    body = html(
        "<h1>Om Björkfors bruk</h1><p>Bruket har funnits länge.</p>", title="Om Björkfors bruk"
    )
    url = "https://www.example.org/samverkan/strategiska-partner/bjorkfors-bruk/"

    assert document(body, url=url).partners == ("Björkfors bruk",)
    assert document(body, url=url.replace("bjorkfors-bruk", "bli-partner")).partners == ()
    assert document(body).partners == ()


SWEDISH = "Vi arbetar tillsammans med kommunen för att fler ska kunna läsa vidare på högskolan, och det gör vi på många olika sätt i skolor och på arbetsplatser runt om i hela regionen."
ENGLISH = "We work together with the municipality so that more people can go on to higher education, and we do it in many different ways in schools and at workplaces all over the region."


def test_a_section_in_the_other_language_says_so() -> None:
    body = f"<h1>T</h1><p>{SWEDISH} {SWEDISH}</p><h2>In English</h2><p>{ENGLISH}</p><h2>Kort</h2><p>Short text here.</p>"
    found = document(html(body))

    assert found.language == "sv"
    assert [section.language for section in found.sections] == ["", "en", ""]


def test_a_swedish_summary_of_an_english_page_says_so() -> None:
    body = f"<h1>T</h1><p>{ENGLISH} {ENGLISH}</p><h2>Sammanfattning</h2><p>{SWEDISH}</p>"
    found = document(html(body, lang="en"))

    assert found.language == "en"
    assert [section.language for section in found.sections] == ["", "sv"]


@pytest.mark.parametrize(
    ("name", "is_chrome"),
    [
        ("sharedaddy", True),
        ("jp-relatedposts", True),
        ("cookie-banner", True),
        ("yoast-breadcrumb", True),
        ("social-hallbarhet", False),
        ("paywall", False),
        ("page-with-sidebar", False),
        ("has-cookie-consent", False),
    ],
)
def test_a_name_tells_chrome_by_all_its_words(name: str, *, is_chrome: bool) -> None:
    assert is_chrome_name(name) == is_chrome


@pytest.mark.parametrize(
    "noise",
    [
        '<figure><img src="a.jpg" alt=""><figcaption>Foto: Eva Ek</figcaption></figure>',
        '<p class="imagecaption">Två lärare vid en bro. Foto: Bo Al</p>',
        '<aside role="complementary"><h2>Senaste nytt</h2><p><a href="/n">Ny rektor</a></p></aside>',
        "<h2>Relaterade länkar</h2><ul><li><a href='/a'>En annan sida</a></li></ul>",
        '<div class="dela">Dela på <a href="/f">Facebook</a></div>',
        '<h2 class="visually-hidden">Sidans innehåll</h2>',
        "<p>Sidansvarig: Eva Ek</p>",
        "<div hidden>Fälls aldrig ut.</div>",
        "<p>Senast uppdaterad 3 mars 2025</p>",
    ],
)
def test_noise_in_the_content_is_no_text(noise: str) -> None:
    body = f"<div><h1>T</h1><p>Staden och högskolan samverkar om skolan.</p>{noise}</div>"

    assert (
        text(document(html(body, title="T"))).strip() == "Staden och högskolan samverkar om skolan."
    )


def test_what_folds_out_is_text() -> None:
    body = """<h1>T</h1><p>Staden växer.</p><button aria-controls="a" aria-expanded="false">Visa</button>
<div id="a" hidden>Den växer åt norr.</div><div class="accordion__panel" style="display:none">Och åt söder.</div>"""

    assert (
        text(document(html(body, title="T"))).strip()
        == "Staden växer.\nDen växer åt norr.\nOch åt söder."
    )


def test_words_that_style_alone_sets_apart_are_apart() -> None:
    body = '<h1>T</h1><p><span class="a">Eva Ek</span><span class="b">Strateg</span><a href="mailto:e@example.org">e@example.org</a></p>'

    assert text(document(html(body, title="T"))).strip() == "Eva Ek Strateg e@example.org"
    assert (
        text(document(html("<p><b>D</b>en nya <em>sam</em>verkan</p>"))).strip()
        == "Den nya samverkan"
    )


ARTICLE = '<meta property="article:published_time" content="2025-03-03">'


def test_an_article_is_without_adverts_and_pointers() -> None:
    paragraphs = "".join(
        f"<p>Stycke {n} berättar om hur staden och högskolan tillsammans har byggt ett nytt lärcentrum.</p>"
        for n in range(6)
    )
    noise = "<p>Annons</p><p>Läs mer: Rektorn slutar i höst</p><p><a href='/x'>Se alla bilder från invigningen av lärcentrum</a></p>"
    body = html(f"<article><h1>T</h1>{paragraphs}{noise}{paragraphs}</article>", head=ARTICLE)
    extraction = read(body)

    assert extraction.document is not None
    assert extraction.trace["text"] == "trafilatura"
    for word in ("Annons", "Rektorn", "bilder"):
        assert word not in text(extraction.document)
