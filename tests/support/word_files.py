"""Word files for tests: whole ones by python-docx, odd ones part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
from docx.document import Document

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def word(write: Callable[[Document], object], **properties: Any) -> bytes:
    """Return what `write` puts into a new file; `properties` are its metadata."""
    made = docx.Document()
    for name, value in ({"author": ""} | properties).items():
        setattr(made.core_properties, name, value)
    write(made)
    return saved(made)


def saved(made: Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_body(xml: str, **parts: str) -> bytes:
    """Return a file whose body is this XML."""
    body = f"<w:document {NAMESPACES}><w:body>{xml}</w:body></w:document>"
    return with_parts({"word/document.xml": body} | parts)


def with_parts(parts: Mapping[str, str | bytes | None]) -> bytes:
    """Return an empty file in which these parts stand instead of its own; None leaves one out."""
    own = zipfile.ZipFile(io.BytesIO(saved(docx.Document())))
    whole: dict[str, str | bytes | None] = {name: own.read(name) for name in own.namelist()}
    return archive({name: part for name, part in (whole | dict(parts)).items() if part is not None})


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return out.getvalue()
