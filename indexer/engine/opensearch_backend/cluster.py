"""Talks to the cluster; what goes wrong becomes an error that says the way out."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Literal

from indexer.engine.opensearch_backend.connecting import connect, first_line, unreachable, where
from indexer.errors import EngineError, IndexUnreachable, IndexUnwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opensearchpy import Transport

    from indexer.engine.opensearch_backend.settings import ClusterSettings

OLDEST = (2, 0)
"""The first version that is known to do all that is asked of it."""

BUSY = (429, 502, 503, 504)
"""What a cluster answers that may take the same request a little later."""

SHUT_OUT = frozenset({401, 403})
"""What it answers to somebody whom it does not know, or who may not."""

_NOT_FOUND = 404
_CONFLICT = 409
_READ_ONLY = ("read_only_allow_delete", "FORBIDDEN/12", "cluster_block_exception")

Method = Literal["GET", "POST", "PUT", "DELETE"]

# They name hosts, whole requests and what was answered; what matters of it is raised.
for _name in ("opensearch", "opensearchpy.trace"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Refused(EngineError):
    """The cluster answered with an error; `status` and `kind` are its own."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        self.status = status
        self.kind = kind
        super().__init__(message)

    @property
    def is_missing(self) -> bool:
        """Tell whether something, an index or a document, is not there."""
        return self.status == _NOT_FOUND

    @property
    def is_conflict(self) -> bool:
        """Tell whether somebody else was there first."""
        return self.status == _CONFLICT or self.kind == "resource_already_exists_exception"

    @property
    def is_busy(self) -> bool:
        """Tell whether the same may be asked again a little later."""
        return self.status in BUSY


class Cluster:
    """A connection to the cluster, opened with the first request. Safe to use from threads."""

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings
        self._opening = threading.Lock()
        self._opened: Transport | None = None

    def ask(
        self,
        method: Method,
        path: str,
        body: Mapping[str, Any] | str | None = None,
        *,
        timeout_s: float | None = None,
        **params: object,
    ) -> Any:
        """Return the answer to a request.

        Raises:
            IndexUnreachable: If no node answers in time, or none of ours, or not to us.
            IndexUnwritable: If the cluster takes no writes because its disks are full.
            Refused: If it answers with any other error.
        """
        try:
            transport = self._transport()
            return self._perform(transport, method, path, body, timeout_s=timeout_s, params=params)
        except Refused as error:
            if explained := self._explained(error):
                # Without what the cluster said: it names the user.
                raise explained from None
            raise

    def close(self) -> None:
        """Let go of the connections."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _transport(self) -> Transport:
        with self._opening:
            if self._opened is None:
                opened = connect(self.settings)
                try:
                    self._check_version(opened)
                except BaseException:
                    opened.close()
                    raise
                self._opened = opened
            return self._opened

    def _check_version(self, transport: Transport) -> None:
        answer = self._perform(transport, "GET", "/", None, timeout_s=None, params={})
        version = answer.get("version", {}) if isinstance(answer, dict) else {}
        number = str(version.get("number", ""))
        if version.get("distribution") != "opensearch":
            raise IndexUnreachable(
                f"what answers at {where(self.settings)} is not OpenSearch "
                f"({number or 'no version'}); correct index.url"
            )
        if tuple(int(part) for part in number.split(".")[:2]) < OLDEST:
            raise IndexUnreachable(
                f"the cluster at {where(self.settings)} is OpenSearch {number}; Samsök needs "
                f"{OLDEST[0]}.{OLDEST[1]} or later: upgrade it"
            )

    def _perform(
        self,
        transport: Transport,
        method: str,
        path: str,
        body: Mapping[str, Any] | str | None,
        *,
        timeout_s: float | None,
        params: Mapping[str, object],
    ) -> Any:
        from opensearchpy.exceptions import (  # noqa: PLC0415 - an extra
            ConnectionError as Unreachable,
        )
        from opensearchpy.exceptions import (  # noqa: PLC0415
            ConnectionTimeout,
            OpenSearchException,
            TransportError,
        )

        patience = timeout_s or self.settings.timeout_s
        known = {name: _plain(value) for name, value in params.items()}
        known["request_timeout"] = patience
        try:
            return transport.perform_request(method, path, params=known, body=body)
        except ConnectionTimeout as error:
            raise IndexUnreachable(
                f"the cluster at {where(self.settings)} did not answer within "
                f"{patience:g} s; look at its load (`samsok doctor`), or try again"
            ) from error
        except Unreachable as error:
            raise IndexUnreachable(unreachable(error.info, self.settings)) from error
        except TransportError as error:
            raise _refused(error) from error
        except OpenSearchException as error:
            raise IndexUnreachable(
                f"what answers at {where(self.settings)} is not OpenSearch ({first_line(error)}); "
                "correct index.url"
            ) from error

    def _explained(self, error: Refused) -> EngineError | None:
        if _is_read_only(error):
            return IndexUnwritable(READ_ONLY)
        if error.status in SHUT_OUT:
            return self.shut_out(error.status)
        return None

    def shut_out(self, status: int) -> IndexUnreachable:
        """Return the error of somebody who may not do what was asked; it names nobody."""
        return IndexUnreachable(
            f"the cluster at {where(self.settings)} does not let us in ({status}); check "
            "index.username and index.password, and what that user may do"
        )


READ_ONLY = (
    "the cluster takes no writes: its disks are nearly full (flood-stage watermark) or the index "
    "is blocked. Free space on its nodes, or add one; OpenSearch lifts the block by itself when "
    "there is room. What is in service goes on serving."
)


def _is_read_only(error: Refused) -> bool:
    return error.kind == "cluster_block_exception" and any(it in str(error) for it in _READ_ONLY)


def _refused(error: Any) -> Refused:
    info = error.info if isinstance(error.info, dict) else {}
    told = info.get("error", {})
    if not isinstance(told, dict):
        told = {"reason": str(told)}
    cause = (told.get("root_cause") or [{}])[0]
    kind = str(told.get("type") or error.error)
    reason = str(cause.get("reason") or told.get("reason") or error.error)
    status = error.status_code if isinstance(error.status_code, int) else 0
    advice = "; try again in a moment" if status in BUSY else ""
    return Refused(status, kind, f"the cluster answered {status} {kind}: {reason[:500]}{advice}")


def _plain(value: object) -> object:
    return ("true" if value else "false") if isinstance(value, bool) else value
