"""The generated lexicon, kept between processes in the user's cache directory.

Generating it takes three seconds and a few hundred megabytes, and gives the same every time. The
file may be deleted at any moment; where none can be written, every process generates its own.
"""

from __future__ import annotations

import contextlib
import os
import zipfile
import zlib
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from indexer.analysis import lexicon_build
from indexer.analysis.lexicon_build import GeneratedLexicon
from indexer.analysis.wordlists import word_lists

_DAMAGED = (KeyError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What `zipfile` says of a file that is none, or only in part."""


@cache
def generated_lexicon() -> GeneratedLexicon:
    """Return what `lexicon_build.generate` does, from the cache if it holds that already."""
    file = cache_file()
    if file is None:
        return lexicon_build.generate()
    with contextlib.suppress(OSError, *_DAMAGED):
        return _read(file)
    lexicon = lexicon_build.generate()
    with contextlib.suppress(OSError):
        _write(file, lexicon)
    return lexicon


def cache_file() -> Path | None:
    """Return where the lexicon of this version lies (XDG Base Directory Specification 0.8).

    None for a user who has no home.
    """
    kept = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if not kept.is_absolute():  # which is to be taken for none, the specification says
        try:
            kept = Path("~/.cache").expanduser()
        except RuntimeError:
            return None
    return kept / "samsok" / f"lexicon-{_digest()}.zip"


def _digest() -> str:
    """Return a checksum of all that the lexicon is made of: another one is another file."""
    made_of = blake2b(digest_size=8)
    for package in ("simplemma", "marisa-trie"):
        made_of.update(version(package).encode())
    for module in ("lexicon_build.py", "lexicon.py", "wordlists.py"):
        made_of.update(files("indexer.analysis").joinpath(module).read_bytes())
    made_of.update(word_lists())
    return made_of.hexdigest()


def _read(file: Path) -> GeneratedLexicon:
    with zipfile.ZipFile(file) as kept:  # which checks what it reads against checksums
        return GeneratedLexicon(
            swedish=kept.read("swedish.marisa"),
            english=kept.read("english.marisa"),
            modifiers=frozenset(kept.read("modifiers.txt").decode().split()),
        )


def _write(file: Path, lexicon: GeneratedLexicon) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for older in file.parent.glob("lexicon-*"):  # of other versions, and of who was killed here
        older.unlink(missing_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(draft, "w") as kept:
        kept.writestr("swedish.marisa", lexicon.swedish)
        kept.writestr("english.marisa", lexicon.english)
        kept.writestr("modifiers.txt", "\n".join(sorted(lexicon.modifiers)))
    draft.replace(file)
