"""What `apply` says of what it changed: the old value and the new one, as they stand in a file."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from tests.worker.business.documents import changes_between, documents
from worker.business.changes import MOST_LINES, EntryChange, differences
from worker.business.document import Document, ExceptionEntry, LocationEntry, ServiceEntry, SpecialistEntry
from worker.business.fields import FileEntry
from worker.business.singles import RolesEntry
from worker.business.skills import AS_OFFERED, Skill
from worker.price import Price


def exact(amount: str) -> Price:
    return Price.exact(Decimal(amount))


CUT = ServiceEntry(name="Cut", duration=45, price=exact("35.00"))
DEAR = Skill(duration=90, price=Price(Decimal(70), None))
DEARER = "services, Cut: as offered → 1h30m, from 70"
ADDED = ["services: added Wax, Dye; removed Shave", "services, Wax: as offered → 1h30m, from 70"]
CHRISTMAS = date(2026, 12, 24)
DAY, HALF, LATE = ((540, 1080),), ((540, 780),), ((540, 780), (840, 1080))
ALICE = SpecialistEntry(
    name="Alice",
    services=dict.fromkeys(("Cut", "Shave"), AS_OFFERED),
    hours={0: DAY, 1: DAY, 2: DAY, 5: HALF},
    exceptions=(ExceptionEntry(date=CHRISTMAS), ExceptionEntry(date=CHRISTMAS + timedelta(days=1))),
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (CUT, {"duration": 90}, ["duration: 45m → 1h30m"]),
        (CUT, {"buffer_after": 10}, ["buffer_after: 0m → 10m"]),
        (CUT, {"price": exact("39.90"), "capacity": 4}, ["price: 35 → 39.90", "capacity: 1 → 4"]),
        (CUT, {"price": None}, ["price: 35 → none"]),
        (CUT, {"price": exact("0.00")}, ["price: 35 → free"]),
        (CUT, {"price": Price(Decimal(15), None)}, ["price: 35 → from 15"]),
        (CUT, {"price": Price(Decimal(15), Decimal("25.125"))}, ["price: 35 → 15–25.125"]),
        (CUT, {"category": "Hair"}, ["category: none → Hair"]),
        (CUT, {"approval": True}, ["approval: false → true"]),
        (CUT, {"reminders": (120,)}, ["reminders: 1d, 2h → 2h"]),
        (CUT, {"reminders": ()}, ["reminders: 1d, 2h → none"]),
        (LocationEntry(name="Here"), {"address": "1 Main St"}, ["address: none → 1 Main St"]),
        (LocationEntry(name="Here"), {"latitude": 52.5}, ["latitude: none → 52.5"]),
        (ALICE, {"telegram_id": 1001}, ["telegram_id: none → 1001"]),
        (ALICE, {"services": {"Cut": AS_OFFERED, "Wax": DEAR, "Dye": AS_OFFERED}}, ADDED),
        (
            ALICE,
            {"services": {"Cut": DEAR, "Shave": AS_OFFERED}},
            ["services, Cut: as offered → 1h30m, from 70"],
        ),
        (
            RolesEntry(owner=(1,)),
            {"owner": (2,), "admin": (1,)},
            ["owner: added 2; removed 1", "admin: added 1"],
        ),
    ],
)
def test_each_field_is_told_as_the_file_writes_it(
    before: FileEntry, after: dict[str, object], told: list[str]
) -> None:
    assert list(differences(before, replace(before, **after))) == told


def test_days_that_change_alike_are_told_as_one() -> None:
    hours = {0: LATE, 1: LATE, 2: DAY, 6: HALF}
    assert list(differences(ALICE, replace(ALICE, hours=hours))) == [
        "hours, mon,tue: 09:00-18:00 → 09:00-13:00, 14:00-18:00",
        "hours, sat: 09:00-13:00 → closed",
        "hours, sun: closed → 09:00-13:00",
    ]


def test_a_date_is_told_with_what_it_was_before() -> None:
    exceptions = (
        ExceptionEntry(date=CHRISTMAS, hours=HALF),
        ExceptionEntry(date=CHRISTMAS + timedelta(days=7)),
    )
    assert list(differences(ALICE, replace(ALICE, exceptions=exceptions))) == [
        "exceptions, 2026-12-24: closed → 09:00-13:00",
        "exceptions, 2026-12-25: closed → as usual",
        "exceptions, 2026-12-31: as usual → closed",
    ]


def test_many_are_counted_rather_than_listed() -> None:
    holidays = tuple(ExceptionEntry(date=CHRISTMAS + timedelta(days=day)) for day in range(30))
    told = differences(replace(ALICE, exceptions=()), replace(ALICE, exceptions=holidays))
    assert len(told) == MOST_LINES + 1
    assert told[-1] == f"exceptions: {30 - MOST_LINES} more"


def test_services_of_a_specialist_have_no_order() -> None:
    assert differences(ALICE, replace(ALICE, services=dict.fromkeys(("Shave", "Cut"), AS_OFFERED))) == []


@given(documents(), documents())
@settings(suppress_health_check=list(HealthCheck), max_examples=50)
def test_whatever_is_changed_is_told(before: Document, after: Document) -> None:
    for change in changes_between(before, after):
        if isinstance(change, EntryChange):
            assert bool(change.details) is (change.verb == "changed")
    assert changes_between(after, after) == []
