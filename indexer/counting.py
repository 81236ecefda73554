"""Numbers with what there are so many of, as the verbs and the reports tell them."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """Return a number and a word in the right number: 1 document, 2 documents."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
