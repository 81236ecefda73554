"""What of an index may be offered: everything, or what is left when documents are hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.engine.suggesting.kinds import PHRASE
from indexer.engine.suggesting.rows import Mask, Numbers, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray


class Visible:
    """How many documents use each entry, what kind it then is, and where it ranks.

    With nothing hidden these are the arrays of the index; otherwise making this costs a look at
    every use and a sort, some ten milliseconds, and asking it little more than before.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], *, hidden: Iterable[int] = ()) -> None:
        self.counts, self.kinds = arrays["count"], arrays["kind"]
        self._hidden = np.asarray(list(hidden), np.int64)
        self._places: Numbers | None = None
        if len(self._hidden):
            self._leave_out(arrays)

    def shows(self, document: int) -> bool:
        """Tell whether a document is not hidden."""
        return document not in self._hidden

    def best(self, entries: Numbers, limit: int) -> Numbers:
        """Return the best of `entries`, which are in the order of their numbers, best first."""
        if self._places is None:
            return entries[:limit]
        entries = entries[self.counts[entries] > 0]
        places = self._places[entries]
        if len(entries) > limit:
            nearest = np.argpartition(places, limit - 1)[:limit]
            entries, places = entries[nearest], places[nearest]
        return entries[np.argsort(places)]

    def place(self, entry: int) -> int:
        """Return the rank of an entry, 0 for the best."""
        return entry if self._places is None else int(self._places[entry])

    def _leave_out(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        starts, documents = arrays["use_starts"], arrays["use_document"]
        mask: Mask = np.zeros(arrays["id_starts"].size, bool)
        mask[self._hidden] = True
        gone = np.flatnonzero(mask[documents])
        owners = np.searchsorted(starts, gone, "right") - 1
        self.counts = self.counts.astype(np.int64)
        np.subtract.at(self.counts, owners, 1)

        changed = np.unique(owners)
        uses = Rows(starts=starts, values=np.arange(len(documents))).take(changed)
        # The last kind stands for none: nobody asks what an entry without documents is.
        kinds = np.where(mask[documents[uses.values]], PHRASE, arrays["use_kind"][uses.values])
        self.kinds = np.array(self.kinds)
        if len(changed):
            self.kinds[changed] = np.minimum.reduceat(kinds, uses.starts[:-1])

        order = np.lexsort((arrays["size"], -self.counts))
        self._places = np.empty(len(order), np.int64)
        self._places[order] = np.arange(len(order))
