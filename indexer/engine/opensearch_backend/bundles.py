"""The files of a generation's bundle: kept in the cluster in pieces, fetched once by each machine.

A file is known by its checksum, so that generations share what did not change, and so that what
is fetched is known to be what was given.
"""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from indexer.engine.durable import checksum, digest, disk_errors
from indexer.engine.opensearch_backend.cluster import Refused
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.engine.opensearch_backend.cluster import Cluster
    from indexer.engine.opensearch_backend.generations import ClusterGenerations, HeldGeneration

PIECE = 2_000_000
"""Bytes of a file that lie in one document of the cluster."""

_UNUSED_S = 7 * 86_400
_MAPPING = {
    "dynamic": "strict",
    "properties": {
        "checksum": {"type": "keyword"},
        "data": {"type": "binary"},
    },
}

Manifest = dict[str, tuple[int, str]]


def manifest(bundle: Path) -> Manifest:
    """Return size and checksum of every file of a bundle, by its path."""
    return {
        str(path.relative_to(bundle)): (path.stat().st_size, checksum(path))
        for path in sorted(bundle.rglob("*"))
        if path.is_file()
    }


class Bundles:
    """The bundles in a cluster, and the folder in which this machine keeps those it has fetched."""

    def __init__(self, cluster: Cluster, generations: ClusterGenerations, cache: Path) -> None:
        self._cluster = cluster
        self._generations = generations
        self._index = generations.files
        self._cache = cache

    def upload(self, bundle: Path, files: Mapping[str, tuple[int, str]]) -> None:
        """Write the files that the cluster does not have yet."""
        self._generations.make(self._index, _MAPPING)
        for path, (size, sum_) in files.items():
            last = _pieces(size) - 1
            if self._has(f"{sum_}-{last}"):
                continue
            with (bundle / path).open("rb") as file:
                # The last piece is written last: where it is, the others are.
                for place in range(last + 1):
                    data = base64.b64encode(file.read(PIECE)).decode()
                    body = {"checksum": sum_, "data": data}
                    self._cluster.ask("PUT", f"/{self._index}/_doc/{sum_}-{place}", body)

    def fetch(self, held: HeldGeneration) -> Path:
        """Return a folder of this machine with the files of a generation's bundle.

        Raises:
            IndexDamaged: If the cluster does not have them as they were written.
        """
        files = dict(held.bundle)
        folder = self._cache / digest(orjson.dumps(sorted(files.items())))
        if folder.is_dir():
            os.utime(folder)
            return folder
        with disk_errors(self._cache):
            self._cache.mkdir(parents=True, exist_ok=True)
            self._forget_unused()
            draft = Path(tempfile.mkdtemp(prefix=".fetching-", dir=self._cache))
            try:
                for path, (size, sum_) in files.items():
                    self._fetch_file(draft / path, size, sum_, held)
                draft.chmod(0o755)
                try:
                    draft.rename(folder)
                except OSError:
                    # Another process was quicker; its files are the same.
                    if not folder.is_dir():
                        raise
            finally:
                shutil.rmtree(draft, ignore_errors=True)
        return folder

    def problems(self, held: HeldGeneration) -> Iterator[str]:
        """Yield what is wrong with the files in the cluster, having read all of them."""
        with tempfile.TemporaryDirectory(prefix="samsok-verify-") as folder:
            for path, (size, sum_) in held.bundle.items():
                try:
                    self._fetch_file(Path(folder) / "file", size, sum_, held, name=path)
                except IndexDamaged as error:
                    yield str(error)

    def sweep(self) -> None:
        """Delete the files of no generation; for the holder of the lock, before it adds its own."""
        wanted = {sum_ for held in self._generations.all() for _, sum_ in held.bundle.values()}
        query = {"query": {"bool": {"must_not": {"terms": {"checksum": sorted(wanted)}}}}}
        try:
            self._cluster.ask("POST", f"/{self._index}/_refresh")
            self._cluster.ask(
                "POST", f"/{self._index}/_delete_by_query", query, conflicts="proceed"
            )
        except Refused as error:
            if not error.is_missing:
                raise

    def _has(self, piece: str) -> bool:
        try:
            self._cluster.ask("GET", f"/{self._index}/_doc/{piece}", _source=False)
        except Refused as error:
            if error.is_missing:
                return False
            raise
        return True

    def _fetch_file(
        self, target: Path, size: int, sum_: str, held: HeldGeneration, *, name: str = ""
    ) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for place in range(_pieces(size)):
                file.write(self._piece(f"{sum_}-{place}"))
        if checksum(target) != sum_:
            raise IndexDamaged(
                f"{name or target.name} of {held.name} is not in the cluster as it was written; "
                "`samsok rollback` puts an older generation into service, "
                "`samsok reindex --from-store` builds a new one"
            )

    def _piece(self, piece: str) -> bytes:
        try:
            found = self._cluster.ask("GET", f"/{self._index}/_doc/{piece}")
        except Refused as error:
            if error.is_missing:
                return b""
            raise
        return base64.b64decode(found["_source"]["data"])

    def _forget_unused(self) -> None:
        for folder in self._cache.iterdir():
            if time.time() - folder.stat().st_mtime > _UNUSED_S:
                shutil.rmtree(folder, ignore_errors=True)


def _pieces(size: int) -> int:
    return max(1, -(-size // PIECE))
