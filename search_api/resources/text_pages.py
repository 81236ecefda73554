"""What Samsök is: `/om`, `/widget`, `/integritet`, `/tillganglighet`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import falcon

    from search_api.resources.pages import Pages
    from search_api.values import Language

TEXT_PAGES = ("om", "widget", "integritet", "tillganglighet")


class TextPage:
    """A page of plain text, one template for each language."""

    def __init__(self, pages: Pages, language: Language, name: str) -> None:
        self._pages = pages
        self._language = language
        self._name = name

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        if self._pages.conditional.is_same_edition(req, resp, self._language):
            return
        self._pages.show(
            resp,
            f"{self._name}.{self._language}.html",
            self._language,
            here=f"/{self._name}",
            name=self._name,
        )
