"""Hours that hold on some dates in place of the week's: an entry of the file, and the field of them."""

from typing import Final

from shared.i18n.marking import text_noop
from worker.business.fields import FieldType, FileEntry, MemberRows, MembersType, ValueKind, field
from worker.business.hours import WEEK
from worker.business.opening import Week
from worker.business.ordered import in_order
from worker.business.values import scalar
from worker.business.when import format_validity, parse_validity
from worker.db.models.periods import SpecialistPeriod
from worker.scheduling.hours import Period
from worker.scheduling.validity import Validity

MOST_PERIODS: Final = 20
USUAL: Final = (
    *("this week", "next week"),
    *("11-01 to 03-31", "06-01 to 08-31"),
    *("first mon", "first sat", "last fri"),
)
"""In the chat, which knows which week it is; of a week by itself every other one is meant."""
WHEN: Final[FieldType[Validity]] = scalar(
    "`11-01 to 03-31`, `2026-12-01 to 2027-02-28`, `every 2 weeks from 2026-11-30`, `first mon`, `last fri`, "
    "or several with `;` between",
    parse_validity,
    write=format_validity,
    show=format_validity,
    store=Validity.as_json,
    load=Validity.from_json,
    kind=ValueKind.VALIDITY,
    presets=USUAL,
)


class PeriodEntry(FileEntry):
    """Hours that hold on some dates."""

    label = text_noop("period")
    table = SpecialistPeriod

    when: Validity = field(
        WHEN,
        "the dates on which the hours hold: a season of each year, some dates once, every so many weeks from "
        "that of a date, a weekday of each month; of several, the dates that all of them name",
        column="validity",
    )
    hours: Week = field(
        WEEK, "all that is open then; a weekday that is not named is closed", column="minutes"
    )

    @property
    def period(self) -> Period:
        """What the rules go by."""
        return Period(self.when, self.hours)


type Periods = tuple[PeriodEntry, ...]


def periods(rows: MemberRows) -> MembersType[Periods]:
    """Make the type of periods, those that go before others first."""
    return in_order(PeriodEntry, rows, MOST_PERIODS, {"when": Validity(), "hours": {}})
