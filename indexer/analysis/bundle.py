"""The analysis bundle: all that the analysis of one generation needs, in one directory.

    VERSION  manifest.json                             the format, and a checksum of every file
    swedish.marisa  english.marisa  names.txt          forms, lemmas, heads; names
    modifiers.marisa  loose_modifiers.marisa  index_heads.marisa
    words.marisa  words.u32  folded.marisa             the vocabulary of the index
    terms.marisa  term_starts.u32  term_forms.u32      which of its forms hold a term
    spelling.txt  spelling.json  vocabulary.json

The tries are memory-mapped: processes share their pages, and opening reads none but the first.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import marisa_trie

from indexer.analysis import lexicon_build
from indexer.analysis.frequencies import WordFrequencies
from indexer.analysis.lexicon import Lexicon
from indexer.analysis.lexicon_cache import generated_lexicon
from indexer.analysis.mapping import crc32, write_trie
from indexer.analysis.morphology import Morphology
from indexer.analysis.spelling import SpellingCorrector
from indexer.analysis.synonyms import PhraseSet, read_vocabulary, write_vocabulary
from indexer.analysis.term_forms import TermForms
from indexer.analysis.wordlists import place_names, university_names, word_list
from indexer.analysis.words import WordAnalyzer
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from indexer.model import Vocabulary

VERSION = "3"
"""What bundles are built as; changes whenever one that is built now would differ."""

READABLE: tuple[str, ...] = (VERSION,)
"""The versions that queries can be analysed with, the newest first; as in `engine.schema`."""

_KNOWN_TO_THE_INDEX = 3
"""Documents that must hold a known word for it to form compounds on the index's own word."""

_SHORTEST_HEAD = 4
_SHORTEST_MODIFIER = 5
_SHORTEST_NAME_IN_COMPOUND = 6
_SEEN_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """An opened bundle."""

    lexicon: Lexicon
    frequencies: WordFrequencies
    forms: TermForms
    spelling: SpellingCorrector
    synonyms: list[PhraseSet]


def build_bundle(directory: Path, *, words: Mapping[str, int], vocabulary: Vocabulary) -> None:
    """Write the bundle of a generation into `directory`, which must exist and be empty.

    `words` are the lower-case word forms of all documents with the number of documents that
    hold each: the lexicon learns from them, and queries are compared with them. The same input
    gives the same bytes. Takes about three seconds the first time on a machine, then as long as
    it takes to analyse `words`.
    """
    lexicon = _write_lexicon(directory, words, vocabulary)
    _write_frequencies(directory, words, Morphology(lexicon))
    write_vocabulary(directory, vocabulary)
    _write_manifest(directory)


