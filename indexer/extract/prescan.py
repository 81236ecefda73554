"""What encoding a page says it is in, by its `meta` elements (WHATWG HTML, section 13.2.3.2).

Not a search for "charset": one in a comment, in the value of another attribute or in a tag that
never ends declares nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Known = Callable[[str], str | None]

PRESCAN_BYTES: Final = 16_384
"""More than the 1 024 that a parser waits for: one that finds it later starts over."""

_NEXT: Final = re.compile(rb"<(?:(!--)|(meta)(?=[\t\n\f\r /])|(/?[a-z])|[!/?])", re.IGNORECASE)
_NAME_END: Final = re.compile(rb"[\t\n\f\r >]")
_BETWEEN: Final = re.compile(rb"[\t\n\f\r /]*")
_ATTRIBUTE: Final = re.compile(
    rb"""([^\t\n\f\r />][^\t\n\f\r />=]*)[\t\n\f\r ]*"""
    rb"""(?:=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|(?=>)|"""
    rb"""([^\t\n\f\r >"'][^\t\n\f\r >]*)(?=[\t\n\f\r >]))|(?=[^=]))"""
)
_IN_CONTENT: Final = re.compile(
    r"""charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"'][^\t\n\f\r ;]*))""",
    re.IGNORECASE,
)


def declared_encoding(body: bytes, *, known: Known) -> str | None:
    """Return the encoding that the page declares; `known` names the one of a label, if any."""
    head = body[:PRESCAN_BYTES]
    position = 0
    while found := _NEXT.search(head, position):
        comment, meta, tag = found.groups()
        if meta or tag:
            attributes = _Attributes(head, found.end() if meta else _after_name(head, found.end()))
            # Of an attribute that stands twice the first one counts.
            said = dict(reversed(list(attributes)))
            if meta and not attributes.is_cut_off and (encoding := _of_meta(said, known)):
                return encoding
            position = attributes.position
        else:
            end = b"-->" if comment else b">"
            place = head.find(end, found.start() + 2)
            position = place + len(end) if place >= 0 else len(head)
    return None


def _after_name(head: bytes, position: int) -> int:
    found = _NAME_END.search(head, position)
    return found.start() if found else len(head)


class _Attributes:
    """The attributes of a tag, names in small letters; `position` is where they end."""

    def __init__(self, head: bytes, position: int) -> None:
        self._head = head
        self.position = position
        self.is_cut_off = False

    def __iter__(self) -> Iterator[tuple[str, str]]:
        while True:
            between = _BETWEEN.match(self._head, self.position)
            self.position = between.end() if between else self.position
            if self._head.startswith(b">", self.position):
                return
            found = _ATTRIBUTE.match(self._head, self.position)
            if found is None:
                self.is_cut_off, self.position = True, len(self._head)
                return
            self.position = found.end()
            name, *values = (part or b"" for part in found.groups())
            yield name.decode("latin-1").lower(), b"".join(values).decode("latin-1")


def _of_meta(said: dict[str, str], known: Known) -> str | None:
    if "charset" in said:
        return known(said["charset"])
    if said.get("http-equiv", "").lower() != "content-type":
        return None
    found = _IN_CONTENT.search(said.get("content", ""))
    return known("".join(part or "" for part in found.groups())) if found else None
