"""Visits that are booked already and that a changed business hits: which ones, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from shared.i18n.marking import Marked, text_noop
from worker.business.document import Document, NamedEntry, ServiceEntry, SpecialistEntry
from worker.business.identity import Matching
from worker.business.stored import ComingVisit, HeldUnit, StoredBusiness
from worker.scheduling.hours import Interval, is_open, open_intervals

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hit:
    """A visit that a change hits."""

    visit: ComingVisit
    reason: "HitReason"
    strands: bool = False
    """Whether nobody offers it any more: somebody has to say what becomes of it."""
    uncovers: bool = False
    """Whether it is still offered, and nobody is there for it: its customer may be offered other times."""

    @property
    def why(self) -> str:
        """What is said of the visit, as in '2 coming visits with Alice, who is no longer offered'."""
        return str(self.reason)


@dataclass(frozen=True, slots=True)
class HitReason:
    """Why visits are hit, as a text that can be said in every language and what it is filled with."""

    text: Marked
    values: tuple[tuple[str, str], ...] = ()
    fields: tuple[str, ...] = ()
    """The fields that `{fields}` names."""

    def __str__(self) -> str:
        return self.text.format(**dict(self.values), fields=", ".join(self.fields))


def because(text: Marked, *, fields: Sequence[str] = (), **values: object) -> HitReason:
    """Make a reason of a text and what it is filled with."""
    return HitReason(text, tuple((name, str(each)) for name, each in values.items()), tuple(fields))


@dataclass(frozen=True)
class Prospect:
    """A business before and after a change, with the visits that are coming."""

    stored: StoredBusiness
    after: Document
    matching: Matching
    visits: Sequence[ComingVisit]
    now: datetime
    shifts: Mapping[int, timedelta] = field(default_factory=dict)
    """By a visit's number, how much later it will be."""
    held: Sequence[HeldUnit] = ()
    """What people have who have no visit yet."""

    @cached_property
    def _offered(self) -> dict[tuple[type[NamedEntry], int], NamedEntry]:
        rows = [(kind, row) for kind, rows in self.stored.rows.items() for row in rows if row.active]
        return {(kind, row.number): row.entry for kind, row in rows}

    def before_of(self, kind: type[NamedEntry], number: int) -> Any:  # noqa: ANN401 - an entry of that kind
        """Return what is offered as this row until now, if it is."""
        return self._offered.get((kind, number))

    def after_of(self, kind: type[NamedEntry], number: int) -> Any:  # noqa: ANN401 - the same
        """Return what is offered as this row from now on, if it is."""
        return self.matching.entry_of(kind, number)


def find_hits(prospect: Prospect) -> list[Hit]:
    """Return what a change does to the visits that are coming; only what is not so already."""
    return [hit for rule in RULES for hit in rule(prospect)]


def _stranded(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits whose specialist, service or both together are no longer offered."""
    for visit in prospect.visits:
        pair = (SpecialistEntry, visit.specialist_number), (ServiceEntry, visit.service_number)
        before, after = ([find(*each) for each in pair] for find in (prospect.before_of, prospect.after_of))
        if before[0] and not after[0]:
            why = because(
                text_noop("with '{specialist}', who is no longer offered"), specialist=visit.specialist
            )
            yield Hit(visit, why, strands=True)
        elif before[1] and not after[1]:
            why = because(text_noop("for '{service}', which is no longer offered"), service=visit.service)
            yield Hit(visit, why, strands=True)
        elif _does(*before) and not _does(*after):
            text = text_noop("for '{service}' with '{specialist}', who no longer does it")
            why = because(text, service=visit.service, specialist=visit.specialist)
            yield Hit(visit, why, strands=True)


def _does(specialist: SpecialistEntry | None, service: ServiceEntry | None) -> bool:
    return specialist is not None and service is not None and service.key in specialist.services


def _outside_hours(prospect: Prospect) -> Iterator[Hit]:
    """Find the visits that were within their specialist's hours and no longer are."""
    zones = [ZoneInfo(each.business.timezone) for each in (prospect.stored.document, prospect.after) if each]
    by_specialist: dict[int, list[ComingVisit]] = {}
    for visit in prospect.visits:
        by_specialist.setdefault(visit.specialist_number, []).append(visit)
    for number, visits in by_specialist.items():
        pair = [find(SpecialistEntry, number) for find in (prospect.before_of, prospect.after_of)]
        if None not in pair:
            reach = [*visits, *(_shifted(prospect, visit) for visit in visits)]
            before, after = (_open(each, reach, zone) for each, zone in zip(pair, zones, strict=True))
            for visit in visits:
                if _is_open(before, visit) and not _is_open(after, _shifted(prospect, visit)):
                    why = because(
                        text_noop("with '{specialist}' outside the new hours"), specialist=pair[1].key
                    )
                    yield Hit(visit, why, uncovers=True)


def _shifted(prospect: Prospect, visit: ComingVisit) -> ComingVisit:
    by = prospect.shifts.get(visit.row, timedelta())
    return replace(visit, begins=visit.begins + by, ends=visit.ends + by)


def _open(specialist: SpecialistEntry, visits: Sequence[ComingVisit], zone: ZoneInfo) -> list[Interval]:
    """Resolve a specialist's hours as far as the visits reach."""
    first = min(visit.begins for visit in visits).date() - ONE_DAY
    last = max(visit.ends for visit in visits).date() + ONE_DAY
    return open_intervals(specialist.opening, first, last, zone)


def _is_open(opening: list[Interval], visit: ComingVisit) -> bool:
    return is_open(opening, visit.begins, visit.ends)


RULES: Final[Sequence[Callable[[Prospect], Iterator[Hit]]]] = (_stranded, _outside_hours)
"""Each finds the visits that are hit in its own way; a new rule is one more."""
