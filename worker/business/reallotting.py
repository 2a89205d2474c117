"""Which units coming visits have of resources once a business is changed, and what they lack then.

Who has a unit keeps it while it is there and needed; only what is missing is looked for. Nobody's unit is
taken for somebody else.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from shared.i18n.marking import text_noop
from worker.business.document import LocationEntry, ResourceEntry, ServiceEntry
from worker.business.hits import Hit, Prospect, because
from worker.business.relocations import find_relocations
from worker.business.stored import ComingVisit
from worker.scheduling.resources import NUMBERS_EACH, UNIT_STEP

A_DAY: Final = timedelta(days=1)

type UnitPlace = tuple[str, int]
"""A unit as the file has it: its resource's name, and which of them it is, from 0 on."""
type Session = tuple[int, int, datetime]
type Span = tuple[datetime, datetime, int]
"""When a unit is used, and by whose visit."""


@dataclass(frozen=True, slots=True)
class Reallotment:
    """What a visit has from now on."""

    visit: ComingVisit
    units: Sequence[UnitPlace]
    differs: bool
    """Whether that is not what it has already."""
    lost: Sequence[str] = ()
    """What it lacks and had until now, or did not need."""


def find_reallotments(prospect: Prospect) -> list[Reallotment]:
    """Work out what every visit has; nothing where no visit needs anything, before or after."""
    before = prospect.stored.document
    if not prospect.after.resources and not (before and before.resources):
        return []
    allotting = _Allotting(prospect)
    kept = [(visit, allotting.keep(visit)) for visit in prospect.visits]
    return [allotting.complete(visit, units) for visit, units in kept]


def find_hits(reallotments: Sequence[Reallotment]) -> Iterator[Hit]:
    """Find the visits for which nothing is left of what they need."""
    for each in reallotments:
        for name in each.lost:
            text = text_noop("for '{service}' without '{resource}', of which none is free then")
            yield Hit(each.visit, because(text, service=each.visit.service, resource=name))


@dataclass
class _Allotting:
    """The units that are given away so far, by the days on which they are used."""

    prospect: Prospect
    places: Mapping[int, str] = field(init=False)
    """By visit, the place that it moves to."""
    counts: Mapping[str, ResourceEntry] = field(init=False)
    """By name, what there is from now on."""
    spans: defaultdict[tuple[UnitPlace, int], list[Span]] = field(default_factory=lambda: defaultdict(list))
    sessions: dict[tuple[Session, str], UnitPlace] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = {each.visit.row: each.to for each in find_relocations(self.prospect) if each.to}
        self.counts = {each.key: each for each in self.prospect.after.resources}
        for held in self.prospect.held:
            unit, span = self._unit_now(held.unit), (held.begins, held.ends, held.specialist_number)
            if unit is not None:
                for day in _days(held.begins, held.ends):
                    self.spans[unit, day].append(span)

    def keep(self, visit: ComingVisit) -> dict[str, UnitPlace]:
        """Return the units that a visit keeps, by resource."""
        needed, found = self._needed(visit), dict[str, UnitPlace]()
        for unit in map(self._unit_now, visit.units):
            if unit is not None and unit[0] in needed and unit[1] < self.counts[unit[0]].count:
                found[unit[0]] = unit
                self._give(visit, unit)
        return found

    def complete(self, visit: ComingVisit, kept: Mapping[str, UnitPlace]) -> Reallotment:
        """Find for a visit what it lacks."""
        units = dict(kept)
        for name in self._needed(visit):
            unit = units.get(name) or self._free(visit, name)
            if unit is not None and name not in units:
                units[name] = unit
                self._give(visit, unit)
        lacking = [name for name in self._needed(visit) if name not in units]
        old = {self._unit_now(unit) for unit in visit.units}
        return Reallotment(
            visit,
            sorted(units.values()),
            differs=old != set(units.values()),
            lost=[name for name in lacking if self._is_news(visit, name)],
        )

    def _unit_now(self, unit: int) -> UnitPlace | None:
        number, rest = divmod(unit, NUMBERS_EACH)
        entry = self.prospect.after_of(ResourceEntry, number)
        return None if entry is None else (entry.key, rest // UNIT_STEP)

    def _is_news(self, visit: ComingVisit, name: str) -> bool:
        """Tell whether a visit had what it lacks now, or did not need it."""
        numbers = {unit // NUMBERS_EACH for unit in visit.units}
        had = {entry.key for each in numbers if (entry := self.prospect.after_of(ResourceEntry, each))}
        before = self.prospect.before_of(ServiceEntry, visit.service_number)
        return name in had or before is None or name not in self._in_new_words(before.resources)

    def _in_new_words(self, names: Sequence[str]) -> set[str]:
        """Return what resources are called from now on."""
        pairs = self.prospect.matching.pairs[ResourceEntry]
        stored = self.prospect.stored.rows.get(ResourceEntry, ())
        before = {row.number: row.entry.key for row in stored}
        called = {before[pair.row.number]: pair.entry.key for pair in pairs if pair.row}
        return {called.get(name, name) for name in names}

    def _needed(self, visit: ComingVisit) -> Sequence[str]:
        service = self.prospect.after_of(ServiceEntry, visit.service_number)
        if service is None:
            return list(self._in_new_words_of(visit))
        place = self.places.get(visit.row) or self._place(visit)
        named = [self.counts[name] for name in service.resources if name in self.counts]
        return [each.key for each in named if each.location is None or each.location == place]

    def _in_new_words_of(self, visit: ComingVisit) -> Iterator[str]:
        for number in {unit // NUMBERS_EACH for unit in visit.units}:
            entry = self.prospect.after_of(ResourceEntry, number)
            if entry is not None:
                yield entry.key

    def _place(self, visit: ComingVisit) -> str | None:
        number = visit.location_number
        entry = None if number is None else self.prospect.after_of(LocationEntry, number)
        return None if entry is None else entry.key

    def _free(self, visit: ComingVisit, name: str) -> UnitPlace | None:
        shared = self.sessions.get((_session(visit), name))
        if shared is not None:
            return shared
        units = ((name, place) for place in range(self.counts[name].count))
        return next((unit for unit in units if self._is_free(visit, unit)), None)

    def _is_free(self, visit: ComingVisit, unit: UnitPlace) -> bool:
        begins, ends = _busy(visit)
        spans = (span for day in _days(begins, ends) for span in self.spans[unit, day])
        return not any(
            begin < ends and begins < end and who != visit.specialist_number for begin, end, who in spans
        )

    def _give(self, visit: ComingVisit, unit: UnitPlace) -> None:
        self.sessions.setdefault((_session(visit), unit[0]), unit)
        for day in _days(*_busy(visit)):
            self.spans[unit, day].append((*_busy(visit), visit.specialist_number))


def _session(visit: ComingVisit) -> Session:
    """Return what seats of one group have in common, and no two other visits."""
    return visit.specialist_number, visit.service_number, visit.begins


def _busy(visit: ComingVisit) -> tuple[datetime, datetime]:
    return visit.busy_begins or visit.begins, visit.busy_ends or visit.ends


def _days(begins: datetime, ends: datetime) -> range:
    return range(begins.toordinal(), ends.toordinal() + 1)
