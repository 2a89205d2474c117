"""One walk: steps drawn from a seed, each written down, and what the checks find between them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import text

from shared.contracts import CONTRACTS
from tests.walks.answers import answer
from tests.walks.errands import Errands
from tests.walks.faults import ErrorLog
from tests.walks.phones import Phones
from tests.walks.screens import CHANGING, Key, keys_of, links_in
from tests.walks.shop import CUSTOMERS, FILE, NAMES, STAFF
from tests.worker.shop import OWNER
from tests.worker.stage import Stage
from worker.business.apply import RefusedPlanError, apply_document
from worker.business.plan import CancelVisits, Choices, KeepVisits
from worker.business.reader import read_document
from worker.business.zones import Constant

TYPED: Final = sorted(typed.name for each in CONTRACTS for spec in each.specs for typed in spec.typed)
FOR_CUSTOMERS: Final = ("book", "book", "bookings", "start")
PAUSES: Final = (
    *(timedelta(minutes=minutes) for minutes in (1, 1, 4, 4, 6, 11, 11, 31, 60, 61, 180, 480)),
    timedelta(days=1),
)
GOES_ON, IS_TOLD = 0.6, 0.2
"""How often whoever did something before goes on, and how often whoever else was told something last."""
MOST_HOPS: Final = 80
"""A pause goes from one thing that is due to the next, so often at most, and then to its end."""
_NEXT_DUE: Final = text("""
    SELECT least((SELECT min(due_at) FROM outbox WHERE state = 'pending'), (SELECT min(due_at) FROM timer))
""")
_WORKING: Final = text("""
    SELECT telegram_id FROM specialist WHERE telegram_id IS NOT NULL UNION SELECT person_id FROM role_grant
    UNION SELECT person_id FROM invitation WHERE person_id IS NOT NULL
