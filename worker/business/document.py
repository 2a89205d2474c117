"""The business file, declared: the fields of each entry, what they hold, mean and default to.

Reading, export, the differences that `apply` tells, loading, storing and docs/business-file.md follow it.
"""

from collections.abc import Mapping
from typing import Any, Final, Self

from shared.i18n.marking import text_noop
from worker.business import kinds
from worker.business.ahead import AHEAD_MEANS, DEPOSIT, PAYER
from worker.business.approval import APPROVAL, APPROVAL_WITHIN, spread
from worker.business.fields import EntryType, FileEntry, Row, field
from worker.business.hours import TIMES, weekly_times
from worker.business.lists import keyed, many, one
from worker.business.money import PRICE
from worker.business.opening import Week, Windows
from worker.business.own_texts import REMINDER_TEXTS, OwnTexts, TextsEntry
from worker.business.periods import Periods, periods
from worker.business.places import Whereabouts, whereabouts, without_a_place
from worker.business.questions import QUESTIONS, QuestionEntry
from worker.business.references import Names, references
from worker.business.singles import BusinessEntry, LimitsEntry, RolesEntry
from worker.business.skills import Skills, skills
from worker.business.things import Conflicts, LocationEntry, NamedEntry, ResourceEntry, bounded
from worker.business.values import (
    CALENDAR_DATE,
    DAY,
    HOUR,
    NAME,
    SWITCH,
    TELEGRAM_ID,
    Day,
    optional,
)
from worker.business.wording import Wording
from worker.db.models import catalogue
from worker.deposit import Deposit
from worker.price import Price
from worker.scheduling.hours import WeeklyHours

__all__ = [
    "LISTS",
    "SECTIONS",
    "Document",
    "ExceptionEntry",
    "LocationEntry",
    "NamedEntry",
    "ResourceEntry",
    "ServiceEntry",
    "SpecialistEntry",
]


class ServiceEntry(NamedEntry):
    """What is booked; durations in minutes."""

    label = text_noop("service")
    table = catalogue.Service
    named_by = ("category", "name")

    category: str = field(
        kinds.CATEGORY, "heads the services of a kind; names are told apart in each", default=""
    )
    name: str = field(NAME, "what customers choose")
    duration: int = field(kinds.LENGTH, "length of the visit")
    price: Price | None = field(PRICE, "what a visit costs; left out, nothing is said of it", default=None)
    deposit: Deposit | None = field(DEPOSIT, AHEAD_MEANS, default=None)
    deposit_for: str = field(PAYER, "who pays it: everybody, or who is new here", default="all")
    keep_deposit: bool = field(SWITCH, "whether it is kept also when the customer cancels", default=False)
    buffer_before: int = field(kinds.PAUSE, "the specialist's time before the visit", default=0)
    buffer_after: int = field(kinds.PAUSE, "the specialist's time after the visit", default=0)
    step: int = field(kinds.LENGTH, "between two starts, counted from opening", default=15)
    min_notice: int = field(kinds.AHEAD, "how soon it can be booked", default=2 * HOUR)
    horizon: int = field(
        kinds.HORIZON, "how far ahead it can be booked; longer than `min_notice`", default=60 * DAY
    )
    cancel_until: int = field(kinds.AHEAD, "how long before the start a customer may cancel", default=DAY)
    move_until: int | None = field(
        optional(kinds.AHEAD),
        "how long before the start a customer may move; left out, as `cancel_until`",
        default=None,
    )
    max_moves: int | None = field(
        optional(kinds.MOVES),
        "how often a customer may move a visit; left out, as often as they like",
        default=None,
    )
    max_series: int | None = field(
        optional(kinds.SERIES), "visits of one series ahead; left out, `max_upcoming` holds", default=None
    )
    capacity: int = field(kinds.CAPACITY, "places in one visit", default=1)
    max_places: int = field(
        kinds.MOST_PLACES, "how many of them a customer may book at once, for others too", default=1
    )
    hold: int = field(
        kinds.HELD,
        "how long its time is kept for who is about to confirm it; `0m` does not keep it",
        default=5,
    )
    approval: bool = field(
        APPROVAL, "whether what customers ask for waits until the specialist agrees", default=False
    )
    approval_within: int | None = field(
        APPROVAL_WITHIN,
        "how long a request waits for its answer; left out, as long as the time could be booked",
        default=None,
    )
    approval_regulars: bool = field(
        SWITCH, "whether who has been here before is accepted at once", default=False
    )
    reminders: tuple[int, ...] = field(
        kinds.REMINDERS,
        "before the start, in any order; `[]` for none",
        default=(DAY, 2 * HOUR),
    )
    reminder_texts: OwnTexts = field(
        REMINDER_TEXTS, "what its reminders begin with, in place of `texts.reminder`", default={}
    )
    again_after: int | None = field(
        optional(kinds.AGAIN), "after so long a customer is offered times to come again", default=None
    )
    confirm_until: int | None = field(
        optional(kinds.CONFIRMING),
        "how long before the start a visit is freed whose customer was reminded and has not said that they "
        "will be there; left out, none is",
        default=None,
    )
    questions: tuple[QuestionEntry, ...] = field(
        QUESTIONS, "what customers are asked before they confirm, in this order", default=()
    )
    resources: Names = field(
        references(ResourceEntry, NAME, kinds.NEEDED),
        "what a visit needs beside the specialist, one of each; of those that are at a place, what is at the"
        " visit's; a group needs them once",
        default=(),
    )
    hours: Week = field(
        weekly_times(kinds.OFFERED, "minutes", bounds=True),
        "when it is offered; left out, whenever a specialist works",
        default={},
    )
    periods: Periods = field(
        periods(kinds.OFFERED_IN),
        "when it is offered at times that differ; the first that names a date holds",
        default=(),
    )

    @property
    def opening(self) -> WeeklyHours | None:
        """When it is offered; None is whenever a specialist works."""
        return bounded(self.hours, self.periods)

    @classmethod
    def read(cls, values: Mapping[str, Any], line: int) -> Self:
        """Make an entry; what a mapping says of approval are fields of their own."""
        return super().read(spread(values), line)

    @property
    def movable_until(self) -> int:
        """How long before the start a customer may move."""
        return self.cancel_until if self.move_until is None else self.move_until

    @classmethod
    def conflicts(cls, values: Row) -> Conflicts:
        """Refuse a service that can never be booked, and one that asks for an answer without a question."""
        if {"horizon", "min_notice"} <= values.keys() and values["horizon"] <= values["min_notice"]:
            yield ("horizon", "min_notice"), Wording.NO_TIME_TO_BOOK
        confirm_until, asked = values.get("confirm_until"), max(values.get("reminders", ()), default=0)
        if "reminders" in values and confirm_until is not None and asked < confirm_until + HOUR:
            yield ("confirm_until", "reminders"), Wording.NEVER_ASKED


