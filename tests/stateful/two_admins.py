"""Two who run the shop from screens that may be stale, and customers beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shared.contracts.absence import ApplyTimeOff, DiscardTimeOff, ProposeTimeOff, UndoTimeOff
from shared.contracts.booking import Book, Move, ShowSoonest, ShowSummary, StartMove
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.editing import (
    AnswerField,
    ApplyChange,
    ChooseFate,
    DiscardChange,
    RemoveEntry,
    UndoChange,
)
from shared.contracts.rebooking import ShowAlternatives, TakeAlternative, UndoRebooking
from shared.contracts.sick import ApplyIll, SayIll
from shared.contracts.staff import AskCallOff, CallOff, ShowAgenda, ShowStaffCard
from tests.stateful.business import Flat, check_chain, check_uncovered, differing, read_flat
from tests.stateful.ground import Ground
from tests.stateful.life import CUT, DAYS, GUESTS, LONG, SHORT, YOGA, sees
from tests.stateful.machine import PICKS, Kind, Machine
from tests.walks.shop import CUSTOMERS
from tests.worker.shop import ADMIN, OWNER

ADMINS: Final = st.sampled_from([ADMIN, OWNER])
DOERS: Final = st.sampled_from([1, 2])
"""Alice and Bob, by the numbers of their rows."""
CHANGING: Final = (ApplyChange, UndoChange, ApplyTimeOff, UndoTimeOff, ApplyIll, UndoRebooking)
NINE, TEN, ELEVEN, FOUR = 540, 600, 660, 960
"""Minutes of the day."""


@dataclass(frozen=True)
class Seen:
    """A screen that changes the business, and what that was when the screen was last written."""

    edits: int
    business: Flat


class TwoAdmins(Machine):
    """Each change may change only what whoever makes it was shown."""

    def __init__(self, ground: Ground) -> None:
        self.seen: dict[tuple[int, int], Seen] = {}
        self.found: list[str] = []
        super().__init__(ground)

    async def look(self) -> list[str]:
        """Return everything that is found, of the business too."""
        return [
            *await super().look(),
            *await check_chain(self.walk),
            *await check_uncovered(self.walk),
            *self.found,
        ]

    def _note_what_is_shown(self) -> None:
        super()._note_what_is_shown()
        business = self.ground.run(read_flat(self.walk))
        shown = {
            (person, key.message.id): key.message.edits
            for kind in CHANGING
            for person, key in self._shown(kind, ())
        }
        known = {where: each for where, each in self.seen.items() if shown.get(where) == each.edits}
        self.seen = {where: known.get(where) or Seen(edits, business) for where, edits in shown.items()}

    def change(self, picks: Iterable[int], *kinds: Kind) -> None:
        """Have one admin, or several at the same moment, tap what changes the business."""
        shown = [each for kind in kinds for each in self._shown(kind, ())]
        tapped = [shown[pick % len(shown)] for pick in picks]
        screens = [self.seen[person, key.message.id].business for person, key in tapped]
        before = self.ground.run(read_flat(self.walk))
        self._do(self._tap_at_once(tapped))
        for way in differing(before, self.ground.run(read_flat(self.walk))):
            if all(screen.get(way) != before.get(way) for screen in screens):
                self.found.append(f"{way} was changed from {before.get(way)}, which no screen showed")

    # What the admins want

    @rule(admin=ADMINS, field=st.sampled_from(["price", "duration", "reminders"]), choice=st.integers(0, 2))
    def want_a_field(self, admin: int, field: str, choice: int) -> None:
        values = {"price": "35 40 50", "duration": "30m 45m 60m", "reminders": "2h 24h 3h"}
        value = values[field].split()[choice]
        self.ask(admin, AnswerField(section="services", number=CUT, field=field, value=value))

    @rule(admin=ADMINS, doer=DOERS, value=st.sampled_from(["mon-sun 9-11", "mon-sun 10-17", "mon-fri 16-18"]))
    def want_hours(self, admin: int, doer: int, value: str) -> None:
        self.ask(admin, AnswerField(section="specialists", number=doer, field="hours", value=value))

    @rule(admin=ADMINS, choose=st.booleans())
    def want_no_yoga(self, admin: int, choose: bool) -> None:  # noqa: FBT001 - drawn
        then = (ChooseFate,) if choose else ()
        self.ask(admin, RemoveEntry(section="services", number=YOGA), *then)

    @rule(admin=ADMINS, doer=DOERS, days=DAYS, how=st.sampled_from(["off", "block", "hours", "usual"]))
    def want_time_off(self, admin: int, doer: int, days: int, how: str) -> None:
        day = self.walk.stage.shop.clock.now().date() + timedelta(days=days)
        times = {"block": (NINE, TEN), "hours": (ELEVEN, FOUR)}.get(how, (0, 0))
        wanted = ProposeTimeOff(
            specialist_id=doer, how=how, first=day, last=day, begins=times[0], ends=times[1]
        )
        self.ask(admin, wanted)

    @rule(admin=ADMINS, doer=DOERS, days=DAYS)
    def say_ill(self, admin: int, doer: int, days: int) -> None:
        day = self.walk.stage.shop.clock.now().date() + timedelta(days=days)
        self.ask(admin, SayIll(specialist_id=doer, day=day))

    # What they do

    @sees(ApplyChange)
    @rule(pick=PICKS)
    def apply(self, pick: int) -> None:
        self.change([pick], ApplyChange)

    @sees(ApplyTimeOff)
    @rule(pick=PICKS)
    def apply_time_off(self, pick: int) -> None:
        self.change([pick], ApplyTimeOff)

    @sees(ApplyIll)
    @rule(pick=PICKS)
    def apply_ill(self, pick: int) -> None:
        self.change([pick], ApplyIll)

    @sees(ApplyChange)
    @rule(picks=st.lists(PICKS, min_size=2, max_size=3))
    def apply_at_once(self, picks: list[int]) -> None:
        self.change(picks, ApplyChange, ApplyTimeOff, ApplyIll)

    @sees(UndoChange)
    @rule(pick=PICKS)
    def undo(self, pick: int) -> None:
        self.change([pick], UndoChange)

    @sees(UndoTimeOff)
    @rule(pick=PICKS)
    def undo_time_off(self, pick: int) -> None:
        self.change([pick], UndoTimeOff)

    @sees(UndoRebooking)
    @rule(pick=PICKS)
    def be_well_again(self, pick: int) -> None:
        self.change([pick], UndoRebooking)

    @sees(DiscardChange)
    @rule(pick=PICKS)
    def discard(self, pick: int) -> None:
        self.go(pick, DiscardChange)

    @sees(DiscardTimeOff)
    @rule(pick=PICKS)
    def discard_time_off(self, pick: int) -> None:
        self.go(pick, DiscardTimeOff)

    # What customers do meanwhile

    @rule(person=GUESTS, service=st.sampled_from([CUT, CUT, YOGA]), pick=PICKS)
    def book(self, person: int, service: int, pick: int) -> None:
        self.ask(person, ShowSoonest(service_id=service), ShowSummary, Book, pick=pick)

    @sees(StartMove, *CUSTOMERS)
    @rule(pick=PICKS)
    def move(self, pick: int) -> None:
        self.go(pick, StartMove, ShowSummary, Move, people=CUSTOMERS)

    @sees(AskCancel, *CUSTOMERS)
    @rule(pick=PICKS)
    def cancel(self, pick: int) -> None:
        self.go(pick, AskCancel, Cancel, people=CUSTOMERS)

    @sees(TakeAlternative)
    @rule(pick=PICKS)
    def take_alternative(self, pick: int) -> None:
        self.go(pick, TakeAlternative)

    @sees(ShowAlternatives)
    @rule(pick=PICKS)
    def look_at_alternatives(self, pick: int) -> None:
        self.go(pick, ShowAlternatives, TakeAlternative)

    @rule(admin=ADMINS, days=DAYS, pick=PICKS)
    def call_off(self, admin: int, days: int, pick: int) -> None:
        day = self.walk.stage.shop.clock.now().date() + timedelta(days=days)
        self.ask(admin, ShowAgenda(first=day), ShowStaffCard, AskCallOff, CallOff, pick=pick)

    @rule(by=SHORT)
    def wait_a_little(self, by: timedelta) -> None:
        self.wait(by)

    @rule(by=LONG)
    def wait_long(self, by: timedelta) -> None:
        self.wait(by)
