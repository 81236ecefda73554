"""How well compounds are divided, on lists of words that somebody divided by hand.

    python -m benchmarks.swedish_gold FILE ... [--words FILE]

A file is a Python module that assigns COMP, a list of words with ``+`` at their boundaries, and
may assign TRAPS, words without any; FIX, the parts of words whose parts share a consonant; and
OPT, traps that may be divided as well. ``--words`` is a text whose words the index knows.
"""

from __future__ import annotations

import argparse
import runpy
import tempfile
from collections import Counter
from itertools import accumulate
from pathlib import Path

from indexer.analysis import Analyzer, build_bundle, word_forms
from indexer.model import Vocabulary


def main() -> None:
    """Print precision and recall of boundaries, and the traps that were divided."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--words", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    words: Counter[str] = Counter()
    if args.words:
        for line in args.words.read_text(encoding="utf-8").splitlines():
            words.update(word_forms(line))
    with tempfile.TemporaryDirectory() as directory:
        build_bundle(Path(directory), words=words, vocabulary=Vocabulary())
        analyzer = Analyzer.open(Path(directory))
        for file in args.files:
            _measure(analyzer, file, verbose=args.verbose)


def _measure(analyzer: Analyzer, file: Path, *, verbose: bool) -> None:
    lists = runpy.run_path(str(file))
    shared = lists.get("FIX", {})
    right = found = wanted = 0
    for entry in lists["COMP"]:
        word = entry.replace("+", "")
        gold = _boundaries(shared.get(word, entry).split("+"))
        ours = _boundaries(analyzer.compound(word))
        right, found, wanted = right + len(gold & ours), found + len(ours), wanted + len(gold)
        if verbose and gold != ours:
            print(f"  {entry}: {'+'.join(analyzer.compound(word))}")
    print(
        f"{file.name}: {len(lists['COMP'])} compounds, boundaries P {right / found:.3f} "
        f"R {right / wanted:.3f}"
    )
    traps = [word for word in lists.get("TRAPS", ()) if word not in lists.get("OPT", ())]
    wrong = ["+".join(analyzer.compound(word)) for word in traps]
    print(f"  {len(traps)} traps, divided: {[word for word in wrong if '+' in word] or 'none'}")


def _boundaries(parts: list[str] | tuple[str, ...]) -> set[int]:
    return set(list(accumulate(map(len, parts)))[:-1])


if __name__ == "__main__":
    main()
