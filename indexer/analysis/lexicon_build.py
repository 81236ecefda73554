"""The Swedish and English lexicons, generated from the dictionaries of simplemma.

A dictionary says which forms a word has. Splitting its words against each other also says which
words form compounds: `hälsovård`, `hälsokost` and `hälsoskäl` make `hälso` a modifier and
`vård` a head. What is generated is never committed: its sources have mixed licences.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import marisa_trie

from indexer.analysis.lexicon import encode_entry
from indexer.analysis.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SHORTEST_COMPOUND = 7
_SHORTEST_PART = 3
_SHORTEST_ORDINARY = 4
_SEEN_BY_LENGTH = {3: 3, 4: 3, 5: 2}
"""How many words a part of that length must have formed; longer ones, one."""

_FORMS_OF_A_LEMMA = 2
"""Other forms that must point at a form before it is a lemma against the dictionary's word."""

_SEEN_OF_DOMAIN = 8
"""How many words a word of the domain list counts as having formed."""

_LONG_ENOUGH_TO_LOSE_A_VOWEL = 6

_DERIVED = re.compile(
    r"(?:[bcdfghjklmnprstv]{0,2}er(?:a|as|ade|ades|at|ats|ad|ar|ande|ing|ingen|ingens|ingar|ings)"
    r"|skap(?!ande|are|else).*|(?:lig|sam|bar|full)het.*|ring(?:en|ens|ar|arna|s)?|ning.*"
    r"|ation.*)"
)
"""Endings that dictionaries also hold as words; none is the last part of a compound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedLexicon:
    """Marisa tries of the forms of two languages, and the words that begin compounds."""

    swedish: bytes
    english: bytes
    modifiers: frozenset[str]


def generate() -> GeneratedLexicon:
    """Return the lexicons of the installed simplemma.

    It takes about three seconds of CPU and is the same, byte by byte, for the same version.
    """
    swedish = _dictionary("sv")
    modifiers, heads = _productive_parts(swedish)
    return GeneratedLexicon(
        swedish=marisa_trie.BytesTrie(_swedish_entries(swedish, heads)).tobytes(),
        english=marisa_trie.BytesTrie(_english_entries(_dictionary("en"))).tobytes(),
        modifiers=frozenset(modifiers),
    )


def source() -> str:
    """Return what the lexicons are generated from, and on which terms."""
    return (
        f"generated from the dictionaries of simplemma {version('simplemma')}: code MIT, "
        "word data have mixed licences; own word lists MIT, stop words BSD-3-Clause, names CC0"
    )


def may_be_head(word: str) -> bool:
    """Tell whether nothing speaks against `word` as the last part of a compound."""
    return word not in word_list("not_heads_sv") and _DERIVED.fullmatch(word) is None


def may_be_modifier(word: str) -> bool:
    """Tell whether nothing speaks against `word` as the first part of a compound."""
    if word in word_list("modifiers_sv"):
        return True
    return len(word) >= _SHORTEST_ORDINARY and word not in word_list("not_modifiers_sv")


def modifier_forms(words: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return how `words` look as first parts: with a linking -s, and with a changed vowel.

    `arbete` gives arbets-, `skola` skol-, `hälsa` hälso-; the second set is the less certain.
    """
    strict: set[str] = set()
    loose: set[str] = set()
    for word in words:
        strict.add(word)
        if word[-1] not in "sxz":
            strict.add(word + "s")
        if len(word) < _LONG_ENOUGH_TO_LOSE_A_VOWEL - 1:
            continue
        if word[-1] in "ae" and len(word) >= _LONG_ENOUGH_TO_LOSE_A_VOWEL and word[-2] != "s":
            loose.add(word[:-1])
        if word[-1] == "a":
            loose.update((word[:-1] + "o", word[:-1] + "u", word[:-1] + "e"))
        if word[-1] == "e":
            loose.add(word[:-1] + "s")
    never = word_list("not_modifiers_sv")
    banned = (never | {word + "s" for word in never}) - word_list("modifiers_sv")
    return strict - banned, loose - strict - banned


