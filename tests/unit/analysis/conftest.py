from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from indexer.analysis import Analyzer, build_bundle, word_forms
from indexer.model import Concept, Vocabulary
from tests.unit.analysis.table import CASES

VOCABULARY = Vocabulary(
    partners=(
        Concept(name="Trollhättans Stad", aliases=("Trollhättans kommun", "City of Trollhättan")),
        Concept(name="Högskolan Väst", aliases=("HV",)),
        Concept(name="Innovatum Science Park"),
    ),
    areas=(
        Concept(
            name="Arbetsintegrerat lärande", aliases=("AIL", "work-integrated learning", "WIL")
        ),
    ),
    abbreviations={"VFU": ("verksamhetsförlagd utbildning",)},
)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of an index that holds the texts of the table, each as a document."""
    directory = tmp_path_factory.mktemp("bundle")
    words: Counter[str] = Counter()
    for text in dict.fromkeys(case.text for case in CASES):
        words.update(word_forms(text))
    build_bundle(directory, words=words, vocabulary=VOCABULARY)
    return directory


@pytest.fixture(scope="session")
def analyzer(bundle: Path) -> Analyzer:
    return Analyzer.open(bundle)
