"""What stands in an article and is none of it: captions, adverts, links to other articles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.extract.charset import clean
from indexer.extract.dom import drop, names, parts, texts

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from indexer.extract.sections import Block

_CAPTION = re.compile(r"\w*caption|bildtext|credits?|fotograf|photographer|fotobyline")
_NOISE = re.compile(
    r"advertis\w+|adverts?|annons\w*|reklam|sponsored links?|"
    r"(?:image|photo|picture|slide|bild)?\s*\d+\s*(?:of|av|/|of /)\s*\d+|back to gallery|"
    r"(?:read|läs|show|visa|see|se) (?:more|mer|all|alla|fler)\W*|"
    r"(?:share|like|dela|gilla)(?: this)?:?|"
    r"like loading\W*|close|caption|loading\W*|comments?|kommentarer?|thanks for watching!?|"
    r"this slideshow requires javascript\.?|media playback is unsupported on your device|"
    r"(?:you may also (?:like|be interested in)|most read|related|relaterat|don.t miss|"
    r"latest news)\b.{0,30}",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\W{0,2}(?:related|relaterat|see (?:more|also)|read (?:more|also)|also|more|watch|"
    r"läs (?:mer|också|även)|se (?:även|också))\s*:\s*\S",
    re.IGNORECASE,
)
_PHOTO = re.compile(
    r"^\(?(?:file )?(?:photos?|foto|bild|image|fotograf|illustration)\s*"
    r"(?:credit|copyright|caption|by|via)?\s*[:/©]|^(?:image|media)\s?(?:copyright|caption)|"
    r"\(?\b(?:credit|image|photo|foto|bild)\s?: ?[^.:]{2,50}\)?$|getty images\S*$|submitted photo$",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 400
_LONGEST_POINTER = 160


def drop_captions(root: Element) -> None:
    """Cut out the captions of pictures."""
    for element in list(root.iter("figcaption")):
        drop(element)
    for element in list(root.iter("div", "p", "span", "small", "em", "cite", "dd")):
        if any(_names_caption(name) for name in names(element)):
            drop(element)


@lru_cache(maxsize=10_000)
def _names_caption(name: str) -> bool:
    words = parts(name)
    return bool(words) and bool(_CAPTION.fullmatch(words[-1]))


def is_noise(block: Block) -> bool:
    """Tell whether a line of an article says nothing of its own."""
    text = block.text
    if len(text) > _LONGEST_CAPTION:
        return False
    if _NOISE.fullmatch(text) or _PHOTO.search(text):
        return True
    if block.is_heading:
        return False
    return len(text) < _LONGEST_POINTER and (bool(_POINTER.match(text)) or _is_one_link(block))


def _is_one_link(block: Block) -> bool:
    """Tell whether a paragraph is nothing but a link to another page."""
    link = block.holder
    if link is None or link.tag != "a" or not (link.get("href") or "").startswith(("http", "/")):
        return False
    if block.text.startswith("http"):
        return False
    parent = link.getparent()
    return parent is not None and parent.tag == "p" and clean("".join(texts(link))) == block.text
