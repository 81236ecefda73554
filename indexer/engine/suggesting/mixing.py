"""Which of the best of each kind stand in a list of completions.

By use alone a list would hold phrases only: a title stands on one page, a partner on some, and a
phrase on hundreds. So a quarter of the list each is kept for names, titles and phrases, as far as
they match; the rest goes to the best, but no more than half of the list to titles while there is
anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from indexer.engine.suggesting.kinds import AREA, KINDS, PARTNER, PERSON, PHRASE, TITLE

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES, TITLES, PHRASES = GROUPS = range(3)

GROUP_OF_KIND = np.zeros(len(KINDS), np.uint8)
GROUP_OF_KIND[[PARTNER, AREA, PERSON]] = NAMES
GROUP_OF_KIND[TITLE] = TITLES
GROUP_OF_KIND[PHRASE] = PHRASES


class Candidate(NamedTuple):
    """An entry that matches; the less, the better. `late` is 0 where nothing could fit better."""

    late: int
    place: int
    entry: int
    group: int


def mixed(candidates: Iterable[Candidate], limit: int) -> list[Candidate]:
    """Return at most `limit` candidates, best first."""
    ordered = sorted(candidates)
    of_group = [[each for each in ordered if each.group == group] for group in GROUPS]
    titles = max(limit // 2, limit - sum(each.group != TITLES for each in ordered))
    of_group[TITLES] = of_group[TITLES][:titles]
    kept = [each for best in of_group for each in best[: limit // 4]]
    rest = sorted(each for best in of_group for each in best[limit // 4 :])
    return sorted([*kept, *rest[: limit - len(kept)]])
