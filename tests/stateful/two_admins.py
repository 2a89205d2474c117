"""Two who run the shop from screens that may be stale, and customers beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

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
from tests.stateful.business import Flat, FlatReader, check_chain, check_uncovered, differing
from tests.stateful.ground import Ground
from tests.stateful.life import DAYS, GUESTS, LONG, SHORT
from tests.stateful.machine import PICKS, Kind, Machine, Way
from tests.stateful.shop import ALICES, BOBS, CUT, MASSAGE, YOGA
from tests.walks.shop import CUSTOMERS
from tests.worker.shop import ADMIN, OWNER

ADMINS: Final = st.sampled_from([ADMIN, OWNER])
DOERS: Final = st.sampled_from([ALICES, BOBS])
CHANGING: Final = (ApplyChange, UndoChange, ApplyTimeOff, UndoTimeOff, ApplyIll, UndoRebooking)
DISCARDING: Final = (Way(DiscardChange), Way(DiscardTimeOff))
MEANWHILE: Final = (
    Way(StartMove, ShowSummary, Move, of=CUSTOMERS),
    Way(AskCancel, Cancel, of=CUSTOMERS),
    Way(ShowAlternatives, TakeAlternative),
    Way(TakeAlternative),
)
"""What customers do with their visits."""
NINE, TEN, ELEVEN, FOUR = 540, 600, 660, 960
"""Minutes of the day."""


@dataclass(frozen=True)
class SeenScreen:
    """A screen that changes the business, and what that was when the screen was last written."""

    edits: int
    business: Flat


class TwoAdmins(Machine):
    """Each change may change only what whoever makes it was shown."""

    def __init__(self, ground: Ground) -> None:
        self.seen: dict[tuple[int, int], SeenScreen] = {}
        self.found: list[str] = []
        super().__init__(ground)

    @cached_property
    def reader(self) -> FlatReader:
        """What reads the business of this run."""
        return FlatReader(self.walk)

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
        business = self.ground.run(self.reader.read())
        shown = {
            (person, key.message.id): key.message.edits
            for kind in CHANGING
            for person, key in self._shown(kind, ())
        }
        known = {where: each for where, each in self.seen.items() if shown.get(where) == each.edits}
        self.seen = {where: known.get(where) or SeenScreen(edits, business) for where, edits in shown.items()}

    def change(self, picks: Iterable[int], *kinds: Kind, together: bool = False) -> None:
        """Have one admin, or several at the same moment, tap what changes the business."""
        there = [shown for kind in kinds if (shown := self._shown(kind, ()))]
        if not there:
            return
        shown = [each for of_kind in there for each in of_kind] if together else there[0]
        tapped = [shown[pick % len(shown)] for pick in picks]
        screens = [self.seen[person, key.message.id].business for person, key in tapped]
        before = self.ground.run(self.reader.read())
        self._do(self._tap_at_once(tapped))
        for way in differing(before, self.ground.run(self.reader.read())):
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
        day = self.day(days)
        times = {"block": (NINE, TEN), "hours": (ELEVEN, FOUR)}.get(how, (0, 0))
        wanted = ProposeTimeOff(
            specialist_id=doer, how=how, first=day, last=day, begins=times[0], ends=times[1]
        )
        self.ask(admin, wanted)

    @rule(admin=ADMINS, doer=DOERS, days=DAYS)
    def say_ill(self, admin: int, doer: int, days: int) -> None:
        day = self.day(days)
        self.ask(admin, SayIll(specialist_id=doer, day=day))

    # What they do

    @rule(kind=st.sampled_from(CHANGING), pick=PICKS)
    def apply(self, kind: Kind, pick: int) -> None:
        self.change([pick], kind, *CHANGING)

    @rule(picks=st.lists(PICKS, min_size=2, max_size=3))
    def apply_at_once(self, picks: list[int]) -> None:
        self.change(picks, *CHANGING, together=True)

    @rule(way=st.sampled_from(DISCARDING), pick=PICKS)
    def discard(self, way: Way, pick: int) -> None:
        self.go(pick, way)

    # What customers do meanwhile

    @initialize(picks=st.lists(PICKS, min_size=5, max_size=5))
    def begin(self, picks: list[int]) -> None:
        """Let customers have visits, so that changes hit some."""
        for person, service, pick in zip(CUSTOMERS, (CUT, CUT, CUT, YOGA, MASSAGE), picks, strict=True):
            self.book(person, service, pick)

    @rule(person=GUESTS, service=st.sampled_from([CUT, CUT, YOGA, MASSAGE]), pick=PICKS)
    def book(self, person: int, service: int, pick: int) -> None:
        self.ask(person, ShowSoonest(service_id=service), ShowSummary, Book, pick=pick)

    @rule(way=st.sampled_from(MEANWHILE), pick=PICKS)
    def change_visit(self, way: Way, pick: int) -> None:
        self.go(pick, way, *MEANWHILE)

    @rule(admin=ADMINS, days=DAYS, pick=PICKS)
    def call_off(self, admin: int, days: int, pick: int) -> None:
        then = (ShowStaffCard, AskCallOff, CallOff)
        self.ask(admin, ShowAgenda(first=self.day(days)), *then, pick=pick)

    @rule(by=st.one_of(SHORT, LONG))
    def time_passes(self, by: timedelta) -> None:
        self.wait(by)
