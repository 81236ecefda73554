"""What stands between two spaces, each judged once: which word it is, and what it may be next to.

Cutting at spaces and looking the pieces up is four times faster than finding words; commas, full
stops and brackets then belong to a piece, and are remembered as ends of phrases.
"""

from __future__ import annotations

from array import array

from indexer.analysis.tokenizer import find_tokens, normalize
from indexer.analysis.wordlists import word_list
from indexer.engine.suggesting.wording import is_word, shown

END = "|"
"""A piece that ends every phrase."""

BEGINS, INSIDE, ENDS, AFTER_STOP, BEFORE_STOP = 1, 2, 4, 8, 16
"""What a piece may be in a phrase: its first, middle or last word; whether one ends around it."""

_LONGEST = 40
_YEAR = 4
_HYPHENS = ("-", "\u2010", "\u2011")


class Vocables(dict[str, int]):
    """Numbers of pieces; 0 is no word of any phrase.

    Piece `n` is word ``words[n]`` in lower case, written ``forms[written[n]]``, and may be
    ``roles[n]``. At most `most` pieces are told apart: those that come later are no words.
    """

    def __init__(self, *, most: int) -> None:
        self.words = array("q", [0])
        self.written = array("q", [0])
        self.roles = array("B", [0])
        self.forms = [""]
        self._most = most
        self._word_numbers: dict[str, int] = {}
        self._form_numbers: dict[str, int] = {}
        self._joins = word_list("phrase_joins")
        self._small = (
            word_list("stopwords_sv") | word_list("stopwords_en") | word_list("not_phrase_edges")
        )

    def __missing__(self, piece: str) -> int:
        if len(piece) > _LONGEST or len(self) >= self._most:
            return 0
        self[piece] = number = self._judge(piece)
        return number

    def _judge(self, piece: str) -> int:
        found = find_tokens(piece)
        if len(found) != 1:
            return 0
        before, _, after = piece.partition(found[0])
        role = self._role(normalize(found[0]))
        # Half a word, as in "samverkans- och partnerskapsavtal", is no end of a phrase.
        if not role or before.endswith(_HYPHENS) or after.startswith(_HYPHENS):
            return 0
        form = shown(found[0])
        self.words.append(self._number_of(normalize(found[0])))
        self.written.append(self._form_numbers.setdefault(form, len(self.forms)))
        if self.written[-1] == len(self.forms):
            self.forms.append(form)
        self.roles.append(role | (AFTER_STOP if before else 0) | (BEFORE_STOP if after else 0))
        return len(self.words) - 1

    def _number_of(self, word: str) -> int:
        return self._word_numbers.setdefault(word, len(self._word_numbers) + 1)

    def _role(self, word: str) -> int:
        if word in self._joins:
            return INSIDE
        if word in self._small:
            return 0
        if is_word(word):
            return BEGINS | INSIDE | ENDS
        return ENDS if len(word) == _YEAR and word.isdecimal() else 0
