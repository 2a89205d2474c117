"""The business file, declared: the fields of each entry, what they hold, mean and default to.

Reading, export, the differences that `apply` tells, loading, storing and docs/business-file.md follow it.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Self

from shared.contracts.pausing import LONGEST_PAUSE_TEXT
from worker.business.fields import EntryType, FileEntry, MemberRows, Row, field
from worker.business.hours import TIMES, weekly_times
from worker.business.lists import NOTHING_SAID, durations, keyed, many, numbers, one
from worker.business.money import CURRENCY, PRICE
from worker.business.opening import Week, Windows
from worker.business.places import Whereabouts, whereabouts, without_a_place
from worker.business.questions import QUESTIONS, QuestionEntry
from worker.business.skills import Skills, skills
from worker.business.values import (
    APPROVAL,
    CALENDAR_DATE,
    DAY,
    HOUR,
    LANGUAGE,
    NAME,
    NAME_LENGTH,
    SWITCH,
    TELEGRAM_ID,
    TIME_ZONE,
    WORD,
    Day,
    degrees,
    duration,
    optional,
    text_line,
    whole_number,
)
from worker.business.wording import Wording
from worker.db.models import catalogue
from worker.db.models.people import RoleGrant
from worker.placement.rules import Allowance
from worker.price import Price

CATEGORY = text_line(NAME_LENGTH)
CONTACT_LENGTH = 60
"""UTF-16 units: with it, a word on a tap fits Telegram's 200 characters."""
REFERENCE = text_line(2 * NAME_LENGTH + 1)
LENGTH = duration(1, 14 * DAY, ("15m", "30m", "45m", "1h", "1h30m", "2h"))
PAUSE = duration(0, 7 * DAY, ("0m", "5m", "10m", "15m", "30m"))
HELD = duration(0, HOUR, ("0m", "3m", "5m", "10m", "15m"))
AHEAD = duration(0, 366 * DAY, ("0m", "2h", "12h", "1d", "2d"))
CONFIRMING = duration(1, 366 * DAY, ("2h", "6h", "12h", "1d"))
HORIZON = duration(1, 732 * DAY, ("14d", "30d", "60d", "90d", "180d"))
REMINDERS = durations(duration(1, 366 * DAY), most=10, presets=("1d,2h", "1d", "2h", NOTHING_SAID))
CAPACITY = whole_number("number from 1 to 1000", "a number of places", 1, 1000, ("1", "2", "4", "8", "12"))
VISITS = whole_number("number from 1 to 1000", "a number of visits", 1, 1000, ("1", "3", "5", "10"))
LIMITS = Allowance()
SERVICES = MemberRows(catalogue.SpecialistService, "service_id", "specialist_id", named=catalogue.Service)
PLACES = MemberRows(catalogue.SpecialistLocation, "location_id", "specialist_id", named=catalogue.Location)
HOURS = MemberRows(catalogue.WorkingHours, "weekday", "specialist_id")
EXCEPTIONS = MemberRows(catalogue.ScheduleException, "day", "specialist_id")
OWNERS = MemberRows(RoleGrant, "person_id", constant=(("role", "owner"),))
ADMINS = MemberRows(RoleGrant, "person_id", constant=(("role", "admin"),))

type Conflicts = Iterator[tuple[Sequence[str], Wording]]


class BusinessEntry(FileEntry):
    """The business itself."""

    label = "business"
    table = catalogue.Business

    name: str = field(NAME, "what customers know it by")
    timezone: str = field(TIME_ZONE, "all hours are its wall clock")
    currency: str = field(CURRENCY, "what prices are in")
    language: str = field(LANGUAGE, "what people are spoken to whose own language is not there", default="en")
    contact: str = field(
        text_line(CONTACT_LENGTH),
        "whom customers call where it is too late to do it here, as `+49 30 1234567`",
        default="",
    )
    paused: bool = field(SWITCH, "whether customers can book and move nothing", default=False)
    paused_until: Day | None = field(
        optional(CALENDAR_DATE),
        "the date from which on they can again; left out, a pause lasts until somebody ends it",
        default=None,
    )
    pause_text: str = field(
        text_line(LONGEST_PAUSE_TEXT), "what customers read meanwhile; empty is the usual text", default=""
    )


class NamedEntry(FileEntry, abstract=True):
    """One of a list, told apart from the others by its name, and known for good by its id."""

    id: str | None = field(
        optional(WORD),
        "what it is known by for good, whatever its name; `export` writes it",
        default=None,
        column="file_id",
        unique=Wording.ID_TAKEN,
        compare=False,
    )
    was: str | None = field(
        optional(REFERENCE),
        "its name until now, where that changes",
        default=None,
        unique=Wording.WAS_TAKEN,
        passing=True,
        compare=False,
    )
    line: int = dataclasses.field(default=0, compare=False, repr=False)

    @classmethod
    def read(cls, values: Mapping[str, Any], line: int) -> Self:
        """Make an entry that knows its line."""
        return cls(**values, line=line)


