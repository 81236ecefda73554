"""Talks to the cluster; what goes wrong becomes an error that says the way out."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any, Literal

from indexer.errors import EngineError, IndexUnreachable, IndexUnwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opensearchpy import Transport

    from indexer.engine.opensearch_backend.settings import ClusterSettings

OLDEST = (2, 0)
"""The first version that is known to do all that is asked of it."""

BUSY = (429, 502, 503, 504)
"""What a cluster answers that may take the same request a little later."""

_CONNECTIONS = 16
"""To each node, kept open: so many threads of a process search at once."""

_NOT_FOUND = 404
_CONFLICT = 409
_READ_ONLY = ("read_only_allow_delete", "FORBIDDEN/12", "cluster_block_exception")

Method = Literal["GET", "POST", "PUT", "DELETE"]

# It names hosts and whole requests; what matters of it is raised.
logging.getLogger("opensearch").setLevel(logging.CRITICAL)


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
            raise self._explained(error) from error

    def close(self) -> None:
        """Let go of the connections."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _transport(self) -> Transport:
        with self._opening:
            if self._opened is None:
                opened = self._connected()
                try:
                    self._check_version(opened)
                except BaseException:
                    opened.close()
                    raise
                self._opened = opened
            return self._opened

    def _connected(self) -> Transport:
        try:
            from opensearchpy import OpenSearch  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise IndexUnreachable(
                "the backend opensearch needs a package that is not installed: "
                "pip install 'samsok[opensearch]'"
            ) from error
        settings = self.settings
        try:
            client = OpenSearch(
                hosts=list(settings.urls),
                http_auth=settings.credentials(),
                ca_certs=settings.ca_file or None,
                timeout=settings.timeout_s,
                max_retries=max(2, len(settings.urls)),
                retry_on_timeout=False,
                http_compress=True,
                pool_maxsize=_CONNECTIONS,
            )
        except (OSError, ValueError) as error:
            raise IndexUnreachable(f"index.url or index.ca_file is wrong: {error}") from error
        return client.transport

    def _check_version(self, transport: Transport) -> None:
        answer = self._perform(transport, "GET", "/", None, timeout_s=None, params={})
        version = answer.get("version", {}) if isinstance(answer, dict) else {}
        number = str(version.get("number", ""))
        if version.get("distribution") != "opensearch":
            raise IndexUnreachable(
                f"what answers at {self._where} is not OpenSearch "
                f"({number or 'no version'}); correct index.url"
            )
        if tuple(int(part) for part in number.split(".")[:2]) < OLDEST:
            raise IndexUnreachable(
                f"the cluster at {self._where} is OpenSearch {number}; Samsök needs "
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
                f"the cluster at {self._where} did not answer within "
                f"{patience:g} s; look at its load (`samsok doctor`), or try again"
            ) from error
        except Unreachable as error:
            raise IndexUnreachable(
                f"no node of the cluster answers at {self._where}; start it, or correct index.url "
                f"({_first_line(error.error)})"
            ) from error
        except TransportError as error:
            raise _refused(error) from error
        except OpenSearchException as error:
            raise IndexUnreachable(
                f"what answers at {self._where} is not OpenSearch ({_first_line(error)}); "
                "correct index.url"
            ) from error

    def _explained(self, error: Refused) -> EngineError:
        if error.status in {401, 403} and not _is_read_only(error):
            return IndexUnreachable(
                f"the cluster at {self._where} does not let us in ({error.status}); check "
                "index.username and index.password, and what that user may do"
            )
        if _is_read_only(error):
            return IndexUnwritable(READ_ONLY)
        return error

    @property
    def _where(self) -> str:
        # Without what may stand in front of the host.
        return ", ".join(
            f"{scheme}://{rest.rpartition('@')[2]}" if rest else scheme
            for scheme, _, rest in (url.partition("://") for url in self.settings.urls)
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


def _first_line(value: object) -> str:
    return (str(value).splitlines() or [""])[0][:200]
