"""Which words were meant by somebody who typed without å, ä and ö."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.analysis.folding import fold

if TYPE_CHECKING:
    from indexer.analysis.frequencies import WordFrequencies
    from indexer.analysis.lexicon import Lexicon
    from indexer.analysis.morphology import Morphology

_SO_MUCH_MORE_FREQUENT = 5
_MOST = 3
_MEANT = {"a": "aåä", "o": "oö", "e": "eé"}
_MOST_STEPS = 400


class DiacriticsRestorer:
    """Finds the words of the index behind words without diacritics.

    The policy: a word that nobody knows is searched in every restored form; one that is known, or
    that the index holds, only in forms that the index uses at least five times as often. So
    `hogskolan` finds högskolan, and `rad` does not find råd.
    """

    def __init__(
        self, lexicon: Lexicon, frequencies: WordFrequencies, morphology: Morphology
    ) -> None:
        self._lexicon = lexicon
        self._frequencies = frequencies
        self._morphology = morphology

    def restore(self, word: str) -> list[str]:
        """Return the forms to search besides `word`, the most frequent first."""
        if not word.isalpha():
            return []
        used = max(
            self._frequencies.uses(word), self._frequencies.uses(self._morphology.lemma(word))
        )
        known = used > 0 or self._morphology.is_known(word)
        if known and not word.isascii():
            return []
        least = _SO_MUCH_MORE_FREQUENT * max(used, 1) if known else 1
        forms = {
            form: self._frequencies.uses(form)
            for form in self._frequencies.restored(fold(word))
            if form != word
        }
        if not forms and not known:
            forms = self._forms_of_the_lexicon(fold(word))
        enough = [form for form, uses in forms.items() if uses >= least]
        return sorted(enough, key=lambda form: (-forms[form], form))[:_MOST]

    def _forms_of_the_lexicon(self, folded: str) -> dict[str, int]:
        """Return known forms that the index does not hold, but whose lemma it does."""
        found: dict[str, int] = {}
        waiting = [""]
        steps = 0
        while waiting and steps < _MOST_STEPS:
            steps += 1
            prefix = waiting.pop()
            if len(prefix) == len(folded):
                uses = self._frequencies.uses(self._morphology.lemma(prefix))
                if uses and self._lexicon.entry(prefix):
                    found[prefix] = uses
                continue
            letter = folded[len(prefix)]
            continued = (prefix + meant for meant in _MEANT.get(letter, letter))
            waiting.extend(form for form in continued if self._may_continue(form, len(folded)))
        return found

    def _may_continue(self, prefix: str, length: int) -> bool:
        """Tell whether a form begins so; the genitive -s at the end is no form of its own."""
        forms = self._lexicon.swedish
        return next(forms.iterkeys(prefix), None) is not None or (
            len(prefix) == length and prefix[-1] == "s" and prefix[:-1] in forms
        )
