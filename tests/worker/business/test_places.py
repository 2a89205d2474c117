"""`locations` of a specialist: a list, or places by weekday; a working day without one is refused."""

import pytest

from worker.business.document import Document
from worker.business.export import write_document
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document

FILE = """
business: {name: B, timezone: UTC, currency: EUR}
locations: [{name: Main}, {name: Side}]
specialists: [{name: Alice, WHERE, hours: {mon-thu: ["09:00-18:00"]}}]
"""
WEEK = tuple(range(7))


def read(where: str) -> Document:
    return read_document(FILE.replace("WHERE", where).encode(), "b.yaml")


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ("telegram_id: 5", {}),
        ("locations: []", {}),
        ("locations: [Side]", {"Side": WEEK}),
        ("locations: [Side, Main]", {"Side": WEEK, "Main": WEEK}),
        ("locations: {mon-wed: Main, thu: Side}", {"Main": (0, 1, 2), "Side": (3,)}),
        ("locations: {mon-wed: Main, thu: [Main, Side]}", {"Main": (0, 1, 2, 3), "Side": (3,)}),
    ],
)
def test_places_are_a_list_or_go_by_weekday(where: str, places: dict[str, tuple[int, ...]]) -> None:
    document = read(where)
    assert document.specialists[0].locations == places
    assert read_document(write_document(document).encode(), "b.yaml") == document


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("locations: [Mian]", "'Mian' is not a location of this file; did you mean Main?"),
        ("locations: {mon: Main}", "names no place for a weekday with hours"),
        ("locations: {noon: Main}", "'noon' is not a weekday"),
        ("locations: Main", "is a list of locations, or a mapping of weekdays to them"),
    ],
)
def test_what_is_no_place_is_refused(where: str, sentence: str) -> None:
    with pytest.raises(RefusedFileError) as refused:
        read(where)
    assert sentence in str(refused.value)


def test_an_exception_on_a_weekday_without_a_place_is_refused() -> None:
    friday = 'locations: {mon-thu: Main}, exceptions: [{date: 2026-12-25, hours: ["10:00-12:00"]}]'
    with pytest.raises(RefusedFileError, match="names no place for a weekday with hours"):
        read(friday)
    closed = read(friday.replace('["10:00-12:00"]', "[]"))
    assert closed.specialists[0].locations == {"Main": (0, 1, 2, 3)}
