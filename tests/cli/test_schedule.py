"""What the system is told to run, read by the very programs that will read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from indexer import config
from indexer.analysis.lexicon_cache import cache_file
from indexer.jobs.lock import job_lock
from indexer.jobs.schedule import Installation, TimeOfDay, cron_files, systemd_files
from tests.support.command import Samsok

pytestmark = pytest.mark.jobs

ODD = 'Åmål "50 %n" $HOME \\x'
AT = TimeOfDay(hour=2, minute=30)


def installed(samsok: Samsok, directory: str = ODD) -> Samsok:
    """Move the configuration into a directory with a name that nobody should have chosen."""
    place = samsok.directory / directory
    place.mkdir()
    shutil.move(samsok.config, place)
    return Samsok(place)


def cron_command(crontab: str) -> str:
    """Return what cron hands to the shell (crontab(5))."""
    line = crontab.splitlines()[-1]
    found = re.fullmatch(r"30 2 \* \* \* (.*)", line)
    assert found
    assert not re.search(r"(?<!\\)%", found[1])
    return found[1].replace(r"\%", "%")


def run(command: str, samsok: Samsok) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=samsok._environment(),
    )


def test_the_line_for_cron_speaks_only_when_somebody_should_read_it(samsok: Samsok) -> None:
    odd = installed(samsok)
    command = cron_command(odd("schedule", "cron").out)

    well = run(command, odd)
    assert (well.returncode, well.stdout, well.stderr) == (0, "", "")
    assert odd("search", "partnerskapsavtal", "--json").json["total"] == 1
    with job_lock(odd.directory / "var"):
        meanwhile = run(command, odd)
    assert (meanwhile.returncode, meanwhile.stdout, meanwhile.stderr) == (0, "", "")
    odd.config.write_text("version: 2\n", "utf-8")
    ill = run(command, odd)
    assert ill.returncode == 2
    assert "version" in ill.stdout


def test_files_are_written_where_they_are_wanted_and_what_is_next_is_said(samsok: Samsok) -> None:
    told = samsok("schedule", "systemd", "--user", "samsok", "--at", "3:05", "--output", ".")

    assert told.code == 0, told.err
    assert "systemctl daemon-reload" in told.out
    timer = (samsok.directory / "samsok-reindex.timer").read_text("utf-8")
    assert "OnCalendar=*-*-* 03:05:00\n" in timer
    for unit in ("samsok-reindex.service", "samsok-serve.service"):
        assert "User=samsok\n" in (samsok.directory / unit).read_text("utf-8")


def test_wrong_times_users_and_places_are_told_before_anything_is_written(samsok: Samsok) -> None:
    for wrong, said in (
        (("--at", "24:00"), "is no time of day; write it as 02:30"),
        (("--user", "a b"), "is no name of a user"),
        (("--user", "nobody"), "make a user"),
        (("--output", "nowhere"), "is not there; make it"),
    ):
        told = samsok("schedule", "cron", *wrong)
        assert told.code == 2
        assert said in told.err
        assert "Traceback" not in told.err


def test_the_job_may_write_its_data_and_the_search_nothing(samsok: Samsok) -> None:
    here = Installation.of(config.load(samsok.config), user="samsok")
    files = systemd_files(here, AT)

    job, search = files["samsok-reindex.service"], files["samsok-serve.service"]
    assert f'ReadWritePaths="{samsok.directory / "var"}"\n' in job
    assert "SuccessExitStatus=75\n" in job
    assert "ReadWritePaths" not in search
    assert f'InaccessiblePaths="-{samsok.directory / "var" / "crawl.db"}"\n' in search
    for unit in (job, search):
        assert "ProtectSystem=strict\n" in unit
        assert "CapabilityBoundingSet=\n" in unit


def test_the_job_keeps_the_lexicon_between_the_nights(samsok: Samsok) -> None:
    files = systemd_files(Installation.of(config.load(samsok.config), user="samsok"), AT)

    job = files["samsok-reindex.service"]
    kept = re.search(r"^Environment=XDG_CACHE_HOME=(.*)$", job, re.MULTILINE)
    made = re.search(r"^CacheDirectory=(.*)$", job, re.MULTILINE)
    assert kept
    assert made
    # Below %C, systemd.exec(5) says, is what the directory is: the folder that the cache is in.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", kept[1].replace("%C", "/var/cache"))
        file = cache_file()
    assert file
    assert str(file.parent) == f"/var/cache/{made[1]}"
    assert "CacheDirectory" not in files["samsok-serve.service"]


def test_the_search_sees_the_store_of_no_shard(samsok: Samsok) -> None:
    var = samsok.directory / "var"
    var.mkdir(exist_ok=True)
    for number in (1, 2):
        (var / f"crawl-{number}-of-2.db").touch()

    here = Installation.of(config.load(samsok.config), user="samsok")
    hidden = (f'"-{var / name}"' for name in ("crawl.db", "crawl-1-of-2.db", "crawl-2-of-2.db"))
    assert (
        f"InaccessiblePaths={' '.join(hidden)}\n" in systemd_files(here, AT)["samsok-serve.service"]
    )


def test_a_search_that_others_reach_is_not_shut_off(samsok: Samsok) -> None:
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write('api: {host: "0.0.0.0", port: 443}\n')

    unit = systemd_files(Installation.of(config.load(samsok.config), user=None), AT)[
        "samsok-serve.service"
    ]

    assert "IPAddressDeny" not in unit
    assert "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n" in unit


def test_a_search_that_counts_queries_may_write_the_counts(samsok: Samsok) -> None:
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write("privacy: {query_insight: true}\n")

    unit = systemd_files(Installation.of(config.load(samsok.config), user="samsok"), AT)[
        "samsok-serve.service"
    ]

    place = samsok.directory / "var" / "insight"
    assert f'ReadWritePaths="{place}"\n' in unit
    assert f'--owner=samsok "{place}"\n' in unit


def search_of_cluster(samsok: Samsok, *urls: str, more: str = "") -> str:
    """Return the unit of a search whose index is in a cluster."""
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write(f"index: {{backend: opensearch, url: [{', '.join(urls)}]}}\n{more}")
    here = Installation.of(config.load(samsok.config), user="samsok")
    return systemd_files(here, AT)["samsok-serve.service"]


def test_the_search_of_a_cluster_may_keep_what_it_fetches(samsok: Samsok) -> None:
    unit = search_of_cluster(
        samsok, '"http://10.0.0.7:9200"', more="privacy: {query_insight: true}\n"
    )

    index = samsok.directory / "var" / "index"
    assert f'ReadWritePaths="{index / "bundles"}"\n' in unit
    # Nobody else may own a directory that is made on the way: the job writes there, too.
    assert f'--owner=samsok "{index}" "{index / "bundles"}"\n' in unit
    assert f'ReadWritePaths="{samsok.directory / "var" / "insight"}"\n' in unit


def test_the_place_for_what_is_fetched_is_made_before_the_search_begins(samsok: Samsok) -> None:
    unit = search_of_cluster(samsok, '"http://10.0.0.7:9200"').replace("--owner=samsok ", "")
    made = re.search(r"^ExecStartPre=\+(/usr/bin/install .*bundles\")$", unit, re.MULTILINE)
    assert made

    for _ in range(2):
        assert run(made[1], samsok).returncode == 0

    assert (samsok.directory / "var" / "index" / "bundles").is_dir()


@pytest.mark.parametrize(
    ("urls", "allowed"),
    [
        (["http://127.0.0.1:9200"], "localhost"),
        (["http://10.0.0.7:9200", "http://10.0.0.8:9200"], "localhost 10.0.0.7 10.0.0.8"),
        (["https://[2001:db8::7]:9200", "http://localhost:9200"], "localhost 2001:db8::7"),
        (["https://search-1.example.org:9200", "http://10.0.0.7:9200"], None),
    ],
)
def test_the_search_of_a_cluster_reaches_it(
    samsok: Samsok, urls: list[str], allowed: str | None
) -> None:
    unit = search_of_cluster(samsok, *(f'"{url}"' for url in urls))

    if allowed is None:
        assert "\nIPAddress" not in unit
        assert "# No IPAddressDeny=: it asks the cluster (index.url)" in unit
    else:
        assert f"IPAddressDeny=any\nIPAddressAllow={allowed}\n" in unit


@pytest.mark.deploy
@pytest.mark.parametrize("url", ["", "https://search-1.example.org:9200", "https://[::1]:9200"])
@pytest.mark.parametrize("directory", ["plain", ODD])
def test_systemd_reads_the_units_and_finds_nothing_to_say(
    samsok: Samsok, directory: str, url: str
) -> None:
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write("privacy: {query_insight: true}\n")
        file.write(f'index: {{backend: opensearch, url: ["{url}"]}}\n' if url else "")
    odd = installed(samsok, directory)
    assert odd("schedule", "systemd", "--user", "games", "--output", ".").code == 0
    units = sorted(odd.directory.glob("samsok-*"))

    told = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, encoding="utf-8", check=False
    )

    assert len(units) == 3
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@pytest.mark.deploy
def test_systemd_would_notice_a_mistake(samsok: Samsok) -> None:
    """The test above could not fail otherwise."""
    assert samsok("schedule", "systemd", "--output", ".").code == 0
    unit = samsok.directory / "samsok-serve.service"
    unit.write_text(unit.read_text("utf-8").replace("ProtectClock=yes", "ProtectClok=yes"), "utf-8")

    told = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, encoding="utf-8", check=False
    )

    assert "ProtectClok" in told.stderr


@pytest.mark.deploy
@pytest.mark.parametrize(
    ("unit", "url"),
    [
        ("samsok-reindex.service", ""),
        ("samsok-serve.service", ""),
        ("samsok-serve.service", '"https://search-1.example.org:9200"'),
    ],
)
def test_systemd_finds_the_units_well_shut_in(samsok: Samsok, unit: str, url: str) -> None:
    """2.0 is what systemd calls OK; a service without any of it has 9.6."""
    if url:
        search_of_cluster(samsok, url)
    assert samsok("schedule", "systemd", "--user", "games", "--output", ".").code == 0

    told = subprocess.run(
        [
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=20",
            samsok.directory / unit,
        ],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "SYSTEMD_PAGER": ""},
        check=False,
    )

    assert told.returncode == 0, told.stdout[-2000:]


@pytest.mark.deploy
def test_cron_takes_the_line(samsok: Samsok) -> None:
    here = Installation.of(config.load(installed(samsok).config), user=None)
    path = samsok.directory / "samsok.crontab"
    path.write_text(cron_files(here, AT)["samsok.crontab"], "utf-8")

    told = subprocess.run(
        ["crontab", "-n", path], capture_output=True, encoding="utf-8", check=False
    )

    assert told.returncode == 0, told.stderr
    path.write_text("61 2 * * * true\n", "utf-8")
    wrong = subprocess.run(
        ["crontab", "-n", path], capture_output=True, encoding="utf-8", check=False
    )
    assert wrong.returncode != 0


def test_the_file_of_a_user_names_the_user(samsok: Samsok) -> None:
    here = Installation.of(config.load(samsok.config), user="samsok")
    (name,) = cron_files(here, AT)

    text = cron_files(here, AT)[name]

    assert name == "samsok"  # cron reads no file of /etc/cron.d with a dot in its name
    assert "\n30 2 * * * samsok out=$(" in text
    assert "MAILTO=samsok\n" in text
    assert sys.prefix in text
