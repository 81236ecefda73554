from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import ConfigError
from indexer.evaluate import Judgment, read_judgments

GOOD = """\
judgments:
  - q: "breddad rekrytering"
    trait: area
    pages:
      /projekt/först/: 3
      https://www.Example.org/nyheter/?id=1#top: 1
      doc-001: 0
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "judgments.yaml"


@pytest.fixture
def trec(tmp_path: Path) -> Path:
    (tmp_path / "queries.tsv").write_text("q1\tavtal\nq2\tbarn och unga\n\nq3\thälsa\n", "utf-8")
    (tmp_path / "qrels.tsv").write_text("q1\t0\t/avtal/\t3\nq1 0 d2 1\nq2 0 d3 0\n", "utf-8")
    return tmp_path


def refusal(path: Path) -> str:
    with pytest.raises(ConfigError) as refused:
        read_judgments(path)
    return str(refused.value)


def test_a_page_is_named_by_path_url_or_id(file: Path) -> None:
    file.write_text(GOOD, "utf-8")

    assert read_judgments(file).judged == (
        Judgment(
            query="breddad rekrytering",
            trait="area",
            grades={"/projekt/först/": 3, "//www.example.org/nyheter/?id=1": 1, "doc-001": 0},
        ),
    )


@pytest.mark.parametrize(
    ("wrong", "line", "told"),
    [
        (GOOD.replace(": 3", ": 4"), 5, "0 to 3"),
        (GOOD.replace(": 3", ": -1"), 5, "0 to 3"),
        (GOOD.replace(": 3", ": true"), 5, "0 to 3"),
        (GOOD.replace(": 3", ": 2.5"), 5, "0 to 3"),
        (GOOD.replace(": 3", ": högt"), 5, "0 to 3"),
        (GOOD.replace("trait:", "trail:"), 3, "there is no such key"),
        (GOOD.replace("trait: area", "trait: [area]"), 3, "must be a word"),
        (GOOD.replace('"breddad rekrytering"', "2024"), 2, "in quotes"),
        (GOOD.replace('"breddad rekrytering"', '" "'), 2, "must be the words of a search"),
        (GOOD.replace(": 3", ": 0").replace("top: 1", "top: 0"), 4, "at least one page"),
        (GOOD.replace("/projekt/först/", "https://[x/"), 5, "must be a path, a URL"),
        (GOOD.replace("doc-001: 0", "/projekt/f%C3%B6rst/: 1"), 7, "is judged in this query"),
        (GOOD + '  - q: "breddad rekrytering"\n    pages: {/x/: 1}\n', 8, "judged in line 2"),
        (GOOD + "  - avtal\n", 8, "must have the keys"),
        (GOOD + '  - q: "avtal"\n    pages: [/x/]\n', 9, "path or URL: grade"),
        (GOOD + '  - q: "avtal"\n', 8, "path or URL: grade"),
        (GOOD + "   x", 8, ""),
        (GOOD.replace("/projekt/först/", "doc-001"), 7, "keep one"),
        ("judgments: []", 1, "needs a list `judgments:`"),
        ("- q: avtal", 1, "needs a list `judgments:`"),
        ("", None, "needs a list `judgments:`"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    file: Path, wrong: str, line: int | None, told: str
) -> None:
    file.write_text(wrong, "utf-8")

    message = refusal(file)

    assert str(file) in message
    assert told in message
    if line:
        assert f"line {line}: " in message


def test_everything_wrong_is_told_at_once(file: Path) -> None:
    file.write_text(GOOD.replace(": 3", ": 7") + "  - avtal\n", "utf-8")

    message = refusal(file)

    assert "line 5" in message
    assert "line 8" in message


def test_a_file_that_cannot_be_read_is_told(file: Path) -> None:
    assert "cannot be read" in refusal(file)
    file.write_bytes(b"judgments:\n- q: \xe5ngest\n")
    assert "not UTF-8" in refusal(file)


@pytest.mark.parametrize("name", ["", "qrels.tsv"])
def test_trec_is_read_as_a_directory_or_as_its_qrels(trec: Path, name: str) -> None:
    read = read_judgments(trec / name)

    assert read.judged == (Judgment(query="avtal", grades={"/avtal/": 3, "d2": 1}),)


def test_a_query_without_a_relevant_page_is_left_out_and_counted(trec: Path) -> None:
    assert read_judgments(trec).unanswered == 2


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("qrels.tsv", "q1 0 d1 1\nq1 0 d2\n", "line 2: must be query id, iteration, page"),
        ("qrels.tsv", "q1 0 d1 1\nq1 0 d2 4\n", "line 2: '4' must be a grade"),
        ("qrels.tsv", "q1 0 d1 -1\n", "line 1: '-1' must be a grade"),
        ("qrels.tsv", "q1 0 d1 1\n\nq1 0 d1 2\n", "line 3: judges 'd1' for 'q1' again"),
        ("qrels.tsv", "q1 0 http://[x 1\n", "line 1: 'http://[x' must be a path"),
        ("qrels.tsv", "q1 0 d1 1\nq9 0 d1 1\n", "judges the query 'q9', which queries.tsv"),
        ("qrels.tsv", "q1 0 d1 0\n", "needs at least one page"),
        ("queries.tsv", "q1\tavtal\nq2\n", "line 2: must be a query's id, a tab"),
        ("queries.tsv", "q1\tavtal\nq1\tstad\n", "line 2: gives the query 'q1' again"),
    ],
)
def test_a_wrong_line_of_trec_is_told(trec: Path, file: str, text: str, told: str) -> None:
    (trec / file).write_text(text, "utf-8")

    message = refusal(trec)

    assert told in message
    assert file in message


def test_qrels_without_queries_are_refused(trec: Path) -> None:
    (trec / "queries.tsv").unlink()

    assert "queries.tsv: cannot be read" in refusal(trec)
