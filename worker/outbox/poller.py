"""The poller of the outbox: delivers what is due, whichever replica promised it."""

from shared.clock import Clock
from worker.db.engine import Sessions
from worker.due.poller import DuePoller, Work
from worker.outbox.deliverer import Deliverer, order_of
from worker.outbox.message import OUTBOX, ClaimedMessage


class OutboxPoller(DuePoller[ClaimedMessage]):
    """Claims due messages and has them delivered, until it is stopped."""

    def __init__(self, sessions: Sessions, deliverer: Deliverer, clock: Clock) -> None:
        super().__init__(Work(OUTBOX, deliverer.claims, order_of, deliverer.deliver), sessions, clock)
