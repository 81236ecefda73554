"""What a completion can be. A text that is several of these is the first."""

from __future__ import annotations

from typing import Literal

CompletionKind = Literal["partner", "area", "person", "title", "phrase"]

KINDS: tuple[CompletionKind, ...] = ("partner", "area", "person", "title", "phrase")

PARTNER, AREA, PERSON, TITLE, PHRASE = range(len(KINDS))
