"""The life of visits: held, booked, moved, cancelled, asked for, offered, swapped, shared, repeated, fallen ill."""

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

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
from shared.contracts.own_visits import ShowBookings
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
from tests.stateful.machine import PICKS, Kind, Machine
from tests.walks.shop import CUSTOMERS, STAFF
from tests.worker.shop import ADMIN, ALICE, BOB

CUT, COLOUR, SHAVE, MASSAGE, PEELING, YOGA = range(1, 7)
"""The services by their numbers, in the order of the file."""
GUESTS: Final = st.sampled_from(CUSTOMERS)
DAYS: Final = st.integers(0, 3)
SHORT: Final = st.sampled_from([timedelta(minutes=each) for each in (1, 5, 6, 11, 31, 61)])
LONG: Final = st.sampled_from([timedelta(hours=each) for each in (2, 8, 13, 24)])


def sees(kind: Kind, *people: int):  # type: ignore[no-untyped-def]  # what it returns is Hypothesis's own
    """Let a rule be drawn only where one of these people, or anybody, sees a button of a kind."""
    return precondition(lambda machine: machine.sees(kind, *people))


class Life(Machine):
    """Customers, and those who work here, each tapping what they see."""

    # Held and booked

    @rule(person=GUESTS, service=st.sampled_from([CUT, COLOUR, MASSAGE, SHAVE, YOGA]), pick=PICKS)
    def hold(self, person: int, service: int, pick: int) -> None:
        self.ask(person, ShowSoonest(service_id=service), ShowSummary, pick=pick)

    @rule(person=GUESTS, service=st.sampled_from([CUT, CUT, COLOUR, MASSAGE, YOGA]), pick=PICKS)
    def book(self, person: int, service: int, pick: int) -> None:
        self.ask(person, ShowSoonest(service_id=service), ShowSummary, Book, pick=pick)

    @sees(Book)
    @rule(pick=PICKS)
    def confirm(self, pick: int) -> None:
        self.go(pick, Book)

    @sees(Book)
    @rule(picks=st.lists(PICKS, min_size=2, max_size=3))
    def confirm_at_once(self, picks: list[int]) -> None:
        self.at_once(picks, Book)

    @sees(LeaveSummary)
    @rule(pick=PICKS)
    def let_go(self, pick: int) -> None:
        self.go(pick, LeaveSummary)

    # Changed by whoever booked

    @sees(StartMove, *CUSTOMERS)
    @rule(pick=PICKS)
    def move(self, pick: int) -> None:
        self.go(pick, StartMove, ShowSummary, Move, people=CUSTOMERS)

    @sees(AskCancel, *CUSTOMERS)
    @rule(pick=PICKS)
    def cancel(self, pick: int) -> None:
        self.go(pick, AskCancel, Cancel, people=CUSTOMERS)

    @sees(Cancel)
    @rule(pick=PICKS)
    def cancel_after_all(self, pick: int) -> None:
        self.go(pick, Cancel)

    @sees(ConfirmAttendance)
    @rule(pick=PICKS)
    def say_to_be_there(self, pick: int) -> None:
        self.go(pick, ConfirmAttendance)

    @rule(person=GUESTS)
    def look_at_bookings(self, person: int) -> None:
        self.ask(person, ShowBookings())

    # Asked for

    @sees(Accept)
    @rule(pick=PICKS)
    def accept(self, pick: int) -> None:
        self.go(pick, Accept)

    @sees(Accept)
    @rule(picks=st.lists(PICKS, min_size=2, max_size=3))
    def accept_at_once(self, picks: list[int]) -> None:
        self.at_once(picks, Accept)

    @sees(AskDecline)
    @rule(pick=PICKS)
    def decline(self, pick: int) -> None:
        self.go(pick, AskDecline, Decline)

    @sees(StartMove, *STAFF)
    @rule(pick=PICKS)
    def move_as_staff(self, pick: int) -> None:
        self.go(pick, StartMove, ShowSummary, Move, people=STAFF)

    @sees(AcceptProposal)
    @rule(pick=PICKS)
    def accept_another_time(self, pick: int) -> None:
        self.go(pick, AcceptProposal)

    @sees(DeclineProposal)
    @rule(pick=PICKS)
    def decline_another_time(self, pick: int) -> None:
        self.go(pick, DeclineProposal)

    # Offered

    @rule(person=GUESTS, service=st.sampled_from([CUT, COLOUR, MASSAGE, YOGA]), first=DAYS, days=DAYS)
    def wish(self, person: int, service: int, first: int, days: int) -> None:
        day = self.walk.stage.shop.clock.now().date() + timedelta(days=first)
        last = day + timedelta(days=days)
        self.ask(person, JoinWaitlist(service_id=service, first_day=day, last_day=last))

    @sees(TakeOffer)
    @rule(pick=PICKS)
    def take_offer(self, pick: int) -> None:
        self.go(pick, TakeOffer)

    @sees(DeclineOffer)
    @rule(pick=PICKS)
    def decline_offer(self, pick: int) -> None:
        self.go(pick, DeclineOffer)

    @sees(EndWish)
    @rule(pick=PICKS)
    def end_wish(self, pick: int) -> None:
        self.go(pick, EndWish)

    @sees(AskEarlier)
    @rule(pick=PICKS)
    def want_earlier(self, pick: int) -> None:
        self.go(pick, AskEarlier, WantEarlier)

    # Swapped

    @sees(ShowSwaps)
    @rule(pick=PICKS)
    def ask_to_swap(self, pick: int) -> None:
        self.go(pick, ShowSwaps, RequestSwap)

    @sees(AcceptSwap)
    @rule(pick=PICKS)
    def swap(self, pick: int) -> None:
        self.go(pick, AcceptSwap)

    @sees(DeclineSwap)
    @rule(pick=PICKS)
    def decline_swap(self, pick: int) -> None:
        self.go(pick, DeclineSwap)

    @sees(WithdrawSwap)
    @rule(pick=PICKS)
    def withdraw_swap(self, pick: int) -> None:
        self.go(pick, WithdrawSwap)

    # Together

    @rule(person=GUESTS, pick=PICKS)
    def gather(self, person: int, pick: int) -> None:
        self.ask(person, ShowSoonest(service_id=YOGA), ShowSummary, AskGathering, StartGathering, pick=pick)

    @rule(person=GUESTS, pick=PICKS)
    def join(self, person: int, pick: int) -> None:
        if found := self.links("g"):
            self.say(person, {"text": f"/start {found[pick % len(found)]}"})

    @sees(JoinGathering)
    @rule(pick=PICKS)
    def confirm_joining(self, pick: int) -> None:
        self.go(pick, JoinGathering)

    @sees(LeaveGathering)
    @rule(pick=PICKS)
    def leave(self, pick: int) -> None:
        self.go(pick, LeaveGathering)

    @sees(BookGathering)
    @rule(pick=PICKS)
    def book_together(self, pick: int) -> None:
        self.go(pick, BookGathering)

    @sees(CallOffGathering)
    @rule(pick=PICKS)
    def call_off_together(self, pick: int) -> None:
        self.go(pick, CallOffGathering)

    # Repeated

    @sees(AskSeries)
    @rule(pick=PICKS)
    def repeat(self, pick: int) -> None:
        self.go(pick, AskSeries, AskSeriesLength, ShowSeries, BookSeries)

    @sees(AskCancel, *CUSTOMERS)
    @rule(pick=PICKS)
    def cancel_later_ones(self, pick: int) -> None:
        self.go(pick, AskCancel, AskCancelLater, CancelLater, people=CUSTOMERS)

    @sees(StartMove, *CUSTOMERS)
    @rule(pick=PICKS)
    def move_later_ones(self, pick: int) -> None:
        self.go(pick, StartMove, ShowSummary, AskMoveLater, MoveLater, people=CUSTOMERS)

    # By whoever works here

    @rule(person=st.sampled_from([ALICE, BOB, ADMIN]), days=DAYS, pick=PICKS)
    def call_off(self, person: int, days: int, pick: int) -> None:
        day = self.walk.stage.shop.clock.now().date() + timedelta(days=days)
        self.ask(person, ShowAgenda(first=day), ShowStaffCard, AskCallOff, CallOff, pick=pick)

    @rule(doer=st.sampled_from([1, 2]), days=DAYS)
    def fall_ill(self, doer: int, days: int) -> None:
        day = self.walk.stage.shop.clock.now().date() + timedelta(days=days)
        self.ask(ADMIN, SayIll(specialist_id=doer, day=day), ApplyIll)

    @sees(ShowAlternatives)
    @rule(pick=PICKS)
    def take_alternative(self, pick: int) -> None:
        self.go(pick, ShowAlternatives, TakeAlternative)

    @sees(TakeAlternative)
    @rule(pick=PICKS)
    def take_alternative_offered(self, pick: int) -> None:
        self.go(pick, TakeAlternative)

    @sees(UndoRebooking)
    @rule(pick=PICKS)
    def be_well_again(self, pick: int) -> None:
        self.go(pick, UndoRebooking)

    @sees(UndoTimeOff)
    @rule(pick=PICKS)
    def undo_time_off(self, pick: int) -> None:
        self.go(pick, UndoTimeOff)

    # Time

    @rule(by=SHORT)
    def wait_a_little(self, by: timedelta) -> None:
        self.wait(by)

    @rule(by=LONG)
    def wait_long(self, by: timedelta) -> None:
        self.wait(by)

    @rule(by=SHORT)
    def sleep(self, by: timedelta) -> None:
        self.oversleep(by)
