"""Choosing a visit and its time: to book one, or to move one."""

from datetime import date, datetime
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, ValidationInfo

from shared.contracts.base import Answer, ButtonForm, Command, Contract, Frozen, Spec, Typed
from shared.i18n.marking import text_noop

TERMS: Final = 36**6
"""What a summary says of price, length, place and rules is one of so many numbers."""
LONGEST_SEARCH: Final = 100
"""Characters of what is looked for: no name is longer."""
MOST_ADDED: Final = 3
"""So many services can follow the first of a visit."""


class Moving(Frozen):
    """The booking that is being moved, and its version as the person saw it."""

    booking_id: int
    version: int


class BookedFor(Frozen):
    """Whom staff book for: a person by their number here, below zero for those without Telegram."""

    person_id: int


def _unless_moved(value: BookedFor | None, info: ValidationInfo) -> BookedFor | None:
    """Refuse what moves a visit and names somebody: a visit that is moved has its customer."""
    if value is not None and info.data.get("moving") is not None:
        raise ValueError("a visit that is moved has its customer")
    return value


class AddedServices(Frozen):
    """The services that follow the first in the same visit, in their order."""

    ids: tuple[int, ...] = Field(min_length=1, max_length=MOST_ADDED)

    @property
    def without_last(self) -> Self | None:
        """The same but the last of them; None where nothing is left."""
        return None if len(self.ids) == 1 else self.model_copy(update={"ids": self.ids[:-1]})


Whom = Annotated[BookedFor | None, AfterValidator(_unless_moved)]
"""None: whoever asks books for themselves."""


def _unless_it_has_its_own(value: AddedServices | None, info: ValidationInfo) -> AddedServices | None:
    """Refuse what adds services to a visit that is moved: it has its own."""
    if value is not None and info.data.get("moving") is not None:
        raise ValueError("services are added to a visit that is not booked yet")
    return value


Added = Annotated[AddedServices | None, AfterValidator(_unless_it_has_its_own)]
"""None: nothing follows."""


class ShowServices(Command, kind="booking.services", only_shows=True):
    """/book: the services to choose from, or the categories of many."""

    page: int = 0
    within: int | None = None
    """A service: those of its category."""
    around: int | None = None
    """A service: the page of its category that it is on."""
    specialist_id: int | None = None
    """Whoever they are to be done by, where that is known."""
    customer: Whom = None


class AskService(Command, kind="booking.ask_service"):
    """'Search' beside the services: the question what is looked for."""

    customer: Whom = None


class FindServices(Command, kind="booking.find_services"):
    """The services whose names hold what was typed."""

    text: str
    customer: Whom = None


class ShowSpecialists(Command, kind="booking.specialists", only_shows=True):
    """The specialists who do a service; before them the places, where they work at more than one.

    `location_id` is the place that was chosen, here and below; None is wherever it may be.
    """

    service_id: int
    page: int = 0
    location_id: int | None = None
    customer: Whom = None
    added: Added = None


class AddService(Command, kind="booking.add_service", only_shows=True):
    """'Add a service': what can follow what is chosen so far: with whom and when, where that is."""

    service_id: int
    added: Added = None
    location_id: int | None = None
    page: int = 0
    specialist_id: int | None = None
    start: datetime | None = None
    customer: Whom = None


class ShowSoonest(Command, kind="booking.soonest", only_shows=True):
    """The soonest free times; `specialist_id` None is 'Anyone'."""

    service_id: int
    specialist_id: int | None = None
    moving: Moving | None = None
    location_id: int | None = None
    customer: Whom = None
    added: Added = None


class BookAgain(Command, kind="booking.again"):
    """'Book again' on a card: the soonest times for the same, with the same specialist."""

    booking_id: int


class ShowMonth(Command, kind="schedule.show_month", only_shows=True):
    """The days to choose from, some weeks at a time.

    They are the weeks that hold the day `month`, or the last ones before the day `before`, or those next to
    them that have a free day. Without either they are the first that have one.
    """

    service_id: int
    specialist_id: int | None = None
    month: date | None = None
    moving: Moving | None = None
    before: date | None = None
    location_id: int | None = None
    customer: Whom = None
    added: Added = None


