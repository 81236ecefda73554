"""Encodings as the tests of HTML parsers find them."""

from __future__ import annotations

import codecs
from collections import Counter
from typing import Any

from indexer.extract.charset import decode
from tests.vectors.data import vectors

AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252"}
FOUND = {"valid UTF-8": "utf-8", "no valid UTF-8: windows-1252": "cp1252"}

UNDECLARED = "nothing is declared: UTF-8 where it is valid, windows-1252 only where it is not"
SCRIPTED = "a script writes the declaration, and no script is run"

OTHERWISE = {UNDECLARED: 32, SCRIPTED: 1}
"""How many vectors are answered otherwise, by the reason."""


def expected(vector: dict[str, Any]) -> str:
    name = codecs.lookup(vector["encoding"]).name
    return AS_BROWSERS_DO.get(name, name)


def reason(vector: dict[str, Any], body: bytes, found: str) -> str:
    if vector["src"].startswith("scripted/"):
        return SCRIPTED
    if (expected(vector), found) == ("cp1252", "valid UTF-8") and b"\xef\xbb\xbf" not in body:
        return UNDECLARED
    return f"unexplained: {body!r} is {vector['encoding']}, not {found}"


def test_the_encoding_is_the_one_that_a_browser_would_find() -> None:
    differences: Counter[str] = Counter()
    for vector in vectors("encoding/html5lib.jsonl"):
        body = vector["data_latin1"].encode("latin-1")
        text, found = decode(body, declared=None)
        name = FOUND.get(found, found.rpartition(": ")[2])
        if name != expected(vector):
            differences[reason(vector, body, found)] += 1
        else:
            assert text == body.decode(name, errors="replace").removeprefix("\ufeff")

    assert differences == OTHERWISE
