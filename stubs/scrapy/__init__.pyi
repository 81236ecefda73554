"""What the benchmarks call of Scrapy, which only they have."""

from collections.abc import Callable, Iterator
from typing import Any

class Spider:
    name: str
    start_urls: list[str]
    def __init__(self) -> None: ...
    def parse(self, response: Any) -> Iterator[Any]: ...

class Request:
    def __init__(self, url: str, callback: Callable[[Any], Iterator[Any]]) -> None: ...
