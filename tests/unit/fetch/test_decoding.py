"""Compressed bodies, honest and hostile."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib

import pytest

from indexer.fetch import BodyReader, Broken

TEXT = "Samverkan för livslångt lärande. ".encode() * 4000
MEGABYTE = 1_000_000


def bare_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(data) + deflater.flush()


def read(encoding: str, body: bytes, *, limit: int = MEGABYTE, piece: int = 1000) -> bytes:
    reader = BodyReader(encoding, limit=limit)
    for start in range(0, len(body), piece):
        reader.feed(body[start : start + piece])
    return reader.finish()


@pytest.mark.parametrize("piece", [1, 7, 1000, MEGABYTE])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        (" GZIP ", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:5000], mtime=0) + gzip.compress(TEXT[5000:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\0" * 9),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare_deflate(TEXT)),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
    ],
)
def test_what_was_encoded_comes_back(encoding: str, body: bytes, piece: int) -> None:
    assert read(encoding, body, piece=piece) == TEXT


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 131_072, 700_000])
def test_no_byte_is_lost_where_the_pieces_meet(size: int) -> None:
    data = random.Random(1).randbytes(50) * (size // 50 + 1)
    assert read("gzip", gzip.compress(data[:size]), piece=MEGABYTE) == data[:size]


def test_what_the_last_byte_still_holds_comes_out() -> None:
    for size in range(65_400, 66_100):
        assert len(read("deflate", bare_deflate(b"\0" * size), piece=MEGABYTE)) == size


def test_an_empty_body_is_complete_whatever_its_encoding() -> None:
    assert read("gzip", b"") == b""


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("br", TEXT),
        ("gzip, gzip, gzip", TEXT),
        ("gzip", TEXT),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-20]),
        ("deflate", zlib.compress(TEXT)[:-20]),
        ("gzip", gzip.compress(TEXT, mtime=0)[:-8] + b"12345678"),
    ],
)
def test_what_does_not_decode_is_bad_encoding(encoding: str, body: bytes) -> None:
    with pytest.raises(Broken) as failure:
        read(encoding, body)
    assert failure.value.reason == "bad_encoding"


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_stops_at_the_limit_and_costs_no_more_memory(layers: int) -> None:
    bomb = b"\0" * (200 * MEGABYTE)
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(Broken) as failure:
            read(", ".join(["gzip"] * layers), bomb, piece=65_536)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert failure.value.reason == "body_too_large"
    assert peak < 4 * MEGABYTE


def test_a_plain_body_is_counted_too() -> None:
    assert read("", b"x" * MEGABYTE) == b"x" * MEGABYTE
    with pytest.raises(Broken, match="body_too_large"):
        read("", b"x" * (MEGABYTE + 1))


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_may_be_cut_at_the_limit_instead(encoding: str) -> None:
    body = gzip.compress(TEXT) if encoding else TEXT
    reader = BodyReader(encoding, limit=100, truncate=True)
    reader.feed(body)
    assert reader.full
    reader.feed(b"more")
    assert reader.finish() == TEXT[:100]
