"""A line for cron: silent when all is well, so that MAILTO gets only what somebody should read."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.jobs.schedule.values import Installation, TimeOfDay

_HEAD = """\
# Samsök, every night: crawl, index, look, publish. Cron mails what is printed here, and that is
# the output of a run that failed or was refused. No lock is needed: a job that finds another one
# at work ends with exit code 75, which is no failure and is not told.
# Values that the configuration reads by env:NAME are set here, one a line: NAME=value
SHELL=/bin/sh
{mailto}
"""

_COMMAND = (
    "out=$({command} 2>&1) || {{ code=$?;"
    " [ $code -eq 75 ] || {{ printf '%s\\n' \"$out\"; exit $code; }}; }}"
)


def cron_files(here: Installation, at: TimeOfDay) -> Mapping[str, str]:
    """Return the file for cron: for /etc/cron.d where a user is named, else for `crontab`."""
    command = _COMMAND.format(command=shlex.join(here.arguments("reindex")))
    # To cron a % is a new line, and it takes the backslash away (crontab(5)).
    line = command.replace("%", r"\%")
    user = f"{here.user} " if here.user else ""
    name = "samsok" if here.user else "samsok.crontab"
    head = _HEAD.format(mailto=f"MAILTO={here.user}" if here.user else '# MAILTO="you"')
    return {name: f"{head}{at.minute} {at.hour} * * * {user}{line}\n"}
