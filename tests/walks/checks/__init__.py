"""What has to be true whatever people did, each told in words where it is not."""

from collections.abc import AsyncIterator, Callable
from typing import Final

from tests.walks.checks.bookings import check_bookings, check_customers_limits
from tests.walks.checks.cards import check_cards
from tests.walks.checks.commands import check_commands
from tests.walks.checks.gatherings import check_gatherings
from tests.walks.checks.history import check_history
from tests.walks.checks.holds import check_holds
from tests.walks.checks.payments import check_payments
from tests.walks.checks.reminders import check_reminders
from tests.walks.checks.requests import check_requests
from tests.walks.checks.waitlist import check_waitlist
from tests.walks.walk import Walk

type Check = Callable[[Walk], AsyncIterator[str]]

CHECKS: Final[tuple[Check, ...]] = (
    check_commands,
    check_bookings,
    check_customers_limits,
    check_holds,
    check_waitlist,
    check_gatherings,
    check_requests,
    check_payments,
    check_cards,
    check_reminders,
    check_history,
)


async def check_all(walk: Walk) -> list[str]:
    """Return everything that is found; nothing may be due meanwhile."""
    return [finding for check in CHECKS async for finding in check(walk)]
