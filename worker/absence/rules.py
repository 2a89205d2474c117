"""What time off makes of a specialist's hours on single dates, and what closes and opens with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from shared.contracts.absence import TimeOffKind
from shared.i18n.translator import Translator
from worker.business.opening import Windows, join_windows, parse_windows
from worker.business.problems import UnfitError
from worker.dates.rules import without
from worker.dates.written import read_days
from worker.scheduling.hours import WeeklyHours
from worker.scheduling.wallclock import MIDNIGHT

if TYPE_CHECKING:
    from worker.business.apply import Edit
    from worker.business.document import SpecialistEntry

ONE_DAY: Final = timedelta(days=1)
MOST_DAYS: Final = 366
"""So many days are off at once."""
FURTHEST: Final = 3 * 366
"""So many days ahead somebody plans."""
WHOLE: Final = ("off", "closed")

type Dates = Mapping[date, Windows | None]
"""A specialist's hours by date; None where they are the weekday's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """What somebody wants of a specialist's dates."""

    specialist_id: int
    how: TimeOffKind
    first: date
    last: date
    windows: Windows = ()
    """What is off, or the other hours."""
    restores: Dates = field(default_factory=dict)
    """What dates were before, for RESTORE."""
    replaces: Dates = field(default_factory=dict)
    """What they were made since: where they are another by now, they stay."""

    @property
    def days(self) -> list[date]:
        """The dates that are meant."""
        return [self.first + step * ONE_DAY for step in range((self.last - self.first).days + 1)]

    def fits(self, today: date) -> bool:
        """Tell whether it begins today or later, ends after it begins, and is not too long or far away."""
        if not today <= self.first <= self.last:
            return False
        if (self.last - self.first).days >= MOST_DAYS or (self.last - today).days > FURTHEST:
            return False
        within = all(0 <= opens < closes <= MIDNIGHT for opens, closes in self.windows)
        return within and (bool(self.windows) or self.how not in NEED_TIMES)

    def wanted(self, hours: WeeklyHours) -> Dates:
        """Return what the dates are to be; those that stay as they are are left out."""
        found = {day: self._of_day(day, hours) for day in self.days}
        now = {day: hours.exceptions.get(day) for day in found}
        return {day: wanted for day, wanted in found.items() if wanted != now[day]}

    def _of_day(self, day: date, hours: WeeklyHours) -> Windows | None:
        match self.how:
            case TimeOffKind.OFF:
                return ()
            case TimeOffKind.BLOCK:
                left = without(hours.windows(day), self.windows)
                return hours.exceptions.get(day) if left == hours.windows(day) else left
            case TimeOffKind.HOURS:
                return self.windows
            case TimeOffKind.USUAL:
                return None
            case TimeOffKind.RESTORE:
                now = hours.exceptions.get(day)
                unchanged = day in self.restores and self.replaces.get(day) == now
                return self.restores[day] if unchanged else now

    def undone(self, before: Dates, after: Dates) -> Self:
        """Return what takes it back: the dates as they were, where nobody changes them meanwhile."""
        days = sorted(after)
        return type(self)(
            specialist_id=self.specialist_id,
            how=TimeOffKind.RESTORE,
            first=days[0],
            last=days[-1],
            restores=before,
            replaces=after,
        )

    def as_json(self) -> dict[str, Any]:
        """Write it for a draft."""
        return {
            "specialist_id": self.specialist_id,
            "how": self.how.value,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "windows": [list(each) for each in self.windows],
            "restores": _written(self.restores),
            "replaces": _written(self.replaces),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read it from a draft."""
        return cls(
            specialist_id=data["specialist_id"],
            how=TimeOffKind(data["how"]),
            first=date.fromisoformat(data["first"]),
            last=date.fromisoformat(data["last"]),
            windows=_windows(data["windows"]),
            restores=_read(data["restores"]),
            replaces=_read(data["replaces"]),
        )


NEED_TIMES: Final = frozenset({TimeOffKind.BLOCK, TimeOffKind.HOURS})


def edit_of(time_off: TimeOff) -> "Edit":
    """Return how the business becomes what somebody wants of a specialist's dates."""
    from worker.business.document import SpecialistEntry  # noqa: PLC0415 - only who changes pays for it
    from worker.business.edits import with_change  # noqa: PLC0415 - as above

    def changed(entry: "SpecialistEntry") -> "SpecialistEntry":
        return _with_dates(entry, time_off.wanted(entry.opening))

    return lambda stored: with_change(stored, SpecialistEntry, time_off.specialist_id, changed)


def _with_dates(entry: "SpecialistEntry", dates: Dates) -> "SpecialistEntry":
    from worker.business.document import ExceptionEntry  # noqa: PLC0415 - as above

    kept = [each for each in entry.exceptions if each.date not in dates]
    new = [ExceptionEntry(date=day, hours=hours) for day, hours in dates.items() if hours is not None]
    return replace(entry, exceptions=tuple(sorted([*kept, *new], key=lambda each: each.date)))


def read_times(text: str) -> Windows | None:
    """Read '12:00-14:00' or '10-12, 14-18' of one day as the business file does; None for what it refuses."""
    try:
        windows = parse_windows(text.strip())
    except UnfitError:
        return None
    return join_windows(windows) if windows and all(end <= MIDNIGHT for _, end in windows) else None


def read_time_off(texts: Translator, text: str, specialist_id: int, today: date) -> TimeOff | None:
    """Read '24.12.', '24 Dec - 3 Jan' or 'tomorrow 12-14' as people write it; None for anything else."""
    found = read_days(texts, text, today)
    if found is None:
        return None
    closed = found.rest.casefold() in {"", *WHOLE, texts.text("closed").casefold()}
    windows = () if closed else read_times(found.rest)
    if windows is None:
        return None
    how = TimeOffKind.BLOCK if windows else TimeOffKind.OFF
    return TimeOff(specialist_id=specialist_id, how=how, first=found.first, last=found.last, windows=windows)


def starts(how: TimeOffKind, windows: Windows, step: int) -> list[int]:
    """Return the minutes of a day from which on it may be off, or open."""
    inside = [(0, MIDNIGHT)] if how is TimeOffKind.HOURS else windows
    return [minute for opens, closes in inside for minute in range(opens, closes, step)]


def ends(how: TimeOffKind, windows: Windows, begins: int, step: int) -> list[int]:
    """Return the minutes until which it may be off, or open, that begins at one."""
    latest = MIDNIGHT if how is TimeOffKind.HOURS or not windows else windows[-1][1]
    found = list(range(begins + step, latest, step))
    return [*found, latest] if begins < latest else []


def _written(dates: Dates) -> dict[str, list[list[int]] | None]:
    return {
        day.isoformat(): None if windows is None else [list(each) for each in windows]
        for day, windows in dates.items()
    }


def _read(data: Mapping[str, Any]) -> Dates:
    return {
        date.fromisoformat(day): None if windows is None else _windows(windows)
        for day, windows in data.items()
    }


def _windows(data: Iterable[Sequence[int]]) -> Windows:
    return tuple((opens, closes) for opens, closes in data)
