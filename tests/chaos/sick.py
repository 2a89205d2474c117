"""`python -m tests.chaos.sick`: a specialist is ill, thirty visits are hit, workers are killed meanwhile.

The specialist says so and applies what is shown of it. Customers take one of the times that are kept for
them, or two at once, choose another one, cancel or do nothing; others book all the while. Then the deadline
comes. Everybody has to be told once, every time kept for one person alone, and every visit be what its
customer chose.
"""

import asyncio
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.buttons import pack, unpack
from shared.contracts.base import Command
from shared.contracts.booking import Book, Move, ShowSoonest, ShowSummary
from shared.contracts.cancelling import AskCancel, Cancel
from shared.contracts.rebooking import TakeAlternative
from shared.contracts.sick import ApplyIll, SayIll
from tests.chaos.business import ALL_WEEK, STAFF, where_it_is_noon
from tests.chaos.checks import sick
from tests.chaos.checks.line import rows_of
from tests.chaos.checks.processes import check_processes
from tests.chaos.checks.sick import Moment, Rows, SickDay, SickPlan, check_sick_day
from tests.chaos.evidence import DEAD, OVERLAPS
from tests.chaos.faults import kill_by_turns
from tests.chaos.findings import Finding, Promise, findings
from tests.chaos.hands import Hands, Place
from tests.chaos.report import Verdict, asked, run_and_tell
from tests.chaos.rest import come_to_rest
from tests.chaos.run import LIMITS, places_of
from tests.chaos.system import ChaosSystem, chaos_system
from tests.chaos.telegram import followed, labelled, text_of

SERVICE, ILL = "Massage", "Grace"
EVERY = timedelta(minutes=40)
"""From one visit of hers to the next: half an hour, and ten minutes behind it."""
STEP = timedelta(minutes=5)
BOOKED_AHEAD = 4
"""So many visits each rival has before anybody is ill."""
TELEGRAM_TAKES = {"kind": "latency", "method": "sendMessage", "probability": 0.5, "seconds": 0.3}
"""Who is killed then has sent something, and does not know."""
PATIENCE_SECONDS = 90.0
LOOK_SECONDS = 0.25
ENTRY = (
    f"  - {{name: {SERVICE}, duration: 30m, buffer_after: 10m, step: 5m, min_notice: 0m, horizon: 30d,"
    " cancel_until: 0m, price: 10, reminders: []}"
)
DEADLINE = "UPDATE timer SET due_at = now() WHERE kind = 'rebooking.end'"


class Answer(StrEnum):
    """What a customer does who is offered other times."""

    TAKE = "takes one"
    RACE = "takes two at once"
    OTHER = "chooses another time"
    CANCEL = "cancels"
    NOTHING = "does nothing"


ANSWERS = (*(Answer.TAKE,) * 4, Answer.RACE, Answer.OTHER, *(Answer.CANCEL,) * 2, *(Answer.NOTHING,) * 2)
WAYS: Mapping[Answer, Sequence[type[Command]]] = {
    Answer.OTHER: (ShowSoonest, ShowSummary, Move),
    Answer.CANCEL: (AskCancel, Cancel),
}
"""What is tapped one after the other."""


