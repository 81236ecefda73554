"""Responses of a repository, for the tests that harvest one."""

from __future__ import annotations

_ROOT = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
DATE = "2026-01-02T03:04:05Z"


def response(inner: str, *, date: str = DATE) -> str:
    """Return a whole response around `inner`."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{_ROOT}<responseDate>{date}</responseDate>'
        f"<request>https://oai.example.org/</request>{inner}</OAI-PMH>"
    )


def identify(
    *,
    version: str = "2.0",
    granularity: str = "YYYY-MM-DDThh:mm:ssZ",
    deleted: str = "persistent",
    earliest: str = "2001-02-03",
) -> str:
    """Return an answer to Identify."""
    return response(
        "<Identify><repositoryName>Arkivet</repositoryName>"
        f"<baseURL>https://oai.example.org/</baseURL><protocolVersion>{version}</protocolVersion>"
        f"<adminEmail>arkiv@example.org</adminEmail><earliestDatestamp>{earliest}</earliestDatestamp>"
        f"<deletedRecord>{deleted}</deletedRecord><granularity>{granularity}</granularity></Identify>"
    )


def record(number: int, *, title: str = "") -> str:
    """Return a record in Dublin Core."""
    return (
        f"<record><header><identifier>oai:example.org:{number}</identifier>"
        "<datestamp>2025-05-06T07:08:09Z</datestamp><setSpec>alla</setSpec></header><metadata>"
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{title or f'Rapport {number}'}</dc:title>"
        f"<dc:identifier>https://example.org/rapporter/{number}</dc:identifier>"
        "</oai_dc:dc></metadata></record>"
    )


def deleted(number: int) -> str:
    """Return a record that was deleted, with the empty metadata that some repositories add."""
    return (
        f'<record><header status="deleted"><identifier>oai:example.org:{number}</identifier>'
        "<datestamp>2025-05-06</datestamp></header><metadata></metadata></record>"
    )


def records(*entries: str, resume: str | None = None, attributes: str = "") -> str:
    """Return an answer to ListRecords; a `resume` of "" is the empty element that ends a list."""
    rest = "" if resume is None else f"<resumptionToken {attributes}>{resume}</resumptionToken>"
    return response(f"<ListRecords>{''.join(entries)}{rest}</ListRecords>")


def error(code: str, message: str = "") -> str:
    """Return an error of the protocol."""
    return response(f'<error code="{code}">{message}</error>')


def formats(*prefixes: str) -> str:
    """Return an answer to ListMetadataFormats."""
    entries = "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix></metadataFormat>"
        for prefix in prefixes
    )
    return response(f"<ListMetadataFormats>{entries}</ListMetadataFormats>")
