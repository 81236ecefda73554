"""Units for systemd: the nightly job with its timer, and the search.

Both may see and do as little as they can do with: systemd.exec(5) says what each line means.
"""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from indexer.jobs.switch import WHOLE, stores_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.jobs.schedule.values import Installation, TimeOfDay

_HOMES: Final = (Path("/home"), Path("/root"), Path("/run/user"))
_LOOPBACKS: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PRIVILEGED_PORTS: Final = 1024

_JOB = """\
# {where}
[Unit]
Description=Samsök: crawl, build the index, look at it, publish it
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
{user}WorkingDirectory={folder}
ExecStart={command}
# Values that the configuration reads by env:NAME, one a line: NAME=value
EnvironmentFile=-/etc/samsok/environment
# The lexicon is generated once for each version, not every night: %C is /var/cache.
CacheDirectory=samsok
Environment=XDG_CACHE_HOME=%C
# 75: another job is at work, and that is no failure. 3: the new index was refused, and is one.
SuccessExitStatus=75
TimeoutStartSec=12h
# Killed at any moment, it leaves the old index in service; the next run goes on from there.
TimeoutStopSec=30s

# Searches come first.
Nice=10
IOSchedulingClass=idle
CPUWeight=20
MemoryHigh=1500M
MemoryMax=2G
TasksMax=128

ReadWritePaths={data_dir}
{sandbox}"""

_TIMER = """\
# {where}
[Unit]
Description=Samsök every night

[Timer]
OnCalendar=*-*-* {at}:00
# Not all at the same second; and if the machine was off, when it is on again.
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
"""

_SEARCH = """\
# {where}
[Unit]
Description=Samsök: the search page and its API
After=network.target

[Service]
Type=exec
{user}WorkingDirectory={folder}
ExecStart={command}
EnvironmentFile=-/etc/samsok/environment
Restart=on-failure
RestartSec=2s
TimeoutStopSec=10s
MemoryHigh=1G
MemoryMax=1500M
TasksMax=256

{writes}# It answers from the index alone: the store is not its business.
InaccessiblePaths={stores}
{network}{sandbox}
[Install]
WantedBy=multi-user.target
"""

_SANDBOX = """\
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectProc=invisible
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
NoNewPrivileges=yes
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
KeyringMode=private
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0022
"""

_COUNTS = """\
# It counts queries there (privacy.query_insight).
ExecStartPre=+/usr/bin/install --directory --mode=0700 {owner}{place}
ReadWritePaths={place}
"""

_FETCHES = """\
# It keeps there what it fetches from the cluster (index.backend: opensearch).
ExecStartPre=+/usr/bin/install --directory {owner}{parent} {place}
ReadWritePaths={place}
"""

_LOOPBACK = """\
# Only the proxy of this machine asks it, and it asks {whom}.
IPAddressDeny=any
IPAddressAllow={allowed}
"""

_OPEN = """\
# No IPAddressDeny=: it asks the cluster (index.url), and what addresses that has, its names say
# anew each time, where a unit can name addresses only.
"""


def systemd_files(here: Installation, at: TimeOfDay) -> Mapping[str, str]:
    """Return the units by their file names."""
    user = f"User={here.user}\n" if here.user else ""
    common = {"user": user, "folder": _specified(str(here.config.parent))}
    low = here.port < _PRIVILEGED_PORTS
    return {
        "samsok-reindex.service": _JOB.format(
            where=_where("samsok-reindex.service"),
            command=_command(here.arguments("reindex")),
            data_dir=_quoted(str(here.data_dir)),
            sandbox=_sandbox(here),
            **common,
        ),
        "samsok-reindex.timer": _TIMER.format(where=_where("samsok-reindex.timer"), at=at),
        "samsok-serve.service": _SEARCH.format(
            where=_where("samsok-serve.service"),
            command=_command(here.arguments("serve")),
            writes=_writing(here),
            stores=_hidden(here.data_dir),
            network=_network(here),
            sandbox=_sandbox(here, capabilities="CAP_NET_BIND_SERVICE" if low else ""),
            **common,
        ),
    }


def _hidden(data_dir: Path) -> str:
    """Return the stores, which need not be there yet; those of shards only if they are."""
    stores = dict.fromkeys((data_dir / WHOLE, *stores_in(data_dir)))
    return " ".join(_quoted(f"-{path}") for path in stores)


def _writing(here: Installation) -> str:
    """Return what a search needs that counts queries, or asks a cluster: places that are there."""
    owner = f"--owner={here.user} " if here.user else ""
    counts, index = here.data_dir / "insight", here.data_dir / "index"
    written = _COUNTS.format(owner=owner, place=_quoted(str(counts))) if here.counts_queries else ""
    if here.cluster:
        parent, place = _quoted(str(index)), _quoted(str(index / "bundles"))
        written += _FETCHES.format(owner=owner, parent=parent, place=place)
    return written


def _network(here: Installation) -> str:
    """Return whom the search may talk to: on loopback the proxy, and a cluster if it has one."""
    if here.host not in _LOOPBACKS:
        return ""
    allowed = ["localhost"]
    for host in dict.fromkeys(urlsplit(url).hostname or "" for url in here.cluster):
        if host in _LOOPBACKS:
            continue
        try:
            allowed.append(str(ip_address(host)))
        except ValueError:
            return _OPEN
    whom = "the cluster (index.url)" if here.cluster else "nobody"
    return _LOOPBACK.format(whom=whom, allowed=" ".join(allowed))


def _where(name: str) -> str:
    return f"/etc/systemd/system/{name}"


def _sandbox(here: Installation, *, capabilities: str = "") -> str:
    at_home = any(place.is_relative_to(home) for place in here.places() for home in _HOMES)
    return _SANDBOX.format(home="read-only" if at_home else "yes", capabilities=capabilities)


def _command(words: tuple[str, ...]) -> str:
    """Return a command line; in its arguments, not in the program's name, $ names a variable."""
    program, *arguments = words
    return " ".join((_quoted(program), *(_quoted(word).replace("$", "$$") for word in arguments)))


def _quoted(text: str) -> str:
    r"""Return a word in quotes, in which only \ and " mean something (systemd.syntax(7))."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_specified(escaped)}"'


def _specified(text: str) -> str:
    """Return text in which % begins no specifier (systemd.unit(5))."""
    return text.replace("%", "%%")
