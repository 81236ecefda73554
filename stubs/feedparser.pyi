# What indexer/sources/feed.py calls of feedparser, which has no type hints of its own.
from collections.abc import Mapping
from typing import Any, BinaryIO

class FeedParserDict(dict[str, Any]):
    @property
    def entries(self) -> list[FeedParserDict]: ...

def parse(
    url_file_stream_or_string: BinaryIO,
    *,
    response_headers: Mapping[str, str],
    resolve_relative_uris: bool,
    sanitize_html: bool,
) -> FeedParserDict: ...