class ShowDay(Command, kind="schedule.show_day", only_shows=True):
    """A day's free times: those of one part of it where they are many, and of that a page."""

    service_id: int
    specialist_id: int | None = None
    day: date
    moving: Moving | None = None
    page: int = 0
    part: int = 0
    """Morning, afternoon, evening from 1 on; 0 is the whole day."""
    location_id: int | None = None
    customer: Whom = None
    added: Added = None


class ShowSummary(Command, kind="booking.summary"):
    """What is about to be booked or moved, before the person confirms: its time is held for a while."""

    service_id: int
    specialist_id: int | None = None
    start: datetime
    moving: Moving | None = None
    soonest: bool = False
    """Whether it was chosen among the soonest times: the way back leads there."""
    location_id: int | None = None
    anyway: bool = False
    """As in Book: on the second summary, which asks once more."""
    customer: Whom = None
    added: Added = None
    places: int = 1
    """How many places of a group are wanted: for whoever asks and those who come along."""


class LeaveSummary(Command, kind="booking.leave_summary", only_shows=True):
    """'« Back' on a summary: the time is let go, and the times are shown that it was chosen from."""

    service_id: int
    specialist_id: int | None = None
    start: datetime
    moving: Moving | None = None
    soonest: bool = False
    """As in ShowSummary."""
    location_id: int | None = None
    customer: Whom = None
    added: Added = None


class ShowTime(Command, kind="booking.time"):
    """A link to one time: its summary, or what there is beside it."""

    service_id: int
    specialist_id: int | None = None
    day: date
    clock: int
    """Hours and minutes by the business's clock, written together: 930 is half past nine."""
    added: Added = None


class Book(Command, kind="booking.book"):
    """Confirm a new booking, at the place that the summary said."""

    service_id: int
    specialist_id: int | None = None
    start: datetime
    location_id: int | None = None
    anyway: bool = False
    """Whether the person was told that they have another visit then, and wants this one all the same."""
    terms: int = 0
    """What the summary said of price, length, place and rules, in a few digits; 0 where it did not say.

    Before them stands how many places it said beside the customer's own: with a field of its own for that,
    a button would be too long.
    """
    customer: Whom = None
    added: Added = None

    @property
    def places(self) -> int:
        """How many places of a group are wanted: for whoever asks and those who come along."""
        return 1 + self.terms // TERMS


class StartMove(Command, kind="booking.start_move"):
    """'Move' on a card: choose a new time."""

    moving: Moving


class Move(Command, kind="booking.move"):
    """Confirm a booking's new time, at the place that the summary said."""

    moving: Moving
    specialist_id: int | None = None
    start: datetime
    location_id: int | None = None
    anyway: bool = False
    """As in Book."""
    terms: int = 0
    """As in Book."""


CONTRACT = Contract(
    "booking",
    (
        Spec(
            ShowServices,
            ButtonForm("s", former=("sp",)),
            (Typed("book", text_noop("Book a visit")),),
            links=("book", "p{specialist_id}"),
        ),
        Spec(AskService, ButtonForm("s?")),
        Spec(FindServices, answer=Answer("text", longest=LONGEST_SEARCH)),
        Spec(
            ShowSpecialists, ButtonForm("p", former=("pp",)), links=("s{service_id}", "s{service_id}_{added}")
        ),
        Spec(AddService, ButtonForm("s+")),
        Spec(
            ShowSoonest,
            ButtonForm("so"),
            links=("s{service_id}-p{specialist_id}", "s{service_id}_{added}-p{specialist_id}"),
        ),
        Spec(BookAgain, ButtonForm("ba")),
        Spec(ShowMonth, ButtonForm("m")),
        Spec(
            ShowDay,
            ButtonForm("d"),
            links=(
                "s{service_id}-{day}",
                "s{service_id}-p{specialist_id}-{day}",
                "s{service_id}_{added}-{day}",
                "s{service_id}_{added}-p{specialist_id}-{day}",
            ),
        ),
        Spec(ShowSummary, ButtonForm("t")),
        Spec(LeaveSummary, ButtonForm("tb")),
        Spec(
            ShowTime,
            links=(
                "s{service_id}-{day}-{clock}",
                "s{service_id}-p{specialist_id}-{day}-{clock}",
                "s{service_id}_{added}-{day}-{clock}",
                "s{service_id}_{added}-p{specialist_id}-{day}-{clock}",
            ),
        ),
        Spec(Book, ButtonForm("ok")),
        Spec(StartMove, ButtonForm("mv")),
        Spec(Move, ButtonForm("mok")),
    ),
)
