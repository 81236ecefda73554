"""Where the crawler may connect to."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest

from indexer.fetch import AddressGuard, Broken, Refused
from indexer.fetch.guard import is_public

PUBLIC = ("8.8.8.8", "193.10.1.1", "2a00:1450:400f::1", "::ffff:8.8.8.8", "64:ff9b::808:808")
NOT_PUBLIC = (
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind to
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "198.18.0.1",
    "224.0.0.1",
    "239.1.1.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:5ef5:79fd::80ff:fffe",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_let_through(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_the_inside_is_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def permits(allowed: tuple[str, ...], host: str, address: str, port: int = 80) -> bool:
    return AddressGuard(allowed).permits(host, ipaddress.ip_address(address), port)


@pytest.mark.parametrize(
    ("entry", "host", "address", "port"),
    [
        ("127.0.0.1", "localhost", "127.0.0.1", 80),
        ("127.0.0.1:8080", "x", "127.0.0.1", 8080),
        ("10.0.0.0/8", "wiki.example.org", "10.2.3.4", 443),
        ("10.0.0.0/8", "wiki.example.org", "::ffff:10.2.3.4", 443),
        ("::1", "localhost", "::1", 80),
        ("[::1]:8080", "localhost", "::1", 8080),
        ("fd00::/8", "x", "fd00::7", 80),
        ("Localhost", "LOCALHOST", "::1", 80),
        ("wiki.example.org:8443", "wiki.example.org", "10.0.0.1", 8443),
    ],
)
def test_what_the_operator_named_is_let_through(
    entry: str, host: str, address: str, port: int
) -> None:
    assert permits((entry,), host, address, port)
    assert not permits((), host, address, port)


@pytest.mark.parametrize(
    ("entry", "host", "address", "port"),
    [
        ("127.0.0.1", "x", "127.0.0.2", 80),
        ("127.0.0.1:8080", "x", "127.0.0.1", 8081),
        ("10.0.0.0/8", "x", "192.168.0.1", 80),
        ("wiki.example.org", "other.example.org", "10.0.0.1", 80),
        ("wiki.example.org:443", "wiki.example.org", "10.0.0.1", 80),
    ],
)
def test_an_exception_covers_nothing_else(entry: str, host: str, address: str, port: int) -> None:
    assert not permits((entry,), host, address, port)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "[::1]", "0"]
)
def test_no_spelling_of_loopback_gets_past_the_resolver(host: str) -> None:
    with pytest.raises(Refused) as refusal:
        asyncio.run(AddressGuard().resolve(host, 80))
    assert refusal.value.reason == "private_address"
    assert "network.allow_private" in refusal.value.detail


def test_an_allowed_name_gives_the_address_to_connect_to() -> None:
    allowed = asyncio.run(AddressGuard(("127.0.0.1",)).resolve("localhost", 80))
    assert allowed == ("127.0.0.1",)


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'a' * 70}.example.org"])
def test_a_name_without_an_address_is_a_dns_failure(host: str) -> None:
    with pytest.raises(Broken) as failure:
        asyncio.run(AddressGuard().resolve(host, 80))
    assert failure.value.reason == "dns"
