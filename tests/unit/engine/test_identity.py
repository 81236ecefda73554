from __future__ import annotations

import pytest

from indexer.engine.identity import Mention, email_key, organisation_keys, same_people


def at(name: str, email: str = "", organisation: str = "", page: str = "") -> Mention:
    return Mention(
        name=name,
        email=f"{email}@example.org" if email else "",
        organisations=organisation_keys(organisation),
        page=page,
    )


EVA = "eva ek"


@pytest.mark.parametrize(
    ("mentions", "people"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([at(EVA, "eva"), at(EVA, "eva")], ["01"], id="one address"),
        pytest.param([at(EVA, "eva"), at(EVA, "evek")], ["0", "1"], id="two addresses"),
        pytest.param(
            [at(EVA, "evek"), at("eva maria ek", "evek")], ["01"], id="one name in the other"
        ),
        pytest.param(
            [at(EVA, "eva.ek"), at("eva berg", "eva.ek")], ["01"], id="a new name, the old address"
        ),
        pytest.param(
            [at("åsa ek", "asa.ek"), at("åsa berg", "asa.ek")], ["01"], id="an address in ASCII"
        ),
        pytest.param(
            [at(EVA, "info"), at("bo alm", "info"), at(EVA, "info")], ["02", "1"], id="a mailbox"
        ),
        pytest.param(
            [at(EVA, "info"), at("eva berg", "info")], ["0", "1"], id="a mailbox of namesakes"
        ),
        pytest.param([at(EVA), at(EVA)], ["01"], id="a bare name"),
        pytest.param([at(EVA), at("bo alm")], ["0", "1"], id="two names"),
        pytest.param(
            [at(EVA, "", "Högskolan"), at(EVA, "", "Staden")], ["0", "1"], id="two organisations"
        ),
        pytest.param(
            [at(EVA, "", "Högskolan, Avd. A"), at(EVA, "", "Avd. B; HÖGSKOLAN")],
            ["01"],
            id="an organisation in common",
        ),
        pytest.param(
            [at(EVA, "", "A"), at(EVA, "", "B"), at(EVA, "", "A; B")],
            ["012"],
            id="two organisations that a third mention holds together",
        ),
        pytest.param(
            [at(EVA, "eva", "A"), at(EVA, "", "A"), at(EVA, "", "B")],
            ["01", "2"],
            id="an address, and a colleague of another house",
        ),
        pytest.param(
            [at(EVA, "eva"), at(EVA, "", "B")], ["01"], id="an address of an unknown house"
        ),
        pytest.param(
            [at(EVA, "eva"), at(EVA, "", "A"), at(EVA, "", "B")],
            ["0", "1", "2"],
            id="an address that may be of either house",
        ),
        pytest.param(
            [at(EVA, "eva", "A"), at(EVA, "evek", "A"), at(EVA, "", "A")],
            ["0", "1", "2"],
            id="an organisation with two of that name",
        ),
        pytest.param([at(EVA), at(EVA, "eva")], ["01"], id="the only one with that name"),
        pytest.param(
            [at(EVA), at(EVA, "eva"), at(EVA, "evek"), at(EVA)],
            ["03", "1", "2"],
            id="a bare name and two who have it",
        ),
        pytest.param(
            [at(EVA, page="1"), at(EVA, "eva", page="1"), at(EVA, "evek"), at(EVA, page="2")],
            ["01", "2", "3"],
            id="a bare name beside its address",
        ),
        pytest.param(
            [at(EVA), at("eva berg", "eva"), at(EVA, "eva"), at("eva berg")],
            ["0123"],
            id="bare names, old and new",
        ),
    ],
)
def test_people_are_told_apart(mentions: list[Mention], people: list[str]) -> None:
    assert same_people(mentions) == [tuple(map(int, places)) for places in people]


def test_an_address_of_very_many_names_is_a_mailbox() -> None:
    mentions = [at(f"eva {number}", "eva") for number in range(30)]

    assert len(same_people(mentions)) == 30


def test_the_way_to_write_an_address_or_an_organisation_does_not_count() -> None:
    assert email_key(" mailto:Eva.Ek@example.org ") == "eva.ek@example.org"
    assert organisation_keys(" Högskolan  Väst ,; Staden") == {"högskolan väst", "staden"}
    assert organisation_keys("") == frozenset()
