"""Measure a night over a large site of which little has changed.

python -m benchmarks.nightly crawl [--pages N] [--changed N]
python -m benchmarks.nightly job [--pages N] [--changed N]
"""

from __future__ import annotations

import argparse

from benchmarks.nightly import crawl, job


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nightly",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("crawl", "job"))
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--changed", type=int, default=20)
    args = parser.parse_args()
    (job if args.what == "job" else crawl).main(pages=args.pages, changed=args.changed)


if __name__ == "__main__":
    main()
