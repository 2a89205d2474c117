"""What operators ask of commands."""

from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.metrics import PREFIX, SECONDS
from worker.replies import Outcome


class CommandMetrics:
    """Counts commands of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._commands = Counter(
            f"{PREFIX}_commands_total",
            "Commands run, by kind and result.",
            ["kind", "result"],
            registry=registry,
        )
        self._latency = Histogram(
            f"{PREFIX}_update_to_reply_seconds",
            "From the update's arrival at the bot to its answer at Telegram.",
            ["kind"],
            registry=registry,
            buckets=SECONDS,
        )
        self._bookings = Counter(
            f"{PREFIX}_bookings_total",
            "Wishes to book, move, cancel or attend, by what came of them.",
            ["outcome"],
            registry=registry,
        )
        for outcome in get_args(Outcome.__value__):
            self._bookings.labels(outcome)  # from 0 on, so that the first one is an increase
        self.buried = Counter(
            f"{PREFIX}_commands_dead_total",
            "Commands that failed for good and await an admin.",
            registry=registry,
        )

    def decided(self, outcome: Outcome | None) -> None:
        """Count what came of a wish about a booking, where a command was one."""
        if outcome is not None:
            self._bookings.labels(outcome).inc()

    def ran(self, kind: str, result: str, seconds: float) -> None:
        """Count a command and the time since its update came in."""
        self._commands.labels(kind, result).inc()
        if result == "done":
            self._latency.labels(kind).observe(seconds)
