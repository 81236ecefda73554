"""`GET /opensearch.xml`: what makes Samsök a search engine of the browser (OpenSearch 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from search_api.export.atom import MEDIA_TYPE
from search_api.resources.suggest import SUGGESTIONS
from search_api.values import Values

if TYPE_CHECKING:
    import falcon

    from search_api.conditional import Conditional
    from search_api.resources.static import Static
    from search_api.settings import Settings
    from search_api.values import Language

PARAMETERS = ("lang",)
DESCRIPTION = "application/opensearchdescription+xml"

_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_NAME = "Samsök"
_SAID: dict[Language, tuple[str, str]] = {
    "sv": ("Samsök: sök i samverkan", "Partnerskap, projekt, forskning och publikationer"),
    "en": ("Samsök: search partnerships", "Partnerships, projects, research and publications"),
}


class OpenSearch:
    """The description; its addresses are absolute, for a browser keeps it away from our pages."""

    def __init__(self, settings: Settings, static: Static, conditional: Conditional) -> None:
        self._settings = settings
        self._icon = static.url("icon.svg").removeprefix(settings.root_path)
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        lang = Values.strict(req, PARAMETERS).language()
        if self._conditional.is_same_edition(req, resp, lang):
            return
        resp.content_type = f"{DESCRIPTION}; charset=utf-8"
        resp.data = self._description(lang)

    def _description(self, lang: Language) -> bytes:
        long_name, about = _SAID[lang]
        root = ET.Element("OpenSearchDescription", xmlns=_NAMESPACE)
        ET.SubElement(root, "ShortName").text = _NAME
        ET.SubElement(root, "LongName").text = long_name
        ET.SubElement(root, "Description").text = about
        ET.SubElement(root, "Language").text = lang
        ET.SubElement(root, "InputEncoding").text = "UTF-8"
        ET.SubElement(root, "OutputEncoding").text = "UTF-8"
        icon = ET.SubElement(root, "Image", height="16", width="16", type="image/svg+xml")
        icon.text = self._settings.public_link(self._icon)
        spoken = "&lang=en" if lang == "en" else ""
        page = self._settings.results_page(lang, "q={searchTerms}&page={startPage?}")
        for media_type, rel, path in (
            ("text/html", "results", page),
            (SUGGESTIONS, "suggestions", f"/suggest.json?q={{searchTerms}}{spoken}"),
            (
                "application/json",
                "results",
                f"/api/v1/search?q={{searchTerms}}&page={{startPage?}}&size={{count?}}{spoken}",
            ),
            (MEDIA_TYPE, "results", f"/feed.atom?q={{searchTerms}}{spoken}"),
            (DESCRIPTION, "self", "/opensearch.xml" + ("?lang=en" if spoken else "")),
        ):
            template = self._settings.public_link(path)
            ET.SubElement(root, "Url", type=media_type, rel=rel, template=template)
        described: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return described
