"""PDF files as PDFium reads them: lines in the order in which the file draws them, and metadata.

PDFium is compiled code that reads hostile bytes, so it belongs into a process that may be killed.
It keeps global state and must not be entered by two threads at once.
"""

from __future__ import annotations

import ctypes
import re
import threading
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from indexer.extract.charset import clean
from indexer.extract.file_document import Unreadable
from indexer.extract.pdf_lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfTextPage

MAX_PAGES = 200
MAX_CHARACTERS = 2_000_000

_SAYS_ENCRYPTED = b"/Encrypt"
_ENCRYPTED = frozenset({"FPDF_ERR_PASSWORD", "FPDF_ERR_SECURITY"})
_MAX_METADATA = 1_000
_METADATA = ("Title", "Author", "Keywords", "CreationDate", "ModDate")
# "Arial-BoldMT", and the bold fonts of TeX.
_BOLD = re.compile(r"bold|black|heavy|demi|cm\w*bx", re.IGNORECASE)
_FONT_NAME_BYTES = 128
# PDFium puts U+FFFE where a word goes on in the next line, and "\r\n" where a line ends otherwise.
_CUT = "\ufffe"
_LINE = re.compile(f"([^\r\n{_CUT}]*)([\r\n]+|{_CUT}|$)")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
# What no XML can hold (XML 1.0, section 2.2).
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# There is one PDFium in a process, so there is one lock for it.
_pdfium_is_taken = threading.Lock()


class RawPdf(NamedTuple):
    """A file as PDFium reads it."""

    lines: list[Line]
    pages: int
    pages_read: int
    is_cut: bool
    broken: int
    language: str
    info: dict[str, str]


def read(body: bytes) -> RawPdf:
    """Return the lines and the metadata of a file.

    Raises:
        Unreadable: If it is encrypted or broken.
    """
    with _pdfium_is_taken:
        return _read(body)


def _read(body: bytes) -> RawPdf:
    # Only a process that meets a PDF pays for loading it: 0.07 s and 9 MB.
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        # For a file without pages, the error is still that of the file before it.
        known = {getattr(pypdfium2.raw, name) for name in _ENCRYPTED}
        is_encrypted = error.err_code in known and _SAYS_ENCRYPTED in body
        reason = "encrypted" if is_encrypted else "parse_error"
        raise Unreadable(reason, str(error)) from error
    with document:
        return _read_pages(document, pypdfium2.PdfiumError)


def _read_pages(document: PdfDocument, error: type[Exception]) -> RawPdf:
    pages = len(document)
    lines: list[Line] = []
    characters = broken = number = 0
    for number in range(1, min(pages, MAX_PAGES) + 1):
        try:
            found = _page_lines(document, number, at_most=MAX_CHARACTERS - characters)
        except error:
            broken += 1
            continue
        lines += found
        characters += sum(len(line.text) for line in found)
        if characters >= MAX_CHARACTERS:
            break
    return RawPdf(
        lines=lines,
        pages=pages,
        pages_read=number,
        is_cut=number < pages or characters >= MAX_CHARACTERS,
        broken=broken,
        language=_language(document),
        info={key: _metadata(document, key) for key in _METADATA},
    )


def _page_lines(document: PdfDocument, number: int, *, at_most: int) -> list[Line]:
    page = document[number - 1]
    try:
        text_page = page.get_textpage()
        count = min(text_page.count_chars(), at_most)
        text = text_page.get_text_range(0, count) if count > 0 else ""
        return list(_lines(text_page, text, number))
    finally:
        page.close()


def _lines(text_page: PdfTextPage, text: str, number: int) -> Iterator[Line]:
    looks = _Looks(text_page)
    # PDFium counts UTF-16 code units.
    start = 0
    for match in _LINE.finditer(text):
        said = match[1]
        if written := _readable(said).strip():
            begin = start + len(said) - len(said.lstrip())
            yield looks.line(written, number, begin, is_cut=match[2] == _CUT)
        start += _code_units(match[0])


class _Looks:
    """How and where the characters of a page stand."""

    def __init__(self, text_page: PdfTextPage) -> None:
        from pypdfium2 import raw  # noqa: PLC0415 - loaded by now, as `_read` says

        self._raw = raw
        self._page = text_page
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(_FONT_NAME_BYTES)

    def line(self, text: str, page: int, begin: int, *, is_cut: bool) -> Line:
        """Return the line whose first character is the `begin`-th of the page's text."""
        first, middle, last = (
            self._raw.FPDFText_GetCharIndexFromTextIndex(self._page, begin + place)
            for place in (0, _middle(text), len(text) - 1)
        )
        left, y = self._origin(first)
        return Line(
            text=text,
            page=page,
            left=left,
            right=self._origin(last)[0],
            y=y,
            size=self._size(middle),
            is_bold=self._is_bold(middle),
            is_cut=is_cut,
        )

    def _origin(self, index: int) -> tuple[float, float]:
        x, y = ctypes.c_double(), ctypes.c_double()
        self._raw.FPDFText_GetCharOrigin(self._page, index, x, y)
        return x.value, y.value

    def _size(self, index: int) -> float:
        """Return the size that is seen: many files scale letters of size 1."""
        size = self._raw.FPDFText_GetFontSize(self._page, index)
        if not self._raw.FPDFText_GetMatrix(self._page, index, self._matrix):
            return float(size)
        return float(size * (self._matrix.c**2 + self._matrix.d**2) ** 0.5)

    def _is_bold(self, index: int) -> bool:
        length = self._raw.FPDFText_GetFontInfo(
            self._page, index, self._name, _FONT_NAME_BYTES, None
        )
        name = self._name.value.decode(errors="replace") if length else ""
        return bool(_BOLD.search(name))


def _middle(text: str) -> int:
    """Return where a letter in the middle of a line stands; PDFium makes up spaces, of no size."""
    half = len(text) // 2
    return half if not text[half].isspace() else half - 1


def _metadata(document: PdfDocument, key: str) -> str:
    try:
        said = document.get_metadata_value(key)[:_MAX_METADATA]
    except UnicodeDecodeError:
        return ""
    return clean(_NO_TEXT.sub("", said))


def _language(document: PdfDocument) -> str:
    """Return the language that the file says it is in."""
    from pypdfium2 import raw  # noqa: PLC0415 - loaded by now, as `_read` says

    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if not 0 < length <= _FONT_NAME_BYTES:
        return ""
    buffer = (ctypes.c_ushort * length)()
    raw.FPDFCatalog_GetLanguage(document, buffer, length)
    return bytes(buffer).decode("utf-16-le", errors="replace").strip("\0")


def _code_units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _readable(text: str) -> str:
    """Return a text without what no document can hold, and with letters for ligatures."""
    text = _NO_TEXT.sub("", text)
    return _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
