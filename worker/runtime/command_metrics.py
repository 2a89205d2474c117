"""What operators ask of commands."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments


class CommandMetrics:
    """Counts commands of one process."""

    def __init__(self, registry: CollectorRegistry, outcomes: Iterable[str]) -> None:
        make = Instruments(registry)
        self._commands = make.counter(
            "commands_total", "Commands run, by kind and result.", ("kind", "result")
        )
        self._latency = make.histogram(
            "update_to_reply_seconds",
            "From the update's arrival at the bot to its answer at Telegram.",
            ("kind",),
        )
        self._bookings = make.counter(
            "bookings_total", "Wishes to book, move, cancel or attend, by what came of them.", ("outcome",)
        )
        for outcome in outcomes:
            self._bookings.labels(outcome)  # from 0 on, so that the first one is an increase
        self.dead = make.counter("commands_dead_total", "Commands that failed for good and await an admin.")

    def decided(self, outcome: str | None) -> None:
        """Count what came of a wish about a booking, where a command was one."""
        if outcome is not None:
            self._bookings.labels(outcome).inc()

    def ran(self, kind: str, result: str, seconds: float) -> None:
        """Count a command and the time since its update came in."""
        self._commands.labels(kind, result).inc()
        if result == "done":
            self._latency.labels(kind).observe(seconds)
