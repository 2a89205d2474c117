"""A visit that repeats: the dates to choose from, and booking those that were chosen."""

from datetime import datetime

from shared.contracts.base import ButtonForm, Command, Contract, Spec
from shared.contracts.booking import Moving


class AskSeries(Command, kind="series.ask", only_shows=True):
    """'Repeat' on a card: the question every how many weeks."""

    booking_id: int


class AskSeriesLength(Command, kind="series.ask_length", only_shows=True):
    """Every so many weeks was chosen: the question how often."""

    booking_id: int
    weeks: int


class ShowSeries(Command, kind="series.show", only_shows=True):
    """What is free of the dates; each bit of a figure is a date, from the first on."""

    booking_id: int
    weeks: int
    count: int
    """How many visits are to follow the one that is repeated."""
    off: int = 0
    """Dates that are not wanted."""
    instead: int = 0
    """Dates of which the nearest free time is wanted, where their own is not free."""


class BookSeries(Command, kind="series.book"):
    """'Confirm' under the dates: all that are chosen, or none."""

    booking_id: int
    weeks: int
    count: int
    off: int
    """As in ShowSeries."""
    instead: int
    """As in ShowSeries."""
    said: int
    """Dates that were said to be booked."""
    times: int
    """The very times of them, in a few digits: what is booked has to be just that."""
    terms: int
    """What was said of price, length, place and rules, in a few digits."""


class AskCancelLater(Command, kind="series.ask_cancel"):
    """'This and later' beside the question whether to cancel a visit of a series: which those are."""

    booking_id: int
    version: int


class CancelLater(Command, kind="series.cancel"):
    """'Yes, cancel' under them: all, or none."""

    booking_id: int
    version: int
    times: int
    """The visits that were shown, in a few digits."""


class AskMoveLater(Command, kind="series.ask_move"):
    """'This and later' where a visit of a series is moved: what would come of the later ones."""

    moving: Moving
    start: datetime
    """When the visit itself is to begin; the later ones move by as much."""


class MoveLater(Command, kind="series.move"):
    """'Move' under them: all that were shown to move, or none."""

    moving: Moving
    start: datetime
    times: int
    """The visits that were shown to move, in a few digits."""


CONTRACT = Contract(
    "series",
    (
        Spec(AskSeries, ButtonForm("rp?")),
        Spec(AskSeriesLength, ButtonForm("rpn")),
        Spec(ShowSeries, ButtonForm("rpt")),
        Spec(BookSeries, ButtonForm("rp")),
        Spec(AskCancelLater, ButtonForm("rpc?")),
        Spec(CancelLater, ButtonForm("rpc")),
        Spec(AskMoveLater, ButtonForm("rpm?")),
        Spec(MoveLater, ButtonForm("rpm")),
    ),
)
