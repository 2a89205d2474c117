"""Visits that stay as they were booked although what they are of changes, and what that means for people."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Any, Final

from worker.business.document import NamedEntry, ServiceEntry, SpecialistEntry
from worker.business.hits import Hit, Prospect
from worker.business.skills import Skill
from worker.business.stored import ComingVisit
from worker.ui.names import may_be_one_person

BOOKED_WITH: Final = ("duration", "price", "buffer_before", "buffer_after", "reminders")
"""What a visit keeps of its service as it was when it was booked."""
OWN: Final = ("duration", "price")
"""What may be another with one specialist."""

DEADLINES: Final[Mapping[str, Callable[[ServiceEntry], int]]] = {
    "move": attrgetter("movable_until"),
    "cancel": attrgetter("cancel_until"),
}
"""Until how many minutes before the start customers do what by themselves."""

type Both = tuple[ComingVisit, Any, Any]
"""A visit, and an entry before and after."""


def find_kept(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits whose terms are no longer those of their service, specialist or business."""
    for rule in RULES:
        yield from rule(prospect)


def _terms(prospect: Prospect) -> Iterator[Hit]:
    for visit, before, after in _changed(prospect, ServiceEntry):
        names = [name for name in BOOKED_WITH if before.specs[name].differs(before, after)]
        if names:
            yield Hit(visit, f"for '{visit.service}' that keep the {', '.join(names)} they were booked with")


def _skills(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits for which their specialist took another time or price until now."""
    for visit, before, after in _changed(prospect, SpecialistEntry):
        old = _skill(before, prospect.before_of(ServiceEntry, visit.service_number))
        new = _skill(after, prospect.after_of(ServiceEntry, visit.service_number))
        names = [name for name in OWN if old and new and getattr(old, name) != getattr(new, name)]
        if names:
            whose = f"for '{visit.service}' with '{visit.specialist}'"
            yield Hit(visit, f"{whose} that keep the {', '.join(names)} they were booked with")


def _skill(specialist: SpecialistEntry, service: ServiceEntry | None) -> Skill | None:
    return None if service is None else specialist.services.get(service.key)


def _capacity(prospect: Prospect) -> Iterator[Hit]:
    """Find the groups that are larger than they may be from now on."""
    groups = Counter(map(_group, prospect.visits))
    for visit, before, after in _changed(prospect, ServiceEntry):
        if after.capacity < groups[_group(visit)] <= before.capacity:
            yield Hit(visit, f"for '{visit.service}' in groups of more than {after.capacity}")


def _deadline(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits that their customers could change until now, and cannot any more."""
    for visit, before, after in _changed(prospect, ServiceEntry):
        left = visit.begins - prospect.now
        lost = [
            name
            for name, deadline in DEADLINES.items()
            if timedelta(minutes=deadline(before)) < left <= timedelta(minutes=deadline(after))
        ]
        if lost:
            what = " or ".join(lost)
            yield Hit(visit, f"for '{visit.service}' that customers can no longer {what} themselves")


def _notices(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits of which somebody else hears from now on."""
    for visit, before, after in _changed(prospect, SpecialistEntry):
        if before.telegram_id != after.telegram_id:
            who = f"Telegram id {after.telegram_id}" if after.telegram_id else "nobody"
            yield Hit(visit, f"with '{visit.specialist}' whose notices go to {who} from now on")
            if before.telegram_id and after.telegram_id and not may_be_one_person(before.key, after.key):
                yield Hit(visit, f"that '{after.key}' takes over, which each customer is told")


def _currency(prospect: Prospect) -> Iterator[Hit]:
    before = prospect.stored.document
    if before and before.business.currency != prospect.after.business.currency:
        for visit in prospect.visits:
            yield Hit(visit, f"whose price stays in {before.business.currency}")


def _changed(prospect: Prospect, kind: type[NamedEntry]) -> Iterator[Both]:
    """Return the visits with what is offered before and after of that kind, where both are."""
    for visit in prospect.visits:
        number = visit.service_number if kind is ServiceEntry else visit.specialist_number
        before, after = prospect.before_of(kind, number), prospect.after_of(kind, number)
        if before is not None and after is not None:
            yield visit, before, after


def _group(visit: ComingVisit) -> tuple[object, ...]:
    return visit.specialist_number, visit.service_number, visit.begins


RULES: Final[Sequence[Callable[[Prospect], Iterator[Hit]]]] = (
    *(_terms, _skills, _capacity, _deadline, _notices, _currency),
)
