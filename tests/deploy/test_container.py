"""The container, as far as it can be tried where no engine runs one."""

from __future__ import annotations

import datetime as dt
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.command import Samsok
from tests.support.serving import free_port, publish

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile and what follows each."""
    joined = text.replace("\\\n", " ")
    lines = (line.strip() for line in joined.splitlines())
    return [
        (word, rest.strip())
        for word, _, rest in (line.partition(" ") for line in lines if line)
        if word != "#" and not word.startswith("#")
    ]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions((DEPLOY / "Dockerfile").read_text("utf-8")):
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


def services() -> dict[str, dict[str, Any]]:
    held: dict[str, dict[str, Any]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))[
        "services"
    ]
    return held


# --- what is written ----------------------------------------------------------------------------


def test_what_runs_is_nobody_in_particular_and_has_no_tools_to_build_with() -> None:
    build, final = stages()

    assert ("USER", "10001:10001") in final
    assert not [rest for word, rest in final if word == "RUN" and "pip" in rest]
    assert [rest for word, rest in final if word == "HEALTHCHECK" and "/readyz" in rest]
    assert not re.search(r"curl|wget|apt", " ".join(rest for _, rest in (*build, *final)))
    assert any("--require-hashes" in rest for _, rest in build)


@pytest.mark.parametrize("file", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_no_file_names_a_host_to_download_from(file: Path) -> None:
    hosts = set(re.findall(r"\b(?:[a-z0-9-]+\.)+(?:com|org|io|net|se)\b", file.read_text("utf-8")))

    assert hosts <= {"www.example.org", "sok.example.org"}


def test_what_is_copied_is_there_and_let_through() -> None:
    let_through = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    copied = [
        source
        for stage in stages()
        for word, rest in stage
        if word == "COPY" and "--from" not in rest
        for source in [part for part in rest.split() if not part.startswith("--")][:-1]
    ]

    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in let_through
    assert let_through[0] == "*"


@pytest.mark.parametrize("name", ["api", "nightly"])
def test_each_service_is_shut_in(name: str) -> None:
    service = services()[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["tmpfs"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & set(service)
    assert "./config:/config:ro" in service["volumes"]


def test_the_search_reads_and_only_this_machine_reaches_it() -> None:
    api, nightly = services()["api"], services()["nightly"]

    assert "data:/data:ro" in api["volumes"]
    assert "data:/data" in nightly["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in api["ports"])
    assert "ports" not in nightly


# --- what is run --------------------------------------------------------------------------------


def nightly(tmp_path: Path, at: str, *, sleeps: int) -> tuple[list[str], str]:
    """Run the script of the night with a clock that is real and a sleep that is told and over.

    Returns what was done, in order, and what the log got.
    """
    done = tmp_path / "done"
    count = '$(grep -c ^sleep "$DONE")'
    for name, body in {
        "samsok": 'echo "$*" >>"$DONE"\nexit 3\n',
        "sleep": f'echo "sleep $1" >>"$DONE"\n[ {count} -le {sleeps} ] || kill $PPID\n',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}", "utf-8")
        (tmp_path / name).chmod(0o755)
    ended = subprocess.run(
        [DEPLOY / "nightly.sh", at, "c.yaml", str(tmp_path / "data")],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "DONE": str(done)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return (done.read_text("utf-8").splitlines() if done.exists() else []), ended.stderr


@pytest.mark.parametrize("hours", [3, -3])
def test_the_job_runs_at_once_and_then_at_its_time(tmp_path: Path, hours: int) -> None:
    moment = dt.datetime.now().astimezone() + dt.timedelta(hours=hours)

    done, log = nightly(tmp_path, f"{moment:%H:%M}", sleeps=1)

    assert done[0] == "reindex --config c.yaml"
    assert done[2] == "reindex --config c.yaml"  # although the first one failed
    assert "ended with exit code 3" in log
    until = int(done[1].removeprefix("sleep "))
    assert until == pytest.approx((hours % 24) * 3600, abs=3700)  # clocks may be put back


def test_a_container_that_starts_again_waits_for_the_night(tmp_path: Path) -> None:
    (tmp_path / "data" / "index").mkdir(parents=True)
    (tmp_path / "data" / "index" / "CURRENT").write_text("gen-000001\n", "utf-8")

    done, _ = nightly(tmp_path, "02:30", sleeps=0)

    assert [line.split()[0] for line in done] == ["sleep"]


def test_a_time_that_is_none_ends_it(tmp_path: Path) -> None:
    (tmp_path / "data" / "index").mkdir(parents=True)
    (tmp_path / "data" / "index" / "CURRENT").write_text("gen-000001\n", "utf-8")

    done, log = nightly(tmp_path, "late", sleeps=3)

    assert done == []
    assert "invalid date" in log


@pytest.mark.deploy
@pytest.mark.timeout(900)
def test_the_steps_of_the_build_make_an_installation_that_answers(tmp_path: Path) -> None:
    """Each RUN and COPY of the first stage, in directories of the test, by the Python at hand."""
    made, source = tmp_path / "samsok", tmp_path / "src"
    source.mkdir()
    for word, rest in stages()[0]:
        if word == "RUN":
            command = rest.replace("/opt/samsok", str(made)).replace(
                "python -m venv", "python3 -m venv"
            )
            subprocess.run(["/bin/sh", "-c", command], cwd=source, check=True, timeout=800)
        elif word == "COPY":
            *parts, target = rest.split()
            for part in parts:
                copy(
                    ROOT / part, source / target / (Path(part).name if target.endswith("/") else "")
                )

    left = {path.name for path in (made / "bin").iterdir()}
    assert "samsok" in left
    assert not [name for name in left if name.startswith(("pip", "hatch"))]
    publish(tmp_path, 2)
    config = tmp_path / "crawl_config.yaml"
    shutil.copy(ROOT / "crawl_config.yaml", config)
    healthcheck = next(rest for word, rest in stages()[1] if word == "HEALTHCHECK")
    port = free_port()
    probe = yaml.safe_load(healthcheck.partition("CMD ")[2])
    probe = [made / "bin" / "python", *(word.replace("8080", str(port)) for word in probe[1:])]

    def ask() -> int:
        return subprocess.run(probe, capture_output=True, check=False, timeout=30).returncode

    assert ask() != 0
    with subprocess.Popen(
        [made / "bin" / "samsok", "serve", "--port", str(port), "--workers", "1"], cwd=tmp_path
    ) as server:
        try:
            assert any(ask() == 0 or server.poll() is not None for _ in range(100))
            assert server.poll() is None
        finally:
            server.terminate()


def copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        target.parent.mkdir(exist_ok=True)
        shutil.copy(source, target)


def test_the_words_of_the_entry_are_those_of_the_command_line(tmp_path: Path) -> None:
    words = dict(stages()[1])
    _, *arguments = yaml.safe_load(words["ENTRYPOINT"]) + yaml.safe_load(words["CMD"])

    told = Samsok(tmp_path)(*arguments)

    assert shlex.join(arguments) == "serve --host 0.0.0.0 --port 8080"
    assert told.code == 2  # there is no configuration here; the words are understood
    assert "there is no such file" in told.err
