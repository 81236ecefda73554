"""One spelling for each URL, so that a page is fetched, stored and counted once.

`normalize` changes only what RFC 3986 (section 6.2) says cannot matter; `canonicalize` also
drops the parameters that follow a visitor and not the page.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

import idna

DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_MAX_LENGTH: Final = 4096
_MAX_HOST: Final = 253
_IPV4_BITS: Final = 32

_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE: Final = "/!$&'()*+,;=:@%"
_QUERY_SAFE: Final = _PATH_SAFE + "?"

_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_LONE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_IGNORED: Final = str.maketrans("", "", "\t\n\r")
_EDGES: Final = "".join(map(chr, range(0x21)))
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)

# Parameters that campaigns, mail tools and advertisers add to any URL of any site.
_TRACKING: Final = re.compile(
    r"(?:utm|mtm|piwik|hsa)_.*|pk_(?:campaign|cid|content|keyword|kwd|medium|source)"
    r"|_ga|_gl|_gac|_hsenc|_hsmi|_openstat|hsctatracking|mkt_tok|mc_[ce]id|oly_(?:anon|enc)_id"
    r"|dclid|fbclid|gad_source|gbraid|gclid|gclsrc|igsh|igshid|li_fat_id|msclkid|s_cid|srsltid"
    r"|ttclid|twclid|vero_(?:conv|id)|wbraid|yclid"
)
_SESSION: Final = re.compile(
    r"aspsessionid.*|cfid|cftoken|jsessionid|phpsessid|php_session_id|sessid|session_?id"
)


def canonicalize(url: str, base: str | None = None) -> str | None:
    """The canonical http(s) URL of `url` as it stands in a page at `base`; None if it is none.

    Drops the fragment, tracking parameters and session ids; keeps the order of the others and
    a trailing slash. Idempotent. A URL with a user name or a password is refused.
    """
    return _spelled(url, base, keep_tracking=False)


def normalize(url: str, base: str | None = None) -> str | None:
    """As `canonicalize`, with every parameter kept: what a server must be asked for.

    A redirect may add a session id and insist on it, so it is followed as it was written.
    """
    return _spelled(url, base, keep_tracking=True)


def origin_of(url: str) -> str:
    """Scheme, host and port of a normalized URL (RFC 6454), the unit of robots and of rate."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _spelled(url: str, base: str | None, *, keep_tracking: bool) -> str | None:
    try:
        parts = _split(url, base)
        authority = _authority(parts)
    except (ValueError, UnicodeError):
        return None
    if authority is None:
        return None
    path, query = _encoded(parts.path, _PATH_SAFE), _encoded(parts.query, _QUERY_SAFE)
    if not keep_tracking:
        path, query = _SESSION_IN_PATH.sub("", path), _without_tracking(query)
    path = _without_dots(path)
    spelled = f"{parts.scheme}://{authority}{path}{'?' + query if query else ''}"
    return spelled if len(spelled) <= _MAX_LENGTH else None


def _split(url: str, base: str | None) -> SplitResult:
    r"""Split as browsers do: blanks around and line breaks inside mean nothing, \\ means /."""
    text = url.strip(_EDGES).translate(_IGNORED)
    head, mark, tail = _cut_at_query(text)
    text = head.replace("\\", "/") + mark + tail
    # urljoin would read "http:///a" as a path of the base's host.
    return urlsplit(text if base is None or _ABSOLUTE.match(text) else urljoin(base, text))


def _cut_at_query(text: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", text)
    if found is None:
        return text, "", ""
    return text[: found.start()], found.group(), text[found.end() :]


def _authority(parts: SplitResult) -> str | None:
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or not parts.hostname:
        return None
    # Not `hostname`, which is in small letters already: "ΟΔΟΣ" would end in another sigma.
    named = parts.netloc.partition(":")[0]
    bracketed = "[" in parts.netloc
    host = _host(parts.hostname if bracketed else named, bracketed=bracketed)
    port = parts.port
    if host is None or port == 0:
        return None
    return host if port in {None, DEFAULT_PORTS[parts.scheme]} else f"{host}:{port}"


def _host(name: str, *, bracketed: bool) -> str | None:
    if bracketed:
        # A zone (fe80::1%eth0) names an interface of the machine that wrote it, not of ours.
        return None if "%" in name else f"[{ipaddress.IPv6Address(name).compressed}]"
    name = unquote_to_bytes(name).decode("utf-8") if "%" in name else name
    if not name.isascii():
        name = idna.encode(unicodedata.normalize("NFC", name), uts46=True).decode("ascii")
    labels = name.lower().removesuffix(".").split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels)
    host = ".".join(labels)
    return host if len(host) <= _MAX_HOST and all(map(_LABEL.fullmatch, labels)) else None


def _ipv4(labels: list[str]) -> str | None:
    """Read 2130706433, 0x7f.1 and 0177.0.0.1 as every resolver does (WHATWG URL, 3.5)."""
    numbers = [_ipv4_number(label) for label in labels]
    *first, last = numbers
    room = _IPV4_BITS - 8 * len(first)
    if room <= 0 or any(number > 255 for number in first) or last >= 1 << room:  # noqa: PLR2004 - a byte
        return None
    value = last + sum(number << (24 - 8 * place) for place, number in enumerate(first))
    return str(ipaddress.IPv4Address(value))


def _ipv4_number(label: str) -> int:
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if len(label) > 1 and label.startswith("0") else 10)


def _encoded(text: str, safe: str) -> str:
    """Percent-encode: upper-case hexadecimal, unreserved characters bare, the rest as UTF-8.

    What is written as letters is composed (NFC), as keyboards do. What came percent-encoded
    stays byte for byte: it may name a file that a Mac stored decomposed.
    """
    text = _ESCAPE.sub(_bare_if_unreserved, _LONE_PERCENT.sub("%25", text))
    return quote(unicodedata.normalize("NFC", text), safe=safe, errors="replace")


def _bare_if_unreserved(escape: re.Match[str]) -> str:
    character = chr(int(escape.group(1), 16))
    return character if character in _UNRESERVED else escape.group().upper()


def _without_tracking(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair and not _follows_a_visitor(pair))


def _follows_a_visitor(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name))


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, section 5.2.4); the result starts with a slash."""
    segments = path.split("/")[1:] or [""]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")  # they name directories
    return "/" + "/".join(kept)
