"""What a checkup says: what is so, what it means, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found: `said` is what is so, `advice` what it means and what to do."""

    check: str
    state: State
    said: str
    advice: str = ""


def fine(check: str, said: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(check=check, state="ok", said=said)


def warning(check: str, said: str, advice: str) -> Finding:
    """Return a finding that is not yet a problem."""
    return Finding(check=check, state="warning", said=said, advice=advice)


def problem(check: str, said: str, advice: str) -> Finding:
    """Return a finding that something is wrong."""
    return Finding(check=check, state="problem", said=said, advice=advice)
