"""The example for nginx, read by nginx, and a search through it."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.command import POLITE, Samsok
from tests.support.serving import free_port, publish, serving

pytestmark = [pytest.mark.deploy, pytest.mark.timeout(300)]

EXAMPLE = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text("utf-8")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

AROUND = """\
daemon off;
pid {place}/pid;
error_log {place}/error.log;
events {{}}
http {{
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
{inside}
}}
"""


def configuration(place: Path, *, backend: int, plain: int, secure: int) -> Path:
    """Write the example with places and ports of the test, and nothing else changed."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=sok.example.org", "-keyout", place / "privkey.pem"),
            *("-out", place / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    changed = EXAMPLE
    for old, new in (
        ("/etc/ssl/samsok", str(place)),
        ("server 127.0.0.1:8080", f"server 127.0.0.1:{backend}"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("    listen [::]:80;\n", ""),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("    listen [::]:443 ssl;\n", ""),
    ):
        assert old in changed
        changed = changed.replace(old, new)
    path = place / "nginx.conf"
    path.write_text(AROUND.format(place=place, inside=changed), "utf-8")
    return path


@contextmanager
def running(config: Path, port: int) -> Iterator[httpx.Client]:
    context = ssl.create_default_context(cafile=str(config.parent / "fullchain.pem"))
    context.check_hostname = False  # the name is not that of this machine
    with (
        subprocess.Popen([NGINX, "-c", config]) as nginx,
        httpx.Client(
            base_url=f"https://127.0.0.1:{port}", verify=context, trust_env=False, timeout=20
        ) as client,
    ):
        try:
            deadline = time.monotonic() + 20
            while not _answers(client):
                assert time.monotonic() < deadline, (config.parent / "error.log").read_text()
                time.sleep(0.1)
            yield client
        finally:
            nginx.terminate()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def test_nginx_reads_the_example_and_finds_nothing_to_say(tmp_path: Path) -> None:
    path = configuration(tmp_path, backend=9, plain=free_port(), secure=free_port())

    told = subprocess.run(
        [NGINX, "-t", "-c", path], capture_output=True, encoding="utf-8", check=False
    )

    assert told.returncode == 0, told.stderr
    assert "[warn]" not in told.stderr
    assert "test is successful" in told.stderr


def test_searches_come_through_compressed_and_fresh_and_not_too_many(tmp_path: Path) -> None:
    samsok = Samsok(tmp_path)
    source = "sources: [{name: exempel, type: website, start: ['http://127.0.0.1:9/']}]\n"
    api = "api: {trusted_proxies: ['127.0.0.1'], rate_limit_per_minute: 100}\n"
    samsok.config.write_text(POLITE.format() + source + api, "utf-8")
    publish(tmp_path, 20)
    place = tmp_path / "nginx"
    place.mkdir()
    plain, secure = free_port(), free_port()
    with serving(samsok) as (url, _):
        backend = int(url.rpartition(":")[2])
        config = configuration(place, backend=backend, plain=plain, secure=secure)
        with running(config, secure) as client:
            page = client.get("/sok", params={"q": "samverkan"})
            assert page.status_code == 200
            assert page.headers["Content-Encoding"] == "gzip"
            assert page.headers["Strict-Transport-Security"]
            again = client.get(str(page.url), headers={"If-None-Match": page.headers["ETag"]})
            assert again.status_code == 304
            moved = httpx.get(
                f"http://127.0.0.1:{plain}/sok?q=a",
                headers={"Host": "sok.example.org"},
                trust_env=False,
            )
            assert moved.headers["Location"] == "https://sok.example.org/sok?q=a"
            assert client.post("/sok", content=b"x" * 5000).status_code == 413

            # Who claims to be somebody else at every request is counted as who it is.
            answers = [
                client.get("/api/v1/search", headers={"X-Forwarded-For": f"192.0.2.{number}"})
                for number in range(120)
            ]
            assert {answer.status_code for answer in answers} == {200, 429}
            assert (place / "error.log").read_text().count("limiting requests") > 0
