"""Records for the tests, in the form in which DiVA and other repositories give them."""

from __future__ import annotations

import datetime as dt

from indexer.extract import extract
from indexer.extract.records import OAI_RECORD
from indexer.model import CrawlRequest, Document, Extraction, Page
from tests.unit.extract.pages import VOCABULARY

AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
IDENTIFIER = "oai:DiVA.org:hv-4711"


def record(metadata: str, *, identifier: str = IDENTIFIER) -> str:
    """Return a record with `metadata`, as it stands in a list."""
    return (
        '<record xmlns="http://www.openarchives.org/OAI/2.0/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><header>'
        f"<identifier>{identifier}</identifier><datestamp>2025-05-06T07:08:09Z</datestamp>"
        f"<setSpec>hv</setSpec></header><metadata>{metadata}</metadata></record>"
    )


def mods(inner: str) -> str:
    """Return a MODS element."""
    return (
        '<mods xmlns="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'version="3.2">{inner}</mods>'
    )


def dublin_core(inner: str) -> str:
    """Return a Dublin Core element."""
    return (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{inner}</oai_dc:dc>'
    )


def page(xml: str | bytes) -> Page:
    """Return the page of a record."""
    return Page(
        request=CrawlRequest(url=IDENTIFIER, source="diva"),
        url=IDENTIFIER,
        body=xml.encode() if isinstance(xml, str) else xml,
        media_type=OAI_RECORD,
        charset="utf-8",
        fetched_at=AT,
    )


def read(metadata: str) -> Extraction:
    """Extract a record with the tests' vocabulary."""
    return extract(page(record(metadata)), vocabulary=VOCABULARY)


def document(metadata: str) -> Document:
    """Return the document of a record."""
    extraction = read(metadata)
    assert extraction.document is not None, extraction.reason
    return extraction.document


URN = '<identifier type="uri">http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-4711</identifier>'
TITLE = '<titleInfo lang="swe"><title>Lära i arbetet</title></titleInfo>'

