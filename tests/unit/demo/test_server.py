import socket
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.demo.searches import SEARCHES
from indexer.cli.demo.server import DemoSite, demo_config
from tests.unit.demo.fetching import fetch

CITY = "/samverka-med-oss/strategiska-partners/trollhattans-stad/"


def test_a_page_comes_with_its_validators(site: DemoSite) -> None:
    answer = fetch(site.url, CITY)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["ETag"].startswith('"')
    assert answer.headers["Last-Modified"] == "Mon, 03 Mar 2025 06:00:00 GMT"


def test_a_page_is_sent_once_to_a_client_that_keeps_its_etag(site: DemoSite) -> None:
    tag = fetch(site.url, CITY).headers["ETag"]
    for held in (tag, f'W/{tag}, "another"', "*"):
        answer = fetch(site.url, CITY, headers={"If-None-Match": held})
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["ETag"] == tag


def test_an_etag_of_another_page_gets_the_page(site: DemoSite) -> None:
    other = fetch(site.url, "/kontakt/").headers["ETag"]
    assert fetch(site.url, CITY, headers={"If-None-Match": other}).status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 03 Mar 2025 06:00:00 GMT", 304),
        ("Sun, 02 Mar 2025 06:00:00 GMT", 200),
        ("yesterday", 200),
        ("Mon, 03 Mar 2025 06:00:00 -0000", 200),
    ],
)
def test_a_date_is_compared_when_there_is_no_etag(site: DemoSite, since: str, status: int) -> None:
    assert fetch(site.url, CITY, headers={"If-Modified-Since": since}).status == status


def test_an_etag_outranks_a_date(site: DemoSite) -> None:
    headers = {"If-None-Match": '"old"', "If-Modified-Since": "Fri, 01 Jan 2027 00:00:00 GMT"}
    assert fetch(site.url, CITY, headers=headers).status == 200


def test_head_says_what_get_says_and_sends_nothing(site: DemoSite) -> None:
    got, head = fetch(site.url, CITY), fetch(site.url, CITY, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified"):
        assert head.headers[name] == got.headers[name]


def test_an_unknown_address_gets_the_page_for_it(site: DemoSite) -> None:
    answer = fetch(site.url, "/nyheter/finns-inte/")
    assert answer.status == 404
    assert "Sidan finns inte" in answer.text
    assert "ETag" not in answer.headers


def test_a_query_string_does_not_make_another_page(site: DemoSite) -> None:
    assert fetch(site.url, f"{CITY}?utm_source=brev").status == 200


def test_every_request_is_noted_in_order(site: DemoSite) -> None:
    fetch(site.url, "/robots.txt")
    fetch(site.url, "/", method="HEAD")
    fetch(site.url, "/nej?a=1")
    assert site.requested == ["/robots.txt", "/", "/nej?a=1"]


def test_nothing_is_written_to_the_terminal(
    site: DemoSite, capfd: pytest.CaptureFixture[str]
) -> None:
    fetch(site.url, "/")
    fetch(site.url, "/nej/")
    assert capfd.readouterr() == ("", "")


def test_a_client_that_hangs_up_disturbs_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    with DemoSite() as site:
        host, port = site.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            # Reset instead of the orderly end of a connection.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            client.sendall(b"GET / HTTP/1.1\r\nHost: demo\r\n")
        assert fetch(site.url, "/").status == 200
    assert capfd.readouterr() == ("", "")


def test_the_site_stands_on_loopback_and_only_while_it_is_open() -> None:
    site = DemoSite()
    with pytest.raises(RuntimeError, match="with statement"):
        _ = site.url
    with site:
        url = site.url
        assert url.startswith("http://127.0.0.1:")
        assert fetch(url, "/").status == 200
    with pytest.raises(ConnectionRefusedError):
        fetch(url, "/")


def test_two_sites_stand_beside_each_other_with_their_own_addresses() -> None:
    with DemoSite() as one, DemoSite() as other:
        assert one.url != other.url
        for site in (one, other):
            assert f"Sitemap: {site.url}/sitemap.xml" in fetch(site.url, "/robots.txt").text


def test_the_configuration_is_accepted_and_names_the_site(tmp_path: Path) -> None:
    folder = tmp_path / "en mapp: å, ä & ö"
    folder.mkdir()
    path = folder / "crawl_config.yaml"
    path.write_text(demo_config("http://127.0.0.1:8099", folder / "var"), encoding="utf-8")
    loaded = config.load(path)
    assert loaded.data_dir == folder / "var"
    assert [source.entrance for source in loaded.sources] == ["http://127.0.0.1:8099/"]
    assert loaded.allow_private == ("127.0.0.1",)
    assert loaded.http.delay_s == 0
    assert len(loaded.vocabulary.partners) == 8
    assert set(loaded.vocabulary.abbreviations) == {"VFU", "HV"}


def test_the_canaries_ask_for_pages_that_exist(site: DemoSite, tmp_path: Path) -> None:
    path = tmp_path / "crawl_config.yaml"
    path.write_text(demo_config(site.url, tmp_path), encoding="utf-8")
    canaries = config.load(path).publish.canaries
    assert canaries
    for canary in canaries:
        assert fetch(site.url, canary.url.removeprefix(site.url)).status == 200


def test_the_demo_has_six_searches_each_with_its_reason() -> None:
    assert len({search.query for search in SEARCHES}) == 6
    assert all(search.why for search in SEARCHES)
