"""Files pasted from chats and word processors: what nobody sees is no difference, and never a riddle."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.worker.business.documents import stored_as
from worker.business.document import LISTS, Document
from worker.business.export import write_document
from worker.business.identity import match
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.stored import StoredBusiness

PASTED = (Path(__file__).parent / "pasted.yaml").read_bytes()
HEAD = "business: {name: B, timezone: UTC, currency: EUR}\n"


def refusal(text: str) -> str:
    with pytest.raises(RefusedFileError) as caught:
        read_document((HEAD + text).encode(), "b.yaml")
    return str(caught.value)


def read(text: str) -> Document:
    return read_document((HEAD + text).encode(), "b.yaml")


def test_a_pasted_file_is_refused_for_the_one_name_that_stands_twice() -> None:
    with pytest.raises(RefusedFileError) as caught:
        read_document(PASTED, "pasted.yaml")
    same = "is the name of another one already, 'Haircut': capitals make no other name"
    assert str(caught.value) == f"pasted.yaml:7: services[2].name: 'haircut' {same}"


def test_a_pasted_file_means_what_people_see() -> None:
    document = read_document(PASTED.replace(b"name: haircut", b"name: trim"), "pasted.yaml")
    assert document.business.name == "Salon Luise"
    assert document.locations[0].name == "Main street"
    assert [service.name for service in document.services] == ["Haircut", "Cut & colour", "trim"]
    [alice] = document.specialists
    assert (alice.name, list(alice.services)) == ("Alice", ["Haircut", "Cut & colour"])
    assert alice.hours == {**dict.fromkeys(range(5), ((540, 1080),)), 5: ((540, 1440),)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("locations: [{name: A}, {name: a}]", "'a' is the name of another one already, 'A'"),
        ('locations: [{name: A}, {name: "A\\u2060"}]', "'A' is the name of another one already"),
        ('services: [{name: "\\u200b\\u3164", duration: 5m}]', "nothing that anybody sees: <U+200B><U+3164>"),
        (
            'locations: [{"na\\u200bme": A, name: B}]',
            "locations[0].name: stands here twice: leave one of the two lines",
        ),
        (
            "specialists: [{name: A, hours: {Mo: [9-18], mon: []}}]",
            "mon has its hours in another line already",
        ),
    ],
)
def test_what_looks_the_same_is_the_same(text: str, said: str) -> None:
    assert said in refusal(text)


@pytest.mark.parametrize("name", ["haircut", '"Hair\\u200bcut"', '"Haircut\\u00a0"', '"nails/haircut"'])
def test_a_list_finds_the_name_that_is_meant(name: str) -> None:
    services = "services: [{category: Nails, name: Haircut, duration: 5m}]\n"
    document = read(f"{services}specialists: [{{name: A, services: [{name}]}}]\n")
    assert list(document.specialists[0].services) == ["Nails/Haircut"]


def test_names_of_before_are_the_same_entries_and_are_exported_clean() -> None:
    clean = read(
        "locations: [{name: Main}]\nservices: [{name: Haircut, duration: 5m}]\n"
        "specialists: [{name: Alice, services: [Haircut], locations: [Main]}]\n"
    )
    [place], [service], [person] = clean.locations, clean.services, clean.specialists
    old = replace(
        clean,
        locations=(replace(place, name="Main\u200b"),),
        services=(replace(service, name="Hair\u00adcut"),),
        specialists=(
            replace(
                person,
                name="\ufeffAlice",
                services={"Hair\u00adcut": person.services["Haircut"]},
                locations={"Main\u200b": person.locations["Main"]},
            ),
        ),
    )
    stored = stored_as(old)
    unnamed = StoredBusiness(
        old,
        {
            kind: [replace(row, entry=replace(row.entry, id=None)) for row in stored.rows[kind]]
            for kind in LISTS.values()
        },
    )
    matching = match(unnamed, clean)
    assert all(pair.row for pairs in matching.pairs.values() for pair in pairs)
    assert (matching.renames, matching.problems) == ([], [])
    assert read_document(write_document(old).encode(), "b.yaml") == clean
