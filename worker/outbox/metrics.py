"""What operators ask of deliveries."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments
from worker.db.models.delivery import State

LATENESS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800)


class DeliveryMetrics:
    """Counts deliveries of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self._ended = make.counter(
            "deliveries_total",
            "Outbox rows that ended, by how: sent, expired, void, failed.",
            ("kind", "result"),
        )
        self._postponed = make.counter(
            "deliveries_postponed_total",
            "Attempts after which a row was given back, to be sent later.",
            ("kind",),
        )
        self._ambiguous = make.counter(
            "deliveries_ambiguous_total",
            "Attempts that Telegram may have carried out without an answer; the row is sent again.",
            ("kind",),
        )
        self._faults = make.counter(
            "deliveries_faults_total",
            "Attempts that failed by a defect, of the message or in noting that it was sent.",
            ("kind",),
        )
        self._timer_faults = make.counter(
            "timers_faults_total", "Times that what was to happen by itself failed by a defect."
        )
        self._lateness = make.histogram(
            "reminder_lateness_seconds",
            "How long after its moment a reminder was with Telegram.",
            buckets=LATENESS,
        )

    def know(self, kinds: Iterable[str]) -> None:
        """Count faults of these kinds from 0 on, so that the first one is an increase."""
        for kind in kinds:
            self._faults.labels(kind)

    def delivered(self, kind: str, state: State) -> None:
        """Count a row that ended."""
        self._ended.labels(kind, state).inc()

    def postponed(self, kind: str) -> None:
        """Count a row that was given back."""
        self._postponed.labels(kind).inc()

    def ambiguous(self, kind: str) -> None:
        """Count a row that may arrive twice."""
        self._ambiguous.labels(kind).inc()

    def faulty(self, kind: str) -> None:
        """Count an attempt that failed by a defect of ours."""
        self._faults.labels(kind).inc()

    def timer_failed(self) -> None:
        """Count a timer's command that failed by a defect of ours."""
        self._timer_faults.inc()

    def late(self, seconds: float) -> None:
        """Note how late a reminder was."""
        self._lateness.observe(max(0.0, seconds))
