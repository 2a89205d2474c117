"""Booking together: places of a group that are kept for friends, who are all booked, or none of them."""

from datetime import datetime

from shared.contracts.base import ButtonForm, Command, Contract, Spec


class AskGathering(Command, kind="gathering.ask", only_shows=True):
    """'Book together' on a summary: how many come."""

    service_id: int
    specialist_id: int
    start: datetime
    location_id: int | None = None


class StartGathering(Command, kind="gathering.start"):
    """So many places were wanted: they are kept for whoever asks and for the friends that they invite."""

    service_id: int
    specialist_id: int
    start: datetime
    location_id: int | None = None
    places: int = 2
    terms: int = 0
    """What was said of price, length, place and rules: as in Book."""


class ShowGathering(Command, kind="gathering.show", only_shows=True):
    """Somebody opened the link to a booking together."""

    number: int
    code: str


class JoinGathering(Command, kind="gathering.join"):
    """'Join' below what the link showed."""

    number: int
    code: str
    terms: int = 0
    """What was said of price, length, place and rules: as in Book."""


class ShowJoined(Command, kind="gathering.show_joined"):
    """How far a booking together has come that one has joined, or that one began."""

    gathering_id: int


class LeaveGathering(Command, kind="gathering.leave"):
    """'Leave': the place is free for somebody else who is invited."""

    gathering_id: int


class BookGathering(Command, kind="gathering.book"):
    """'Book for the 3 who have joined': the organizer waits for nobody else."""

    gathering_id: int
    joined: int
    """How many they were as the organizer saw it."""


class CallOffGathering(Command, kind="gathering.call_off"):
    """'Call it off': the organizer lets all places go."""

    gathering_id: int


class LapseGathering(Command, kind="gathering.lapse"):
    """The deadline has come, or the organizer was forgotten. A timer asks."""

    gathering_id: int


CONTRACT = Contract(
    "gathering",
    (
        Spec(AskGathering, ButtonForm("g?")),
        Spec(StartGathering, ButtonForm("g+")),
        Spec(ShowGathering, links=("g{number}-{code}",)),
        Spec(JoinGathering, ButtonForm("gj")),
        Spec(ShowJoined, ButtonForm("go")),
        Spec(LeaveGathering, ButtonForm("gl")),
        Spec(BookGathering, ButtonForm("gb")),
        Spec(CallOffGathering, ButtonForm("gx")),
        Spec(LapseGathering),
    ),
)
