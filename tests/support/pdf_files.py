"""PDF files for tests, written by hand: what is in them is exactly what a test puts there.

ISO 32000-1; text stands in two of the fonts that every reader has, å ä ö in WinAnsiEncoding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842
MARGIN = 72
# The 32 bytes that stand in for the missing part of a password (7.6.3.3, algorithm 2).
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_PERMISSIONS = -44


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line of text; `x` and `y` are where it begins, in points from the lower left."""

    text: str
    y: float
    x: float = MARGIN
    size: float = 11
    bold: bool = False
    scale: float = 1

    def drawn(self) -> str:
        said = self.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if self.bold else "F1"
        return (
            f"BT /{font} {self.size} Tf {self.scale} 0 0 {self.scale} {self.x} {self.y:.1f} Tm"
            f" ({said}) Tj ET"
        )


def column(
    *texts: str, top: float = 760, x: float = MARGIN, size: float = 11, bold: bool = False
) -> list[Text]:
    """Return lines below each other, with an empty line where a text is empty."""
    leading = size * 1.25
    return [
        Text(text=text, x=x, y=top - number * leading, size=size, bold=bold)
        for number, text in enumerate(texts)
        if text
    ]


IMAGE = "q 400 0 0 500 90 150 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
"""A picture of a page, as a scanner makes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFile:
    """A PDF: the drawing of each page, what its metadata say, and the password that opens it."""

    pages: Sequence[str]
    info: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    locked_with: str = ""

    def written(self) -> bytes:
        objects = list(self._objects())
        return _file(objects, trailer=self._trailer(len(objects)))

    def _objects(self) -> Iterable[bytes]:
        count = len(self.pages)
        kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(count))
        spoken = f"/Lang ({self.language})" if self.language else ""
        yield f"<< /Type /Catalog /Pages 2 0 R {spoken} >>".encode()
        yield (
            f"<< /Type /Pages /Kids [{kids}] /Count {count} /MediaBox [0 0 {WIDTH} {HEIGHT}]"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        ).encode()
        for name in ("Helvetica", "Helvetica-Bold"):
            yield (
                f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>"
            ).encode()
        entries = " ".join(f"/{key} {self._string(value, 5)}" for key, value in self.info.items())
        yield f"<< {entries} >>".encode()
        for number, drawing in enumerate(self.pages):
            yield f"<< /Type /Page /Parent 2 0 R /Contents {7 + 2 * number} 0 R >>".encode()
            content = self._encrypted(drawing.encode("cp1252"), 7 + 2 * number)
            yield b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)

    def _trailer(self, count: int) -> str:
        trailer = f"/Size {count + 1} /Root 1 0 R /Info 5 0 R"
        if self.locked_with:
            owner, user = self._owner().hex(), _rc4(self._key(), _PADDING).hex()
            trailer += (
                f" /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <{owner}>"
                f" /U <{user}> /P {_PERMISSIONS} >>"
            )
        return trailer

    def _string(self, text: str, number: int) -> str:
        data = text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")
        return f"<{self._encrypted(data, number).hex()}>"

    def _encrypted(self, data: bytes, number: int) -> bytes:
        if not self.locked_with:
            return data
        own = self._key() + number.to_bytes(3, "little") + b"\0\0"
        return _rc4(_md5(own)[:10], data)

    def _owner(self) -> bytes:
        padded = (self.locked_with.encode() + _PADDING)[:32]
        return _rc4(_md5(padded)[:5], padded)

    def _key(self) -> bytes:
        padded = (self.locked_with.encode() + _PADDING)[:32]
        permissions = _PERMISSIONS.to_bytes(4, "little", signed=True)
        return _md5(padded + self._owner() + permissions + b"\0")[:5]


def pdf(*pages: Iterable[Text], language: str = "", locked_with: str = "", **info: str) -> bytes:
    """Return a PDF of pages of text; `info` are its metadata."""
    drawn = ["\n".join(text.drawn() for text in page) for page in pages]
    return PdfFile(pages=drawn, info=info, language=language, locked_with=locked_with).written()


def _file(objects: Sequence[bytes], *, trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    starts = []
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer\n<< %b >>\nstartxref\n%d\n%%%%EOF\n" % (trailer.encode(), table)
    return bytes(out)


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
