"""The guard between the crawler and the network it runs in.

A page may link to, redirect to, or name in DNS any address at all: the router, the cloud's
metadata service, a database on this machine. Only addresses of the public internet are let
through, and those that the operator named. The address that was checked is the one connected
to, so a name cannot answer differently the second time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Final

from indexer.fetch.problems import Broken, Refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE: Final = ipaddress.IPv6Network("::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exception:
    """One entry of `network.allow_private`; without a port it holds for every port."""

    host: str = ""
    network: Network | None = None
    port: int | None = None

    def covers(self, host: str, address: Address, port: int) -> bool:
        if self.port not in {None, port}:
            return False
        return address in self.network if self.network is not None else host == self.host


class AddressGuard:
    """Says which addresses of a host may be connected to.

    `allow_private` names hosts (`intranet.example.org`), hosts with port, addresses or
    networks (`10.1.0.0/16`) that are private and meant.
    """

    def __init__(self, allow_private: tuple[str, ...] = ()) -> None:
        self._exceptions = tuple(map(_parsed, allow_private))

    async def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses of `host` that may be connected to, in the resolver's order.

        Raises Refused("private_address") when there is none, Broken("dns") when the name has
        no address.
        """
        found = await _addresses_of(host, port)
        allowed = tuple(str(address) for address in found if self.permits(host, address, port))
        if not allowed:
            raise Refused(
                "private_address",
                f"{host} is at {found[0]}, which is not a public address; "
                "name it under network.allow_private if it is meant",
            )
        return allowed

    def permits(self, host: str, address: Address, port: int) -> bool:
        """Whether `address` is public, or an exception of the operator covers it."""
        name = host.strip("[]").lower()
        plain = embedded_ipv4(address) or address
        return is_public(address) or any(
            exception.covers(name, address, port) or exception.covers(name, plain, port)
            for exception in self._exceptions
        )


def is_public(address: Address) -> bool:
    """Whether `address` belongs to the public internet, itself and what it is a disguise of."""
    inner = embedded_ipv4(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or (isinstance(address, ipaddress.IPv6Address) and address.is_site_local)
    )


def embedded_ipv4(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that packets to this IPv6 address end at, if it is such a form."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None or address.sixtofour is not None:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


async def _addresses_of(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        temporary = error.errno == socket.EAI_AGAIN
        detail = f"{host} has no address in DNS ({error.strerror})"
        raise Broken("dns", detail, transient=temporary) from error
    except UnicodeError as error:
        raise Broken("dns", f"{host} is not a host name") from error
    # dict: without repetitions, in order. A zone (fe80::1%eth0) is no part of the address.
    return [
        ipaddress.ip_address(text)
        for text in dict.fromkeys(str(answer[4][0]).partition("%")[0] for answer in answers)
    ]


def _parsed(entry: str) -> _Exception:
    text = entry.strip().lower()
    try:
        return _Exception(network=ipaddress.ip_network(text.strip("[]"), strict=False))
    except ValueError:
        host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        return _Exception(host=text)
    try:
        network = ipaddress.ip_network(host.strip("[]"), strict=False)
    except ValueError:
        return _Exception(host=host, port=int(port))
    return _Exception(network=network, port=int(port))