ARTICLE = mods("""
<genre authority="diva" type="contentTypeCode">refereed</genre>
<genre authority="svep" type="contentType">ref</genre>
<genre authority="diva" type="contentType" lang="swe">Refereegranskat</genre>
<genre authority="diva" type="publicationTypeCode">article</genre>
<genre authority="kb.se" type="outputType">publication/journal-article</genre>
<genre authority="svep" type="publicationType">art</genre>
<genre authority="diva" type="publicationType" lang="eng">Article in journal</genre>
<genre authority="diva" type="publicationType" lang="swe">Artikel i tidskrift</genre>
<genre authority="diva" type="publicationType" lang="nor">Artikkel i tidsskrift</genre>
<genre authority="kev" type="publicationType" lang="eng">article</genre>
<name type="personal" authority="hv" xlink:href="sigake">
  <namePart type="family">Åker</namePart><namePart type="given">Signe</namePart>
  <namePart type="date">1961-</namePart>
  <role><roleTerm type="code" authority="marcrelator">aut</roleTerm></role>
  <affiliation>Högskolan Väst, Institutionen för hälsovetenskap</affiliation>
  <affiliation>Trollhättans Stad</affiliation>
  <description>orcid.org=0000-0002-1825-0097</description>
  <description>diva-portal.org=authority-person:31159</description>
</name>
<name type="personal">
  <nameIdentifier type="hv">x1</nameIdentifier>
  <nameIdentifier type="orcid">https://orcid.org/0000-0001-5109-3700</nameIdentifier>
  <namePart type="family">O&#x308;rn</namePart><namePart type="given">Per-Olof</namePart>
  <role><roleTerm type="code" authority="marcrelator">aut</roleTerm></role>
  <affiliation>Högskolan Väst, Institutionen för hälsovetenskap</affiliation>
</name>
<name type="personal">
  <namePart type="family">Lind</namePart><namePart type="given">Asta</namePart>
  <role><roleTerm type="code" authority="marcrelator">edt</roleTerm></role>
</name>
<name type="corporate" authority="hv" xlink:href="6200">
  <namePart>Högskolan Väst</namePart><namePart>Institutionen för hälsovetenskap</namePart>
  <role><roleTerm type="code" authority="marcrelator">pbl</roleTerm></role>
</name>
<name type="conference"><namePart>AIL-dagarna, Trollhättan, 2024</namePart></name>
<titleInfo lang="eng"><title>Learning at work:</title><subTitle>a study of
   <em>home</em> visits</subTitle></titleInfo>
<titleInfo type="alternative" lang="swe"><title>Lära i arbetet</title><subTitle>en studie av
   hembesök</subTitle></titleInfo>
<language><languageTerm type="code" authority="iso639-2b">eng</languageTerm></language>
<originInfo><place><placeTerm>Berlin</placeTerm></place><publisher>Exempelförlaget</publisher>
  <dateIssued>2024</dateIssued><dateOther type="availableFrom">2025-01-25T21:08:24</dateOther>
</originInfo>
<identifier type="uri">http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-4711</identifier>
<identifier type="doi">10.1234/LARA.2024.7</identifier>
<identifier type="isi">A1990DY89000003</identifier>
<identifier type="pmid">12345678</identifier>
<identifier type="scopus">2-s2.0-84900000000</identifier>
<identifier type="articleId">AB1157</identifier>
<subject lang="eng"><topic>Home visits</topic></subject>
<subject lang="swe"><topic>arbetsintegrerat lärande</topic></subject>
<subject lang="eng" authority="hsv" xlink:href="30305"><topic>Medical and Health Sciences</topic>
  <topic>Health Sciences</topic><topic>Nursing</topic></subject>
<subject lang="swe" authority="hv" xlink:href="7304"><topic>Omvårdnad</topic>
  <genre>Research subject</genre></subject>
<abstract lang="eng">&lt;p&gt;We &lt;em&gt;visited&lt;/em&gt; 10&lt;sup&gt;2&lt;/sup&gt; homes.
It worked, p &amp;lt; 0.05.&lt;/p&gt;&lt;p&gt;More research is needed.&lt;/p&gt;</abstract>
<abstract lang="swe">&lt;p&gt;Vi besökte hundra hem. Det gick bra.&lt;/p&gt;</abstract>
<note>QC 20250101</note>
<note type="publicationStatus" lang="eng">Published</note>
<relatedItem type="host">
  <titleInfo><title>Tidskrift för hembesök</title></titleInfo>
  <identifier type="issn">0376-9429</identifier><identifier type="eissn">1573-2673</identifier>
  <part><detail type="volume"><number>44</number></detail>
    <detail type="issue"><number>4</number></detail>
    <extent><start>283</start><end>299</end></extent></part>
</relatedItem>
<relatedItem type="host"><titleInfo><title/></titleInfo></relatedItem>
<relatedItem type="host">
  <genre>grantAgreement</genre>
  <titleInfo><title>Digitala hembesök</title></titleInfo>
  <identifier type="swecris">2017-05336</identifier>
  <name type="corporate"><namePart>Exempelrådet</namePart>
    <role><roleTerm type="code" authority="marcrelator">fnd</roleTerm></role></name>
</relatedItem>
<location><url displayLabel="fulltext:print" note="free"
  access="raw object">https://hv.diva-portal.org/smash/get/diva2:459554/FULLTEXT01.pdf</url></location>
<recordInfo><recordContentSource>hv</recordContentSource>
  <recordIdentifier>diva2:459554</recordIdentifier></recordInfo>
""")

LONG = "Skiktningen på landsbygden var viktig för det som sedan kom, och den undersöks här noga."

REPORT = dublin_core(f"""
<dc:title>Rikedom och makt : Skiktning i västra Sverige</dc:title>
<dc:title>Wealth and power</dc:title>
<dc:language>swe</dc:language>
<dc:creator>Åker, Signe</dc:creator>
<dc:creator>Örn, Per-Olof (0000-0001-5109-3700)</dc:creator>
<dc:contributor>Lind, Asta</dc:contributor>
<dc:contributor>Arkivgruppen</dc:contributor>
<dc:publisher>Högskolan Väst, Institutionen för ekonomi och it</dc:publisher><dc:publisher/>
<dc:date>2019-03-01T10:00:00Z</dc:date><dc:date>2004</dc:date>
<dc:subject>Historia</dc:subject><dc:subject>historia</dc:subject>
<dc:subject>https://vocabulary.example.org/4</dc:subject>
<dc:description>QC 20250101</dc:description>
<dc:description xml:lang="sv">{LONG}</dc:description>
<dc:type>info:eu-repo/semantics/report</dc:type><dc:type>text</dc:type><dc:type>Rapport</dc:type>
<dc:identifier>http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-2500</dc:identifier>
<dc:identifier>urn:isbn:91-85019-98-4</dc:identifier>
<dc:identifier>doi:10.1234/rikedom</dc:identifier>
<dc:identifier>https://hv.diva-portal.org/smash/get/diva2:5/FULLTEXT01.pdf</dc:identifier>
<dc:relation>Studier från Väst, 1403-8099 ; 2004:30</dc:relation>
<dc:relation>info:eu-repo/grantAgreement/EC/H2020/654321</dc:relation>
<dc:format>application/pdf</dc:format><dc:rights>info:eu-repo/semantics/openAccess</dc:rights>
""")
