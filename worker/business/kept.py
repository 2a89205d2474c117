"""Visits that stay as they were booked although what they are of changes, and what that means for people."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.i18n.marking import Marked, text_noop
from worker.business.document import NamedEntry, ServiceEntry, SpecialistEntry
from worker.business.hits import Hit, HitReason, Prospect, because
from worker.business.skills import Skill
from worker.business.stored import ComingVisit
from worker.scheduling.wallclock import day_of, week_of
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

LOST: Final[Mapping[str, Marked]] = {
    "move": text_noop("for '{service}' that customers can no longer move themselves"),
    "cancel": text_noop("for '{service}' that customers can no longer cancel themselves"),
    "movecancel": text_noop("for '{service}' that customers can no longer move or cancel themselves"),
}
"""By what they can no longer do."""

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
            text = text_noop("for '{service}', for which this stays as it was booked: {fields}")
            yield Hit(visit, because(text, service=visit.service, fields=names))


def _skills(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits for which their specialist took another time or price until now."""
    for visit, before, after in _changed(prospect, SpecialistEntry):
        old = _skill(before, prospect.before_of(ServiceEntry, visit.service_number))
        new = _skill(after, prospect.after_of(ServiceEntry, visit.service_number))
        names = [name for name in OWN if old and new and getattr(old, name) != getattr(new, name)]
        if names:
            text = text_noop(
                "for '{service}' with '{specialist}', for which this stays as it was booked: {fields}"
            )
            why = because(text, service=visit.service, specialist=visit.specialist, fields=names)
            yield Hit(visit, why)


def _skill(specialist: SpecialistEntry, service: ServiceEntry | None) -> Skill | None:
    return None if service is None else specialist.services.get(service.key)


def _capacity(prospect: Prospect) -> Iterator[Hit]:
    """Find the groups that are larger than they may be from now on."""
    groups: Counter[tuple[object, ...]] = Counter()
    for each in prospect.visits:
        groups[_group(each)] += each.places
    for visit, before, after in _changed(prospect, ServiceEntry):
        if after.capacity < groups[_group(visit)] <= before.capacity:
            text = text_noop("for '{service}' in groups of more than {count}")
            yield Hit(visit, because(text, service=visit.service, count=after.capacity))


def _caps(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits of days and weeks that are fuller than they may be from now on."""
    zone = ZoneInfo(prospect.after.business.timezone)
    for cap, text, first_of in CAPS:
        groups: defaultdict[tuple[int, date], set[datetime]] = defaultdict(set)
        for visit in prospect.visits:
            groups[visit.specialist_number, first_of(visit, zone)].add(visit.begins)
        for visit, before, after in _changed(prospect, SpecialistEntry):
            count = len(groups[visit.specialist_number, first_of(visit, zone)])
            old, new = getattr(before, cap), getattr(after, cap)
            if new is not None and count > new and (old is None or count <= old):
                yield Hit(visit, because(text, specialist=after.key, count=new))


def _day(visit: ComingVisit, zone: ZoneInfo) -> date:
    return day_of(int(visit.begins.timestamp()), zone)


def _week(visit: ComingVisit, zone: ZoneInfo) -> date:
    return week_of(_day(visit, zone))[0]


CAPS: Final[Sequence[tuple[str, Marked, Callable[[ComingVisit, ZoneInfo], date]]]] = (
    ("max_per_day", text_noop("with '{specialist}' on days with more than {count}"), _day),
    ("max_per_week", text_noop("with '{specialist}' in weeks with more than {count}"), _week),
)
"""Each limit of a specialist's visits, what is said of those beyond it, and the first date that it is for."""


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
            yield Hit(visit, because(LOST["".join(lost)], service=visit.service))


def _notices(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits of which somebody else hears from now on."""
    for visit, before, after in _changed(prospect, SpecialistEntry):
        if before.telegram_id != after.telegram_id:
            yield Hit(visit, _heard_by(visit.specialist, after.telegram_id))
            if before.telegram_id and after.telegram_id and not may_be_one_person(before.key, after.key):
                text = text_noop("that '{specialist}' takes over, which each customer is told")
                yield Hit(visit, because(text, specialist=after.key))


def _heard_by(specialist: str, telegram_id: int | None) -> HitReason:
    if telegram_id is None:
        text = text_noop("with '{specialist}' whose notices go to nobody from now on")
        return because(text, specialist=specialist)
    text = text_noop("with '{specialist}' whose notices go to Telegram id {number} from now on")
    return because(text, specialist=specialist, number=telegram_id)


def _currency(prospect: Prospect) -> Iterator[Hit]:
    before = prospect.stored.document
    if before and before.business.currency != prospect.after.business.currency:
        for visit in prospect.visits:
            text = text_noop("whose price stays in {currency}")
            yield Hit(visit, because(text, currency=before.business.currency))


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
    *(_terms, _skills, _capacity, _caps, _deadline, _notices, _currency),
)
