"""What the front end counts."""

from prometheus_client import CollectorRegistry

from shared.metrics import Instruments


class BotMetrics:
    """The front end's figures on a registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        make = Instruments(registry)
        self.updates = make.counter(
            "updates_total", "Updates by type and by what became of them.", ("type", "result")
        )
        self.webhook_requests = make.counter(
            "webhook_requests_total",
            "Webhook calls, by the HTTP status they were answered with.",
            ("status",),
        )
        self.webhook_rejected = make.counter(
            "webhook_rejected_total",
            "Webhook calls that were no update of Telegram's, by reason.",
            ("reason",),
        )
        self.ingest_seconds = make.histogram(
            "ingest_seconds", "From an update in hand to its command on the queue."
        )
        self.notices_skipped = make.counter(
            "notices_skipped_total",
            "Refused updates whose sender was not told, because too many waited to be.",
        )
        self.polling_last_success = make.gauge(
            "polling_last_success_timestamp_seconds",
            "When getUpdates last succeeded, Unix time; 0 before the first time and without polling.",
        )