def copy_bundle(source: Path, target: Path, *, copy: Callable[[str, str], object]) -> None:
    """Copy the files of a bundle, and nothing else that stands beside them, by `copy`.

    Raises:
        IndexDamaged: If `source` does not say which files it has.
    """
    try:
        names = [*json.loads((source / "manifest.json").read_bytes())["files"], "manifest.json"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(source, f"{type(error).__name__}: {error}") from error
    for name in (*names, "VERSION"):
        copy(str(source / name), str(target / name))


def open_bundle(directory: Path) -> Bundle:
    """Open the bundle in `directory`.

    Raises:
        IndexDamaged: If a file is missing or not the one that was written, or the bundle is of
            another version.
    """
    try:
        _check(directory)
        frequencies = WordFrequencies(directory)
        return Bundle(
            lexicon=_open_lexicon(directory),
            frequencies=frequencies,
            forms=TermForms(directory, frequencies),
            spelling=SpellingCorrector(directory, frequencies),
            synonyms=read_vocabulary(directory),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _damaged(directory, f"{type(error).__name__}: {error}") from error


def _write_lexicon(directory: Path, words: Mapping[str, int], vocabulary: Vocabulary) -> Lexicon:
    generated = generated_lexicon()
    (directory / "swedish.marisa").write_bytes(generated.swedish)
    (directory / "english.marisa").write_bytes(generated.english)
    forms = marisa_trie.BytesTrie().mmap(str(directory / "swedish.marisa"))
    vouched = {
        word
        for word, documents in words.items()
        if documents >= _KNOWN_TO_THE_INDEX and len(word) >= _SHORTEST_HEAD and word in forms
    }
    names = _names(forms, vocabulary)
    strict, loose = lexicon_build.modifier_forms(
        {
            *generated.modifiers,
            *(word for word in vouched if _may_begin(word)),
            *(name for name in names if len(name) >= _SHORTEST_NAME_IN_COMPOUND),
        }
    )
    heads = {word for word in vouched if lexicon_build.may_be_head(word)}
    for name, content in (
        ("modifiers", strict),
        ("loose_modifiers", loose),
        ("index_heads", heads),
    ):
        write_trie(directory / f"{name}.marisa", marisa_trie.Trie(sorted(content)))
    (directory / "names.txt").write_text("\n".join(sorted(names)), encoding="utf-8")
    return _open_lexicon(directory)


def _may_begin(word: str) -> bool:
    return len(word) >= _SHORTEST_MODIFIER and lexicon_build.may_be_modifier(word)


def _names(forms: marisa_trie.BytesTrie, vocabulary: Vocabulary) -> frozenset[str]:
    """Return places, universities and partners; a partner's name that is also a word is not one.

    What ends in -s may be a genitive (Fyrbodals kommunalförbund): the name is without it, and
    the lemma of both is the same.
    """
    partners = [
        name for concept in vocabulary.partners for name in (concept.name, *concept.aliases)
    ]
    capitalized = {
        word.lower()
        for name in (*university_names(), *partners)
        for word in name.replace("-", " ").split()
        if word.isalpha() and word[0].isupper()
    }
    return place_names() | {
        word.removesuffix("s")
        for word in capitalized
        if word not in forms and word.removesuffix("s") not in forms
    }


def _open_lexicon(directory: Path) -> Lexicon:
    def trie(name: str) -> marisa_trie.Trie:
        return marisa_trie.Trie().mmap(str(directory / f"{name}.marisa"))

    return Lexicon(
        swedish=marisa_trie.BytesTrie().mmap(str(directory / "swedish.marisa")),
        english=marisa_trie.BytesTrie().mmap(str(directory / "english.marisa")),
        modifiers=trie("modifiers"),
        loose_modifiers=trie("loose_modifiers"),
        index_heads=trie("index_heads"),
        names=frozenset((directory / "names.txt").read_text(encoding="utf-8").split()),
    )


def _write_frequencies(directory: Path, words: Mapping[str, int], morphology: Morphology) -> None:
    uses: Counter[str] = Counter()
    held: dict[str, set[str]] = {}
    stem = WordAnalyzer(morphology).stem
    for word, documents in words.items():
        swedish, english = morphology.lemma(word), morphology.lemma(word, language="en")
        terms = {swedish, english, *(part.term for part in morphology.parts(word))}
        for term in terms:
            uses[term] += documents
        if word.isalpha():
            other = morphology.other_lemma(word)
            held[word] = {*terms, other, stem(swedish, "sv"), stem(english, "en")}
    frequencies = WordFrequencies.write(directory, documents=words, uses=uses)
    TermForms.write(directory, held, frequencies)
    stop = word_list("stopwords_sv") | word_list("stopwords_en")
    SpellingCorrector.write(
        directory,
        (
            word
            for word in words.keys() | uses.keys()
            if word not in stop
            and (frequencies.uses(word) >= _SEEN_TWICE or morphology.is_known(word))
        ),
    )


def _write_manifest(directory: Path) -> None:
    files = {
        path.name: {"bytes": path.stat().st_size, "crc32": crc32(path)}
        for path in sorted(directory.iterdir())
    }
    manifest = {"lexicon": lexicon_build.source(), "files": files}
    (directory / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    (directory / "VERSION").write_text(VERSION, encoding="utf-8")


def bundle_version(directory: Path) -> str:
    """Return the version that a bundle was built as."""
    return (directory / "VERSION").read_text(encoding="utf-8").strip()


def _check(directory: Path) -> None:
    if (version := bundle_version(directory)) not in READABLE:
        readable = " and ".join(READABLE)
        raise _damaged(directory, f"it is of version {version!r}, this one reads {readable}")
    manifest = json.loads((directory / "manifest.json").read_bytes())
    for name, expected in manifest["files"].items():
        path = directory / name
        if path.stat().st_size != expected["bytes"] or crc32(path) != expected["crc32"]:
            raise _damaged(directory, f"{name} is not the file that was written")


def _damaged(directory: Path, why: str) -> IndexDamaged:
    return IndexDamaged(
        f"The analysis bundle {directory} cannot be used: {why}. "
        "Run `samsok reindex --from-store` to build the index anew."
    )
