"""What a text must be, beyond being text: a URL, a host, a path pattern, a selector.

Each check returns the text or raises ValueError with what to write instead.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
import unicodedata
import warnings
from typing import Final
from urllib.parse import SplitResult, urlsplit

import idna
import soupsieve

from indexer.config.yaml_tree import EnvironmentText

_MAX_PATTERN: Final = 500
_MAX_WILDCARDS: Final = 8
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PRODUCT: Final = re.compile(r"[A-Za-z_-]+")
_CONTACT: Final = re.compile(r"https?://[^\s;)]+\.[^\s;)]+|[^\s@;(]+@[^\s@;)]+\.[A-Za-z]{2,}")
_PATH_MISTAKES: Final = {
    re.compile(r"https?://"): "is a URL; write the path alone, such as /samverkan/**",
    re.compile(r"[^/]"): "must begin with a slash, such as /samverkan/** or /**/print/**",
    re.compile(r".*[\s\x00-\x1f]"): "must hold no blanks; a blank in a path is written %20",
    re.compile(r".*\*\*\*"): "has three stars in a row; * stays in a segment, ** crosses slashes",
    re.compile(r".*[{}]"): "has no {alternatives}; write a line for each",
    re.compile(r".*[\[\]]"): "has no [sets of characters]; use * or write a line for each",
    re.compile(
        r".*(?:\$$|\\|\(.*\))"
    ): "is a path in which * and ** stand for the rest, not a regular expression",
}


def printable(text: str) -> str:
    """Refuse blank text and control characters."""
    if not text.strip():
        raise ValueError("must not be empty")
    if _CONTROL.search(text):
        raise ValueError("must hold no line breaks or control characters")
    return text


def user_agent(text: str) -> str:
    """An HTTP product and a contact (RFC 9110, section 10.1.5; RFC 9309, section 2.2.1)."""
    example = '"Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)"'
    if not text.isascii() or not text.isprintable():
        raise ValueError(f"may hold only ASCII characters, for it is an HTTP header: {example}")
    if not _PRODUCT.match(text):
        raise ValueError(f"must begin with a name that robots.txt can use: {example}")
    if not _CONTACT.search(text):
        raise ValueError(
            f"must hold a contact, a URL or an e-mail address, so that a site's owner can reach "
            f"you: {example}"
        )
    return text


def url(text: str) -> str:
    """An http(s) URL with a host."""
    wanted = "must be a URL such as https://www.example.org/samverkan/"
    parts = _split(text)
    if parts is None or parts.scheme not in _DEFAULT_PORTS or re.search(r"\s", text):
        raise ValueError(wanted)
    if "@" in parts.netloc:
        raise ValueError("must hold no user name or password")
    if _authority(parts) is None:
        raise ValueError(f"{wanted}; its host is not a host name")
    return text


def host(text: str) -> str:
    """A host, with its port where that is not the scheme's own."""
    if "*" in text:
        raise ValueError("has no wildcards; name each host")
    if "://" in text or "/" in text:
        name = text.partition("://")[2].partition("/")[0] or text.partition("/")[0]
        raise ValueError(f"is more than a host; write {name or 'www.example.org'} alone")
    parts = _split(f"//{text}")
    if parts is None or "@" in text or parts.netloc != text or _authority(parts) is None:
        raise ValueError("must be a host such as www.example.org or localhost:8080")
    return text


