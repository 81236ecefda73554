"""The report as one HTML file for editors: no script, nothing loaded, every text escaped.

All that was crawled is hostile: titles hold markup, redirects lead to ``javascript:``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import unquote, urlsplit

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from indexer.cells import one_line

if TYPE_CHECKING:
    from indexer.jobs.quality.findings import Check, Finding, QualityReport, SourceQuality

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

MOST_ROWS = 500
"""Findings of a check that are shown; a file of all might be too large for a browser."""

_LINKED = 10
_MEGABYTE = 1e6
_BY_REASON = frozenset({"broken", "soft_404", "unreachable", "empty"})
_ABOUT_LINKS = frozenset({"broken", "soft_404", "unreachable", "redirected"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as it is read, and as it may be followed: None where it may not become a link."""

    shown: str
    href: str | None

    @classmethod
    def of(cls, url: str) -> Address:
        """Return an address; only the web's own schemes may become links."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return cls(shown=one_line(url), href=None)
        safe = parts.scheme in {"http", "https"} and parts.netloc
        shown = one_line(unquote(url.partition("://")[2])) if safe else one_line(url)
        return cls(shown=shown, href=url if safe else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding as a row of a table."""

    page: Address
    title: str
    detail: str
    target: Address | None
    linked_from: tuple[Address, ...]
    more_links: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A check of a source: its table, and how many findings are not in it."""

    anchor: str
    heading: str
    column: str
    advice: str
    count: int
    rows: tuple[Row, ...]
    with_links: bool

    @property
    def left_out(self) -> int:
        """How many findings the table does not show."""
        return self.count - len(self.rows)


def as_html(report: QualityReport, *, language: Language = "sv") -> bytes:
    """Return the report as a page that needs nothing besides itself."""
    words = orjson.loads(
        files("indexer.jobs.quality").joinpath("locale", f"{language}.json").read_bytes()
    )
    template = Environment(
        loader=PackageLoader("indexer.jobs.quality"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("report.html")
    sources = [(source, _sections(source, words, report.years)) for source in report.sources]
    page = template.render(t=words, lang=language, report=report, sources=sources)
    return page.encode("utf-8", "replace")


def _sections(source: SourceQuality, words: dict[str, Any], years: int) -> list[Section]:
    sections = []
    for check, found in source.findings.items():
        heading, column, advice = words["checks"][check]
        sections.append(
            Section(
                anchor=f"{source.name}-{check}",
                heading=heading,
                column=column,
                advice=advice.format(years=years),
                count=len(found),
                rows=tuple(_row(check, finding, words) for finding in found[:MOST_ROWS]),
                with_links=check in _ABOUT_LINKS,
            )
        )
    return sections


def _row(check: Check, finding: Finding, words: dict[str, Any]) -> Row:
    shown = finding.linked_from[:_LINKED]
    return Row(
        page=Address.of(finding.url),
        title=one_line(finding.title),
        detail=_detail(check, finding, words),
        target=Address.of(finding.target) if finding.target else None,
        linked_from=tuple(map(Address.of, shown)),
        more_links=finding.links - len(shown),
        links=finding.links,
    )


def _detail(check: Check, finding: Finding, words: dict[str, Any]) -> str:
    if check in _BY_REASON:
        return _reason(one_line(finding.detail), words)
    if check == "no_contact":
        return str(words[f"kind_{finding.detail}"])
    if check == "same_title":
        return str(words["pages_with_title"]).format(count=finding.detail)
    if check == "large":
        if not finding.detail.isdecimal():
            return str(words["too_large"])
        return str(words["megabytes"]).format(count=f"{int(finding.detail) / _MEGABYTE:.1f}")
    return one_line(finding.detail) if check in {"stale", "rule_missed"} else ""


def _reason(reason: str, words: dict[str, Any]) -> str:
    status = reason.removeprefix("http_")
    other = words["reason_http" if status.isdecimal() else "reason_other"]
    return str(words["reasons"].get(reason) or other.format(reason=reason, status=status))
