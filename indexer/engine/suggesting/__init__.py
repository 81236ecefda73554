"""Completion for the search box: what an index holds, offered while it is being typed.

Written once over documents, whatever the backend. `SuggestionBuilder` reads every document of a
generation once and writes a directory; `Suggester` maps that directory and answers.
"""

from indexer.engine.suggesting.building import SuggestionBuilder, write_suggestions
from indexer.engine.suggesting.suggester import Completion, Suggester

SUGGESTIONS = "suggest"
"""What the directory is called, beside the analysis of a generation."""

__all__ = ["SUGGESTIONS", "Completion", "Suggester", "SuggestionBuilder", "write_suggestions"]
