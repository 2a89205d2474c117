"""Friends, a class that they would like to go to together, and what each of them sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import parse_qs, urlparse

from sqlalchemy import insert, select, update

from shared.buttons import unpack
from shared.contracts.base import Command
from shared.contracts.booking import ShowSummary
from shared.contracts.gathering import JoinGathering, ShowGathering
from shared.contracts.menu import ShowHome
from shared.links import follow
from tests.worker.shop import ANNA, BEN, CARLA, at
from tests.worker.stage import Answer, Stage
from tests.worker.waitlist.waiting import settle
from worker.db.models.catalogue import Business, ScheduleException, Service
from worker.db.models.gathering import Gathering

HALF_AN_HOUR = timedelta(minutes=30)
A_MINUTE = timedelta(minutes=1)
OVER = "Not all had joined in time: nobody is booked."
DAN = 2004
NAMES = {ANNA: "Anna", BEN: "Ben", CARLA: "Carla", DAN: "Dan"}


@dataclass
class Company:
    """Anna, who invites the others to a class of Alice's."""

    stage: Stage
    card: int = 0
    """The message in which Anna sees how far it has come."""
    messages: dict[int, int] = field(default_factory=dict)
    """By person the message in which they opened the link."""

    async def meet(self) -> None:
        """Let them come by, each under their own name."""
        self.stage.names.update(NAMES)
        await self.stage.meet(*NAMES)
        for person in NAMES:
            await self.stage.type(ShowHome(), person)

    async def choose(self, clock: str = "10:00", person: int = ANNA) -> Answer:
        """Choose the class; return its summary, or what is said instead."""
        shop = self.stage.shop
        what = {"service_id": shop.services["Yoga"], "specialist_id": shop.specialists["Alice"]}
        return await self.stage.tap(ShowSummary(start=at(clock), **what), person)

    async def ask(self, clock: str = "10:00", person: int = ANNA) -> Answer:
        """Choose the class, and say that one does not come alone."""
        shown = await self.choose(clock, person)
        return await self.press(shown.message, "Book together", person)

    async def begin(self, places: int = 3, clock: str = "10:00", person: int = ANNA) -> Answer:
        """Have places kept; return what came of saying how many."""
        asked = await self.ask(clock, person)
        begun = await self.press(asked.message, str(places), person)
        self.card = begun.message
        return begun

    async def press(self, message: int, label: str, person: int = ANNA) -> Answer:
        """Tap the button of a message that reads so, and let be sent what follows."""
        command = unpack(str(self.buttons(person, message)[label]))
        found = await self.stage.tap(command, person, message)
        await settle(self.stage)
        return found

    def buttons(self, person: int, message: int) -> Mapping[str, str | None]:
        return self.stage.buttons(message, person)

    def link(self) -> ShowGathering:
        """Return where the link leads that Anna was given."""
        words = self.stage.text(ANNA, self.card).split()
        address = next(word for word in words if word.startswith("https://t.me/"))
        found = follow(parse_qs(urlparse(address).query)["start"][0])
        assert isinstance(found, ShowGathering)
        return found

    async def open(self, person: int) -> str:
        """Open the link; return what it says."""
        text = await self.stage.type(self.link(), person)
        self.messages[person] = int(self.stage.messages(person)[-1]["message_id"])
        return text

    async def join(self, person: int) -> Answer:
        """Open the link, and join."""
        await self.open(person)
        return await self.press(self.messages[person], "Join", person)

    def join_command(self, person: int) -> Command:
        found = unpack(str(self.buttons(person, self.messages[person])["Join"]))
        assert isinstance(found, JoinGathering)
        return found

    def seen(self, person: int) -> str:
        """Return what the message says in which somebody joined, or began it."""
        return self.stage.text(person, self.card if person == ANNA else self.messages[person])

    def share(self) -> str:
        """Return the address of the button that passes the link on."""
        [found] = [each for each in self.stage.messages(ANNA) if each["message_id"] == self.card]
        return str(found["reply_markup"]["inline_keyboard"][0][0]["url"])

    async def places(self) -> list[tuple[int, str]]:
        """Return whose places there are in Alice's classes, and what they are."""
        return sorted(
            (each.customer_id, each.kept_for or each.status) for each in await self.stage.shop.live()
        )

    async def states(self) -> Sequence[str]:
        async with self.stage.shop.sessions() as session:
            own = Gathering.business_id == self.stage.shop.business_id
            return (await session.scalars(select(Gathering.state).where(own).order_by(Gathering.id))).all()

    async def close_on(self, day: date) -> None:
        """Have Alice be off."""
        shop = self.stage.shop
        off = {"business_id": shop.business_id, "specialist_id": shop.specialists["Alice"], "minutes": []}
        async with shop.sessions.begin() as session:
            await session.execute(insert(ScheduleException).values(day=day, **off))

    async def pause(self, *, paused: bool) -> None:
        """Pause all bookings, or go on."""
        shop = self.stage.shop
        async with shop.sessions.begin() as session:
            own = update(Business).where(Business.id == shop.business_id)
            await session.execute(own.values(paused=paused))

    async def change(self, **values: object) -> None:
        """Change the class."""
        shop = self.stage.shop
        own = (Service.business_id == shop.business_id, Service.name == "Yoga")
        async with shop.sessions.begin() as session:
            await session.execute(update(Service).where(*own).values(**values))
