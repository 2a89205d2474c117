"""A shop with fifty booked visits, and what is true of each: walked through when it changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.kit.business import BUSINESS_ID
from tests.worker.outbox.sending import Sending
from tests.worker.shop import placed
from worker.business.apply import UNSAID, apply_document
from worker.business.plan import Choices
from worker.business.reader import read_document
from worker.db.models.delivery import Outbox, State
from worker.outbox import writer
from worker.visits import promises
from worker.visits.repository import Visit, load, load_several

COMING_UP: Final = "coming up"
SHOP: Final = """
business: {name: Barber & Co, timezone: Europe/Berlin, currency: EUR}
locations:
  - {name: Main street, address: 1 Main St, latitude: 52.52, longitude: 13.4}
  - {name: Side street, address: 2 Side St}
services:
  - {name: Cut, duration: 45m, price: 35, step: 15m, min_notice: 0m, cancel_until: 0m, reminders: [24h, 2h]}
  - {name: Shave, duration: 30m, price: 15, step: 15m, min_notice: 0m, cancel_until: 0m, reminders: [2h]}
specialists:
  - name: Alice
    telegram_id: 1001
    services: [Cut, Shave]
    locations: {mon-wed: Main street, thu-sun: Side street}
    hours: {mon-sun: ["09:00-18:00"]}
  - {name: Bob, telegram_id: 1002, services: [Cut, Shave], locations: [Side street],
     hours: {mon-sun: ["09:00-18:00"]}}
  - {name: Carl, telegram_id: 1004, services: [Cut, Shave], locations: [Main street],
     hours: {mon-sun: ["09:00-18:00"]}}
roles: {owner: [1000], admin: [1003]}
"""


@dataclass(frozen=True)
class Truth:
    """What a customer's visit is, by the test's own reckoning."""

    number: int
    service: str
    price: str
    specialist: str
    place: str
    start: datetime
    clock: str
    """From when to when, by the business's clock."""
    business: str = "Barber & Co"
    call: str = ""
    """Whom to call, where it is too late to do it here."""
    live: bool = True
    """Whether it stands; of one that is off, files and cards say so."""

    @property
    def lines(self) -> list[str]:
        """What whatever shows it says of it, beside the price."""
        return [f"{self.service}, {self.specialist}", self.clock, f"📍 {self.place}"]

    @property
    def reminders(self) -> int:
        """How many reminders its customer gets, by what the service said when it was booked."""
        return 1 if self.price == "€15" else 2


@dataclass
class Walk:
    """The shop with everybody's chats, and what is true of each customer's visit."""

    replica: Sending
    file: str = SHOP
    truths: dict[int, Truth] = field(default_factory=dict)

    async def book_all(self) -> None:
        """Give fifty customers one visit each, on the Wednesday or the Thursday, and show it to them."""
        shop, hours = self.replica.shop, [(day, hour) for day in (3, 4) for hour in range(9, 18)]
        wishes = [(who, *moment) for moment in hours for who in ("Alice", "Bob", "Carl")]
        customers = await shop.crowd(50)
        async with shop.sessions.begin() as session:
            for customer, wish in zip(customers, wishes, strict=False):
                self.truths[customer] = await self.book(session, customer, *wish)
        for customer in customers:
            await self.replica.telegram.started(customer)
        await self.deliver()

    async def book(self, session: AsyncSession, customer: int, specialist: str, day: int, hour: int) -> Truth:
        shop, now = self.replica.shop, self.replica.shop.clock.now()
        service, price, minutes = ("Cut", "€35", 45) if hour % 2 else ("Shave", "€15", 30)
        wish = shop.wish(service, specialist, f"{hour:02}:00", day)
        visit = await load(session, placed(await shop.place_in(session, wish, customer)))
        assert visit is not None
        shown = [promises.card_of(visit), *promises.calendar_of(visit), *promises.reminders_of(visit, now)]
        await writer.enqueue(session, shown, now)
        main = specialist == "Carl" or (specialist == "Alice" and day == 3)
        return Truth(
            number=visit.id,
            service=service,
            price=price,
            specialist=specialist,
            place="Main street, 1 Main St" if main else "Side street, 2 Side St",
            start=wish.start,
            clock=f"{hour:02}:00–{hour:02}:{minutes}",
        )

    async def change(self, edits: Mapping[str, str], choices: Choices = UNSAID) -> None:
        """Write something else into the file and apply it; nothing is delivered yet."""
        for old, new in edits.items():
            assert old in self.file
            self.file = self.file.replace(old, new)
        shop, document = self.replica.shop, read_document(self.file.encode(), "b.yaml")
        await apply_document(shop.sessions, document, shop.clock, choices)

    async def deliver(self) -> None:
        """Have all delivered that is due."""
        while await self.due():
            await self.replica.poller.run_once()

    async def due(self) -> int:
        now = self.replica.shop.clock.now()
        waits = select(func.count()).where(Outbox.state == State.PENDING, Outbox.due_at <= now)
        async with self.replica.shop.sessions() as session:
            return await session.scalar(waits.where(Outbox.business_id == BUSINESS_ID)) or 0

    async def advance_to(self, moment: datetime) -> None:
        """Let the time pass, by the hour, and have delivered what becomes due."""
        clock = self.replica.shop.clock
        while clock.now() < moment:
            clock.advance(min(moment - clock.now(), timedelta(hours=1)))
            await self.deliver()

    async def calls(self, since: int = 0) -> list[dict[str, Any]]:
        """Return what the bot has asked of Telegram about chats, the oldest first."""
        found: list[dict[str, Any]] = await self.replica.telegram.get("/calls", limit=10_000)
        return found[since:]

    async def check(self) -> None:
        """Read the database, and every customer's chat: all says what is true, and nothing else."""
        visits = await self.visits()
        for customer, truth in self.truths.items():
            check_row(visits[truth.number], truth)
            chat = [message for message in await self.replica.chat(customer) if not message["deleted"]]
            check_words([message["text"] for message in chat if "text" in message], truth)
            [file] = [message["document"] for message in chat if "document" in message]
            check_file(await self.download(file["file_id"]), truth, visits[truth.number])

    async def visits(self) -> dict[int, Visit]:
        async with self.replica.shop.sessions() as session:
            found = await load_several(session, [truth.number for truth in self.truths.values()])
        return {visit.id: visit for visit in found}

    async def download(self, file_id: str) -> bytes:
        async with self.replica.telegram.http.get(f"/client/files/{file_id}") as answer:
            assert answer.status == 200
            return await answer.read()


