"""Completion for the search box: what an index holds, offered while it is being typed.

Written once over documents, whatever the backend. `SuggestionBuilder` reads every document of a
generation once and writes a directory; `Suggester` maps that directory and answers.
"""

from indexer.engine.suggesting.building import SuggestionBuilder, write_suggestions
from indexer.engine.suggesting.suggester import Completion, Suggester

__all__ = ["Completion", "Suggester", "SuggestionBuilder", "write_suggestions"]
