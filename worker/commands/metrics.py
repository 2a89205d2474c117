"""What operators ask of commands."""

from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.metrics import PREFIX, SECONDS


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
        self.buried = Counter(
            f"{PREFIX}_commands_dead_total",
            "Commands that failed for good and await an admin.",
            registry=registry,
        )

    def ran(self, kind: str, result: str, seconds: float) -> None:
        """Count a command and the time since its update came in."""
        self._commands.labels(kind, result).inc()
        if result == "done":
            self._latency.labels(kind).observe(seconds)
