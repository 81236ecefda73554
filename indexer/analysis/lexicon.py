"""What is known of words: forms, lemmas, compound parts, names; memory-mapped, read only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    import marisa_trie

_HEAD = 1
_OWN = 2
_FLAG_BITS = 2
_MOST_SEEN = 63


class Entry(NamedTuple):
    """What the lexicon says of a form.

    `other` is a second lemma, or "": tåg is tåg, and a form of tåga. `head`: it may be the last
    part of a compound; `seen`: about log2 of how many compounds of the dictionary its lemma ends.
    """

    lemma: str
    other: str
    head: bool
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The lexicon of a bundle.

    `modifiers` are first parts of compounds as they are written (arbets, utvecklings),
    `loose_modifiers` those derived by a change of vowel (hälso, skol); `index_heads` are last
    parts that the index itself vouches for. `names` are never split.
    """

    swedish: marisa_trie.BytesTrie
    english: marisa_trie.BytesTrie
    modifiers: marisa_trie.Trie
    loose_modifiers: marisa_trie.Trie
    index_heads: marisa_trie.Trie
    names: Collection[str]

    def entry(self, word: str) -> Entry | None:
        """Return what is known of a Swedish form; the genitive of a known form is known."""
        values = self.swedish.get(word)
        if values:
            return decode_entry(word, values[0])
        if word[-1:] == "s":
            values = self.swedish.get(word[:-1])
            if values:
                return decode_entry(word[:-1], values[0])
        return None

    def english_lemma(self, word: str) -> str | None:
        """Return the lemma of an English form."""
        values = self.english.get(word)
        return decode_entry(word, values[0]).lemma if values else None

    def name(self, word: str) -> str | None:
        """Return the name that `word` is, or is the genitive of."""
        if word in self.names:
            return word
        return word[:-1] if word[-1:] == "s" and word[:-1] in self.names else None


def encode_entry(
    form: str, lemma: str, *, head: bool = False, own: bool = False, seen: int = 0
) -> bytes:
    """Return flags, productivity, and how to make the lemma of the form: cut n, then append.

    With `own` the form is its own lemma first, and `lemma` is its other one.
    """
    first = (head * _HEAD) | (own * _OWN) | min(seen.bit_length(), _MOST_SEEN) << _FLAG_BITS
    if lemma == form:
        return bytes((first,))
    if form.startswith(lemma):
        return bytes((first, len(form) - len(lemma)))
    common = len(form) if lemma.startswith(form) else 0
    while common < len(form) and form[common] == lemma[common]:
        common += 1
    return bytes((first, len(form) - common)) + lemma[common:].encode()


def decode_entry(form: str, value: bytes) -> Entry:
    """Undo `encode_entry`."""
    first = value[0]
    lemma = form if len(value) == 1 else form[: len(form) - value[1]] + value[2:].decode()
    own = (first & _OWN) > 0
    return Entry(
        lemma=form if own else lemma,
        other=lemma if own else "",
        head=(first & _HEAD) > 0,
        seen=first >> _FLAG_BITS,
    )
