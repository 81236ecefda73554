"""What an editor can mend on the pages that were harvested: broken links, missing facts, twins.

    store -> faults of URLs (frontier) and of documents -> what stored bodies show, links to the
    faulty URLs among it -> QualityReport -> HTML for editors, CSV, JSON

No request is sent. What is found is what the last visits found.
"""

from indexer.jobs.quality.findings import CHECKS, Check, Finding, QualityReport, SourceQuality
from indexer.jobs.quality.html import LANGUAGES, as_html
from indexer.jobs.quality.survey import survey
from indexer.jobs.quality.table import as_csv

__all__ = [
    "CHECKS",
    "LANGUAGES",
    "Check",
    "Finding",
    "QualityReport",
    "SourceQuality",
    "as_csv",
    "as_html",
    "survey",
]
