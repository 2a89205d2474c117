"""What operators ask of deliveries."""

from prometheus_client import CollectorRegistry, Counter

from shared.metrics import PREFIX
from shared.models.delivery import State


class DeliveryMetrics:
    """Counts deliveries of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._ended = Counter(
            f"{PREFIX}_deliveries_total",
            "Outbox rows that ended, by how: sent, expired, void, failed.",
            ["kind", "result"],
            registry=registry,
        )
        self._postponed = Counter(
            f"{PREFIX}_deliveries_postponed_total",
            "Attempts after which a row was given back; ambiguous ones may have reached the person.",
            ["kind", "ambiguous"],
            registry=registry,
        )

    def delivered(self, kind: str, state: State) -> None:
        """Count a row that ended."""
        self._ended.labels(kind, state).inc()

    def postponed(self, kind: str, *, ambiguous: bool) -> None:
        """Count a row that was given back."""
        self._postponed.labels(kind, str(ambiguous).lower()).inc()
