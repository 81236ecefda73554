"""Pages that say they do not exist, although the server says that all is well.

Both must hold: the title or the first heading says so, and there is little else to read. A page
about error pages, or an article with such a title, has more to say.
"""

from __future__ import annotations

import re

_SIGH = r"(?:fel|error|http|oj|hoppsan|ojdå|oops|sorry|tyvärr|whoops|ooops|404)"
_THING = (
    r"(?:(?:den|det|the|this|that)\s+)?(?:här\s+)?(?:begärda\s+|sökta\s+|efterfrågade\s+|requested\s+)?"
    r"(?:webb?)?(?:sidan?|page|dokumentet|document|filen|file|resursen|resource|adressen|innehållet|"
    r"content|länken|url)"
)
_SOUGHT = (
    r"(?:\s+(?:som\s+|that\s+)?(?:(?:du|ni|vi)\s+(?:söker|sökte|letar\s+efter|försökte\s+(?:nå|öppna)|begärde)|"
    r"(?:you|we)(?:\s+(?:are|were)|.re)?\s+(?:requested|looking\s+for|tried\s+to\s+reach)))?"
)
_IS_GONE = r"""(?:
    (?:finns|fanns|existerar|hittas|hittades|är)\s+(?:tyvärr\s+)?(?:inte|ej)
      (?:\s+(?:tillgänglig|funnen|kvar))?
  | saknas | är\s+borttagen | har\s+(?:tagits\s+bort|(?:bytt|ändrat)\s+adress|flyttats?|upphört)
  | (?:kunde|kan)\s+(?:tyvärr\s+)?(?:inte|ej)\s+(?:hittas|visas|laddas|öppnas)
  | (?:could|can)\s*(?:not|n[’']t|[’']t)\s+be\s+(?:found|displayed) | (?:was\s+|is\s+)?not\s+found
  | (?:does\s*n[o’']?t|doesn[’']t)\s+exist | no\s+longer\s+exists
  | is\s+(?:missing|gone|unavailable|not\s+available|no\s+longer\s+available)
  | has\s+been\s+(?:removed|deleted|moved)
)"""
_NOT_FOUND_BY_US = r"""(?:
    (?:vi\s+)?(?:kunde|kan|hittar)\s+(?:tyvärr\s+)?(?:vi\s+)?(?:tyvärr\s+)?inte\s+(?:hitta\s+)?
    (?:sidan|den\s+här\s+sidan|det\s+du\s+söker|dokumentet)
  | (?:we\s+)?(?:could|can)\s*(?:not|n[’']t|[’']t)\s+find\s+(?:the|that|this)\s+page
  | (?:nothing|not|sidan\s+(?:ej|inte))\s+(?:found|funnen) | ingen\s+sida\s+hittad(?:es)?
  | borttagen\s+sida
)"""
# What may follow: nothing, "längre", or another sentence.
_END = r"""(?:\s+(?:längre|här|kvar|du\s+(?:söker|sökte|letar\s+efter)|
    you\s+(?:requested|are\s+looking\s+for)|any\s?more|here|på\s+(?:den\s+här\s+)?(?:webb)?(?:platsen|sidan|servern)|on\s+this\s+(?:site|server)))*
    \W*(?:$|(?<=[.!?:;,–—|])\s*.* | \s[–—|-]\s.*)"""
_SAYS_SO = re.compile(
    rf"""^\W*(?:{_SIGH}\b\W*)*
    (?:{_THING}{_SOUGHT}\s+(?:tyvärr\s+)?{_IS_GONE} | {_NOT_FOUND_BY_US}){_END}
    | ^\W*(?:{_SIGH}\b\W*)*404\W*(?:fel|error|felsida)?\W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST_STATEMENT = 120
_MOST_WORDS = 120
_FEW_WORDS = 25
_MOST_HEADINGS = 4


def says_it_is_missing(text: str) -> bool:
    """Tell whether a title or a heading says that the page is not there."""
    return len(text) <= _LONGEST_STATEMENT and bool(_SAYS_SO.match(text))


def is_soft_404(*, title: str, full_title: str, headings: list[str], text: str) -> bool:
    """Tell whether a page is an error page that came with status 200.

    `full_title` is the ``<title>`` with the site's name, `headings` are those of the content in
    order, `text` is what the content says besides.
    """
    words = len(text.split())
    if words > _MOST_WORDS:
        return False
    stated = (title, *re.split(r"\s+[|·–—-]\s+", full_title), *headings[:1])
    if any(says_it_is_missing(said) for said in stated):
        # One heading after another is a text with parts, such as a guide to such pages.
        return len(headings) <= _MOST_HEADINGS
    return words <= _FEW_WORDS and says_it_is_missing(text.split("\n", maxsplit=1)[0])
