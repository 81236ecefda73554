"""The demo site's pages: fragments of package data, put into one layout.

A fragment is a file below `site/pages/`; its place is its address (`forskning/index.html` is
`/forskning/`, `kontakt.html` is `/kontakt/`). It opens with YAML front matter whose keys are the
fields of `SitePage`; an unknown key is a TypeError, so a misspelt one cannot pass unseen. The rest
is HTML, set into the layout as it stands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from indexer.model import Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

_MONTHS = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "January February March April May June July August September October November December",
}
_ENGLISH = "/en/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page before the layout; `path` ends with a slash, `body` is trusted HTML.

    `heading` replaces `title` in the h1 and may hold entities such as soft hyphens. `family`
    chooses how the layout shows dates, facts and contacts. `listing` names a folder whose pages
    are listed below the body. `also_at` are further addresses of the same page, `moved_from` are
    old ones that redirect. A page that is not `listed` stands in no listing.
    """

    path: str
    body: Markup
    title: str
    description: str
    updated: dt.date
    heading: str = ""
    family: str = "page"
    published: dt.date | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    contacts: tuple[Person, ...] = ()
    citation: Mapping[str, object] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    listing: str = ""
    translation: str = ""
    noscript: str = ""
    robots: str = ""
    charset: str = "utf-8"
    also_at: tuple[str, ...] = ()
    moved_from: tuple[str, ...] = ()
    listed: bool = True
    in_sitemap: bool = True

    @property
    def language(self) -> str:
        """The language that the page declares."""
        return "en" if self.path.startswith(_ENGLISH) else "sv"


class SiteContent:
    """The fragments, the layout and the files of the bundled site."""

    def __init__(self) -> None:
        self._root = files(__package__) / "site"
        self.pages: Mapping[str, SitePage] = {
            page.path: page for page in sorted(_read_pages(self._root / "pages"), key=_path_of)
        }
        self.files: Mapping[str, bytes] = dict(_read_files(self._root / "files", "/"))
        self._chrome = yaml.safe_load((self._root / "chrome.yaml").read_text("utf-8"))
        self._missing = _read_page("/404/", (self._root / "404.html").read_text("utf-8"))
        self._environment = Environment(
            loader=PackageLoader(__package__, "site"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["day"] = _day

    def render(self, page: SitePage, *, site_url: str) -> bytes:
        """Return the page as its server sends it, in the page's own encoding."""
        html = self._environment.get_template("layout.html.j2").render(
            page=page,
            site=site_url,
            chrome=self._chrome[page.language],
            noscript=self._chrome[page.noscript or page.language]["noscript"],
            breadcrumb=tuple(self._ancestors(page)),
            listed=tuple(self._listed(page)),
            related=tuple(self.pages[path] for path in page.related),
        )
        return html.encode(page.charset)

    def render_missing(self, *, site_url: str) -> bytes:
        """Return the page that answers for an unknown address."""
        return self.render(self._missing, site_url=site_url)

    def render_text(self, template: str, *, site_url: str) -> bytes:
        """Return robots.txt or sitemap.xml."""
        pages = [page for page in self.pages.values() if page.in_sitemap]
        rendered = self._environment.get_template(f"{template}.j2").render(
            site=site_url, pages=pages
        )
        return rendered.encode()

    def _ancestors(self, page: SitePage) -> Iterator[SitePage]:
        parts = page.path.strip("/").split("/")
        for depth in range(len(parts)):
            path = "/".join(("", *parts[:depth], ""))
            if path in self.pages:
                yield self.pages[path]

    def _listed(self, page: SitePage) -> Iterator[SitePage]:
        if page.listing:
            inside = [
                child
                for child in self.pages.values()
                if child.listed
                and child.path.startswith(page.listing)
                and child.path.count("/") == page.listing.count("/") + 1
            ]
            yield from sorted(inside, key=lambda child: child.published or dt.date.min)[::-1]


def _path_of(page: SitePage) -> str:
    return page.path


def _read_pages(folder: Traversable, prefix: str = "/") -> Iterator[SitePage]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read_pages(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".html"):
            name = entry.name.removesuffix(".html")
            path = prefix if name == "index" else f"{prefix}{name}/"
            yield _read_page(path, entry.read_text("utf-8"))


def _read_page(path: str, text: str) -> SitePage:
    _, front, body = text.split("---\n", 2)
    keys: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in yaml.safe_load(front).items()
    }
    contacts = tuple(Person(**person) for person in keys.pop("contacts", ()))
    return SitePage(path=path, body=Markup(body), contacts=contacts, **keys)  # noqa: S704 - ours


def _read_files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read_files(entry, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry.read_bytes()


def _day(date: dt.date, language: str) -> str:
    return f"{date.day} {_MONTHS[language].split()[date.month - 1]} {date.year}"
