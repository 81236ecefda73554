"""A vocabulary in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.config import load
from indexer.errors import ConfigError
from indexer.model import Concept
from tests.unit.config.writing import RIGHT, written

NAMED = RIGHT + "vocabulary: {file: ord/vocabulary.yaml}\n"


def words(directory: Path, text: str) -> Path:
    path = directory / "ord" / "vocabulary.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return written(directory, NAMED)


def problems(path: Path) -> tuple[str, list[tuple[str, int | None]], str]:
    with pytest.raises(ConfigError) as wrong:
        load(path)
    error = wrong.value
    return error.path, [(one.key, one.line) for one in error.problems], str(error)


def test_it_is_read_as_if_it_stood_in_the_configuration(tmp_path: Path) -> None:
    path = words(tmp_path, 'partners:\n  - {name: "Staden", aliases: ["City"]}\n')
    vocabulary = load(path).vocabulary
    assert vocabulary.partners == (Concept(name="Staden", aliases=("City",)),)


def test_a_mistake_is_named_with_its_own_file_and_line(tmp_path: Path) -> None:
    path = words(tmp_path, "partners:\n  - name: Staden\n    alias: [City]\n")
    where, found, said = problems(path)
    assert where == str(tmp_path / "ord" / "vocabulary.yaml")
    assert found == [("vocabulary.partners[0].alias", 3)]
    assert "aliases" in said


def test_a_name_for_two_things_is_found_there_too(tmp_path: Path) -> None:
    path = words(tmp_path, "partners: [{name: AIL}]\nareas:\n  - {name: ail}\n")
    _, found, _ = problems(path)
    assert found == [("vocabulary.areas[0].name", 3)]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n", "a: [\n"])
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, text: str) -> None:
    where, found, _ = problems(words(tmp_path, text))
    assert where.endswith("vocabulary.yaml")
    assert found


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    where, _, said = problems(written(tmp_path, NAMED))
    assert where.endswith("vocabulary.yaml")
    assert "no such file" in said


def test_the_words_stand_in_one_place_only(tmp_path: Path) -> None:
    text = RIGHT + "vocabulary:\n  file: ord.yaml\n  areas: [{name: AIL}]\n"
    _, found, said = problems(written(tmp_path, text))
    assert [key for key, _ in found] == ["vocabulary.file"]
    assert "move the other keys there" in said


def test_it_cannot_name_another(tmp_path: Path) -> None:
    _, _, said = problems(words(tmp_path, "file: mer.yaml\n"))
    assert "cannot name another" in said
