"""The table of cases: queries, texts, and whether one finds the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    query: str
    text: str
    language: str
    found: str
    why: str


def _read() -> list[Case]:
    cases = []
    for line in Path(__file__).with_name("cases.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        query, text, found, why = line.split("\t")
        english = text.startswith("en: ")
        cases.append(
            Case(
                query=query,
                text=text.removeprefix("en: "),
                language="en" if english else "sv",
                found=found,
                why=why,
            )
        )
    return cases


CASES = _read()
