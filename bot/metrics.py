"""What the front end counts."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.metrics import PREFIX, SECONDS


class BotMetrics:
    """The front end's figures on a registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.updates = Counter(
            f"{PREFIX}_updates_total",
            "Updates by type and by what became of them.",
            ["type", "result"],
            registry=registry,
        )
        self.webhook_requests = Counter(
            f"{PREFIX}_webhook_requests_total",
            "Webhook calls, by the HTTP status they were answered with.",
            ["status"],
            registry=registry,
        )
        self.webhook_rejected = Counter(
            f"{PREFIX}_webhook_rejected_total",
            "Webhook calls that were no update of Telegram's, by reason.",
            ["reason"],
            registry=registry,
        )
        self.ingest_seconds = Histogram(
            f"{PREFIX}_ingest_seconds",
            "From an update in hand to its command on the queue.",
            buckets=SECONDS,
            registry=registry,
        )
        self.notices_skipped = Counter(
            f"{PREFIX}_notices_skipped_total",
            "Refused updates whose sender was not told, because too many waited to be.",
            registry=registry,
        )
        self.polling_last_success = Gauge(
            f"{PREFIX}_polling_last_success_timestamp_seconds",
            "When getUpdates last succeeded, Unix time; 0 before the first time and without polling.",
            registry=registry,
        )
