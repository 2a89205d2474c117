"""`python -m tests.chaos.line`: many wait in line, times free up one after the other, workers are killed.

Everybody whose visit is freed taps 'Cancel', and everybody in line 'Tell me': what is offered to whom is the
program's. Every freed time has to be taken or offered in the end, in the order of the line, and nobody may
have been offered two at once.
"""

import asyncio
import math
import random
import sys
import tempfile
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.chaos.business import RARE, where_it_is_noon, write_business
from tests.chaos.checks.line import LinePlan, judge_line, rows_of
from tests.chaos.faults import kill_by_turns
from tests.chaos.findings import Finding, Promise
from tests.chaos.guests import PASS, TAKE, Guests
from tests.chaos.hands import CANCEL, Hands
from tests.chaos.report import Verdict, asked, run_and_tell
from tests.chaos.run import LIMITS, places_of
from tests.chaos.system import ChaosSystem, chaos_system
from tests.chaos.telegram import followed, labelled

TIMES = 54
"""So many rare times there are, all of them taken at first."""
PATIENCE_SECONDS = 180.0
LOOK_SECONDS = 0.5


async def run_line(plan: LinePlan, data: Path) -> Verdict:
    """Carry a plan out in an empty directory and judge it."""
    with tempfile.TemporaryDirectory(prefix="bellhop-chaos-line-") as directory:
        zone = where_it_is_noon()
        business = write_business(Path(directory) / "business.yaml", zone)
        limits = {"THROTTLE_BURST": "1000", "THROTTLE_PER_SECOND": "1000", "SEND_PER_SECOND": "200"}
        async with (
            chaos_system(data, business, workers=plan.workers, mode="polling", environment=limits) as system,
            followed(system.sandbox.addresses.client_api) as telegram,
        ):
            await telegram.ask("PUT", "limits", LIMITS)
            places = {RARE: (await places_of(system.sandbox.addresses.database_url))[RARE]}
            hands = Hands(telegram, places, ZoneInfo(zone), plan.seed, TIMES + plan.people)
            return await Line(plan, system, hands).live()


class Line:
    """A run under way."""

    def __init__(self, plan: LinePlan, system: ChaosSystem, hands: Hands) -> None:
        self._plan = plan
        self._system = system
        self._hands = hands
        self._guests = Guests(hands)
        self._url = system.sandbox.addresses.database_url.replace("+asyncpg", "")

    async def live(self) -> Verdict:
        """Fill all times, have everybody line up, free some while workers are killed, and judge."""
        hands, plan = self._hands, self._plan
        await self._guests.invite()
        await self._guests.take_all_rare()
        await self._until("SELECT count(*) FROM booking WHERE status = 'confirmed'", TIMES)
        sys.stdout.write(f"all {TIMES} times are taken\n")
        waiting = hands.numbers[TIMES:]
        for number in waiting:
            await self._guests.join_line(number)
        await self._until("SELECT count(*) FROM waitlist_entry", plan.people)
        sys.stdout.write(f"{plan.people} are in line\n")
        async with asyncio.TaskGroup() as group:
            beside = [group.create_task(self._guests.answer_of(each, TAKE, PASS)) for each in waiting]
            beside.append(group.create_task(self._system.watch()))
            chance = random.Random(f"{plan.seed} line")  # noqa: S311 - a run can be repeated
            most = math.inf if plan.kills else 0
            killing = group.create_task(kill_by_turns(self._system, chance, most))
            await self._free()
            killing.cancel()
            sys.stdout.write(f"{plan.freed} visits are cancelled\n")
            await self._system.mend()
            rested = await self._until(
                "SELECT count(*) FROM waitlist_offer WHERE state = 'taken'", plan.freed
            )
            for task in beside:
                task.cancel()
        await hands.telegram.collect_calls()
        verdict = await judge_line(self._url, plan, self._system, hands)
        late = [] if rested else [Finding(Promise.REST, "not every freed time was taken")]
        return Verdict(verdict.figures, [*verdict.findings, *late])

    async def _free(self) -> None:
        """Have visits cancelled, evenly over the time that there is."""
        plan, hands = self._plan, self._hands
        leaving = hands.chance.sample(hands.numbers[:TIMES], plan.freed)
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for place, number in enumerate(leaving):
                await asyncio.sleep(max(0.0, began + plan.seconds * place / plan.freed - time.monotonic()))
                messages = hands.telegram.chats[number].messages
                card = next(key for key, one in messages.items() if CANCEL in labelled(one))
                group.create_task(hands.cancel(number, card))

    async def _until(self, question: str, wanted: int) -> bool:
        """Wait until a count in the database is as wanted; False when that takes too long."""
        began = time.monotonic()
        while (await rows_of(self._url, question))[0][0] != wanted:
            if time.monotonic() - began > PATIENCE_SECONDS:
                return False
            await asyncio.sleep(LOOK_SECONDS)
        return True


def main() -> int:
    """Run; exit code 1 on a broken promise."""
    plan = asked(LinePlan(), "tests.chaos.line", __doc__)
    return run_and_tell(lambda data: run_line(plan, data))


if __name__ == "__main__":
    sys.exit(main())
