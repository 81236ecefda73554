"""Content-Encoding undone in bounded memory.

A kilobyte of gzip can hold a megabyte of nothing, so the size is counted as it grows and the
work stops at the limit (RFC 9110, section 8.4; RFC 1952).
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final

from indexer.fetch.problems import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCEPTED: Final = "gzip, deflate"

_PIECE: Final = 65_536
_MAX_LAYERS: Final = 2
_GZIP_MAGIC: Final = 0x1F  # its first byte; the second may be in the next piece
_GZIP_WBITS: Final = 16 + zlib.MAX_WBITS


class BodyReader:
    """Collects a body from its pieces as they come from the wire.

    Raises Broken("body_too_large") when either form of it exceeds `limit` bytes, unless
    `truncate`: then it is cut there and `full` turns true. Raises Broken("bad_encoding") for
    an encoding that was not asked for or does not decode.
    """

    def __init__(self, content_encoding: str, *, limit: int, truncate: bool = False) -> None:
        self.full = False
        self._limit = limit
        self._truncate = truncate
        self._layers = [_layer(name) for name in reversed(_names(content_encoding))]
        # Unlike a bytearray it gives its bytes away without a copy.
        self._body = io.BytesIO()
        self._received = 0

    @property
    def size(self) -> int:
        """How many bytes of the body are decoded so far."""
        return self._body.tell()

    def feed(self, piece: bytes) -> None:
        """Take a piece of the encoded body."""
        self._received += len(piece)
        if self._received > self._limit and not self._truncate:
            self._overflow()
        if not self.full:
            self._push(piece, 0)

    def finish(self) -> bytes:
        """The whole decoded body."""
        if not self.full and not all(layer.complete for layer in self._layers):
            raise Broken("bad_encoding", "the compressed body ends too early")
        return self._body.getvalue()

    def _push(self, piece: bytes, depth: int) -> None:
        if depth == len(self._layers):
            self._keep(piece)
            return
        for inner in self._layers[depth].decoded(piece):
            if self.full:
                return
            self._push(inner, depth + 1)

    def _keep(self, piece: bytes) -> None:
        self._body.write(piece)
        if self.size > self._limit:
            self._overflow()

    def _overflow(self) -> None:
        if not self._truncate:
            raise Broken("body_too_large", f"the body is larger than {self._limit} bytes")
        self._body.truncate(self._limit)
        self.full = True


class _Inflate:
    """One layer of gzip or deflate, undone in pieces of bounded size."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._inflater = zlib.decompressobj(_GZIP_WBITS) if gzip else None
        self._started = False

    @property
    def complete(self) -> bool:
        # A body of no bytes at all is complete: servers send it with a 200 now and then.
        return not self._started or (self._inflater is not None and self._inflater.eof)

    def decoded(self, piece: bytes) -> Iterator[bytes]:
        try:
            yield from self._decoded(piece)
        except zlib.error as error:
            raise Broken("bad_encoding", f"the body does not decompress ({error})") from error

    def _decoded(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            inflater = self._ready(piece)
            if inflater is None:
                return
            output = inflater.decompress(piece, _PIECE)
            yield output
            # A full piece of output may leave more inside, with no input left to push it out.
            while len(output) == _PIECE and not inflater.eof and not inflater.unconsumed_tail:
                output = inflater.decompress(b"", _PIECE)
                yield output
            piece = inflater.unused_data if inflater.eof else inflater.unconsumed_tail

    def _ready(self, piece: bytes) -> zlib._Decompress | None:
        """The inflater that reads `piece`; None where padding follows the last member."""
        self._started = True
        if self._inflater is None:
            # "deflate" means zlib's format, but some servers send the bare stream.
            wrapped = piece[0] & 0x0F == zlib.DEFLATED
            self._inflater = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        elif self._inflater.eof:
            if not self._gzip or piece[0] != _GZIP_MAGIC:
                return None
            self._inflater = zlib.decompressobj(_GZIP_WBITS)
        return self._inflater


def _names(content_encoding: str) -> list[str]:
    names = [name.strip().lower() for name in content_encoding.split(",")]
    layers = [name for name in names if name not in {"", "identity"}]
    if len(layers) > _MAX_LAYERS:
        raise Broken("bad_encoding", f"{len(layers)} layers of compression")
    return layers


def _layer(name: str) -> _Inflate:
    match name:
        case "gzip" | "x-gzip":
            return _Inflate(gzip=True)
        case "deflate":
            return _Inflate(gzip=False)
        case _:
            raise Broken("bad_encoding", f"the encoding {name[:40]!r} was not asked for")
