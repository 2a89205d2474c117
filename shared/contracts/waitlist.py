"""Whoever found no time is told when one frees up: wishes, the offers that come of them, and the line."""

from datetime import date, datetime

from shared.contracts.base import ButtonForm, Command, Contract, Spec
from shared.contracts.booking import AddedServices


class JoinWaitlist(Command, kind="waitlist.join"):
    """'Tell me if a place frees up': a wish for a time on one of the days."""

    service_id: int
    specialist_id: int | None = None
    """None wishes for anyone who does the service."""
    first_day: date
    last_day: date
    location_id: int | None = None
    added: AddedServices | None = None
    """What is to follow in the same visit; None: nothing does."""


class ShowWish(Command, kind="waitlist.show", only_shows=True):
    """A wish as it stands, and how far in the line."""

    entry_id: int


class ChangeWish(Command, kind="waitlist.change"):
    """Another choice on a wish: all of what it is then."""

    entry_id: int
    first_day: date
    last_day: date
    part: int = 0
    """Morning, afternoon, evening from 1 on; 0 is any time of the day."""
    anyone: bool = False
    """Whether anyone who does the service will do, from now on."""
    until: date | None = None
    """The last day on which it is wished for; None is as long as it can come true."""
    places: int = 1
    """How many places of a group are wished for."""


class EndWish(Command, kind="waitlist.end"):
    """'End this wish'."""

    entry_id: int


class KeepWish(Command, kind="waitlist.keep"):
    """'Keep it all the same', below the word that a wish has ended because of a visit."""

    entry_id: int


class TakeOffer(Command, kind="waitlist.take"):
    """'Take it' below an offer."""

    offer_id: int


class DeclineOffer(Command, kind="waitlist.decline"):
    """'No, thanks' below an offer."""

    offer_id: int


class OfferFreed(Command, kind="waitlist.offer_freed"):
    """A stretch of a specialist's time is free again: who is first in line is offered it. A timer asks."""

    specialist_id: int
    start: datetime
    end: datetime
    asked: bool = False
    """Whether the staff have had their time to choose to whom, if they do."""


class LapseOffer(Command, kind="waitlist.lapse"):
    """An offer's deadline has come, or its person cannot be told. A timer asks."""

    offer_id: int
    unheard: bool = False
    """Whether it lapses before its deadline, because nobody heard of it."""


class SettleGivenWay(Command, kind="waitlist.given_way"):
    """Somebody who was offered a time has booked or moved a visit: the hold may be gone. A timer asks."""

    customer_id: int


CONTRACT = Contract(
    "waitlist",
    (
        Spec(JoinWaitlist, ButtonForm("wj")),
        Spec(ShowWish, ButtonForm("w")),
        Spec(ChangeWish, ButtonForm("wc")),
        Spec(EndWish, ButtonForm("we")),
        Spec(KeepWish, ButtonForm("wk")),
        Spec(TakeOffer, ButtonForm("ot")),
        Spec(DeclineOffer, ButtonForm("on")),
        Spec(OfferFreed),
        Spec(LapseOffer),
        Spec(SettleGivenWay),
    ),
)
