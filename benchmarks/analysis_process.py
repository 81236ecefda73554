"""What analysis costs a process that searches: run by `benchmarks.analysis memory`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil

_WORDS = 50_000


def main() -> None:
    """Open the bundle that the command line names, use it hard, and print the bill."""
    before = _uss()
    started = time.perf_counter()
    from indexer.analysis import Analyzer  # noqa: PLC0415 - the import is part of the bill

    imported = time.perf_counter()
    analyzer = Analyzer.open(Path(sys.argv[1]))
    analyzer.query("forskningssamverkan hogskolan")
    opened = time.perf_counter()
    print(f"  imported in {1e3 * (imported - started):.0f} ms")
    print(f"  opened, first query answered in {1e3 * (opened - imported):.1f} ms")
    print(f"  USS then: {_uss() - before:.1f} MB")
    for number in range(_WORDS):
        analyzer.word(f"samverkansprojekt{number:x}")
        analyzer.query(f"forskningsmiljö{number:x}")
    analyzer.correct("samvärkan")
    print(f"  USS with all that a search remembers: {_uss() - before:.1f} MB")
    print(f"  language data loaded: {sorted({'simplemma', 'py3langid'} & sys.modules.keys())}")


def _uss() -> float:
    return float(psutil.Process().memory_full_info().uss) / 1e6


if __name__ == "__main__":
    main()
