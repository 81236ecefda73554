"""Generations in a cluster: an index each, an alias on the one in service, and one index of notes.

    samsok-gen-000041  samsok-gen-000042   documents; what a generation is stands in its mapping
    samsok-current                         the alias on the one in service
    samsok-notes                           suppressions, notes, and the lock of the writer
    samsok-files                           the files of the bundles, in pieces

A generation is `building` until its mapping says that it is `whole`, which the cluster changes in
one step; the alias moves in one step, too. One that is pruned is marked first and deleted a while
later, because whoever searches it shall go on.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import orjson

from indexer.engine.opensearch_backend.cluster import Refused
from indexer.engine.results import Generation
from indexer.errors import GenerationUnknown, IndexDamaged, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.engine.opensearch_backend.cluster import Cluster

State = Literal["building", "whole", "doomed"]

GRACE = dt.timedelta(minutes=5)
"""How long a pruned generation can still be searched by those who have it open."""

QUICK_S = 3.0
"""Seconds in which what is asked every second must be answered."""

_NAME = re.compile(r"gen-(?:[0-9]{6}|[1-9][0-9]{6,})")
_NOTES_MAPPING = {
    "dynamic": "strict",
    "properties": {"value": {"type": "binary"}, "lock": {"type": "object", "enabled": False}},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGeneration:
    """A generation, the index it lies in, and what its mapping says of it.

    `bundle` are the files that were given to the writer: size and checksum by path.
    `common_grams` are too common to be looked up.
    """

    name: str
    index: str
    state: State
    documents: int = 0
    created: dt.datetime
    version: str = ""
    analysis: str = ""
    bundle: Mapping[str, tuple[int, str]]
    common_grams: frozenset[str] = frozenset()
    doomed: dt.datetime | None = None

    @property
    def generation(self) -> Generation:
        """What those see who search."""
        return Generation(
            name=self.name,
            documents=self.documents,
            created=self.created,
            version=self.version,
            analysis=self.analysis,
        )

    def meta(self) -> dict[str, Any]:
        """Return it as it stands in the mapping; the inverse of `read`."""
        return {
            "state": self.state,
            "documents": self.documents,
            "created": self.created.isoformat(),
            "version": self.version,
            "analysis": self.analysis,
            "bundle": {path: list(entry) for path, entry in self.bundle.items()},
            "common_grams": sorted(self.common_grams),
            "doomed": self.doomed.isoformat() if self.doomed else None,
        }

    @classmethod
    def read(cls, name: str, index: str, meta: Mapping[str, Any]) -> Self:
        """Return the generation that a mapping speaks of.

        Raises:
            IndexDamaged: If that is not what `meta` made.
        """
        try:
            return cls(
                name=name,
                index=index,
                state=meta["state"],
                documents=meta["documents"],
                created=dt.datetime.fromisoformat(meta["created"]),
                version=meta["version"],
                analysis=meta["analysis"],
                bundle={path: (size, sum_) for path, (size, sum_) in meta["bundle"].items()},
                common_grams=frozenset(meta["common_grams"]),
                doomed=dt.datetime.fromisoformat(meta["doomed"]) if meta["doomed"] else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise IndexDamaged(
                f"the mapping of {index} does not say what the index is ({error!r}); delete it, "
                "or run `samsok reindex --from-store` to build a new generation"
            ) from error


class ClusterGenerations:
    """The generations under one prefix of names."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._prefix = cluster.settings.prefix
        self.alias = f"{self._prefix}-current"
        self.notes = f"{self._prefix}-notes"
        self.files = f"{self._prefix}-files"

    # --- reading --------------------------------------------------------------------------------

    def index_of(self, name: str) -> str:
        """Return the index that a generation lies in."""
        return f"{self._prefix}-{name}"

    def all(self) -> list[HeldGeneration]:
        """Return every generation, also what is being built or is pruned, oldest first."""
        answer = self._cluster.ask("GET", f"/{self._prefix}-gen-*/_mapping")
        found = []
        for index, held in answer.items():
            name = index.removeprefix(f"{self._prefix}-")
            if _NAME.fullmatch(name):
                meta = held.get("mappings", {}).get("_meta", {})
                try:
                    found.append(HeldGeneration.read(name, index, meta))
                except IndexDamaged:
                    continue
        return sorted(found, key=lambda it: number(it.name))

    def whole(self) -> list[HeldGeneration]:
        """Return the generations that can be searched, oldest first."""
        return [held for held in self.all() if held.state == "whole"]

    def read(self, name: str) -> HeldGeneration:
        """Return a whole generation.

        Raises:
            GenerationUnknown: If there is none of that name.
        """
        if _NAME.fullmatch(name):
            try:
                answer = self._cluster.ask("GET", f"/{self.index_of(name)}/_mapping")
            except Refused as error:
                if not error.is_missing:
                    raise
                answer = {}
            for index, held in answer.items():
                meta = held.get("mappings", {}).get("_meta", {})
                found = HeldGeneration.read(name, index, meta)
                if found.state == "whole":
                    return found
        raise GenerationUnknown(f"there is no generation {name!r} in the cluster")

    def current(self) -> str | None:
        """Return the name of the generation in service."""
        try:
            answer = self._cluster.ask("GET", f"/_alias/{self.alias}", timeout_s=QUICK_S)
        except Refused as error:
            if error.is_missing:
                return None
            raise
        names = [index.removeprefix(f"{self._prefix}-") for index in answer]
        return max(names, key=number) if names else None

    def in_service(self) -> str:
        """Return the name of the generation in service.

        Raises:
            IndexMissing: If nothing has been published.
        """
        name = self.current()
        if name is None:
            raise IndexMissing("no index in the cluster: run `samsok reindex` first")
        return name

    # --- changing -------------------------------------------------------------------------------

    def publish(self, name: str) -> None:
        """Move the alias to a generation, in one step.

        Raises:
            GenerationUnknown: If there is no whole one of that name.
        """
        target = self.read(name).index
        others = {"index": f"{self._prefix}-gen-*", "alias": self.alias, "must_exist": False}
        actions = [{"remove": others}, {"add": {"index": target, "alias": self.alias}}]
        self._cluster.ask("POST", "/_aliases", {"actions": actions})

    def create(self, held: HeldGeneration, *, settings: Mapping[str, Any], mapping: Any) -> None:
        """Make the index of a generation that is to be built."""
        body = {"settings": settings, "mappings": {**mapping, "_meta": held.meta()}}
        self._cluster.ask("PUT", f"/{held.index}", body, wait_for_active_shards=1)

    def mark(self, held: HeldGeneration) -> None:
        """Write into the mapping what a generation is now."""
        self._cluster.ask("PUT", f"/{held.index}/_mapping", {"_meta": held.meta()})

    def delete(self, held: HeldGeneration) -> None:
        """Delete the index of a generation; one that is not there is no error."""
        try:
            self._cluster.ask("DELETE", f"/{held.index}", ignore_unavailable=True)
        except Refused as error:
            if not error.is_missing:
                raise

    # --- notes ----------------------------------------------------------------------------------

    def note(self, name: str, *, timeout_s: float | None = None) -> bytes | None:
        """Return what was noted under a name, or None."""
        try:
            found = self._cluster.ask("GET", f"/{self.notes}/_doc/{name}", timeout_s=timeout_s)
        except Refused as error:
            if error.is_missing:
                return None
            raise
        return base64.b64decode(found["_source"]["value"])

    def put_note(self, name: str, data: bytes) -> None:
        """Note something under a name, in place of what stood there."""
        self.make_notes()
        value = base64.b64encode(data).decode()
        self._cluster.ask("PUT", f"/{self.notes}/_doc/{name}", {"value": value}, refresh=True)

    def make_notes(self) -> None:
        """Make the index of notes where there is none."""
        self.make(self.notes, _NOTES_MAPPING)

    def make(self, index: str, mapping: Mapping[str, Any]) -> None:
        """Make a small index where there is none; it has copies as soon as there are nodes."""
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-2"}
        try:
            self._cluster.ask("GET", f"/{index}/_settings", flat_settings=True)
        except Refused as error:
            if not error.is_missing:
                raise
        else:
            return
        try:
            self._cluster.ask("PUT", f"/{index}", {"settings": settings, "mappings": mapping})
        except Refused as error:
            if not error.is_conflict:
                raise

    def suppressed(self) -> frozenset[str]:
        """Return the ids of the hidden documents.

        Raises:
            IndexDamaged: If they cannot be read: what must be hidden is then not shown.
        """
        held = self.note("suppressed", timeout_s=QUICK_S)
        try:
            return frozenset(orjson.loads(held)) if held else frozenset()
        except (ValueError, TypeError) as error:
            raise IndexDamaged(
                f"the index {self.notes} does not say what must be hidden, so nothing is shown; "
                "hide the documents again, or delete its document `suppressed` if nothing was"
            ) from error

    def suppress(self, ids: frozenset[str]) -> None:
        """Hide exactly these documents."""
        self.put_note("suppressed", orjson.dumps(sorted(ids)))


def number(name: str) -> int:
    """Return the number of a generation; 0 where a name has none."""
    digits = name.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
