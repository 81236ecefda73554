"""What is not documented does not exist, and what is documented does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from indexer.cli import VERBS

ROOT = Path(__file__).parent.parent


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", [*VERBS, "serve"])
def test_every_verb_stands_in_the_readme(verb: str) -> None:
    assert f"`samsok {verb}`" in read("README.md")


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    groups = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        groups += [entry for entry in group if isinstance(entry, str)]
    told = read("docs/DEPENDENCIES.md").lower()

    for requirement in groups:
        name = re.split(r"[<>=\[ ]", requirement)[0].lower()
        assert f"`{name}`" in told or f"| {name} " in told, f"{name} is not in docs/DEPENDENCIES.md"


def test_every_benchmark_stands_in_their_readme() -> None:
    told = read("benchmarks/README.md")

    for module in (ROOT / "benchmarks").glob("*.py"):
        if "ArgumentParser(" in module.read_text(encoding="utf-8"):
            assert f"benchmarks.{module.stem}" in told, module.stem


def test_the_architecture_names_paths_that_exist() -> None:
    for path in re.findall(
        r"`((?:indexer|search_api|tests|docs)/[\w./]*)`", read("docs/ARCHITECTURE.md")
    ):
        if "VERB" not in path:
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(p.name for p in (ROOT / "docs").glob("*.md"))]
)
def test_links_between_documents_lead_somewhere(page: str) -> None:
    source = ROOT / page if page == "README.md" else ROOT / "docs" / page
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", source.read_text(encoding="utf-8")):
        assert (source.parent / target).exists(), target


def test_every_route_stands_in_the_api_document() -> None:
    routes = re.findall(r'add_route\(f?"(/[a-z][^"{]*)', read("search_api/app.py"))
    told = read("docs/API.md")

    for route in routes:
        assert route in told


def test_every_test_that_the_page_about_security_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", read("docs/SECURITY.md")))
    written = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 15
    assert named <= written
