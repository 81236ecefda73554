"""Why a URL gave no page, on the way from where it is noticed to the outcome that says so.

* FetchProblem
  x Refused    we may not or will not fetch it; becomes a `Denied`
  x Broken     the other side failed; becomes a `Failed`
  x Busy       the other side asks to be left alone; becomes a `Deferred`

They never leave `indexer.fetch`: `Fetcher.fetch` answers with a value.
"""

from __future__ import annotations


class FetchProblem(Exception):
    """Base class of all three; `reason` is one stable word for reports, `detail` a sentence."""

    def __init__(self, reason: str, detail: str, *, status: int | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.status = status


class Refused(FetchProblem):
    """A rule of theirs or of ours forbids it."""


class Broken(FetchProblem):
    """The URL cannot be had now. `transient`: one more try soon may well succeed."""

    def __init__(
        self, reason: str, detail: str, *, status: int | None = None, transient: bool = False
    ) -> None:
        super().__init__(reason, detail, status=status)
        self.transient = transient


class Busy(FetchProblem):
    """The host wants no request now; in `wait_s` seconds it may."""

    def __init__(
        self, reason: str, detail: str, *, wait_s: float, status: int | None = None
    ) -> None:
        super().__init__(reason, detail, status=status)
        self.wait_s = wait_s
