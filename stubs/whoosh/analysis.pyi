from collections.abc import Iterator

class Token:
    text: str

class Analyzer:
    def __call__(self, value: str, *, mode: str = ...) -> Iterator[Token]: ...

def LanguageAnalyzer(lang: str) -> Analyzer: ...
def SpaceSeparatedTokenizer() -> Analyzer: ...
