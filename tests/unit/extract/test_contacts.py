from __future__ import annotations

import pytest

from indexer.extract import addresses
from indexer.extract.dom import parse
from indexer.extract.names import is_name, is_organisation, sort_bit, split_name
from indexer.extract.persons import persons
from indexer.model import Person, SiteRule
from tests.unit.extract.pages import document, html, read


def found(markup: str, *, title: str = "") -> tuple[Person, ...]:
    root = parse(f"<main>{markup}</main>")
    addresses.reveal_addresses(root)
    return persons((root,), title=title)[0]


EVA = Person(name="Eva Ek", role="strateg", email="eva.ek@example.org", phone="0000-11 22 33")
MAIL = '<a href="mailto:eva.ek@example.org">Mejla</a>'
PHONE = "0000-11 22 33"


@pytest.mark.parametrize(
    "markup",
    [
        f'<div class="person-card"><div class="person-card__name">Eva Ek</div><div class="person-card__role">strateg</div>{MAIL}<span>{PHONE}</span></div>',
        f'<div class="kontakt"><p><strong>Eva Ek</strong><br>strateg<br>{PHONE}<br>{MAIL}</p></div>',
        f"<h2>Kontakt</h2><p><strong>Eva Ek</strong></p><p>strateg</p><p>Telefon: {PHONE}</p><p>E-post: {MAIL}</p>",
        f"<h2>Frågor?</h2><p>Eva Ek, strateg, {PHONE}, eva.ek@example.org</p>",
        f"<h3>Presskontakt</h3><ul><li>Eva Ek – strateg, tfn {PHONE}, {MAIL}</li></ul>",
        f"<h2>Contact</h2><div><h3>Eva Ek</h3><div>strateg</div><div>Phone: {PHONE}</div><div>{MAIL}</div></div>",
        f"<p>För mer information, kontakta: Eva Ek, strateg, eva.ek@example.org, {PHONE}</p>",
        f"<table><tr><td>Eva Ek</td><td>strateg</td><td>{MAIL}</td><td>{PHONE}</td></tr></table>",
        f'<ul class="staff"><li><a href="/eva">Eva Ek</a> <em>strateg</em> {MAIL} {PHONE}</li></ul>',
        f'<article class="employee"><h4>Eva Ek</h4><p class="title">strateg</p><p>{MAIL}</p><p>{PHONE}</p></article>',
        f'<div class="vcard"><span class="fn"><span class="given-name">Eva</span> <span class="family-name">Ek</span></span><span class="role">strateg</span>{MAIL}<span class="tel">{PHONE}</span></div>',
        f'<div itemscope itemtype="https://schema.org/Person"><meta itemprop="name" content="x"><b itemprop="name">Eva Ek</b><i itemprop="jobTitle">strateg</i>{MAIL} {PHONE}</div>',
        f'<div class="contact"><div class="role">strateg</div><h3>Eva Ek</h3><p>{MAIL} {PHONE}</p></div>',
    ],
)
def test_a_contact_reads_alike_in_any_markup(markup: str) -> None:
    assert found(markup) == (EVA,)


@pytest.mark.parametrize(
    "address",
    [
        "eva.ek@example.org",
        "EVA.EK@example.org",
        "eva.ek (at) example.org",
        "eva.ek [at] example.org",
        "eva.ek(a)example.org",
        "eva.ek {at} example {dot} org",
        "eva.ek snabel-a example.org",
        "eva.ek [snabel-a] example [punkt] org",
        "eva.ek at example.org",
        "eva.ek @ example.org",
        "eva.ek&#64;example.org",
        'eva.ek<img src="at.png" alt="@">example.org',
        '<span class="u">eva.ek</span> [at] <span class="d">example.org</span>',
        '<span data-user="eva.ek" data-domain="example.org">skyddad</span>',
        '<a href="#" data-enc-email="rin.rx[ng]rknzcyr.bet">visa</a>',
        '<a href="/cdn-cgi/l/email-protection#244152450a4f4164415c45495448410a4b5643">skyddad</a>',
        '<a href="MAILTO:eva.ek@example.org?subject=Hej">skriv</a>',
        '<a href="mailto:%20eva.ek%40example.org">skriv</a>',
    ],
)
def test_an_address_is_found_however_it_is_hidden(address: str) -> None:
    expected = address.replace("eva.ek", "eva.ek")
    markup = f"<h2>Kontakt</h2><p>Eva Ek<br>{expected}</p>"
    if "email-protection" in address:
        hidden = "24" + "".join(f"{ord(char) ^ 0x24:02x}" for char in "eva.ek@example.org")
        markup = (
            f'<h2>Kontakt</h2><p>Eva Ek<br><a href="/cdn-cgi/l/email-protection#{hidden}">x</a></p>'
        )

    assert found(markup) == (Person(name="Eva Ek", email="eva.ek@example.org"),)


