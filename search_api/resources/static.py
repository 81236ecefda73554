"""`GET /static/{name}` and `GET /robots.txt`."""

from __future__ import annotations

from hashlib import blake2b
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING

import falcon

if TYPE_CHECKING:
    from search_api.settings import Settings

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# A browser asks for few files; whoever reads the code finds one matter in each.
_PARTS = {
    "samsok.css": ("samsok.css", "suggestions.css"),
    "samsok.js": ("suggestions.js", "page.js"),
    "icon.svg": ("icon.svg",),
}
_ENDLESS = ("/api/", "/feed.atom", "/suggest.json", "/sok", "/en/sok")


class Static:
    """The page's own files, read once; their addresses change with their content."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files = {name: parts(*names).encode() for name, names in _PARTS.items()}

    def url(self, name: str) -> str:
        """Return the address of a file, with its hash, so that browsers may keep it for good."""
        digest = blake2b(self._files[name], digest_size=6).hexdigest()
        return f"{self._settings.root_path}/static/{name}?v={digest}"

    def on_get(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        if name not in self._files:
            raise falcon.HTTPNotFound
        resp.content_type = _TYPES[PurePath(name).suffix]
        resp.set_header("Cache-Control", "public, max-age=31536000, immutable")
        resp.data = self._files[name]


def parts(*names: str) -> str:
    """Return some of our own files, one after the other."""
    folder = files("search_api").joinpath("static")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)


class Robots:
    """Result pages are endless; crawlers shall read the sites themselves (RFC 9309)."""

    def __init__(self, settings: Settings) -> None:
        rules = (f"Disallow: {settings.root_path}{path}\n" for path in _ENDLESS)
        self._text = "User-agent: *\n" + "".join(rules)

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.content_type = "text/plain; charset=utf-8"
        resp.text = self._text
