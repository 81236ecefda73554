"""What Schemathesis need not ask: what no schema can say that it is refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import schemathesis

from search_api.middleware import MAX_QUERY_BYTES

MOST_HITS = 10_000
_SPANS = (("from", "to"), ("since", "until"))


@schemathesis.hook
def filter_case(_context: object, case: Any) -> bool:
    """Leave out what is refused, or ignored, for a reason that lies between parameters."""
    query = case.query or {}
    return not (
        _is_beyond_the_last_page(query)
        or _ends_before_it_begins(query)
        or _has_empty_values(query)
        or ("id" in query and "format" in query and len(query) > len(("id", "format")))
        # The web server refuses still longer ones before we see them.
        or len(urlencode(query, doseq=True)) > MAX_QUERY_BYTES
    )


def _is_beyond_the_last_page(query: dict[str, Any]) -> bool:
    try:
        return int(query.get("page", 1)) * int(query.get("size", 10)) > MOST_HITS
    except (TypeError, ValueError):
        return False


def _ends_before_it_begins(query: dict[str, Any]) -> bool:
    spans = ((query.get(start), query.get(end)) for start, end in _SPANS)
    return any(isinstance(a, str) and isinstance(b, str) and a > b for a, b in spans)


def _has_empty_values(query: dict[str, Any]) -> bool:
    """Tell of fields of a form that were not filled in: they count for nothing, even in a list."""
    values = [
        item for value in query.values() for item in (value if isinstance(value, list) else [value])
    ]
    return any(isinstance(item, str) and not item.strip(", ") for item in values)