def _dictionary(language: str) -> dict[str, str]:
    """Return form -> lemma: words of lower-case letters only, names are not words.

    Genitives that a rule finds as well are left out: half of the Swedish forms.
    """
    # The public mapping decodes entry by entry, which takes three times as long as all the rest.
    from simplemma.strategies.dictionaries.dictionary_factory import (  # noqa: PLC0415 - searches never load it
        _load_dictionary_from_disk,
    )

    entries = _load_dictionary_from_disk(language)
    kept = {
        form: lemma
        for form, lemma in entries.items()
        if not (form.endswith(b"s") and entries.get(form[:-1]) == lemma)
    }
    forms = b"\n".join(kept).decode().split("\n")
    lemmas = b"\n".join(kept.values()).decode().lower().split("\n")
    return {
        form: lemma
        for form, lemma in zip(forms, lemmas, strict=True)
        if form.islower() and form.isalpha()
    }


def _productive_parts(forms: Mapping[str, str]) -> tuple[set[str], dict[str, int]]:
    """Return the words that begin compounds, and those that end them with how many they end."""
    lemmas = {lemma for lemma in forms.values() if lemma.isalpha()}
    short_heads = word_list("heads_sv")
    possible_heads = {
        lemma
        for lemma in lemmas
        if (len(lemma) >= _SHORTEST_ORDINARY or lemma in short_heads) and may_be_head(lemma)
    }
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for lemma in lemmas:
        if len(lemma) >= _SHORTEST_COMPOUND:
            split = _best_split(lemma, forms, possible_heads)
            if split:
                first[split[0]] += 1
                last[split[1]] += 1
    modifiers = {word for word, seen in first.items() if seen >= _enough(word)}
    heads = {word: seen for word, seen in last.items() if seen >= _enough(word)}
    domain = word_list("domain_sv")
    for word in domain:
        heads[word] = max(_SEEN_OF_DOMAIN, heads.get(word, 0))
    return modifiers | domain | word_list("modifiers_sv"), heads


def _best_split(word: str, forms: Mapping[str, str], heads: set[str]) -> tuple[str, str] | None:
    """Return the most balanced pair of parts of a lemma, preferring a linking -s."""
    best = None
    best_key = (0, False)
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        if word[at:] not in heads:
            continue
        modifier = word[:at]
        linked = modifier[-1] == "s"
        if not (modifier in forms or (linked and modifier[:-1] in forms)):
            continue
        key = (min(at, len(word) - at), linked)
        if key > best_key and may_be_modifier(modifier):
            best, best_key = (modifier, word[at:]), key
    return best


def _enough(word: str) -> int:
    return _SEEN_BY_LENGTH.get(len(word), 1)


def _swedish_entries(
    forms: Mapping[str, str], heads: Mapping[str, int]
) -> Iterator[tuple[str, bytes]]:
    listed = word_list("heads_sv") | word_list("domain_sv")
    not_heads = word_list("not_heads_sv")
    inflected = Counter(lemma for form, lemma in forms.items() if form != lemma)
    for form, lemma in forms.items():
        own = form != lemma and inflected[form] >= _FORMS_OF_A_LEMMA
        seen = heads.get(form if own else lemma, 0)
        is_head = form in listed or (
            seen > 0
            and len(form) >= _SHORTEST_ORDINARY
            and form not in not_heads
            and not _is_combining(form, lemma)
        )
        yield form, encode_entry(form, lemma, head=is_head, own=own, seen=seen)
    for form in sorted(listed - forms.keys()):
        if form[-1] != "s":
            yield form, encode_entry(form, form, head=True, seen=_SEEN_OF_DOMAIN)


def _is_combining(form: str, lemma: str) -> bool:
    """Tell whether a form only begins compounds: hälso of hälsa, sköterske of sköterska."""
    return form[-1] in "eou" and lemma == form[:-1] + "a"


def _english_entries(forms: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for form, lemma in forms.items():
        yield form, encode_entry(form, lemma)
