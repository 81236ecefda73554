"""Runs wrk, and reads what it measured."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Each thread walks through the paths from a place of its own; what wrk has summed up is printed as
# one line of JSON.
_SCRIPT = """
local paths, at = {}, 0
function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16))
  at = math.random(#paths)
end
function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    '\\nJSON {"requests":%d,"us":%d,"p50":%d,"p99":%d,"max":%d,"failed":%d,"broken":%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    latency.max, e.status, e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What wrk saw. Times are milliseconds; `failed` answers had a status of 400 or more."""

    per_second: float
    p50: float
    p99: float
    longest: float
    failed: int
    broken: int

    @classmethod
    def of(cls, output: str) -> Self:
        """Return what the script printed."""
        told = next(line for line in output.splitlines() if line.startswith("JSON "))
        held = orjson.loads(told.removeprefix("JSON "))
        return cls(
            per_second=1e6 * held["requests"] / held["us"],
            p50=held["p50"] / 1000,
            p99=held["p99"] / 1000,
            longest=held["max"] / 1000,
            failed=held["failed"],
            broken=held["broken"],
        )

    def line(self) -> str:
        """Return it as a line of a table."""
        return (
            f"{self.per_second:8.0f}{self.p50:9.1f}{self.p99:9.1f}{self.longest:9.1f}"
            f"{self.failed + self.broken:8}"
        )


def start(
    url: str, paths: Sequence[str], *, seconds: int, connections: int, folder: Path
) -> subprocess.Popen[str]:
    """Start wrk with one thread on the paths of `url`; `Load.of` reads what it prints."""
    script, listed = folder / "load.lua", folder / "paths.txt"
    script.write_text(_SCRIPT, encoding="utf-8")
    listed.write_text("\n".join(paths), encoding="utf-8")
    options = ("-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s")
    return subprocess.Popen(
        ["wrk", *options, "-s", str(script), url, "--", str(listed)],
        stdout=subprocess.PIPE,
        text=True,
    )
