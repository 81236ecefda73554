"""What is not documented fails: the reference and the shipped file keep step with the model."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from indexer.config import Key, OaiPmhSource, WebsiteSource, keys, load
from tests.unit.config.reference_tables import Place, reference_tables
from tests.unit.config.writing import written

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "crawl_config.yaml"
REFERENCE = (ROOT / "docs" / "CONFIGURATION.md").read_text("utf-8")


@pytest.mark.parametrize("place", reference_tables(), ids=str)
def test_the_reference_has_the_table_of_each_block(place: Place) -> None:
    # When this fails, paste the table that the assertion shows into docs/CONFIGURATION.md.
    assert reference_tables()[place] in REFERENCE


def test_the_reference_has_no_table_of_what_is_not() -> None:
    heads = REFERENCE.count("| key | what it says | must be | default |")
    assert heads == len(reference_tables())


def test_the_examples_of_the_reference_work(tmp_path: Path) -> None:
    whole, *parts = re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL)
    indented = "".join(f"    {line}\n" for part in parts for line in part.splitlines())

    (source,) = load(written(tmp_path, whole + indented)).sources

    assert isinstance(source, WebsiteSource)
    assert source.http_exceptions[1].http.delay_s == 10
    assert source.rules[0].fields["persons"] == ".contact-card"


def test_the_shipped_file_works_as_it_is(tmp_path: Path) -> None:
    config = load(Path(shutil.copy(SHIPPED, tmp_path)))

    names = [source.name for source in config.sources]
    assert names == ["samverkan", "forskning", "nyheter", "diva"]
    assert isinstance(config.sources[3], OaiPmhSource)
    assert config.sources[3].set == "all-hv"
    assert all(source.http.delay_s >= 1 for source in config.sources)
    assert config.allow_private == ()
    assert config.publish.canaries
    assert "Trollhättans Stad" in {partner.name for partner in config.vocabulary.partners}


# Those of http may stand in a source too; one of them shows it.
@pytest.mark.parametrize("key", [key for key in keys() if not key.default.startswith("as in")])
def test_the_shipped_file_shows_every_key(key: Key) -> None:
    assert re.search(rf"^[ #-]*(?:.*[{{ ])?{key.name}:", SHIPPED.read_text("utf-8"), re.MULTILINE)


def test_the_sources_that_the_shipped_file_shows_in_comments_work_too(tmp_path: Path) -> None:
    commented = re.findall(r"(?<=\n  # )- name:.*(?:\n  #   .*)+", SHIPPED.read_text("utf-8"))
    text = "\n".join(commented).replace("  #   ", "  ")
    head = "version: 1\nuser_agent: 'Samsok/1.0 (samsok@example.org)'\nsources:\n"

    feed, sitemap = load(written(tmp_path, head + text)).sources

    assert isinstance(feed, WebsiteSource)
    assert isinstance(sitemap, WebsiteSource)
    assert feed.feeds
    assert sitemap.sitemaps == ("https://www.example.org/sitemap.xml",)


def test_every_key_says_what_it_means_and_what_it_must_be() -> None:
    for key in keys():
        assert key.meaning.endswith(".")
        assert key.expects
        assert not re.search(r"pydantic|string|integer|float|dict\b", key.expects)


def test_keys_are_named_by_path_block_and_name() -> None:
    by_path = {key.path: key for key in keys()}

    assert len({(key.path, key.types) for key in keys()}) == len(keys())
    depth = by_path["sources[].max_depth"]
    assert depth.types == ("website",)
    assert by_path["sources[].hosts"].types == ("website", "sitemap", "feed")
    assert by_path["sources[].name"].types == ("website", "sitemap", "feed", "oai_pmh")
    assert {key.types for key in keys() if key.path == "sources[].url"} == {("feed",), ("oai_pmh",)}
    assert (depth.name, depth.block) == ("max_depth", "sources[]")
    assert (depth.default, depth.required) == ("`8`", False)
    assert by_path["version"].required
    assert by_path["version"].block == ""
    assert by_path["sources[].delay_s"].default == "as in `http`"
    assert by_path["sources[].http_exceptions[].delay_s"].default == "as in the source"
