"""What a plan says of visits that stay as they were booked."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.worker.business.documents import stored_as
from tests.worker.business.test_reader import BARBER
from worker.business.document import ServiceEntry, SpecialistEntry
from worker.business.plan import Choices, make_plan
from worker.business.reader import read_document
from worker.business.report import describe, describe_rename
from worker.business.stored import ComingVisit

NOW = datetime(2026, 11, 20, tzinfo=UTC)
GROUP = BARBER.replace("capacity: 1", "capacity: 3")


def visit(number: int, hours: int) -> ComingVisit:
    """Return a Haircut with Alice, so many hours from now."""
    begins = NOW + timedelta(hours=hours)
    return ComingVisit(
        number=number, service_number=1, specialist_number=1, service="Haircut", specialist="Alice",
        customer="P", begins=begins, ends=begins + timedelta(minutes=45),
    )  # fmt: skip


def said(before: str, after: str, *visits: ComingVisit) -> dict[str, int]:
    """Return what is said of how many visits."""
    stored = stored_as(read_document(before.encode(), "b.yaml"))
    assert [row.number for kind in (ServiceEntry, SpecialistEntry) for row in stored.rows[kind]] == [1, 1]
    plan = make_plan(stored, read_document(after.encode(), "b.yaml"), visits, Choices(), NOW)
    return Counter(hit.why for hit in plan.hits)


# On the Friday, at 10:00 and at 11:00 in Berlin, and on the Monday after it.
SOON, LATER, MONDAY = visit(1, 9), visit(2, 10), visit(3, 81)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("duration: 45m", "duration: 50m", "for 'Haircut', for which this stays as it was booked: duration"),
        (
            "price: 35, buffer_before: 0m",
            "price: 40, buffer_before: 5m",
            "for 'Haircut', for which this stays as it was booked: price, buffer_before",
        ),
        ("[24h, 2h]", "[1h]", "for 'Haircut', for which this stays as it was booked: reminders"),
        ("1001 ", "1002 ", "with 'Alice' whose notices go to Telegram id 1002 from now on"),
        ("telegram_id: 1001 ", "", "with 'Alice' whose notices go to nobody from now on"),
        ("EUR", "USD", "whose price stays in EUR"),
        (
            "services: [Haircut]",
            "services: [{name: Haircut, price: {from: 40}}]",
            "for 'Haircut' with 'Alice', for which this stays as it was booked: price",
        ),
    ],
)
def test_what_every_visit_keeps_is_said_once(old: str, new: str, why: str) -> None:
    assert said(BARBER, BARBER.replace(old, new), SOON, LATER, MONDAY) == {why: 3}


def test_visits_follow_where_the_only_place_moves_unless_it_is_another_one() -> None:
    main = "{name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.40}"
    before, after = (
        read_document(BARBER.replace(main, place).encode(), "b.yaml")
        for place in ("{name: Old, address: 1 A St}", "{name: New, address: 2 B St}")
    )
    there = [replace(each, location_number=1, location="Old") for each in (SOON, LATER)]
    plan = make_plan(stored_as(before), after, there, Choices(), NOW)
    assert [(each.visit, each.to, each.told) for each in plan.relocations] == [
        (each, None, True) for each in there
    ]
    assert plan.can_be_applied
    assert [hit.why for hit in plan.hits] == ["at 'Old', which is elsewhere now"] * 2
    [guess] = plan.renames
    assert describe_rename(guess) in describe(plan)
    another = make_plan(stored_as(before), after, there, Choices(others=frozenset({guess})), NOW)
    assert (another.renames, another.relocations) == ([], [])
    assert [hit.why for hit in another.hits] == ["at 'Old', which is no longer offered: they stay there"] * 2


def test_somebody_who_takes_over_is_told_of_and_a_new_name_and_phone_are_not() -> None:
    """Customers of the one are told that it is somebody else; Alice stays Alice."""
    goes = "with 'Alice' whose notices go to Telegram id 1002 from now on"
    dora, brown = (
        BARBER.replace("name: Alice", f"name: {name}\n    was: Alice").replace("1001 ", "1002 ")
        for name in ("Dora", "Alice Brown")
    )
    over = "that 'Dora' takes over, which each customer is told"
    assert said(BARBER, dora, SOON, LATER) == {goes: 2, over: 2}
    assert said(BARBER, brown, SOON, LATER) == {goes: 2}


@pytest.mark.parametrize(
    ("old", "new"), [("15m", "20m"), ("min_notice: 2h", "min_notice: 9h"), ("60d", "9d")]
)
def test_what_only_new_visits_feel_is_no_hit(old: str, new: str) -> None:
    assert said(BARBER, BARBER.replace(old, new), SOON, LATER, MONDAY) == {}


def test_who_could_change_a_visit_until_now_is_named() -> None:
    why = "for 'Haircut' that customers can no longer move or cancel themselves"
    longer = BARBER.replace("cancel_until: 24h", "cancel_until: 100h")
    assert said(BARBER, longer, SOON, LATER, MONDAY) == {why: 1}
    assert said(longer, BARBER, SOON, LATER, MONDAY) == {}


def test_who_could_only_move_a_visit_until_now_is_named() -> None:
    why = "for 'Haircut' that customers can no longer move themselves"
    longer = BARBER.replace("cancel_until: 24h", "cancel_until: 24h, move_until: 100h")
    assert said(BARBER, longer, SOON, LATER, MONDAY) == {why: 1}
    shorter = BARBER.replace("cancel_until: 24h", "cancel_until: 24h, move_until: 1h")
    assert said(BARBER, shorter, SOON, LATER, MONDAY) == {}


def test_a_group_larger_than_the_new_capacity_is_named() -> None:
    why = "for 'Haircut' in groups of more than 1"
    group = (visit(1, 9), visit(2, 9), MONDAY)
    assert said(GROUP, BARBER, *group) == {why: 2}
    assert said(GROUP, GROUP.replace("capacity: 3", "capacity: 2"), *group) == {}


@pytest.mark.parametrize(("owners", "warned"), [("[]", True), ("[7]", False)])
def test_the_last_owner_is_not_gone_unseen(owners: str, warned: bool) -> None:  # noqa: FBT001
    before = stored_as(read_document(BARBER.encode(), "b.yaml"))
    after = read_document(BARBER.replace("owner: [1000]", f"owner: {owners}").encode(), "b.yaml")
    plan = make_plan(before, after, [], Choices(), NOW)
    assert any("Warning: the business has no owner" in line for line in describe(plan)) is warned