def check_row(visit: Visit, truth: Truth) -> None:
    """Compare what the database says with what is true."""
    assert visit.place is not None
    zone = ZoneInfo(visit.timezone)
    clock = "–".join(f"{each.astimezone(zone):%H:%M}" for each in (visit.start, visit.end))
    said = (visit.service, visit.specialist, visit.business, visit.start, visit.is_live, clock)
    assert said == (truth.service, truth.specialist, truth.business, truth.start, truth.live, truth.clock)
    assert f"{visit.place.name}, {visit.place.address}" == truth.place


def check_words(texts: list[str], truth: Truth) -> None:
    """Compare every message of a chat with what is true; one at least is the visit's card."""
    for text in texts:
        assert [line for line in truth.lines if line not in text] == [], text
        assert ("Cancelled" not in text) == truth.live, text
        assert ("Please contact us" in text) == bool(truth.call), text
        assert f"Please contact us: {truth.call}" in text or not truth.call, text
    cards = [text for text in texts if f"№ {truth.number}, {truth.business}" in text]
    assert cards
    assert all(f" 🏷 {truth.price}" in card for card in cards)
    assert all(card in cards or COMING_UP in card for card in texts)


def check_file(content: bytes, truth: Truth, visit: Visit) -> None:
    """Compare a calendar file with what is true."""
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    assert str(calendar["METHOD"]) == ("PUBLISH" if truth.live else "CANCEL")
    assert str(event["UID"]) == str(visit.calendar_uid)
    assert event.decoded("SEQUENCE") < visit.version
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (truth.start, visit.end)
    assert str(event["SUMMARY"]).removeprefix("Cancelled: ") == f"{truth.service}, {truth.business}"
    assert str(event["DESCRIPTION"]) == f"With {truth.specialist}. Booking № {truth.number}."
    assert str(event["LOCATION"]) == truth.place
    assert event["ORGANIZER"].params["CN"] == truth.business


def texts_sent(calls: Iterable[Mapping[str, Any]]) -> Counter[int]:
    """Count the new messages with words that each chat got, reminders apart."""
    return _count(calls, "sendMessage", lambda call: COMING_UP not in call["params"]["text"])


def reminders_sent(calls: Iterable[Mapping[str, Any]]) -> Counter[int]:
    """Count the reminders that each chat got."""
    return _count(calls, "sendMessage", lambda call: COMING_UP in call["params"]["text"])


def files_sent(calls: Iterable[Mapping[str, Any]]) -> Counter[int]:
    """Count the new messages with a file that each chat got."""
    return _count(calls, "sendDocument", lambda _: True)


def _count(
    calls: Iterable[Mapping[str, Any]], method: str, counts: Callable[[Mapping[str, Any]], bool]
) -> Counter[int]:
    made = [call for call in calls if call["method"] == method and counts(call)]
    return Counter(int(call["params"]["chat_id"]) for call in made)