class LocationEntry(NamedEntry):
    """A place where visits happen."""

    label = "location"
    table = catalogue.Location
    together = ("latitude", "longitude")

    name: str = field(NAME, "what the place is called")
    address: str = field(text_line(), "shown to customers", default="")
    latitude: float | None = field(optional(degrees(90)), "north is positive", default=None)
    longitude: float | None = field(
        optional(degrees(180)), "east is positive; both degrees or neither", default=None
    )

    @classmethod
    def conflicts(cls, values: Row) -> Conflicts:
        """Refuse one half of a point."""
        point = [name for name in ("latitude", "longitude") if values.get(name) is not None]
        if len(point) == 1 and {"latitude", "longitude"} <= values.keys():
            yield point, Wording.HALF_A_POINT


class ServiceEntry(NamedEntry):
    """What is booked; durations in minutes."""

    label = "service"
    table = catalogue.Service
    named_by = ("category", "name")

    category: str = field(CATEGORY, "heads the services of a kind; names are told apart in each", default="")
    name: str = field(NAME, "what customers choose")
    duration: int = field(LENGTH, "length of the visit")
    price: Price | None = field(PRICE, "what a visit costs; left out, nothing is said of it", default=None)
    buffer_before: int = field(PAUSE, "the specialist's time before the visit", default=0)
    buffer_after: int = field(PAUSE, "the specialist's time after the visit", default=0)
    step: int = field(LENGTH, "between two starts, counted from opening", default=15)
    min_notice: int = field(AHEAD, "how soon it can be booked", default=2 * HOUR)
    horizon: int = field(
        HORIZON, "how far ahead it can be booked; longer than `min_notice`", default=60 * DAY
    )
    cancel_until: int = field(AHEAD, "how long before the start a customer may cancel", default=DAY)
    move_until: int | None = field(
        optional(AHEAD),
        "how long before the start a customer may move; left out, as `cancel_until`",
        default=None,
    )
    capacity: int = field(CAPACITY, "places in one visit", default=1)
    hold: int = field(
        HELD, "how long its time is kept for who is about to confirm it; `0m` does not keep it", default=5
    )
    approval: bool = field(
        APPROVAL, "bookings that wait for approval are not there yet: `true` is refused", default=False
    )
    reminders: tuple[int, ...] = field(
        REMINDERS,
        "before the start, in any order; `[]` for none",
        default=(DAY, 2 * HOUR),
    )
    confirm_until: int | None = field(
        optional(CONFIRMING),
        "how long before the start a visit is freed whose customer was reminded and has not said that they "
        "will be there; left out, none is",
        default=None,
    )
    questions: tuple[QuestionEntry, ...] = field(
        QUESTIONS, "what customers are asked before they confirm, in this order", default=()
    )

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

    label = "specialist"
    table = catalogue.Specialist

    name: str = field(NAME, "what customers choose")
    telegram_id: int | None = field(
        optional(TELEGRAM_ID), "whose `/today` this is", default=None, unique=Wording.TELEGRAM_ID_TAKEN
    )
    services: Skills = field(
        skills(ServiceEntry, REFERENCE, LENGTH, SERVICES), "what the specialist does", default={}
    )
    locations: Whereabouts = field(
        whereabouts(LocationEntry, NAME, PLACES, "weekdays"),
        "where the specialist works; where there are several on one day, customers choose",
        default={},
    )
    hours: Week = field(
        weekly_times(HOURS, "minutes"), "weekdays are `mon`, `mon-fri`, `mon,wed` or `sun-thu`", default={}
    )
    exceptions: tuple[ExceptionEntry, ...] = field(
        keyed(ExceptionEntry, EXCEPTIONS, absent="as usual"),
        "hours of single dates in place of the weekday's",
        default=(),
    )

    @classmethod
    def conflicts(cls, values: Row) -> Conflicts:
        """Refuse hours on a weekday for which other places than that day's are named."""
        if {"locations", "hours", "exceptions"} <= values.keys():
            dates = {each.date.weekday() for each in values["exceptions"] if each.hours}
            if without_a_place(values["locations"], {*values["hours"], *dates}):
                yield ("locations",), Wording.DAY_WITHOUT_A_PLACE


class RolesEntry(FileEntry):
    """Who may administer."""

    label = "roles"

    owner: tuple[int, ...] = field(numbers(TELEGRAM_ID, OWNERS), "who owns the business", default=())
    admin: tuple[int, ...] = field(numbers(TELEGRAM_ID, ADMINS), "who runs it for the owner", default=())


class LimitsEntry(FileEntry):
    """What each customer may do by themselves."""

    label = "limits"
    table = catalogue.CustomerLimits

    max_upcoming: int = field(
        VISITS, "visits ahead that a customer may have; staff may have more", default=LIMITS.max_upcoming
    )
    max_cancelled: int = field(
        VISITS,
        "after so many cancelled within 24 hours, a customer calls to book another",
        default=LIMITS.max_cancelled,
    )


class Document(FileEntry):
    """The whole file."""

    business: BusinessEntry = field(one(BusinessEntry), "the business itself")
    locations: tuple[LocationEntry, ...] = field(many(LocationEntry), "where visits happen", default=())
    services: tuple[ServiceEntry, ...] = field(many(ServiceEntry), "what is booked", default=())
    specialists: tuple[SpecialistEntry, ...] = field(many(SpecialistEntry), "who does it", default=())
    roles: RolesEntry = field(one(RolesEntry, on_line=True), "who may administer", default=RolesEntry())
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