""")


@dataclass
class Walk:
    """People on a stage, and everything that they did."""

    stage: Stage
    seed: int
    log: ErrorLog
    steps: list[str] = field(default_factory=list)
    staff: frozenset[int] = frozenset(STAFF)
    """Whoever has worked here at any time."""
    most: dict[str, int] = field(default_factory=dict)
    """The largest that limits have been."""
    reminders: dict[int, list[int]] = field(default_factory=dict)
    """Each service's reminders, in minutes, as they were at first; empty once they have been others."""

    def __post_init__(self) -> None:
        self._random = Random(self.seed)  # noqa: S311 - no secret
        self._last = CUSTOMERS[0]
        self.phones = Phones(self.stage)
        customers = Errands(self._random, for_visits=0.6)
        staff = Errands(self._random, for_visits=0.05)
        self._errands = {each: customers if each in CUSTOMERS else staff for each in NAMES}
        self._just_tapped: tuple[int, Key, int] | None = None

    async def begin(self) -> None:
        """Have everybody start the bot."""
        for person in NAMES:
            self.phones.write(person, {"text": "/start"})
        await self.phones.deliver()
        await self.settle()

    async def step(self) -> str:
        """Do one thing; return what was done."""
        draw = self._random.random()
        if draw < 0.82:
            done = await self._somebody()
        elif draw < 0.9:
            done = await self._together()
        elif draw < 0.94:
            done = await self._repeated()
        elif draw < 0.99:
            done = await self._pause()
        elif draw < 0.995:
            done = await self._block()
        else:
            done = await self._tidy()
        self.steps.append(done)
        return done

    # Who does something

    async def _somebody(self) -> str:
        self._just_tapped = None
        done = self._act(self._who())
        await self.phones.deliver()
        self._learn()
        if self._random.random() < 0.7:
            await self._look()
        return done

    async def _together(self) -> str:
        """Several people at the same moment, and what is due beside them."""
        people = self._random.sample([*CUSTOMERS, *STAFF], self._random.randint(2, 4))
        if self._random.random() < 0.3:
            people.append(people[0])
        acts = self._alike() if self._random.random() < 0.5 else []
        done = " | ".join(acts or [self._act(each) for each in people])
        async with asyncio.TaskGroup() as group:
            group.create_task(self.phones.deliver())
            group.create_task(self._look())
        return f"at once: {done}"

    def _alike(self) -> list[str]:
        """Have everybody tap the same kind of button who sees one; nobody where only one person does."""
        seen: dict[str, dict[int, list[Key]]] = {}
        for person in NAMES:
            for message in self.phones.shown(person)[:3]:
                for key in keys_of(message):
                    seen.setdefault(key.kind, {}).setdefault(person, []).append(key)
        shared = sorted(kind for kind, people in seen.items() if len(people) > 1)
        if not shared:
            return []
        weights = [(8 if kind in CHANGING else 1) / (1 + self.phones.kinds[kind]) for kind in shared]
        people = seen[self._random.choices(shared, weights)[0]]
        return [self._press(person, self._random.choice(keys)) for person, keys in people.items()]

    async def _repeated(self) -> str:
        """Telegram sends an update twice."""
        done = self._act(self._who())
        self.phones.repeats = True
        await self.phones.deliver()
        self.phones.repeats = False
        return f"twice: {done}"

    def _who(self) -> int:
        """Draw who does something."""
        draw = self._random.random()
        if draw > GOES_ON + IS_TOLD:
            self._last = self._random.choice([*CUSTOMERS * 3, *STAFF[:-1], *STAFF[:-1], OWNER])
        elif draw > GOES_ON:
            self._last = max((each for each in NAMES if each != self._last), key=self._newest)
        return self._last

    def _newest(self, person: int) -> int:
        """Return the number of somebody's newest message: all chats share one count."""
        return max((each.id for each in self.phones.shown(person)), default=0)

    async def _block(self) -> str:
        person = self._random.choice([*CUSTOMERS[1:], *STAFF])
        self.phones.block(person, blocked=True)
        await self.phones.deliver()
        return f"{NAMES[person]} blocks the bot"

    # What they do

    def _act(self, person: int) -> str:
        messages = self.phones.shown(person)
        asked = bool(messages) and (messages[0].force_reply or "force_reply" in (messages[0].keyboard or {}))
        draw = self._random.random()
        if (asked and draw < 0.6) or draw < 0.02:
            return self._say(person)
        if draw < 0.06 or not messages:
            return self._type(person)
        if draw < 0.07:
            return self._follow(person)
        return self._tap(person)

    def _say(self, person: int) -> str:
        said = answer(self._random, person)
        self.phones.write(person, said)
        return f"{NAMES[person]} says {str(said)[:80]}"

    def _type(self, person: int) -> str:
        names = FOR_CUSTOMERS if person in CUSTOMERS and self._random.random() < 0.8 else TYPED
        name = self._random.choice(names)
        self.phones.write(person, {"text": f"/{name}"})
        return f"{NAMES[person]} types /{name}"

    def _follow(self, person: int) -> str:
        """Open a link that the bot has given to anybody."""
        links = [
            link for each in NAMES for message in self.phones.shown(each)[:20] for link in links_in(message)
        ]
        if not links:
            return self._type(person)
        link = self._random.choice(sorted(links))
        self.phones.write(person, {"text": f"/start {link}"})
        return f"{NAMES[person]} follows {link}"

    def _tap(self, person: int) -> str:
        key = self._key(person)
        return self._type(person) if key is None else self._press(person, key)

    def _press(self, person: int, key: Key) -> str:
        self._just_tapped = (person, key, self._newest(person))
        if key.link is not None:
            self.phones.write(person, {"text": f"/start {key.link}"})
        elif key.button.get("pay"):
            self.phones.pay(person, key.message, declined=self._random.random() < 0.2)
        else:
            self.phones.press(person, key.message, key.button)
        return f"{NAMES[person]} taps {key.button['text']!r} ({key.kind}) under {key.message.id}"

    def _key(self, person: int) -> Key | None:
        """Draw a button, of the newest message rather than of an older one."""
        shown = [found for message in self.phones.shown(person) if (found := list(keys_of(message)))]
        if not shown:
            return None
        draw = self._random.random()
        reach = 1 if draw < 0.8 else 4 if draw < 0.94 else 40
        keys = self._random.choice(shown[:reach])
        return self._errands[person].choose(person, keys)

    def _learn(self) -> None:
        """Note what stands behind what was just tapped: in that message, and in those that came of it."""
        if self._just_tapped is None:
            return
        person, key, newest = self._just_tapped
        shown = [each for each in self.phones.shown(person) if each.id > newest or each.id == key.message.id]
        self._errands[person].learn(key.kind, (each.kind for message in shown for each in keys_of(message)))

    # Time, and whoever runs the shop

    async def _tidy(self) -> str:
        """Make the shop what its file says; visits that nobody offers any more are kept, or called off."""
        kept = self._random.random() < 0.5
        chosen = KeepVisits() if kept else CancelVisits("We are sorry.")
        document, clock = read_document(FILE, "shop"), self.stage.shop.clock
        choices = Choices(stranded=chosen, constant=Constant.INSTANT)
        try:
            await apply_document(self.stage.shop.sessions, document, clock, choices)
        except RefusedPlanError as refused:
            return f"the shop's file is refused: {refused}"
        await self.settle()
        return f"the shop's file is applied, and visits are {'kept' if kept else 'called off'}"

    async def _pause(self) -> str:
        by = self._random.choice(PAUSES)
        await self.wait(by)
        return f"{by} later it is {self.stage.shop.clock.now():%a %d %b %H:%M}"

    async def wait(self, by: timedelta) -> None:
        """Let time pass, from one thing that is due to the next."""
        clock = self.stage.shop.clock
        target = clock.now() + by
        for _ in range(MOST_HOPS):
            due = await self._next_due()
            if due is None or due > target:
                break
            clock.advance(max(due - clock.now(), timedelta()))
            await self._look()
        clock.advance(target - clock.now())
        await self.settle()

    async def _next_due(self) -> datetime | None:
        async with self.stage.shop.sessions() as session:
            found: datetime | None = await session.scalar(_NEXT_DUE)
            return found

    async def _look(self) -> None:
        """Have both pollers look once."""
        await self.stage.parts.timers.run_once()
        await self.stage.parts.poller.run_once()

    async def settle(self) -> None:
        """Have everything done that is due."""
        for _ in range(MOST_HOPS):
            due = await self._next_due()
            if due is None or due > self.stage.shop.clock.now():
                return
            await self._look()
            await self.phones.deliver()

    async def those_who_work_here(self) -> frozenset[int]:
        """Return who is specialist, admin or owner, or was when this was asked before."""
        async with self.stage.shop.sessions() as session:
            self.staff |= frozenset(await session.scalars(_WORKING))
        return self.staff
