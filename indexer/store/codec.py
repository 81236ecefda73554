"""Values to what SQLite keeps, and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import orjson

from indexer.model import Difference, Document, Period, Person, Section, difference_from_plain

_DEFAULTS = {
    field.name: (
        field.default_factory()
        if field.default_factory is not dataclasses.MISSING
        else field.default
    )
    for field in dataclasses.fields(Document)
}
_TUPLES = ("partners", "areas", "organisations", "authors", "subjects")


def document_to_json(document: Document) -> bytes:
    """Return `document` as JSON in UTF-8; fields with their default value are left out.

    Lone surrogates, which a hostile page can smuggle in through JSON escapes and which UTF-8
    cannot carry, become U+FFFD.
    """
    values = {name: getattr(document, name) for name in _DEFAULTS}
    present = {name: value for name, value in values.items() if value != _DEFAULTS[name]}
    try:
        return orjson.dumps(present, default=dict)
    except orjson.JSONEncodeError:
        plain = dataclasses.asdict(document)
        return orjson.dumps({name: _encodable(plain[name]) for name in present})


def document_from_json(data: bytes) -> Document:
    """Return the document that `document_to_json` wrote.

    Raises:
        ValueError: If `data` is not such JSON.
    """
    try:
        return _document(orjson.loads(data))
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a stored document: {error}") from error


def difference_to_json(difference: Difference) -> bytes:
    """Return `difference` as JSON in UTF-8."""
    try:
        return orjson.dumps(difference)
    except orjson.JSONEncodeError:
        return orjson.dumps(_encodable(dataclasses.asdict(difference)))


def difference_from_json(data: bytes) -> Difference | None:
    """Return the difference that `difference_to_json` wrote, or None where it cannot be read."""
    try:
        return difference_from_plain(orjson.loads(data))
    except (ValueError, TypeError, KeyError):
        return None


def time_to_text(moment: dt.datetime) -> str:
    """Return an aware time in UTC, in a form that sorts as text."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def time_from_text(text: str) -> dt.datetime:
    """Return the time that `time_to_text` wrote."""
    return dt.datetime.fromisoformat(text)


def storable(text: str) -> str:
    """Return `text` without lone surrogates, which SQLite refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _document(raw: dict[str, Any]) -> Document:
    values = dict(raw)
    for name in _TUPLES:
        if name in values:
            values[name] = tuple(values[name])
    values["sections"] = tuple(Section(**section) for section in raw.get("sections", ()))
    values["persons"] = tuple(Person(**person) for person in raw.get("persons", ()))
    for name in ("published", "modified"):
        values[name] = _date(raw.get(name))
    if period := raw.get("period"):
        values["period"] = Period(start=_date(period["start"]), end=_date(period["end"]))
    if harvested := raw.get("harvested"):
        values["harvested"] = dt.datetime.fromisoformat(harvested)
    return Document(**values)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _encodable(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list | tuple):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {storable(str(key)): _encodable(item) for key, item in value.items()}
    return value
