"""Words that the pages have and the vocabulary has not: partners, areas, abbreviations.

    documents -> said -> Found (one for each name, whatever its spelling) -> ranked Proposals

What a page's structure says weighs more than what its text mentions, and what several pages and
several sources say more than what one does. Precision comes first: an operator reads the list
from the top.
"""

from indexer.jobs.vocabulary.job import suggestions
from indexer.jobs.vocabulary.proposal import KINDS, Evidence, Proposal, ProposalKind
from indexer.jobs.vocabulary.suggest import suggest
from indexer.jobs.vocabulary.yaml_form import as_yaml

__all__ = [
    "KINDS",
    "Evidence",
    "Proposal",
    "ProposalKind",
    "as_yaml",
    "suggest",
    "suggestions",
]
