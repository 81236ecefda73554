"""What a process that searches costs: time until it is ready, memory, and its slowest queries."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.engine.ours import built

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.engine import Document

HOSTILE = (
    "i och att det som en på är av för med " * 5,
    '"i det" "och att" "av den" "för att"',
    " ".join("ab" for _ in range(66)),
    " ".join(f"a{number}" for number in range(199)),
    "a OR b OR c OR och OR i OR att " * 6,
    '-a -b -c -"i den"',
    "samvrekan utbidlning forsknign kommnuer " * 5,
    "arbetsmarknadsförvaltningsutvecklingsprojektledare " * 4,
    '"' * 200,
    "(" * 200,
    "*a* " * 50,
    "\u202e\u2066\x00x" * 50,
    "a" * 10_000,
)

WORKER = """
import sys, time
started = time.perf_counter()
from pathlib import Path
from indexer.engine import FILTERS, SearchRequest, open_index, search
searcher = open_index("whoosh", Path(sys.argv[1])).searcher()
search(searcher, SearchRequest(text="samverkan"))
searcher.suggest("a")
print(f"ready in {time.perf_counter() - started:.2f} s")

def ask(text):
    began = time.process_time()
    search(searcher, SearchRequest(text=text, facets=FILTERS))
    return 1000 * (time.process_time() - began)

queries = sys.stdin.read().split("\\0")
plain, hostile = queries[: int(sys.argv[2])], queries[int(sys.argv[2]) :]
for query in plain:
    ask(query)
with open("/proc/self/smaps_rollup") as rollup:
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in rollup if line.endswith("kB\\n")}
unique = sizes["Private_Clean"] + sizes["Private_Dirty"]
print(f"after {len(plain)} searches: USS {unique / 1000:.0f} MB, PSS {sizes['Pss'] / 1000:.0f} MB")
print("hostile queries, CPU ms, first and second time:")
for query in hostile:
    print(f"{ask(query):8.1f}{ask(query):8.1f}  {query[:50]!r}")
"""


def main(documents: Sequence[Document]) -> None:
    """Build an index, and let a fresh process tell what searching it costs."""
    plain = corpus.queries(list(documents), count=200)
    print(f"{len(documents)} documents")
    with tempfile.TemporaryDirectory() as directory:
        built(Path(directory) / "index", documents)
        subprocess.run(
            [sys.executable, "-c", WORKER, str(Path(directory) / "index"), str(len(plain))],
            input="\0".join([*plain, *(query.replace("\0", " ") for query in HOSTILE)]),
            encoding="utf-8",
            check=True,
        )
