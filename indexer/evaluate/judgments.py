"""Judged searches: which pages answer a query, and how well.

Two forms are read. YAML::

    judgments:
      - q: "breddad rekrytering"
        trait: area                 # optional: what makes the query hard
        pages:
          /forskning/projekt/forsta-i-familjen/: 3

and that of TREC: ``queries.tsv`` (id, tab, query) and ``qrels.tsv`` (query id, iteration, page,
grade). A grade is 0 (does not answer), 1 (worth a look), 2 (answers) or 3 (is what was sought).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from indexer.config import yaml_tree
from indexer.errors import ConfigError, ConfigProblem
from indexer.evaluate.pages import page_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from indexer.config.yaml_tree import YamlTree

BEST_GRADE: Final = 3
_QRELS_COLUMNS: Final = 4
_GRADE: Final = f"must be a grade, a whole number from 0 to {BEST_GRADE}"
_ANSWERED: Final = "needs at least one page with a grade of 1 or more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """A query, and the grade of each judged page by its name (`indexer.evaluate.pages`)."""

    query: str
    grades: Mapping[str, int]
    trait: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgments:
    """The judged queries of a file, and how many more nobody found an answer to."""

    judged: tuple[Judgment, ...]
    unanswered: int = 0


def read_judgments(path: Path) -> Judgments:
    """Read a YAML file, a directory with queries.tsv and qrels.tsv, or a qrels file beside both.

    Raises:
        ConfigError: With all that is wrong, each with its line.
    """
    if path.is_dir():
        return _read_trec(path / "qrels.tsv")
    if path.suffix in {".yaml", ".yml"}:
        return _read_yaml(path)
    return _read_trec(path)


def read_text(path: Path) -> str:
    """Return the text of a file that the user named.

    Raises:
        ConfigError: If it cannot be read or is not UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
    raise ConfigError(str(path), (ConfigProblem(key="", message=message),))


# --- YAML ---------------------------------------------------------------------------------------


def _read_yaml(path: Path) -> Judgments:
    tree = yaml_tree.read(read_text(path))
    reader = _YamlReader(tree)
    judged = tuple(reader.judgments())
    if problems := (*tree.problems, *reader.problems):
        raise ConfigError(str(path), problems)
    return Judgments(judged=judged)


class _YamlReader:
    """Walks a tree and notes what is wrong with it."""

    def __init__(self, tree: YamlTree) -> None:
        self._tree = tree
        self._seen: dict[str, int] = {}
        self.problems: list[ConfigProblem] = []

    def judgments(self) -> Iterator[Judgment]:
        if self._tree.problems:
            return
        data = self._tree.data
        entries = data.get("judgments") if isinstance(data, dict) else None
        if not isinstance(entries, list) or not entries:
            self._note((), "needs a list `judgments:` of entries with `q:` and `pages:`")
            return
        for number, entry in enumerate(entries):
            at: yaml_tree.Path = ("judgments", number)
            if isinstance(entry, dict):
                yield self._judgment(entry, at)
            else:
                self._note(at, "must have the keys `q` and `pages`")

    def _judgment(self, entry: dict[str, Any], at: yaml_tree.Path) -> Judgment:
        for name in entry.keys() - {"q", "trait", "pages"}:
            self._note((*at, name), "there is no such key; there are: q, trait, pages")
        trait = entry.get("trait", "")
        if not isinstance(trait, str):
            self._note((*at, "trait"), "must be a word")
        return Judgment(
            query=self._query(entry.get("q"), (*at, "q")),
            grades=self._grades(entry.get("pages"), (*at, "pages")),
            trait=str(trait),
        )

    def _query(self, query: Any, at: yaml_tree.Path) -> str:
        if not isinstance(query, str) or not query.strip():
            self._note(at, 'must be the words of a search, in quotes: "…"')
            return ""
        line = self._tree.lines[at]
        if (first := self._seen.setdefault(query, line)) != line:
            self._note(at, f"is judged in line {first} already; keep one")
        return query

    def _grades(self, pages: Any, at: yaml_tree.Path) -> dict[str, int]:
        grades: dict[str, int] = {}
        if not isinstance(pages, dict):
            self._note(at, "must be lines of `path or URL: grade`")
            return grades
        for written, grade in pages.items():
            here = (*at, written)
            # True is an int to Python, but no grade.
            if type(grade) is not int or not 0 <= grade <= BEST_GRADE:
                self._note(here, _GRADE)
                continue
            try:
                name = page_name(written)
            except ValueError:
                self._note(here, "must be a path, a URL or a document's id")
                continue
            if name in grades:
                self._note(here, "is judged in this query already; keep one")
            grades[name] = grade
        if not any(grades.values()):
            self._note(at, _ANSWERED)
        return grades

    def _note(self, at: yaml_tree.Path, message: str) -> None:
        self.problems.append(self._tree.problem(at, message))


# --- TREC ---------------------------------------------------------------------------------------


def _read_trec(qrels: Path) -> Judgments:
    queries_file = qrels.with_name("queries.tsv")
    graded = _qrels(qrels)
    queries = _queries(queries_file)
    if unknown := [query for query in graded if query not in queries]:
        message = f"judges the query {unknown[0]!r}, which {queries_file.name} does not have"
        raise ConfigError(str(qrels), (ConfigProblem(key="", message=message),))
    judged = tuple(
        Judgment(query=text, grades=graded[query])
        for query, text in queries.items()
        if any(graded.get(query, {}).values())
    )
    if not judged:
        raise ConfigError(str(qrels), (ConfigProblem(key="", message=_ANSWERED),))
    return Judgments(judged=judged, unanswered=len(queries) - len(judged))


def _queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    problems = []
    for number, line in _lines(path):
        query, _, text = (part.strip() for part in line.partition("\t"))
        if not text:
            problems.append(_problem(number, "must be a query's id, a tab, and the query"))
        elif query in queries:
            problems.append(_problem(number, f"gives the query {query!r} again"))
        else:
            queries[query] = text
    if problems:
        raise ConfigError(str(path), tuple(problems))
    return queries


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    graded: dict[str, dict[str, int]] = defaultdict(dict)
    problems = []
    for number, line in _lines(path):
        try:
            query, page, grade = _qrel(line)
        except _Wrong as wrong:
            problems.append(_problem(number, str(wrong)))
            continue
        if page in graded[query]:
            problems.append(_problem(number, f"judges {page!r} for {query!r} again"))
        graded[query][page] = grade
    if problems:
        raise ConfigError(str(path), tuple(problems))
    return dict(graded)


def _qrel(line: str) -> tuple[str, str, int]:
    columns = line.split()
    if len(columns) != _QRELS_COLUMNS:
        raise _Wrong(f"must be query id, iteration, page and grade, not {len(columns)} columns")
    query, _, written, grade = columns
    if not grade.isdecimal() or int(grade) > BEST_GRADE:
        raise _Wrong(f"{grade!r} {_GRADE}")
    try:
        return query, page_name(written), int(grade)
    except ValueError:
        raise _Wrong(f"{written!r} must be a path, a URL or a document's id") from None


class _Wrong(Exception):
    """A line that cannot be used; its text says why."""


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    # Not splitlines: U+2028 and its like may stand in a query.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            yield number, line


def _problem(line: int, message: str) -> ConfigProblem:
    return ConfigProblem(key="", message=message, line=line)