@pytest.mark.parametrize("text", ["Se mer at example.org", "möte at kl 12", "a (at) b", "@org.se"])
def test_words_are_no_address(text: str) -> None:
    assert addresses.email_in(text) == ""


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("0520-22 30 00", "0520-22 30 00"),
        ("0520 – 22 30 00", "0520-22 30 00"),
        ("0520 - 22 30 00", "0520-22 30 00"),
        ("+46 (0)520-22 30 00", "+46 520-22 30 00"),
        ("+46(0)520 22 30 00", "+46 520 22 30 00"),
        ("0046 520 22 30 00", "0046 520 22 30 00"),
        ("070\u00a0123\u00a045\u00a067", "070 123 45 67"),
        ("2025-03-03", ""),
        ("10.1000/182", ""),
    ],
)
def test_a_number_has_one_form(written: str, normal: str) -> None:
    assert addresses.phone_in(f"Telefon: {written}") == normal


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("Professor Eva Ek", "Eva Ek", "Professor"),
        ("Docent Eva Ek", "Eva Ek", "Docent"),
        ("Dr. Eva Ek", "Eva Ek", "Dr."),
        ("Fil.dr Eva Ek", "Eva Ek", "Fil.dr"),
        ("Bitr. professor Eva Ek", "Eva Ek", "Bitr. professor"),
        ("Eva Ek (PhD)", "Eva Ek", "PhD"),
        ("Eva Ek (HV)", "Eva Ek", ""),
        ("Eva Ek", "Eva Ek", ""),
        ("Doris Ek", "Doris Ek", ""),
    ],
)
def test_a_title_before_a_name_is_no_part_of_it(text: str, name: str, title: str) -> None:
    assert split_name(text) == (name, title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("universitetslektor i pedagogik", ("", "universitetslektor i pedagogik", "")),
        ("docent och programansvarig", ("programansvarig", "docent", "")),
        ("prefekt och professor", ("prefekt", "professor", "")),
        ("docent i hälso- och vårdvetenskap", ("", "docent i hälso- och vårdvetenskap", "")),
        ("fil. dr.", ("", "fil. dr.", "")),
        ("Ph.D. student", ("", "Ph.D. student", "")),
        ("verksamhetsutvecklare", ("verksamhetsutvecklare", "", "")),
        ("utvecklingsstrateg vid Norrtuna stad", ("utvecklingsstrateg vid Norrtuna stad", "", "")),
        ("Institutionen för hälsovetenskap", ("", "", "Institutionen för hälsovetenskap")),
        ("Norrtuna kommun", ("", "", "Norrtuna kommun")),
        ("Department of Nursing", ("", "", "Department of Nursing")),
        ("Avdelningschef", ("Avdelningschef", "", "")),
        ("x" * 200, ("", "", "")),
    ],
)
def test_titles_roles_and_organisations_are_told_apart(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert tuple(sort_bit(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Kontakta Oss",
        "Läs Mer",
        "Norrtuna Kommun",
        "Region Sjövik",
        "Livslångt Lärande",
        "Work Learning",
        "Mejla Maj",
        "Welcome Back",
    ],
)
def test_other_words_with_capitals_are_no_names(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("text", ["Maj Berg", "Nils-Erik von Ström", "Bo J. Ek", "Carl af Geijer"])
def test_names_are_names(text: str) -> None:
    assert is_name(text)


def test_a_role_is_no_organisation() -> None:
    assert not is_organisation("Koordinator för Region Sjövik")


@pytest.mark.parametrize(
    "markup",
    [
        "<p>Sidansvarig: Eva Ek</p>",
        "<p>Sidansvarig:</p><p>Eva Ek</p>",
        "<p>Innehållsansvarig: Eva Ek, eva.ek@example.org</p>",
        "<p>Senast uppdaterad av Eva Ek 2025-03-03</p>",
        "<p>Foto: Eva Ek</p>",
        "<p>Text: Eva Ek</p>",
        '<p class="byline">av <span class="author vcard"><a class="fn" href="/eva">Eva Ek</a></span></p>',
        "<p>I studien säger Eva Ek att kommunen vinner på det.</p><p>Skriv till info@example.org.</p>",
        "<p>Eva Ek</p><p>Hon forskar om vård i hemmet och har gjort det i flera år nu.</p><p>x@example.org</p>",
        "<h2>Medverkande</h2><ul><li>Volvo Cars</li><li>Eva Ek</li></ul>",
        '<h1>Personer</h1><ul><li><a href="/eva">Eva Ek</a><p>forskar om vård</p></li></ul>',
        "<h2>Kontakt</h2><p>Växeln, 0000-11 22 33</p>",
    ],
)
def test_a_name_is_not_always_a_contact(markup: str) -> None:
    assert found(markup) == ()


def test_contacts_do_not_share_what_is_said_of_one() -> None:
    markup = """<h2>Kontakt</h2><p>Eva Ek<br>strateg</p><p>Bo Al<br>utredare<br>bo.al@example.org</p>
<h2>Adress</h2><p>Storgatan 1<br>info@example.org</p>"""

    assert found(markup) == (
        Person(name="Eva Ek", role="strateg"),
        Person(name="Bo Al", role="utredare", email="bo.al@example.org"),
    )


def test_what_stands_below_a_card_is_not_of_it() -> None:
    markup = '<div class="contact-card"><h3>Eva Ek</h3><p>strateg</p></div><p>info@example.org</p>'

    assert found(markup) == (Person(name="Eva Ek", role="strateg"),)


def test_a_person_page_is_about_its_title() -> None:
    markup = "<p>Lektor i fysik</p><p>eva.ek@example.org</p><p>Rum: C317</p><p>Hon undervisar om ljus och ljud sedan länge.</p>"
    eva = Person(name="Eva Ek", title="Lektor i fysik", email="eva.ek@example.org")

    assert found(markup, title="Eva Ek") == (eva,)
    assert document(html(f"<h1>Eva Ek</h1>{markup}", title="Eva Ek")).kind == "person"


def test_json_ld_says_how_to_reach_somebody_but_authors_are_no_contacts() -> None:
    head = """<script type="application/ld+json">[{"@type": "Person", "name": "Dr Eva Ek",
"jobTitle": "strateg", "email": "mailto:eva.ek@example.org", "telephone": "0000-11 22 33",
"worksFor": {"@type": "Organization", "name": "Norrtuna kommun"}},
{"@type": "Person", "name": "Bo Al"},
{"@type": "Article", "author": {"@type": "Person", "name": "Siv Om", "email": "siv@example.org"}},
{"@type": "ProfilePage", "mainEntity": {"@type": "Person", "name": "Ida Ny", "jobTitle": "docent"}}]</script>"""
    extraction = read(html("<h1>Om oss</h1><p>Vi är några stycken.</p>", head=head))

    assert extraction.document is not None
    assert extraction.document.persons == (
        Person(
            name="Eva Ek",
            role="strateg",
            title="Dr",
            email="eva.ek@example.org",
            phone="0000-11 22 33",
            organisation="Norrtuna kommun",
        ),
        Person(name="Ida Ny", title="docent"),
    )
    assert extraction.trace["persons"] == "JSON-LD"


def test_a_rule_may_name_an_element_with_several_persons() -> None:
    rule = SiteRule(match="/**", fields={"persons": ".folk"})
    page = html('<h1>T</h1><p>Text.</p><div class="folk"><p>Eva Ek</p><p>Bo Al, docent</p></div>')
    extraction = read(page, rules=(rule,))

    assert extraction.document is not None
    assert extraction.document.persons == (
        Person(name="Eva Ek"),
        Person(name="Bo Al", title="docent"),
    )


def test_contacts_in_a_side_column_count_and_its_words_do_not() -> None:
    side = '<div class="col-4"><h2>Kontakt</h2><p>Eva Ek<br>strateg</p></div>'
    body = "<p>Kommunen och högskolan arbetar tillsammans med frågor som rör staden.</p>" * 5
    found_document = document(
        html(f'<div class="row"><div class="col-8"><h1>T</h1>{body}</div>{side}</div>')
    )

    assert found_document.persons == (Person(name="Eva Ek", role="strateg"),)
    assert "strateg" not in found_document.sections[0].text
    assert len(found_document.sections) == 1


@pytest.mark.parametrize(
    "markup",
    [
        f"<h2>Kontakt</h2><table><tr><th>Namn</th><td>Eva Ek</td></tr><tr><th>Roll</th><td>strateg</td></tr><tr><th>E-post</th><td>{MAIL}</td></tr><tr><th>Telefon</th><td>{PHONE}</td></tr></table>",
        f"<h2>Kontakt</h2><ul><li>Namn: Eva Ek</li><li>Roll: strateg</li><li>E-post: {MAIL}</li><li>Telefon: {PHONE}</li></ul>",
        f"<h2>Kontakt</h2><ul><li>Eva Ek</li><li>strateg</li><li>{MAIL}</li><li>{PHONE}</li></ul>",
        f"<dl><dt>Eva Ek</dt><dd>strateg</dd><dd>{MAIL}</dd><dd>{PHONE}</dd></dl>",
        f"<h2>Kontakt</h2><h3>Vid högskolan</h3><address>Eva Ek<br>strateg<br>{MAIL}<br>{PHONE}</address>",
        f'<section class="epi-contact"><p class="contact-name">Eva Ek</p><p class="contact-title">strateg</p><p class="contact-email">{MAIL}</p><p class="contact-phone">{PHONE}</p></section>',
    ],
)
def test_a_contact_may_be_spread_over_rows_and_items(markup: str) -> None:
    assert found(markup) == (EVA,)
