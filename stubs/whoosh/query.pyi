from collections.abc import Sequence

from whoosh.matching import Matcher
from whoosh.searching import SearchContext, Searcher

class Query:
    def matcher(self, searcher: Searcher, context: SearchContext | None = ...) -> Matcher: ...

class Term(Query):
    def __init__(self, fieldname: str, text: str, boost: float = ...) -> None: ...

class Phrase(Query):
    def __init__(self, fieldname: str, words: Sequence[str], slop: int = ...) -> None: ...

class Or(Query):
    def __init__(self, subqueries: Sequence[Query]) -> None: ...

class And(Query):
    def __init__(self, subqueries: Sequence[Query], boost: float = ...) -> None: ...
