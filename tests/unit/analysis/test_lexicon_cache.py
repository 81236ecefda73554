from __future__ import annotations

import multiprocessing
import pwd
from pathlib import Path

import pytest

from indexer.analysis import lexicon_build, lexicon_cache
from indexer.analysis.lexicon_build import GeneratedLexicon

SMALL = GeneratedLexicon(
    swedish=b"svenska\x00", english=b"engelska", modifiers=frozenset({"hälso", "arbets"})
)

generated_lexicon = lexicon_cache.generated_lexicon.__wrapped__


def cache_file() -> Path:
    file = lexicon_cache.cache_file()
    assert file is not None
    return file


def one(_: int) -> GeneratedLexicon:
    return generated_lexicon()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def generated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Generating costs nothing here; tells each time that it was done."""
    times: list[str] = []

    def generate() -> GeneratedLexicon:
        times.append("generated")
        return SMALL

    monkeypatch.setattr(lexicon_build, "generate", generate)
    return times


def test_what_was_generated_is_generated_once(generated: list[str], home: Path) -> None:
    assert generated_lexicon() == SMALL
    assert generated_lexicon() == SMALL
    assert generated == ["generated"]
    assert [path.name for path in (home / "samsok").iterdir()] == [cache_file().name]


def test_the_lexicon_of_this_version_comes_back_as_it_was() -> None:
    first = generated_lexicon()
    assert generated_lexicon() == first == lexicon_build.generate()


@pytest.mark.parametrize("damage", [b"", b"PK nonsense", None])
def test_a_file_that_is_damaged_is_made_anew(generated: list[str], damage: bytes | None) -> None:
    generated_lexicon()
    whole = cache_file().read_bytes()
    cache_file().write_bytes(whole.replace(b"svenska", b"danska!") if damage is None else damage)

    assert generated_lexicon() == SMALL
    assert len(generated) == 2
    assert generated_lexicon() == SMALL
    assert len(generated) == 2


@pytest.mark.usefixtures("generated")
def test_what_other_versions_left_is_swept() -> None:
    cache_file().parent.mkdir()
    cache_file().with_name("lexicon-0123456789abcdef.zip").write_bytes(b"older")
    cache_file().with_suffix(".4711").write_bytes(b"of a process that was killed")
    generated_lexicon()
    assert [path.name for path in cache_file().parent.iterdir()] == [cache_file().name]


def test_other_word_lists_are_another_file(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache_file()
    monkeypatch.setattr(lexicon_cache, "word_lists", lambda: b"others")
    assert cache_file() != before


def test_where_nothing_can_be_written_each_process_generates_its_own(
    generated: list[str], home: Path
) -> None:
    (home / "samsok").write_bytes(b"in the way")
    assert generated_lexicon() == SMALL
    assert generated_lexicon() == SMALL
    assert len(generated) == 2


@pytest.mark.parametrize("kept", ["", "relative/to/what"])
def test_without_a_cache_home_it_is_that_of_the_user(
    kept: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", kept)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_file().parent == tmp_path / ".cache" / "samsok"


@pytest.mark.usefixtures("generated")
def test_many_processes_at_once_leave_one_whole_file() -> None:
    context = multiprocessing.get_context("fork")
    with context.Pool(4) as pool:
        lexicons = pool.map(one, range(20))
    assert lexicons == [SMALL] * 20
    assert [path.name for path in cache_file().parent.iterdir()] == [cache_file().name]


def test_a_user_without_a_home_generates_it_each_time(
    generated: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)  # nor an entry among the users
    assert lexicon_cache.cache_file() is None
    assert generated_lexicon() == SMALL
    assert generated == ["generated"]
