"""Logging for a command: plain lines on standard error, so that standard output stays data."""

from __future__ import annotations

import logging
import sys


def configure(verbosity: int) -> None:
    """Log warnings; with `verbosity` 1 what is being done, with 2 every detail."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    logging.basicConfig(
        level=level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
        force=True,
    )
    # Libraries that tell of every byte on the wire, or of every page that they cannot read.
    for noisy in ("httpcore", "httpx", "trafilatura", "htmldate"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
