"""The life of visits: held, booked, moved, cancelled, asked for, offered, swapped, shared, repeated."""

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from shared.contracts.absence import UndoTimeOff
from shared.contracts.approval import Accept, AcceptProposal, AskDecline, Decline, DeclineProposal
from shared.contracts.booking import Book, LeaveSummary, Move, ShowSoonest, ShowSummary, StartMove
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.earlier import AskEarlier, WantEarlier
from shared.contracts.gathering import (
    AskGathering,
    BookGathering,
    CallOffGathering,
    JoinGathering,
    LeaveGathering,
    StartGathering,
)
from shared.contracts.own_visits import ShowBooking, ShowBookings
from shared.contracts.rebooking import ShowAlternatives, TakeAlternative, UndoRebooking
from shared.contracts.reminders import ConfirmAttendance
from shared.contracts.series import (
    AskCancelLater,
    AskMoveLater,
    AskSeries,
    AskSeriesLength,
    BookSeries,
    CancelLater,
    MoveLater,
    ShowSeries,
)
from shared.contracts.sick import ApplyIll, SayIll
from shared.contracts.staff import AskCallOff, CallOff, ShowAgenda, ShowStaffCard
from shared.contracts.swapping import AcceptSwap, DeclineSwap, RequestSwap, ShowSwaps, WithdrawSwap
from shared.contracts.waitlist import DeclineOffer, EndWish, JoinWaitlist, TakeOffer
from tests.stateful.machine import PICKS, Kind, Machine, Way
from tests.stateful.shop import ALICES, BOBS, COLOUR, CUT, MASSAGE, YOGA
from tests.walks.shop import CUSTOMERS, STAFF
from tests.worker.shop import ADMIN, ALICE, BOB

GUESTS: Final = st.sampled_from(CUSTOMERS)
SERVICES: Final = st.sampled_from([CUT, CUT, COLOUR, MASSAGE, YOGA])
DAYS: Final = st.integers(0, 3)
SHORT: Final = st.sampled_from([timedelta(minutes=each) for each in (1, 5, 6, 11, 31, 61)])
LONG: Final = st.sampled_from([timedelta(hours=each) for each in (2, 8, 13, 24)])


CHANGES: Final = (
    Way(StartMove, ShowSummary, Move, of=CUSTOMERS),
    Way(AskCancel, Cancel, of=CUSTOMERS),
    Way(AskEarlier, WantEarlier),
    Way(ShowSwaps, RequestSwap),
    Way(AskSeries, AskSeriesLength, ShowSeries, BookSeries),
    Way(AskCancel, AskCancelLater, CancelLater, of=CUSTOMERS),
    Way(StartMove, ShowSummary, AskMoveLater, MoveLater, of=CUSTOMERS),
    Way(ConfirmAttendance),
    Way(AskCancel, of=CUSTOMERS),
)
"""What customers do with a visit that is theirs."""
ANSWERS: Final = (
    Way(TakeOffer),
    Way(DeclineOffer),
    Way(AcceptSwap),
    Way(DeclineSwap),
    Way(WithdrawSwap),
    Way(AcceptProposal),
    Way(DeclineProposal),
    Way(ShowAlternatives, TakeAlternative),
    Way(TakeAlternative),
    Way(EndWish),
    Way(Cancel),
)
"""What they say to what they were asked."""
TOGETHER: Final = (Way(JoinGathering), Way(BookGathering), Way(LeaveGathering), Way(CallOffGathering))
BY_STAFF: Final = (
    Way(Accept),
    Way(AskDecline, Decline),
    Way(StartMove, ShowSummary, Move, of=STAFF),
    Way(UndoRebooking),
    Way(UndoTimeOff),
)
BY_CUSTOMERS: Final = (*CHANGES, Way(Book), *ANSWERS, Way(LeaveSummary), *TOGETHER)
AT_ONCE: Final = (
    Book,
    Accept,
    TakeOffer,
    AcceptSwap,
    JoinGathering,
    BookGathering,
    Cancel,
    Move,
    TakeAlternative,
)
"""What people tap at the same moment."""


class Life(Machine):
    """Customers, and those who work here, each tapping what they see."""

    @initialize(picks=st.lists(PICKS, min_size=5, max_size=5))
    def begin(self, picks: list[int]) -> None:
        """Let everybody have something, so that there is something to change."""
        for person, service, pick in zip(CUSTOMERS, (CUT, CUT, COLOUR, YOGA, MASSAGE), picks, strict=True):
            self.ask(person, ShowSoonest(service_id=service), ShowSummary, Book, pick=pick)
            self.wish(person, service, 0, 3)

    @rule(person=GUESTS, service=SERVICES, pick=PICKS, confirmed=st.booleans())
    def book(self, person: int, service: int, pick: int, confirmed: bool) -> None:  # noqa: FBT001 - drawn
        then = (ShowSummary, Book) if confirmed else (ShowSummary,)
        self.ask(person, ShowSoonest(service_id=service), *then, pick=pick)

    @rule(number=st.integers(0, len(BY_CUSTOMERS) - 1), pick=PICKS)
    def tap(self, number: int, pick: int) -> None:
        self.go(pick, *BY_CUSTOMERS[number:], *BY_CUSTOMERS[:number])

    @rule(number=st.integers(0, len(BY_STAFF) - 1), pick=PICKS)
    def decide(self, number: int, pick: int) -> None:
        self.go(pick, *BY_STAFF[number:], *BY_STAFF[:number])

    @rule(kind=st.sampled_from(AT_ONCE), picks=st.lists(PICKS, min_size=2, max_size=3))
    def tap_at_once(self, kind: Kind, picks: list[int]) -> None:
        self.at_once(picks, kind, *AT_ONCE)

    @rule(person=GUESTS, service=SERVICES, first=DAYS, days=DAYS)
    def wish(self, person: int, service: int, first: int, days: int) -> None:
        day = self.day(first)
        last = day + timedelta(days=days)
        self.ask(person, JoinWaitlist(service_id=service, first_day=day, last_day=last))

    @rule(person=GUESTS, pick=PICKS)
    def gather(self, person: int, pick: int) -> None:
        then = (ShowSummary, AskGathering, StartGathering)
        self.ask(person, ShowSoonest(service_id=YOGA), *then, pick=pick)

    @rule(person=GUESTS, way=st.sampled_from(TOGETHER), pick=PICKS)
    def join(self, person: int, way: Way, pick: int) -> None:
        if found := self.links("g"):
            self.say(person, {"text": f"/start {found[pick % len(found)]}"})
            self.go(pick, way, *TOGETHER)

    @rule(person=st.sampled_from([ALICE, BOB, ADMIN]), days=DAYS, pick=PICKS)
    def call_off(self, person: int, days: int, pick: int) -> None:
        then = (ShowStaffCard, AskCallOff, CallOff)
        self.ask(person, ShowAgenda(first=self.day(days)), *then, pick=pick)

    @rule(doer=st.sampled_from([ALICES, BOBS]), days=DAYS)
    def fall_ill(self, doer: int, days: int) -> None:
        self.ask(ADMIN, SayIll(specialist_id=doer, day=self.day(days)), ApplyIll)

    @rule(person=GUESTS)
    def look_at_bookings(self, person: int) -> None:
        self.ask(person, ShowBookings(), ShowBooking)

    @rule(by=st.one_of(SHORT, LONG))
    def time_passes(self, by: timedelta) -> None:
        self.wait(by)

    @rule(by=SHORT)
    def nothing_is_done(self, by: timedelta) -> None:
        self.oversleep(by)
