"""The files of a generation's bundle: kept in the cluster in pieces, fetched once by each machine.

A file is known by its checksum, so that generations share what did not change, and so that what
is fetched is known to be what was given. They hold names: when their generation is gone, so are
they, in the cluster with their index, and on each machine when it next looks.
"""

from __future__ import annotations

import base64
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from indexer.engine.durable import checksum, digest, disk_errors
from indexer.engine.opensearch_backend.cluster import Refused
from indexer.engine.opensearch_backend.generations import QUICK_S
from indexer.errors import EngineError, IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine.opensearch_backend.cluster import Cluster
    from indexer.engine.opensearch_backend.generations import ClusterGenerations
    from indexer.engine.opensearch_backend.held import HeldGeneration

PIECE = 2_000_000
"""Bytes of a file that lie in one document of the cluster."""

_TIDIED_EVERY_S = 60.0
_DRAFT = ".fetching-"
_DRAFTED_S = 3600.0
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
        self._cache = cache / cluster.settings.prefix
        self._tidied = float("-inf")

    def upload(self, bundle: Path, held: HeldGeneration) -> None:
        """Write the files that the cluster does not have yet."""
        self._generations.make(held.files, _MAPPING)
        for path, (size, sum_) in held.bundle.items():
            last = _pieces(size) - 1
            if self._piece(held.files, f"{sum_}-{last}", data=False) is not None:
                continue
            with (bundle / path).open("rb") as file:
                # The last piece is written last: where it is, the others are.
                for place in range(last + 1):
                    data = base64.b64encode(file.read(PIECE)).decode()
                    body = {"checksum": sum_, "data": data}
                    self._cluster.ask("PUT", f"/{held.files}/_doc/{sum_}-{place}", body)

    def fetch(self, held: HeldGeneration) -> Path:
        """Return a folder of this machine with the files of a generation's bundle.

        Raises:
            IndexDamaged: If the cluster does not have them as they were written.
        """
        folder = self._cache / _folder(held)
        if folder.is_dir():
            return folder
        with disk_errors(self._cache):
            self._cache.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=self._cache))
            try:
                for path, (size, sum_) in held.bundle.items():
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

    def drop(self) -> None:
        """Delete the indices of files of which no generation is left."""
        # In this order: a generation is there before its files are.
        there = self._generations.file_indices()
        wanted = {held.files for held in self._generations.all()}
        others = self._generations.files_of_others()
        if others is None:
            return
        for index in there:
            if index not in wanted | others:
                self._generations.delete(index)

    def sweep(self) -> None:
        """Delete the files of no generation; for the holder of the lock, before it adds its own."""
        self.drop()
        wanted = {sum_ for held in self._generations.all() for _, sum_ in held.bundle.values()}
        query = {"query": {"bool": {"must_not": {"terms": {"checksum": sorted(wanted)}}}}}
        others = self._generations.files_of_others()
        if others is None:
            return
        for index in self._generations.file_indices():
            if index in others:
                continue
            self._cluster.ask("POST", f"/{index}/_refresh")
            self._cluster.ask("POST", f"/{index}/_delete_by_query", query, conflicts="proceed")

    def tidy(self) -> None:
        """Forget what this machine need not keep, once in a while; what fails is left for later."""
        if time.monotonic() - self._tidied >= _TIDIED_EVERY_S:
            self._tidied = time.monotonic()
            with suppress(EngineError, OSError):
                self.forget()

    def forget(self) -> None:
        """Delete the folders of this machine whose generation is not in the cluster."""
        if not self._cache.is_dir():
            return
        # In this order: what is fetched is of a generation that is there.
        folders = [*self._cache.iterdir()]
        wanted = {_folder(held) for held in self._generations.all(timeout_s=QUICK_S)}
        if self._generations.files_of_others(timeout_s=QUICK_S) != set():
            return  # processes of another version may be reading theirs
        for folder in folders:
            if folder.name not in wanted and not _is_being_fetched(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _fetch_file(
        self, target: Path, size: int, sum_: str, held: HeldGeneration, *, name: str = ""
    ) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for place in range(_pieces(size)):
                file.write(self._piece(held.files, f"{sum_}-{place}") or b"")
        if checksum(target) != sum_:
            raise IndexDamaged(
                f"{name or target.name} of {held.name} is not in the cluster as it was written; "
                "`samsok rollback` puts an older generation into service, "
                "`samsok reindex --from-store` builds a new one"
            )

    def _piece(self, index: str, piece: str, *, data: bool = True) -> bytes | None:
        """Return a piece, or no more than that it is there, or None where it is not."""
        try:
            found = self._cluster.ask("GET", f"/{index}/_doc/{piece}", _source=data)
        except Refused as error:
            if error.is_missing:
                return None
            raise
        return base64.b64decode(found["_source"]["data"]) if data else b""


def _pieces(size: int) -> int:
    return max(1, -(-size // PIECE))


def _folder(held: HeldGeneration) -> str:
    return digest(orjson.dumps(sorted(held.bundle.items())))


def _is_being_fetched(folder: Path) -> bool:
    return folder.name.startswith(_DRAFT) and time.time() - folder.stat().st_mtime < _DRAFTED_S
