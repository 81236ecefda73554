"""Bytes on the wire, to a server in a process of its own, as `samsok serve` starts it."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.command import Samsok
from tests.support.serving import publish

Address = tuple[str, int]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    samsok = Samsok(tmp_path_factory.mktemp("serve"))
    samsok.write_config("https://www.example.org/")
    publish(samsok.directory, 3)
    started = samsok.start("serve", "--host", "localhost", "--port", "0", "--workers", "1")
    yield started
    if started.poll() is None:
        started.terminate()
    started.communicate(timeout=20)


@pytest.fixture(scope="module")
def address(process: subprocess.Popen[str]) -> Address:
    """The address that the server says, once it listens there."""
    assert process.stdout
    said = process.stdout.readline()
    assert said.startswith("search page"), process.communicate(timeout=20)
    host, port = said.split("//")[1].strip("/\n").split(":")
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection((host, int(port))).close()
        except OSError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)
        else:
            return host, int(port)


def say(address: Address, request: bytes) -> tuple[str, bytes, bytes]:
    """Send bytes; return the status, the headers and the body of what comes back."""
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split(b" ")[1].decode(), head, body


def get(path: bytes, *headers: bytes) -> bytes:
    lines = (b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def test_letters_are_understood_as_bytes_too(address: Address) -> None:
    status, _, body = say(address, get("/api/v1/search?q=åäö&facets=kind".encode()))

    assert status == "200"
    assert '"q":"åäö"' in body.decode()


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (get(b"/api/v1/search?q=\xe5\xff"), "400"),
        (get(b"/api/v1/search?q=" + b"a" * 20_000), "414"),
        (get(b"/api/v1/search?q=" + b"a" * 70_000), "414"),
        (get(b"/sok", b"X-Request-ID: a\r\n b"), "400"),
        (get(b"/sok?q=%0d%0aSet-Cookie:%20a=b"), "200"),
        (get(b"/sok", *(b"X-%d: a" % number for number in range(150))), "431"),
        (get(b"/static/../app.py"), "404"),
        (get(b"/static/..%2f..%2fapp.py"), "404"),
        (get(b"/static/%00"), "404"),
        (get(b"//evil.example/sok"), "404"),
        (get(b"/%ff%fe"), "404"),
        (get(b"/api/v1/search").replace(b"GET", b"POST"), "405"),
        (get(b"/api/v1/search").replace(b"GET", b"FOO"), "400"),
        (b"nonsense\r\n\r\n", "400"),
    ],
    ids=range(14),
)
def test_odd_bytes_have_their_answer_at_once(
    address: Address, request_bytes: bytes, expected: str
) -> None:
    started = time.perf_counter()
    status, head, _ = say(address, request_bytes)

    assert status == expected
    assert time.perf_counter() - started < 0.5
    assert b"set-cookie" not in head.lower()


def test_a_body_that_nobody_asked_for_is_no_burden(address: Address) -> None:
    head = get(b"/api/v1/search", b"Content-Length: 1000000").replace(b"GET", b"POST")

    assert say(address, head + b"x" * 1_000_000)[0] == "405"


def test_clients_that_never_finish_do_not_keep_others_waiting(address: Address) -> None:
    slow = [socket.create_connection(address) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"GET /sok HTTP/1.1\r\nHost:")
    started = time.perf_counter()

    status, _, _ = say(address, get(b"/sok?q=samverkan"))

    assert status == "200"
    assert time.perf_counter() - started < 0.5
    for connection in slow:
        connection.close()


def test_a_server_with_one_worker_is_small(
    address: Address, process: subprocess.Popen[str]
) -> None:
    say(address, get(b"/sok?q=samverkan"))
    parent = psutil.Process(process.pid)

    held = sum(one.memory_full_info().pss for one in (parent, *parent.children(recursive=True)))

    assert held < 200_000_000


def test_two_signals_at_once_end_it_in_order(
    address: Address, process: subprocess.Popen[str]
) -> None:
    # Ctrl-C reaches the whole process group, and `samsok demo` then ends its server.
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 0
    assert "Traceback" not in errors
    assert '"route":"/api/v1/search"' in errors
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(address)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--workers", "0"], 2, "a number from 1"),
        (["--host", "nonexistent.invalid"], 1, "cannot listen on nonexistent.invalid"),
        (["--host", "203.0.113.9"], 1, "cannot listen on 203.0.113.9"),
    ],
)
def test_what_cannot_be_served_is_said_before_anything_starts(
    tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    samsok = Samsok(tmp_path)
    samsok.write_config("https://www.example.org/")

    told = samsok("serve", *arguments)

    assert told.code == code
    assert says in told.err
    assert "Traceback" not in told.err
