"""What operators ask of the limits on sending."""

from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.metrics import PREFIX
from worker.outbox.priority import Priority

WAITS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)


class LimiterMetrics:
    """Counts one process's waiting for permits."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._waits = Histogram(
            f"{PREFIX}_send_waits_seconds",
            "How long a message waited for its permit to be sent.",
            ["priority"],
            registry=registry,
            buckets=WAITS,
        )
        self._held_back = Counter(
            f"{PREFIX}_sends_held_back_total",
            "Messages given back to their queue because their permit was too far off.",
            ["priority"],
            registry=registry,
        )
        self._floods = Counter(
            f"{PREFIX}_flood_waits_total",
            "Answers 429, by whom they paused: chat or everyone.",
            ["scope"],
            registry=registry,
        )
        self._paused_until = 0.0
        paused = Gauge(
            f"{PREFIX}_send_paused_seconds",
            "How long nothing may be sent to anyone, as Telegram asked.",
            registry=registry,
        )
        paused.set_function(lambda: max(0.0, self._paused_until - monotonic()))
        self._alone = Gauge(
            f"{PREFIX}_send_limits_alone",
            "1 while Redis is away and this replica keeps to its own share of the limits.",
            registry=registry,
        )

    def waited(self, priority: Priority, seconds: float) -> None:
        """Note how long a message waited."""
        self._waits.labels(priority.label).observe(seconds)

    def held_back(self, priority: Priority) -> None:
        """Count a message that was given back."""
        self._held_back.labels(priority.label).inc()

    def flooded(self, *, everyone: bool) -> None:
        """Count a 429."""
        self._floods.labels("everyone" if everyone else "chat").inc()

    def pause(self, seconds: float) -> None:
        """Note that nobody may be written to for so long."""
        self._paused_until = monotonic() + seconds

    def alone(self, *, yes: bool) -> None:
        """Note whether the limits are kept alone."""
        self._alone.set(yes)
