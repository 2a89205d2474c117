"""Renamed is not removed and made anew: which entry of a file is which row."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.worker.business.documents import documents, stored_as
from tests.worker.business.test_round_trip import CLOCK, stored
from worker.business.apply import apply_document
from worker.business.document import LISTS, Document
from worker.business.export import write_document
from worker.business.identity import match
from worker.business.problems import RefusedFileError
from worker.business.reader import read_document
from worker.business.stored import StoredBusiness, StoredEntry
from worker.db.engine import Sessions

HEAD = "business: {name: B, timezone: UTC, currency: EUR}\n"
TWO = "{name: Cut, duration: 45m}, {name: Shave, duration: 20m}"


def services(entries: str) -> Document:
    return read_document(f"{HEAD}services: [{entries}]\n".encode(), "b.yaml")


def specialists(entries: str) -> Document:
    return read_document(f"{HEAD}specialists: [{entries}]\n".encode(), "b.yaml")


def followed(before: Document, after: Document) -> list[str | None]:
    """Return for each entry of the list that is there what it was called before."""
    matching = match(stored_as(before), after)
    assert matching.problems == []
    [pairs] = [pairs for pairs in matching.pairs.values() if pairs]
    return [pair.row.entry.key if pair.row else None for pair in pairs]


@pytest.mark.parametrize(
    ("after", "was"),
    [
        ("{name: Cut, duration: 50m}, {name: Wax, duration: 20m, price: 3}", ["Cut", None]),
        ("{id: cut, name: Wax, duration: 5m}, {name: Shave, duration: 20m}", ["Cut", "Shave"]),
        ("{name: Wax, was: Cut, duration: 5m}, {name: Shave, duration: 20m}", ["Cut", "Shave"]),
        # A chain of new names, in either order.
        ("{name: Shave, was: Cut, duration: 5m}, {name: Wax, was: Shave, duration: 5m}", ["Cut", "Shave"]),
        ("{name: Wax, was: Shave, duration: 5m}, {name: Shave, was: Cut, duration: 5m}", ["Shave", "Cut"]),
        # Names that change places.
        ("{id: cut, name: Shave, duration: 5m}, {id: shave, name: Cut, duration: 5m}", ["Cut", "Shave"]),
        # An old name for something new.
        ("{id: cut, name: Wax, duration: 5m}, {name: Cut, duration: 9m}", ["Cut", None]),
        ("{id: own, name: Cut, duration: 5m}", ["Cut"]),
        ("{name: Cut, was: Wax, duration: 5m}", ["Cut"]),  # done before
        ("{name: Wax, duration: 45m}, {name: Shave, duration: 20m}", ["Cut", "Shave"]),  # nothing else
        ("{id: own, name: Wax, duration: 45m}, {name: Shave, duration: 20m}", [None, "Shave"]),
        ("{name: Wax, duration: 45m}, {name: Dye, duration: 20m}", [None, None]),
        ("{category: Hair, name: Cut, duration: 45m}, {name: Shave, duration: 20m}", ["Cut", "Shave"]),
        ("{category: Hair, name: Wax, was: Cut, duration: 5m}", ["Cut"]),
    ],
)
def test_a_service_is_followed(after: str, was: list[str | None]) -> None:
    assert followed(services(TWO), services(after)) == was


@pytest.mark.parametrize(
    ("after", "was"),
    [
        ("{name: Alice Brown, telegram_id: 1}, {name: Bob, telegram_id: 2}", ["Alice", "Bob"]),
        ("{name: Carol, telegram_id: 1}, {name: Bob, telegram_id: 2}", ["Alice", "Bob"]),
        ("{name: Alice, telegram_id: 2}, {name: Bob, telegram_id: 1}", ["Alice", "Bob"]),
        ("{name: Alice B., telegram_id: 7}, {name: Bob, telegram_id: 2}", [None, "Bob"]),
        ("{id: alice, name: Bob, telegram_id: 2}, {id: bob, name: Alice}", ["Alice", "Bob"]),
    ],
)
def test_a_specialist_is_known_by_telegram_id(after: str, was: list[str | None]) -> None:
    before = specialists("{name: Alice, telegram_id: 1}, {name: Bob, telegram_id: 2}")
    assert followed(before, specialists(after)) == was


@pytest.mark.parametrize(
    ("before", "after", "was"),
    [
        ("{name: Old, address: 1 A St}", "{name: New, address: 2 B St}", ["Old"]),
        ("{name: Old}", "{name: New, latitude: 52.5, longitude: 13.4}", ["Old"]),
        ("{name: Old, address: 1 A St}", "{name: New, id: other, address: 2 B St}", [None]),
        # Of several, nobody can tell which one moved, and a place that is opened beside one is new.
        ("{name: Old}, {name: Side}", "{name: New, address: 2 B St}, {name: Side}", [None, "Side"]),
        ("{name: Old}, {name: Side}", "{name: New, address: 2 B St}", [None]),
        ("{name: Old}", "{name: New, address: 2 B St}, {name: Side}", [None, None]),
    ],
)
def test_the_only_place_is_the_same_wherever_it_moves(before: str, after: str, was: list[str | None]) -> None:
    old, new = (
        read_document(f"{HEAD}locations: [{entries}]\n".encode(), "b.yaml") for entries in (before, after)
    )
    assert followed(old, new) == was


@pytest.mark.parametrize(("name", "same"), [("Alice Brown", True), ("Alise", True), ("Bob", False)])
def test_somebody_who_took_over_is_not_taken_for_who_left(name: str, same: bool) -> None:  # noqa: FBT001
    before = specialists("{name: Alice, hours: {mon: ['09:00-12:00']}}")
    after = specialists(f"{{name: {name}, hours: {{mon: ['09:00-12:00']}}}}")
    assert followed(before, after) == ["Alice" if same else None]


@pytest.mark.parametrize(
    ("after", "wrong"),
    [
        ("{name: Shave, was: Cut, duration: 5m}, {name: Cut, was: Shave, duration: 5m}", "'Cut' is there"),
        ("{name: Wax, was: Cut, duration: 5m}, {name: Cut, duration: 5m}", "'Cut' is there beside it; leave"),
        ("{name: Wax, was: Cot, duration: 5m}", "'Cot' is not a service here; did you mean Cut?; what is"),
        ("{id: shvae, name: Wax, duration: 5m}", "'shvae' is not an id here; did you mean shave? What is"),
    ],
)
def test_what_cannot_be_followed_is_refused(after: str, wrong: str) -> None:
    field = "id" if "id:" in after else "was"
    message = "\n".join(
        f"{found.line} {found.path} {found.message}"
        for found in match(stored_as(services(TWO)), services(after)).problems
    )
    assert message.startswith(f"2 services[0].{field} {wrong}")


def test_two_of_one_id_or_from_one_name_are_refused() -> None:
    for name, wrong in (
        ("id", "is the id of another one already"),
        ("was", "has become another one already"),
    ):
        with pytest.raises(RefusedFileError, match=rf"services\[1\].{name}: 'x' {wrong}"):
            services(f"{{name: A, {name}: x, duration: 5m}}, {{name: B, {name}: x, duration: 5m}}")


def test_an_empty_database_takes_any_file() -> None:
    after = services("{id: cut, name: Wax, was: Cut, duration: 5m}, {name: Dye, was: Cot, duration: 5m}")
    matching = match(StoredBusiness(), after)
    assert matching.problems == []
    [ids] = [[pair.entry.id for pair in pairs] for pairs in matching.pairs.values() if pairs]
    assert ids == ["cut", "dye"]


def test_each_has_an_id_of_its_own() -> None:
    names = ("Cut", "Cut.", "CUT!", "✂", "💈", "Стрижка", "Haircut & wash")
    made = stored_as(services(", ".join(f"{{name: '{name}', duration: 5m}}" for name in names)))
    [ids] = [[row.entry.id for row in rows] for rows in made.rows.values() if rows]
    assert ids == ["cut", "cut-2", "cut-3", "service", "service-2", "стрижка", "haircut-wash"]


def test_who_is_no_longer_offered_comes_back_by_name_id_or_telegram_id() -> None:
    before = stored_as(specialists("{name: Alice, telegram_id: 1}"))
    kind = LISTS["specialists"]
    left = StoredBusiness(
        specialists(""),
        {kind: [StoredEntry(row.number, row.entry, row.place, active=False) for row in before.rows[kind]]},
    )
    for entry in ("{name: Alice}", "{id: alice, name: Eve}", "{name: Alice B., telegram_id: 1}"):
        [pair] = match(left, specialists(entry)).pairs[kind]
        assert pair.row is not None


async def numbers(sessions: Sessions) -> Mapping[str, int]:
    async with sessions.begin() as session:
        query = "SELECT '{0} ' || file_id, id FROM {0} WHERE active"
        every = " UNION ALL ".join(query.format(table) for table in ("location", "service", "specialist"))
        return dict(tuple(row) for row in await session.execute(text(every)))


@given(documents(), st.data())
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
async def test_names_that_change_places_leave_every_row_where_it_is(
    sessions: Sessions, document: Document, data: st.DataObject
) -> None:
    await apply_document(sessions, document, CLOCK)
    before, rows = await stored(sessions), await numbers(sessions)
    assert read_document(write_document(before).encode(), "x.yaml") == before
    changed: dict[str, Any] = {}
    for section in ("locations", "specialists"):
        entries = getattr(before, section)
        names = data.draw(st.permutations([entry.name for entry in entries]))
        changed[section] = tuple(
            replace(entry, name=name) for entry, name in zip(entries, names, strict=True)
        )
    after = replace(before, **changed)
    await apply_document(sessions, after, CLOCK)
    assert await stored(sessions) == after
    assert await numbers(sessions) == rows
    assert not (await apply_document(sessions, await stored(sessions), CLOCK)).changes
