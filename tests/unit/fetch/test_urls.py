"""One page, one URL."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fetch import canonicalize, normalize, origin_of

SPELLINGS = {
    # scheme, host, port
    "HTTP://WWW.HV.SE/Om": "http://www.hv.se/Om",
    "https://www.hv.se": "https://www.hv.se/",
    "https://www.hv.se:443/": "https://www.hv.se/",
    "http://www.hv.se:443/": "http://www.hv.se:443/",
    "http://www.hv.se:/": "http://www.hv.se/",
    "http://www.hv.se./": "http://www.hv.se/",
    "http://[2001:DB8::0:1]:80/": "http://[2001:db8::1]/",
    "http://my_host.example.org/": "http://my_host.example.org/",
    # names beyond ASCII
    "http://TROLLHÄTTAN.se/": "http://xn--trollhttan-v5a.se/",
    "http://trollha\u0308ttan.se/": "http://xn--trollhttan-v5a.se/",
    "http://xn--trollhttan-v5a.se/": "http://xn--trollhttan-v5a.se/",
    "http://trollh%C3%A4ttan.se/": "http://xn--trollhttan-v5a.se/",
    "http://ΒΌΛΟΣ.example.org/": "http://xn--nxasmq6b.example.org/",
    "http://βόλος.example.org/": "http://xn--nxasmm1c.example.org/",
    # addresses in disguise
    "http://2130706433/": "http://127.0.0.1/",
    "http://0x7f.1/": "http://127.0.0.1/",
    "http://0177.0.0.1/": "http://127.0.0.1/",
    "http://１２７.0.0.1/": "http://127.0.0.1/",
    # the path
    "http://h/å/ä/ö": "http://h/%C3%A5/%C3%A4/%C3%B6",
    "http://h/a\u030a": "http://h/%C3%A5",
    "http://h/a%CC%8a": "http://h/a%CC%8A",
    "http://h/%c3%a5%7Ebo%2fx": "http://h/%C3%A5~bo%2Fx",
    "http://h/100%/a%zz": "http://h/100%25/a%25zz",
    "http://h/en sida": "http://h/en%20sida",
    "http://h/a/./b/../c": "http://h/a/c",
    "http://h/a/%2e%2E/c": "http://h/c",
    "http://h/../../a": "http://h/a",
    "http://h/a/..": "http://h/",
    "http://h/a/b/.": "http://h/a/b/",
    "http://h/a/b/": "http://h/a/b/",
    "http://h//a//b": "http://h//a//b",
    "http://h\\a\\b": "http://h/a/b",
    "  http://h/a\n/b\t ": "http://h/a/b",
    # the query and what is dropped of it
    "http://h/?": "http://h/",
    "http://h/?b=2&a=1": "http://h/?b=2&a=1",
    "http://h/?a=1&&b=": "http://h/?a=1&b=",
    "http://h/?f[x]=å ö": "http://h/?f%5Bx%5D=%C3%A5%20%C3%B6",
    "http://h/?q=a/../b?c\\d": "http://h/?q=a/../b?c%5Cd",
    "http://h/?utm_source=x&id=7&fbclid=1": "http://h/?id=7",
    "http://h/?gclid=1&mc_cid=2&_ga=3": "http://h/",
    "http://h/?UTM_Medium=x&sidan=2": "http://h/?sidan=2",
    "http://h/?utm%5Fsource=x": "http://h/",
    "http://h/?pk_campaign=x&pk_id=4": "http://h/?pk_id=4",
    "http://h/?PHPSESSID=abc&p=1": "http://h/?p=1",
    "http://h/?ASPSESSIONIDQQ=abc": "http://h/",
    "http://h/a;jsessionid=1F.n2/b;v=1": "http://h/a/b;v=1",
    "http://h/.;jsessionid=1/b": "http://h/b",
    "http://h/a#avsnitt": "http://h/a",
}

NOT_WEB_URLS = (
    "",
    "mailto:anna.ek@example.org",
    "javascript:alert(1)",
    "ftp://h/a",
    "/bara/en/stig",
    "http://",
    "http:///a",
    "http://user@h/",
    "http://user:secret@h/",
    "http://a%40h/",
    "http://h:0/",
    "http://h:65536/",
    "http://h:http/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://099/",
    "http://a..b/",
    "http://-a.se/",
    "http://a b.se/",
    "http://☃☃.se:x/",
    f"http://{'a' * 64}.se/",
    f"http://h/{'a' * 5000}",
)


@pytest.mark.parametrize(("written", "canonical"), SPELLINGS.items())
def test_a_url_has_one_spelling(written: str, canonical: str) -> None:
    assert canonicalize(written) == canonical


@pytest.mark.parametrize("written", NOT_WEB_URLS)
def test_what_is_no_web_url_is_none(written: str) -> None:
    assert canonicalize(written) is None


@pytest.mark.parametrize(
    ("written", "base", "canonical"),
    [
        ("../b?c=1", "http://h/x/y/z", "http://h/x/b?c=1"),
        ("?sida=2", "http://h/nyheter", "http://h/nyheter?sida=2"),
        ("//annan.se/å", "https://h/", "https://annan.se/%C3%A5"),
        ("#topp", "http://h/a?b=1", "http://h/a?b=1"),
        ("två.html", "http://h/a/", "http://h/a/tv%C3%A5.html"),
        ("\\a", "http://h/b/c", "http://h/a"),
        ("https://annan.se", "http://h/", "https://annan.se/"),
    ],
)
def test_a_link_is_read_from_its_page(written: str, base: str, canonical: str) -> None:
    assert canonicalize(written, base) == canonical


def test_normalize_keeps_what_a_server_insists_on() -> None:
    url = "HTTP://h/a;jsessionid=1/../b?utm_source=x&sessionid=2#f"
    assert normalize(url) == "http://h/b?utm_source=x&sessionid=2"
    assert normalize("http://h/a;jsessionid=1") == "http://h/a;jsessionid=1"


def test_the_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://www.hv.se/a?b") == "https://www.hv.se"
    assert origin_of("http://127.0.0.1:8080/") == "http://127.0.0.1:8080"


_HOSTS = st.sampled_from(["h", "H.se", "trollhättan.se", "[::1]", "0x7f.1", "a_b.se.", "10.1"])
_TAIL = st.text(alphabet="ab/.%25eE;:=&?#[]åÄ\u030a \\+jsessionid_utm\ud83d\udc4d", max_size=30)


@given(host=_HOSTS, tail=_TAIL)
def test_canonicalizing_twice_changes_nothing(host: str, tail: str) -> None:
    once = canonicalize(f"http://{host}/{tail}")
    assert once is not None
    assert canonicalize(once) == once
    assert once.isascii()
    assert "#" not in once


@given(st.text(max_size=60), st.one_of(st.none(), st.text(max_size=30)))
def test_no_text_at_all_makes_it_raise(text: str, base: str | None) -> None:
    url = canonicalize(text, base)
    assert url is None or url.startswith(("http://", "https://"))


@given(host=_HOSTS, tail=_TAIL)
def test_the_http_library_asks_for_exactly_the_canonical_url(host: str, tail: str) -> None:
    url = canonicalize(f"http://{host}/{tail}") or ""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    assert httpx.URL(url).raw_path.decode() == target
