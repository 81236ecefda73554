"""The description of the API is kept by hand: here it is compared with the program, both ways."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import falcon.inspect
import falcon.testing
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from indexer.engine import Change, Difference, FactChange
from indexer.engine.changes import CHANGES, write_changes
from indexer.engine.memory_backend import MemoryIndex
from search_api import app, errors
from search_api.resources.text_pages import TEXT_PAGES
from search_api.settings import Settings
from tests.api.knowledge import KNOWLEDGE, PARTNER, PROJECT

Client = falcon.testing.TestClient
PACKAGE = Path(app.__file__).parent
SPEC: Any = yaml.safe_load((PACKAGE / "openapi.yaml").read_text("utf-8"))

FOR_BROWSERS = (
    r"/(?:$|en$|robots\.txt|static/|widget\.js|(?:en/)?(?:sok|dokument|partner|personer|andringar))"
)
"""Pages and what belongs to them; whoever writes a program needs none of them."""


class Operation(NamedTuple):
    path: str
    described: Any

    @property
    def parameters(self) -> list[Any]:
        return [resolved(it) for it in self.described.get("parameters", [])]

    @property
    def queried(self) -> dict[str, Any]:
        return {it["name"]: it for it in self.parameters if it["in"] == "query"}

    @property
    def address(self) -> str:
        return self.path.replace("{document_id}", PARTNER.id)

    def query(self, **given: object) -> str:
        """Return a query string with what is required, and `given` besides."""
        required = {name: it["example"] for name, it in self.queried.items() if it.get("required")}
        return urlencode(required | given, doseq=True)


def resolved(part: Any) -> Any:
    while "$ref" in part:
        found = SPEC
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


OPERATIONS = [Operation(path, item["get"]) for path, item in SPEC["paths"].items()]
PARAMETERS = [
    (operation, parameter) for operation in OPERATIONS for parameter in operation.queried.values()
]
WITH_DEFAULT = [
    (operation, parameter)
    for operation, parameter in PARAMETERS
    if "default" in resolved(parameter["schema"])
]


def named(part: Any) -> str:
    return part.path if isinstance(part, Operation) else str(part["name"])


each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda it: it.path)


def validator(schema: Any) -> Draft202012Validator:
    whole = {"allOf": [schema], "components": SPEC["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker(["date"]))


@pytest.fixture
def history(index: MemoryIndex, completing_bundle: Path, tmp_path: Path) -> None:
    """Publish the documents, and what has become of them."""
    bundle = tmp_path / "bundle"
    shutil.copytree(completing_bundle, bundle)
    now = dt.datetime.now(dt.UTC)
    told = Difference(
        facts=(FactChange(fact="areas", removed=("Skola",), added=("Hälsa",)),),
        words_added=4,
        words_removed=2,
        added=("Avtalet gäller i fem år.",),
    )
    changed = Change(
        id=PARTNER.id,
        event="changed",
        at=now,
        url=PARTNER.url,
        title=PARTNER.title,
        kind="partner",
        partners=PARTNER.partners,
        areas=PARTNER.areas,
        source=PARTNER.source,
        difference=told,
    )
    gone = Change(
        id="gone", event="removed", at=now, url="javascript:1", title="Borta", reason="http_410"
    )
    added = Change(id=PROJECT.id, event="added", at=now, url=PROJECT.url, title=PROJECT.title)
    write_changes(bundle / CHANGES, (changed, gone, added))
    with index.writer(bundle=bundle) as writer:
        for item in KNOWLEDGE:
            writer.put(item)
    index.publish(index.generations()[-1].name)


# --- the description itself -----------------------------------------------------------------------


def parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from parts(inner)


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    referred = {part["$ref"] for part in parts(SPEC) if "$ref" in part}
    defined = {
        f"#/components/{sort}/{name}"
        for sort, components in SPEC["components"].items()
        for name in components
    }

    assert referred == defined


@pytest.mark.parametrize("name", SPEC["components"]["schemas"])
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SPEC["components"]["schemas"][name])


def test_every_operation_has_an_id_of_its_own() -> None:
    named = [operation.described["operationId"] for operation in OPERATIONS]

    assert len(set(named)) == len(named)


def test_what_is_served_was_made_of_what_is_kept(client: Client) -> None:
    served: Any = client.simulate_get("/openapi.json").json

    assert served == SPEC, "run scripts/openapi"


def test_the_server_is_where_the_service_is_known(index: MemoryIndex) -> None:
    def servers(**values: Any) -> Any:
        client = Client(app.create_app(index, Settings(data_dir="x", **values)))
        return client.simulate_get("/openapi.json").json["servers"]

    assert servers(root_path="/under") == [{"url": "/under"}]
    assert servers(base_url="https://www.example.org/", root_path="/under") == [
        {"url": "https://www.example.org/under"}
    ]


# --- routes and parameters ------------------------------------------------------------------------


def test_every_route_is_described_and_every_description_has_a_route(index: MemoryIndex) -> None:
    created = app.create_app(index, Settings(data_dir="x"))
    routes = {route.path for route in falcon.inspect.inspect_routes(created)}
    texts = {f"{prefix}/{name}" for prefix in ("", "/en") for name in (*TEXT_PAGES, "status")}

    for_programs = {path for path in routes - texts if not re.match(FOR_BROWSERS, path)}
    assert for_programs == {operation.path for operation in OPERATIONS}


@pytest.mark.usefixtures("history")
@each_operation
def test_every_parameter_is_described_and_every_description_has_one(
    client: Client, operation: Operation
) -> None:
    in_path = {it["name"] for it in operation.parameters if it["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", operation.path))
    refused: Any = client.simulate_get(operation.address, query_string="zzzzzzzz=1&lang=en")
    if operation.path in {"/healthz", "/readyz"}:
        # Whoever checks health adds what they like.
        assert refused.status_code == 200
        assert not operation.queried
        return

    told = refused.json["detail"]
    if not operation.queried:
        # Then lang is not known, either, and the answer is in Swedish or English.
        assert "there are none here" in told
        return
    known = told.partition("; there are ")[2].split(", ")
    assert set(known) == set(operation.queried)


def status(client: Client, operation: Operation, **given: object) -> int:
    response = client.simulate_get(operation.address, query_string=operation.query(**given))
    return response.status_code


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("operation", "parameter"), PARAMETERS, ids=named)
def test_what_a_parameter_may_be_is_as_described(
    client: Client, operation: Operation, parameter: Any
) -> None:
    name = parameter["name"]
    allowed, refused = examples(parameter)

    assert allowed
    assert refused
    for value in allowed:
        also = {"size": 1} if name == "page" else {}
        assert status(client, operation, **also, **{name: value}) in {200, 404}, value
    for value in refused:
        assert status(client, operation, **{name: value}) == 400, value


def examples(parameter: Any) -> tuple[list[Any], list[Any]]:
    """Return values that the schema of a parameter allows, and others."""
    schema = resolved(parameter["schema"])
    if schema["type"] != "array":
        return of_schema(schema)
    allowed, refused = of_schema(resolved(schema["items"]))
    if not parameter.get("explode", True):
        return [*allowed, ",".join(allowed)], [*refused, ",".join([*allowed, "x"])]
    most = schema["maxItems"]
    if "enum" in resolved(schema["items"]):
        return [*allowed, allowed], refused
    many = [f"{2000 + n}" for n in range(most + 1)]
    return [*allowed, many[:most]], [*refused, many]


def of_schema(schema: Any) -> tuple[list[Any], list[Any]]:
    if "enum" in schema:
        return schema["enum"], ["x", schema["enum"][0].upper(), schema["enum"][0] + " "]
    if schema["type"] == "boolean":
        return ["true", "false"], ["True", "1", "yes"]
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        return [least, most], [least - 1, most + 1, "x", "1.0", "٣"]
    if schema.get("format") == "date":
        return ["2026-01-31", "0001-01-01", "9999-12-31"], ["2026-02-30", "20260131", "x"]
    if schema["pattern"].startswith("^[0-9]"):
        return ["2026", "0000"], ["20", "20260", "x", "٢٠٢٦"]
    most = schema["maxLength"]
    return ["å", "å" * most], ["å" * (most + 1), "a\x00b", "a\x1fb", "a\x7fb", "a\x85b"]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("operation", "parameter"), WITH_DEFAULT, ids=named)
def test_a_default_is_as_described(client: Client, operation: Operation, parameter: Any) -> None:
    default = parameter["schema"]["default"]
    if isinstance(default, list):
        default = ",".join(default)
    value = str(default).lower() if isinstance(default, bool) else default

    plain = client.simulate_get(operation.address, query_string=operation.query())
    given = client.simulate_get(
        operation.address, query_string=operation.query(**{parameter["name"]: value})
    )

    assert plain.status_code == given.status_code == 200
    assert plain.headers["etag"] == given.headers["etag"]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(("operation", "parameter"), PARAMETERS, ids=named)
def test_an_empty_value_is_none_where_that_is_described(
    client: Client, operation: Operation, parameter: Any
) -> None:
    if parameter.get("required"):
        assert not parameter.get("allowEmptyValue")
        assert client.simulate_get(operation.address, query_string="format=").status_code == 400
        return
    # Free texts and lists may be empty by their schemas; a comma list is then one of nothing.
    schema = resolved(parameter["schema"])
    is_free = schema["type"] == "array" or ("pattern" in schema and "enum" not in schema)
    plain, empty = (
        client.simulate_get(operation.address, query_string=query)
        for query in (operation.query(), f"{operation.query()}&{parameter['name']}=")
    )

    assert parameter.get("allowEmptyValue") or is_free
    assert empty.status_code == 200
    if parameter.get("explode", True):
        assert plain.headers["etag"] == empty.headers["etag"]


# --- answers --------------------------------------------------------------------------------------


QUERIES: list[dict[str, Any]] = [
    {},
    {"q": "samverkan"},
    {"q": "AIL", "lang": "en"},
    {"q": "samvrekan"},
    {"q": "sida"},
    {"q": "zzzzqqqq"},
    {"kind": ["partner", "publication"], "size": 1, "page": 2},
    {"partner": "Trollhättans Stad", "limit": 1},
    {"facets": "", "size": 100},
    {"event": "removed"},
    {"id": PARTNER.id},
    *({"format": name} for name in ("bibtex", "csl-json", "csv", "jsonl")),
]


@pytest.mark.usefixtures("history")
@each_operation
def test_what_is_answered_is_as_described(client: Client, operation: Operation) -> None:
    asked = [query for query in QUERIES if set(query) <= set(operation.queried)]
    for query in asked:
        response = client.simulate_get(operation.address, query_string=operation.query(**query))

        assert response.status_code == 200, query
        check(response, operation)
        described = operation.described["responses"]["200"]
        for name, header in described.get("headers", {}).items():
            schema = resolved(resolved(header)["schema"])
            value: Any = response.headers[name.lower()]
            validator(schema).validate(int(value) if schema["type"] == "integer" else value)


def check(response: falcon.testing.Result, operation: Operation) -> None:
    """Hold an answer to the description of its status and media type."""
    described = resolved(operation.described["responses"][str(response.status_code)])
    media_type = response.headers["content-type"].partition(";")[0]
    schema = described["content"][media_type]["schema"]
    content: Any = response.json if media_type.endswith("json") else response.text
    validator(schema).validate(content)


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("document", KNOWLEDGE, ids=lambda it: it.title)
def test_every_document_is_told_as_described(client: Client, document: Any) -> None:
    for operation in OPERATIONS:
        if "{document_id}" in operation.path:
            path = operation.path.replace("{document_id}", document.id)
            check(client.simulate_get(path), operation)


@pytest.mark.usefixtures("history")
@each_operation
def test_what_is_refused_is_as_described(client: Client, operation: Operation) -> None:
    seen = {"200"}
    requests = [
        (operation.address, "zzzzzzzz=1"),
        (operation.path.replace("{document_id}", "gone"), operation.query()),
        (operation.address, "q=" + "a" * 16_400),
    ]
    if "id" in operation.queried and "format" in operation.queried:
        requests.append((operation.address, operation.query(id="gone")))
    for path, query in requests:
        response = client.simulate_get(path, query_string=query)
        if response.status_code != 200:
            check(response, operation)
            seen.add(str(response.status_code))

    first = client.simulate_get(operation.address, query_string=operation.query())
    if tag := first.headers.get("etag"):
        held = client.simulate_get(
            operation.address, query_string=operation.query(), headers={"If-None-Match": tag}
        )
        seen.add(str(held.status_code))
    # 429 and 503 have tests of their own below.
    assert seen == set(operation.described["responses"]) - {"429", "503"}


@each_operation
def test_without_an_index_the_answer_is_as_described(client: Client, operation: Operation) -> None:
    response = client.simulate_get(operation.address, query_string=operation.query())

    check(response, operation)
    assert response.status_code == (503 if "503" in operation.described["responses"] else 200)


@pytest.mark.usefixtures("history")
@each_operation
def test_who_asks_too_often_is_told_so_as_described(
    index: MemoryIndex, operation: Operation
) -> None:
    client = Client(app.create_app(index, Settings(data_dir="x", rate_limit_per_minute=1)))
    client.simulate_get("/api/v1/search")

    response = client.simulate_get(operation.address, query_string=operation.query())

    check(response, operation)
    assert response.status_code == (429 if "429" in operation.described["responses"] else 200)
    if response.status_code == 429:
        assert int(response.headers["retry-after"]) >= 1


def test_the_codes_of_errors_are_described() -> None:
    problem = SPEC["components"]["schemas"]["Problem"]

    assert set(problem["properties"]["code"]["enum"]) == set(errors._TITLES)
