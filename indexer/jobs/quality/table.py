"""The report as CSV (RFC 4180), in UTF-8 with a byte order mark for Excel."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from indexer.cells import csv_cell

if TYPE_CHECKING:
    from indexer.jobs.quality.findings import QualityReport

COLUMNS = ("source", "check", "url", "title", "detail", "target", "links", "linked_from")


def as_csv(report: QualityReport) -> bytes:
    """Return the report as a table, one finding a row; pages that link are parted by spaces."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for source in report.sources:
        for check, found in source.findings.items():
            rows.writerows(
                [
                    csv_cell(cell)
                    for cell in (
                        source.name,
                        check,
                        finding.url,
                        finding.title,
                        finding.detail,
                        finding.target,
                        str(finding.links) if finding.links else "",
                        " ".join(finding.linked_from),
                    )
                ]
                for finding in found
            )
    return text.getvalue().encode("utf-8-sig")