class ExceptionEntry(FileEntry):
    """A specialist's hours on one date."""

    table = catalogue.ScheduleException

    date: Day = field(CALENDAR_DATE, "the date", column="day", unique=Wording.DATE_TAKEN)
    hours: Windows = field(TIMES, "as on a weekday; `[]` is a day off", default=(), column="minutes")


class SpecialistEntry(NamedEntry):
    """Who does it, and when."""

    label = text_noop("specialist")
    table = catalogue.Specialist

    name: str = field(NAME, "what customers choose")
    telegram_id: int | None = field(
        optional(TELEGRAM_ID), "whose `/today` this is", default=None, unique=Wording.TELEGRAM_ID_TAKEN
    )
    services: Skills = field(
        skills(ServiceEntry, kinds.REFERENCE, kinds.LENGTH, kinds.SERVICES),
        "what the specialist does",
        default={},
    )
    locations: Whereabouts = field(
        whereabouts(LocationEntry, NAME, kinds.PLACES, "weekdays"),
        "where the specialist works; where there are several on one day, customers choose",
        default={},
    )
    max_per_day: int | None = field(
        optional(kinds.TAKEN), "visits that the specialist takes a day; a group is one", default=None
    )
    max_per_week: int | None = field(
        optional(kinds.TAKEN),
        "visits that the specialist takes from Monday to Sunday; a group is one",
        default=None,
    )
    hours: Week = field(
        weekly_times(kinds.HOURS, "minutes"),
        "weekdays are `mon`, `mon-fri`, `mon,wed` or `sun-thu`",
        default={},
    )
    periods: Periods = field(
        periods(kinds.WORKED_IN),
        "hours of a season, of some weeks or of some weekdays of a month, in place of the week's; the first "
        "that names a date holds",
        default=(),
    )
    exceptions: tuple[ExceptionEntry, ...] = field(
        keyed(ExceptionEntry, kinds.EXCEPTIONS, absent="as usual"),
        "hours of single dates in place of the weekday's",
        default=(),
    )

    @property
    def opening(self) -> WeeklyHours:
        """When the specialist works."""
        dated = {each.date: each.hours for each in self.exceptions}
        return WeeklyHours(self.hours, dated, tuple(each.period for each in self.periods))

    @classmethod
    def conflicts(cls, values: Row) -> Conflicts:
        """Refuse hours on a weekday for which other places than that day's are named."""
        if {"locations", "hours", "exceptions", "periods"} <= values.keys():
            dates = {each.date.weekday() for each in values["exceptions"] if each.hours}
            at_times = {day for each in values["periods"] for day in each.hours}
            if without_a_place(values["locations"], {*values["hours"], *dates, *at_times}):
                yield ("locations",), Wording.DAY_WITHOUT_A_PLACE


class Document(FileEntry):
    """The whole file."""

    business: BusinessEntry = field(one(BusinessEntry), "the business itself")
    locations: tuple[LocationEntry, ...] = field(many(LocationEntry), "where visits happen", default=())
    resources: tuple[ResourceEntry, ...] = field(
        many(ResourceEntry), "rooms, chairs and machines", default=()
    )
    services: tuple[ServiceEntry, ...] = field(many(ServiceEntry), "what is booked", default=())
    specialists: tuple[SpecialistEntry, ...] = field(many(SpecialistEntry), "who does it", default=())
    roles: RolesEntry = field(one(RolesEntry, on_line=True), "who may administer", default=RolesEntry())
    texts: TextsEntry = field(
        one(TextsEntry), "the business's own words in place of ours", default=TextsEntry()
    )
    limits: LimitsEntry = field(
        one(LimitsEntry, on_line=True), "what each customer may do by themselves", default=LimitsEntry()
    )


SECTIONS: Final = {
    name: (spec.type.entry, spec.type.listed)
    for name, spec in Document.specs.items()
    if isinstance(spec.type, EntryType)
}
"""By field of the document, the class of its entries and whether there are several."""

LISTS: Final = {name: entry for name, (entry, _) in SECTIONS.items() if issubclass(entry, NamedEntry)}
"""By field of the document, the class of those that are several."""
