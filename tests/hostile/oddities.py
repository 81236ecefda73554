# ruff: noqa: E501 - a table reads best with one case a row
"""What comes instead of an honest answer: one odd page a row."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterator

from tests.hostile.crawling import Oddity, text
from tests.support.faux_site import HTML, Reply, page_reply, said

BODY = page_reply(html=text("/x"), title="/x").body
PACKED = gzip.compress(BODY)
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def odd(name: str, does: str, outcome: str, reply: Reply, *, times: int = 1) -> Oddity:
    return Oddity(
        name=name,
        does=does,
        outcome=outcome,
        times=times,
        makes=lambda site: site.reply("/x", reply),
    )


def packed(name: str, does: str, outcome: str, body: bytes, encoding: str) -> Oddity:
    headers = {"Content-Type": HTML, "Content-Encoding": encoding}
    return odd(name, does, outcome, Reply(body=body, headers=headers, chunked=True))


def raw(name: str, does: str, outcome: str, *pieces: bytes, times: int = 1) -> Oddity:
    return odd(name, does, outcome, Reply(raw=said(*pieces)), times=times)


def typed(name: str, does: str, outcome: str, **headers: str) -> Oddity:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return odd(name, does, outcome, Reply(body=BODY, headers=named))


def endlessly(piece: bytes) -> Callable[[], Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        while True:
            yield piece

    return pieces


def headers_of(count: int, size: int) -> bytes:
    return b"".join(b"X-%d: %s\r\n" % (number, b"a" * size) for number in range(count))


ODDITIES = [
    # --- compression
    packed("gzip", "sends it gzipped, in chunks", "document", PACKED, "gzip"),
    packed("x-gzip", "names the encoding x-gzip", "document", PACKED, "X-GZip"),
    packed("raw-deflate", "sends bare deflate", "document", zlib.compress(BODY)[2:-4], "deflate"),
    packed("gzip-twice", "sends gzip of gzip", "document", gzip.compress(PACKED), "gzip, gzip"),
    packed(
        "gzip-thrice",
        "sends gzip of gzip of gzip",
        "failed bad_encoding",
        gzip.compress(gzip.compress(PACKED)),
        "gzip, gzip, gzip",
    ),
    packed("members", "sends gzip in two members", "document", _MEMBERS := gzip.compress(BODY[:50]) + gzip.compress(BODY[50:]), "gzip"),
    packed("gzip-and-rubbish", "sends rubbish behind the gzip", "document", PACKED + b"\0" * 99, "gzip"),
    packed("gzip-cut", "cuts the gzip short", "failed bad_encoding", PACKED[:-20], "gzip"),
    packed("gzip-broken", "breaks the gzip's checksum", "failed bad_encoding", PACKED[:-8] + b"12345678", "gzip"),
    packed("not-gzip", "says gzip and sends HTML", "failed bad_encoding", BODY, "gzip"),
    packed("brotli", "sends brotli unasked", "failed bad_encoding", b"\x0b\x02\x80hej\x03", "br"),
    packed("utf-8", "calls the encoding utf-8", "failed bad_encoding", BODY, "utf-8"),
    packed("identity", "calls the encoding identity", "document", BODY, "identity"),
    packed("bomb", "sends 30 MB of nothing in 30 KB", "failed body_too_large", gzip.compress(b"\0" * 30_000_000), "gzip"),
    packed(
        "bomb-twice",
        "sends 100 MB of nothing in 500 bytes of gzip of gzip",
        "failed body_too_large",
        gzip.compress(gzip.compress(b"\0" * 100_000_000)),
        "gzip, gzip",
    ),
    # --- lengths and chunks
    odd("too-long", "announces 1.1 MB where 1 MB is allowed", "failed body_too_large", Reply(body=b"x" * 1_100_000)),
    odd("endless", "never ends", "failed body_too_large", Reply(stream=endlessly(b"x" * 9999), chunked=True)),
    odd("endless-unchunked", "never ends nor says how", "failed body_too_large", Reply(stream=endlessly(b"x" * 9999))),
    odd("length-too-large", "is shorter than it says", "failed dropped", Reply(body=BODY, headers={"Content-Type": HTML, "Content-Length": "99999"}, hangup="in_body"), times=2),
    raw("length-too-small", "is longer than it says", "document", OK, b"Content-Length: %d\r\n\r\n" % (len(BODY) - 20), BODY + b"HTTP/1.1 200 OK\r\n\r\n"),
    raw("two-lengths", "has two lengths that differ", "failed bad_response", OK, LENGTH, b"Content-Length: 7\r\n\r\n", BODY),
    raw("negative-length", "has a length of -1", "failed bad_response", OK, b"Content-Length: -1\r\n\r\n", BODY),
    raw("length-and-chunks", "has a length and chunks", "document", OK, LENGTH, b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)),
    raw("chunks-cut", "drops the line between chunks", "failed dropped", OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>He\r\n", times=2),
    raw("chunk-size-broken", "has a chunk of size zz", "failed bad_response", OK, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>Hej\r\n0\r\n\r\n"),
    raw("chunk-size-absurd", "has a chunk of 2^60 bytes, then hangs up", "failed dropped", OK, b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n<p>", times=2),
    raw("coding-unknown", "sends Transfer-Encoding: gzip", "failed bad_response", OK, b"Transfer-Encoding: gzip\r\n\r\n", PACKED),
    # --- silence
    odd("stall", "says nothing", "failed timeout", Reply(stall_s=30), times=2),
    odd("stall-in-headers", "stops in the headers", "failed timeout", Reply(raw=said(OK, b"X: "), hold=True), times=2),
    odd("stall-in-body", "stops in the body", "failed timeout", Reply(raw=said(OK, LENGTH, b"\r\n<p>"), hold=True), times=2),
    odd("drip", "sends a byte in 0.2 s", "failed deadline", Reply(body=BODY, drip_s=0.2, headers={"Content-Type": HTML})),
    odd("drip-headers", "sends a byte of its headers in 0.2 s", "failed deadline", Reply(raw=said(OK), drip_s=0.2)),
    odd("drip-chunks", "sends chunks of a byte in 0.2 s", "failed deadline", Reply(body=BODY, drip_s=0.2, chunked=True)),
    # --- hangups
    odd("hangup", "hangs up before it answers", "failed dropped", Reply(hangup="before_headers"), times=2),
    odd("hangup-in-headers", "hangs up in the headers", "failed dropped", Reply(hangup="in_headers"), times=2),
    odd("hangup-in-body", "hangs up in the body", "failed dropped", Reply(body=BODY, hangup="in_body"), times=2),
    odd("reset", "resets the connection in the body", "failed dropped", Reply(body=BODY * 99, hangup="reset"), times=2),
    raw("close-unannounced", "closes a connection that it said to keep", "document", OK, LENGTH, b"\r\n", BODY),
    # --- status lines
    odd("no-content", "answers 204", "failed http_204", Reply(status=204)),
    odd("partial", "answers 206, which nobody asked for", "failed http_206", Reply(status=206, body=BODY)),
    odd("not-modified", "answers 304, which nobody asked for", "failed http_304", Reply(status=304)),
    odd("payment", "answers 402", "failed http_402", Reply(status=402, body=BODY)),
    odd("invented", "answers 799", "failed http_799", Reply(status=799, body=BODY)),
    odd("203", "answers 203: a proxy changed something", "document", Reply(status=203, body=BODY, headers={"Content-Type": HTML})),
    raw("switching", "answers 101 and talks something else", "failed bad_response", b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhej"),
    raw("no-phrase", "answers `HTTP/1.1 200`, without a word", "document", b"HTTP/1.1 200\r\nContent-Type: text/html\r\n", LENGTH, b"\r\n", BODY),
    raw("four-digits", "answers with status 2000", "failed bad_response", b"HTTP/1.1 2000 OK\r\n\r\n", BODY),
    raw("mail", "answers as a mail server", "failed bad_response", b"220 mail.example.org ESMTP\r\n\r\n"),
    raw("icy", "answers `ICY 200 OK`", "failed bad_response", b"ICY 200 OK\r\nContent-Type: text/html\r\n\r\n", BODY),
    raw("http-0.9", "sends HTML without any header (HTTP/0.9)", "failed dropped", BODY + b"\n", times=2),
    raw("tls", "answers with a TLS alert", "failed bad_response", b"\x15\x03\x01\x00\x02\x02\x46" * 9),
    raw("http-1.0", "speaks HTTP/1.0 and ends by closing", "document", OK.replace(b"1.1", b"1.0"), b"\r\n", BODY),
    raw("nothing", "closes at once", "failed dropped", b"", times=2),
    # --- interim answers
    raw("continue", "says 100 Continue a thousand times, then the page", "document", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, OK, LENGTH, b"\r\n", BODY),
    raw("hints", "hints at /spion (103) before the page", "document", b"HTTP/1.1 103 Early Hints\r\nLink: </spion>; rel=preload\r\n\r\n", OK, LENGTH, b"Link: </spion2>; rel=next\r\n\r\n", BODY),
    # --- headers
    raw("headers-endless", "sends a header of 1 MB", "failed bad_response", OK, b"X: ", b"a" * 1_000_000, b"\r\n\r\n"),
    raw("headers-many", "sends 5 000 headers, 1 MB", "failed bad_response", OK, headers_of(5000, 200), b"\r\n", BODY),
    raw("headers-short", "sends 3 000 short headers", "document", OK, headers_of(3000, 2), LENGTH, b"\r\n", BODY),
    raw("headers-nul", "sends NUL in a header", "failed bad_response", OK, b"X: a\0b\r\n", LENGTH, b"\r\n", BODY),
    raw("headers-latin-1", "sends Latin-1 and UTF-8 in headers", "document", OK, "X: å\r\n".encode("latin-1"), "Y: å\r\n".encode(), LENGTH, b"\r\n", BODY),
    raw("headers-folded", "folds a header over two lines", "document", OK, b"X: a\r\n  b\r\n", LENGTH, b"\r\n", BODY),
    raw("headers-nameless", "sends a header without a name", "failed bad_response", OK, b": a\r\n", LENGTH, b"\r\n", BODY),
    raw("headers-spaced", "sends `Content-Length : 5`", "failed bad_response", OK, b"Content-Length : 5\r\n\r\nhej"),
    raw("bare-line-feeds", "ends its lines with LF only", "document", OK.replace(b"\r", b""), LENGTH.replace(b"\r", b""), b"\n", BODY),
    typed("validators", "sends an ETag and a date of 5 KB", "document", Content_Type=HTML, ETag='"' + "x" * 5000 + '"', Last_Modified="y" * 5000),
    typed("refresh", "sends `Refresh: 0; url=/spion`", "document", Content_Type=HTML, Refresh="0; url=/spion"),
    # --- types
    odd("empty", "sends an empty page", "skipped empty_text", Reply(headers={"Content-Type": HTML})),
    typed("xhtml", "calls it application/xhtml+xml", "document", Content_Type="Application/XHTML+XML ; x"),
    typed("image", "calls HTML image/png", "skipped unsupported_media_type", Content_Type="image/png"),
    typed("binary", "calls HTML application/octet-stream", "skipped unsupported_media_type", Content_Type="application/octet-stream"),
    typed("rubbish-type", "calls it `;;;charset`", "skipped unsupported_media_type", Content_Type=";;;charset"),
    typed("no-type", "says nothing of its type", "document"),
    typed("charset-unknown", "claims the charset klingon", "document", Content_Type="text/html; charset=klingon"),
    odd("png-as-html", "calls a picture HTML", "skipped unsupported_media_type", Reply(body=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(2).randbytes(5000), headers={"Content-Type": HTML})),
    odd("noise", "sends 100 KB of noise as HTML", "any", Reply(body=random.Random(1).randbytes(100_000), headers={"Content-Type": HTML})),
]  # fmt: skip
