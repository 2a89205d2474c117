"""A shop in which a cut has to be agreed on, and customers who ask for one."""

from tests.worker.shop import ANNA, FILE
from tests.worker.stage import Stage
from worker.db.models.booking import Booking

ASKING = FILE.replace(
    b"{name: Cut, duration: 45m,",
    b"{name: Cut, duration: 45m, approval: {within: 12h, regulars: true},",
)


async def ask(stage: Stage, clock: str = "10:00", days: int = 3, person: int = ANNA) -> Booking:
    """Let somebody ask for a cut of Alice's."""
    answer = await stage.tap(stage.booking(clock, days), person)
    assert answer.toast == "Asked. You will be told the answer."
    return await stage.newest()
