"""The kinds of values that the file holds: type, range, check, and the words for them."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from indexer.config import checks
from indexer.config.expected import Expected
from indexer.model import KINDS, Kind

RuleField = Literal["title", "summary", "published", "modified", "partners", "areas", "persons"]

# --- numbers ------------------------------------------------------------------------------------

Seconds = Annotated[
    float, Field(ge=0, le=3600), Expected("a number of seconds, 0 or more (3600 at most)")
]
Patience = Annotated[
    float, Field(gt=0, le=3600), Expected("a number of seconds, more than 0 (3600 at most)")
]
Megabytes = Annotated[
    float, Field(gt=0, le=1000), Expected("a number of megabytes, more than 0 (1000 at most)")
]
Hours = Annotated[
    float, Field(ge=0, le=8760), Expected("a number of hours, 0 or more (8760 at most)")
]
Days = Annotated[
    float, Field(gt=0, le=3650), Expected("a number of days, more than 0 (3650 at most)")
]
Percent = Annotated[float, Field(ge=0, le=100), Expected("a percentage, 0 to 100")]
Quality = Annotated[
    float, Field(gt=0, le=1), Expected("a number more than 0, such as 0.7 (1 at most)")
]
Version = Annotated[Literal[1], Expected("1, the version of this format")]
PerHost = Annotated[int, Field(ge=1, le=16), Expected("a whole number, 1 to 16")]
Concurrency = Annotated[int, Field(ge=1, le=256), Expected("a whole number, 1 to 256")]
Links = Annotated[int, Field(ge=0, le=100), Expected("a whole number of links, 0 to 100")]
Pages = Annotated[
    int, Field(ge=1, le=10_000_000), Expected("a whole number of pages, 1 to 10000000")
]
Generations = Annotated[int, Field(ge=1, le=100), Expected("a whole number, 1 to 100")]
Hits = Annotated[int, Field(ge=1, le=100), Expected("a whole number of hits, 1 to 100")]
Port = Annotated[int, Field(ge=1, le=65_535), Expected("a port, 1 to 65535")]
RateLimit = Annotated[
    int,
    Field(ge=0, le=100_000),
    Expected("a whole number of requests a minute, 0 (no limit) to 100000"),
]
Searches = Annotated[
    int, Field(ge=2, le=10_000), Expected("a whole number of searches, 2 to 10000")
]
WholeDays = Annotated[int, Field(ge=1, le=3650), Expected("a whole number of days, 1 to 3650")]
Switch = Annotated[bool, Expected("true or false")]
Workers = Annotated[int, Field(ge=1, le=64), Expected("a whole number of processes, 1 to 64")]

# --- words --------------------------------------------------------------------------------------

SourceName = Annotated[
    str,
    Field(pattern=r"^[a-z0-9_-]{1,64}$"),
    Expected("a name of a-z, 0-9, - and _ (64 characters at most)"),
]
SourceType = Annotated[
    Literal["website", "sitemap", "feed", "oai_pmh"],
    Expected("one of website, sitemap, feed, oai_pmh"),
]
MetadataPrefix = Annotated[Literal["oai_dc", "swepub_mods"], Expected("one of oai_dc, swepub_mods")]
# OAI-PMH 2.0, section 2.6: unreserved URI characters, with colons between the levels.
SetSpec = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9\-_.!~*'()]{1,100}(:[A-Za-z0-9\-_.!~*'()]{1,100}){0,9}$"),
    Expected("a setSpec of the repository, such as all-hv"),
]
Backend = Annotated[Literal["whoosh", "opensearch"], Expected("whoosh or opensearch")]
Secret = Annotated[
    str,
    BeforeValidator(checks.secret),
    Expected("env:NAME, the name of an environment variable: secrets do not belong in this file"),
]
Prefix = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$"),
    Expected("a name of a-z, 0-9, - and _ (64 characters at most)"),
]
Shards = Annotated[int, Field(ge=1, le=1000), Expected("a whole number of shards, 1 to 1000")]
Replicas = Annotated[int, Field(ge=0, le=20), Expected("a whole number of copies, 0 to 20")]
NodeUrl = Annotated[
    str,
    Expected("a URL of scheme, host and port, such as https://search-1.example.org:9200"),
    AfterValidator(checks.node_url),
]
KindName = Annotated[Kind, Expected(f"one of {', '.join(KINDS)}")]
FieldName = Annotated[RuleField, Expected(f"one of {', '.join(get_args(RuleField))}")]
Name = Annotated[
    str,
    Field(max_length=200),
    Expected("text (200 characters at most)"),
    AfterValidator(checks.printable),
]
Agent = Annotated[
    str,
    Field(max_length=300),
    Expected("text: a name and a contact (300 characters at most)"),
    AfterValidator(checks.user_agent),
]

# --- addresses ----------------------------------------------------------------------------------

Url = Annotated[
    str,
    Field(max_length=2000),
    Expected("a URL that begins with https:// or http://"),
    AfterValidator(checks.url),
]
BaseUrl = Annotated[
    str,
    Field(max_length=2000),
    Expected("a URL that begins with https:// or http://, or null"),
    AfterValidator(checks.base_url),
]
Host = Annotated[str, Expected("a host such as www.example.org"), AfterValidator(checks.host)]
ProxyAddress = Annotated[str, Expected("an address or a network"), AfterValidator(checks.network)]
PrivateAddress = Annotated[
    str, Expected("an address, a network or a host"), AfterValidator(checks.private_address)
]
ListeningHost = Annotated[
    str, Expected("a host or an address, without a port"), AfterValidator(checks.listening_host)
]
RootPath = Annotated[str, Expected('a path such as /sok, or ""'), AfterValidator(checks.root_path)]
Directory = Annotated[
    str,
    Expected("a directory, relative to this file or absolute"),
    AfterValidator(checks.directory),
]

TextFile = Annotated[
    str,
    Expected("a file, relative to this one or absolute"),
    AfterValidator(checks.directory),
]

Command = Annotated[
    list[str],
    Field(min_length=1, max_length=100),
    Expected("a program and its arguments: a list of texts, or one line"),
    BeforeValidator(checks.command),
]

# --- patterns -----------------------------------------------------------------------------------

Glob = Annotated[str, Expected("a path such as /samverkan/**"), AfterValidator(checks.path_glob)]
Selector = Annotated[str, Expected("a CSS selector"), AfterValidator(checks.selector)]

# --- either or ----------------------------------------------------------------------------------

MODE: Final = "<mode>"
URLS: Final = "<urls>"
"""How pydantic names the branches of `Sitemaps` in the path of an error; the file has none."""


def _branch(value: Any) -> str:
    return URLS if isinstance(value, (list, tuple)) else MODE


Mode = Annotated[Literal["auto", "none"], Expected("auto, none, or a list of URLs")]
Sitemaps = Annotated[
    Annotated[Mode, Tag(MODE)] | Annotated[list[Url], Tag(URLS)], Discriminator(_branch)
]
