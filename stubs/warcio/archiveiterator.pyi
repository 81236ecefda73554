from collections.abc import Iterator
from typing import IO

from warcio.recordloader import ArcWarcRecord

class ArchiveIterator(Iterator[ArcWarcRecord]):
    offset: int
    def __init__(self, fileobj: IO[bytes], no_record_parse: bool = False) -> None: ...
    def __iter__(self) -> Iterator[ArcWarcRecord]: ...
    def __next__(self) -> ArcWarcRecord: ...
