from typing import IO

from warcio.statusandheaders import StatusAndHeaders

class ArcWarcRecord:
    rec_type: str
    rec_headers: StatusAndHeaders
    http_headers: StatusAndHeaders | None
    raw_stream: IO[bytes]
    def content_stream(self) -> IO[bytes]: ...
