from typing import Any

class Link:
    url: str

class LinkExtractor:
    def __init__(self) -> None: ...
    def extract_links(self, response: Any) -> list[Link]: ...
