"""Opens the connection to a cluster; where that fails, says what to correct."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from indexer.errors import IndexUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import opensearchpy

    from indexer.engine.opensearch_backend.settings import ClusterSettings

_CONNECTIONS = 16
"""To each node, kept open: so many threads of a process search at once."""

# What OpenSSL calls them: X509_V_ERR_… in x509_vfy.h.
_NOT_YET, _EXPIRED = 9, 10
_OTHER_NAME = frozenset({62, 64})
_OTHER_ISSUER = frozenset({2, 18, 19, 20, 21})


def connect(settings: ClusterSettings) -> opensearchpy.Transport:
    """Return a connection, of which nothing is used yet.

    Raises:
        IndexUnreachable: If the client is not installed, or settings or environment are wrong.
    """
    try:
        from opensearchpy import OpenSearch  # noqa: PLC0415 - an extra

        from indexer.engine.opensearch_backend.transport import Transport  # noqa: PLC0415
    except ImportError as error:
        raise IndexUnreachable(
            "the backend opensearch needs a package that is not installed: "
            "pip install 'samsok[opensearch]'"
        ) from error
    context = _trusting(settings.ca_file) if _is_encrypted(settings) else None
    credentials = settings.credentials()
    try:
        client = OpenSearch(
            hosts=list(settings.urls),
            transport_class=Transport,
            # In UTF-8, as the cluster reads them; the client would write Latin-1.
            http_auth=credentials and tuple(it.encode().decode("latin-1") for it in credentials),
            ssl_context=context,
            timeout=settings.timeout_s,
            max_retries=max(2, len(settings.urls)),
            retry_on_timeout=False,
            http_compress=True,
            pool_maxsize=_CONNECTIONS,
        )
    except (OSError, ValueError) as error:
        raise IndexUnreachable(
            f"index.url is wrong: {error}; correct it in the configuration"
        ) from error
    return client.transport


def where(settings: ClusterSettings) -> str:
    """Return the nodes, without what may stand in front of a host."""
    return ", ".join(
        f"{scheme}://{rest.rpartition('@')[2]}" if rest else scheme
        for scheme, _, rest in (url.partition("://") for url in settings.urls)
    )


def unreachable(told: object, settings: ClusterSettings) -> str:
    """Return what to do where no node could be asked; `told` is what the client said of it."""
    for error in _chain(told):
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"the certificate at {where(settings)} is not accepted: "
                f"{_certificate(error, settings)}"
            )
        if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
            return (
                f"what answers at {where(settings)} speaks no TLS: write http:// in index.url, or "
                "switch TLS on at the nodes"
            )
    said = first_line(told)
    aborted = "Connection aborted" in said and not _is_encrypted(settings)
    advice = ". If the nodes speak TLS, write https:// in index.url" if aborted else ""
    return (
        f"no node of the cluster answers at {where(settings)}; start it, or correct index.url "
        f"({said}){advice}"
    )


def first_line(value: object) -> str:
    """Return the beginning of what somebody said."""
    return (str(value).splitlines() or [""])[0][:200]


def _is_encrypted(settings: ClusterSettings) -> bool:
    return any(url.startswith("https:") for url in settings.urls)


def _trusting(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except ssl.SSLError as error:
        raise IndexUnreachable(
            f"index.ca_file ({ca_file}) holds no certificate; it must be that of the authority "
            "that signed those of the nodes, as PEM (-----BEGIN CERTIFICATE-----)"
        ) from error
    except OSError as error:
        raise IndexUnreachable(
            f"index.ca_file ({ca_file}) cannot be read: {error.strerror}; correct the path, or let "
            "whoever runs `samsok` read it"
        ) from error


def _certificate(error: ssl.SSLCertVerificationError, settings: ClusterSettings) -> str:
    match error.verify_code:
        case code if code in _OTHER_ISSUER and settings.ca_file:
            return (
                f"it was not signed by what index.ca_file ({settings.ca_file}) holds; name there "
                "the certificate of the authority that signed those of the nodes"
            )
        case code if code in _OTHER_ISSUER:
            return (
                "nobody whom this machine trusts has signed it; name the certificate of the "
                "authority that did, as index.ca_file"
            )
        case code if code in _OTHER_NAME:
            return (
                f"{error.verify_message.rstrip('.')}. Write in index.url a name that the "
                "certificate holds, or give the nodes one for this name"
            )
        case code if code == _EXPIRED:
            return "it has expired; give the nodes a new one (or set the clock of this machine)"
        case code if code == _NOT_YET:
            return "it is not valid yet; look at the clocks of this machine and of who made it"
    return f"{error.verify_message}; give the nodes another one"


def _chain(told: object) -> Iterator[BaseException]:
    """Yield an error, and what it wraps."""
    while isinstance(told, BaseException):
        yield told
        told = next((it for it in told.args if isinstance(it, BaseException)), told.__cause__)
