"""Codes of languages: ISO 639-2 (three letters, both kinds) to ISO 639-1 (two)."""

from __future__ import annotations

_TABLE = """
swe sv  eng en  nor no  nob nb  nno nn  dan da  fin fi  sme se  ice is  isl is  fao fo  kal kl
ger de  deu de  fre fr  fra fr  spa es  ita it  por pt  dut nl  nld nl  pol pl  rus ru  ukr uk
est et  lav lv  lit lt  gre el  ell el  lat la  heb he  yid yi  ara ar  per fa  fas fa  kur ku
tur tr  hin hi  urd ur  ben bn  chi zh  zho zh  jpn ja  kor ko  vie vi  tha th  ind id  may ms
msa ms  bos bs  hrv hr  srp sr  slv sl  slo sk  slk sk  cze cs  ces cs  hun hu  rum ro  ron ro
bul bg  alb sq  sqi sq  mac mk  mkd mk  cat ca  baq eu  eus eu  glg gl  gle ga  wel cy  cym cy
som so  swa sw  amh am  tir ti  afr af  arm hy  hye hy  geo ka  kat ka  bel be  epo eo  roh rm
"""
_WORDS = _TABLE.split()
_TWO_LETTERS = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)) | {
    "swedish": "sv",
    "svenska": "sv",
    "english": "en",
    "engelska": "en",
}
_UNKNOWN = frozenset({"und", "mul", "zxx", "mis"})
_CODE_LENGTHS = (2, 3)


def two_letters(code: str | None) -> str:
    """Return a code of two letters for "swe", "sv-SE" or "Swedish"; "" if it says nothing.

    A language that has only a code of three letters keeps it.
    """
    first = (code or "").strip().lower().replace("_", "-").split("-")[0]
    if first in _UNKNOWN:
        return ""
    if first in _TWO_LETTERS:
        return _TWO_LETTERS[first]
    return first if len(first) in _CODE_LENGTHS and first.isascii() and first.isalpha() else ""
