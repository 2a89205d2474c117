"""What operators ask of the limits on sending."""

from time import monotonic

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments
from worker.outbox.priority import Priority

WAITS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)


class LimiterMetrics:
    """Counts one process's waiting for permits."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self._waits = make.histogram(
            "send_waits_seconds", "How long a message waited for its permit to be sent.", ["priority"], WAITS
        )
        self._held_back = make.counter(
            "sends_held_back_total",
            "Messages given back to their queue because their permit was too far off.",
            ["priority"],
        )
        self._floods = make.counter(
            "flood_waits_total", "Answers 429, by whom they paused: chat or everyone.", ["scope"]
        )
        self._paused_until = 0.0
        paused = make.gauge(
            "send_paused_seconds", "How long nothing may be sent to anyone, as Telegram asked."
        )
        paused.set_function(lambda: max(0.0, self._paused_until - monotonic()))
        self._alone = make.gauge(
            "send_limits_alone",
            "1 while Redis is away and this replica keeps to its own share of the limits.",
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