def write_shop(path: Path, zone: str, others: int) -> Path:
    """Write the file of a shop in which one specialist can be ill while others are there."""
    names = [f"Other {number}" for number in range(1, others + 1)]
    entries = [f"  - {{name: {name}, services: [{SERVICE}], {ALL_WEEK}}}" for name in names]
    lines = [
        f"business: {{name: Sick day, timezone: {zone}, currency: EUR, language: en}}",
        "services:",
        ENTRY,
        "specialists:",
        f"  - {{name: {ILL}, telegram_id: {STAFF}, services: [{SERVICE}], {ALL_WEEK}}}",
        *entries,
        "roles: {owner: [1000], admin: []}",
        "limits: {max_upcoming: 1000, max_cancelled: 1000}",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


async def run_sick_day(plan: SickPlan, data: Path) -> Verdict:
    """Carry a plan out in an empty directory and judge it."""
    with tempfile.TemporaryDirectory(prefix="bellhop-chaos-sick-") as directory:
        zone = where_it_is_noon()
        business = write_shop(Path(directory) / "business.yaml", zone, plan.others)
        throttle = {"THROTTLE_BURST": "1000", "THROTTLE_PER_SECOND": "1000"}
        async with (
            chaos_system(
                data, business, workers=plan.workers, mode="polling", environment=throttle
            ) as system,
            followed(system.sandbox.addresses.client_api) as telegram,
        ):
            await telegram.ask("PUT", "limits", LIMITS)
            places = await places_of(system.sandbox.addresses.database_url)
            hands = Hands(telegram, places, ZoneInfo(zone), plan.seed, plan.visits + plan.rivals)
            return await Sick(plan, system, hands, places[SERVICE]).live()


class Sick:
    """A run under way."""

    def __init__(self, plan: SickPlan, system: ChaosSystem, hands: Hands, place: Place) -> None:
        self._plan, self._system, self._hands, self._place = plan, system, hands, place
        self._url = system.sandbox.addresses.database_url.replace("+asyncpg", "")
        self._customers = hands.numbers[: plan.visits]
        self._rivals = hands.numbers[plan.visits :]
        answers = list(islice(cycle(ANSWERS), plan.visits))
        self._chance("answers").shuffle(answers)
        self._answers = dict(zip(self._customers, answers, strict=True))
        self._seen: dict[int, Rows] = {}
        self._found: list[Finding] = []

    async def live(self) -> Verdict:
        """Book the day out, have the specialist be ill while workers are killed, let it end, and judge."""
        await self._book_out()
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(each) for each in (self._system.watch(), self._look())]
            await self._hands.telegram.ask("POST", "faults", TELEGRAM_TAKES)
            async with asyncio.TaskGroup() as people:
                killing = kill_by_turns(self._system, self._chance("kills"), self._plan.kills)
                people.create_task(killing)
                rivals = [people.create_task(self._compete(number)) for number in self._rivals]
                async with asyncio.TaskGroup() as customers:
                    for number in self._customers:
                        customers.create_task(self._live_through(number))
                    await self._say_ill()
                for each in rivals:
                    each.cancel()
            answered = await self._moment()
            await self._rows(DEADLINE)
            await kill_by_turns(self._system, self._chance("end"), self._plan.kills_at_the_end)
            over = await self._moment()
            for task in beside:
                task.cancel()
        return await self._judge(answered, over)

    async def _book_out(self) -> None:
        """Have each customer book their time of the next day, and the rivals some with the others."""
        hands = self._hands
        await hands.invite(STAFF)
        ill, day = self._place.specialists[0], hands.day(1)
        for count, number in enumerate(self._customers):
            await self._book(number, ill, day + count * EVERY)
        for number in self._rivals:
            for _ in range(BOOKED_AHEAD):
                await self._book_anything(number)
        await self._rest()
        sys.stdout.write(f"{self._plan.visits} have booked with who will be ill\n")

    async def _say_ill(self) -> None:
        """Say it, choose the day, and apply what is shown of it."""
        hands, known = self._hands, set(self._hands.telegram.chats[STAFF].messages)
        await hands.write(STAFF, "/sick")
        asks = await hands.new(STAFF, known, lambda message: "On which day?" in text_of(message))
        assert asks is not None
        day = hands.day(1).date()
        await hands.choose(STAFF, asks, lambda each: isinstance(each, SayIll) and each.day == day)
        applied = await hands.press(STAFF, asks, ApplyIll)
        shown = text_of(hands.telegram.chats[STAFF].messages[asks])
        if not applied:
            self._found.append(Finding(Promise.REPLY, f"what follows was not shown: {shown}"))

    async def _live_through(self, number: int) -> None:
        """Be one of the customers."""
        hands, chance = self._hands, self._chance(str(number))
        known = set(hands.telegram.chats[number].messages)
        told = await hands.new(number, known, lambda each: sick.TOLD in text_of(each), PATIENCE_SECONDS)
        if told is None:
            return
        kept = await self._rows(sick.KEPT)
        self._seen[number] = [row for row in kept if row["customer_id"] == number]
        await asyncio.sleep(chance.uniform(0, self._plan.seconds))
        match self._answers[number]:
            case Answer.TAKE | Answer.RACE as answer:
                await self._take(number, told, 1 if answer is Answer.TAKE else 2)
            case Answer.OTHER | Answer.CANCEL as answer:
                for kind in WAYS[answer]:
                    await hands.press(number, told, kind)

    async def _take(self, number: int, message: int, most: int) -> None:
        labels = labelled(self._hands.telegram.chats[number].messages[message])
        offered = [data for data in labels.values() if data and isinstance(unpack(data), TakeAlternative)]
        chosen = self._chance(f"{number} takes").sample(offered, min(most, len(offered)))
        await asyncio.gather(*(self._hands.tap(number, message, data) for data in chosen))

    async def _compete(self, number: int) -> None:
        """Book with whoever is there, until cancelled."""
        while True:
            await asyncio.sleep(self._hands.chance.uniform(0.5, 1.5))
            await self._book_anything(number)

    async def _book_anything(self, number: int) -> None:
        chance = self._hands.chance
        start = self._hands.day(1) + STEP * chance.randrange(timedelta(days=2) // STEP)
        await self._book(number, chance.choice(self._place.specialists[1:]), start)

    async def _book(self, number: int, specialist: int, start: datetime) -> None:
        book = Book(service_id=self._place.service_id, specialist_id=specialist, start=start, anyway=True)
        await self._hands.tap(number, self._hands.menus[number], pack(book))

    async def _look(self) -> None:
        """Look at what is kept while all of it happens, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look_once()

    async def _look_once(self) -> None:
        twice, kept = [await self._rows(question) for question in (OVERLAPS, sick.KEPT)]
        found = [f"{row['one']} and {row['other']} at one time" for row in twice]
        self._found += findings(Promise.DOUBLE, found)
        nobodys = [f"{row['id']} is kept for nobody" for row in kept if row["visit"] is None]
        self._found += findings(Promise.HELD, nobodys)

    async def _moment(self) -> Moment:
        """Let everything come to rest, and note what stands."""
        await self._rest()
        await self._look_once()
        visits, kept = [await self._rows(question) for question in (sick.VISITS, sick.KEPT)]
        texts = [text_of(message) for message in self._hands.telegram.chats[STAFF].messages.values()]
        return Moment(visits, kept, [text for text in texts if sick.TITLE in text])

    async def _rest(self) -> None:
        if busy := await come_to_rest(self._system, self._hands.telegram, PATIENCE_SECONDS):
            self._found.append(Finding(Promise.REST, busy))

    async def _judge(self, answered: Moment, over: Moment) -> Verdict:
        hands, system = self._hands, self._system
        await hands.telegram.collect_calls()
        kills = [fault.at for fault in system.faults if fault.kind == "kill"]
        chats = {
            number: [text_of(each) for each in hands.telegram.chats[number].messages.values()]
            for number in self._customers
        }
        promised = await self._rows(sick.PROMISED)
        happened = hands.telegram.calls, hands.offers
        day = SickDay(self._customers, *happened, kills, self._seen, answered, over, promised, chats)
        dead = await rows_of(self._url, DEAD)
        processes = check_processes(system.sandbox.data.logs, system.faults, system.problems, dead)
        return Verdict(self._figures(day), [*self._found, *processes, *check_sick_day(day)])

    def _figures(self, day: SickDay) -> dict[str, Any]:
        told = sick.tellings(day.calls)
        return {
            **asdict(self._plan),
            "answers": dict(Counter(each.value for each in self._answers.values())),
            "told": len(told),
            "told once more, after a kill": sum(len(each) - 1 for each in told.values()),
            "times kept": sum(map(len, day.seen.values())),
            "came to": dict(Counter(row["state"] for row in day.over.visits)),
            "card": [text.splitlines()[1] for text in day.over.card],
            "workers killed": len(day.kills),
            "workers killed with jobs in hand": len(self._system.losses),
        }

    async def _rows(self, question: str) -> Rows:
        return [dict(row) for row in await rows_of(self._url, question)]

    def _chance(self, what: str) -> random.Random:
        return random.Random(f"{self._plan.seed} {what}")  # noqa: S311 - a run can be repeated


def main() -> int:
    """Run; exit code 1 on a broken promise."""
    plan = asked(SickPlan(), "tests.chaos.sick", __doc__)
    return run_and_tell(lambda data: run_sick_day(plan, data))


if __name__ == "__main__":
    sys.exit(main())
