"""One erasure as it is kept: when, of what kind, and keyed hashes of what must not come back."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Subject = Literal["page", "person"]

_VERSION = 1
_SIZE = 16
_FIRST_SIZE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was forgotten, without saying it.

    `hashes` are by kind: ``url``, ``content`` (of a text), ``name``, ``first`` (of the first word
    of a name, two bytes only), ``slug``, ``email``, ``phone``, ``page`` (where a namesake is
    meant). `asked` is the hash of what was asked for, `longest` the most words of a name. With
    `needs_evidence` several people have the name: it counts only on pages that hold the address
    or the number too, or are among the pages. `counts` is what was done.
    """

    id: str
    subject: Subject
    at: dt.datetime
    key: bytes
    asked: bytes
    hashes: Mapping[str, frozenset[bytes]]
    longest: int = 0
    needs_evidence: bool = False
    undone_at: dt.datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values, the key included."""
        return {
            "id": self.id,
            "subject": self.subject,
            "at": self.at.isoformat(),
            "key": self.key.hex(),
            "asked": self.asked.hex(),
            "hashes": {
                kind: sorted(one.hex() for one in held) for kind, held in self.hashes.items()
            },
            "longest": self.longest,
            "needs_evidence": self.needs_evidence,
            "undone_at": self.undone_at.isoformat() if self.undone_at else None,
            "counts": dict(self.counts),
        }


def hashed(key: bytes, kind: str, phrase: str) -> bytes:
    """Return the keyed BLAKE2b (RFC 7693) of a phrase of one kind."""
    said = phrase.encode("utf-8", "replace")
    size = _FIRST_SIZE if kind == "first" else _SIZE
    return hashlib.blake2b(said, key=key, digest_size=size, person=kind.encode()).digest()


def erasure_from_plain(raw: Mapping[str, Any]) -> Erasure:
    """Return the erasure whose plain JSON values are `raw`.

    Raises:
        ValueError: If they are those of something else.
    """
    try:
        undone = raw["undone_at"]
        return Erasure(
            id=str(raw["id"]),
            subject="person" if raw["subject"] == "person" else "page",
            at=dt.datetime.fromisoformat(raw["at"]),
            key=bytes.fromhex(raw["key"]),
            asked=bytes.fromhex(raw["asked"]),
            hashes={
                str(kind): frozenset(bytes.fromhex(one) for one in held)
                for kind, held in raw["hashes"].items()
            },
            longest=int(raw["longest"]),
            needs_evidence=bool(raw["needs_evidence"]),
            undone_at=dt.datetime.fromisoformat(undone) if undone else None,
            counts={str(what): int(count) for what, count in raw["counts"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an erasure: {error!r}") from error


def erasures_to_json(erasures: Iterable[Erasure]) -> bytes:
    """Return a ledger as a file keeps it."""
    return orjson.dumps(
        {"version": _VERSION, "erasures": [one.plain() for one in erasures]},
        option=orjson.OPT_INDENT_2,
    )


def erasures_from_json(data: bytes) -> tuple[Erasure, ...]:
    """Return the ledger that `erasures_to_json` wrote.

    Raises:
        ValueError: If `data` is something else, or of a newer version.
    """
    raw = orjson.loads(data)
    if not isinstance(raw, dict) or raw.get("version") != _VERSION:
        raise ValueError("not a ledger of erasures that this version reads")
    return tuple(erasure_from_plain(one) for one in raw.get("erasures", ()))
