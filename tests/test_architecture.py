"""The rules of the house that no linter has a name for.

Layers are import-linter's, style is ruff's, types are mypy's. Here stands what is left.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from sys import stdlib_module_names
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("indexer", "search_api")
LONGEST = 300

# These were longer when the rule came. Nothing may be added; what fits again is taken out.
LONGER: dict[str, int] = {}

# The other half of a package: of the same makers, in step with it, and documented to be imported.
HALVES = {"pydantic-core": "pydantic", "markupsafe": "jinja2"}

NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "var"}


def files() -> Iterator[Path]:
    """Walk the project without what is made or installed in it."""
    for directory, below, names in os.walk(ROOT):
        below[:] = [
            name
            for name in below
            if name not in NOT_OURS and (not name.startswith(".") or name == ".ci")
        ]
        yield from (Path(directory, name) for name in names)


@cache
def texts() -> dict[str, str]:
    """Return the text of every file that has one, by its path in the project."""
    found: dict[str, str] = {}
    for path in files():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def modules(*tops: str) -> list[str]:
    """Return the Python files below these directories."""
    return sorted(path for path in texts() if path.endswith(".py") and path.split("/")[0] in tops)


def imported(path: str) -> ModuleType:
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return importlib.import_module(name)


def places(pattern: str, *, among: str = "") -> list[str]:
    """Return where a pattern stands, as ``path:line: what``."""
    return [
        f"{path}:{number}: {found.group()}"
        for path, text in texts().items()
        if re.search(among, path)
        for number, line in enumerate(text.splitlines(), start=1)
        for found in re.finditer(pattern, line)
    ]


@pytest.mark.parametrize("path", modules(*PACKAGES))
def test_a_module_fits_in_300_lines(path: str) -> None:
    length = texts()[path].count("\n")

    assert length <= LONGER.get(path, LONGEST)


def test_what_fits_again_is_no_longer_excused() -> None:
    short = [path for path in LONGER if texts().get(path, "").count("\n") <= LONGEST]
    assert not short


@pytest.mark.parametrize("path", modules(*PACKAGES, "benchmarks"))
def test_a_module_says_what_it_is_for(path: str) -> None:
    said = ast.get_docstring(ast.parse(texts()[path])) or ""

    assert said.splitlines()[:1], "write a docstring at the top"


@pytest.mark.parametrize("path", [path for path in modules(*PACKAGES) if "__main__" not in path])
def test_what_a_module_exports_is_there(path: str) -> None:
    module = imported(path)
    exported = getattr(module, "__all__", [])

    assert [name for name in exported if not hasattr(module, name)] == []
    assert len(set(exported)) == len(exported)
    assert not [name for name in exported if name.startswith("_") and name != "__version__"]


@pytest.mark.parametrize("package", ["analysis", "config", "engine", "evaluate"])
def test_a_package_that_others_enter_by_its_front_lists_what_it_offers(package: str) -> None:
    exported = imported(f"indexer/{package}/__init__.py").__all__

    # Constants, then types, then functions: the order that ruff sorts by.
    assert exported
    assert list(exported) == sorted(
        exported, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )


@pytest.mark.parametrize("path", sorted(path for path in texts() if "/data/" in path))
def test_a_word_list_names_its_source_and_licence_on_its_first_line(path: str) -> None:
    assert re.match(r"# Source: .+ Licence: [\w.-]+", texts()[path])


def test_no_name_says_nothing() -> None:
    """What manages, helps or is miscellaneous has not been understood yet."""
    vague = r"(?i)^_?(?:\w*manager|\w*help(?:er)s?|\w*utils?|misc|common|stuff|base_?utils?)$"
    named = [
        f"{path}: {node.name}"
        for path in modules(*PACKAGES, "benchmarks", "tests")
        for node in ast.walk(ast.parse(texts()[path]))
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and re.match(vague, node.name)
    ]
    files_named = [path for path in texts() if re.match(vague, Path(path).stem)]
    assert named + files_named + places(r"(?i)\bhelp(?:er)s?\b") == []


def test_no_file_names_a_machine_of_its_author() -> None:
    """Paths of one computer, and the hosts that its packages came from."""
    assert places(r"(?<![\w/.:>})\]-])/(?:home|root|work|Users)/[\w.-]+") == []
    assert places(r"\b(?:files\.)?py(?:thonhosted|pi)\.org\b|\bregistry\.npmjs\.") == []
    assert places(r"\.\./shar[e]d\b") == []


def test_a_lock_file_names_packages_and_no_place_to_get_them_from() -> None:
    locks = r"^requirements/.+\.lock$"
    pins = places(r"^[\w.-]+==", among=locks)

    assert {pin.partition(":")[0] for pin in pins} == {
        path for path in texts() if re.match(locks, path)
    }
    assert places(r"\w+://|--(?:extra-)?index-url|--find-links|@ ", among=locks) == []


def test_no_comment_needs_a_tracker_to_be_understood() -> None:
    assert places(r"(?i)\b(?:issue|ticket|pull request|PR) #?\d+\b", among=r"\.(?:py|md)$") == []
    assert places(r"\b(?:TO[D]O|FIX[M]E|X{3})\b", among=r"\.(?:py|js|j2|html|css)$") == []


def test_every_address_is_an_example() -> None:
    """Persons in the code, the tests and the demo are invented, and so are their addresses."""
    address = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    real = [
        place
        for place in places(address)
        if not re.search(r"[@.](?:example(?:\.\w+)?|\w+\.test|invalid|127\.0\.0\.1)$", place)
    ]
    assert real == []


def links() -> list[tuple[str, str]]:
    found = {
        (path, target)
        for path, text in texts().items()
        if path.endswith(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", text)
        if not re.match(r"[a-z]+:", target)
    }
    return sorted(found)


@pytest.mark.parametrize(("path", "target"), links())
def test_a_link_of_a_document_leads_somewhere(path: str, target: str) -> None:
    destination = (ROOT / path).parent / target

    assert destination.exists()
    assert destination.resolve().is_relative_to(ROOT.resolve())


# --- dependencies -------------------------------------------------------------------------------


def normal(requirement: str) -> str:
    """Return the name of a requirement in its normal form (PEP 503)."""
    name = re.match(r"[\w.-]+", requirement)
    assert name
    return re.sub(r"[-_.]+", "-", name.group()).lower()


CLUSTERED = "To run, with the index in a cluster"


def declared() -> dict[str, set[str]]:
    project = tomllib.loads(texts()["pyproject.toml"])
    groups = project["dependency-groups"]
    named = {"To run": project["project"]["dependencies"]}
    named |= {"To install": groups["build"], "To develop": groups["dev"]}
    named |= {"To compare with": groups["peers"]}
    # The tests need the extras, too; their reason stands with the product.
    extras = project["project"]["optional-dependencies"]
    named |= {CLUSTERED: extras["opensearch"]}
    named["To develop"] = [item for item in groups["dev"] if item not in extras["opensearch"]]
    return {
        heading: {normal(item) for item in items if isinstance(item, str)}
        for heading, items in named.items()
    }


@pytest.mark.parametrize("heading", declared())
def test_every_dependency_has_its_reason(heading: str) -> None:
    document = texts()["docs/DEPENDENCIES.md"]
    part = document.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in part.splitlines() if line.startswith("| ")][2:]

    assert {normal(row[0].strip()) for row in rows} == declared()[heading]
    for row in rows:
        assert all(cell.strip() for cell in row)


def imports_of(path: str) -> set[str]:
    """Return the top-level names of what a module imports."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(texts()[path])):
        if isinstance(node, ast.Import):
            named |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            named.add(node.module.split(".")[0])
    return named - stdlib_module_names - {*PACKAGES, "tests", "benchmarks"}


def not_here(name: str) -> list[str]:
    """What provides a module that only whoever compares installs."""
    return [{"readability": "readability-lxml"}.get(name, name)]


@pytest.mark.parametrize(
    ("tops", "headings"),
    [
        (PACKAGES, ["To run", CLUSTERED]),
        (("tests",), ["To run", CLUSTERED, "To develop"]),
        (("benchmarks",), ["To run", CLUSTERED, "To develop", "To compare with"]),
    ],
    ids=["the product", "its tests", "its benchmarks"],
)
def test_what_is_imported_is_declared(tops: tuple[str, ...], headings: list[str]) -> None:
    """A package that comes along with another one goes with it, too."""
    known = set.union(*(declared()[heading] for heading in headings))
    known |= {half for half, whole in HALVES.items() if whole in known}
    providers = packages_distributions()
    undeclared = {
        f"{path}: {name}"
        for path in modules(*tops)
        for name in imports_of(path)
        if not {normal(provider) for provider in providers.get(name) or not_here(name)} & known
    }
    assert undeclared == set()
