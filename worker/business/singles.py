"""What the business file holds once: the business itself, who runs it, what its customers may do."""

from shared.contracts.pausing import LONGEST_PAUSE_TEXT
from shared.i18n.marking import text_noop
from worker.business import kinds
from worker.business.fields import FileEntry, field
from worker.business.lists import numbers
from worker.business.money import CURRENCY
from worker.business.values import (
    CALENDAR_DATE,
    LANGUAGE,
    NAME,
    SWITCH,
    TELEGRAM_ID,
    TIME_ZONE,
    Day,
    optional,
    text_line,
)
from worker.db.models import catalogue


class BusinessEntry(FileEntry):
    """The business itself."""

    label = text_noop("business")
    table = catalogue.Business

    name: str = field(NAME, "what customers know it by")
    timezone: str = field(TIME_ZONE, "all hours are its wall clock")
    currency: str = field(CURRENCY, "what prices are in")
    language: str = field(LANGUAGE, "what people are spoken to whose own language is not there", default="en")
    contact: str = field(
        text_line(kinds.CONTACT_LENGTH),
        "whom customers call where it is too late to do it here, as `+49 30 1234567`",
        default="",
    )
    late_text: str = field(
        text_line(), "what customers read once it is too late to cancel, as what is due then", default=""
    )
    ratings: str = field(
        kinds.RATINGS,
        "who reads how customers found a visit; of `nobody` they are not asked",
        default="specialist",
    )
    earlier: bool = field(
        SWITCH, "whether customers may ask for an earlier time than their visit has", default=True
    )
    swaps: bool = field(SWITCH, "whether two customers may swap the times of their visits", default=True)
    choose_within: int | None = field(
        optional(kinds.CHOOSING),
        "how long the staff may choose to whom a time is offered that frees up; left out, and where nobody "
        "chooses, it goes to the first in line",
        default=None,
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


class RolesEntry(FileEntry):
    """Who may administer."""

    label = text_noop("roles")

    owner: tuple[int, ...] = field(numbers(TELEGRAM_ID, kinds.OWNERS), "who owns the business", default=())
    admin: tuple[int, ...] = field(
        numbers(TELEGRAM_ID, kinds.ADMINS), "who runs it for the owner", default=()
    )


class LimitsEntry(FileEntry):
    """What each customer may do by themselves."""

    label = text_noop("limits")
    table = catalogue.CustomerLimits

    max_upcoming: int = field(
        kinds.VISITS,
        "visits ahead that a customer may have; staff may have more",
        default=kinds.LIMITS.max_upcoming,
    )
    max_cancelled: int = field(
        kinds.VISITS,
        "after so many cancelled or not paid for within 24 hours, a customer calls to book another",
        default=kinds.LIMITS.max_cancelled,
    )
    max_requests: int = field(
        kinds.VISITS,
        "requests of a customer that wait for an answer at a time",
        default=kinds.LIMITS.max_requests,
    )
