"""The business that is booked out during a run: many specialists, short visits, one group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LATER, SOON, CLASS = "Later", "Soon", "Class"
ASKED, PAID, RARE = "Asked", "Paid", "Rare"
REPEATED, SWAPPED, GROUP, FIRST, NEXT = "Repeated", "Swapped", "Group", "First", "Next"
"""NEXT is booked behind FIRST in one visit, by the guests, and never by itself."""
STAFF = 990_001
"""The specialist who answers what is asked for."""
ALL_WEEK = 'hours: {mon-sun: ["00:00-24:00"]}'
CLASS_CAPACITY = 8


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """One service: `ahead` is how far ahead its visits are wished for; reminders are offsets."""

    name: str
    specialists: int
    duration: timedelta
    step: timedelta
    buffer_after: timedelta
    ahead: tuple[timedelta, timedelta]
    reminders: tuple[timedelta, ...]
    capacity: int = 1

    def written(self) -> str:
        """Write it as an entry of the business file."""
        reminders = ", ".join(map(_minutes, self.reminders))
        return (
            f"  - {{name: {self.name}, duration: {_minutes(self.duration)}, step: {_minutes(self.step)}, "
            f"buffer_after: {_minutes(self.buffer_after)}, min_notice: 0m, horizon: 30d, cancel_until: 0m, "
            f"price: 10, capacity: {self.capacity}, reminders: [{reminders}]}}"
        )


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

# Starts lie closer than visits and their buffers are long, so that wishes overlap without being equal.
SERVICES = (
    ServicePlan(LATER, 40, 10 * MINUTE, 5 * MINUTE, 5 * MINUTE, (2 * DAY, 16 * DAY), (60 * MINUTE,)),
    # Reminders of these fall due within the run, one and two minutes before the visit.
    ServicePlan(SOON, 40, MINUTE, MINUTE, 0 * MINUTE, (2 * MINUTE, 5 * MINUTE), (MINUTE, 2 * MINUTE)),
    ServicePlan(
        CLASS, 4, 30 * MINUTE, 30 * MINUTE, 0 * MINUTE, (2 * DAY, 5 * DAY), (60 * MINUTE,), CLASS_CAPACITY
    ),
)

GUESTS: Mapping[str, tuple[int, str]] = {
    ASKED: (1, "duration: 30m, approval: true"),
    PAID: (4, "duration: 30m, price: 40, deposit: 10"),
    RARE: (3, "duration: 4h, step: 4h"),
    REPEATED: (1, "duration: 30m"),
    SWAPPED: (1, "duration: 30m"),
    GROUP: (2, "duration: 30m, capacity: 6, max_places: 4"),
    FIRST: (2, "duration: 30m"),
    NEXT: (2, "duration: 30m"),
}
"""By service of the guests: how many do it, and what its entry says. Their starts are those of the clock."""


def where_it_is_noon() -> str:
    """Return a zone that has no night for hours: nobody is offered anything at night."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def write_business(path: Path, zone: str) -> Path:
    """Write the file that `python -m worker.business apply` takes."""
    path.write_text("\n".join(_lines(zone)) + "\n", encoding="utf-8")
    return path


def _lines(zone: str) -> Iterator[str]:
    yield f"business: {{name: Chaos, timezone: {zone}, currency: EUR, language: en}}"
    yield "services:"
    for service in SERVICES:
        yield service.written()
    for name, (_, entry) in GUESTS.items():
        yield f"  - {{name: {name}, {entry}, min_notice: 0m, horizon: 30d, cancel_until: 0m, reminders: []}}"
    yield "specialists:"
    for service in SERVICES:
        for number in range(1, service.specialists + 1):
            yield f"  - {{name: {service.name} {number}, services: [{service.name}], {ALL_WEEK}}}"
    for name, (count, _) in GUESTS.items():
        for number in range(1, count + 1):
            staff = f", telegram_id: {STAFF}" if (name, number) == (ASKED, 1) else ""
            yield f"  - {{name: {name} {number}, services: [{name}], {ALL_WEEK}{staff}}}"
    yield "roles: {owner: [1000], admin: []}"
    yield "limits: {max_upcoming: 1000, max_cancelled: 1000}"


def _minutes(value: timedelta) -> str:
    return f"{int(value.total_seconds()) // 60}m"
