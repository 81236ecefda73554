"""How well searches find what people judged relevant, and a floor under it that only rises."""

from indexer.evaluate.comparison import Comparison, Difference, compare
from indexer.evaluate.gate import check, raise_floors
from indexer.evaluate.judgments import Judgment, Judgments, read_judgments
from indexer.evaluate.measures import (
    Interval,
    bootstrap_interval,
    ndcg_at,
    paired_bootstrap,
    recall_at,
    reciprocal_rank,
)
from indexer.evaluate.run import (
    DEPTH,
    MEASURES,
    JudgedPage,
    QueryResult,
    Run,
    evaluate,
    read_run,
    save_run,
)

__all__ = [
    "DEPTH",
    "MEASURES",
    "Comparison",
    "Difference",
    "Interval",
    "JudgedPage",
    "Judgment",
    "Judgments",
    "QueryResult",
    "Run",
    "bootstrap_interval",
    "check",
    "compare",
    "evaluate",
    "ndcg_at",
    "paired_bootstrap",
    "raise_floors",
    "read_judgments",
    "read_run",
    "recall_at",
    "reciprocal_rank",
    "save_run",
]
