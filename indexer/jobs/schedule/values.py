"""What every schedule is made of: the command, its user, its places, its time."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from indexer.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from indexer.config import Config

_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay:
    """When the job begins, by the clock of the machine."""

    hour: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the time that `text` says, such as 02:30.

        Raises:
            ValueError: If it says none.
        """
        found = _TIME.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is no time of day; write it as 02:30")
        return cls(hour=int(found[1]), minute=int(found[2]))

    def __str__(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Where everything is, absolute, and who runs it; without a user it is whoever installs it."""

    command: tuple[str, ...]
    config: Path
    data_dir: Path
    user: str | None
    host: str
    port: int
    counts_queries: bool
    cluster: tuple[str, ...]
    """The addresses of the cluster that holds the index, where one does."""

    @classmethod
    def of(cls, config: Config, *, user: str | None) -> Self:
        """Return the installation that runs now, with the configuration that was read.

        Raises:
            ConfigError: If the user or a path cannot stand in such a file.
        """
        if user is not None and not _USER.fullmatch(user):
            message = f"{user!r} is no name of a user; such as samsok"
            raise ConfigError(str(config.path), (ConfigProblem(key="--user", message=message),))
        if user == "nobody":
            message = "what belongs to nobody belongs to all that run as nobody; make a user"
            raise ConfigError(str(config.path), (ConfigProblem(key="--user", message=message),))
        made = cls(
            command=_command(),
            config=config.path.absolute(),
            data_dir=config.data_dir,
            user=user,
            host=config.api.host,
            port=config.api.port,
            counts_queries=config.privacy.query_insight,
            cluster=config.index.url if config.index.backend == "opensearch" else (),
        )
        for path in made.places():
            if not str(path).isprintable():
                message = f"the path {str(path)!r} holds a character that no such file can"
                raise ConfigError(str(config.path), (ConfigProblem(key="", message=message),))
        return made

    def arguments(self, verb: str) -> tuple[str, ...]:
        """Return the words that run a verb."""
        return (*self.command, verb, "--config", str(self.config))

    def places(self) -> tuple[Path, ...]:
        """Return the paths that a service needs to see."""
        return (Path(self.command[0]), self.config, self.data_dir)


def _command() -> tuple[str, ...]:
    """Return the words that run this very installation, whatever PATH says."""
    script = Path(sys.executable).with_name("samsok")
    return (str(script),) if script.exists() else (sys.executable, "-m", "indexer")
