from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from indexer.analysis import Analyzer, build_bundle
from indexer.analysis.bundle import VERSION
from indexer.errors import IndexDamaged
from indexer.model import Vocabulary
from tests.unit.analysis.conftest import VOCABULARY

WORDS = {"högskolan": 7, "samverkan": 3, "forskningssamverkan": 1, "kommun": 12}


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    directory = tmp_path / "bundle"
    directory.mkdir()
    build_bundle(directory, words=WORDS, vocabulary=VOCABULARY)
    return directory


def test_the_same_words_give_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    build_bundle(again, words=dict(reversed(WORDS.items())), vocabulary=VOCABULARY)

    assert {path.name: path.read_bytes() for path in fresh.iterdir()} == {
        path.name: path.read_bytes() for path in again.iterdir()
    }


def test_another_process_writes_the_same_bytes(fresh: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from indexer.analysis import build_bundle\n"
        "from tests.unit.analysis.conftest import VOCABULARY\n"
        "from tests.unit.analysis.test_bundle import WORDS\n"
        "build_bundle(Path(sys.argv[1]), words=WORDS, vocabulary=VOCABULARY)\n"
    )
    again = tmp_path / "again"
    again.mkdir()
    subprocess.run(
        [sys.executable, "-c", code, str(again)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )

    assert (again / "manifest.json").read_text() == (fresh / "manifest.json").read_text()


def test_the_bundle_of_an_empty_index_works(tmp_path: Path) -> None:
    build_bundle(tmp_path, words={}, vocabulary=Vocabulary())

    analyzer = Analyzer.open(tmp_path)

    assert analyzer.word("Samverkansavtalet").lemma == ("samverkansavtal",)
    assert analyzer.correct("samvärkan") is None
    assert analyzer.query("hogskolan")[0].instead == ()


def test_another_version_is_refused_with_the_way_out(fresh: Path) -> None:
    (fresh / "VERSION").write_text("0", encoding="utf-8")

    with pytest.raises(IndexDamaged, match=r"version '0'.*samsok reindex --from-store"):
        Analyzer.open(fresh)


@pytest.mark.parametrize(
    "name", ["manifest.json", "VERSION", "swedish.marisa", "words.u32", "vocabulary.json"]
)
def test_a_missing_file_is_damage(fresh: Path, name: str) -> None:
    (fresh / name).unlink()

    with pytest.raises(IndexDamaged, match="samsok reindex --from-store"):
        Analyzer.open(fresh)


@pytest.mark.parametrize("keep", [0, 10, 0.5])
def test_a_truncated_file_is_damage(fresh: Path, keep: float) -> None:
    path = fresh / "swedish.marisa"
    content = path.read_bytes()
    path.write_bytes(content[: int(keep if keep >= 1 else keep * len(content))])

    with pytest.raises(IndexDamaged, match=r"swedish\.marisa is not the file"):
        Analyzer.open(fresh)


def test_a_changed_byte_is_damage(fresh: Path) -> None:
    path = fresh / "english.marisa"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)

    with pytest.raises(IndexDamaged):
        Analyzer.open(fresh)


def test_a_broken_manifest_is_damage(fresh: Path) -> None:
    for broken in ("{", "[]", '{"files": {"VERSION": 3}}'):
        (fresh / "manifest.json").write_text(broken, encoding="utf-8")
        with pytest.raises(IndexDamaged):
            Analyzer.open(fresh)


def test_the_version_names_the_format(fresh: Path) -> None:
    assert (fresh / "VERSION").read_text(encoding="utf-8") == VERSION


def test_the_index_vouches_for_words_that_form_compounds(tmp_path: Path) -> None:
    for name, words in (("without", {}), ("with", {"skandalen": 3, "sponsring": 3})):
        directory = tmp_path / name
        directory.mkdir()
        build_bundle(directory, words=words, vocabulary=Vocabulary())

    without = Analyzer.open(tmp_path / "without")
    vouched = Analyzer.open(tmp_path / "with")

    assert without.compound("sponsringsskandalen") == ("sponsringsskandalen",)
    assert vouched.compound("sponsringsskandalen") == ("sponsrings", "skandalen")


def test_partners_are_names_and_are_not_divided(fresh: Path) -> None:
    analyzer = Analyzer.open(fresh)

    assert analyzer.word("Innovatums").lemma == ("innovatum",)
    assert analyzer.compound("innovatum") == ("innovatum",)


def test_several_threads_get_the_same_terms(analyzer: Analyzer) -> None:
    words = [f"forskningsprojekt{letter}samverkans" for letter in "abcdefghijklmnop"] * 20
    expected = [analyzer.word(word) for word in words]
    found: list[list[object]] = []

    def work() -> None:
        found.append([analyzer.word(word) for word in words])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [expected] * 4


def test_a_search_process_pays_little_and_loads_no_dictionary(bundle: Path) -> None:
    code = (
        "import sys, psutil\n"
        "uss = lambda: psutil.Process().memory_full_info().uss\n"
        "before = uss()\n"
        "from pathlib import Path\n"
        "from indexer.analysis import Analyzer\n"
        "analyzer = Analyzer.open(Path(sys.argv[1]))\n"
        "analyzer.query('forskningssamverkan hogskolan')\n"
        "print(uss() - before, *sorted({'simplemma', 'py3langid', 'numpy'} & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(bundle)], check=True, capture_output=True, text=True
    )
    cost, *loaded = done.stdout.split()

    assert int(cost) < 25_000_000
    assert loaded == []
