"""Words without their diacritics, as people type them."""

from __future__ import annotations

_FOLDED = str.maketrans("åäàáâãöøòóôéèêëüùúûïíìîçñ", "aaaaaaoooooeeeeuuuuiiiicn") | {ord("æ"): "ae"}


def fold(word: str) -> str:
    """Return a lower-case word with å ä ö é … replaced by a a o e …; for look-ups at query time.

    Never index folded words: råd is not rad.
    """
    return word if word.isascii() else word.translate(_FOLDED)
