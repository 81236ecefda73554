"""Faults that the frontier knows: what became of URLs when they were last visited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.jobs.quality.findings import Check, Finding

if TYPE_CHECKING:
    from indexer.store import KnownUrl

_CLIENT_ERRORS = range(400, 500)
_PASSING = frozenset({408, 425, 429})
"""What a server answers that would answer otherwise later (RFC 9110; RFC 8470; RFC 6585)."""

_LEAD_NOWHERE = frozenset(
    {"redirect_loop", "too_many_redirects", "redirect_invalid", "invalid_url"}
)
_NOT_THEIRS = frozenset(
    {
        *("internal_error", "private_address", "extraction_crashed", "extraction_memory"),
        *("extraction_timeout", "parse_error", "parse_limit"),
    }
)
"""Failures of ours, of which an editor need not hear."""

_VERDICTS: dict[str, Check] = {
    "soft_404": "soft_404",
    "noindex": "noindex",
    "empty_text": "empty",
    "without_text": "empty",
    "encrypted": "empty",
}

IN_VAIN: frozenset[Check] = frozenset({"broken", "soft_404", "unreachable", "redirected"})
"""Checks of addresses that hurt because pages link to them."""


def fault_of(known: KnownUrl) -> tuple[Check, Finding] | None:
    """Return what was wrong with a URL at its last visit, or None."""
    check = _check(known)
    if check is None:
        return None
    moved = check in {"redirected", "duplicate"}
    return check, Finding(
        url=known.url,
        detail=known.reason or known.verdict,
        target=known.detail if moved else "",
    )


def _check(known: KnownUrl) -> Check | None:
    if known.outcome == "failed":
        return _failed(known)
    if known.outcome == "denied":
        return "robots" if known.reason == "robots_disallowed" else None
    if known.reason == "redirected" or known.reason.startswith("redirect_"):
        return "redirected"
    if known.reason == "duplicate":
        # Two sources that share a page have it once, under one address.
        return "duplicate" if known.detail != known.url else None
    return _VERDICTS.get(known.verdict)


def _failed(known: KnownUrl) -> Check | None:
    if known.reason in _NOT_THEIRS:
        return None
    if known.reason == "body_too_large":
        return "large"
    if known.reason in _LEAD_NOWHERE:
        return "broken"
    is_final = known.status in _CLIENT_ERRORS and known.status not in _PASSING
    return "broken" if is_final else "unreachable"
