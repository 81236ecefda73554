# PDFium's own functions, as ctypes sees them: fpdfview.h, fpdf_text.h, fpdf_catalog.h.
import ctypes

from pypdfium2 import PdfDocument, PdfTextPage

FPDF_ERR_PASSWORD: int
FPDF_ERR_SECURITY: int

class FS_MATRIX(ctypes.Structure):
    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

def FPDFText_GetCharIndexFromTextIndex(page: PdfTextPage, index: int) -> int: ...
def FPDFText_GetCharOrigin(
    page: PdfTextPage, index: int, x: ctypes.c_double, y: ctypes.c_double
) -> int: ...
def FPDFText_GetFontSize(page: PdfTextPage, index: int) -> float: ...
def FPDFText_GetMatrix(page: PdfTextPage, index: int, matrix: FS_MATRIX) -> int: ...
def FPDFText_GetFontInfo(
    page: PdfTextPage,
    index: int,
    buffer: ctypes.Array[ctypes.c_char],
    length: int,
    flags: None,
) -> int: ...
def FPDFCatalog_GetLanguage(
    document: PdfDocument, buffer: ctypes.Array[ctypes.c_ushort] | None, length: int
) -> int: ...