def network(text: str) -> str:
    """An address or a network."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(
            'must be an address such as "127.0.0.1" or a network such as "10.1.0.0/16"'
        ) from None
    return text


def private_address(text: str) -> str:
    """An address or network, or a host; a port may follow."""
    try:
        ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        address, _, port = text.rpartition("/")
        if "://" in text or not (address and port):
            return host(text)
        raise ValueError(
            'must be a network such as "10.1.0.0/16", an address such as "127.0.0.1", or a host'
        ) from None
    return text


def path_glob(text: str) -> str:
    """A pattern of paths in which * stays within a segment and ** crosses slashes."""
    for mistake, advice in _PATH_MISTAKES.items():
        if mistake.match(text):
            raise ValueError(advice)
    if len(text) > _MAX_PATTERN or len(re.findall(r"\*+", text)) > _MAX_WILDCARDS:
        raise ValueError(
            f"is too long: {_MAX_PATTERN} characters and {_MAX_WILDCARDS} stars at most"
        )
    return text


def selector(text: str) -> str:
    """A CSS selector that soupsieve understands."""
    if len(text) > _MAX_PATTERN or text.count("(") > _MAX_WILDCARDS:
        raise ValueError(f"is too long: {_MAX_PATTERN} characters and {_MAX_WILDCARDS} ( at most")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            soupsieve.compile(text)
    except FutureWarning:
        raise ValueError("uses :contains, which is gone; write :-soup-contains") from None
    except NotImplementedError:
        raise ValueError("is not a CSS selector: ::pseudo-elements select nothing") from None
    except (soupsieve.SelectorSyntaxError, ValueError, TypeError, OverflowError) as error:
        reason = (str(error).splitlines() or ["it cannot be read"])[0]
        raise ValueError(f"is not a CSS selector: {reason}") from None
    return text


def root_path(text: str) -> str:
    """The path under which a proxy serves us: empty, or /like-this."""
    if text and not re.fullmatch(r"(?:/[A-Za-z0-9._~-]+)+", text):
        raise ValueError("must begin with a slash and not end with one, such as /sok, or be empty")
    return text


def node_url(text: str) -> str:
    """A node of a cluster: scheme, host and perhaps a port and a path, and no secrets."""
    if "?" in url(text) or "#" in text or "@" in text:
        raise ValueError("must be scheme, host and port alone, such as https://localhost:9200")
    return text.rstrip("/")


def secret(value: object) -> object:
    """A value of the environment; what is kept of it is where it stands, as ``env:NAME``."""
    if isinstance(value, EnvironmentText):
        return f"env:{value.variable}" if value else value
    return None


def base_url(text: str) -> str:
    """A URL to which paths are added."""
    if "?" in url(text) or "#" in text:
        raise ValueError("must be a URL without ? and #, such as https://sok.example.org")
    return text


def listening_host(text: str) -> str:
    """A host name or an address to listen on, without a port."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        if ":" in text:
            raise ValueError("must be a host or an address alone; the port is `port`") from None
        return host(text)
    return text


def directory(text: str) -> str:
    """A path of the file system."""
    if text.startswith("~"):
        raise ValueError("must be written in full: ~ is not the home directory here")
    return printable(text)


def command(value: object) -> object:
    """A program and its arguments; a line is taken apart as a shell would, which runs nothing."""
    if not isinstance(value, str):
        return value
    printable(value)
    try:
        return shlex.split(value)
    except ValueError:
        raise ValueError("has a quotation mark that is opened and not closed") from None


def same_host(text: str) -> str:
    """Return one spelling for a host that may be written in several; `text` was checked."""
    parts = _split(f"//{text}")
    return (_authority(parts) if parts else None) or text


def host_of(checked: str) -> str:
    """Return the host of a checked URL in the spelling of `same_host`."""
    return _authority(urlsplit(checked)) or ""


def same_name(text: str) -> str:
    """Return one spelling for a name: case, composition and blanks mean nothing."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        usable = parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _authority(parts: SplitResult) -> str | None:
    name = parts.hostname or ""
    try:
        if "[" in parts.netloc:
            # A zone (fe80::1%eth0) names an interface of one machine; the fetcher refuses it too.
            if "%" in name:
                return None
            name = f"[{ipaddress.IPv6Address(name).compressed}]"
        elif not name.isascii():
            name = idna.encode(name, uts46=True).decode("ascii")
    except ValueError:
        return None
    name = name.removesuffix(".")
    if not name.startswith("[") and not _is_name(name):
        return None
    default = _DEFAULT_PORTS.get(parts.scheme, _DEFAULT_PORTS["https"])
    return name if parts.port in {None, default} else f"{name}:{parts.port}"


def _is_name(name: str) -> bool:
    labels = name.split(".")
    if labels[-1].isdecimal():
        return len(labels) == 4 and all(label.isdecimal() and int(label) < 256 for label in labels)  # noqa: PLR2004 - IPv4
    return all(map(_LABEL.fullmatch, labels))
